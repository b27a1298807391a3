"""Editorial amendments under silence: on what it may be asked, and what tacit consent does.

Nobody voted, so nothing here reads as a vote: the disposition says that nobody objected, and names
the ballot that was not needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from negotiation import refusals
from negotiation.models import Amendment, Question
from negotiation.services import dispositions, questions, standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person


def require_editorial(question: Question) -> None:
    """Refuse silence on anything but editorial amendments.

    An editorial amendment changes no requirement, so it lays no duty on anybody; what would, is
    of another kind and is voted on.

    Raises:
        NotEditorial: the question asks for more.
    """
    named = questions.amendments_of(question)
    if question.basis != Question.Basis.AMENDMENT or any(
        amendment.kind != Amendment.Kind.EDITORIAL for amendment in named
    ):
        raise refusals.NotEditorial


def accept(question: Question, *, actor: Person | None, at: datetime) -> None:
    """Accept the amendments to which nobody objected; what they change takes its wording later."""
    standing.lock_matter(question.matter_id)
    for amendment in questions.amendments_of(question):
        dispositions.decide(
            amendment,
            disposition=Amendment.Disposition.ACCEPTED,
            decided_by=Amendment.DecidedBy.TACIT,
            ground=dispositions.TACIT_CONSENT,
            actor=actor,
            at=at,
            ballot=question.ballot,
        )
