"""Numbers, dates and times as people of each language write them.

Russian: `9 500,00`, `25.03.2026`, `16:35 (Красноярск)`. English: `9,500.00`,
`25 March 2026`, `16:35 (Krasnoyarsk)`. A moment is always shown in Krasnoyarsk time: it is the
place whose clock ends the terms.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from django.utils import dateformat
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from calendars.domain import KRASNOYARSK

NBSP = "\N{NO-BREAK SPACE}"


def in_russian() -> bool:
    """Answer whether the reader's language is Russian; it is, unless another was chosen."""
    return (get_language() or "ru").startswith("ru")


def number(value: int | Decimal | Fraction | str, places: int | None = None) -> str:
    """Write a number with the separators of the reader's language.

    `places` fixes the digits after the separator; without it a whole number has none and a
    decimal keeps its own. A fraction that is not whole stays a fraction: one third is `1/3`.
    """
    if isinstance(value, Fraction):
        if value.denominator != 1:
            return f"{value.numerator}/{value.denominator}"
        value = value.numerator
    exact = Decimal(value)
    text = f"{exact:,f}" if places is None else f"{exact:,.{places}f}"
    if not in_russian():
        return text.replace("-", "\N{MINUS SIGN}")
    whole, point, rest = text.partition(".")
    return (whole.replace(",", NBSP) + ("," + rest if point else "")).replace("-", "\N{MINUS SIGN}")


def percent(value: int | Decimal | Fraction | str) -> str:
    """Write a percentage: `60 %` in Russian, `60%` in English."""
    return number(value) + (NBSP + "%" if in_russian() else "%")


def day(date: datetime.date) -> str:
    """Write a date: `25.03.2026` in Russian, `25 March 2026` in English."""
    if isinstance(date, datetime.datetime):
        date = date.astimezone(KRASNOYARSK).date()
    if in_russian():
        return dateformat.format(date, "d.m.Y")
    return dateformat.format(date, "j F Y").replace(" ", NBSP, 1)


def clock(at: datetime.datetime) -> str:
    """Write the time of day in Krasnoyarsk, without the place."""
    return dateformat.format(at.astimezone(KRASNOYARSK), "H:i")


def moment(at: datetime.datetime) -> str:
    """Write date, time and the place whose time it is."""
    place = _("Krasnoyarsk")
    return f"{day(at)}, {clock(at)}{NBSP}({place})"


def last_day(end: datetime.date) -> datetime.date:
    """Return the last day of a period that ends before `end`."""
    return end - datetime.timedelta(days=1)


def period(start: datetime.date | None, end: datetime.date | None) -> str:
    """Write a half-open period by its first and last day."""
    if start and end:
        return pgettext("period", "from %(first)s to %(last)s") % {
            "first": day(start),
            "last": day(last_day(end)),
        }
    if start:
        return pgettext("period", "from %(first)s") % {"first": day(start)}
    if end:
        return pgettext("period", "to %(last)s") % {"last": day(last_day(end))}
    return pgettext("period", "without a term")


def initials(name: str) -> str:
    """Return the one or two letters that stand for a person beside the name."""
    return "".join(word[0] for word in name.split()[:2]).upper()
