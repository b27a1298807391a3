"""An indicator as data: its threshold, the later ones, the alternative; read and checked.

Thresholds are integers, decimals or `p/q`, never floats: whoever loads JSON loads it with
`parse_float=Decimal`, or keeps decimals as strings, which is how they are stored. Names, units of
measure in words and periods are for people and stay behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from governance.domain.documents import DocumentError, Reader
from negotiation.domain.canonical import NotExact
from negotiation.domain.exact import exact


class IndicatorError(DocumentError):
    """An indicator that cannot be evaluated."""


_READ = Reader(IndicatorError)


class Operator(StrEnum):
    """How a fact is compared with a threshold."""

    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="
    BETWEEN = "between"
    OBSERVE = "observe"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A demand: one number, two ends of a range, a flag, or none."""

    operator: Operator
    bounds: tuple[Fraction, ...]
    flag: bool | None
    unit: str


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator ready to be evaluated. Made by `parse_indicator` only.

    `schedule` are later thresholds with the first day of each, in order. `price_year` is set where
    the threshold is an amount of money indexed from the prices of that year.
    """

    threshold: Threshold
    schedule: tuple[tuple[date, Threshold], ...]
    alternative: Threshold | None
    is_rational: bool
    min_sample: int | None
    observation_until: date | None
    price_year: int | None


def parse_indicator(document: object, path: str = "$") -> Indicator:
    """Read an indicator from its JSON document.

    Raises:
        IndicatorError: it could not be evaluated; the path says where.

    """
    read = _READ.mapping(document, path)
    unit = str(read.get("unit_code", ""))
    rational = read.get("threshold_rational")
    operator, threshold = read.get("operator"), read.get("threshold")
    if rational is not None:
        first = _threshold(operator, rational, unit, f"{path}.threshold_rational")
    else:
        first = _threshold(operator, threshold, unit, f"{path}.threshold")
    return Indicator(
        threshold=first,
        schedule=_schedule(read.get("threshold_schedule", []), unit, f"{path}.threshold_schedule"),
        alternative=_alternative(read.get("alternative"), unit, f"{path}.alternative"),
        is_rational=rational is not None,
        min_sample=(
            _READ.count(read["min_sample"], f"{path}.min_sample")
            if read.get("min_sample") is not None
            else None
        ),
        observation_until=(
            _date(read["observation_until"], f"{path}.observation_until")
            if read.get("observation_until") is not None
            else None
        ),
        price_year=_price_year(read, path),
    )


def _threshold(operator: object, threshold: object, unit: str, path: str) -> Threshold:
    chosen = Operator(_READ.one_of(operator, tuple(Operator), f"{path} (its operator)"))
    if chosen is Operator.OBSERVE or threshold is None:
        return Threshold(chosen, (), None, unit)
    if isinstance(threshold, bool):
        if chosen is not Operator.EQUAL:
            raise _READ.problem(
                path, "a flag is only equal", code="contradiction", remedy="write the operator ="
            )
        return Threshold(chosen, (), threshold, unit)
    if chosen is Operator.BETWEEN:
        ends = tuple(
            _number(end, f"{path}[{place}]")
            for place, end in enumerate(_READ.items(threshold, path))
        )
        if len(ends) != len(("low", "high")) or ends[0] > ends[1]:
            raise _READ.problem(
                path, "not a range", code="out_of_range", remedy="write [low, high]"
            )
        return Threshold(chosen, ends, None, unit)
    return Threshold(chosen, (_number(threshold, path),), None, unit)


def _number(value: object, path: str) -> Fraction:
    try:
        return exact(value)
    except NotExact as error:
        raise _READ.problem(
            path,
            str(error),
            code="not_exact",
            remedy="load JSON with parse_float=Decimal, or write the number as a string",
        ) from error


def _schedule(value: object, unit: str, path: str) -> tuple[tuple[date, Threshold], ...]:
    steps = []
    for place, item in enumerate(_READ.items(value, path)):
        step = _READ.record(item, f"{path}[{place}]", required=("from", "operator", "threshold"))
        steps.append(
            (
                _date(step["from"], f"{path}[{place}].from"),
                _threshold(step["operator"], step["threshold"], unit, f"{path}[{place}].threshold"),
            )
        )
    days = [day for day, _ in steps]
    if days != sorted(set(days)):
        raise _READ.problem(
            path, "the steps are not in order", code="out_of_range", remedy="sort them by date"
        )
    return tuple(steps)


def _alternative(value: object, unit: str, path: str) -> Threshold | None:
    if value is None:
        return None
    branch = _READ.mapping(value, path)
    return _threshold(
        branch.get("operator"),
        branch.get("threshold"),
        str(branch.get("unit_code", unit)),
        f"{path}.threshold",
    )


def _price_year(read: Mapping[str, Any], path: str) -> int | None:
    if read.get("indexation") is None:
        return None
    if "price_year" not in read:
        raise _READ.problem(
            path,
            "indexed from the prices of which year?",
            code="missing_key",
            remedy="add 'price_year'",
        )
    return _READ.count(read["price_year"], f"{path}.price_year")


def _date(value: object, path: str) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(_READ.text(value, path))
    except ValueError as error:
        raise _READ.problem(
            path, f"{value!r} is not a date", code="wrong_type", remedy="write 'YYYY-MM-DD'"
        ) from error
