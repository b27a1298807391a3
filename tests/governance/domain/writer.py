"""Write a charter that was read as a document again: what the reader lost could not be written."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from governance.domain.charter import SCHEMA, Charter
from governance.domain.choice.charter import ChoiceCharter
from governance.domain.choice.methods import BALLOTS, PARAMETERS, BallotType, Method
from governance.domain.expressions import (
    All,
    Each,
    Expression,
    Fixed,
    Not,
    Number,
    Parameter,
    Rational,
    Recode,
    Rule,
    Tally,
    Test,
    Units,
    Vote,
)
from governance.domain.expressions import (
    Any as AnyOf,
)

COUNTS = {"cast", "valid", "ballots", "present", "members", "not_yes", "not_no"}


def motion_document(charter: Charter) -> dict[str, Any]:
    """Write a charter of a motion, leaving nothing to a default."""
    roll: dict[str, Any] = {
        "sides": {name: dict(where) for name, where in charter.sides.items()},
        "recused": "counted" if charter.recused_are_counted else "excluded",
    }
    if charter.seats is not None:
        roll["seats"] = charter.seats
    if charter.max_proxies is not None:
        roll["proxies"] = {"max_held": charter.max_proxies}
    return {
        "schema": SCHEMA,
        "id": charter.id,
        "title": charter.title,
        "kind": "motion",
        "params": numbers(charter.params),
        "roll": roll,
        "ballot": {
            "type": "single",
            "values": [word for word in charter.votes if word not in {*Vote, *COUNTS}],
            "recode": [recode(one) for one in charter.recodes],
        },
        "units": {name: unit(one) for name, one in charter.units.items()},
        "decide": [rule(one) for one in charter.rules],
    }


def choice_document(charter: ChoiceCharter) -> dict[str, Any]:
    """Write a charter of a choice, with each parameter that its method knows."""
    ballot_type = BALLOTS.get(charter.method, BallotType.RANKED)
    ballot: dict[str, Any] = {"type": str(ballot_type)}
    if ballot_type is BallotType.RANKED:
        ballot["unranked"] = str(charter.unranked)
    if charter.score_range is not None:
        ballot["range"] = [rational(number) for number in charter.score_range]
    every: dict[str, Any] = {
        "places": charter.places,
        "fraction_places": charter.fraction_places,
        "last_vacancy": charter.is_last_vacancy_short,
        "strength": str(charter.strength),
        "weak": charter.is_weak_enough,
        "option_needs": [
            {"is": expression(need.condition), **filled(why=need.why)} for need in charter.needs
        ],
        "option_params": {name: numbers(own) for name, own in charter.option_params.items()},
        "caps": charter.cap and {"by": charter.cap.by, "max": charter.cap.most},
        "min_votes": charter.least_votes
        and {
            "of_voters": rational(charter.least_votes.of_voters),
            "strict": charter.least_votes.is_strict,
        },
    }
    known = {key: every[key] for key in PARAMETERS[charter.method] if every[key] is not None}
    if not charter.default and charter.method is not Method.DEBIAN:
        known.pop("option_needs", None)
    return {
        "schema": SCHEMA,
        "id": charter.id,
        "title": charter.title,
        "kind": "choice",
        "params": numbers(charter.params),
        "roll": {} if charter.roll_seats is None else {"seats": charter.roll_seats},
        "ballot": ballot,
        "decide": [rule(one) for one in charter.rules],
        "choose": {
            "method": str(charter.method),
            "seats": charter.seats,
            "ties": [str(one) for one in charter.ties],
            **filled(default=charter.default),
            **known,
        },
    }


def filled(**words: str) -> dict[str, str]:
    """Return the words that say something."""
    return {key: word for key, word in words.items() if word}


def numbers(named: Mapping[str, Number]) -> dict[str, int | str]:
    """Write named numbers."""
    return {name: rational(number) for name, number in named.items()}


def rational(number: Rational) -> int | str:
    """Write a number as people do: whole, as a fraction, or by its name."""
    if isinstance(number, Parameter):
        return f"${number.name}"
    whole = Fraction(number)
    return whole.numerator if whole.denominator == 1 else str(whole)


def rule(one: Rule) -> dict[str, Any]:
    """Write a rule."""
    written: dict[str, Any] = {"then": str(one.then), **filled(why=one.why, next=one.next)}
    if one.condition is not None:
        written["if"] = expression(one.condition)
    if one.exception is not None:
        written["unless"] = expression(one.exception)
    return written


def expression(one: Expression) -> dict[str, Any]:
    """Write an expression."""
    match one:
        case All(parts):
            return {"all": [expression(part) for part in parts]}
        case AnyOf(parts):
            return {"any": [expression(part) for part in parts]}
        case Not(part):
            return {"not": expression(part)}
        case Each(sides, part, at_least):
            return {"each": list(sides), "is": expression(part), "at_least": at_least}
        case Test():
            return test(one)
    raise TypeError(one)


def test(one: Test) -> dict[str, Any]:
    """Write a test."""
    written = {**tally(one.counted), str(one.comparison): rational(one.share)}
    if one.base is not None:
        written["of"] = "seats" if one.base is Fixed.SEATS else tally(one.base)
        written["plus"] = rational(one.plus)
    if one.is_root:
        written["root"] = 2
    return written


def tally(one: Tally | Fixed) -> dict[str, Any]:
    """Write whose votes are counted."""
    assert isinstance(one, Tally)
    return {
        "votes": list(one.named),
        **filled(side=one.side, weight=one.weight, units=one.units),
    }


def recode(one: Recode) -> dict[str, Any]:
    """Write how votes are read as others."""
    return {
        "from": sorted(one.votes),
        "to": one.to,
        "where": dict(one.where),
        **filled(unless=one.unless),
    }


def unit(one: Units) -> dict[str, Any]:
    """Write how groups vote."""
    return {"by": one.by, "where": dict(one.where), "vote": [rule(each) for each in one.vote]}
