"""The charter of a table of sides, composed from the rule that each side follows inside.

At a table of equals the body decides when all sides agreed. Sides are equal whatever their number
of seats: there is no arithmetic across sides and no casting vote. A side without quorum has not
decided, so the whole question is not held; absence is never consent.

INVARIANT: the `why` codes below are written into stored charters and outcomes, and results of sides
are read back by them. They are added, never renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .charter import SCHEMA, Charter, parse_charter
from .decide import decide
from .expressions import Result, Vote
from .outcome import Outcome, TraceItem
from .rows import Row

SIDE_QUORUM = "side_quorum"
SIDE_AGREES = "side_agrees"
ALL_SIDES_AGREE = "all_sides_agree"


class InnerRule(StrEnum):
    """How a side comes to its own answer."""

    SINGLE_VOICE = "single_voice"
    MAJORITY_OF_ENTITLED = "majority_of_entitled"
    MAJORITY_OF_PRESENT = "majority_of_present"
    TWO_THIRDS_PRESENT = "two_thirds_present"
    CONSENSUS = "consensus"
    BY_RULES = "by_rules"
    """As the rules of the charter say: nothing is composed for the side."""


class TableResult(StrEnum):
    """What a question put to a table came to."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    NOT_HELD = "not_held"


_TABLE_RESULTS = {
    Result.ADOPTED: TableResult.AGREED,
    Result.BLOCKED: TableResult.NOT_AGREED,
    Result.NO_QUORUM: TableResult.NOT_HELD,
}


def compose_table_charter(
    *,
    id: str,  # noqa: A002 - the key of the schema
    title: str,
    sides: Mapping[str, InnerRule],
    quorum: Fraction = Fraction(1, 2),
    at_least: InnerRule | None = None,
) -> dict[str, Any]:
    """Return the charter of a table as a `decision-charter/1` document, ready to be stored.

    `quorum` is the share of a side's entitled seats that must be exceeded by those present. The
    roll of a `single_voice` side holds one entitled seat: the coordinator's, or the deputy's in
    absence. In a written ballot those who sent nothing are `absent`; `silent` is for those who are
    in the room and do not vote.

    `at_least` is a rule that every side has to satisfy besides its own, unless it has one voice.

    Raises:
        CharterError: there are no sides, or the text of the charter is empty.
        ValueError: a side decides by rules that are written and not composed.

    """
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "id": id,
        "title": title,
        "kind": "motion",
        "roll": {"sides": {side: {"side": side} for side in sides}},
        "decide": [
            {
                "then": str(Result.NO_QUORUM),
                "unless": {
                    "each": list(sides),
                    "is": {"votes": "present", ">": str(quorum), "of": "members"},
                },
                "why": SIDE_QUORUM,
            },
            {
                "then": str(Result.BLOCKED),
                "unless": {"all": [_agrees(side, rule, at_least) for side, rule in sides.items()]},
                "why": SIDE_AGREES,
            },
            {"then": str(Result.ADOPTED), "why": ALL_SIDES_AGREE},
        ],
    }
    parse_charter(document)
    return document


def _agrees(side: str, rule: InnerRule, at_least: InnerRule | None = None) -> dict[str, Any]:
    if at_least not in (None, rule) and rule is not InnerRule.SINGLE_VOICE:
        besides = _agrees(side, at_least)
        if rule is InnerRule.BY_RULES:
            return besides
        return {"all": [_agrees(side, rule), besides]}
    match rule:
        case InnerRule.SINGLE_VOICE:
            # All entitled seats, of which there is one: were a second seat put on the roll by
            # mistake, its silence would show instead of passing unseen.
            return {"side": side, "==": 1, "of": "members"}
        case InnerRule.MAJORITY_OF_ENTITLED:
            return {"side": side, ">": "1/2", "of": "members"}
        case InnerRule.MAJORITY_OF_PRESENT:
            return {"side": side, ">": "1/2", "of": "present"}
        case InnerRule.TWO_THIRDS_PRESENT:
            return {"side": side, ">=": "2/3", "of": "present"}
        case InnerRule.CONSENSUS:
            return {"all": [{"side": side, "votes": "no", "<": 1}, {"side": side, ">=": 1}]}
        case InnerRule.BY_RULES:
            raise ValueError(f"the rule of side {side} is written, not composed")


def is_table(outcome: Outcome) -> bool:
    """Say whether the outcome came from a charter composed here, with no rule besides."""
    codes = {item.why for item in outcome.trace}
    return (
        outcome.result in _TABLE_RESULTS
        and SIDE_QUORUM in codes <= {SIDE_QUORUM, SIDE_AGREES}
        and all(item.side for item in outcome.trace)
    )


def table_result(outcome: Outcome) -> TableResult:
    """Return the table's word for the result.

    Raises:
        KeyError: the outcome is not one of a table.

    """
    return _TABLE_RESULTS[Result(outcome.result)]


@dataclass(frozen=True, slots=True)
class SideResult:
    """What one side came to, with the counts behind it.

    `cast` are those who voted for, against or abstained; `entitled` leaves the recused out.
    """

    side: str
    entitled: int
    recused: int
    cast: int
    votes_for: int
    votes_against: int
    abstained: int
    side_quorum: bool
    agreed: bool

    def as_document(self) -> dict[str, str | int | bool]:
        """Return the result of the side as JSON values."""
        return {
            "side": self.side,
            "entitled": self.entitled,
            "recused": self.recused,
            "cast": self.cast,
            "votes_for": self.votes_for,
            "votes_against": self.votes_against,
            "abstained": self.abstained,
            "side_quorum": self.side_quorum,
            "agreed": self.agreed,
        }


