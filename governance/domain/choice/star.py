"""STAR and bloc STAR: score, then an automatic run-off between the two highest.

Equal Vote Coalition, STAR Voting; for several seats as in PEP 13 since 2024-12-10 (PEP 8107): the
count is repeated without those already elected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from governance.domain.expressions import Number

from .outcome import ChoiceResult, Finding, Stages, Step
from .seats import Seats, ranked

Preference: TypeAlias = Callable[[int, int], int]
"""How many voters score the first of two candidates higher than the second."""

_FINALISTS = 2


def score_then_run_off(
    scores: Mapping[int, Number], prefer: Preference, seats: Seats, stages: Stages
) -> Finding:
    """Elect one candidate after another, each in a run-off of the two highest scores left.

    Of those equal in the run-off the one with the higher score is elected. Equals for a place in
    the run-off are a tie, unless the charter has a lot.
    """
    stages.add(Step.COUNTED, (), scores)
    if not any(scores.values()):
        return Finding(failure=ChoiceResult.NO_VOTES)
    winners: list[int] = []
    while len(winners) < seats.number:
        running = seats.admitted([one for one in scores if one not in winners], winners, stages)
        if not running:
            break
        finalists, open_between = _finalists({one: scores[one] for one in running}, seats, stages)
        if open_between:
            return Finding(tuple(winners), between=open_between)
        winner = _run_off(finalists, scores, prefer, seats, stages)
        if winner is None:
            return Finding(tuple(winners), between=finalists)
        winners.append(winner)
        stages.add(Step.ELECTED, [winner])
    return Finding(tuple(winners))


def _finalists(
    scores: Mapping[int, Number], seats: Seats, stages: Stages
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the two highest, or those between whom a place in the run-off is open."""
    finalists: list[int] = []
    for group in ranked(scores):
        free = _FINALISTS - len(finalists)
        if not free:
            break
        chosen: list[int] | None = list(group)
        if len(group) > free:
            stages.add(Step.EQUAL, group)
            chosen = seats.ties.drawn(group)
            if chosen is None:
                return (), group
            stages.add(Step.LOT, chosen)
        finalists.extend((chosen or [])[:free])
    stages.add(Step.FINALISTS, finalists, {one: scores[one] for one in finalists})
    return tuple(finalists), ()


def _run_off(
    finalists: tuple[int, ...],
    scores: Mapping[int, Number],
    prefer: Preference,
    seats: Seats,
    stages: Stages,
) -> int | None:
    if len(finalists) == 1:
        return finalists[0]
    one, other = finalists
    for_one, for_other = prefer(one, other), prefer(other, one)
    stages.add(Step.RUN_OFF, (), {one: for_one, other: for_other})
    if for_one != for_other:
        return one if for_one > for_other else other
    stages.add(Step.EQUAL, finalists)
    if scores[one] != scores[other]:
        winner = one if scores[one] > scores[other] else other
        stages.add(Step.HIGHER_SCORE, [winner])
        return winner
    drawn = seats.ties.drawn(finalists)
    if drawn is None:
        return None
    stages.add(Step.LOT, drawn)
    return drawn[0]
