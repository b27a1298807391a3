"""Independence of those who hold a seat, as far as positions that are on record can tell.

A side may be there for what it knows and not for whom it works: its charter then says for how many
months back a position in an organisation that another side speaks for is looked for. What is found
is a fact and no verdict. Somebody declares it, and the side decides without the person what
follows; until then the question is not opened.

Dates are Krasnoyarsk dates and periods are half-open: `until` is the first day without it.

Source: Civil Code of the Russian Federation, article 192 point 3 (a term in months ends on the same
day of the month, or on its last day where there is none).
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Position:
    """A position in an organisation; `until` of None means that it goes on."""

    organisation: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Bond:
    """A position that stands against independence, and which sides speak for its organisation."""

    position: Position
    sides: tuple[str, ...]


def bonds(
    positions: Iterable[Position],
    represented: Mapping[str, Collection[str]],
    *,
    side: str,
    months: int,
    day: date,
) -> tuple[Bond, ...]:
    """Return what ties somebody to the other sides of the table on a day, or tied them lately.

    Args:
        positions: of one person.
        represented: the organisations for which each side speaks, by side.
        side: where the person sits; that it speaks for the same organisation is no bond.
        months: how far back a position counts that has ended; 0 means that nothing is asked.
    """
    if not months:
        return ()
    since = months_before(day, months)
    found = []
    for position in positions:
        if position.since > day or (position.until is not None and position.until <= since):
            continue
        sides = tuple(
            code
            for code, organisations in represented.items()
            if code != side and position.organisation in organisations
        )
        if sides:
            found.append(Bond(position, sides))
    return tuple(found)


def months_before(day: date, months: int) -> date:
    """Return the same day of the month so many months earlier, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
