"""The days on which versions are in force, and since when that is known.

Nothing is overwritten: what was known stays readable, and a change ends the knowledge of a
period and adds another row. Called inside acts, which lock and record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from licensing import refusals
from licensing.models import InForcePeriod, RequirementVersion

if TYPE_CHECKING:
    from datetime import date, datetime


def establish(version: RequirementVersion, *, known_from: datetime) -> InForcePeriod:
    """Note from when to when a version is in force."""
    if version.in_force_from is None:
        raise ValueError("a version without its first day is not in force")
    return InForcePeriod.objects.create(
        version=version,
        scope=version.scope,
        valid_from=version.in_force_from,
        valid_to=version.in_force_to,
        known_from=known_from,
    )


def end_earlier_ones(scope: str, day: date, *, known_from: datetime) -> list[RequirementVersion]:
    """Let whatever began before the day and would last beyond it end on it.

    Returns the versions that were shortened.
    """
    shortened = list(
        RequirementVersion.objects.select_for_update()
        .filter(Q(in_force_to=None) | Q(in_force_to__gt=day), scope=scope, in_force_from__lt=day)
        .order_by("in_force_from")
    )
    for version in shortened:
        InForcePeriod.objects.filter(version=version).current().update(known_to=known_from)
        version.in_force_to = day
        version.save(update_fields=["in_force_to"])
        establish(version, known_from=known_from)
    return shortened


def require_free(scope: str, begins: date, ends: date | None) -> None:
    """Refuse days on which another version of the scope is in force.

    Raises:
        ScopeOccupied: it names the first such version.
    """
    occupied = RequirementVersion.objects.filter(
        Q(in_force_to=None) | Q(in_force_to__gt=begins), scope=scope, in_force_from__isnull=False
    )
    if ends is not None:
        occupied = occupied.filter(in_force_from__lt=ends)
    if other := occupied.order_by("in_force_from").first():
        raise refusals.ScopeOccupied(label=other.label)
