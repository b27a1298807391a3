"""A body confirms a decision of its own: ratification, DT-18 (ГК 181.4 п. 2).

A later proper decision by the same rule cures what made the earlier one voidable. What made it
void – no competence, no quorum, not on the agenda – is not cured by pretending backwards: such a
decision is taken anew. That a principal confirms a single vote is another act: the settlement of a
doubt (`challenges`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import refusals
from governance.domain.validity import Verdict
from governance.models import Ballot

from ._rows import lock, tidy
from ._validity import carry_to_confirmed
from .ballots import prepare_ballot

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import AgendaItem, Decision, Meeting


@transaction.atomic
def put_confirmation(
    *,
    decision: Decision,
    meeting: Meeting,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    question_en: str = "",
    reason: str,
    actor: Person,
    at: datetime.datetime,
) -> Ballot:
    """Prepare the ballot by which a body confirms a voidable decision, under the rule of that one.

    Raises:
        VoidIsTakenAnew: the decision never was one.
        NothingToConfirm: it is valid, or nothing was agreed.
        ConfirmationIsPutAgain: it is itself a confirmation.
        ReasonMissing: there is no explanation.
        WrongBody: the meeting is another body's.
        OutsideAgenda and the others of `prepare_ballot`.
    """
    meeting = lock(meeting, "body")
    first = decision.ballot
    if first.meeting.body_id != meeting.body_id:
        raise refusals.WrongBody
    if first.confirms_id is not None:
        raise refusals.ConfirmationIsPutAgain
    if not tidy(reason):
        raise refusals.ReasonMissing
    last = decision.reports.order_by("-number").first()
    verdict = last.verdict if last else decision.validity["verdict"]
    if verdict == Verdict.VOID:
        raise refusals.VoidIsTakenAnew
    if verdict != Verdict.VOIDABLE or not decision.is_agreed:
        raise refusals.NothingToConfirm
    return prepare_ballot(
        meeting=meeting,
        agenda_item=agenda_item,
        code=code,
        question_ru=question_ru,
        question_en=question_en,
        topics=first.topics,
        text_sha256=decision.text_sha256,
        mode=Ballot.Mode.WRITTEN if meeting.is_written else Ballot.Mode.IN_PERSON,
        decision_type=Ballot.DecisionType.CONFIRM,
        charter_version=first.charter_version,
        confirms=decision,
        confirm_reason=reason,
        actor=actor,
        at=at,
    )


def queue_for_cure(ballot: Ballot) -> None:
    """Take the lock under which editions of a report are written: the body's, before the ballot's.

    Only a ballot that may cure a decision needs it.
    """
    if ballot.confirms_id is not None:
        lock(ballot.meeting.body)


def cure(confirmation: Decision, evidence: Evidence, actor: Person, at: datetime.datetime) -> None:
    """Let a confirmation that was just counted cure what it confirms, if it is itself good.

    The caller has queued by `queue_for_cure`. Should the confirmation turn out not to be good, a
    later edition of its report takes the cure back.
    """
    ballot = confirmation.ballot
    if confirmation.is_agreed:
        carry_to_confirmed(ballot, evidence=evidence, actor=actor, at=at)
