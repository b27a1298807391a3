"""Decide between equals as the charter says, and by nothing else.

No chance works here. A lot is drawn by people and published; it comes with the poll as an order of
candidates, and is used only where the charter names it. What nothing decides is a tie.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from governance.domain.expressions import Number

from .methods import TieRule
from .outcome import Stages, Step

History: TypeAlias = Sequence[Mapping[int, Number]]
"""The votes of each candidate after each stage; the last is the stage in which they are equal."""


@dataclass(frozen=True, slots=True)
class Ties:
    """The rules for ties of one charter with the lot of one poll: the earlier drawn goes first."""

    rules: tuple[TieRule, ...] = ()
    lot: tuple[int, ...] = ()

    def first(self, equals: Sequence[int], history: History, stages: Stages) -> int | None:
        """Say who of equals goes before the others: the greatest in the latest earlier stage.

        Of equal surpluses the one goes first whose candidate had most votes at the end of the
        latest stage at which they differed: Scottish Local Government Elections Order 2011.
        """
        return self._decided(equals, history, stages, max, 0)

    def last(self, equals: Sequence[int], history: History, stages: Stages) -> int | None:
        """Say who of equals goes out: the fewest in the latest earlier stage, or last by lot."""
        return self._decided(equals, history, stages, min, -1)

    def drawn(self, equals: Iterable[int]) -> list[int] | None:
        """Return equals in the order of the lot, where the charter has one and all were drawn."""
        if TieRule.LOT not in self.rules:
            return None
        places = {candidate: place for place, candidate in enumerate(self.lot)}
        if any(candidate not in places for candidate in equals):
            return None
        return sorted(equals, key=places.__getitem__)

    def _decided(
        self,
        equals: Sequence[int],
        history: History,
        stages: Stages,
        extreme: Callable[[Iterable[Number]], Number],
        end: int,
    ) -> int | None:
        stages.add(Step.EQUAL, equals)
        left = list(equals)
        for rule in self.rules:
            if rule is TieRule.BACKWARD:
                left = _looked_back(left, history, extreme)
                step = Step.BACKWARD
            else:
                drawn = self.drawn(left)
                left = left if drawn is None else [drawn[end]]
                step = Step.LOT
            if len(left) == 1:
                stages.add(step, left)
                return left[0]
        return None


def _looked_back(
    equals: Sequence[int], history: History, extreme: Callable[[Iterable[Number]], Number]
) -> list[int]:
    """Keep those with the extreme number in each earlier stage, the latest first."""
    left = list(equals)
    for votes in reversed(history[:-1]):
        bound = extreme(votes[one] for one in left)
        left = [one for one in left if votes[one] == bound]
    return left
