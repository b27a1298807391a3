"""From the table to the ministry: the text that was voted, frozen, with the visas it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from calendars import russia
from calendars.domain import CalendarNotKnown, day_of
from governance.models.periods import on
from licensing import acts, refusals
from licensing.models import (
    RequirementSet,
    RequirementVersion,
    VersionClause,
    VisaRequest,
    VisaUnit,
)
from licensing.services import standing
from negotiation.models import Clause, Matter, QuestionWording, Revision
from negotiation.services.standing import procedure_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Person
    from governance.models import Ballot


@transaction.atomic
def submit_for_approval(
    *, requirement_set: RequirementSet, label: str, actor: Person, at: datetime
) -> RequirementVersion:
    """Lay the text that the table agreed as a whole before the approving official.

    The clauses are copied from the very question of the ballot on the whole, so that the
    digest of the version is that of the ballot (B2). Units that serve on this day are asked
    for their visas; the order is due after the working days that the charter allows.

    Raises:
        SetHasNoMatter: the set is not negotiated here.
        MatterIsNotAgreed: there is no ballot on the whole that agreed.
        AlreadySubmitted: the text of this ballot was submitted before.
        CodeIsTaken: the set has a version with this label.
        CalendarIsNotKnown: there is no working calendar of the year.
        NotAuthorised: the actor is not the secretary of the body.
    """
    row = standing.lock_set(requirement_set)
    evidence = standing.keeper(actor, row, at)
    matter = row.matter
    if matter is None:
        raise refusals.SetHasNoMatter
    if matter.state not in Matter.AGREED or matter.decided_in is None:
        raise refusals.MatterIsNotAgreed
    ballot = matter.decided_in
    if row.versions.filter(adopted_in=ballot).exists():
        raise refusals.AlreadySubmitted
    if row.versions.filter(label=label.strip()).exists():
        raise refusals.CodeIsTaken(code=label.strip())

    returned = _returned_version(row)
    version = RequirementVersion(
        requirement_set=row,
        scope=row.scope,
        label=label.strip(),
        completeness=(
            RequirementVersion.Completeness.WHOLE
            if matter.state == Matter.State.AGREED_WHOLE
            else RequirementVersion.Completeness.PARTLY
        ),
        revision=Revision.objects.filter(document__matter=matter, label=label.strip()).first(),
        text_sha256=ballot.text_sha256,
        excluded_clauses=_left_out(matter),
        adopted_in=ballot,
        resubmission_of=returned,
        submitted_at=at,
        decide_by=_decide_by(matter, at),
    )
    version.full_clean()
    version.save()
    clauses = _copy_clauses(version, ballot)
    version.is_sealed = True
    version.save(update_fields=["is_sealed"])
    units = _ask_for_visas(version, at)
    record(
        type=acts.VERSION_SUBMITTED,
        actor=actor,
        at=at,
        stream=standing.stream_of(row),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "requirement_set": row.uid,
            "ballot": ballot.uid,
            "text_sha256": version.text_sha256,
            "completeness": version.completeness,
            "clauses": len(clauses),
            "excluded_clauses": len(version.excluded_clauses),
            "units": [unit.uid for unit in units],
            "decide_by": version.decide_by,
            "resubmission_of": returned and returned.uid,
        },
    )
    return version


def _returned_version(requirement_set: RequirementSet) -> RequirementVersion | None:
    """Return the version that came back and was not submitted anew yet."""
    return (
        requirement_set.versions.filter(
            state=RequirementVersion.State.RETURNED, resubmitted_as__isnull=True
        )
        .order_by("-pk")
        .first()
    )


def _left_out(matter: Matter) -> list[str]:
    """Return the numbers of the clauses on which there was no agreement, in their order."""
    clauses = Clause.objects.of_matter(matter).filter(state=Clause.State.NOT_AGREED)
    return list(clauses.in_order().values_list("number", flat=True))


def _decide_by(matter: Matter, at: datetime) -> date:
    """Return the last day for the order: working days after the day of submission (C4)."""
    days = procedure_of(matter).return_working_days
    try:
        return russia().add_working_days(day_of(at), days)
    except CalendarNotKnown as unknown:
        raise refusals.CalendarIsNotKnown(year=unknown.year) from unknown


def _copy_clauses(version: RequirementVersion, ballot: Ballot) -> list[VersionClause]:
    """Copy the wordings that the ballot on the whole asked about, in their order."""
    asked = (
        QuestionWording.objects.filter(question__ballot=ballot)
        .select_related("clause__section", "wording")
        .order_by("position")
    )
    clauses = []
    for entry in asked:
        clause, wording, section = entry.clause, entry.wording, entry.clause.section
        clauses.append(
            VersionClause(
                version=version,
                position=entry.position,
                number=clause.number,
                kind=clause.kind,
                origin=clause.origin,
                section_number=section.number if section else "",
                section_title_ru=section.title_ru if section else "",
                section_title_en=section.title_en if section else "",
                title_ru=clause.title_ru,
                title_en=clause.title_en,
                text_ru=wording.text_ru,
                text_en=wording.text_en,
                terms=wording.terms,
                wording=wording,
                sha256=wording.sha256,
            )
        )
    return VersionClause.objects.bulk_create(clauses)


def _ask_for_visas(version: RequirementVersion, at: datetime) -> list[VisaUnit]:
    """Ask every unit of the body that serves on this day."""
    units = list(
        VisaUnit.objects.filter(on(day_of(at)), body=version.requirement_set.body).order_by(
            "position"
        )
    )
    VisaRequest.objects.bulk_create(
        VisaRequest(version=version, unit=unit, asked_at=at) for unit in units
    )
    return units
