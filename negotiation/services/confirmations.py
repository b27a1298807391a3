"""Confirming a decision about a text: the question names the decision, and no text moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance.services import confirmations
from negotiation import refusals
from negotiation.models import Question
from negotiation.services import questions, standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.models import AgendaItem, Decision
    from negotiation.models import Matter


@transaction.atomic
def put_confirmation(
    *,
    matter: Matter,
    decision: Decision,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    question_en: str = "",
    reason: str,
    actor: Person,
    at: datetime,
) -> Question:
    """Put the question whether the body confirms a decision that it took on this matter.

    Raises:
        ForeignRow: the decision is about another matter.
        VoidIsTakenAnew, NothingToConfirm and the others of governance's `put_confirmation`.
        NotAuthorised: the actor may not prepare ballots at this body.
    """
    meeting = agenda_item.meeting
    standing.lock_meeting(meeting, matter)
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    if not row.questions.filter(ballot__decision=decision).exists():
        raise refusals.ForeignRow
    ballot = confirmations.put_confirmation(
        decision=decision,
        meeting=meeting,
        agenda_item=agenda_item,
        code=code,
        question_ru=question_ru,
        question_en=question_en,
        reason=reason,
        actor=actor,
        at=at,
    )
    return questions.store(
        row,
        ballot,
        basis=Question.Basis.CONFIRMATION,
        wordings=[],
        amendments=[],
        evidence=evidence,
        actor=actor,
        at=at,
    )
