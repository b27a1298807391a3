"""Methods that compare options in pairs: Schulze, Condorcet, Copeland, and Condorcet with IRV.

`pairs[a][b]` is the number of voters who prefer `a` to `b`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from governance.domain.expressions import Number

from .methods import Strength, Unranked
from .outcome import ChoiceResult, Finding, Stages, Step
from .papers import papers_of
from .poll import Ranking
from .runoff import instant_runoff
from .seats import Seats, ranked

Pairs: TypeAlias = Sequence[Sequence[int]]
_Path: TypeAlias = tuple[int, int]
"""How strong a chain of victories is; the second number tells equals in the first apart."""

_NO_PATH: _Path = (0, 0)


def compared(
    rankings: Iterable[tuple[Ranking, int]], candidates: int, unranked: Unranked
) -> list[list[int]]:
    """Count for each ordered pair how many voters rank the first above the second."""
    pairs = [[0] * candidates for _ in range(candidates)]
    everyone = range(candidates)
    for ranking, n in rankings:
        below = [candidate for group in ranking for candidate in group]
        if unranked is Unranked.LAST and len(below) < candidates:
            below += [candidate for candidate in everyone if candidate not in below]
        start = 0
        for group in ranking:
            start += len(group)
            for winner in group:
                row = pairs[winner]
                for loser in below[start:]:
                    row[loser] += n
    return pairs


def show_pairs(pairs: Pairs, options: Sequence[int], stages: Stages) -> None:
    """Write the comparison of every pair into the stages."""
    stages.add_pairs(
        Step.PAIRS,
        {(one, other): pairs[one][other] for one in options for other in options if one != other},
    )


def schulze(
    pairs: Pairs, options: Sequence[int], strength: Strength, seats: Seats, stages: Stages
) -> Finding:
    """Elect by the strongest paths of victories.

    M. Schulze, A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent
    single-winner election method (2011). By winning votes a victory is stronger with more votes
    for it, then with fewer against (Debian Constitution A.5); by margins with the difference.
    """
    paths = strongest_paths(pairs, options, strength)
    stages.add_pairs(Step.PATHS, {pair: path[0] for pair, path in paths.items()})
    order = []
    left = list(options)
    while left:
        top = [
            one
            for one in left
            if not any(paths[other, one] > paths[one, other] for other in left if other != one)
        ]
        order.append(top)
        left = [one for one in left if one not in top]
    return seats.fill(order, stages)


def strongest_paths(
    pairs: Pairs, options: Sequence[int], strength: Strength
) -> dict[tuple[int, int], _Path]:
    """Return for each ordered pair the strength of the weakest victory in the strongest chain."""
    of_victory: Callable[[int, int], _Path] = (
        _by_winning_votes if strength is Strength.WINNING else _by_margin
    )
    paths = [
        [
            of_victory(pairs[one][other], pairs[other][one])
            if pairs[one][other] > pairs[other][one]
            else _NO_PATH
            for other in options
        ]
        for one in options
    ]
    for middle, onwards in enumerate(paths):
        for row in paths:
            first = row[middle]
            if first == _NO_PATH or row is onwards:
                continue
            for place, second in enumerate(onwards):
                weaker = min(first, second)
                row[place] = max(row[place], weaker)
    return {
        (one, other): paths[row][column]
        for row, one in enumerate(options)
        for column, other in enumerate(options)
        if one != other
    }


def _by_winning_votes(votes_for: int, votes_against: int) -> _Path:
    return votes_for, -votes_against


def _by_margin(votes_for: int, votes_against: int) -> _Path:
    return votes_for - votes_against, 0


def copeland(pairs: Pairs, options: Sequence[int], seats: Seats, stages: Stages) -> Finding:
    """Elect those who win most pairs; an equal pair is won by neither (nodejs/caritat)."""
    wins: dict[int, Number] = {
        one: sum(pairs[one][other] > pairs[other][one] for other in options) for one in options
    }
    stages.add(Step.COUNTED, (), wins)
    return seats.fill(ranked(wins), stages)


def condorcet(
    pairs: Pairs, options: Sequence[int], seats: Seats, stages: Stages, *, is_weak_enough: bool
) -> Finding:
    """Elect the option that wins every pair, or nobody (PEP 8001).

    Where a weak winner is enough, the option that loses no pair; several such are a tie.
    """
    winner = condorcet_winner(pairs, options)
    if winner is not None:
        stages.add(Step.CONDORCET_WINNER, [winner])
        return Finding((winner,))
    unbeaten = [
        one
        for one in options
        if is_weak_enough and all(pairs[one][other] >= pairs[other][one] for other in options)
    ]
    if not unbeaten:
        stages.add(Step.CYCLE, options)
        return Finding(failure=ChoiceResult.NO_CONDORCET_WINNER)
    found = seats.fill([unbeaten], stages)
    return Finding(found.winners, found.between)


def condorcet_winner(pairs: Pairs, options: Sequence[int]) -> int | None:
    """Return the option that wins against every other one."""
    for one in options:
        if all(pairs[one][other] > pairs[other][one] for other in options if other != one):
            return one
    return None


def condorcet_or_runoff(
    pairs: Pairs,
    options: Sequence[int],
    rankings: Sequence[tuple[Ranking, int]],
    seats: Seats,
    stages: Stages,
) -> Finding:
    """Give each place to the Condorcet winner of those left, or else to the winner of their IRV.

    Kubernetes Steering Committee 2019 and 2020 (CIVS, Condorcet-IRV).
    """
    order: list[tuple[int, ...]] = []
    left = list(options)
    while left:
        winner = condorcet_winner(pairs, left)
        if winner is not None:
            stages.add(Step.CONDORCET_WINNER, [winner])
        else:
            stages.add(Step.CYCLE, left)
            found = instant_runoff(papers_of(rankings, left), left, seats.ties, stages)
            if not found.winners:
                # Nobody decides between those left, so they share the place.
                order.append(tuple(left))
                break
            [winner] = found.winners
        order.append((winner,))
        left.remove(winner)
    return seats.fill(order, stages)
