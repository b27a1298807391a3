"""Where each side stands on a clause, and what keeps the clause from being agreed.

A position is bound to the wording that was seen: another wording makes it stale. Staying silent is
never consent. Positions do not decide anything; the ballot does. They show, before it, who would
stand in the way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Stance(StrEnum):
    """What a side says about a wording."""

    SUPPORT = "support"
    SUPPORT_WITH_RESERVATION = "support_with_reservation"
    OBJECT = "object"
    NO_POSITION = "no_position"


class Cell(StrEnum):
    """What the table shows for one side at one clause."""

    SUPPORTS = "supports"
    SUPPORTS_WITH_RESERVATION = "supports_with_reservation"
    OBJECTS = "objects"
    HAS_NO_POSITION = "has_no_position"
    STALE = "stale"
    SILENT = "silent"

    @property
    def blocks(self) -> bool:
        """Say whether the clause cannot be called undisputed while the side stands so."""
        return self not in (Cell.SUPPORTS, Cell.SUPPORTS_WITH_RESERVATION)


@dataclass(frozen=True, slots=True)
class Position:
    """The latest position of a side: its stance, and the digest of the wording it was taken on."""

    stance: Stance
    wording_sha256: str


class PositionProblem(StrEnum):
    """Why a position cannot be taken."""

    REASON_MISSING = "reason_missing"
    ANOTHER_WORDING = "another_wording"


_CELLS = {
    Stance.SUPPORT: Cell.SUPPORTS,
    Stance.SUPPORT_WITH_RESERVATION: Cell.SUPPORTS_WITH_RESERVATION,
    Stance.OBJECT: Cell.OBJECTS,
    Stance.NO_POSITION: Cell.HAS_NO_POSITION,
}

NEEDS_REASON = frozenset({Stance.OBJECT})
"""An objection without a reason cannot be met."""


def problems(
    stance: Stance, *, reason: str, seen_sha256: str, tabled_sha256: str
) -> tuple[PositionProblem, ...]:
    """Say what is wrong with a position that is about to be taken."""
    found: list[PositionProblem] = []
    if stance in NEEDS_REASON and not reason.strip():
        found.append(PositionProblem.REASON_MISSING)
    if seen_sha256 != tabled_sha256:
        found.append(PositionProblem.ANOTHER_WORDING)
    return tuple(found)


def is_stale(position: Position, tabled_sha256: str) -> bool:
    """Say whether the position was taken on another wording than the one on the table."""
    return position.wording_sha256 != tabled_sha256


def cell(position: Position | None, tabled_sha256: str) -> Cell:
    """Say what the table shows for a side with this latest position."""
    if position is None:
        return Cell.SILENT
    if is_stale(position, tabled_sha256):
        return Cell.STALE
    return _CELLS[position.stance]


@dataclass(frozen=True, slots=True)
class Blocker:
    """A side that keeps a clause open, and how it stands."""

    side: str
    cell: Cell


def blockers(
    sides: Sequence[str], positions: Mapping[str, Position], tabled_sha256: str
) -> tuple[Blocker, ...]:
    """Name the sides that keep the clause open, in the order of the sides."""
    standing = ((side, cell(positions.get(side), tabled_sha256)) for side in sides)
    return tuple(Blocker(side, shown) for side, shown in standing if shown.blocks)


def is_undisputed(
    sides: Sequence[str], positions: Mapping[str, Position], tabled_sha256: str
) -> bool:
    """Say whether every side supports the wording on the table; with no sides nobody does."""
    return bool(sides) and not blockers(sides, positions, tabled_sha256)
