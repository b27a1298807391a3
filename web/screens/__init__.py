"""The first screens: what each kind of person sees on opening Veche.

A screen asks a few questions of the apps and puts the answers on one sheet. It decides
nothing: whether a button leads anywhere is examined again by the page and by the act behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.models import Appointment, Mandate, Organisation
from licensing.models import VisaUnit

if TYPE_CHECKING:
    from accounts.models import Person
    from web.capacities import InWords

OFFICIAL, SIDE, HEAD, AUDITOR, DESK = "official", "side", "head", "auditor", "desk"

_BY_DUTY = {
    Appointment.Role.APPROVING_OFFICIAL: OFFICIAL,
    Appointment.Role.CONSULTATIVE: HEAD,
    Appointment.Role.AUDITOR: AUDITOR,
    Appointment.Role.COORDINATOR: DESK,
    Appointment.Role.SECRETARY: DESK,
    Appointment.Role.RAPPORTEUR: DESK,
    "administrator": DESK,
}


def screens_of(person: Person, capacities: list[InWords]) -> list[str]:
    """List the screens that a person has, the first of them the one to begin with."""
    found = {_BY_DUTY[each.role] for each in capacities if each.capacity.capacity == "office"}
    seated = [each.capacity.mandate for each in capacities if each.capacity.seat is not None]
    found |= _by_seats(seated)
    if _gives_visas(person):
        found.add(OFFICIAL)
    return [name for name in (OFFICIAL, SIDE, HEAD, AUDITOR, DESK) if name in found]


def _by_seats(papers: list[Mandate | None]) -> set[str]:
    """Tell officials from members of the other sides, by who gave their mandates.

    The official's screen asks the questions of a side too, so nobody needs both for one seat.
    """
    given_by = [paper.principal_id if paper else None for paper in papers]
    authorities = set(
        Organisation.objects.filter(
            pk__in=[each for each in given_by if each],
            kind=Organisation.Kind.EXECUTIVE_AUTHORITY,
        ).values_list("pk", flat=True)
    )
    return {OFFICIAL if each in authorities else SIDE for each in given_by}


def _gives_visas(person: Person) -> bool:
    return VisaUnit.objects.filter(officer=person).exists()
