"""What one seat's vote does to the count, found by counting: before the vote, and after it.

Nothing is known here of majorities and bases. Every answer is found by deciding again with votes
changed, so it holds for whatever charter the ballot is pinned to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from .charter import Charter
from .decide import decide
from .expressions import Result, Vote
from .rows import Row

OPTIONS = (Vote.YES, Vote.NO, Vote.ABSTAIN, Vote.ABSENT)
"""What the holder of a seat can do; to send no paper is to be absent."""

_ALL_MIXTURES = 6
"""Up to so many other seats every mixture of votes is tried; above, each vote beside «for»."""

_MOST_COUNTED = 3000
"""Counts that are made in search of the fewest votes of one side."""

_DISTANCE: Mapping[Vote, Mapping[Vote | str, int]] = {
    Vote.YES: {Vote.NO: 2},
    Vote.NO: {Vote.YES: 2},
    Vote.ABSTAIN: {Vote.YES: 1, Vote.NO: 1},
}
"""Which votes are changed first on the way to one: those that it moves furthest."""


class Effect(StrEnum):
    """What abstaining or staying away does to the answer, compared with a vote."""

    COUNTS_AGAINST = "counts_against"
    COUNTS_FOR = "counts_for"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Stakes:
    """What is at stake for one seat while the other sides are for.

    `others` are the other seats of the side that may vote. `enough` says for each option how many
    of them must be for, the rest being against, so that the question is adopted; `None` where all
    of them would not be enough.
    """

    others: int
    abstention: Effect
    absence: Effect
    absence_costs_quorum: bool
    enough: Mapping[Vote, int | None]


def stakes(charter: Charter, rows: Iterable[Row], seat: str) -> Stakes:
    """Find what an abstention and an absence of a seat on the frozen roll would mean.

    Raises:
        LookupError: the seat is not on the roll, or is recused.

    """
    roll = [row for row in rows if row.vote != Vote.RECUSED]
    own = next((row for row in roll if row.id == seat), None)
    if own is None:
        raise LookupError(f"seat {seat} has no vote on this roll")
    beside = [row for row in roll if row.side == own.side and row is not own]
    abroad = [replace(row, vote=Vote.YES) for row in roll if row.side != own.side]

    def result(vote: Vote, others: Sequence[Vote]) -> str:
        side = [replace(row, vote=cast) for row, cast in zip(beside, others, strict=True)]
        return decide(charter, [*abroad, *side, replace(own, vote=vote)]).result

    found = {
        vote: [result(vote, mixture) for mixture in _mixtures(len(beside))] for vote in OPTIONS
    }
    passes = {vote: [one == Result.ADOPTED for one in results] for vote, results in found.items()}

    def effect(vote: Vote) -> Effect:
        if passes[vote] == passes[Vote.NO]:
            return Effect.COUNTS_AGAINST
        return Effect.COUNTS_FOR if passes[vote] == passes[Vote.YES] else Effect.NEITHER

    return Stakes(
        others=len(beside),
        abstention=effect(Vote.ABSTAIN),
        absence=effect(Vote.ABSENT),
        absence_costs_quorum=any(
            absent == Result.NO_QUORUM != abstaining
            for absent, abstaining in zip(found[Vote.ABSENT], found[Vote.ABSTAIN], strict=True)
        ),
        enough={
            vote: next(
                (
                    wanted
                    for wanted in range(len(beside) + 1)
                    if result(vote, _split(wanted, len(beside), Vote.NO)) == Result.ADOPTED
                ),
                None,
            )
            for vote in OPTIONS
        },
    )


def _split(wanted: int, whole: int, rest: Vote) -> list[Vote]:
    return [Vote.YES] * wanted + [rest] * (whole - wanted)


def _mixtures(seats: int) -> Iterator[list[Vote]]:
    """Yield votes that so many equal seats may cast together."""
    if seats > _ALL_MIXTURES:
        for rest in OPTIONS[1:]:
            for wanted in range(seats + 1):
                yield _split(wanted, seats, rest)
        return
    for counts in _shares(seats, len(OPTIONS)):
        yield [vote for vote, count in zip(OPTIONS, counts, strict=True) for _ in range(count)]


def _shares(whole: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to share a number out among so many parts."""
    if parts == 1:
        yield (whole,)
        return
    for first in range(whole + 1):
        for rest in _shares(whole - first, parts - 1):
            yield (first, *rest)


@dataclass(frozen=True, slots=True)
class Swing:
    """The fewest votes of one side that, cast otherwise, turn adopted into not adopted or back.

    `votes` is `None` when this side alone could not have turned it. Where there are too many counts
    to try them all `is_known` is false: then `votes` would turn it, fewer than `tried` would not,
    and what lies between is open; without `votes` nothing was found.
    """

    side: str
    votes: int | None
    is_known: bool = True
    tried: int = 0


