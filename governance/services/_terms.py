"""Terms in working days, as the charter gives them and the production calendar counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import calendars
from calendars.domain import CalendarNotKnown, day_of
from governance import refusals

if TYPE_CHECKING:
    import datetime


def notice_given(at: datetime.datetime, for_: datetime.datetime) -> int:
    """Count the working days between a notice and what it calls to.

    Raises:
        CalendarUnknown: a day lies in a year without a production calendar.
    """
    first, last = day_of(at), day_of(for_)
    if last < first:
        return 0
    try:
        return calendars.russia().working_days_between(first, last)
    except CalendarNotKnown as unknown:
        raise refusals.CalendarUnknown(year=unknown.year) from unknown


def last_day_of_term(began: datetime.datetime, working_days: int) -> datetime.date:
    """Return the last day of a term; the day of the event is not counted (ГК 191).

    Raises:
        CalendarUnknown: the term runs into a year without a production calendar.
    """
    day = day_of(began)
    if working_days == 0:
        return day
    try:
        return calendars.russia().add_working_days(day, working_days)
    except CalendarNotKnown as unknown:
        raise refusals.CalendarUnknown(year=unknown.year) from unknown


def words(day: datetime.date) -> str:
    """Write a day as people read it in both languages."""
    return day.strftime("%d.%m.%Y")


def clock_words(instant: datetime.datetime) -> str:
    """Write an instant as people read it, in the time of the table."""
    return instant.astimezone(calendars.domain.KRASNOYARSK).strftime("%d.%m.%Y %H:%M")
