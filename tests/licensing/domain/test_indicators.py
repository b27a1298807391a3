"""Indicators: exact thresholds, whole seats, schedules, alternatives, samples, observation."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.domain.indicators import (
    Absence,
    Assessment,
    IndicatorError,
    Share,
    Value,
    evaluate,
    parse_indicator,
    threshold_at,
)
from negotiation.domain.canonical import NotExact

AT = date(2027, 3, 1)
SET = Path(__file__).resolve().parents[3] / "demonstration" / "data" / "requirement_set.json"


def indicator(**more: Any) -> dict[str, Any]:
    return {"kind": "numeric", "unit_code": "pct", "operator": ">=", "threshold": 60, **more}


def assess(document: dict[str, Any], fact: Any, **more: Any) -> Assessment:
    return evaluate(parse_indicator(document), fact, **{"at": AT, **more})


def verdict(assessment: Assessment) -> tuple[str, str]:
    return assessment.value, assessment.reason


def json_set() -> dict[str, Any]:
    return json.loads(SET.read_text(encoding="utf-8"), parse_float=Decimal)


def all_indicators() -> list[tuple[str, dict[str, Any]]]:
    return [
        (clause["number"], one)
        for section in json_set()["requirement_set"]["sections"]
        for clause in section["clauses"]
        for one in clause["indicators"]
    ]


MET = ("met", "within_threshold")
NOT_MET = ("not_met", "outside_threshold")

PLAIN: dict[str, tuple[dict[str, Any], Any, tuple[str, str]]] = {
    "at least, exactly": ({}, 60, MET),
    "at least, just below": ({}, Decimal("59.999"), NOT_MET),
    "more than, exactly": ({"operator": ">"}, 60, NOT_MET),
    "at most, exactly": ({"operator": "<="}, 60, MET),
    "at most, above": ({"operator": "<="}, "60.01", NOT_MET),
    "less than, exactly": ({"operator": "<"}, 60, NOT_MET),
    "equal": ({"operator": "="}, "60.0", MET),
    "unequal": ({"operator": "="}, 61, NOT_MET),
    "in a range, its lower end": ({"operator": "between", "threshold": [6, 10]}, 6, MET),
    "in a range, its upper end": ({"operator": "between", "threshold": [6, 10]}, 10, MET),
    "outside a range": ({"operator": "between", "threshold": [6, 10]}, 11, NOT_MET),
    "a flag": ({"operator": "=", "threshold": True, "unit_code": "bool"}, True, MET),
    "a flag that is not set": (
        {"operator": "=", "threshold": True, "unit_code": "bool"},
        False,
        NOT_MET,
    ),
    "a decimal threshold": ({"threshold": Decimal("4.0")}, "3.99", NOT_MET),
    "a decimal threshold met by a whole number": ({"threshold": "4.0"}, 4, MET),
    "a share of things in per cent": ({}, Share(3, 5), MET),
    "a share of things below": ({}, Share(59, 100), NOT_MET),
    "all of them": ({"operator": "=", "threshold": 100}, Share(15, 15), MET),
    "a ratio": ({"unit_code": "ratio", "threshold": 1}, Share(14, 15), NOT_MET),
    "of nothing": ({}, Share(0, 0), ("not_assessed", "base_is_empty")),
    "a missing fact": ({}, None, ("not_assessed", "fact_missing")),
    "looked for and not there": ({}, Absence.ABSENT, ("not_met", "fact_absent")),
}


@pytest.mark.parametrize(("change", "fact", "wanted"), PLAIN.values(), ids=PLAIN)
def test_plain(change: dict[str, Any], fact: Any, wanted: tuple[str, str]) -> None:
    assert verdict(assess(indicator(**change), fact)) == wanted


THIRD = indicator(threshold=Decimal("33.33"), threshold_rational="1/3")
AT_MOST_THIRD = {**THIRD, "operator": "<="}
SEATS = {
    "three of nine are a third": (THIRD, Share(3, 9), MET),
    "three of ten are less": (THIRD, Share(3, 10), NOT_MET),
    "four of twelve are not more than a third": (AT_MOST_THIRD, Share(4, 12), MET),
    "five of fourteen are more than a third": (AT_MOST_THIRD, Share(5, 14), NOT_MET),
    "none of none is no third": (THIRD, Share(0, 0), ("not_assessed", "base_is_empty")),
    "a rounded percentage is no number of seats": (
        THIRD,
        Decimal("33.33"),
        ("not_assessed", "whole_numbers_needed"),
    ),
}


@pytest.mark.parametrize(("document", "fact", "wanted"), SEATS.values(), ids=SEATS)
def test_a_rational_threshold_wins_and_counts_whole_seats(
    document: dict[str, Any], fact: Any, wanted: tuple[str, str]
) -> None:
    assert verdict(assess(document, fact)) == wanted


def test_the_trace_of_a_rational_threshold_is_in_seats() -> None:
    (comparison,) = assess(THIRD, Share(3, 9)).comparisons

    assert (comparison.fact, comparison.bounds) == (3, (3,))


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 60), st.integers(1, 12), st.integers(1, 12))
def test_whole_seats_are_compared_without_rounding(
    part: int, whole: int, above: int, below: int
) -> None:
    document = indicator(threshold=0, threshold_rational=f"{above}/{below}")

    met = assess(document, Share(part, whole)).value is Value.MET

    assert met == (part * below >= whole * above)


STEPPED = indicator(
    operator="<=",
    threshold=3,
    unit_code="ppl",
    threshold_schedule=[
        {"from": "2026-09-01", "operator": "<=", "threshold": 3},
        {"from": "2028-09-01", "operator": "<=", "threshold": 2},
    ],
)
STEPS = {
    "the last day of the first step": (date(2028, 8, 31), Decimal("2.6"), MET, date(2028, 8, 31)),
    "the first day of the second": (date(2028, 9, 1), Decimal("2.6"), NOT_MET, None),
    "before the schedule": (date(2026, 8, 31), 3, MET, date(2026, 8, 31)),
}


@pytest.mark.parametrize(("at", "fact", "wanted", "until"), STEPS.values(), ids=STEPS)
def test_the_threshold_of_the_day(
    at: date, fact: Any, wanted: tuple[str, str], until: date | None
) -> None:
    assessment = assess(STEPPED, fact, at=at)

    assert (verdict(assessment), assessment.threshold_until) == (wanted, until)
    assert threshold_at(parse_indicator(STEPPED), at)[1] == until


OLD_MACHINE = indicator(
    operator="<=",
    threshold=12,
    unit_code="yr",
    alternative={"operator": "<=", "threshold": 12, "unit_code": "mo"},
)
BRANCHES: dict[str, tuple[Any, Any, tuple[str, str]]] = {
    "young enough": (12, None, MET),
    "old with a fresh report": (13, 11, ("met", "met_by_alternative")),
    "old with an old report": (13, 13, NOT_MET),
    "old without a report": (13, Absence.ABSENT, NOT_MET),
    "old, and nobody asked for the report": (13, None, ("not_assessed", "alternative_unknown")),
    "age unknown, with a fresh report": (None, 11, ("met", "met_by_alternative")),
    "nothing known": (None, None, ("not_assessed", "fact_missing")),
}


@pytest.mark.parametrize(("age", "report", "wanted"), BRANCHES.values(), ids=BRANCHES)
def test_either_branch_suffices(age: Any, report: Any, wanted: tuple[str, str]) -> None:
    assert verdict(assess(OLD_MACHINE, age, alternative_fact=report)) == wanted


SAMPLED = indicator(threshold="4.0", unit_code="pt", min_sample=10)
SAMPLES: dict[str, tuple[int | None, tuple[str, str]]] = {
    "as many as needed": (10, MET),
    "one short": (9, ("not_assessed", "sample_too_small")),
    "not known": (None, ("not_assessed", "sample_unknown")),
}


@pytest.mark.parametrize(("sample", "wanted"), SAMPLES.values(), ids=SAMPLES)
def test_too_few_answers_are_not_assessed(sample: int | None, wanted: tuple[str, str]) -> None:
    assert verdict(assess(SAMPLED, Fraction(41, 10), sample=sample)) == wanted


OBSERVED = indicator(
    kind="observation", operator="observe", threshold=None, observation_until="2028-08-31"
)
BECOMES_REAL = indicator(observation_until="2028-08-31")
OBSERVATION: dict[str, tuple[dict[str, Any], date, tuple[str, str]]] = {
    "observed": (OBSERVED, date(2028, 8, 31), ("not_applicable", "observed_only")),
    "no threshold was ever agreed": (
        OBSERVED,
        date(2028, 9, 1),
        ("not_assessed", "no_threshold_set"),
    ),
    "a threshold that only waits": (
        BECOMES_REAL,
        date(2028, 8, 31),
        ("not_applicable", "observed_only"),
    ),
    "and then applies": (BECOMES_REAL, date(2028, 9, 1), NOT_MET),
}


@pytest.mark.parametrize(("document", "at", "wanted"), OBSERVATION.values(), ids=OBSERVATION)
def test_an_observation_has_no_consequence(
    document: dict[str, Any], at: date, wanted: tuple[str, str]
) -> None:
    assert verdict(assess(document, 59, at=at)) == wanted


MONEY = indicator(threshold=9500, unit_code="rub", indexation="CPI", price_year=2026)
PRICES: dict[str, tuple[date, Any, tuple[str, str]]] = {
    "in the prices of the year": (date(2026, 12, 31), None, MET),
    "a year later without an index": (
        date(2027, 1, 1),
        None,
        ("not_assessed", "price_index_unknown"),
    ),
    "a year later, prices risen": (date(2027, 1, 1), Fraction(104, 100), NOT_MET),
    "a year later, prices the same": (date(2027, 1, 1), 1, MET),
}


@pytest.mark.parametrize(("at", "index", "wanted"), PRICES.values(), ids=PRICES)
def test_money_is_indexed(at: date, index: Any, wanted: tuple[str, str]) -> None:
    assert verdict(assess(MONEY, 9500, at=at, price_index=index)) == wanted


@pytest.mark.parametrize("fact", [0.5, True, "half", "1/0", [1]], ids=repr)
def test_a_fact_that_is_not_exact_is_refused(fact: Any) -> None:
    with pytest.raises(NotExact):
        assess(indicator(), fact)


def test_a_number_is_no_flag() -> None:
    with pytest.raises(NotExact):
        assess(indicator(operator="=", threshold=True, unit_code="bool"), 1)


def test_a_share_is_of_counted_things() -> None:
    with pytest.raises(ValueError, match="counted"):
        Share(-1, 3)


MALFORMED: dict[str, tuple[Any, str, str]] = {
    "a float": ({"threshold": 33.33}, "$.threshold", "not_exact"),
    "no operator": ({"operator": None}, "$.threshold (its operator)", "unknown_value"),
    "an operator nobody knows": (
        {"operator": "≥"},
        "$.threshold (its operator)",
        "unknown_value",
    ),
    "half a range": ({"operator": "between", "threshold": [6]}, "$.threshold", "out_of_range"),
    "a range upside down": (
        {"operator": "between", "threshold": [10, 6]},
        "$.threshold",
        "out_of_range",
    ),
    "a range that is a number": (
        {"operator": "between", "threshold": 6},
        "$.threshold",
        "wrong_type",
    ),
    "more than true": ({"operator": ">", "threshold": True}, "$.threshold", "contradiction"),
    "a float in a schedule": (
        {"threshold_schedule": [{"from": "2026-09-01", "operator": ">=", "threshold": 0.5}]},
        "$.threshold_schedule[0].threshold",
        "not_exact",
    ),
    "a schedule without a date": (
        {"threshold_schedule": [{"operator": ">=", "threshold": 1}]},
        "$.threshold_schedule[0]",
        "missing_key",
    ),
    "a schedule out of order": (
        {
            "threshold_schedule": [
                {"from": "2028-09-01", "operator": ">=", "threshold": 1},
                {"from": "2026-09-01", "operator": ">=", "threshold": 2},
            ]
        },
        "$.threshold_schedule",
        "out_of_range",
    ),
    "a date that is none": (
        {"observation_until": "2028-02-30"},
        "$.observation_until",
        "wrong_type",
    ),
    "a sample in words": ({"min_sample": "ten"}, "$.min_sample", "wrong_type"),
    "an alternative that is a float": (
        {"alternative": {"operator": "<=", "threshold": 0.5}},
        "$.alternative.threshold",
        "not_exact",
    ),
    "indexed from no year": ({"indexation": "CPI"}, "$", "missing_key"),
}


@pytest.mark.parametrize(("change", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_indicator_is_refused(change: Any, path: str, code: str) -> None:
    with pytest.raises(IndicatorError) as refused:
        parse_indicator(indicator(**change))

    assert (refused.value.path, refused.value.code) == (path, code)


def satisfying(document: dict[str, Any]) -> Any:
    """Return a fact that satisfies the indicator exactly at its edge."""
    if "threshold_rational" in document:
        share = Fraction(document["threshold_rational"])
        return Share(share.numerator, share.denominator)
    threshold = document["threshold"]
    return threshold[0] if isinstance(threshold, list) else threshold


@pytest.mark.parametrize(
    ("number", "document"),
    all_indicators(),
    ids=[f"{number} {one['name_en']}" for number, one in all_indicators()],
)
def test_every_indicator_of_the_demonstration_is_evaluated(
    number: str, document: dict[str, Any]
) -> None:
    at = date(2026, 9, 1)
    parsed = parse_indicator(document)
    wanted = ("not_applicable", "observed_only") if number == "9.2" else MET

    found = evaluate(parsed, satisfying(document), at=at, sample=100)

    assert verdict(found) == wanted
    if number != "9.2":
        assert evaluate(parsed, None, at=at, sample=100).value is Value.NOT_ASSESSED
        outside = opposite(document)
        missed = evaluate(parsed, outside, at=at, sample=100, alternative_fact=Absence.ABSENT)
        assert verdict(missed) == NOT_MET


def opposite(document: dict[str, Any]) -> Any:
    """Return a fact just outside the indicator."""
    edge = satisfying(document)
    if isinstance(edge, Share):
        is_least = document["operator"] == ">="
        return Share(0, 1) if is_least else Share(1, 1)
    if isinstance(edge, bool):
        return not edge
    step = Decimal("0.01")
    return edge + step if document["operator"] == "<=" else edge - step


def test_a_set_loaded_with_floats_is_refused() -> None:
    """Whoever forgets `parse_float=Decimal` is told, and never gets a wrong answer."""
    loaded = json.loads(SET.read_text(encoding="utf-8"))
    mean = next(
        one
        for section in loaded["requirement_set"]["sections"]
        for clause in section["clauses"]
        if clause["number"] == "9.3"
        for one in clause["indicators"]
    )

    with pytest.raises(IndicatorError):
        parse_indicator(mean)
