"""The only clock: that of the database, which all web processes share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

if TYPE_CHECKING:
    import datetime


def now() -> datetime.datetime:
    """Return the database's time at this very statement, aware and in UTC.

    `clock_timestamp()` and not `now()`: the latter stands still inside a transaction,
    and an act that waited for a lock would be dated before the one it waited for.
    """
    moment: datetime.datetime
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    return moment.astimezone(timezone.get_default_timezone())
