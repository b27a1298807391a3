"""Where the pages of a ballot lie, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from governance.models import Ballot


def place_of(ballot: Ballot) -> tuple[str, UUID] | None:
    """Return the space of the names of a ballot's addresses and their first argument.

    A ballot is about words of a matter, or about the charter of its body; one that nobody said it
    of has no page. Asks nothing where `question__matter`, `charter_question` and `meeting__body`
    were selected with the ballot.
    """
    if (question := getattr(ballot, "question", None)) is not None:
        return "negotiation:", question.matter.uid
    if getattr(ballot, "charter_question", None) is not None:
        return "governance:charter_", ballot.meeting.body.uid
    return None
