"""The row of acts, each at its instant, and the loop that plays it.

INVARIANT: the same inputs give the same row of acts in the same order. A play goes on after an
interruption by counting the acts that were done, so the order depends on nothing but the file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from demonstration.stage import Stage

Deed = Callable[["Stage", datetime], object]


@dataclass(frozen=True)
class Act:
    """One act to be played: when, what kind, about which id of the file, and how."""

    at: datetime
    code: str
    id: str
    deed: Deed

    @property
    def label(self) -> str:
        """What the progress bar shows."""
        return f"{self.at:%d.%m.%Y} {self.code}"


class Timeline:
    """Acts collected in the order of the file and played in the order of time."""

    def __init__(self) -> None:
        self._acts: list[Act] = []

    def add(self, at: datetime, code: str, id: str, deed: Deed) -> None:  # noqa: A002 -- the file's word
        """Add an act. Acts at one instant are played in the order in which they were added."""
        self._acts.append(Act(at=at, code=code, id=id, deed=deed))

    def in_order(self) -> list[Act]:
        """Return the acts in the order of time, those at one instant in the order of the file."""
        return sorted(self._acts, key=lambda act: act.at)
