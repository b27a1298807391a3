"""Count a ballot: hand its frozen rows to the kernel, and keep everything the kernel said.

The decision is computed here once. Pages read it; a challenge examines its validity anew
beside it, and never changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.domain import validity
from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.expressions import Vote as Cast
from governance.domain.mandates import Standing
from governance.domain.procedure import parse_procedure
from governance.domain.rows import Row
from governance.domain.table import side_results, table_result
from governance.models import (
    AgendaItem,
    Ballot,
    Body,
    Challenge,
    Decision,
    QuorumCheck,
    SeatHolding,
    Vote,
)

from ._roll import CAST
from ._terms import notice_given
from .meetings import notice_required

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from governance.domain.charter import Charter
    from governance.domain.outcome import Outcome
    from governance.models import Meeting, RollEntry

COMPETENT = {
    Ballot.DecisionType.CLAUSE: {Body.Kind.NEGOTIATION_TABLE},
    Ballot.DecisionType.WHOLE: {Body.Kind.NEGOTIATION_TABLE},
}
"""Which kinds of body take which decisions (domain catalogue)."""


def keep_quorum(
    ballot: Ballot,
    charter: Charter,
    rows: tuple[Row, ...],
    moment: str,
    at: datetime.datetime,
) -> list[str]:
    """Store whether each side was quorate for this ballot; return the sides that were not."""
    results = side_results(decide(charter, rows), rows)
    away = {Cast.ABSENT, Cast.RECUSED}
    QuorumCheck.objects.bulk_create(
        QuorumCheck(
            ballot=ballot,
            side_code=result.side,
            moment=moment,
            entitled=result.entitled,
            recused=result.recused,
            present=sum(row.side == result.side and row.vote not in away for row in rows),
            holds=result.side_quorum,
            checked_at=at,
        )
        for result in results
    )
    return [result.side for result in results if not result.side_quorum]


def decide_unheld(
    ballot: Ballot, charter: Charter, rows: tuple[Row, ...], at: datetime.datetime
) -> Decision:
    """Keep the arithmetic of a ballot that was not held. There are no results of sides."""
    return _keep(ballot, decide(charter, rows), rows, side_documents=[], at=at)


def decide_held(
    ballot: Ballot, charter: Charter, rows: tuple[Row, ...], at: datetime.datetime
) -> Decision:
    """Count a ballot that every side took part in."""
    outcome = decide(charter, rows)
    documents = [result.as_document() for result in side_results(outcome, rows)]
    return _keep(ballot, outcome, rows, side_documents=documents, at=at)


def _keep(
    ballot: Ballot,
    outcome: Outcome,
    rows: tuple[Row, ...],
    *,
    side_documents: list[dict[str, str | int | bool]],
    at: datetime.datetime,
) -> Decision:
    """Write the decision with its inputs, its trace and its first report on validity."""
    report = validity_report(ballot, rows=rows, recorded_result=outcome.result)
    # The roll stands in the order of the table; the stored charter keeps none of its keys.
    order = list(dict.fromkeys(row.side for row in rows))
    blocked_by = sorted(outcome.blocked_by, key=order.index)
    return Decision.objects.create(
        ballot=ballot,
        result=table_result(outcome).value,
        rows=[
            {"id": row.id, "side": row.side, "vote": str(row.vote), "weight": row.weight}
            for row in rows
        ],
        outcome=outcome.as_document(),
        side_results=side_documents,
        blocked_by=blocked_by,
        validity=report.as_document(),
        text_sha256=ballot.text_sha256,
        decided_at=at,
    )


def rows_of(decision: Decision) -> tuple[Row, ...]:
    """Return the rows that a decision was counted from."""
    return tuple(Row(**row) for row in decision.rows)


def validity_report(
    ballot: Ballot, *, rows: tuple[Row, ...], recorded_result: str
) -> validity.Report:
    """Judge a ballot by everything that is known of it now, challenges included."""
    version = ballot.pinned_charter
    procedure = parse_procedure(version.procedure)
    meeting = ballot.meeting
    doubts = _doubts(ballot)
    item = ballot.agenda_item
    facts = validity.Facts(
        charter=parse_charter(version.rules),
        rows=rows,
        recorded_result=recorded_result,
        votes=_counted_votes(ballot, doubts),
        is_within_competence=meeting.body.kind
        in COMPETENT[Ballot.DecisionType(ballot.decision_type)],
        is_on_agenda=item.standing == AgendaItem.Standing.LISTED,
        all_took_part=item.standing == AgendaItem.Standing.ADDED,
        notice_required=notice_required(meeting, procedure),
        notice_given=_notices(ballot, meeting),
        undecided_recusals=_undecided(ballot, doubts),
        ballot_text_sha256=ballot.text_sha256,
        decided_text_sha256=ballot.text_sha256,
        pinned_charter_version=str(version.uid),
        applied_charter_version=str(version.uid),
        protocol_faults=_protocol_faults(meeting),
    )
    return validity.examine(facts)


def _doubts(ballot: Ballot) -> dict[int, set[str]]:
    """Return the reasons of the challenges that are not dismissed, by vote."""
    doubts: dict[int, set[str]] = {}
    open_challenges = Challenge.objects.filter(vote__ballot=ballot).exclude(
        settlement__in=[Challenge.Settlement.CONFIRMED, Challenge.Settlement.DISMISSED]
    )
    for vote_id, reason in open_challenges.values_list("vote_id", "reason"):
        doubts.setdefault(vote_id, set()).add(reason)
    return doubts


def _counted_votes(ballot: Ballot, doubts: dict[int, set[str]]) -> tuple[validity.CountedVote, ...]:
    """Return the votes that count, each with what its mandate is now known to have been worth."""
    votes = (
        Vote.objects.counted()
        .filter(ballot=ballot)
        .select_related("seat__side", "person", "authority_check")
        .order_by("id")
    )
    return tuple(
        validity.CountedVote(
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
    declared = ballot.meeting.body.conflicts.undecided().touching(ballot.topics)
    seats = set(declared.values_list("seat__code", flat=True))
    late = [pk for pk, reasons in doubts.items() if Challenge.Reason.CONFLICT in reasons]
    seats |= set(Vote.objects.filter(pk__in=late).values_list("seat__code", flat=True))
    return frozenset(seats)


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
