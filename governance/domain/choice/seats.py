"""Give the seats to the first in an order, and say where equals leave a seat open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from governance.domain.expressions import Number

from .outcome import Finding, Stages, Step
from .ties import Ties


@dataclass(frozen=True, slots=True)
class Seats:
    """How many seats there are, how many one tag may take, and what decides between equals.

    `tags` gives the value that is capped, for each candidate who has one; `most` is `None` where
    nothing is capped. The candidate next in order takes a seat that a cap withholds (Kubernetes:
    a third for each employer; PEP 13: two of five).
    """

    number: int
    ties: Ties = field(default_factory=Ties)
    most: int | None = None
    tags: Mapping[int, str] = field(default_factory=dict)

    def fill(self, order: Iterable[Sequence[int]], stages: Stages) -> Finding:
        """Elect from the top of an order of groups. Equals are elected together if all can be."""
        groups = [tuple(group) for group in order]
        winners: list[int] = []
        for group in groups:
            free = self.number - len(winners)
            if not free:
                break
            candidates = self.admitted(group, winners, stages)
            if len(candidates) <= free and self._may_sit_together(winners, candidates):
                winners.extend(candidates)
                continue
            drawn = self._equal(candidates, stages)
            if drawn is None:
                return Finding(tuple(winners), between=tuple(candidates), order=tuple(groups))
            for candidate in drawn:
                if len(winners) < self.number and self._may_sit_together(winners, [candidate]):
                    winners.append(candidate)
        stages.add(Step.ELECTED, winners)
        return Finding(tuple(winners), order=tuple(groups))

    def admitted(
        self, candidates: Iterable[int], winners: Sequence[int], stages: Stages
    ) -> list[int]:
        """Return those whom no cap keeps out."""
        admitted: list[int] = []
        passed_over: list[int] = []
        for candidate in candidates:
            fits = self._may_sit_together(winners, [candidate])
            (admitted if fits else passed_over).append(candidate)
        if passed_over:
            stages.add(Step.PASSED_OVER, passed_over, needed=self.most)
        return admitted

    def _equal(self, candidates: Sequence[int], stages: Stages) -> list[int] | None:
        stages.add(Step.EQUAL, candidates)
        drawn = self.ties.drawn(candidates)
        if drawn is not None:
            stages.add(Step.LOT, drawn)
        return drawn

    def _may_sit_together(self, winners: Sequence[int], candidates: Sequence[int]) -> bool:
        if self.most is None:
            return True
        held = Counter(self.tags[one] for one in (*winners, *candidates) if one in self.tags)
        return all(held[self.tags[one]] <= self.most for one in candidates if one in self.tags)


def ranked(figures: Mapping[int, Number]) -> list[tuple[int, ...]]:
    """Return candidates in groups of equal figures, the greatest first."""
    groups: dict[Number, list[int]] = {}
    for candidate, figure in figures.items():
        groups.setdefault(figure, []).append(candidate)
    return [tuple(groups[figure]) for figure in sorted(groups, reverse=True)]
