"""When a version may begin (C3), which is in force (C1), which governs an application (C2)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from licensing.domain.in_force import (
    DateProblem,
    DateProblemCode,
    EntryRule,
    Governing,
    GoverningProblem,
    NoGoverningVersion,
    VersionInForce,
    check_dates,
    earliest_entry,
    governing,
    in_force_on,
    overlaps,
    years_later,
)

RULE = EntryRule(entry_dates=((3, 1), (9, 1)), min_days_after_publication=90, max_years=6)
DEMO: dict[str, Any] = {
    "published_on": date(2026, 5, 29),
    "in_force_from": date(2026, 9, 1),
    "in_force_to": date(2032, 9, 1),
    "existing_permits_until": date(2027, 8, 31),
}

DATES: dict[str, tuple[dict[str, Any], tuple[DateProblem, ...]]] = {
    "the dates of the demonstration": ({}, ()),
    "without a transition": ({"existing_permits_until": None}, ()),
    "exactly ninety days": ({"published_on": date(2026, 6, 3)}, ()),
    "eighty-nine days": (
        {"published_on": date(2026, 6, 4)},
        (DateProblem(DateProblemCode.TOO_SOON_AFTER_PUBLICATION, date(2027, 3, 1)),),
    ),
    "in the middle of a month": (
        {"in_force_from": date(2026, 9, 2), "in_force_to": date(2032, 9, 2)},
        (DateProblem(DateProblemCode.NOT_AN_ENTRY_DATE, date(2026, 9, 1)),),
    ),
    "a day longer than six years": (
        {"in_force_to": date(2032, 9, 2)},
        (DateProblem(DateProblemCode.TERM_TOO_LONG, date(2032, 8, 31)),),
    ),
    "without an end": (
        {"in_force_to": None},
        (DateProblem(DateProblemCode.TERM_TOO_LONG, date(2032, 8, 31)),),
    ),
    "over before it begins": (
        {"in_force_to": date(2026, 9, 1)},
        (DateProblem(DateProblemCode.ENDS_BEFORE_IT_BEGINS),),
    ),
    "old permits end first": (
        {"existing_permits_until": date(2026, 8, 31)},
        (DateProblem(DateProblemCode.PERMITS_END_BEFORE_IT_BEGINS, date(2026, 9, 1)),),
    ),
    "everything wrong": (
        {"published_on": date(2026, 8, 31), "in_force_from": date(2026, 10, 1)},
        (
            DateProblem(DateProblemCode.NOT_AN_ENTRY_DATE, date(2027, 3, 1)),
            DateProblem(DateProblemCode.TOO_SOON_AFTER_PUBLICATION, date(2027, 3, 1)),
        ),
    ),
}


@pytest.mark.parametrize(("change", "problems"), DATES.values(), ids=DATES)
def test_inv_c3_dates(change: dict[str, Any], problems: tuple[DateProblem, ...]) -> None:
    assert check_dates(RULE, **{**DEMO, **change}) == problems


@settings(deadline=None)
@given(st.dates(min_value=date(2020, 1, 1), max_value=date(2060, 1, 1)))
def test_inv_c3_the_earliest_day_is_allowed_and_none_before_it(published_on: date) -> None:
    first = earliest_entry(RULE, published_on)
    end = years_later(first, RULE.max_years)

    dates = {"published_on": published_on, "in_force_to": end}
    assert check_dates(RULE, in_force_from=first, **dates) == ()
    for year in (published_on.year, published_on.year + 1):
        for month in (3, 9):
            other = date(year, month, 1)
            if other < first:
                assert check_dates(RULE, in_force_from=other, **dates)


def test_six_years_from_a_leap_day() -> None:
    assert years_later(date(2028, 2, 29), 6) == date(2034, 2, 28)
    assert years_later(date(2028, 2, 29), 4) == date(2032, 2, 29)


OLD = VersionInForce("VT-2024", date(2024, 9, 1), date(2026, 9, 1))
NEW = VersionInForce("1.0", date(2026, 9, 1), date(2032, 9, 1))
BOTH = (NEW, OLD)

IN_FORCE = {
    "the last day of the old": (date(2026, 8, 31), "VT-2024"),
    "the first day of the new": (date(2026, 9, 1), "1.0"),
    "the last day of the new": (date(2032, 8, 31), "1.0"),
}


@pytest.mark.parametrize(("day", "version"), IN_FORCE.values(), ids=IN_FORCE)
def test_inv_c1_one_version_is_in_force(day: date, version: str) -> None:
    found = in_force_on(BOTH, day)

    assert found is not None
    assert found.version == version


def test_inv_c1_there_may_be_none() -> None:
    assert in_force_on(BOTH, date(2024, 8, 31)) is None
    assert in_force_on(BOTH, date(2032, 9, 1)) is None


def test_inv_c1_two_at_once_are_refused_and_named() -> None:
    endless = VersionInForce("0.9", date(2025, 1, 1), None)

    with pytest.raises(ValueError, match=r"0\.9, VT-2024"):
        in_force_on((OLD, endless), date(2025, 6, 1))
    assert overlaps((NEW, endless, OLD)) == (("VT-2024", "0.9"), ("0.9", "1.0"))
    assert overlaps(BOTH) == ()


def test_situation_09_inv_c2_the_day_of_acceptance_decides() -> None:
    before = governing(BOTH, accepted_on=date(2026, 6, 18))
    after = governing(BOTH, accepted_on=date(2026, 9, 2))

    assert before == Governing("VT-2024", date(2026, 6, 18))
    assert after == Governing("1.0", date(2026, 9, 2))


def test_situation_09_inv_c2_the_new_version_may_be_chosen_and_takes_effect_later() -> None:
    chosen = governing(BOTH, accepted_on=date(2026, 7, 9), chosen="1.0")

    assert chosen == Governing("1.0", date(2026, 9, 1))


NOT_OPEN: dict[str, tuple[dict[str, Any], GoverningProblem]] = {
    "nothing is in force": (
        {"accepted_on": date(2024, 8, 1)},
        GoverningProblem.NOTHING_IN_FORCE,
    ),
    "a version nobody knows": (
        {"accepted_on": date(2026, 7, 9), "chosen": "2.0"},
        GoverningProblem.CHOSEN_IS_NOT_KNOWN,
    ),
    "an older version": (
        {"accepted_on": date(2026, 9, 2), "chosen": "VT-2024"},
        GoverningProblem.CHOSEN_IS_NOT_NEWER,
    ),
    "the version that governs anyway": (
        {"accepted_on": date(2026, 9, 1), "chosen": "1.0"},
        GoverningProblem.CHOSEN_IS_NOT_NEWER,
    ),
}


@pytest.mark.parametrize(("given_", "problem"), NOT_OPEN.values(), ids=NOT_OPEN)
def test_inv_c2_a_choice_that_is_not_open(
    given_: dict[str, Any], problem: GoverningProblem
) -> None:
    with pytest.raises(NoGoverningVersion) as refused:
        governing(BOTH, **given_)

    assert refused.value.problem is problem
