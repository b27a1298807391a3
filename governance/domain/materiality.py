"""Could a defect have changed the result?

A defect that touches k votes is immaterial if the result stays the same when those k votes are
changed in the most adverse way. Nothing is estimated: the votes are changed and counted again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from itertools import combinations_with_replacement, product
from math import comb, prod

from .charter import Charter
from .decide import decide
from .expressions import Vote
from .rows import Row


class Materiality(StrEnum):
    """Whether a defect could have changed the result.

    `not_examined` means there were too many ways to try them all; it is treated as material.
    """

    IMMATERIAL = "immaterial"
    MATERIAL = "material"
    NOT_EXAMINED = "not_examined"


_WAYS = (Vote.NO, Vote.YES, Vote.ABSENT, Vote.ABSTAIN, Vote.RECUSED)
"""What a vote touched by a defect might have been: any other, none, or not counted at all."""

_MOST_ROLLS = 4_000


def materiality_of(charter: Charter, rows: Iterable[Row], seats: Iterable[str]) -> Materiality:
    """Say whether other votes of these seats could have given another result.

    Every way is tried, but for seats that the charter cannot tell apart, where only how many of
    them voted how is. Seats that are not on the roll change nothing.
    """
    touched = set(seats)
    roll = tuple(rows)
    fixed = tuple(row for row in roll if row.id not in touched)
    open_rows = [row for row in roll if row.id in touched]
    result = decide(charter, roll).result
    groups = _alike(open_rows)
    uniform = ([replace(row, vote=way) for row in open_rows] for way in _WAYS)
    if any(decide(charter, (*fixed, *changed)).result != result for changed in uniform):
        return Materiality.MATERIAL
    if prod(comb(len(group) + len(_WAYS) - 1, len(group)) for group in groups) > _MOST_ROLLS:
        return Materiality.NOT_EXAMINED
    for changed in _every_way(groups):
        if decide(charter, (*fixed, *changed)).result != result:
            return Materiality.MATERIAL
    return Materiality.IMMATERIAL


def _alike(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        key = (row.side, row.weight, row.n, *sorted(row.attributes.items(), key=str))
        groups.setdefault(key, []).append(row)
    return list(groups.values())


def _every_way(groups: list[list[Row]]) -> Iterator[list[Row]]:
    ways = (combinations_with_replacement(_WAYS, len(group)) for group in groups)
    for votes in product(*ways):
        yield [
            replace(row, vote=vote)
            for group, chosen in zip(groups, votes, strict=True)
            for row, vote in zip(group, chosen, strict=True)
        ]
