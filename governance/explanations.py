"""A decision as a page shows it: in sentences, with its arithmetic, side by side, seat by seat.

Nothing is computed anew but one thing: how many votes would have been enough, which follows
from the stored rows and the pinned charter. Everything else is read from the decision.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance import wording
from governance.domain.explain import explain
from governance.domain.expressions import Vote as Cast
from governance.domain.materiality import Materiality
from governance.domain.outcome import Outcome, TraceItem
from governance.domain.procedure import parse_procedure
from governance.domain.rows import Row
from governance.domain.stakes import Swing, stakes, swings
from governance.domain.table import Needed, is_table, votes_needed
from governance.domain.validity import CheckCode, State, Verdict, last_day_to_challenge
from governance.models import (
    Ballot,
    Challenge,
    Decision,
    RollEntry,
    Side,
    ValidityReport,
    Vote,
)
from governance.services import published_on
from governance.services.counts import charter_of, rows_at_opening_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from governance.authority import Evidence, Refusal

STATES_SHOWN = {
    State.HELD: "held",
    State.EXCUSED: "held",
    State.CURED: "cured",
    State.FLAGGED: "voidable",
    State.BREACHED: "breached",
    State.PENDING: "not_yet",
}
"""Under which state of the design system each state of a check is shown."""


@dataclass(frozen=True, slots=True)
class Step:
    """One test of the arithmetic, in words."""

    title: str
    side: str
    words: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """One point of the validity report, in words."""

    title: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Validity:
    """What is known today of the validity of a decision, in words.

    `report` is the latest edition as data, `window` until when it can be challenged. `editions` are
    all of them, `doubts` the challenges of its votes.
    """

    report: dict[str, Any]
    sentences: tuple[str, ...]
    checks: tuple[Checked, ...]
    window: str
    editions: tuple[ValidityReport, ...]
    doubts: tuple[Challenge, ...]


@dataclass(frozen=True, slots=True)
class SeatVotes:
    """A seat on the roll with every vote that came from it, counted or not."""

    entry: RollEntry
    votes: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class SideVotes:
    """A side: its result, if it had one, and its seats."""

    side: Side
    result: dict[str, Any] | None
    roll: tuple[SeatVotes, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A decision in words."""

    sentences: tuple[str, ...]
    steps: tuple[Step, ...]
    sides: tuple[SideVotes, ...]
    has_side_results: bool


def explained(decision: Decision) -> Explained:
    """Put a decision into words, in the language of the moment. Five queries."""
    ballot = decision.ballot
    sides = list(Side.objects.filter(body=ballot.meeting.body_id).order_by("position"))
    names = {side.code: _name(side) for side in sides}
    outcome = Outcome.from_document(decision.outcome)
    return Explained(
        sentences=_sentences(decision, outcome, names),
        steps=tuple(_step(item, names) for item in outcome.trace),
        sides=_sides(decision, sides),
        has_side_results=bool(decision.side_results),
    )


def _sentences(decision: Decision, outcome: Outcome, names: dict[str, str]) -> tuple[str, ...]:
    """Say the reasons, and how many votes more would have been enough."""
    rows = [Row(**row) for row in decision.rows]
    needed: tuple[Needed, ...] = ()
    turned: tuple[Swing, ...] = ()
    if decision.ballot.charter_version is not None:
        charter = charter_of(decision.ballot)
        if decision.result == Decision.Result.NOT_AGREED and is_table(outcome):
            needed = votes_needed(charter, rows)
        elif decision.result != Decision.Result.NOT_HELD:
            turned = swings(charter, rows)
    explanation = explain(outcome, needed, turned)
    said = (
        *explanation.reasons,
        *explanation.blocked_by,
        *explanation.needed,
        *explanation.changes,
    )
    return tuple(wording.statement(statement, names) for statement in said)


def _step(item: TraceItem, names: dict[str, str]) -> Step:
    """Put one test into words."""
    title = {
        "side_quorum": _("Quorum of the side"),
        "side_agrees": _("Agreement of the side"),
    }.get(item.why, item.why or item.path)
    return Step(title, names.get(item.side, item.side), wording.test(item), item.holds)


def validity_of(decision: Decision) -> Validity:
    """Put into words what a decision is worth by the latest edition of its report. Three queries.

    Nothing is examined here: the editions were written by the acts after which they stand.
    """
    editions = tuple(decision.reports.order_by("number"))
    report: dict[str, Any] = editions[-1].report if editions else decision.validity
    doubts = (
        Challenge.objects.filter(vote__ballot=decision.ballot_id)
        .select_related("vote__seat", "raised_by", "settled_by", "decided_in")
        .order_by("raised_at", "pk")
    )
    return Validity(
        report=report,
        sentences=tuple(_worth(report)),
        checks=tuple(_checked(check) for check in report["checks"]),
        window=_window(decision.ballot),
        editions=editions,
        doubts=tuple(doubts),
    )


