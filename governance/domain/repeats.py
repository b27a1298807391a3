"""May a ballot be held again, and on what ground?

A ballot is repeated when it came to nothing: it was not held for want of a quorum, it was
annulled, or – where the charter says so – a side was tied. What was decided is not repeated: an
agreed decision is confirmed, and what the sides did not agree on goes to conciliation.

A repeated ballot is bound to the edition of the charter under which the first one was opened. A
lower threshold adopted meanwhile therefore revives nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from .procedure import Tie
from .table import SideResult


class Ground(StrEnum):
    """Why a ballot is held again."""

    NO_QUORUM = "no_quorum"
    ANNULLED = "annulled"
    TIE = "tie"


@dataclass(frozen=True, slots=True)
class Ended:
    """How the earlier ballot ended. `sides` are the results of its sides, if it was counted."""

    was_held: bool
    was_annulled: bool
    was_agreed: bool
    sides: Collection[SideResult]
    is_second_after_tie: bool


def ground_of(ended: Ended, tie: Tie) -> Ground | None:
    """Say on what ground a ballot that ended so may be repeated; None if it may not.

    A tie is voted on once more and not again (the charter's «repeat, then not adopted»), and only
    if no side failed otherwise: a side that voted against has answered.
    """
    if ended.was_annulled:
        return Ground.ANNULLED
    if not ended.was_held:
        return Ground.NO_QUORUM
    if ended.was_agreed or tie is not Tie.REPEAT or ended.is_second_after_tie:
        return None
    failed = [side for side in ended.sides if not side.agreed]
    return Ground.TIE if failed and all(map(is_tied, failed)) else None


def is_tied(side: SideResult) -> bool:
    """Say whether as many voted for as against, and somebody voted."""
    return side.votes_for == side.votes_against and side.votes_for > 0
