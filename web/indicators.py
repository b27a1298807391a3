"""Indicators of a clause in words: `не менее 60 %`, `не более 3 человек`, `от 6 до 10 единиц`.

Only words: whether a fact meets an indicator is decided in `licensing`.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from django.utils.translation import get_language, npgettext, pgettext

from web import formats

Indicator: TypeAlias = Mapping[str, Any]


def in_words(indicator: Indicator) -> str:
    """Say what an indicator demands, with its unit, its steps and its alternative."""
    steps = indicator.get("threshold_schedule") or []
    if steps:
        words = "; ".join(_step(indicator, step) for step in steps)
    else:
        words = _demand(indicator, indicator)
    alternative = indicator.get("alternative")
    if alternative:
        words = f"{words}, {_in_language(alternative)}"
    return words


def conditions(indicator: Indicator) -> list[str]:
    """List over what period and on how large a sample the indicator is measured."""
    found = []
    if period := _in_language(indicator, "period_"):
        found.append(pgettext("indicator", "period: %(period)s") % {"period": period})
    if sample := indicator.get("min_sample"):
        found.append(
            pgettext("indicator", "measured on %(n)s or more") % {"n": formats.number(sample)}
        )
    if until := indicator.get("observation_until"):
        day = formats.day(datetime.date.fromisoformat(until))
        found.append(pgettext("indicator", "only observed until %(day)s") % {"day": day})
    if indicator.get("indexation"):
        found.append(
            pgettext("indicator", "in prices of %(year)s, indexed")
            % {"year": indicator.get("price_year", "")}
        )
    return found


def _step(indicator: Indicator, step: Indicator) -> str:
    day = formats.day(datetime.date.fromisoformat(step["from"]))
    return pgettext("indicator", "from %(day)s %(demand)s") % {
        "day": day,
        "demand": _demand(indicator, step),
    }


def _demand(indicator: Indicator, terms: Indicator) -> str:
    """Say one demand: operator, threshold, unit."""
    operator, threshold = terms.get("operator"), terms.get("threshold")
    if operator == "observe" or threshold is None:
        return pgettext("indicator", "observed, without a threshold")
    if isinstance(threshold, bool):
        return pgettext("indicator", "yes") if threshold else pgettext("indicator", "no")
    if isinstance(threshold, list | tuple):
        low, high = threshold
        return pgettext("indicator", "from %(low)s to %(high)s") % {
            "low": _number(low),
            "high": _quantity(indicator, high, genitive=True),
        }
    if terms.get("threshold_rational"):
        return _of(operator, terms["threshold_rational"])
    exact = operator in {"=", "=="}
    return _of(operator, _quantity(indicator, threshold, genitive=not exact))


def _of(operator: str | None, quantity: str) -> str:
    phrases = {
        ">=": pgettext("indicator", "at least %(quantity)s"),
        "<=": pgettext("indicator", "at most %(quantity)s"),
        ">": pgettext("indicator", "more than %(quantity)s"),
        "<": pgettext("indicator", "less than %(quantity)s"),
    }
    phrase = phrases.get(operator or "", "%(quantity)s")
    return phrase % {"quantity": quantity}


def _quantity(indicator: Indicator, value: Any, *, genitive: bool) -> str:
    """Write a number with its unit, in the case that the phrase before it governs."""
    code = indicator.get("unit_code")
    try:
        exact = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    shown = _number(value)
    if code == "pct":
        return formats.percent(value)
    if code == "rub":
        return f"{shown}{formats.NBSP}₽"
    # A number with a fraction governs the form that follows two in Russian.
    count = int(exact) if exact == exact.to_integral_value() else 2
    words = _genitive(code, count) if genitive else _nominative(code, count)
    if words is None:
        unit = _in_language(indicator, "unit_")
        return f"{shown} ({unit})" if unit else shown
    return words % {"n": shown}


def _number(value: Any) -> str:
    exact = Decimal(str(value))
    whole = exact == exact.to_integral_value()
    return formats.number(exact.to_integral_value() if whole else exact)


def _in_language(words: Indicator, prefix: str = "") -> str:
    language = (get_language() or "ru")[:2]
    return words.get(f"{prefix}{language}") or words.get(f"{prefix}ru") or ""


def _nominative(code: str | None, n: int) -> str | None:
    """Return the unit after a number that stands by itself; None for a unit not known here."""
    units = {
        "h": npgettext("exactly", "%(n)s academic hour", "%(n)s academic hours", n),
        "mo": npgettext("exactly", "%(n)s month", "%(n)s months", n),
        "wk": npgettext("exactly", "%(n)s week", "%(n)s weeks", n),
        "yr": npgettext("exactly", "%(n)s year", "%(n)s years", n),
        "day": npgettext("exactly", "%(n)s day", "%(n)s days", n),
        "ha": npgettext("exactly", "%(n)s hectare", "%(n)s hectares", n),
        "wd": npgettext("exactly", "%(n)s working day", "%(n)s working days", n),
        "min": npgettext("exactly", "%(n)s minute", "%(n)s minutes", n),
        "ppl": npgettext("exactly", "%(n)s person", "%(n)s people", n),
        "pcs": npgettext("exactly", "%(n)s piece", "%(n)s pieces", n),
        "pt": npgettext("exactly", "%(n)s point", "%(n)s points", n),
        "ent": "%(n)s",
        "ratio": "%(n)s",
    }
    return units.get(code or "")


def _genitive(code: str | None, n: int) -> str | None:
    """Return the unit after «не менее» and its like, which in Russian govern the genitive."""
    units = {
        "h": npgettext("at least", "%(n)s academic hour", "%(n)s academic hours", n),
        "mo": npgettext("at least", "%(n)s month", "%(n)s months", n),
        "wk": npgettext("at least", "%(n)s week", "%(n)s weeks", n),
        "yr": npgettext("at least", "%(n)s year", "%(n)s years", n),
        "day": npgettext("at least", "%(n)s day", "%(n)s days", n),
        "ha": npgettext("at least", "%(n)s hectare", "%(n)s hectares", n),
        "wd": npgettext("at least", "%(n)s working day", "%(n)s working days", n),
        "min": npgettext("at least", "%(n)s minute", "%(n)s minutes", n),
        "ppl": npgettext("at least", "%(n)s person", "%(n)s people", n),
        "pcs": npgettext("at least", "%(n)s piece", "%(n)s pieces", n),
        "pt": npgettext("at least", "%(n)s point", "%(n)s points", n),
        "ent": "%(n)s",
        "ratio": "%(n)s",
    }
    return units.get(code or "")
