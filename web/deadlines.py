"""How much time is left, in working days of the production calendar."""

from __future__ import annotations

import datetime
from contextlib import suppress
from dataclasses import dataclass

import calendars
from calendars.domain import KRASNOYARSK, CalendarNotKnown, day_of

SOON = 2


@dataclass(frozen=True, slots=True)
class Term:
    """A term and how near its end is. `left` counts the working days after today."""

    at: datetime.date
    is_moment: bool
    left: int | None
    is_over: bool
    is_today: bool

    @property
    def tone(self) -> str:
        """Return the tone: over, near, or neither."""
        if self.is_over:
            return "bad"
        if self.is_today or (self.left is not None and self.left <= SOON):
            return "warn"
        return "idle"


def term(at: datetime.date, now: datetime.datetime) -> Term:
    """Say how a term stands at a moment.

    A date is kept until the end of that day in Krasnoyarsk (ГК 194), and a moment that is a
    midnight there is told as the day that it ends. Where the production calendar of a year is
    not known, the number of working days is left out, not guessed.
    """
    at = _day_that_ends(at)
    is_moment = isinstance(at, datetime.datetime)
    today = day_of(now)
    last = day_of(at) if isinstance(at, datetime.datetime) else at
    is_over = at <= now if isinstance(at, datetime.datetime) else last < today
    left: int | None = None
    if not is_over:
        with suppress(CalendarNotKnown):
            left = calendars.russia().working_days_between(today, last)
    return Term(at, is_moment, left, is_over, is_today=not is_over and last == today)


def _day_that_ends(at: datetime.date) -> datetime.date:
    """Return the day of which a midnight is the end; anything else as it is."""
    if not isinstance(at, datetime.datetime):
        return at
    here = at.astimezone(KRASNOYARSK)
    if here.time() != datetime.time():
        return at
    return here.date() - datetime.timedelta(days=1)
