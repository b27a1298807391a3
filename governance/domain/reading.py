"""Read the rules and expressions of a charter.

The part of the reader that knows the words of `decision-charter/1`: tests, bases, `all`, `any`,
`not`, `each`. Every name used must have been declared; `Terms` carries the declared ones.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .documents import DocumentError, Reader, shown
from .expressions import (
    All,
    Any,
    Comparison,
    Each,
    Expression,
    Fixed,
    Not,
    Parameter,
    Rational,
    Rule,
    Tally,
    Test,
    Value,
    whole,
)

_PARAMETER = re.compile(r"\$[a-z_]+")
_SQUARE = 2
_DEEPEST = 32
"""Far more than any rule needs, and far less than would exhaust the reader."""


class CharterError(DocumentError):
    """A charter that cannot be used."""


_READ = Reader(CharterError)


@dataclass(frozen=True, slots=True)
class Terms:
    """The names that the expressions of one charter may use."""

    votes: Mapping[str, frozenset[str]]
    sides: frozenset[str]
    units: frozenset[str]
    params: frozenset[str]

    @property
    def single_votes(self) -> tuple[str, ...]:
        """The votes that one member can give, without the counts."""
        return tuple(name for name, votes in self.votes.items() if votes == {name})


def read_rules(value: object, path: str, terms: Terms, results: Sequence[str]) -> tuple[Rule, ...]:
    """Read a list of rules of which the last, and only the last, is unconditional.

    Raises:
        CharterError: a rule is malformed, or some votes would have no result.

    """
    rules = tuple(
        _rule(rule, f"{path}[{position}]", terms, results)
        for position, rule in enumerate(_READ.items(value, path))
    )
    if not rules:
        raise _READ.problem(path, "no rules", code="empty", remedy="write at least one rule")
    *earlier, last = rules
    if last.condition is not None or last.exception is not None:
        raise _READ.problem(
            last.path,
            "the last rule has a condition, so some votes would have no result",
            code="last_rule_conditional",
            remedy="add a rule with `then` alone at the end",
        )
    for rule in earlier:
        if rule.condition is None and rule.exception is None:
            raise _READ.problem(
                rule.path,
                "the rule has no condition, so the rules after it are never reached",
                code="unreachable_rule",
                remedy="give it `if` or `unless`, or remove what follows",
            )
    return rules


def _rule(value: object, path: str, terms: Terms, results: Sequence[str]) -> Rule:
    rule = _READ.record(value, path, required=("then",), optional=("if", "unless", "why", "next"))
    return Rule(
        path=path,
        then=_READ.one_of(rule["then"], results, f"{path}.then"),
        condition=read_expression(rule["if"], f"{path}.if", terms) if "if" in rule else None,
        exception=(
            read_expression(rule["unless"], f"{path}.unless", terms) if "unless" in rule else None
        ),
        why=_READ.text(rule["why"], f"{path}.why") if "why" in rule else "",
        next=_READ.text(rule["next"], f"{path}.next") if "next" in rule else "",
    )


def read_expression(value: object, path: str, terms: Terms, depth: int = 0) -> Expression:
    """Read a test, or tests joined by `all`, `any`, `not` and `each`.

    Raises:
        CharterError: it is malformed, or parts stand in parts without end.

    """
    if depth > _DEEPEST:
        raise _READ.problem(
            path,
            "the expression is too deep to be read",
            code="too_deep",
            remedy=f"write it with at most {_DEEPEST} parts inside each other",
        )
    keys = _READ.mapping(value, path)
    if "not" in keys:
        part = _READ.record(value, path, required=("not",))["not"]
        return Not(read_expression(part, f"{path}.not", terms, depth + 1))
    if "each" in keys:
        return _each(value, path, terms, depth)
    for name, kind in (("all", All), ("any", Any)):
        if name in keys:
            parts = _READ.items(_READ.record(value, path, required=(name,))[name], f"{path}.{name}")
            if not parts:
                raise _READ.problem(
                    f"{path}.{name}", "no parts", code="empty", remedy="write an expression"
                )
            return kind(
                tuple(
                    read_expression(part, f"{path}.{name}[{position}]", terms, depth + 1)
                    for position, part in enumerate(parts)
                )
            )
    return _test(value, path, terms)


def _each(value: object, path: str, terms: Terms, depth: int) -> Each:
    each = _READ.record(value, path, required=("each", "is"), optional=("at_least",))
    sides = _READ.words(each["each"], f"{path}.each")
    if not sides:
        raise _READ.problem(f"{path}.each", "no sides", code="empty", remedy="name a side")
    for position, side in enumerate(sides):
        _check_side(side, f"{path}.each[{position}]", terms)
    at_least = _READ.count(each.get("at_least", len(sides)), f"{path}.at_least", least=1)
    if at_least > len(sides):
        raise _READ.problem(
            f"{path}.at_least",
            f"{at_least} of {len(sides)} sides cannot agree",
            code="out_of_range",
            remedy=f"write a number from 1 to {len(sides)}",
        )
    return Each(sides, read_expression(each["is"], f"{path}.is", terms, depth + 1), at_least)


def _test(value: object, path: str, terms: Terms) -> Test:
    comparisons = tuple(str(comparison) for comparison in Comparison)
    test = _READ.record(
        value,
        path,
        optional=("votes", "side", "weight", "units", "of", "plus", "root", *comparisons),
    )
    chosen = [comparison for comparison in comparisons if comparison in test]
    if len(chosen) != 1:
        raise _READ.problem(
            path,
            "a test makes exactly one comparison",
            code="not_one_comparison",
            remedy="write one of > >= < <= ==",
        )
    comparison = Comparison(chosen[0])
    share = _rational(test[comparison], f"{path}.{comparison}", terms)
    if "of" not in test:
        _check_without_base(test, share, comparison, path)
    if "root" in test and (type(test["root"]) is not int or test["root"] != _SQUARE):
        raise _READ.problem(
            f"{path}.root", "only the square root exists", code="out_of_range", remedy="write 2"
        )
    return Test(
        path=path,
        counted=_tally(test, path, terms, default="yes"),
        comparison=comparison,
        share=share,
        base=_base(test["of"], f"{path}.of", terms) if "of" in test else None,
        plus=_rational(test["plus"], f"{path}.plus", terms) if "plus" in test else 0,
        is_root="root" in test,
    )


def _check_without_base(
    test: Mapping[str, object], share: Rational, comparison: Comparison, path: str
) -> None:
    if "root" in test:
        raise _READ.problem(
            path, "a root of what?", code="missing_key", remedy="add `of`, its base"
        )
    if "plus" in test:
        raise _READ.problem(
            f"{path}.plus",
            "there is no share to add to",
            code="unknown_key",
            remedy="add `of`, or write the sum as one number",
        )
    if share == 0 and comparison in (Comparison.AT_LEAST, Comparison.EQUAL):
        # 0 >= 0 and 0 == 0 are false by convention, so such a test does not say what its author
        # means.
        raise _READ.problem(
            f"{path}.{comparison}",
            "nothing is not a share of nothing, so no vote at all does not satisfy this",
            code="never_true",
            remedy="for 'none' write < 1, for 'some' write > 0",
        )


def _base(value: object, path: str, terms: Terms) -> Tally | Fixed:
    if value == Fixed.SEATS.value:
        return Fixed.SEATS
    if isinstance(value, Mapping):
        base = _READ.record(value, path, optional=("votes", "side", "weight", "units"))
        return _tally(base, path, terms, default="members")
    return Tally(*read_votes(value, path, terms))


def _tally(value: Mapping[str, object], path: str, terms: Terms, *, default: str) -> Tally:
    named, votes = read_votes(value.get("votes", default), f"{path}.votes", terms)
    side = _READ.text(value["side"], f"{path}.side") if "side" in value else ""
    if side:
        _check_side(side, f"{path}.side", terms)
    units = _READ.text(value["units"], f"{path}.units") if "units" in value else ""
    if units and units not in terms.units:
        raise _READ.problem(
            f"{path}.units",
            f"unknown units {units!r}",
            code="unknown_units",
            remedy="declare them under $.units; there are no units inside units",
        )
    weight = _READ.text(value["weight"], f"{path}.weight") if "weight" in value else ""
    return Tally(named, votes, side, weight, units)


def read_votes(value: object, path: str, terms: Terms) -> tuple[tuple[str, ...], frozenset[str]]:
    """Read the names of votes and counts, and what they stand for together."""
    named = _READ.words(value, path)
    if not named:
        raise _READ.problem(path, "no votes named", code="empty", remedy="name a vote")
    for name in named:
        if name not in terms.votes:
            raise _READ.problem(
                path,
                f"unknown vote or count {name!r}",
                code="unknown_vote",
                remedy=f"write one of {', '.join(sorted(terms.votes))}",
            )
    votes: frozenset[str] = frozenset()
    return named, votes.union(*(terms.votes[name] for name in named))


def _check_side(side: str, path: str, terms: Terms) -> None:
    if side not in terms.sides:
        raise _READ.problem(
            path,
            f"unknown side {side!r}",
            code="unknown_side",
            remedy="declare it under $.roll.sides",
        )


def _rational(value: object, path: str, terms: Terms) -> Rational:
    if not (isinstance(value, str) and value.startswith("$")):
        return whole(_READ.fraction(value, path))
    if not _PARAMETER.fullmatch(value) or value[1:] not in terms.params:
        raise _READ.problem(
            path,
            f"unknown parameter {value!r}",
            code="unknown_parameter",
            remedy="give it a value under $.params",
        )
    return Parameter(value[1:])


def read_attributes(value: object, path: str) -> dict[str, Value]:
    """Read the attributes by which members are selected."""
    read: dict[str, Value] = {}
    for name, wanted in _READ.mapping(value, path).items():
        if not isinstance(wanted, str | int):
            raise _READ.problem(
                f"{path}.{name}",
                f"{shown(wanted)} cannot be compared exactly",
                code="wrong_type",
                remedy="write a word, an integer, true or false",
            )
        read[name] = wanted
    return read
