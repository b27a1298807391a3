"""Is a decision valid? A checklist with evidence, and whether a defect could have mattered.

Every certified decision is checked on eleven points. A breach makes it void (it never was a
decision) or voidable (a court may annul it, and a confirmed decision cures it). A defect that
touches k votes is immaterial if changing those k votes in the most adverse way leaves the result
the same; that is computed by deciding again, and the defect is shown all the same.

The report never changes a decision. What follows from it is a new act of the body.

Sources: Civil Code, articles 181.4 (voidable) and 181.5 (void), 189 (revocation not known).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from .decide import decide
from .expressions import Result, Vote
from .facts import Facts
from .mandates import Standing
from .materiality import Materiality, materiality_of


class CheckCode(StrEnum):
    """The points of the checklist, in the order in which they are reported."""

    COMPETENCE = "competence"
    AGENDA = "agenda"
    NOTICE = "notice"
    QUORUM = "quorum"
    AUTHORITY = "authority"
    RECUSALS = "recusals"
    ONE_VOTE_PER_SEAT = "one_vote_per_seat"
    TEXT_HASH = "text_hash"
    CHARTER_VERSION = "charter_version"
    COUNT = "count"
    PROTOCOL_FORM = "protocol_form"


class State(StrEnum):
    """What a check found.

    `excused` is a breach that the law itself forgives, `cured` one that the body confirmed (ГК
    181.4 п. 2).
    """

    HELD = "held"
    EXCUSED = "excused"
    CURED = "cured"
    FLAGGED = "flagged"
    BREACHED = "breached"
    PENDING = "pending"


class Verdict(StrEnum):
    """What a decision is worth, from best to worst."""

    VALID = "valid"
    VOIDABLE = "voidable"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Check:
    """One point of the checklist.

    `consequence` is what a breach leads to if it is material. `seats` are those whose votes it
    touches, and `materiality` is computed for them; a breach that touches no vote in particular has
    none and always counts.
    """

    code: CheckCode
    state: State
    consequence: Verdict = Verdict.VALID
    seats: tuple[str, ...] = ()
    materiality: Materiality | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The checklist and what it comes to.

    `materiality` is that of all defects together: two that are each immaterial may jointly decide.
    `to_confirm` are seats whose vote stands only because a revocation was not known, and
    `must_redecide` says that the result hangs on them.
    """

    verdict: Verdict
    checks: tuple[Check, ...]
    materiality: Materiality | None
    to_confirm: tuple[str, ...]
    must_redecide: bool

    def as_document(self) -> dict[str, Any]:
        """Return the report as JSON values."""
        return {
            "verdict": str(self.verdict),
            "materiality": None if self.materiality is None else str(self.materiality),
            "to_confirm": list(self.to_confirm),
            "must_redecide": self.must_redecide,
            "checks": [
                {
                    "code": str(check.code),
                    "state": str(check.state),
                    "consequence": str(check.consequence),
                    "seats": list(check.seats),
                    "materiality": None if check.materiality is None else str(check.materiality),
                    "detail": check.detail,
                }
                for check in self.checks
            ],
        }


def examine(facts: Facts) -> Report:
    """Judge every point of the checklist.

    Raises:
        RollError: the rows cannot be counted under the charter.

    """
    checks = tuple(_cured(facts, _measured(facts, check(facts))) for check in _CHECKS)
    breaches = [check for check in checks if check.state is State.BREACHED]
    flagged = _seats(check for check in checks if check.state is State.FLAGGED)
    touched = _seats(breaches)
    materiality = materiality_of(facts.charter, facts.rows, touched) if touched else None
    flagged_matter = bool(flagged) and (
        materiality_of(facts.charter, facts.rows, flagged) is not Materiality.IMMATERIAL
    )
    return Report(
        verdict=_verdict(breaches, materiality),
        checks=checks,
        materiality=materiality,
        to_confirm=flagged,
        must_redecide=flagged_matter,
    )


def _verdict(breaches: Iterable[Check], together: Materiality | None) -> Verdict:
    verdict = Verdict.VALID
    for check in breaches:
        if check.consequence is Verdict.VOID:
            return Verdict.VOID
        if not check.seats or together is not Materiality.IMMATERIAL:
            verdict = Verdict.VOIDABLE
    return verdict


def _cured(facts: Facts, check: Check) -> Check:
    """Let a confirmation cure what makes a decision voidable. What makes it void is not cured."""
    is_curable = check.state is State.BREACHED and check.consequence is Verdict.VOIDABLE
    return replace(check, state=State.CURED) if is_curable and facts.is_confirmed else check


def _measured(facts: Facts, check: Check) -> Check:
    if not check.seats or check.state not in (State.BREACHED, State.FLAGGED):
        return check
    return replace(check, materiality=materiality_of(facts.charter, facts.rows, check.seats))


def _seats(checks: Iterable[Check]) -> tuple[str, ...]:
    return tuple(sorted({seat for check in checks for seat in check.seats}))


def _competence(facts: Facts) -> Check:
    if facts.is_within_competence:
        return Check(CheckCode.COMPETENCE, State.HELD)
    return Check(CheckCode.COMPETENCE, State.BREACHED, Verdict.VOID)


