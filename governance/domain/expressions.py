"""The words in which a rule of decision is written.

A charter is an ordered list of rules; a rule has an expression; an expression is made of tests; a
test compares the weight of some votes with a share of the weight of some base. Quorum, veto,
blocking side and casting vote are not features of the engine, they are rules in a list. These
values are made by `charter.parse_charter`, which refuses everything malformed, and are read by
`decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction
from operator import eq, ge, gt, le, lt
from typing import TypeAlias

Value: TypeAlias = str | int | bool | Fraction
"""What an attribute of a member may be: a word, a whole number, yes or no, an exact fraction."""


Number: TypeAlias = int | Fraction
"""An exact number. What is whole is an integer, because integers are counted faster."""


class Vote(StrEnum):
    """What one member did. A charter may add words of its own (`ballot.values`)."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    VOID = "void"
    SILENT = "silent"
    ABSENT = "absent"
    RECUSED = "recused"


class Result(StrEnum):
    """What a motion can come to."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    BLOCKED = "blocked"
    NO_OPINION = "no_opinion"
    TIE = "tie"


class Comparison(StrEnum):
    """The five ways to compare; strictness is part of the rule."""

    MORE = ">"
    AT_LEAST = ">="
    LESS = "<"
    AT_MOST = "<="
    EQUAL = "=="

    def holds(self, left: Number, right: Number) -> bool:
        """Compare exactly."""
        return _COMPARED[self](left, right)


_COMPARED: Mapping[Comparison, Callable[[Number, Number], bool]] = {
    Comparison.MORE: gt,
    Comparison.AT_LEAST: ge,
    Comparison.LESS: lt,
    Comparison.AT_MOST: le,
    Comparison.EQUAL: eq,
}


class Fixed(Enum):
    """A base that is not counted from the roll."""

    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named number of the charter, written `$name`."""

    name: str


Rational: TypeAlias = Number | Parameter


@dataclass(frozen=True, slots=True)
class Tally:
    """The weight of some votes.

    `named` keeps the words of the charter (`members`, `cast`, …) for the explanation; `votes` is
    what they stand for. Where `side`, `weight` or `units` is empty, a base takes that of its test,
    and a test takes the side of the `each` around it.
    """

    named: tuple[str, ...]
    votes: frozenset[str]
    side: str = ""
    weight: str = ""
    units: str = ""


@dataclass(frozen=True, slots=True)
class Test:
    """`counted` compared with `share` · `base` + `plus`, or with `share` · √`base` + `plus`."""

    path: str
    counted: Tally
    comparison: Comparison
    share: Rational
    base: Tally | Fixed | None
    plus: Rational
    is_root: bool


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Expression


@dataclass(frozen=True, slots=True)
class Each:
    """The part holds for at least `at_least` of the sides, asked of each side by itself."""

    sides: tuple[str, ...]
    part: Expression
    at_least: int


Expression: TypeAlias = Test | All | Any | Not | Each


@dataclass(frozen=True, slots=True)
class Rule:
    """`then` is the result when `condition` holds and `exception` does not."""

    path: str
    then: str
    condition: Expression | None = None
    exception: Expression | None = None
    why: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Recode:
    """Votes to be read as another vote before anything is counted.

    `unless` names an attribute that must be exactly `true` to leave the vote as it is: whether a
    reason is a reason is a recorded human finding, never computed.
    """

    votes: frozenset[str]
    to: str
    where: Mapping[str, Value]
    unless: str = ""


@dataclass(frozen=True, slots=True)
class Units:
    """Members grouped by an attribute; every group casts one vote by its own rules."""

    name: str
    by: str
    where: Mapping[str, Value]
    vote: tuple[Rule, ...]


def same(one: Value | None, other: Value) -> bool:
    """Compare two attributes without Python's `True == 1`."""
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def whole(number: Number) -> Number:
    """Return a fraction that is a whole number as the integer it is: they are counted faster."""
    return number.numerator if number.denominator == 1 else number


def share_of(share: Number, base: Number) -> Number:
    """Multiply, staying with integers where the share of a whole base is whole."""
    if isinstance(share, int) or isinstance(base, Fraction):
        return whole(share * base)
    parts, rest = divmod(share.numerator * base, share.denominator)
    return Fraction(share.numerator * base, share.denominator) if rest else parts


def tallies_in(expression: Expression) -> Iterator[frozenset[str]]:
    """Yield the votes of every tally in an expression, on the left of its tests and in bases."""
    match expression:
        case Test():
            yield expression.counted.votes
            if isinstance(expression.base, Tally):
                yield expression.base.votes
        case All(parts) | Any(parts):
            for part in parts:
                yield from tallies_in(part)
        case Not(part) | Each(_, part):
            yield from tallies_in(part)
