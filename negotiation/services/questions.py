"""Putting questions: what a ballot asks, and when the text is ready to be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from governance.models import Ballot
from governance.services import ballots as governance_ballots
from negotiation import acts, refusals
from negotiation.domain import canonical, order
from negotiation.models import (
    Amendment,
    Clause,
    Matter,
    Question,
    QuestionAmendment,
    QuestionWording,
    SeparateVoteDemand,
    Wording,
)
from negotiation.services import rounds, standing, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import AgendaItem, Meeting

TAKES_QUESTIONS = (Matter.State.NEGOTIATING, Matter.State.NOT_AGREED, Matter.State.RETURNED)
_NOT_TAKEN_UP = {Amendment.Disposition.REJECTED, Amendment.Disposition.TAKEN_NOTE}


@transaction.atomic
def put_question(
    *,
    matter: Matter,
    meeting: Meeting,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    basis: Question.Basis,
    wordings: Sequence[Wording],
    amendments: Sequence[Amendment],
    mode: Ballot.Mode,
    actor: Person,
    at: datetime,
    question_en: str = "",
    repeats: Ballot | None = None,
    repeat_note: str = "",
) -> Question:
    """Prepare a ballot on wordings of clauses, or on amendments.

    A ballot on wordings also disposes of the amendments named with it, by the conclusions
    proposed; what was decided before keeps its disposition. A ballot on amendments adopts
    them as they stand or not.

    Raises:
        WrongState: the summary is not prepared, or the text is agreed.
        QuestionIsEmpty: nothing is asked.
        ForeignRow: something belongs to another matter.
        AnotherWordingIsOnTheTable: a wording is not the one on the table.
        ClauseIsAMirror, ClauseIsLocked, ClauseIsUnderVote: the clause cannot be voted.
        UndisposedAmendments: an amendment to a clause is neither named nor decided (B9).
        WrongVotingOrder: a sub-amendment would come after its amendment (B10).
        DispositionIsMissing: an amendment named has no proposed conclusion.
        NeedsASponsor: a consultative proposal has no side behind it.
        SeparateVoteWanted: a side wants a clause of the package by itself.
        IncompatibleAmendments: two accepted amendments change the same words (B10).
        NotAuthorised: the actor may not prepare ballots at this body.
    """
    standing.lock_meeting(meeting, matter)
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, *TAKES_QUESTIONS)
    basis = Question.Basis(basis)
    if basis in {Question.Basis.WHOLE, Question.Basis.CONFIRMATION}:
        raise refusals.QuestionIsEmpty
    asked = [on_the_table(wording, row) for wording in wordings]
    named = [standing.fresh_amendment(amendment, row) for amendment in amendments]
    if basis is Question.Basis.CLAUSE_WORDING:
        require_votable_wordings(asked, named)
        text_sha256 = canonical.combined_sha256([wording.sha256 for wording in wordings])
    else:
        require_votable_amendments(asked, named)
        text_sha256 = canonical.combined_sha256([amendment.sha256 for amendment in named])

    ballot = governance_ballots.prepare_ballot(
        meeting=meeting,
        agenda_item=agenda_item,
        code=code,
        question_ru=question_ru,
        question_en=question_en,
        topics=_topics(asked, named),
        text_sha256=text_sha256,
        mode=mode,
        decision_type=Ballot.DecisionType.CLAUSE,
        repeats=repeats,
        repeat_note=repeat_note,
        actor=actor,
        at=at,
    )
    return store(
        row,
        ballot,
        basis=basis,
        wordings=wordings,
        amendments=named,
        evidence=evidence,
        actor=actor,
        at=at,
    )


def wordings_of(question: Question) -> list[Wording]:
    """Return the wordings a question asks about, in order."""
    rows = question.wordings.select_related("wording__clause__document").order_by("position")
    return [row.wording for row in rows]


def amendments_of(question: Question) -> list[Amendment]:
    """Return the amendments a question names, in order."""
    rows = question.amendments.select_related(
        "amendment__clause",
        "amendment__side",
        "amendment__sponsor_side",
        "amendment__parent",
        "amendment__matter",
    ).order_by("position")
    return [row.amendment for row in rows]


def store(
    matter: Matter,
    ballot: Ballot,
    *,
    basis: Question.Basis,
    wordings: Iterable[Wording],
    amendments: Iterable[Amendment],
    evidence: Evidence,
    actor: Person,
    at: datetime,
) -> Question:
    """Write and record what a prepared ballot asks."""
    question = Question.objects.create(ballot=ballot, matter=matter, basis=basis)
    asked = QuestionWording.objects.bulk_create(
        QuestionWording(
            question=question, position=position, clause_id=wording.clause_id, wording=wording
        )
        for position, wording in enumerate(wordings, start=1)
    )
    named = QuestionAmendment.objects.bulk_create(
        QuestionAmendment(question=question, position=position, amendment=amendment)
        for position, amendment in enumerate(amendments, start=1)
    )
    record(
        type=acts.QUESTION_PUT,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=question,
        authority=evidence,
        facts={
            "ballot": ballot.uid,
            "basis": question.basis,
            "sha256": ballot.text_sha256,
            "clauses": len(asked),
            "amendments": [row.amendment.uid for row in named],
        },
    )
    return question


def on_the_table(wording: Wording, matter: Matter, *, besides: Question | None = None) -> Clause:
    """Return the clause of a wording if the wording is what lies on the table."""
    clause = standing.fresh_clause(wording.clause, matter)
    texts.require_open_clause(clause)
    standing.require_not_under_vote(clause, besides=besides)
    if clause.on_the_table_id != wording.pk:
        raise refusals.AnotherWordingIsOnTheTable(clause=clause)
    return clause


def require_votable_wordings(clauses: Sequence[Clause], named: Sequence[Amendment]) -> None:
    """Refuse a question about wordings that is not ready: see `put_question`."""
    if not clauses or len({clause.pk for clause in clauses}) != len(clauses):
        raise refusals.QuestionIsEmpty
    asked = {clause.pk for clause in clauses}
    if any(amendment.clause_id not in asked for amendment in named):
        raise refusals.ForeignRow
    here = {amendment.pk for amendment in named}
    pending = [
        amendment.code
        for amendment in Amendment.objects.undecided().filter(clause__in=asked).order_by("code")
        if amendment.pk not in here
    ]
    if pending:
        raise refusals.UndisposedAmendments(amendments=", ".join(pending))
    introduced = {clause.introduced_by_id for clause in clauses}
    live = [amendment for amendment in named if amendment.is_undecided]
    for amendment in live:
        if amendment.pk not in introduced:
            _require_conclusion(amendment)
    if len(clauses) > 1:
        _require_no_separate_vote(clauses)
    _require_compatible(
        [
            amendment
            for amendment in live
            if amendment.proposed_disposition == Amendment.Proposal.ACCEPTED
        ]
    )


def _require_compatible(adopted: Sequence[Amendment]) -> None:
    """B10: what a ballot adopts together must not contradict itself."""
    rivals = order.cannot_be_put_together(as_ordered(amendment) for amendment in adopted)
    if rivals:
        first, second = rivals[0]
        raise refusals.IncompatibleAmendments(first=first, second=second)


def as_ordered(amendment: Amendment) -> order.Amendment:
    """Hand an amendment to the pure rules of voting order."""
    clause, parent = amendment.clause, amendment.parent
    return order.Amendment(
        code=amendment.code,
        clause=clause.number if clause else amendment.proposed_number,
        kind=order.Kind(amendment.kind),
        parent=parent.code if parent else "",
        filed_at=amendment.filed_at,
        proposal_ru=amendment.proposal_ru,
    )


def _require_conclusion(amendment: Amendment) -> None:
    """Hold an amendment that a ballot on a wording disposes of to its proposed conclusion."""
    conclusion = rounds.conclusion_of(amendment)
    if conclusion not in _NOT_TAKEN_UP and amendment.speaks_for is None:
        raise refusals.NeedsASponsor(amendment=amendment)
    if (
        amendment.kind == Amendment.Kind.DELETE_CLAUSE
        and conclusion == Amendment.Disposition.ACCEPTED
    ):
        raise refusals.DeletionIsVotedByItself(amendment=amendment)


def require_votable_amendments(
    clauses: Sequence[Clause],
    named: Sequence[Amendment],
    *,
    besides: Question | None = None,
) -> None:
    """Refuse a question about amendments that is not ready: see `put_question`."""
    if clauses or not named or len({amendment.pk for amendment in named}) != len(named):
        raise refusals.QuestionIsEmpty
    places = {amendment.pk: place for place, amendment in enumerate(named)}
    for amendment in named:
        if not amendment.is_undecided:
            raise refusals.AmendmentIsClosed(
                amendment=amendment, state=amendment.get_state_display()
            )
        if amendment.state in {Amendment.State.FILED, Amendment.State.STALE}:
            raise refusals.WrongAmendmentState(
                amendment=amendment, state=amendment.get_state_display()
            )
        if amendment.speaks_for is None:
            raise refusals.NeedsASponsor(amendment=amendment)
        if amendment.clause is None:
            raise refusals.NothingOnTheTable(clause=amendment.proposed_number or "—")
        texts.require_open_clause(amendment.clause)
        standing.require_not_under_vote(amendment.clause, besides=besides)
        for child in amendment.sub_amendments.undecided().order_by("code"):
            if places.get(child.pk, len(named)) > places[amendment.pk]:
                raise refusals.WrongVotingOrder(child=child, parent=amendment)
    _require_compatible(named)


def _require_no_separate_vote(clauses: Sequence[Clause]) -> None:
    wanted = (
        SeparateVoteDemand.objects.filter(clause__in=clauses)
        .order_by("clause__position")
        .values_list("clause__number", flat=True)
    )
    if wanted:
        raise refusals.SeparateVoteWanted(clauses=", ".join(dict.fromkeys(wanted)))


def _topics(clauses: Sequence[Clause], named: Sequence[Amendment]) -> list[UUID]:
    """Return what recusals and the agenda refer to: the clauses concerned."""
    touched = [*clauses, *(amendment.clause for amendment in named if amendment.clause)]
    return list(dict.fromkeys(clause.uid for clause in touched))