def _agenda(facts: Facts) -> Check:
    if facts.is_on_agenda:
        return Check(CheckCode.AGENDA, State.HELD)
    if facts.all_took_part:
        return Check(CheckCode.AGENDA, State.EXCUSED, detail="all_took_part")
    return Check(CheckCode.AGENDA, State.BREACHED, Verdict.VOID)


def _notice(facts: Facts) -> Check:
    late = (
        seat
        for seat, days in facts.notice_given.items()
        if days is None or days < facts.notice_required
    )
    return _voidable(CheckCode.NOTICE, late)


def _quorum(facts: Facts) -> Check:
    outcome = decide(facts.charter, facts.rows)
    if outcome.result != Result.NO_QUORUM:
        return Check(CheckCode.QUORUM, State.HELD)
    if facts.recorded_result == Result.NO_QUORUM:
        # The body itself found that there was no quorum and decided nothing.
        return Check(CheckCode.QUORUM, State.HELD, detail="not_held")
    return Check(CheckCode.QUORUM, State.BREACHED, Verdict.VOID)


def _authority(facts: Facts) -> Check:
    without = {vote.seat for vote in facts.votes if not vote.standing.carries_the_act}
    if without:
        return _voidable(CheckCode.AUTHORITY, without)
    unknown = {
        vote.seat for vote in facts.votes if vote.standing is Standing.REVOKED_UNKNOWN_AT_TIME
    }
    if unknown:
        return Check(
            CheckCode.AUTHORITY,
            State.FLAGGED,
            seats=tuple(sorted(unknown)),
            detail="revoked_unknown_at_time",
        )
    return Check(CheckCode.AUTHORITY, State.HELD)


def _recusals(facts: Facts) -> Check:
    recused = {row.id for row in facts.rows if row.vote == Vote.RECUSED}
    voted = {vote.seat for vote in facts.votes if vote.seat in recused}
    return _voidable(CheckCode.RECUSALS, voted | facts.undecided_recusals)


def _one_vote_per_seat(facts: Facts) -> Check:
    times = Counter(vote.seat for vote in facts.votes)
    touched = {seat for seat, count in times.items() if count > 1}
    sides: dict[str, set[str]] = {}
    for vote in facts.votes:
        sides.setdefault(vote.person, set()).add(vote.side)
    touched |= {vote.seat for vote in facts.votes if len(sides[vote.person]) > 1}
    return _voidable(CheckCode.ONE_VOTE_PER_SEAT, touched)


def _text_hash(facts: Facts) -> Check:
    if facts.decided_text_sha256 != facts.ballot_text_sha256:
        return Check(
            CheckCode.TEXT_HASH, State.BREACHED, Verdict.VOIDABLE, detail="another_text_decided"
        )
    other = {vote.seat for vote in facts.votes if vote.text_sha256 != facts.ballot_text_sha256}
    return _voidable(CheckCode.TEXT_HASH, other)


def _charter_version(facts: Facts) -> Check:
    if facts.applied_charter_version == facts.pinned_charter_version:
        return Check(CheckCode.CHARTER_VERSION, State.HELD)
    return Check(CheckCode.CHARTER_VERSION, State.BREACHED, Verdict.VOIDABLE)


def _count(facts: Facts) -> Check:
    if decide(facts.charter, facts.rows).result != facts.recorded_result:
        return Check(CheckCode.COUNT, State.BREACHED, Verdict.VOIDABLE, detail="recount_differs")
    on_roll = {row.id: row.vote for row in facts.rows}
    wrong = {
        vote.seat
        for vote in facts.votes
        if not vote.in_time or on_roll.get(vote.seat) not in (vote.vote, Vote.RECUSED)
    }
    cast = {vote.seat for vote in facts.votes}
    wrong |= {
        row.id
        for row in facts.rows
        if row.vote in (Vote.YES, Vote.NO, Vote.ABSTAIN) and row.id not in cast
    }
    return _voidable(CheckCode.COUNT, wrong)


def _protocol_form(facts: Facts) -> Check:
    if facts.protocol_faults is None:
        return Check(CheckCode.PROTOCOL_FORM, State.PENDING)
    if not facts.protocol_faults:
        return Check(CheckCode.PROTOCOL_FORM, State.HELD)
    return Check(
        CheckCode.PROTOCOL_FORM,
        State.BREACHED,
        Verdict.VOIDABLE,
        detail=",".join(sorted(facts.protocol_faults)),
    )


def _voidable(code: CheckCode, seats: Iterable[str]) -> Check:
    touched = tuple(sorted(seats))
    if not touched:
        return Check(code, State.HELD)
    return Check(code, State.BREACHED, Verdict.VOIDABLE, touched)


_CHECKS: tuple[Callable[[Facts], Check], ...] = (
    _competence,
    _agenda,
    _notice,
    _quorum,
    _authority,
    _recusals,
    _one_vote_per_seat,
    _text_hash,
    _charter_version,
    _count,
    _protocol_form,
)


def last_day_to_challenge(*, known_on: date, published_on: date | None) -> date:
    """Return the last day on which the decision can be challenged in court, by analogy.

    Six months from the day the person knew of it, and not later than two years after it was
    published (article 181.4, paragraph 5; terms by article 192). While it is not published, the
    two years have not begun.
    """
    known = _months_later(known_on, 6)
    return known if published_on is None else min(known, _months_later(published_on, 24))


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(day.year + years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)
