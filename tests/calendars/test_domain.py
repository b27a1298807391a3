"""Working days, terms and the ends of days: invariant C4 and situation 23."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calendars import russia
from calendars.domain import (
    KRASNOYARSK,
    CalendarNotKnown,
    calendar_of,
    day_of,
    end_of_day,
    start_of_day,
)

CALENDAR = russia()


def day(text: str) -> date:
    return date.fromisoformat(text)


TERMS = {
    "notice of the first meeting": ("2026-03-12", "2026-03-27", 11),
    "notice of the written ballot": ("2026-03-30", "2026-04-06", 5),
    "notice of the second meeting, over two holidays": ("2026-04-28", "2026-05-15", 11),
    "time for comments, over two holidays": ("2026-02-16", "2026-03-18", 20),
    "the day of the event does not count": ("2026-03-12", "2026-03-12", 0),
    "the next working day is one": ("2026-03-12", "2026-03-13", 1),
    "a weekend has none": ("2026-03-13", "2026-03-15", 0),
    "over the new year": ("2025-12-30", "2026-01-12", 1),
}


@pytest.mark.parametrize(("start", "end", "days"), TERMS.values(), ids=TERMS)
def test_working_days_between(start: str, end: str, days: int) -> None:
    assert CALENDAR.working_days_between(day(start), day(end)) == days
    if days:
        assert CALENDAR.add_working_days(day(start), days) <= day(end)


DAYS = {
    "an ordinary Thursday": ("2026-03-12", True),
    "a Saturday": ("2026-03-14", False),
    "the eighth of March, a Sunday": ("2026-03-08", False),
    "the Monday after it": ("2026-03-09", False),
    "the Monday of 23 February": ("2026-02-23", False),
    "the Monday after a Saturday of victory": ("2026-05-11", False),
    "a Friday off for the third of January": ("2026-01-09", False),
    "the last day of 2026": ("2026-12-31", False),
    "the last day of 2025": ("2025-12-31", False),
    "the day before it": ("2025-12-30", True),
    "a worked Saturday": ("2024-04-27", True),
    "the Monday off for it": ("2024-04-29", False),
    "a Saturday worked in November": ("2025-11-01", True),
    "a Sunday of 23 February moved to May": ("2025-02-24", True),
    "and where it was moved": ("2025-05-08", False),
}


@pytest.mark.parametrize(("text", "is_working"), DAYS.values(), ids=DAYS)
def test_working_day(text: str, is_working: bool) -> None:  # noqa: FBT001
    assert CALENDAR.is_working(day(text)) is is_working


@pytest.mark.parametrize(("year", "days"), [(2024, 248), (2025, 247), (2026, 247), (2027, 249)])
def test_the_year_has_as_many_working_days_as_published(year: int, days: int) -> None:
    """The totals of the production calendars; 2027 as computed without a decree."""
    first, last = date(year, 1, 1), date(year, 12, 31)

    found = CALENDAR.working_days_between(first, last)

    assert found == days
    assert not CALENDAR.is_working(first)


def test_a_year_without_a_decree_is_marked() -> None:
    assert CALENDAR.years == {2024, 2025, 2026, 2027}
    assert CALENDAR.provisional_years == {2027}


@pytest.mark.parametrize("text", ["2023-12-29", "2028-01-10"])
def test_a_year_that_is_not_known_is_refused(text: str) -> None:
    with pytest.raises(CalendarNotKnown) as refused:
        CALENDAR.is_working(day(text))

    assert refused.value.year == day(text).year


def test_a_term_that_runs_into_an_unknown_year_is_refused() -> None:
    with pytest.raises(CalendarNotKnown):
        CALENDAR.add_working_days(day("2027-12-30"), 5)


def test_a_term_has_days_and_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="at least one"):
        CALENDAR.add_working_days(day("2026-03-12"), 0)
    with pytest.raises(ValueError, match="before"):
        CALENDAR.working_days_between(day("2026-03-12"), day("2026-03-11"))


LAST_DAYS = {
    "a working day stays": ("2026-03-12", "2026-03-12"),
    "a Saturday moves to Monday": ("2026-03-14", "2026-03-16"),
    "over a holiday": ("2026-05-09", "2026-05-12"),
    "a holiday inside the week": ("2026-11-04", "2026-11-05"),
}


@pytest.mark.parametrize(("ends", "moved"), LAST_DAYS.values(), ids=LAST_DAYS)
def test_situation_23_a_last_day_moves_to_the_next_working_day(ends: str, moved: str) -> None:
    assert CALENDAR.last_day(day(ends)) == day(moved)


def test_situation_23_a_filing_at_five_to_midnight_is_in_time_whatever_the_clock_elsewhere() -> (
    None
):
    deadline = end_of_day(day("2026-03-18"))
    in_krasnoyarsk = datetime(2026, 3, 18, 23, 55, tzinfo=KRASNOYARSK)
    in_moscow_terms = in_krasnoyarsk.astimezone(UTC)

    assert in_krasnoyarsk < deadline
    assert day_of(in_moscow_terms) == day("2026-03-18")
    assert in_krasnoyarsk + timedelta(minutes=5) == deadline
    assert day_of(deadline) == day("2026-03-19")
    # 20:55 on the 18th in Greenwich is already the 19th here.
    assert day_of(datetime(2026, 3, 18, 20, 55, tzinfo=UTC)) == day("2026-03-19")


def test_a_day_is_its_instants() -> None:
    assert end_of_day(day("2026-03-18")) == start_of_day(day("2026-03-19"))
    assert str(start_of_day(day("2026-03-18"))) == "2026-03-18 00:00:00+07:00"


def test_an_instant_without_a_zone_has_no_date() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 3, 18, 12))  # noqa: DTZ001


INSIDE = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 10, 1))


@settings(deadline=None)
@given(INSIDE, st.integers(1, 30))
def test_a_term_of_n_days_ends_on_the_nth_working_day(start: date, count: int) -> None:
    end = CALENDAR.add_working_days(start, count)

    assert CALENDAR.is_working(end)
    assert CALENDAR.working_days_between(start, end) == count
    assert CALENDAR.last_day(end) == end


def year(**more: Any) -> dict[str, Any]:
    return {"year": 2030, "holidays": [], "transfers": [], "is_provisional": False, **more}


def test_a_transfer_makes_one_day_free_and_another_worked() -> None:
    moved = {"from": "2030-04-27", "to": "2030-04-29"}

    calendar = calendar_of([year(transfers=[moved])])

    assert not calendar.is_working(date(2030, 4, 29))
    assert calendar.is_working(date(2030, 4, 27))


def test_a_holiday_that_is_moved_is_not_worked() -> None:
    moved = {"from": "2030-06-09", "to": "2030-06-10"}

    calendar = calendar_of([year(holidays=["2030-06-09"], transfers=[moved])])

    assert not calendar.is_working(date(2030, 6, 9))


def test_a_calendar_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        calendar_of([year(), year()])
    with pytest.raises(ValueError, match="not in 2030"):
        calendar_of([year(holidays=["2031-01-01"])])
