"""Instant run-off voting: the lowest goes out until one has a majority of the ballots left.

San Francisco Charter 13.102; Burlington, Aspen and others alike. A ballot is exhausted when equal
ranks are reached, whoever stands in them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from governance.domain.expressions import Number

from .outcome import ChoiceResult, Finding, Stages, Step
from .papers import Paper
from .ties import Ties


def instant_runoff(
    papers: Iterable[tuple[Paper, int]], candidates: Collection[int], ties: Ties, stages: Stages
) -> Finding:
    """Elect the candidate who first has more than half of the continuing ballots."""
    piles: dict[int, list[tuple[Paper, int]]] = {candidate: [] for candidate in candidates}
    votes: dict[int, Number] = dict.fromkeys(candidates, 0)
    exhausted = _dealt(papers, piles, votes)
    history: list[dict[int, Number]] = []
    while True:
        history.append(dict(votes))
        total = sum(votes.values())
        majority = total // 2 + 1
        stages.add(Step.COUNTED, (), votes, needed=majority, rest=exhausted)
        if not total:
            return Finding(failure=ChoiceResult.NO_VOTES)
        leader = max(votes, key=votes.__getitem__)
        if votes[leader] >= majority:
            stages.add(Step.ELECTED, [leader])
            return Finding((leader,))
        out = _lowest(votes, history, ties, stages)
        if not out:
            return Finding(between=_bottom(votes))
        returned = [paper for candidate in out for paper in piles.pop(candidate)]
        for candidate in out:
            del votes[candidate]
        exhausted += _dealt(returned, piles, votes)


def _dealt(
    papers: Iterable[tuple[Paper, int]],
    piles: Mapping[int, list[tuple[Paper, int]]],
    votes: dict[int, Number],
) -> int:
    """Give each paper to its first candidate still running; return how many have none."""
    exhausted = 0
    for paper, n in papers:
        for candidate in paper:
            if candidate in piles:
                piles[candidate].append((paper, n))
                votes[candidate] += n
                break
        else:
            exhausted += n
    return exhausted


def _bottom(votes: Mapping[int, Number]) -> tuple[int, ...]:
    fewest = min(votes.values())
    return tuple(candidate for candidate, number in votes.items() if number == fewest)


def _lowest(
    votes: Mapping[int, Number],
    history: Sequence[Mapping[int, Number]],
    ties: Ties,
    stages: Stages,
) -> tuple[int, ...]:
    """Return who goes out now; nobody where equals are last and nothing decides between them.

    Equals who could not reach the next candidate even together go out together: whichever of them
    went first, the others would follow.
    """
    bottom = _bottom(votes)
    if len(bottom) == 1:
        stages.add(Step.EXCLUDED, bottom)
        return bottom
    above = [number for candidate, number in votes.items() if candidate not in bottom]
    if above and sum(votes[candidate] for candidate in bottom) < min(above):
        stages.add(Step.EXCLUDED_TOGETHER, bottom)
        return bottom
    last = ties.last(bottom, history, stages)
    if last is None:
        return ()
    stages.add(Step.EXCLUDED, [last])
    return (last,)
