"""Read a charter of kind `choice` and refuse everything that could not be computed.

A method takes only the parameters that mean something to it. One that it would ignore is refused,
because whoever wrote it expects an effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from governance.domain.charter import Kind, read_kind, read_params
from governance.domain.documents import Reader
from governance.domain.expressions import Number, Result, Rule
from governance.domain.reading import CharterError, Terms, read_expression, read_rules

from .methods import (
    ABOVE,
    ABSENT,
    BALLOTS,
    BELOW,
    CHOOSE,
    IN_ROUNDS,
    LEVEL,
    ONE_SEAT,
    PARAMETERS,
    VALID,
    VOID,
    BallotType,
    Cap,
    LeastVotes,
    Method,
    Need,
    Strength,
    TieRule,
    Unranked,
)

_READ = Reader(CharterError)
_MOST_PLACES = 30


@dataclass(frozen=True, slots=True)
class ChoiceCharter:
    """A charter of a choice that is known to be computable. Made by `parse_choice` only.

    `roll_seats` is the fixed number of those entitled to vote, `seats` how many options are to be
    chosen. `option_params` replaces numbers for single options: it comes with one poll.
    """

    id: str
    title: str
    rules: tuple[Rule, ...]
    params: Mapping[str, Number]
    roll_seats: int | None
    ballot: BallotType
    score_range: tuple[Fraction, Fraction] | None
    unranked: Unranked
    method: Method
    seats: int
    default: str
    needs: tuple[Need, ...]
    option_params: Mapping[str, Mapping[str, Number]]
    places: int
    fraction_places: int | None
    ties: tuple[TieRule, ...]
    is_last_vacancy_short: bool
    strength: Strength
    cap: Cap | None
    least_votes: LeastVotes | None
    is_weak_enough: bool


def parse_choice(document: object, overrides: object = None) -> ChoiceCharter:
    """Read a charter from its JSON document, with the parameters that one poll replaces.

    `overrides` are keys of `choose`, as the notice of the poll gives them: the number of seats, the
    default option, the caps. It cannot name another method: that would be another charter.

    Raises:
        CharterError: the document is not a charter of a choice that can be computed.

    """
    charter = _READ.record(
        document,
        "$",
        required=("schema", "id", "title", "kind", "decide", CHOOSE),
        optional=("source", "catalogue", "params", "roll", "ballot"),
    )
    if read_kind(charter) is not Kind.CHOICE:
        raise _READ.problem(
            "$.kind",
            "a motion is not a choice between options",
            code="motion_not_supported",
            remedy="write 'choice', or leave out `choose`",
        )
    given = _READ.mapping({} if overrides is None else overrides, "$.choose")
    own = _READ.mapping(charter[CHOOSE], "$.choose")
    if given.get("method", own.get("method")) != own.get("method"):
        raise _READ.problem(
            "$.choose.method",
            "a poll cannot change the method",
            code="unknown_key",
            remedy="count it under a charter with this method",
        )
    chosen = {**own, **given}
    if "params" in given and "params" in own:
        # Single numbers are replaced, not all of them.
        chosen["params"] = {
            **_READ.mapping(own["params"], "$.choose.params"),
            **_READ.mapping(given["params"], "$.choose.params"),
        }
    return _read(charter, chosen)


def _read(charter: Mapping[str, object], chosen: Mapping[str, object]) -> ChoiceCharter:
    method, choose = _read_method(chosen)
    params = read_params(charter.get("params", {}), "$.params")
    own_params = read_params(choose.get("params", {}), "$.choose.params")
    known = {**params, **own_params}
    roll = _READ.record(charter.get("roll", {}), "$.roll", optional=("seats",))
    ballot, score_range, unranked = _read_ballot(charter.get("ballot", {}), method)
    seats = _READ.count(choose["seats"], "$.choose.seats", least=1)
    if seats > 1 and method in ONE_SEAT:
        raise _READ.problem(
            "$.choose.seats",
            f"the method {method!s} finds one winner",
            code="out_of_range",
            remedy="write 1, or name a method for several seats",
        )
    return ChoiceCharter(
        id=_READ.text(charter["id"], "$.id"),
        title=_READ.text(charter["title"], "$.title"),
        rules=_read_rules(charter["decide"], frozenset(known)),
        params=known,
        roll_seats=_READ.count(roll["seats"], "$.roll.seats") if "seats" in roll else None,
        ballot=ballot,
        score_range=score_range,
        unranked=unranked,
        method=method,
        seats=seats,
        default=_read_default(choose, seats),
        needs=_read_needs(choose, frozenset(known)),
        option_params=_read_option_params(choose, frozenset(known)),
        places=_read_places(choose, "places", default=0) or 0,
        fraction_places=_read_places(choose, "fraction_places", default=None),
        ties=_read_ties(choose, method),
        is_last_vacancy_short=_READ.flag(
            choose.get("last_vacancy", False), "$.choose.last_vacancy"
        ),
        strength=_read_strength(choose),
        cap=_read_cap(choose),
        least_votes=_read_least_votes(choose),
        is_weak_enough=_READ.flag(choose.get("weak", False), "$.choose.weak"),
    )


def _read_method(chosen: Mapping[str, object]) -> tuple[Method, Mapping[str, object]]:
    """Read the method, and see that `choose` has what it needs and nothing it would ignore."""
    if "method" not in chosen:
        raise _READ.problem(
            "$.choose", "'method' is missing", code="missing_key", remedy="add 'method'"
        )
    method = Method(_READ.one_of(chosen["method"], tuple(Method), "$.choose.method"))
    required = ["method", "seats"]
    if method is Method.STV:
        required.append("places")
    if method is Method.DEBIAN or "option_needs" in chosen:
        required.append("default")
    optional = ("default", "params", "ties", *PARAMETERS[method])
    return method, _READ.record(chosen, "$.choose", required=required, optional=optional)


def _read_ballot(
    value: object, method: Method
) -> tuple[BallotType, tuple[Fraction, Fraction] | None, Unranked]:
    wanted = BALLOTS.get(method, BallotType.RANKED)
    keys: tuple[str, ...] = ("type",)
    if wanted is BallotType.SCORE:
        keys = ("type", "range")
    elif wanted is BallotType.RANKED:
        keys = ("type", "unranked")
    ballot = _READ.record(value, "$.ballot", optional=keys)
    _READ.one_of(ballot.get("type", wanted), (wanted,), "$.ballot.type")
    unranked = Unranked(
        _READ.one_of(ballot.get("unranked", Unranked.LAST), tuple(Unranked), "$.ballot.unranked")
    )
    return wanted, _read_range(ballot) if "range" in ballot else None, unranked


def _read_range(ballot: Mapping[str, object]) -> tuple[Fraction, Fraction]:
    path = "$.ballot.range"
    numbers = [
        _READ.fraction(number, f"{path}[{place}]")
        for place, number in enumerate(_READ.items(ballot["range"], path))
    ]
    match numbers:
        case [least, most] if least < most:
            return least, most
    raise _READ.problem(
        path, "not a range", code="out_of_range", remedy="write [least, most], such as [0, 5]"
    )


def _vocabulary(*valid: str) -> dict[str, frozenset[str]]:
    """Give every kind of ballot and every count its set, where valid ballots are of these kinds."""
    whole = frozenset(valid)
    ballots = whole | {VOID}
    return {
        **{kind: frozenset({kind}) for kind in (*valid, VOID, ABSENT)},
        VALID: whole,
        "ballots": ballots,
        "members": ballots | {ABSENT},
    }


def _read_rules(value: object, params: frozenset[str]) -> tuple[Rule, ...]:
    terms = Terms(_vocabulary(VALID), frozenset(), frozenset(), params)
    results = (*(result for result in Result if result is not Result.ADOPTED), CHOOSE)
    rules = read_rules(value, "$.decide", terms, results)
    if not any(rule.then == CHOOSE for rule in rules):
        raise _READ.problem(
            "$.decide",
            "no rule lets the choice begin",
            code="never_chooses",
            remedy='end with {"then": "choose"}',
        )
    return rules


def _read_needs(choose: Mapping[str, object], params: frozenset[str]) -> tuple[Need, ...]:
    terms = Terms(_vocabulary(ABOVE, BELOW, LEVEL), frozenset(), frozenset(), params)
    needs = []
    path = "$.choose.option_needs"
    for place, value in enumerate(_READ.items(choose.get("option_needs", []), path)):
        here = f"{path}[{place}]"
        need = _READ.record(value, here, required=("is",), optional=("why",))
        needs.append(
            Need(
                why=_READ.text(need["why"], f"{here}.why") if "why" in need else "",
                condition=read_expression(need["is"], f"{here}.is", terms),
            )
        )
    return tuple(needs)


def _read_option_params(
    choose: Mapping[str, object], params: frozenset[str]
) -> dict[str, Mapping[str, Number]]:
    path = "$.choose.option_params"
    read: dict[str, Mapping[str, Number]] = {
        option: read_params(numbers, f"{path}.{option}")
        for option, numbers in _READ.mapping(choose.get("option_params", {}), path).items()
    }
    for option, numbers in read.items():
        for name in numbers:
            if name not in params:
                raise _READ.problem(
                    f"{path}.{option}.{name}",
                    "the charter has no such parameter",
                    code="unknown_parameter",
                    remedy=f"known are {', '.join(sorted(params)) or 'none'}",
                )
    return read


def _read_default(choose: Mapping[str, object], seats: int) -> str:
    if "default" not in choose:
        return ""
    if seats > 1:
        raise _READ.problem(
            "$.choose.default",
            "with several seats it is not said what the default option does",
            code="not_with_seats",
            remedy="remove it, or choose one option at a time",
        )
    return _READ.text(choose["default"], "$.choose.default")


def _read_places(choose: Mapping[str, object], key: str, default: int | None) -> int | None:
    if key not in choose:
        return default
    places = _READ.count(choose[key], f"$.choose.{key}")
    if places > _MOST_PLACES:
        raise _READ.problem(
            f"$.choose.{key}",
            "more places than any rule asks for",
            code="out_of_range",
            remedy=f"write a number up to {_MOST_PLACES}",
        )
    return places


def _read_ties(choose: Mapping[str, object], method: Method) -> tuple[TieRule, ...]:
    names = _READ.words(choose.get("ties", []), "$.choose.ties")
    ties = []
    for place, name in enumerate(names):
        path = f"$.choose.ties[{place}]"
        rule = TieRule(_READ.one_of(name, tuple(TieRule), path))
        if rule is TieRule.BACKWARD and method not in IN_ROUNDS:
            raise _READ.problem(
                path,
                f"the method {method!s} has no earlier rounds to look back to",
                code="unknown_value",
                remedy="write 'lot', or nothing",
            )
        ties.append(rule)
    return tuple(ties)


def _read_strength(choose: Mapping[str, object]) -> Strength:
    # The schema writes `margin`, its description `margins`.
    names = (*Strength, "margins")
    name = _READ.one_of(choose.get("strength", Strength.WINNING), names, "$.choose.strength")
    return Strength(name.removesuffix("s"))


def _read_cap(choose: Mapping[str, object]) -> Cap | None:
    if "caps" not in choose:
        return None
    cap = _READ.record(choose["caps"], "$.choose.caps", required=("by", "max"))
    return Cap(
        by=_READ.text(cap["by"], "$.choose.caps.by"),
        most=_READ.count(cap["max"], "$.choose.caps.max", least=1),
    )


def _read_least_votes(choose: Mapping[str, object]) -> LeastVotes | None:
    if "min_votes" not in choose:
        return None
    path = "$.choose.min_votes"
    least = _READ.record(choose["min_votes"], path, required=("of_voters", "strict"))
    return LeastVotes(
        of_voters=_READ.fraction(least["of_voters"], f"{path}.of_voters"),
        is_strict=_READ.flag(least["strict"], f"{path}.strict"),
    )
