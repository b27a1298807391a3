"""A negotiated clause may be stricter than a federal mirror, never weaker (B12)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from negotiation.domain.canonical import NotExact
from negotiation.domain.mirrors import weaker_indicators


def terms(operator: str, threshold: Any, **more: Any) -> dict[str, Any]:
    return {
        "indicators": [
            {
                "name_ru": "Доля работников",
                "unit_code": "pct",
                "operator": operator,
                "threshold": threshold,
                **more,
            }
        ]
    }


STRICTER, WEAKER = (), ("Доля работников",)

PAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = {
    "the same": (terms(">=", 60), terms(">=", 60), STRICTER),
    "stricter": (terms(">=", "60.5"), terms(">=", 60), STRICTER),
    "weaker": (terms(">=", Decimal("59.9")), terms(">=", 60), WEAKER),
    "more than for at least": (terms(">", 60), terms(">=", 60), STRICTER),
    "at least for more than": (terms(">=", 60), terms(">", 60), WEAKER),
    "a lower ceiling": (terms("<=", 10), terms("<=", 12), STRICTER),
    "a higher ceiling": (terms("<=", 13), terms("<=", 12), WEAKER),
    "below for at most": (terms("<", 12), terms("<=", 12), STRICTER),
    "at most for below": (terms("<=", 12), terms("<", 12), WEAKER),
    "a floor for a ceiling": (terms(">=", 5), terms("<=", 12), WEAKER),
    "exactly for at least": (terms("=", 60), terms(">=", 60), STRICTER),
    "at least for exactly": (terms(">=", 100), terms("=", 100), WEAKER),
    "a narrower range": (terms("between", [7, 9]), terms("between", [6, 10]), STRICTER),
    "a wider range": (terms("between", [5, 10]), terms("between", [6, 10]), WEAKER),
    "a third for a quarter": (
        terms(">=", Decimal("33.33"), threshold_rational="1/3"),
        terms(">=", 25, threshold_rational="1/4"),
        STRICTER,
    ),
    "the same flag": (terms("=", threshold=True), terms("=", threshold=True), STRICTER),
    "the other flag": (terms("=", threshold=False), terms("=", threshold=True), WEAKER),
    "observed only": (terms("observe", None), terms(">=", 60), WEAKER),
    "a threshold for an observation": (terms(">=", 60), terms("observe", None), STRICTER),
    "weaker from a later day": (
        terms("<=", 3, threshold_schedule=[{"operator": "<=", "threshold": 4}]),
        terms("<=", 3),
        WEAKER,
    ),
    "an alternative of its own": (
        terms("<=", 3, alternative={"operator": "<=", "threshold": 1}),
        terms("<=", 3),
        WEAKER,
    ),
    "the alternative that the mirror has": (
        terms("<=", 3, alternative={"operator": "<=", "threshold": 1}),
        terms("<=", 3, alternative={"operator": "<=", "threshold": 1}),
        STRICTER,
    ),
    "another measure": (terms(">=", 1, name_ru="Иное"), terms(">=", 60), STRICTER),
    "another unit": (terms(">=", 1, unit_code="h"), terms(">=", 60), STRICTER),
    "nothing said": ({}, terms(">=", 60), STRICTER),
}


@pytest.mark.parametrize(("own", "mirror", "weaker"), PAIRS.values(), ids=PAIRS)
def test_inv_b12_never_weaker_than_a_mirror(
    own: dict[str, Any], mirror: dict[str, Any], weaker: tuple[str, ...]
) -> None:
    assert weaker_indicators(own, [mirror, {}]) == weaker


def test_inv_b12_the_name_is_compared_as_people_read_it() -> None:
    own = terms(">=", 59, name_ru=" доля  РАБОТНИКОВ")

    assert weaker_indicators(own, [terms(">=", 60)]) == (" доля  РАБОТНИКОВ",)


def test_inv_b12_a_float_is_no_threshold() -> None:
    with pytest.raises(NotExact):
        weaker_indicators(terms(">=", 59.5), [terms(">=", 60)])
