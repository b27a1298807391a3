"""The voters of a poll as the rows of a roll: the quorum of a choice is a rule like any other.

A ballot is `valid` or `void`, a member without one is `absent`. Against the default option a valid
ballot is above, below or level with it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from governance.domain.documents import Reader
from governance.domain.expressions import Expression, tallies_in
from governance.domain.rows import RollError, Row

from .methods import ABSENT, VOID
from .poll import Poll

_READ = Reader(RollError)


def rows_of(
    poll: Poll, expression: Expression | None, valid: Mapping[str, int | None]
) -> tuple[Row, ...]:
    """Return the rows that an expression counts; `valid` says of which kinds valid ballots are.

    Raises:
        RollError: the expression counts what is not known about this poll.

    """
    tallies = (
        frozenset[frozenset[str]]() if expression is None else frozenset(tallies_in(expression))
    )
    ballots = poll.ballots
    numbers = _together({**valid, VOID: _void(poll)}, ballots, tallies)
    numbers[ABSENT] = None if ballots is None or poll.members is None else poll.members - ballots
    for kind in sorted(frozenset[str]().union(*tallies)):
        if numbers[kind] is None:
            key = "members" if kind == ABSENT and ballots is not None else "voters"
            raise _READ.problem(
                f"$.{key}",
                f"the charter counts who is {kind!r}, and how many are is not known",
                code="not_enough_known",
                remedy="give 'members'" if key == "members" else "give the ballots, or 'voters'",
            )
    return tuple(Row(id="", vote=kind, n=number) for kind, number in numbers.items() if number)


def _void(poll: Poll) -> int | None:
    ballots = poll.ballots
    return None if ballots is None or poll.valid is None else ballots - poll.valid


def _together(
    numbers: Mapping[str, int | None], ballots: int | None, tallies: Collection[frozenset[str]]
) -> dict[str, int | None]:
    """Fill in what is known of kinds of ballots only as their sum, if they are only counted so.

    Where sums are published instead of ballots, it may be known how many voted, but not how many
    of them handed in a void ballot: enough for a quorum.
    """
    unknown = sorted(kind for kind, number in numbers.items() if number is None)
    if not unknown or ballots is None:
        return dict(numbers)
    rest = ballots - sum(number for number in numbers.values() if number is not None)
    if rest < 0:
        raise _READ.problem(
            "$.voters",
            f"{ballots} voters did not compare two options {ballots - rest} times",
            code="out_of_range",
            remedy="count everybody who voted",
        )
    are_apart = any(0 < len(tally.intersection(unknown)) < len(unknown) for tally in tallies)
    if are_apart:
        return dict(numbers)
    return {**numbers, **dict.fromkeys(unknown, 0), unknown[0]: rest}