def swings(charter: Charter, rows: Iterable[Row]) -> tuple[Swing, ...]:
    """Find for every side the fewest of its votes that would have changed the result.

    Any vote of a seat that is not recused may become for, against or an abstention, also the vote
    that was never sent. The number is exact and smallest: every count that one, two, … changed
    votes can lead to is decided. No charter is taken to be monotone for that; only where the
    counts are too many does a search in three directions give a number that is enough.
    """
    roll = tuple(rows)
    adopted = decide(charter, roll).result == Result.ADOPTED
    sides = dict.fromkeys(row.side for row in roll)
    return tuple(_swing(charter, roll, side, adopted=adopted) for side in sides)


_Kind = tuple[Row, dict[Vote | str, int]]
"""Members who differ in nothing but their votes: one of them, and how many cast each vote."""


def _swing(charter: Charter, roll: tuple[Row, ...], side: str, *, adopted: bool) -> Swing:
    fixed = [row for row in roll if row.side != side or row.vote == Vote.RECUSED]
    kinds = _kinds(row for row in roll if row.side == side and row.vote != Vote.RECUSED)

    def turned(changed: Iterable[Row]) -> bool:
        return (decide(charter, [*fixed, *changed]).result == Result.ADOPTED) != adopted

    counted = 0
    for wanted in range(1, sum(sum(votes.values()) for _, votes in kinds) + 1):
        for changed in _changed(kinds, wanted):
            counted += 1
            if counted > _MOST_COUNTED:
                return Swing(side, _enough(kinds, turned), is_known=False, tried=wanted)
            if turned(changed):
                return Swing(side, wanted)
    return Swing(side, None)


def _kinds(rows: Iterable[Row]) -> list[_Kind]:
    """Count members by what a charter can tell them apart by, and by their votes."""
    alike: dict[tuple[object, ...], _Kind] = {}
    for row in rows:
        key = (row.weight, *sorted(row.attributes.items()))
        _one, votes = alike.setdefault(key, (replace(row, id="", n=1), {}))
        votes[row.vote] = votes.get(row.vote, 0) + row.n
    return list(alike.values())


def _changed(kinds: list[_Kind], wanted: int) -> Iterator[list[Row]]:
    """Yield every count to which so many changed votes lead and fewer do not.

    No vote is both given up and taken over: whoever did so left the count to fewer changes.
    """
    if not kinds:
        if wanted == 0:
            yield []
        return
    (one, votes), *rest = kinds
    for taken in range(min(wanted, sum(votes.values())), -1, -1):
        for others in _changed(rest, wanted - taken):
            for left in _given_up(votes, taken):
                targets = [vote for vote in OPTIONS[:3] if left.get(vote, 0) == votes.get(vote, 0)]
                for shares in _shares(taken, len(targets)) if targets else ():
                    new = dict(left)
                    for vote, share in zip(targets, shares, strict=True):
                        new[vote] = new.get(vote, 0) + share
                    yield [*_rows(one, new), *others]


def _given_up(votes: Mapping[Vote | str, int], taken: int) -> Iterator[dict[Vote | str, int]]:
    """Yield what stays of the votes of one kind when so many are given up."""
    if not votes:
        if taken == 0:
            yield {}
        return
    (vote, count), *rest = votes.items()
    for gone in range(min(count, taken), -1, -1):
        for left in _given_up(dict(rest), taken - gone):
            yield {vote: count - gone, **left}


def _rows(one: Row, votes: Mapping[Vote | str, int]) -> list[Row]:
    return [replace(one, vote=vote, n=count) for vote, count in votes.items() if count]


def _enough(kinds: list[_Kind], turned: Callable[[Iterable[Row]], bool]) -> int | None:
    """Find a number of votes that, all cast as one and the same, would have turned the result.

    Between a number that does not turn it and one that does, halving finds a step from one to the
    other: a number that is enough, though not proved to be the smallest.
    """
    found = []
    for vote in OPTIONS[:3]:
        low, high = 0, sum(sum(votes.values()) - votes.get(vote, 0) for _, votes in kinds)
        if not turned(_towards(vote, kinds, high)):
            continue
        while high - low > 1:
            middle = (low + high) // 2
            if turned(_towards(vote, kinds, middle)):
                high = middle
            else:
                low = middle
        found.append(high)
    return min(found, default=None)


def _towards(vote: Vote, kinds: Iterable[_Kind], wanted: int) -> list[Row]:
    """Return the rows with so many votes changed into one, those of the opposite vote first."""
    rows: list[Row] = []
    for one, votes in kinds:
        new = dict(votes)
        for other in sorted(votes, key=lambda cast: -_DISTANCE[vote].get(cast, 0)):
            moved = min(wanted, votes[other]) if other != vote else 0
            new[other] -= moved
            new[vote] = new.get(vote, 0) + moved
            wanted -= moved
        rows += _rows(one, new)
    return rows
