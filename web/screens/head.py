"""«Мои модули и обещания»: drafts that will bind the institution, answers, applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from calendars.domain import day_of
from governance.models import Appointment
from licensing import selectors
from licensing.models import PermitApplication, RequirementVersion
from negotiation.models import Amendment, Matter, Round

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from web.capacities import InWords

COMMENTS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A text under negotiation that will bind the institution."""

    matter: Matter
    round: Round | None
    mine: int
    answered: int

    @property
    def blocks(self) -> str:
        """Return the code of the one thing on which the draft waits."""
        if self.round is not None:
            return "comments"
        if self.matter.state in Matter.AGREED:
            return "order"
        return "sides"


def drafts(person: Person, capacities: list[InWords]) -> list[Draft]:
    """Return the matters on which the person has a consultative voice, those in progress first."""
    bodies = [
        each.capacity.body for each in capacities if each.role == Appointment.Role.CONSULTATIVE
    ]
    running = Round.objects.open().order_by("number")
    matters = (
        Matter.objects.visible_to(person)
        .filter(body__in=bodies, state__in=[*Matter.AT_THE_TABLE, *Matter.AGREED])
        .prefetch_related(
            Prefetch("rounds", running, to_attr="running"),
            Prefetch("amendments", Amendment.objects.filter(author=person), to_attr="mine"),
        )
        .order_by("-registered_at", "pk")
    )
    return [
        Draft(
            matter=matter,
            round=matter.running[0] if matter.running else None,
            mine=len(matter.mine),
            answered=sum(bool(each.disposition) for each in matter.mine),
        )
        for matter in matters
    ]


def comments(person: Person) -> list[Amendment]:
    """Return what the person proposed, with the conclusions, the newest first."""
    return list(
        Amendment.objects.filter(author=person)
        .select_related("matter", "clause", "sponsor_side", "decided_in")
        .order_by("-filed_at", "-pk")[:COMMENTS_SHOWN]
    )


def applications(person: Person, now: datetime.datetime) -> list[PermitApplication]:
    """Return the applications of the organisations in which the person works."""
    employers = person.affiliations.on(day_of(now)).values("organisation")
    return list(
        PermitApplication.objects.filter(applicant__in=employers)
        .select_related("applicant", "requirement_set", "version__requirement_set")
        .order_by("-filed_on", "-pk")
    )


def screen(person: Person, capacities: list[InWords], now: datetime.datetime) -> dict[str, Any]:
    """Return what the head of an institution sees first."""
    found = applications(person, now)
    return {
        "drafts": drafts(person, capacities),
        "comments": comments(person),
        "applications": [
            {
                "application": each,
                "may_be_decided": selectors.may_be_decided(each, now),
            }
            for each in found
        ],
        "published": list(
            RequirementVersion.objects.public()
            .filter(in_force_from__gt=day_of(now))
            .select_related("requirement_set")
            .order_by("in_force_from", "pk")
        ),
    }
