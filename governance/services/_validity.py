"""Examine the validity of a decision by what is known now, and keep each report as an edition.

A report is never changed. What comes to light later – a revocation, a doubt, the end of a doubt, a
signed protocol – makes the next edition beside it, with the facts on which it was judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from governance import acts
from governance.domain.facts import CountedVote, Facts
from governance.domain.mandates import Standing
from governance.domain.procedure import parse_procedure
from governance.domain.rows import Row
from governance.domain.validity import Verdict, examine
from governance.models import (
    AgendaItem,
    Ballot,
    Body,
    Challenge,
    ConflictDeclaration,
    Decision,
    SeatHolding,
    ValidityReport,
    Vote,
)

from ._editions import charter_of
from ._independence import unexamined
from ._roll import CAST
from ._rows import digest_of, record
from ._terms import notice_given
from .meetings import notice_required

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.domain.procedure import Procedure
    from governance.domain.validity import Report
    from governance.models import Meeting, RollEntry

COMPETENT = {
    Ballot.DecisionType.CHARTER: set(Body.Kind),
    Ballot.DecisionType.CLAUSE: {Body.Kind.NEGOTIATION_TABLE},
    Ballot.DecisionType.WHOLE: {Body.Kind.NEGOTIATION_TABLE},
    Ballot.DecisionType.CONFIRM: set(Body.Kind),
}
"""Which kinds of body take which decisions (domain catalogue)."""


def keep_report(
    decision: Decision,
    facts: Facts,
    report: Report,
    *,
    occasion: ValidityReport.Occasion,
    at: datetime.datetime,
    challenge: Challenge | None = None,
) -> ValidityReport:
    """Write the next edition of the report on a decision."""
    document = {"facts": facts.as_document(), "report": report.as_document()}
    # The first edition is that of the count; a decision that was counted without one begins later.
    before = 0 if occasion is ValidityReport.Occasion.COUNT else 1
    last = decision.reports.aggregate(last=Max("number", default=before))["last"]
    return ValidityReport.objects.create(
        decision=decision,
        number=last + 1,
        occasion=occasion,
        challenge=challenge,
        sha256=digest_of(document),
        examined_at=at,
        **document,
    )


def examine_again(
    decision: Decision,
    *,
    occasion: ValidityReport.Occasion,
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
    challenge: Challenge | None = None,
) -> ValidityReport:
    """Examine a decision by what is known now, and record the next edition.

    The caller holds a lock under which no other edition of the same report can be written: that of
    the ballot, of its protocol or of its body.
    """
    ballot = decision.ballot
    facts = facts_of(ballot, rows=rows_of(decision), recorded_result=decision.outcome["result"])
    edition = keep_report(
        decision, facts, examine(facts), occasion=occasion, at=at, challenge=challenge
    )
    record(
        acts.VALIDITY_EXAMINED,
        edition,
        body=ballot.meeting.body,
        actor=actor,
        at=at,
        facts={
            "ballot": ballot.uid,
            "number": edition.number,
            "occasion": occasion.value,
            "verdict": edition.verdict,
            "must_redecide": edition.report["must_redecide"],
            "sha256": edition.sha256,
        },
        authority=evidence,
    )
    carry_to_confirmed(ballot, evidence=evidence, actor=actor, at=at)
    return edition


def carry_to_confirmed(
    ballot: Ballot, *, evidence: Evidence, actor: Person, at: datetime.datetime
) -> None:
    """Examine the decision that a ballot confirms, if it is thereby cured, or cured no more.

    The caller holds the lock of the body.
    """
    if ballot.confirms is None:
        return
    [confirmed] = decisions_of([ballot.confirms.ballot])
    last = confirmed.reports.order_by("-number").first()
    was_confirmed = last is not None and last.facts.get("is_confirmed", False)
    if was_confirmed != _is_confirmed(confirmed.ballot):
        examine_again(
            confirmed,
            occasion=ValidityReport.Occasion.CONFIRMATION,
            evidence=evidence,
            actor=actor,
            at=at,
        )


def decisions_of(ballots: Iterable[Ballot]) -> list[Decision]:
    """Return the decisions of ballots with what an examination reads."""
    return list(
        Decision.objects.filter(ballot__in=ballots)
        .select_related("ballot__meeting__body", "ballot__charter_version", "ballot__agenda_item")
        .order_by("pk")
    )


def rows_of(decision: Decision) -> tuple[Row, ...]:
    """Return the rows that a decision was counted from."""
    return tuple(Row(**row) for row in decision.rows)


def facts_of(ballot: Ballot, *, rows: tuple[Row, ...], recorded_result: str) -> Facts:
    """Gather what is known of a ballot now, challenges included."""
    version = ballot.pinned_charter
    procedure = parse_procedure(version.procedure)
    meeting = ballot.meeting
    doubts = _doubts(ballot)
    item = ballot.agenda_item
    return Facts(
        charter=charter_of(ballot),
        rows=rows,
        recorded_result=recorded_result,
        votes=_counted_votes(ballot, doubts),
        is_within_competence=meeting.body.kind
        in COMPETENT[Ballot.DecisionType(ballot.decision_type)],
        is_on_agenda=item.standing == AgendaItem.Standing.LISTED,
        all_took_part=item.standing == AgendaItem.Standing.ADDED,
        notice_required=notice_required(meeting, procedure),
        notice_given=_notices(ballot, meeting),
        undecided_recusals=_undecided(ballot, doubts) | _tied(ballot, procedure),
        ballot_text_sha256=ballot.text_sha256,
        decided_text_sha256=ballot.text_sha256,
        pinned_charter_version=str(version.uid),
        applied_charter_version=str(version.uid),
        protocol_faults=_protocol_faults(meeting),
        is_confirmed=_is_confirmed(ballot),
    )


def _is_confirmed(ballot: Ballot) -> bool:
    """Say whether the body has confirmed the decision by one that is itself valid."""
    agreed = Decision.objects.filter(ballot__confirms__ballot=ballot, result=Decision.Result.AGREED)
    return any(each.last_report["verdict"] == Verdict.VALID for each in agreed.examined())


def _doubts(ballot: Ballot) -> dict[int, set[str]]:
    """Return the reasons of the challenges that are not dismissed, by vote."""
    doubts: dict[int, set[str]] = {}
    open_challenges = Challenge.objects.filter(vote__ballot=ballot).exclude(
        settlement__in=[Challenge.Settlement.CONFIRMED, Challenge.Settlement.DISMISSED]
    )
    for vote_id, reason in open_challenges.values_list("vote_id", "reason"):
        doubts.setdefault(vote_id, set()).add(reason)
    return doubts


def _counted_votes(ballot: Ballot, doubts: dict[int, set[str]]) -> tuple[CountedVote, ...]:
    """Return the votes that count, each with what its mandate is now known to have been worth."""
    votes = (
        Vote.objects.counted()
        .filter(ballot=ballot)
        .select_related("seat__side", "person", "authority_check")
        .order_by("id")
    )
    return tuple(
        CountedVote(
            seat=vote.seat.code,
            side=vote.seat.side.code,
            person=str(vote.person.uid),
            vote=CAST[Vote.Choice(vote.choice)],
            standing=_standing(vote, doubts.get(vote.pk, set())),
            in_time=_in_time(vote, ballot),
            text_sha256=vote.text_sha256,
        )
        for vote in votes
    )


def _standing(vote: Vote, reasons: set[str]) -> Standing:
    """Say what the authority of a vote is worth after what came to light."""
    if reasons & {Challenge.Reason.TWO_SIDES, Challenge.Reason.DOCUMENT}:
        return Standing.NOT_FOUND
    if Challenge.Reason.REVOKED_UNKNOWN in reasons:
        return Standing.REVOKED_UNKNOWN_AT_TIME
    return Standing(vote.authority_check.result)


def _in_time(vote: Vote, ballot: Ballot) -> bool:
    """Say whether a vote was cast while votes were taken."""
    begun = ballot.opened_at is not None and vote.cast_at >= ballot.opened_at
    return begun and (ballot.closes_at is None or vote.cast_at < ballot.closes_at)


def _undecided(ballot: Ballot, doubts: dict[int, set[str]]) -> frozenset[str]:
    """Return the seats of which it is open whether they should have been recused."""
    # What is declared later says nothing of this vote, unless somebody challenges it for that.
    declared = ballot.meeting.body.conflicts.touching(ballot.topics).filter(
        declared_at__lte=ballot.closed_at or ballot.prepared_at
    )
    seats = set(declared.undecided().values_list("seat__code", flat=True))
    if ballot.opened_at is not None:
        kept_away = [ConflictDeclaration.Decision.RECUSED, ConflictDeclaration.Decision.REPLACED]
        late_recusals = declared.filter(decision__in=kept_away, decided_at__gt=ballot.opened_at)
        seats |= set(late_recusals.values_list("seat__code", flat=True))
    late = [pk for pk, reasons in doubts.items() if Challenge.Reason.CONFLICT in reasons]
    seats |= set(Vote.objects.filter(pk__in=late).values_list("seat__code", flat=True))
    return frozenset(seats)


def _tied(ballot: Ballot, procedure: Procedure) -> frozenset[str]:
    """Return the seats whose independence was not looked at, by the positions known now.

    At the opening there was none by those known then: the ballot would not have opened.
    """
    if ballot.opened_at is None:
        return frozenset()
    found = unexamined(ballot, procedure, ballot.opened_at)
    return frozenset(each.holding.seat.code for each in found)


def _notices(ballot: Ballot, meeting: Meeting) -> dict[str, int | None]:
    """Return the working days of notice that each seat of the roll was given.

    The seat is called, not the person: a notice to whoever held it then is enough.
    """
    sent = dict(meeting.notices.values_list("person_id", "sent_at"))
    entries: Iterable[RollEntry] = ballot.roll.select_related("seat").order_by("id")
    holders: dict[int, set[int]] = {}
    held = SeatHolding.objects.filter(seat__body=meeting.body_id, person__in=sent)
    for seat_id, person_id in held.values_list("seat_id", "person_id"):
        holders.setdefault(seat_id, set()).add(person_id)
    given: dict[str, int | None] = {}
    for entry in entries:
        times = [sent[person_id] for person_id in holders.get(entry.seat_id, ())]
        given[entry.seat.code] = notice_given(min(times), meeting.planned_for) if times else None
    return given


def _protocol_faults(meeting: Meeting) -> tuple[str, ...] | None:
    """Say what is wrong with the form of the protocol; None while it is not signed."""
    protocol = getattr(meeting, "protocol", None)
    if protocol is None or protocol.signed_at is None:
        return None
    altered = protocol.signatures.exclude(sha256=protocol.sha256).exists()
    return ("another_text_signed",) if altered else ()
