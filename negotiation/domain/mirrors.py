"""Is a negotiated clause weaker than the federal norm that a mirror repeats?

A krai cannot soften a federal requirement. A negotiated indicator is compared with that of a mirror
where both measure the same: the same Russian name in the same unit. Silence of the negotiated
clause is no weakening, since the mirror stands in the same text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from .canonical import canonical_text
from .exact import exact


def weaker_indicators(
    terms: Mapping[str, Any], mirrors: Iterable[Mapping[str, Any]]
) -> tuple[str, ...]:
    """Name the indicators of a clause that ask for less than a mirror does, each once.

    Raises:
        NotExact: a threshold is not an exact number.

    """
    demanded = [indicator for mirror in mirrors for indicator in mirror.get("indicators", ())]
    weaker = (
        str(own["name_ru"])
        for own in terms.get("indicators", ())
        for mirror in demanded
        if _measures_same(own, mirror) and not _is_within(own, mirror)
    )
    return tuple(dict.fromkeys(weaker))


def _measures_same(own: Mapping[str, Any], mirror: Mapping[str, Any]) -> bool:
    return _measure(own) == _measure(mirror)


def _measure(indicator: Mapping[str, Any]) -> tuple[str, str]:
    name = canonical_text(str(indicator.get("name_ru", ""))).casefold()
    return name, str(indicator.get("unit_code", ""))


def _is_within(own: Mapping[str, Any], mirror: Mapping[str, Any]) -> bool:
    """Say whether whatever satisfies the own indicator satisfies the mirror's too.

    Every step of a schedule counts, and an alternative the mirror does not offer is a weakening.
    """
    if own.get("alternative") and own.get("alternative") != mirror.get("alternative"):
        return False
    return all(
        _satisfies(allowed, demand) for allowed in _demands(own) for demand in _demands(mirror)
    )


def _demands(indicator: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if indicator.get("threshold_rational"):
        yield {**indicator, "threshold": indicator["threshold_rational"]}
        return
    yield indicator
    yield from indicator.get("threshold_schedule", ())


_Interval = tuple[Fraction | None, bool, Fraction | None, bool]


def _satisfies(own: Mapping[str, Any], demand: Mapping[str, Any]) -> bool:
    if isinstance(demand["threshold"], bool) or isinstance(own["threshold"], bool):
        return own["threshold"] is demand["threshold"]
    if demand["threshold"] is None:
        return True
    if own["threshold"] is None:
        return False
    low, low_open, high, high_open = _interval(demand)
    own_low, own_low_open, own_high, own_high_open = _interval(own)
    is_above = low is None or (
        own_low is not None
        and (own_low > low or (own_low == low and (own_low_open or not low_open)))
    )
    is_below = high is None or (
        own_high is not None
        and (own_high < high or (own_high == high and (own_high_open or not high_open)))
    )
    return is_above and is_below


def _interval(demand: Mapping[str, Any]) -> _Interval:
    """Return the values that satisfy a demand: lower end, is it open, upper end, is it open."""
    operator, threshold = demand["operator"], demand["threshold"]
    if operator == "between":
        low, high = threshold
        return exact(low), False, exact(high), False
    number = exact(threshold)
    return {
        ">=": (number, False, None, False),
        ">": (number, True, None, False),
        "<=": (None, False, number, False),
        "<": (None, False, number, True),
        "=": (number, False, number, False),
    }[operator]
