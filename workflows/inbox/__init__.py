"""What awaits a person: steps of processes, and what is owed beside them.

Nobody is shown what only others can do. Each question is asked once for everything, so the
number of queries does not grow with what there is to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workflows.inbox import approval, chores, decisions, steps, text
from workflows.inbox.items import InboxItem, Kind, Reader

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person

__all__ = ["InboxItem", "Kind", "awaiting"]

_SOURCES = (
    steps.steps,
    decisions.votes,
    decisions.votes_to_approve,
    decisions.objections,
    decisions.conflicts_to_decide,
    text.positions,
    text.positions_to_approve,
    text.comments_invited,
    text.proposals_to_admit,
    text.proposals_to_rebase,
    approval.visas,
    chores.ballots_to_count,
    chores.silences_to_end,
    chores.protocols_to_draw_up,
    chores.protocols_to_sign,
    chores.disagreements_to_sign,
)


def awaiting(person: Person, at: datetime) -> list[InboxItem]:
    """Return what awaits a person at an instant, what happens now first, then by deadline."""
    reader = Reader(person, at)
    found = [item for source in _SOURCES for item in source(reader)]
    return sorted(found, key=lambda item: item.urgency)
