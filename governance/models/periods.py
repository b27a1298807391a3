"""Periods of days and of instants, as rows keep them: the end is excluded.

People read the last day that still counts («по 31.12.2026»); rows keep the day after
it, so that two periods that touch do not overlap.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db.models import CheckConstraint, F, Func, Q

from accounts.models import DateRange

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class InstantRange(Func):
    """The half-open period of two columns of instants, for exclusion constraints."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def one_at_a_time(
    *fields: str,
    name: str,
    message: str | _StrPromise,
    condition: Q | None = None,
    starts: str = "valid_from",
    ends: str = "valid_to",
    instants: bool = False,
) -> ExclusionConstraint:
    """Forbid overlapping periods among rows that agree in `fields`."""
    period = (InstantRange if instants else DateRange)(starts, ends, RangeBoundary())
    return ExclusionConstraint(
        name=name,
        expressions=[
            (period, RangeOperators.OVERLAPS),
            *((field, RangeOperators.EQUAL) for field in fields),
        ],
        condition=condition,
        violation_error_message=message,
    )


def ends_after_it_begins(
    name: str,
    message: str | _StrPromise,
    *,
    starts: str = "valid_from",
    ends: str = "valid_to",
    may_be_empty: bool = False,
) -> CheckConstraint:
    """Demand that a period does not end before it begins – or, strictly, that it holds something.

    An empty period is what remains of one that was taken back on its first day.
    """
    comparison = "gte" if may_be_empty else "gt"
    return CheckConstraint(
        name=name,
        condition=Q(**{ends: None}) | Q(**{f"{ends}__{comparison}": F(starts)}),
        violation_error_message=message,
    )


def on(day: datetime.date) -> Q:
    """Hold for rows whose period covers a day."""
    return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gt=day))


def last_day(valid_to: datetime.date | None) -> datetime.date | None:
    """Return the last day of a period, as people say it."""
    return None if valid_to is None else valid_to - datetime.timedelta(days=1)
