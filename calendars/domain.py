"""Working days and terms: articles 191, 193 and 194 of the Civil Code, over given calendars.

A calendar knows certain years only. A question about another year is refused, because a working
day guessed wrongly is a notice sent too late. Dates are Krasnoyarsk dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KRASNOYARSK = ZoneInfo("Asia/Krasnoyarsk")

_DAY = timedelta(days=1)
_SATURDAY = 5


class CalendarNotKnown(LookupError):
    """The production calendar of the year is not among those given."""

    def __init__(self, year: int) -> None:
        """Remember the year that was asked about."""
        super().__init__(f"the production calendar of {year} is not known")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Which days are working days, in the years covered.

    `days_off` are non-working days beyond Saturdays and Sundays; `working_weekends` are Saturdays
    and Sundays that were made working days. `provisional_years` have no decree on transfers yet:
    their answers may still change, and pages that show a term in such a year should say so.
    """

    years: frozenset[int]
    days_off: frozenset[date]
    working_weekends: frozenset[date]
    provisional_years: frozenset[int] = frozenset()

    def is_working(self, day: date) -> bool:
        """Say whether the day is a working day.

        Raises:
            CalendarNotKnown: the year is not covered.

        """
        if day.year not in self.years:
            raise CalendarNotKnown(day.year)
        if day.weekday() >= _SATURDAY:
            return day in self.working_weekends
        return day not in self.days_off

    def add_working_days(self, start: date, count: int) -> date:
        """Return the last day of a term of `count` working days that an event on `start` began.

        The day of the event is not counted (article 191).

        Raises:
            ValueError: the term has no days.
            CalendarNotKnown: the term runs into a year that is not covered.

        """
        if count < 1:
            raise ValueError("a term has at least one day")
        day = start
        for _ in range(count):
            day = self._next_working(day + _DAY)
        return day

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and including `end`.

        Raises:
            ValueError: `end` is before `start`.
            CalendarNotKnown: a day in between is in a year that is not covered.

        """
        if end < start:
            raise ValueError("a term does not end before it begins")
        days = (start + _DAY * step for step in range(1, (end - start).days + 1))
        return sum(self.is_working(day) for day in days)

    def last_day(self, day: date) -> date:
        """Return the day on which a term ends that would end on `day`.

        A last day that is not a working day moves to the next one that is (article 193).
        """
        return self._next_working(day)

    def _next_working(self, day: date) -> date:
        while not self.is_working(day):
            day += _DAY
        return day


def end_of_day(day: date) -> datetime:
    """Return the instant at which the day is over in Krasnoyarsk: its 24:00 (article 194).

    The instant itself is already outside: an act is in time when its instant is earlier.
    """
    return datetime.combine(day + _DAY, time(), tzinfo=KRASNOYARSK)


def start_of_day(day: date) -> datetime:
    """Return the instant at which the day begins in Krasnoyarsk."""
    return datetime.combine(day, time(), tzinfo=KRASNOYARSK)


def day_of(instant: datetime) -> date:
    """Return the Krasnoyarsk date of an instant.

    Raises:
        ValueError: the instant does not say in which time zone it is.

    """
    if instant.tzinfo is None or instant.utcoffset() is None:
        raise ValueError("an instant without a time zone has no date")
    return instant.astimezone(KRASNOYARSK).date()


def calendar_of(documents: Iterable[Mapping[str, Any]]) -> WorkingCalendar:
    """Make a calendar of yearly documents (`calendars/data/`).

    A day off that is transferred makes its new day free. The old day becomes a working day only if
    it is not a holiday itself: a Saturday moved to make a long weekend is worked, a Sunday that
    is the eighth of March is not.

    Raises:
        ValueError: a year is given twice, or a date lies outside the year of its document.

    """
    years: set[int] = set()
    provisional: set[int] = set()
    days_off: set[date] = set()
    working: set[date] = set()
    for document in documents:
        year = document["year"]
        if year in years:
            raise ValueError(f"the year {year} is given twice")
        holidays = {_within(year, text) for text in document["holidays"]}
        moved = [
            (_within(year, move["from"]), _within(year, move["to"]))
            for move in document["transfers"]
        ]
        years.add(year)
        if document["is_provisional"]:
            provisional.add(year)
        days_off |= holidays | {to for _, to in moved}
        working |= {from_ for from_, _ in moved} - holidays
    return WorkingCalendar(
        frozenset(years), frozenset(days_off), frozenset(working), frozenset(provisional)
    )


def _within(year: int, text: str) -> date:
    day = date.fromisoformat(text)
    if day.year != year:
        raise ValueError(f"{text} is not in {year}")
    return day
