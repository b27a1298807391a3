"""Evaluate an indicator: is a fact within its threshold, exactly?

Numbers are exact, facts and thresholds alike; no float is ever compared. Where a threshold is a
rational (`threshold_rational`) it wins over the rounded number beside it and is compared in whole
things: one third of 9 seats is 3 seats.

«Not assessed» is never «not met»: where a fact, a sample or an index is missing, the answer says
what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import TypeAlias

from negotiation.domain.canonical import NotExact
from negotiation.domain.exact import exact

from .terms import Indicator, IndicatorError, Operator, Threshold, parse_indicator

__all__ = [
    "Absence",
    "Assessment",
    "Comparison",
    "Fact",
    "Indicator",
    "IndicatorError",
    "Operator",
    "Reason",
    "Share",
    "Threshold",
    "Value",
    "evaluate",
    "parse_indicator",
    "threshold_at",
]


class Value(StrEnum):
    """What an assessment came to."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_APPLICABLE = "not_applicable"
    NOT_ASSESSED = "not_assessed"


class Reason(StrEnum):
    """Why the assessment came to its value."""

    WITHIN_THRESHOLD = "within_threshold"
    OUTSIDE_THRESHOLD = "outside_threshold"
    MET_BY_ALTERNATIVE = "met_by_alternative"
    FACT_MISSING = "fact_missing"
    FACT_ABSENT = "fact_absent"
    BASE_IS_EMPTY = "base_is_empty"
    WHOLE_NUMBERS_NEEDED = "whole_numbers_needed"
    SAMPLE_UNKNOWN = "sample_unknown"
    SAMPLE_TOO_SMALL = "sample_too_small"
    ALTERNATIVE_UNKNOWN = "alternative_unknown"
    OBSERVED_ONLY = "observed_only"
    NO_THRESHOLD_SET = "no_threshold_set"
    PRICE_INDEX_UNKNOWN = "price_index_unknown"


