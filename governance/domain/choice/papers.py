"""Ranked ballots as one preference after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from typing import TypeAlias

from .poll import Ranking

Paper: TypeAlias = tuple[int, ...]
"""Candidates in the order of one voter's preference, as far as it is an order."""


def papers_of(
    rankings: Iterable[tuple[Ranking, int]], among: Collection[int] | None = None
) -> list[tuple[Paper, int]]:
    """Return each order of preference with the number of its ballots.

    An order ends where ranks are equal. With `among`, other candidates are left out first, as if
    they had not stood.
    """
    papers: Counter[Paper] = Counter()
    for ranking, n in rankings:
        paper: list[int] = []
        for group in ranking:
            left = group if among is None else [one for one in group if one in among]
            if len(left) > 1:
                break
            paper.extend(left)
        papers[tuple(paper)] += n
    return list(papers.items())
