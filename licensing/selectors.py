"""Questions about requirements that pages, processes and acts ask. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from calendars.domain import day_of, end_of_day
from licensing.models import (
    PermitApplication,
    RequirementVersion,
    VersionClause,
    Visa,
    VisaRequest,
    VisaUnit,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from accounts.models import Person


class VisaStanding(StrEnum):
    """Where a unit's visa stands for the text that awaits the order."""

    MISSING = "missing"
    STALE = "stale"
    APPROVED = "approved"
    APPROVED_WITH_REMARK = "approved_with_remark"
    NOT_APPROVED = "not_approved"


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line of the approval sheet. A stale line shows the visa given to other words."""

    unit: VisaUnit
    visa: Visa | None
    standing: VisaStanding

    @property
    def is_in_favour(self) -> bool:
        """Whether the unit has said yes to this very text."""
        return self.standing in {VisaStanding.APPROVED, VisaStanding.APPROVED_WITH_REMARK}


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of one clause between two versions. One of the two may be missing."""

    number: str
    before: VersionClause | None
    after: VersionClause | None


def version_in_force(
    scope: str, on: date, *, known_at: datetime | None = None
) -> RequirementVersion | None:
    """Return what is in force in a scope on a day, as known now or at an earlier instant (C1, C5).

    None says that no requirements are established on that day.
    """
    found = RequirementVersion.objects.in_force(scope, on, known_at=known_at)
    return found.select_related("requirement_set").order_by("pk").first()


def checklist(scope: str, on: date) -> list[VersionClause]:
    """Return the clauses that may be checked on a day: those of the version in force, no others.

    A clause in a protocol of disagreements has no legal effect and is in no version
    (situation 21).
    """
    version = version_in_force(scope, on)
    if version is None:
        return []
    return list(version.clauses.order_by("position"))


def approval_sheet(version: RequirementVersion) -> list[SheetLine]:
    """Return the visas that the version needs, in the order of the units, and where each stands.

    A visa belongs to a text. What a unit said to the text before a return counts again only
    if the table confirmed those very words; otherwise it is stale.
    """
    requests = version.visa_requests.select_related("unit").order_by("unit__position")
    given: dict[int, list[Visa]] = {}
    for visa in Visa.objects.filter(version__in=_chain(version)).order_by("pk"):
        given.setdefault(visa.unit_id, []).append(visa)
    return [
        _line(request.unit, given.get(request.unit_id, []), version.text_sha256)
        for request in requests
    ]


def _line(unit: VisaUnit, visas: list[Visa], text_sha256: str) -> SheetLine:
    """Judge the visas of one unit, given in their order."""
    to_this_text = [visa for visa in visas if visa.text_sha256 == text_sha256]
    if to_this_text:
        return SheetLine(unit, to_this_text[-1], VisaStanding(to_this_text[-1].result))
    if visas:
        return SheetLine(unit, visas[-1], VisaStanding.STALE)
    return SheetLine(unit, None, VisaStanding.MISSING)


def _chain(version: RequirementVersion) -> list[int]:
    """Return the version and the one it was before the return: a text returns only once."""
    return [pk for pk in (version.pk, version.resubmission_of_id) if pk is not None]


def is_endorsed(version: RequirementVersion) -> bool:
    """Say whether every unit asked has said yes to this very text."""
    return all(line.is_in_favour for line in approval_sheet(version))


def visas_owed_by(person: Person) -> QuerySet[VisaRequest]:
    """Return the visas asked of a person's units and not given to the text as it is."""
    said = Visa.objects.filter(
        Q(version=OuterRef("version")) | Q(version=OuterRef("version__resubmission_of")),
        unit=OuterRef("unit"),
        text_sha256=OuterRef("version__text_sha256"),
    )
    return (
        VisaRequest.objects.filter(
            ~Exists(said),
            unit__officer=person,
            version__state=RequirementVersion.State.LEGAL_REVIEW,
        )
        .select_related("unit__body", "version__requirement_set__matter")
        .order_by("version__decide_by", "pk")
    )


def is_awaiting_too_long(version: RequirementVersion, at: datetime) -> bool:
    """Say whether the term for the order has passed without an act. Everybody may see it."""
    return (
        version.state == RequirementVersion.State.LEGAL_REVIEW
        and version.decide_by is not None
        and at >= end_of_day(version.decide_by)
    )


def awaiting_too_long(at: datetime) -> QuerySet[RequirementVersion]:
    """Return the versions whose term for the order has passed without an act."""
    return (
        RequirementVersion.objects.awaiting_order()
        .filter(decide_by__lt=day_of(at))
        .select_related("requirement_set__body", "requirement_set__matter")
        .order_by("decide_by", "pk")
    )


def differences(before: RequirementVersion, after: RequirementVersion) -> list[ClauseChange]:
    """Return the clauses that were added, dropped or reworded, in the order of the later version.

    Clauses are matched by their number, which stays whatever happens to the words; texts
    without one (a preamble) by their kind and place.
    """
    old = {_key(clause): clause for clause in before.clauses.order_by("position")}
    new = {_key(clause): clause for clause in after.clauses.order_by("position")}
    changed = [
        ClauseChange(clause.number, old.get(key), clause)
        for key, clause in new.items()
        if key not in old or old[key].sha256 != clause.sha256
    ]
    dropped = [
        ClauseChange(clause.number, clause, None) for key, clause in old.items() if key not in new
    ]
    return changed + dropped


def _key(clause: VersionClause) -> tuple[str, int]:
    return (clause.number, 0) if clause.number else (clause.kind, clause.position)


def permit_stands_until(application: PermitApplication) -> date | None:
    """Return the last day of a permit under the version by which the application is judged.

    None: the version has no end that is known. After that day a permit needs confirmation under
    the version that replaced it.
    """
    version = application.version
    if version is None:
        return None
    successor = (
        RequirementVersion.objects.public()
        .filter(scope=version.scope, in_force_from__gt=version.in_force_from)
        .order_by("in_force_from")
        .first()
    )
    return None if successor is None else successor.existing_permits_until


def may_be_decided(application: PermitApplication, at: datetime) -> bool:
    """Say whether a decision may be taken: accepted, and not before a chosen version binds (C2)."""
    if application.version_id is None:
        return False
    return application.not_before is None or day_of(at) >= application.not_before