def side_results(outcome: Outcome, rows: Iterable[Row]) -> tuple[SideResult, ...]:
    """Read from the outcome what each side came to, in the order of the charter.

    Whether a side had its quorum and agreed is read from the trace and never counted again; the
    heads are those of the same rows. A side without quorum has not agreed, whatever its votes.
    """
    roll = tuple(rows)
    results = []
    for side in _sides(outcome):
        votes = _votes_of(roll, side)
        has_quorum = _holds(outcome, SIDE_QUORUM, side)
        recused = votes.get(Vote.RECUSED, 0)
        cast = {vote: votes.get(vote, 0) for vote in (Vote.YES, Vote.NO, Vote.ABSTAIN)}
        results.append(
            SideResult(
                side=side,
                entitled=sum(votes.values()) - recused,
                recused=recused,
                cast=sum(cast.values()),
                votes_for=cast[Vote.YES],
                votes_against=cast[Vote.NO],
                abstained=cast[Vote.ABSTAIN],
                side_quorum=has_quorum,
                agreed=has_quorum and _holds(outcome, SIDE_AGREES, side),
            )
        )
    return tuple(results)


def sides_without_quorum(
    charter: Charter, rows: Iterable[Row], *, is_over: bool = False
) -> tuple[str, ...]:
    """Name the sides whose quorum is missing on this roll, before or after the vote.

    Before the vote those in the room are `silent` and the others `absent`. Under rules that ask no
    side for a quorum of its own it is the body that has none: all sides are named, if the result
    is `no_quorum` however those who are silent may still vote – or as it is, when the vote is over.
    """
    roll = tuple(rows)
    outcome = decide(charter, roll)
    if not is_table(outcome):
        lacks = outcome.result == Result.NO_QUORUM and all(
            is_over or decide(charter, _all_voting(roll, vote)).result == Result.NO_QUORUM
            for vote in (Vote.YES, Vote.NO, Vote.ABSTAIN)
        )
        return tuple(dict.fromkeys(row.side for row in roll)) if lacks else ()
    return tuple(side for side in _sides(outcome) if not _holds(outcome, SIDE_QUORUM, side))


def _all_voting(rows: Iterable[Row], vote: Vote) -> list[Row]:
    return [replace(row, vote=vote) if row.vote == Vote.SILENT else row for row in rows]


def _sides(outcome: Outcome) -> tuple[str, ...]:
    return tuple(item.side for item in outcome.trace if item.why == SIDE_QUORUM)


def _tests(outcome: Outcome, why: str, side: str) -> tuple[TraceItem, ...]:
    return tuple(item for item in outcome.trace if item.why == why and item.side == side)


def _holds(outcome: Outcome, why: str, side: str) -> bool:
    return all(item.holds for item in _tests(outcome, why, side))


def _votes_of(rows: Iterable[Row], side: str) -> dict[str, int]:
    votes: dict[str, int] = {}
    for row in rows:
        if row.side == side:
            votes[row.vote] = votes.get(row.vote, 0) + row.n
    return votes


@dataclass(frozen=True, slots=True)
class Needed:
    """The fewest votes «for» that a side lacked; `None` when no votes could have been enough."""

    side: str
    votes: int | None


def votes_needed(charter: Charter, rows: Iterable[Row]) -> tuple[Needed, ...]:
    """Say for each side that did not agree how many more votes «for» would have been enough.

    The number is exact and smallest: it is found by changing one, two, … votes of the side that
    were not «for», whichever serve best, and counting again. Recused seats are never changed.
    """
    roll = tuple(rows)
    outcome = decide(charter, roll)
    lacking = (
        side
        for side in _sides(outcome)
        if not (_holds(outcome, SIDE_QUORUM, side) and _holds(outcome, SIDE_AGREES, side))
    )
    return tuple(Needed(side, _fewest(charter, roll, side)) for side in lacking)


def _fewest(charter: Charter, rows: tuple[Row, ...], side: str) -> int | None:
    votes = _votes_of(rows, side)
    changeable = {
        vote: count for vote, count in votes.items() if vote not in (Vote.YES, Vote.RECUSED)
    }
    for wanted in range(1, sum(changeable.values()) + 1):
        for taken in _taken(tuple(changeable.items()), wanted):
            changed = [
                Row(id="", vote=vote, side=side, n=count - taken.get(vote, 0))
                for vote, count in votes.items()
            ]
            changed.append(Row(id="", vote=Vote.YES, side=side, n=wanted))
            outcome = decide(charter, changed)
            if _holds(outcome, SIDE_QUORUM, side) and _holds(outcome, SIDE_AGREES, side):
                return wanted
    return None


def _taken(available: tuple[tuple[str, int], ...], wanted: int) -> Iterator[dict[str, int]]:
    """Yield every way to take `wanted` votes out of those available."""
    if not available:
        if wanted == 0:
            yield {}
        return
    (vote, count), *rest = available
    for taken in range(min(count, wanted), -1, -1):
        for others in _taken(tuple(rest), wanted - taken):
            yield {vote: taken, **others}
