"""Whether a body of sides and seats can decide under a charter at all.

The schema can say more than the roll of a body knows: weights of states, indirect votes, reasons
that somebody finds. A rule that asks for such a thing would count nothing, so it is refused before
the charter is adopted, with the place and what to write instead.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from .charter import Charter
from .documents import Reader
from .expressions import All, Any, Each, Expression, Fixed, Not, Rule, Tally, Test, Vote
from .reading import CharterError

_READ = Reader(CharterError)
_WEIGHTS = ("", "weight")
"""A seat weighs what the roll says under `weight`; by default each weighs one."""


def check_fits(charter: Charter, sides: Collection[str]) -> None:
    """Refuse a charter that asks for what the roll of these sides does not hold.

    Raises:
        CharterError: the path names the first such place.

    """
    for name, where in charter.sides.items():
        if name not in sides or where != {"side": name}:
            raise _READ.problem(
                f"$.roll.sides.{name}",
                f"{name!r} is no side of this body",
                code="foreign_side",
                remedy=f"name the sides of the body: {', '.join(sorted(sides))}",
            )
    for units in charter.units:
        raise _READ.problem(
            f"$.units.{units}",
            "the members of a body are not grouped into voting units",
            code="no_units_here",
            remedy="count by sides instead",
        )
    for vote in sorted(charter.choices - {str(vote) for vote in Vote}):
        raise _READ.problem(
            "$.ballot.values",
            f"the ballot papers of the body have no vote {vote!r}",
            code="no_such_paper",
            remedy="use for, against and abstain",
        )
    if charter.max_proxies is not None:
        raise _READ.problem(
            "$.roll.proxies",
            "who may vote for another is said in the procedure of the body",
            code="proxies_elsewhere",
            remedy="remove it here",
        )
    _check_recodes(charter)
    for test in _tests_of(charter.rules):
        _check_test(test, charter)


def _check_recodes(charter: Charter) -> None:
    for place, recode in enumerate(charter.recodes):
        path = f"$.ballot.recode[{place}]"
        if recode.unless or set(recode.where) - {"side"}:
            raise _READ.problem(
                path,
                "the roll of the body does not hold what the recoding asks for",
                code="unknown_attribute",
                remedy="recode votes of everybody or of a side",
            )
        if recode.to == Vote.YES and recode.votes & {Vote.ABSENT, Vote.SILENT}:
            raise _READ.problem(
                path,
                "silence is never consent outside an opened silence procedure",
                code="silence_is_no_consent",
                remedy="remove the recoding",
            )


def _check_test(test: Test, charter: Charter) -> None:
    tallies = [test.counted, *([test.base] if isinstance(test.base, Tally) else [])]
    for tally in tallies:
        if tally.weight not in _WEIGHTS:
            raise _READ.problem(
                f"{test.path}.weight",
                f"the seats of the body have no weight {tally.weight!r}",
                code="no_such_weight",
                remedy="remove it: every seat counts once",
            )
    if test.base is Fixed.SEATS and charter.seats is None:
        raise _READ.problem(
            f"{test.path}.of",
            "the number of seats is not given",
            code="missing_key",
            remedy="write it under $.roll.seats, or count from the entitled (members)",
        )


def _tests_of(rules: Collection[Rule]) -> Iterator[Test]:
    for rule in rules:
        for expression in (rule.condition, rule.exception):
            if expression is not None:
                yield from _tests_in(expression)


def _tests_in(expression: Expression) -> Iterator[Test]:
    match expression:
        case Test():
            yield expression
        case All(parts) | Any(parts):
            for part in parts:
                yield from _tests_in(part)
        case Not(part) | Each(_, part):
            yield from _tests_in(part)
