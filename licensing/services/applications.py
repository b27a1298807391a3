"""Applications for a module permit: filed, accepted and pinned, perhaps under a chosen version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from calendars.domain import day_of
from governance import authority
from governance.authority import Action, Evidence
from governance.models import Affiliation, Organisation
from governance.models.periods import on
from licensing import acts, refusals, selectors
from licensing.models import PermitApplication, RequirementSet, RequirementVersion
from licensing.services import standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person


@transaction.atomic
def file_application(
    *,
    requirement_set: RequirementSet,
    code: str,
    applicant: Organisation,
    actor: Person,
    at: datetime,
) -> PermitApplication:
    """File an application. Its date is that of Krasnoyarsk, until 24:00 (situation 23).

    Raises:
        NotTheApplicant: the actor neither works for the applicant nor keeps the record.
        CodeIsTaken: another application has this number.
    """
    requirement_set = standing.lock_set(requirement_set)
    evidence = _applicant_or_keeper(actor, applicant, requirement_set, at)
    if PermitApplication.objects.filter(code=code.strip()).exists():
        raise refusals.CodeIsTaken(code=code.strip())

    application = PermitApplication(
        requirement_set=requirement_set,
        code=code.strip(),
        applicant=applicant,
        filed_at=at,
        filed_on=day_of(at),
    )
    application.full_clean()
    application.save()
    record(
        type=acts.APPLICATION_FILED,
        actor=actor,
        at=at,
        stream=_stream_of(application),
        subject=application,
        authority=evidence,
        facts={
            "application": application.uid,
            "requirement_set": requirement_set.uid,
            "applicant": applicant.uid,
            "filed_on": application.filed_on,
        },
    )
    return application


@transaction.atomic
def accept_application(
    *, application: PermitApplication, actor: Person, at: datetime
) -> PermitApplication:
    """Accept an application for consideration, and pin the version of this day (C2).

    Whatever was in force when it was filed, or will be when it is decided, plays no part.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        AlreadyAccepted: it was accepted before.
        NothingInForce: no requirements are established in the scope on this day.
    """
    application = _lock(application)
    evidence = standing.keeper(actor, application.requirement_set, at)
    if application.accepted_at is not None:
        raise refusals.AlreadyAccepted
    day = day_of(at)
    version = selectors.version_in_force(application.requirement_set.scope, day)
    if version is None:
        raise refusals.NothingInForce(day=f"{day:%d.%m.%Y}")

    application.accepted_at = at
    application.accepted_on = day
    application.version = version
    application.save(update_fields=["accepted_at", "accepted_on", "version"])
    record(
        type=acts.APPLICATION_ACCEPTED,
        actor=actor,
        at=at,
        stream=_stream_of(application),
        subject=application,
        authority=evidence,
        facts={"application": application.uid, "version": version.uid, "accepted_on": day},
    )
    return application


@transaction.atomic
def choose_new_version(
    *,
    application: PermitApplication,
    version: RequirementVersion,
    actor: Person,
    at: datetime,
) -> PermitApplication:
    """Let the applicant choose, in writing, to be judged by a new version as a whole (C2).

    No clause of the old version is mixed in, and no decision may be taken before the chosen
    version is in force.

    Raises:
        NotTheApplicant: the actor neither works for the applicant nor keeps the record.
        NotAccepted: nothing is pinned yet.
        AlreadyChosen: the choice was made.
        NotANewerVersion: the version is not published, of another scope, or not newer.
    """
    application = _lock(application)
    evidence = _applicant_or_keeper(actor, application.applicant, application.requirement_set, at)
    former = application.version
    if former is None or application.accepted_on is None:
        raise refusals.NotAccepted
    if application.chose_new_version:
        raise refusals.AlreadyChosen
    chosen = RequirementVersion.objects.select_for_update().get(pk=version.pk)
    if (
        chosen.scope != application.requirement_set.scope
        or chosen.state not in RequirementVersion.PUBLIC
        or chosen.in_force_from is None
        or chosen.in_force_from <= application.accepted_on
    ):
        raise refusals.NotANewerVersion

    application.version = chosen
    application.chose_new_version = True
    application.chosen_at = at
    application.not_before = chosen.in_force_from
    application.save(update_fields=["version", "chose_new_version", "chosen_at", "not_before"])
    record(
        type=acts.NEW_VERSION_CHOSEN,
        actor=actor,
        at=at,
        stream=_stream_of(application),
        subject=application,
        authority=evidence,
        facts={
            "application": application.uid,
            "version": chosen.uid,
            "former_version": former.uid,
            "not_before": application.not_before,
        },
    )
    return application


def _lock(application: PermitApplication) -> PermitApplication:
    return (
        PermitApplication.objects.select_for_update(of=("self",))
        .select_related("requirement_set__body", "requirement_set__matter", "applicant", "version")
        .get(pk=application.pk)
    )


def _stream_of(application: PermitApplication) -> str:
    """Return the application's own stream: it outlives the negotiation."""
    return f"application:{application.uid}"


def _applicant_or_keeper(
    actor: Person, applicant: Organisation, requirement_set: RequirementSet, at: datetime
) -> Evidence | dict[str, Any]:
    """Authorise whoever works for the applicant on this day, or the secretary for it."""
    position = (
        Affiliation.objects.filter(on(day_of(at)), person=actor, organisation=applicant)
        .order_by("pk")
        .first()
    )
    if position is not None:
        return {
            "action": "apply",
            "capacity": "applicant",
            "organisation": applicant.uid,
            "result": "valid",
        }
    found = authority.examine(actor, Action.KEEP, body=requirement_set.body, at=at)
    if not isinstance(found, Evidence):
        raise standing.NotTheApplicant
    return found
