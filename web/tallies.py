"""The vote of one side, laid out for the eye: seats in a fixed order, or one bar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Beyond this, seats are no longer counted at a glance and a bar says more.
SEATS_SHOWN = 14
BAR_WIDTH = 1000


@dataclass(frozen=True, slots=True)
class Tally:
    """Numbers of one side, and where each part of its bar stands."""

    entitled: int
    recused: int
    cast: int
    votes_for: int
    votes_against: int
    abstained: int
    side_quorum: bool | None
    agreed: bool | None

    @property
    def silent(self) -> int:
        """Count the entitled seats without a counted vote."""
        return max(self.entitled - self.cast, 0)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """List the kinds of answer in the order of reading, with their numbers."""
        return [
            ("for", self.votes_for),
            ("against", self.votes_against),
            ("abstain", self.abstained),
            ("silent", self.silent),
            ("recused", self.recused),
        ]

    @property
    def seats(self) -> list[str]:
        """List one kind of answer for each seat; nothing when there are too many to draw."""
        if self.entitled + self.recused > SEATS_SHOWN:
            return []
        return [kind for kind, count in self.parts for _ in range(count)]

    @property
    def bar(self) -> list[tuple[str, int, int]]:
        """Place each kind on a bar of 1000 units: (kind, start, width)."""
        placed, start, seen = [], 0, 0
        for kind, count in self.parts[:4]:
            seen += count
            end = seen * BAR_WIDTH // self.entitled if self.entitled else 0
            if count:
                placed.append((kind, start, end - start))
            start = end
        return placed

    @property
    def outcome(self) -> str:
        """Return the code of the side's own result."""
        if self.side_quorum is False or self.agreed is None:
            return "not_held"
        return "agreed" if self.agreed else "not_agreed"


def tally_of(result: Any) -> Tally:
    """Read the numbers of one element of `side_results`, whether a dict or an object."""
    read = result.get if isinstance(result, dict) else lambda key: getattr(result, key, None)
    return Tally(
        entitled=read("entitled") or 0,
        recused=read("recused") or 0,
        cast=read("cast") or 0,
        votes_for=read("votes_for") or 0,
        votes_against=read("votes_against") or 0,
        abstained=read("abstained") or 0,
        side_quorum=read("side_quorum"),
        agreed=read("agreed"),
    )
