"""Close a ballot and count it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.domain.expressions import Vote as Cast
from governance.domain.rows import Row
from governance.models import Ballot, RollEntry, Vote

from ._decision import decide_held, decide_unheld, keep_quorum
from ._editions import charter_of, rules_of
from ._roll import rows_at_closing
from ._rows import digest_of, lock_ballot, record, update
from ._terms import clock_words
from .ballots import record_not_held, require_ballot_state, who_runs
from .confirmations import cure, queue_for_cure
from .paper_checks import require_checked_papers

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Decision


__all__ = ["charter_of", "close_ballot", "rows_at_opening_of", "rules_of"]


@transaction.atomic
def close_ballot(*, ballot: Ballot, actor: Person, at: datetime.datetime) -> Ballot:
    """Close a ballot, count it under its pinned charter, and certify the decision.

    Where a side turns out to lack its quorum – papers that were not sent, people who left –
    the ballot is not held, and nothing is decided.

    Raises:
        DeadlineRuns: papers are still taken, and somebody entitled may still speak.
        PapersUnchecked: no second person has seen a paper that would count.
        BallotNotInState: it is not open.
        NotAuthorised: in a hall the coordinator closes, on paper the secretary.
    """
    queue_for_cure(ballot)
    ballot = lock_ballot(ballot, "meeting__body", "meeting", "agenda_item", "charter_version")
    evidence = who_runs(ballot, actor, at)
    require_ballot_state(ballot, Ballot.State.OPEN)
    if ballot.closes_at is not None and at < ballot.closes_at and _may_still_change(ballot):
        raise refusals.DeadlineRuns(closes_at=clock_words(ballot.closes_at))
    require_checked_papers(ballot)
    update(ballot, state=Ballot.State.CLOSED, closed_at=at)
    charter = charter_of(ballot)
    rows = rows_at_closing(ballot, at)
    lacking = keep_quorum(ballot, charter, rows, "closing", at)
    if lacking:
        update(
            ballot,
            state=Ballot.State.NOT_HELD,
            not_held_reason=Ballot.NotHeldReason.AT_CLOSING,
        )
        decide_unheld(ballot, charter, rows, at)
        record_not_held(ballot, lacking, evidence, actor, at)
        return ballot
    update(ballot, state=Ballot.State.CERTIFIED)
    decision = decide_held(ballot, charter, rows, at)
    _record_certified(ballot, decision, evidence, actor, at)
    cure(decision, evidence, actor, at)
    return ballot


def rows_at_opening_of(ballot: Ballot) -> tuple[Row, ...]:
    """Return the frozen roll of an open ballot as it stands before anybody votes.

    Every entitled seat is taken for present: what a vote would do is asked by those who can vote.
    """
    return tuple(
        Row(
            id=entry.seat.code,
            side=entry.side_code,
            vote=Cast.RECUSED if entry.standing == RollEntry.Standing.RECUSED else Cast.SILENT,
            weight=entry.weight,
        )
        for entry in ballot.roll.select_related("seat").order_by("id")
    )


def _may_still_change(ballot: Ballot) -> bool:
    """Say whether a seat is still silent, or spoke by a proxy whom its holder may correct."""
    spoken = Vote.objects.counted().filter(ballot=ballot).exclude(capacity=Vote.Capacity.PROXY)
    waiting = ballot.roll.filter(standing=RollEntry.Standing.ENTITLED).exclude(
        seat__in=spoken.values("seat")
    )
    return waiting.exists()


def _record_certified(
    ballot: Ballot, decision: Decision, evidence: Evidence, actor: Person, at: datetime.datetime
) -> None:
    """Record the count: what came out, by which rule, from how many votes."""
    body = ballot.meeting.body
    uids = dict(body.sides.values_list("code", "uid"))
    votes = list(ballot.votes.values_list("status", flat=True))
    record(
        acts.BALLOT_CERTIFIED,
        ballot,
        body=body,
        actor=actor,
        at=at,
        facts={
            "meeting": ballot.meeting.uid,
            "text_sha256": ballot.text_sha256,
            "result": decision.result,
            "rule": decision.outcome["rule_index"],
            "blocked_by": [uids[code] for code in decision.blocked_by if code in uids],
            "counted": votes.count(Vote.Status.COUNTED),
            "superseded": votes.count(Vote.Status.SUPERSEDED),
            "rejected": votes.count(Vote.Status.REJECTED),
            "validity": decision.validity["verdict"],
            "outcome_sha256": digest_of(decision.outcome),
        },
        authority=evidence,
    )
