"""When a version may enter into force, which one is in force, and which one governs.

Dates are Krasnoyarsk dates; periods are half-open, `in_force_to` is the first day on which the
version no longer holds. The limits come from the charter that was pinned; the rule itself follows
247-ФЗ on mandatory requirements.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class DateProblemCode(StrEnum):
    """Why the dates of a version are not allowed."""

    NOT_AN_ENTRY_DATE = "not_an_entry_date"
    TOO_SOON_AFTER_PUBLICATION = "too_soon_after_publication"
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    TERM_TOO_LONG = "term_too_long"
    PERMITS_END_BEFORE_IT_BEGINS = "permits_end_before_it_begins"


@dataclass(frozen=True, slots=True)
class DateProblem:
    """One problem. `limit` is the nearest date that would have been allowed, where there is one."""

    code: DateProblemCode
    limit: date | None = None


@dataclass(frozen=True, slots=True)
class EntryRule:
    """The limits of a charter: days of entry as (month, day), days of waiting, longest term."""

    entry_dates: Collection[tuple[int, int]]
    min_days_after_publication: int
    max_years: int


def check_dates(
    rule: EntryRule,
    *,
    published_on: date,
    in_force_from: date,
    in_force_to: date | None,
    existing_permits_until: date | None = None,
) -> tuple[DateProblem, ...]:
    """Return everything that is wrong with the dates of a version, nothing if they are allowed.

    A version without an end lasts longer than any limit. `existing_permits_until` is the last day
    of permits given under the version before.
    """
    found: list[DateProblem] = []
    earliest = earliest_entry(rule, published_on)
    if (in_force_from.month, in_force_from.day) not in rule.entry_dates:
        found.append(DateProblem(DateProblemCode.NOT_AN_ENTRY_DATE, earliest))
    if (in_force_from - published_on).days < rule.min_days_after_publication:
        found.append(DateProblem(DateProblemCode.TOO_SOON_AFTER_PUBLICATION, earliest))
    latest = years_later(in_force_from, rule.max_years)
    if in_force_to is not None and in_force_to <= in_force_from:
        found.append(DateProblem(DateProblemCode.ENDS_BEFORE_IT_BEGINS))
    elif in_force_to is None or in_force_to > latest:
        found.append(DateProblem(DateProblemCode.TERM_TOO_LONG, latest - timedelta(days=1)))
    if existing_permits_until is not None and existing_permits_until < in_force_from:
        found.append(DateProblem(DateProblemCode.PERMITS_END_BEFORE_IT_BEGINS, in_force_from))
    return tuple(found)


def earliest_entry(rule: EntryRule, published_on: date) -> date:
    """Return the first allowed day of entry for a version published on that day.

    Raises:
        ValueError: the rule names no day of entry.

    """
    soonest = published_on + timedelta(days=rule.min_days_after_publication)
    return min(
        day
        for year in (soonest.year, soonest.year + 1)
        for month, of_month in rule.entry_dates
        if (day := date(year, month, of_month)) >= soonest
    )


def years_later(day: date, years: int) -> date:
    """Return the corresponding day `years` later; of 29 February the 28th (Civil Code, 192)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@dataclass(frozen=True, slots=True)
class VersionInForce:
    """A version and the days on which it holds. `in_force_to` of `None` means no end is known."""

    version: str
    in_force_from: date
    in_force_to: date | None

    def holds_on(self, day: date) -> bool:
        """Say whether the version is in force on the day."""
        return self.in_force_from <= day and (self.in_force_to is None or day < self.in_force_to)


def in_force_on(versions: Iterable[VersionInForce], day: date) -> VersionInForce | None:
    """Return the version in force on the day; `None` says that no requirements are established.

    Raises:
        ValueError: two versions are in force at once, which a scope must never have (C1).

    """
    holding = [version for version in versions if version.holds_on(day)]
    if len(holding) > 1:
        names = ", ".join(sorted(version.version for version in holding))
        raise ValueError(f"more than one version is in force on {day}: {names}")
    return holding[0] if holding else None


def overlaps(versions: Sequence[VersionInForce]) -> tuple[tuple[str, str], ...]:
    """Return every pair of versions that are in force on a common day, earlier ones first."""
    ordered = sorted(versions, key=lambda version: (version.in_force_from, version.version))
    return tuple(
        (one.version, other.version)
        for place, one in enumerate(ordered)
        for other in ordered[place + 1 :]
        if one.in_force_to is None or other.in_force_from < one.in_force_to
    )


class GoverningProblem(StrEnum):
    """Why no version governs an application."""

    NOTHING_IN_FORCE = "nothing_in_force"
    CHOSEN_IS_NOT_KNOWN = "chosen_is_not_known"
    CHOSEN_IS_NOT_NEWER = "chosen_is_not_newer"


class NoGoverningVersion(ValueError):
    """No version governs; `problem` says why."""

    def __init__(self, problem: GoverningProblem) -> None:
        """Remember the problem."""
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Governing:
    """The version by which an application is judged, as a whole.

    A decision may take effect on `not_before` at the earliest: a version that is not in force yet
    cannot give or refuse anything yet.
    """

    version: str
    not_before: date


def governing(
    versions: Iterable[VersionInForce], *, accepted_on: date, chosen: str | None = None
) -> Governing:
    """Return the version that governs an application accepted for consideration on that day (C2).

    It is the one in force on the day of acceptance, whenever the application was filed. The
    applicant may choose a version that enters into force later, as a whole; clauses of two versions
    are never mixed.

    Raises:
        NoGoverningVersion: nothing was in force, or the choice is not open.
        ValueError: two versions are in force at once.

    """
    known = tuple(versions)
    current = in_force_on(known, accepted_on)
    if chosen is None:
        if current is None:
            raise NoGoverningVersion(GoverningProblem.NOTHING_IN_FORCE)
        return Governing(current.version, accepted_on)
    wanted = next((version for version in known if version.version == chosen), None)
    if wanted is None:
        raise NoGoverningVersion(GoverningProblem.CHOSEN_IS_NOT_KNOWN)
    if wanted.in_force_from <= accepted_on:
        raise NoGoverningVersion(GoverningProblem.CHOSEN_IS_NOT_NEWER)
    return Governing(wanted.version, wanted.in_force_from)
