"""On what an act of licensing stands: the rows it locks and the authority of whoever acts.

Whatever is being negotiated is locked by its matter first, then the version: the acts of
`negotiation` begin with the matter too, so two acts never wait for each other in a circle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from audit import clock, times
from governance import authority
from governance.authority import Action, NotAuthorised
from governance.models import Vote
from licensing.models import RequirementSet, RequirementVersion
from negotiation.models import Matter, Position
from negotiation.services.standing import lock_matter

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from licensing.models import VisaUnit


class SpokeForASide(NotAuthorised):
    """Whoever spoke for a side about a text does not approve it for everybody."""

    message = _(
        "You voted or took a position for a side on this matter. "
        "Another official approves or returns it."
    )
    code = "spoke_for_a_side"


class NotTheOfficer(NotAuthorised):
    """A visa is given by the officer of the unit."""

    message = _("The visa of this unit is given by its officer.")
    code = "not_the_officer"


class NotTheApplicant(NotAuthorised):
    """An application is filed by the applicant or, for it, by the secretary."""

    message = _("Only the applicant or the secretary can do this.")
    code = "not_the_applicant"


def stream_of(requirement_set: RequirementSet) -> str:
    """Return the stream of a set's acts: its matter's, so that one history tells the whole."""
    if requirement_set.matter is not None:
        return requirement_set.matter.stream
    return f"requirement_set:{requirement_set.uid}"


def lock_set(requirement_set: RequirementSet) -> RequirementSet:
    """Return the set as it is now; its matter and it are locked until commit."""
    if requirement_set.matter_id is not None:
        lock_matter(requirement_set.matter_id)
    return (
        RequirementSet.objects.select_for_update(of=("self",))
        .select_related("body", "matter")
        .get(pk=requirement_set.pk)
    )


def lock_version(version: RequirementVersion) -> RequirementVersion:
    """Return the version as it is now; its matter and it are locked until commit."""
    matter = Matter.objects.filter(requirement_set__versions=version).values_list("pk", flat=True)
    for pk in matter:
        lock_matter(pk)
    return (
        RequirementVersion.objects.select_for_update(of=("self",))
        .select_related("requirement_set__body", "requirement_set__matter")
        .get(pk=version.pk)
    )


def keeper(actor: Person, requirement_set: RequirementSet, at: datetime) -> Evidence:
    """Authorise the secretary of the body."""
    return authority.require(actor, Action.KEEP, body=requirement_set.body, at=at)


def approver(actor: Person, requirement_set: RequirementSet, at: datetime) -> Evidence:
    """Authorise the approving official, who must not have spoken for a side (G4).

    Raises:
        NotAuthorised: the actor does not hold the office at `at`.
        SpokeForASide: the actor voted on the matter, or stated a side's position on it.
    """
    evidence = authority.require(actor, Action.APPROVE, body=requirement_set.body, at=at)
    matter = requirement_set.matter
    if matter is not None and spoke_for_a_side(actor, matter):
        raise SpokeForASide
    return evidence


def spoke_for_a_side(person: Person, matter: Matter) -> bool:
    """Say whether the person voted in a ballot of the matter or took a side's position in it."""
    return (
        Vote.objects.filter(ballot__question__matter=matter, person=person)
        .exclude(status=Vote.Status.REJECTED)
        .exists()
        or Position.objects.filter(clause__document__matter=matter, taken_by=person).exists()
    )


def keeper_or_approver(actor: Person, requirement_set: RequirementSet, at: datetime) -> Evidence:
    """Authorise the secretary or the approving official of the body."""
    found = authority.examine(actor, Action.KEEP, body=requirement_set.body, at=at)
    if isinstance(found, authority.Refusal):
        return authority.require(actor, Action.APPROVE, body=requirement_set.body, at=at)
    return found


def officer(actor: Person, unit: VisaUnit) -> dict[str, Any]:
    """Authorise the officer of a unit; the evidence names the unit.

    Raises:
        NotTheOfficer: somebody else gives this unit's visa.
    """
    if unit.officer_id != actor.pk:
        raise NotTheOfficer
    return {
        "action": "visa",
        "capacity": "visa_officer",
        "person": actor.uid,
        "unit": unit.uid,
        "result": "valid",
    }


def known_from(at: datetime) -> datetime:
    """Return since when a fact is known here.

    That is the clock's time, also for a paper act of last year. In a marked demonstration
    the instant of the act stands for the clock, as it does everywhere else in it.
    """
    if times.current().basis is times.Basis.DEMONSTRATION:
        return at
    return clock.now()
