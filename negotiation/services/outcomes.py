"""What a certified ballot means for the text: dispositions, agreed clauses, disagreements.

The decision is read from its record and never computed here. Each step is recorded as a
consequence of the ballot, in the transaction that certifies it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audit.models import Entry
from audit.services import record
from governance.models import Ballot, Decision
from negotiation import acts, refusals
from negotiation.domain import order
from negotiation.models import (
    Amendment,
    Clause,
    Disagreement,
    Matter,
    Question,
    Wording,
)
from negotiation.services import dispositions, disputes, questions, rounds, standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import Person


@transaction.atomic
def apply_decision(*, ballot: Ballot, actor: Person | None, at: datetime) -> Question:
    """Carry out what a certified ballot decided about the text.

    Raises:
        BallotAsksNothingHere: the ballot is not about a negotiated text.
        BallotIsNotCertified: there is no decision that could take effect.
        DecisionAlreadyApplied: it has taken effect.
        WrongState: the matter has left the table meanwhile.
    """
    question = Question.objects.select_related("matter", "ballot").filter(ballot=ballot).first()
    if question is None:
        raise refusals.BallotAsksNothingHere
    matter = standing.lock_matter(question.matter_id)
    decision = Decision.objects.filter(ballot=ballot).first()
    if decision is None or decision.result == Decision.Result.NOT_HELD:
        raise refusals.BallotIsNotCertified
    if Entry.objects.of_subject(question).of_types(acts.DECISION_APPLIED).exists():
        raise refusals.DecisionAlreadyApplied
    if question.basis != Question.Basis.CONFIRMATION:
        standing.require_state(matter, *Matter.AT_THE_TABLE)

    case = _Case(
        matter=matter,
        decision=decision,
        wordings=questions.wordings_of(question),
        named=dispositions.deepest_first(questions.amendments_of(question)),
        actor=actor,
        at=at,
    )
    _STEPS[Question.Basis(question.basis), decision.is_agreed](case)
    record(
        type=acts.DECISION_APPLIED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=question,
        facts={"ballot": ballot.uid, "basis": question.basis, "result": decision.result},
    )
    return question


@dataclass(frozen=True, slots=True)
class _Case:
    """A decision and everything that it was about."""

    matter: Matter
    decision: Decision
    wordings: list[Wording]
    named: list[Amendment]
    actor: Person | None
    at: datetime

    @property
    def ballot(self) -> Ballot:
        return self.decision.ballot

    @property
    def blocked_by(self) -> list[str]:
        """The uids of the sides that did not agree."""
        return disputes.sides_of(self.matter, self.decision)


def _adopt_wordings(case: _Case) -> None:
    """Agree the clauses, and give the amendments the conclusions that were voted with them."""
    ballot = case.ballot
    for amendment in case.named:
        # One may have fallen with another a moment ago.
        amendment.refresh_from_db(fields=["state"])
        if not amendment.is_undecided:
            continue
        if _introduces(amendment, case.wordings):
            dispositions.decide(
                amendment,
                disposition=Amendment.Disposition.ACCEPTED,
                decided_by=Amendment.DecidedBy.BALLOT,
                ground=dispositions.ADOPTED_BY_BALLOT,
                actor=case.actor,
                at=case.at,
                ballot=ballot,
            )
        else:
            rounds.decide_as_proposed(
                amendment,
                decided_by=Amendment.DecidedBy.BALLOT,
                actor=case.actor,
                at=case.at,
                ballot=ballot,
            )
    for wording in case.wordings:
        clause = standing.fresh_clause(wording.clause, case.matter)
        agree(clause, wording, ballot=ballot, actor=case.actor, at=case.at)
        disputes.settle(clause, ballot=ballot, actor=case.actor, at=case.at)


def _adopt_amendments(case: _Case) -> None:
    """Accept the amendments as they stand; what they change takes its wording later."""
    ballot = case.ballot
    for amendment in case.named:
        # One may have fallen with another a moment ago.
        amendment.refresh_from_db(fields=["state"])
        if not amendment.is_undecided:
            continue
        dispositions.decide(
            amendment,
            disposition=Amendment.Disposition.ACCEPTED,
            decided_by=Amendment.DecidedBy.BALLOT,
            ground=_ground_of_adoption(amendment),
            actor=case.actor,
            at=case.at,
            ballot=ballot,
        )
        if amendment.kind == Amendment.Kind.DELETE_CLAUSE and amendment.clause is not None:
            clause = standing.fresh_clause(amendment.clause, case.matter)
            dispositions.delete_clause(
                clause, amendment=amendment, actor=case.actor, at=case.at, ballot=ballot
            )
            disputes.settle(clause, ballot=ballot, actor=case.actor, at=case.at)
        else:
            _disturb_rivals(amendment, case.named, ballot=ballot, actor=case.actor, at=case.at)


def _adopt_whole(case: _Case) -> None:
    """Agree the text, its frame with it; record what was left out."""
    ballot = case.ballot
    included = {wording.clause_id for wording in case.wordings}
    for wording in case.wordings:
        clause = standing.fresh_clause(wording.clause, case.matter)
        if clause.state == Clause.State.DRAFT:
            agree(clause, wording, ballot=ballot, actor=case.actor, at=case.at)
    left_out = list(
        Clause.objects.of_matter(case.matter)
        .in_force_of_the_text()
        .exclude(pk__in=included)
        .in_order()
    )
    for disagreement in (
        Disagreement.objects.under_discussion().filter(matter=case.matter).order_by("pk")
    ):
        disputes.keep(disagreement, matter=case.matter, actor=case.actor, at=case.at)
    case.matter.state = Matter.State.AGREED_PARTLY if left_out else Matter.State.AGREED_WHOLE
    case.matter.decided_in = ballot
    case.matter.save(update_fields=["state", "decided_in"])
    record(
        type=acts.MATTER_AGREED,
        actor=case.actor,
        at=case.at,
        stream=case.matter.stream,
        subject=case.matter,
        facts={
            "ballot": ballot.uid,
            "sha256": ballot.text_sha256,
            "outcome": case.matter.state,
            "clauses": len(included),
            "excluded": [clause.uid for clause in left_out],
        },
    )


def _refuse_wordings(case: _Case) -> None:
    """Raise a disagreement on each clause; its amendments go to conciliation, or close."""
    for wording in case.wordings:
        clause = standing.fresh_clause(wording.clause, case.matter)
        here = [amendment for amendment in case.named if amendment.clause_id == clause.pk]
        clause.state = Clause.State.NOT_AGREED
        clause.save(update_fields=["state"])
        record(
            type=acts.CLAUSE_NOT_AGREED,
            actor=case.actor,
            at=case.at,
            stream=case.matter.stream,
            subject=clause,
            facts={
                "ballot": case.ballot.uid,
                "blocked_by": disputes.sides_of(case.matter, case.decision),
            },
        )
        disputes.disagree(
            clause, here, matter=case.matter, decision=case.decision, actor=case.actor, at=case.at
        )


def _refuse_amendments(case: _Case) -> None:
    """Raise a disagreement on the clauses that the amendments would change."""
    for clause in dict.fromkeys(amendment.clause for amendment in case.named if amendment.clause):
        here = [amendment for amendment in case.named if amendment.clause_id == clause.pk]
        fresh = standing.fresh_clause(clause, case.matter)
        disputes.disagree(
            fresh, here, matter=case.matter, decision=case.decision, actor=case.actor, at=case.at
        )


def _refuse_whole(case: _Case) -> None:
    """Say that the table did not agree on the whole; it may be put again."""
    case.matter.state = Matter.State.NOT_AGREED
    case.matter.save(update_fields=["state"])
    record(
        type=acts.MATTER_NOT_AGREED,
        actor=case.actor,
        at=case.at,
        stream=case.matter.stream,
        subject=case.matter,
        facts={
            "ballot": case.ballot.uid,
            "blocked_by": disputes.sides_of(case.matter, case.decision),
        },
    )


def _leave_the_text(case: _Case) -> None:
    """Do nothing to the text: what is confirmed took effect when it was decided."""


_STEPS = {
    (Question.Basis.CLAUSE_WORDING, True): _adopt_wordings,
    (Question.Basis.CLAUSE_WORDING, False): _refuse_wordings,
    (Question.Basis.AMENDMENT, True): _adopt_amendments,
    (Question.Basis.AMENDMENT, False): _refuse_amendments,
    (Question.Basis.WHOLE, True): _adopt_whole,
    (Question.Basis.WHOLE, False): _refuse_whole,
    (Question.Basis.CONFIRMATION, True): _leave_the_text,
    (Question.Basis.CONFIRMATION, False): _leave_the_text,
}


def agree(
    clause: Clause, wording: Wording, *, ballot: Ballot, actor: Person | None, at: datetime
) -> None:
    """Lock a clause on the wording that a ballot adopted."""
    clause.state = Clause.State.AGREED
    clause.current_wording = wording
    clause.tabled_wording = None
    clause.agreed_in = ballot
    clause.save(update_fields=["state", "current_wording", "tabled_wording", "agreed_in"])
    record(
        type=acts.CLAUSE_AGREED,
        actor=actor,
        at=at,
        stream=clause.document.matter.stream,
        subject=clause,
        facts={"ballot": ballot.uid, "wording": wording.uid, "sha256": wording.sha256},
    )


def _disturb_rivals(
    adopted: Amendment,
    named: Sequence[Amendment],
    *,
    ballot: Ballot,
    actor: Person | None,
    at: datetime,
) -> None:
    """See to the other proposals on the clause: rivals fall, the rest go stale.

    Its own parent and sub-amendments are no rivals: the parent is voted as amended.
    """
    here = {amendment.pk for amendment in named}
    others = list(
        Amendment.objects.undecided()
        .filter(clause=adopted.clause_id, parent=adopted.parent_id)
        .exclude(pk__in=here)
        .select_related("matter", "clause", "parent")
        .order_by("pk")
    )
    ordered = [questions.as_ordered(amendment) for amendment in [adopted, *others]]
    fallen = dict(order.falls_with({adopted.code}, ordered))
    dispositions.absorb(
        [other for other in others if other.code in fallen],
        ground=dispositions.FELL_TO_RIVAL,
        actor=actor,
        at=at,
        ballot=ballot,
    )
    quiet = {Amendment.Kind.COMMENT, Amendment.Kind.EDITORIAL}
    dispositions.mark_stale(
        [other for other in others if other.code not in fallen and other.kind not in quiet],
        because_of=adopted,
        actor=actor,
        at=at,
    )


def _introduces(amendment: Amendment, wordings: Sequence[Wording]) -> bool:
    return any(wording.clause.introduced_by_id == amendment.pk for wording in wordings)


def _ground_of_adoption(amendment: Amendment) -> dispositions.Ground:
    """Keep the rapporteur's ground where it was for acceptance."""
    if amendment.proposed_disposition == Amendment.Proposal.ACCEPTED:
        return dispositions.proposed_ground(amendment)
    return dispositions.ADOPTED_BY_BALLOT
