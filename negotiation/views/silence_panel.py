"""What the page of a ballot shows of the silence procedure on its question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.models import Ballot, SilenceProcedure
from governance.services import charter_in_force
from negotiation.models import Amendment, Question

if TYPE_CHECKING:
    from negotiation.views.access import Standing


def silence_context(question: Question, standing: Standing) -> dict[str, Any]:
    """Collect it. Only questions about amendments can have one."""
    if question.basis != Question.Basis.AMENDMENT:
        return {}
    ballot = question.ballot
    silence: SilenceProcedure | None = getattr(ballot, "silence", None)
    if silence is None:
        return {"may_open_silence": _may_open(question, standing)}
    notices = list(
        silence.notices.select_related("person", "seat__side").order_by(
            "seat__side__position", "seat__number"
        )
    )
    runs = silence.takes_objections(standing.at)
    mine = [notice for notice in notices if notice.person_id == standing.person.pk]
    return {
        "silence": silence,
        "silence_notices": notices,
        "silence_runs": runs,
        "silence_unread": [each for each in mine if each.delivered_at is None] if runs else [],
        "may_object": runs and bool(standing.holdings),
        "may_end_silence": silence.is_running and not runs and standing.keeps,
    }


def _may_open(question: Question, standing: Standing) -> bool:
    """Say whether the door is worth showing; the act asks everything again."""
    ballot = question.ballot
    if ballot.state != Ballot.State.PREPARED or not standing.keeps:
        return False
    editorial = Amendment.Kind.EDITORIAL
    if question.basis != Question.Basis.AMENDMENT or any(
        row.amendment.kind != editorial for row in question.amendments.all()
    ):
        return False
    version = ballot.charter_version or charter_in_force(ballot.meeting.body, standing.at)
    return version.procedure.get("silence") == SilenceProcedure.Kind.EDITORIAL
