"""Methods in which every candidate has one number: plurality, approval, Borda and score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor

from governance.domain.expressions import Number, whole

from .methods import LeastVotes
from .outcome import ChoiceResult, Finding, Stages, Step
from .poll import Ranking
from .seats import Seats, ranked


def most_votes(
    totals: Mapping[int, Number],
    seats: Seats,
    stages: Stages,
    *,
    least: LeastVotes | None = None,
    voters: int = 0,
) -> Finding:
    """Elect those with the highest totals, if need be only those with a share of the voters.

    Robert's Rules 44:11 (plurality) and 46:32 (majority); Universi Dominici Gregis 62 (two thirds).
    Those who reached the share are named even if fewer did than there are seats.
    """
    needed = None if least is None else _fewest(least, voters)
    stages.add(Step.COUNTED, (), totals, needed=needed)
    if not any(totals.values()):
        return Finding(failure=ChoiceResult.NO_VOTES)
    if needed is None:
        return seats.fill(ranked(totals), stages)
    reached = {candidate: total for candidate, total in totals.items() if total >= needed}
    stages.add(Step.REACHED, reached, needed=needed)
    found = seats.fill(ranked(reached), stages)
    if len(found.winners) < seats.number and not found.between:
        return Finding(found.winners, order=found.order, failure=ChoiceResult.NO_MAJORITY)
    return found


def _fewest(least: LeastVotes, voters: int) -> int:
    """Return the smallest whole number of votes that is the share asked for, or exceeds it."""
    share = least.of_voters * voters
    return floor(share) + 1 if least.is_strict else ceil(share)


def borda_points(rankings: Iterable[tuple[Ranking, int]], candidates: int) -> dict[int, Number]:
    """Give m−1, m−2, … 0 points for the places of each ranking; nothing to the unranked.

    J.-C. de Borda, Mémoire sur les élections au scrutin (1781). Equals share the points of the
    places they take up: half points are counted as double integers, so no fraction is rounded.
    """
    doubled = [0] * candidates
    for ranking, n in rankings:
        place = 0
        for group in ranking:
            points = n * (2 * (candidates - 1 - place) - (len(group) - 1))
            for candidate in group:
                doubled[candidate] += points
            place += len(group)
    return {candidate: whole(Fraction(points, 2)) for candidate, points in enumerate(doubled)}
