"""The words in which a choice is written: methods with their parameters, ballots, ties, voters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from governance.domain.expressions import Expression

CHOOSE = "choose"
"""The result of a rule that lets the choice go on."""

VOID, ABSENT, VALID = "void", "absent", "valid"
ABOVE, BELOW, LEVEL = "above_default", "below_default", "level_with_default"
"""The kinds of ballots and of voters that rules and needs may count."""


class Method(StrEnum):
    """How the options are counted."""

    PLURALITY = "plurality"
    APPROVAL = "approval"
    BORDA = "borda"
    SCORE = "score"
    STAR = "star"
    IRV = "irv"
    STV = "stv"
    SCHULZE = "schulze"
    CONDORCET = "condorcet"
    COPELAND = "copeland"
    CONDORCET_IRV = "condorcet_irv"
    DEBIAN = "debian"


class BallotType(StrEnum):
    """What one ballot says."""

    SINGLE = "single"
    APPROVAL = "approval"
    SCORE = "score"
    RANKED = "ranked"


class Unranked(StrEnum):
    """What it means to leave an option out of a ranking."""

    LAST = "last"
    NO_OPINION = "no_opinion"


class TieRule(StrEnum):
    """What decides between equals, in the order in which the charter names it."""

    BACKWARD = "backward"
    LOT = "lot"


class Strength(StrEnum):
    """How strong a victory of one option over another is."""

    WINNING = "winning"
    MARGIN = "margin"


BALLOTS: Mapping[Method, BallotType] = {
    Method.PLURALITY: BallotType.SINGLE,
    Method.APPROVAL: BallotType.APPROVAL,
    Method.SCORE: BallotType.SCORE,
    Method.STAR: BallotType.SCORE,
}
"""Methods that count something else than rankings."""

_PAIRED = ("option_needs", "option_params", "caps")
PARAMETERS: Mapping[Method, tuple[str, ...]] = {
    Method.PLURALITY: ("caps", "min_votes"),
    Method.APPROVAL: ("caps", "min_votes"),
    Method.BORDA: ("caps",),
    Method.SCORE: ("caps",),
    Method.STAR: ("caps",),
    Method.IRV: (),
    Method.STV: ("places", "fraction_places", "last_vacancy"),
    Method.SCHULZE: ("strength", *_PAIRED),
    Method.CONDORCET: ("weak", *_PAIRED),
    Method.COPELAND: _PAIRED,
    Method.CONDORCET_IRV: _PAIRED,
    Method.DEBIAN: _PAIRED,
}
"""What `choose` may say beside the method, seats, a default option, numbers and ties."""

ONE_SEAT = (Method.IRV, Method.CONDORCET, Method.DEBIAN)
IN_ROUNDS = (Method.IRV, Method.STV, Method.CONDORCET_IRV)
"""Methods with earlier rounds, to which a tie can look back."""


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` winners may share the value of the tag `by`."""

    by: str
    most: int


@dataclass(frozen=True, slots=True)
class LeastVotes:
    """The share of the voters that a winner must reach, or exceed where `is_strict`."""

    of_voters: Fraction
    is_strict: bool


@dataclass(frozen=True, slots=True)
class Need:
    """What an option must fulfil against the default to be taken into account."""

    why: str
    condition: Expression
