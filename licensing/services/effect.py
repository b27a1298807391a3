"""Publication, and the day on which a version begins to bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from calendars.domain import day_of
from licensing import acts, refusals
from licensing.domain.in_force import EntryRule, check_dates
from licensing.models import RequirementVersion
from licensing.services import periods, standing
from licensing.wording import in_words
from negotiation import services as negotiation
from negotiation.models import Matter
from negotiation.services.standing import procedure_of

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Person


@transaction.atomic
def publish_version(
    *,
    version: RequirementVersion,
    in_force_from: date,
    in_force_to: date | None,
    existing_permits_until: date | None,
    actor: Person,
    at: datetime,
) -> RequirementVersion:
    """Publish an approved version and say from when to when it binds.

    Args:
        in_force_from: one of the charter's days of entry, long enough after publication (C3).
        in_force_to: the first day on which it no longer binds; the charter limits the term.
        existing_permits_until: the last day of permits under the version that it replaces.

    Whatever is in force in the scope until then ends on the day before. That it was once known
    to last longer stays readable.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        NotApproved: there is no order on it, or it is published already.
        DatesNotAllowed: the charter, pinned when the matter was opened, forbids the dates.
        ScopeOccupied: another version begins in the scope on these days.
    """
    version = standing.lock_version(version)
    requirement_set = version.requirement_set
    evidence = standing.keeper(actor, requirement_set, at)
    matter = requirement_set.matter
    if version.state != RequirementVersion.State.APPROVED or matter is None:
        raise refusals.NotApproved(state=version.get_state_display())
    problems = check_dates(
        entry_rule(matter),
        published_on=day_of(at),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
        existing_permits_until=existing_permits_until,
    )
    if problems:
        raise refusals.DatesNotAllowed(problems=in_words(problems))

    known_from = standing.known_from(at)
    shortened = periods.end_earlier_ones(version.scope, in_force_from, known_from=known_from)
    periods.require_free(version.scope, in_force_from, in_force_to)
    version.state = RequirementVersion.State.PUBLISHED
    version.published_at = at
    version.in_force_from = in_force_from
    version.in_force_to = in_force_to
    version.existing_permits_until = existing_permits_until
    version.save(
        update_fields=[
            "state",
            "published_at",
            "in_force_from",
            "in_force_to",
            "existing_permits_until",
        ]
    )
    periods.establish(version, known_from=known_from)
    negotiation.follow_effect(matter=matter, state=Matter.State.PUBLISHED, actor=actor, at=at)
    record(
        type=acts.VERSION_PUBLISHED,
        actor=actor,
        at=at,
        stream=standing.stream_of(requirement_set),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "published_on": day_of(at),
            "in_force_from": in_force_from,
            "in_force_to": in_force_to,
            "existing_permits_until": existing_permits_until,
            "shortened": [earlier.uid for earlier in shortened],
        },
    )
    return version


@transaction.atomic
def bring_into_force(
    *, version: RequirementVersion, actor: Person | None, at: datetime
) -> RequirementVersion:
    """Note that the day has come on which a published version binds.

    The day itself decides what is in force (`selectors.version_in_force`); this act moves the
    states on, of this version and of the one it replaces. Without an actor the clock does it.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        NotPublished: the version is not published, or in force already.
        NotYet: the day has not come in Krasnoyarsk.
    """
    version = standing.lock_version(version)
    requirement_set = version.requirement_set
    evidence = None if actor is None else standing.keeper(actor, requirement_set, at)
    if version.state != RequirementVersion.State.PUBLISHED or version.in_force_from is None:
        raise refusals.NotPublished(state=version.get_state_display())
    if day_of(at) < version.in_force_from:
        raise refusals.NotYet(day=f"{version.in_force_from:%d.%m.%Y}")

    replaced = _replace_earlier(version)
    version.state = RequirementVersion.State.IN_FORCE
    version.save(update_fields=["state"])
    if requirement_set.matter is not None:
        negotiation.follow_effect(
            matter=requirement_set.matter, state=Matter.State.IN_FORCE, actor=actor, at=at
        )
    record(
        type=acts.VERSION_ENTERED_INTO_FORCE,
        actor=actor,
        at=at,
        stream=standing.stream_of(requirement_set),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "on": version.in_force_from,
            "replaced": [earlier.uid for earlier in replaced],
        },
    )
    return version


def entry_rule(matter: Matter) -> EntryRule:
    """Return the limits for dates in the charter under which the matter was opened (B1)."""
    procedure = procedure_of(matter)
    return EntryRule(
        entry_dates=procedure.entry_dates,
        min_days_after_publication=procedure.min_days_after_publication,
        max_years=procedure.max_years,
    )


def _replace_earlier(version: RequirementVersion) -> list[RequirementVersion]:
    """Let the versions that were in force before go into their transition, or be superseded."""
    after = (
        RequirementVersion.State.TRANSITION
        if version.existing_permits_until is not None
        else RequirementVersion.State.SUPERSEDED
    )
    earlier = list(
        RequirementVersion.objects.select_for_update()
        .filter(scope=version.scope, state=RequirementVersion.State.IN_FORCE)
        .exclude(pk=version.pk)
        .order_by("in_force_from")
    )
    for one in earlier:
        one.state = after
        one.save(update_fields=["state"])
    return earlier