class Absence(Enum):
    """What was looked for and is not there: a report that does not exist is a fact."""

    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Share:
    """Some of a whole: 3 seats of 9. Both are counted things."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        """Refuse what cannot be counted.

        Raises:
            ValueError: a number is negative.

        """
        if self.part < 0 or self.whole < 0:
            raise ValueError("things are counted from nought")


Fact: TypeAlias = int | Decimal | Fraction | str | bool | Share | Absence
"""A measured number, a flag, some of a whole, or the absence of what was looked for."""

_PERCENT = "pct"
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison that was made, with both sides. Flags are compared as 1 and 0."""

    branch: str
    operator: Operator
    bounds: tuple[Fraction, ...]
    fact: Fraction
    unit: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an indicator came to at a date, and everything that was compared.

    `threshold_until` is the last day of the threshold that applied, if a later one is set.
    """

    value: Value
    reason: Reason
    at: date
    comparisons: tuple[Comparison, ...]
    sample: int | None
    min_sample: int | None
    threshold_until: date | None


def threshold_at(indicator: Indicator, at: date) -> tuple[Threshold, date | None]:
    """Return the threshold that applies on a day, and its last day if a later one is set."""
    current, until = indicator.threshold, None
    for first_day, threshold in indicator.schedule:
        if first_day > at:
            until = first_day - timedelta(days=1)
            break
        current = threshold
    return current, until


def evaluate(
    indicator: Indicator,
    fact: Fact | None,
    *,
    at: date,
    sample: int | None = None,
    alternative_fact: Fact | None = None,
    price_index: Fraction | int | None = None,
) -> Assessment:
    """Assess a fact on a day.

    `fact` and `alternative_fact` are `None` where they are not known; `Absence.ABSENT` says that
    something was looked for and does not exist. `sample` is the number of observations.
    `price_index` is how many times prices rose from the indicator's price year to the year of `at`.

    Raises:
        NotExact: a fact is a float, or a flag where a number is measured or the reverse.

    """
    threshold, until = threshold_at(indicator, at)
    compared: list[Comparison] = []

    def come_to(value: Value, reason: Reason) -> Assessment:
        return Assessment(value, reason, at, tuple(compared), sample, indicator.min_sample, until)

    if indicator.observation_until is not None and at <= indicator.observation_until:
        return come_to(Value.NOT_APPLICABLE, Reason.OBSERVED_ONLY)
    if threshold.operator is Operator.OBSERVE or not (
        threshold.bounds or threshold.flag is not None
    ):
        return come_to(Value.NOT_ASSESSED, Reason.NO_THRESHOLD_SET)
    if indicator.min_sample is not None and (sample is None or sample < indicator.min_sample):
        reason = Reason.SAMPLE_UNKNOWN if sample is None else Reason.SAMPLE_TOO_SMALL
        return come_to(Value.NOT_ASSESSED, reason)
    factor = _factor(indicator, at, price_index)
    if factor is None:
        return come_to(Value.NOT_ASSESSED, Reason.PRICE_INDEX_UNKNOWN)

    verdict, reason = _branch(
        threshold,
        fact,
        compared,
        branch="threshold",
        factor=factor,
        is_rational=indicator.is_rational,
    )
    if verdict is Value.MET or indicator.alternative is None:
        return come_to(verdict, reason)
    other, other_reason = _branch(
        indicator.alternative,
        alternative_fact,
        compared,
        branch="alternative",
        factor=Fraction(1),
        is_rational=False,
    )
    if other is Value.MET:
        return come_to(Value.MET, Reason.MET_BY_ALTERNATIVE)
    if verdict is Value.NOT_MET and other is Value.NOT_ASSESSED:
        # Either branch suffices, so an unknown one leaves the whole unknown.
        missing = other_reason is Reason.FACT_MISSING
        return come_to(Value.NOT_ASSESSED, Reason.ALTERNATIVE_UNKNOWN if missing else other_reason)
    return come_to(verdict, reason)


def _factor(indicator: Indicator, at: date, price_index: Fraction | int | None) -> Fraction | None:
    if indicator.price_year is None or at.year <= indicator.price_year:
        return Fraction(1)
    return None if price_index is None else exact(price_index)


def _branch(
    threshold: Threshold,
    fact: Fact | None,
    compared: list[Comparison],
    *,
    branch: str,
    factor: Fraction,
    is_rational: bool,
) -> tuple[Value, Reason]:
    if fact is None:
        return Value.NOT_ASSESSED, Reason.FACT_MISSING
    if fact is Absence.ABSENT:
        return Value.NOT_MET, Reason.FACT_ABSENT
    if is_rational and not isinstance(fact, Share):
        # A percentage has been rounded already: 33.33 % of nine seats is no number of seats.
        return Value.NOT_ASSESSED, Reason.WHOLE_NUMBERS_NEEDED
    if isinstance(fact, Share) and fact.whole == 0:
        return Value.NOT_ASSESSED, Reason.BASE_IS_EMPTY
    bounds = tuple(bound * factor for bound in threshold.bounds)
    measured = _measured(fact, threshold)
    if isinstance(fact, Share) and is_rational:
        # In whole things: 3 seats against a third of 9.
        bounds = tuple(bound * fact.whole for bound in bounds)
        measured = Fraction(fact.part)
    if threshold.flag is not None:
        bounds = (Fraction(threshold.flag),)
    holds = _holds(threshold.operator, measured, bounds)
    compared.append(Comparison(branch, threshold.operator, bounds, measured, threshold.unit, holds))
    if holds:
        return Value.MET, Reason.WITHIN_THRESHOLD
    return Value.NOT_MET, Reason.OUTSIDE_THRESHOLD


def _measured(fact: Fact, threshold: Threshold) -> Fraction:
    is_flag = threshold.flag is not None
    if isinstance(fact, bool) or is_flag:
        if not (isinstance(fact, bool) and is_flag):
            raise NotExact(f"{fact!r} cannot be compared with this threshold")
        return Fraction(fact)
    if isinstance(fact, Share):
        share = Fraction(fact.part, fact.whole)
        return share * _HUNDRED if threshold.unit == _PERCENT else share
    return exact(fact)


def _holds(operator: Operator, fact: Fraction, bounds: tuple[Fraction, ...]) -> bool:
    match operator:
        case Operator.BETWEEN:
            return bounds[0] <= fact <= bounds[1]
        case Operator.AT_LEAST:
            return fact >= bounds[0]
        case Operator.MORE:
            return fact > bounds[0]
        case Operator.AT_MOST:
            return fact <= bounds[0]
        case Operator.LESS:
            return fact < bounds[0]
        case _:
            return fact == bounds[0]