def _worth(report: dict[str, Any]) -> Iterator[str]:
    """Say what the decision is worth, by how much, and what is asked for now."""
    yield str(wording.VERDICTS[Verdict(report["verdict"])]) + "."
    if report["materiality"] is not None:
        yield str(wording.MATERIALITIES[Materiality(report["materiality"])])
    if report["to_confirm"]:
        yield _("The votes of these seats wait for their principals' confirmation: %(seats)s.") % {
            "seats": ", ".join(report["to_confirm"])
        }
    if report["must_redecide"]:
        yield _("The result hangs on them: without a confirmation the body decides again.")


def _window(ballot: Ballot) -> str:
    """Say until when a decision can be challenged."""
    published = published_on(ballot)
    if published is None:
        return _(
            "It can be challenged within six months from the day one learnt of a breach. The two "
            "years after which nobody can begin when the protocol is published."
        )
    last = last_day_to_challenge(known_on=dt.date.max - dt.timedelta(366), published_on=published)
    return _(
        "It can be challenged within six months from the day one learnt of a breach, and not after "
        "%(last)s: two years from publication."
    ) % {"last": last.strftime("%d.%m.%Y")}


def _checked(check: dict[str, Any]) -> Checked:
    """Put one point of the validity report into words."""
    state = State(check["state"])
    # That it is in order or breached is said by the state beside it.
    is_said = state in {State.HELD, State.BREACHED}
    parts = [] if is_said else [f"{wording.STATES[state]}."]
    if check["seats"]:
        parts.append(_("Seats: %(seats)s.") % {"seats": ", ".join(check["seats"])})
    if check["materiality"] is not None:
        parts.append(str(wording.MATERIALITIES[check["materiality"]]))
    return Checked(
        str(wording.CHECKS[CheckCode(check["code"])]), STATES_SHOWN[state], " ".join(parts)
    )


def _sides(decision: Decision, sides: list[Side]) -> tuple[SideVotes, ...]:
    """Lay out the roll side by side with every vote that was cast."""
    results = {result["side"]: result for result in decision.side_results}
    votes: dict[int, list[Vote]] = defaultdict(list)
    cast = decision.ballot.votes.select_related("person", "mandate").order_by("cast_at", "pk")
    for vote in cast:
        votes[vote.seat_id].append(vote)
    entries: dict[str, list[SeatVotes]] = defaultdict(list)
    roll = decision.ballot.roll.select_related("seat", "holder").order_by("seat__number")
    for entry in roll:
        entries[entry.side_code].append(SeatVotes(entry, tuple(votes[entry.seat_id])))
    return tuple(
        SideVotes(side, results.get(side.code), tuple(entries[side.code])) for side in sides
    )


def consequences(ballot: Ballot, seat_code: str) -> list[str]:
    """Say, before the vote, what abstaining and what sending no vote would do to the count.

    Found by counting the frozen roll under the pinned charter. Nothing is said before the opening,
    nor to a seat that is recused.
    """
    if ballot.charter_version is None:
        return []
    charter, rows = charter_of(ballot), rows_at_opening_of(ballot)
    entitled = any(row.id == seat_code and row.vote != Cast.RECUSED for row in rows)
    return wording.at_stake(stakes(charter, rows, seat_code)) if entitled else []


def speaks_with_one_voice(ballot: Ballot, side_code: str) -> bool:
    """Say whether the side's coordinator votes for all of it, after inner approval."""
    version = ballot.charter_version or ballot.meeting.charter_version
    return parse_procedure(version.procedure).sides[side_code].inner_approvals > 0


def authority_in_words(found: Evidence | Refusal) -> str:
    """Say on what a person votes, or why not."""
    if not found:
        return str(found.error)
    parts = [found.seat.code if found.seat else "", _name(found.seat.side) if found.seat else ""]
    if found.mandate is not None:
        parts.append(_localised(found.mandate, "document"))
        if found.mandate.last_day is not None:
            parts.append(_("until %(day)s") % {"day": found.mandate.last_day.strftime("%d.%m.%Y")})
    return " · ".join(part for part in parts if part)


def _name(side: Side) -> str:
    return _localised(side, "name")


def _localised(thing: Any, name: str) -> str:
    language = (get_language() or "ru")[:2]
    return getattr(thing, f"{name}_{language}", "") or getattr(thing, f"{name}_ru")
