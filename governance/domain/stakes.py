"""What one seat's vote does to the count, found by counting: before the vote, and after it.

Nothing is known here of majorities and bases. Every answer is found by deciding again with votes
changed, so it holds for whatever charter the ballot is pinned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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

    `votes` is `None` when this side alone could not have turned it; `is_known` is false when there
    are too many ways to try them all.
    """

    side: str
    votes: int | None
    is_known: bool = True


def swings(charter: Charter, rows: Iterable[Row]) -> tuple[Swing, ...]:
    """Find for every side the fewest of its votes that would have changed the result.

    Any vote of a seat that is not recused may become for, against or an abstention, also the vote
    that was never sent. The number is exact and smallest: one, two, … votes are changed in every
    way, and counted again.
    """
    roll = tuple(rows)
    adopted = decide(charter, roll).result == Result.ADOPTED
    sides = dict.fromkeys(row.side for row in roll)
    return tuple(_swing(charter, roll, side, adopted=adopted) for side in sides)


def _swing(charter: Charter, roll: tuple[Row, ...], side: str, *, adopted: bool) -> Swing:
    fixed = [row for row in roll if row.side != side or row.vote == Vote.RECUSED]
    # Members who differ in nothing that can be counted are interchangeable: only numbers matter.
    alike: dict[tuple[object, ...], tuple[Row, int]] = {}
    for row in roll:
        if row.side == side and row.vote != Vote.RECUSED:
            key = (row.vote, row.weight, *sorted(row.attributes.items()))
            one, count = alike.get(key, (replace(row, id="", n=1), 0))
            alike[key] = one, count + row.n
    kinds = list(alike.values())
    counted = 0
    for wanted in range(1, sum(count for _, count in kinds) + 1):
        for changed in _changed(kinds, wanted):
            counted += 1
            if counted > _MOST_COUNTED:
                return Swing(side, None, is_known=False)
            if (decide(charter, [*fixed, *changed]).result == Result.ADOPTED) != adopted:
                return Swing(side, wanted)
    return Swing(side, None)


def _changed(kinds: list[tuple[Row, int]], wanted: int) -> Iterator[list[Row]]:
    """Yield the rows with exactly so many votes cast otherwise, in every way."""
    if not kinds:
        if wanted == 0:
            yield []
        return
    (row, count), *rest = kinds
    targets = [vote for vote in OPTIONS[:3] if vote != row.vote]
    for taken in range(min(count, wanted), -1, -1):
        for others in _changed(rest, wanted - taken):
            for shares in _shares(taken, len(targets)):
                moved = [
                    replace(row, vote=vote, n=share)
                    for vote, share in zip(targets, shares, strict=True)
                    if share
                ]
                kept = [replace(row, n=count - taken)] if count > taken else []
                yield [*kept, *moved, *others]
