"""What people see at a body, projected from the seats, mandates and duties they have.

A projection decides what is shown. What a person may do is asked again at each act.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from accounts import grants
from accounts.models import Person
from calendars.domain import day_of
from governance.models import Appointment

if TYPE_CHECKING:
    import datetime

    from governance.models import Body


def project(person: Person, body: Body, at: datetime.datetime) -> None:
    """Let the person see the body exactly while something ties them to it.

    A period that is still to come counts: whoever sits down next month reads the papers now.
    """
    open_end = Q(valid_to=None) | Q(valid_to__gt=day_of(at))
    stands = (
        person.seat_holdings.filter(open_end, seat__body=body).exists()
        or person.appointments.filter(open_end, body=body).exists()
        or person.mandates.filter(open_end, seat__body=body, revoked_on=None).exists()
    )
    sees = grants.may(person, "governance.view_body", body)
    if stands and not sees:
        grants.grant(person, "governance.view_body", body)
    if sees and not stands:
        grants.revoke(person, "governance.view_body", body)


@transaction.atomic
def refresh_visibility(*, body: Body, at: datetime.datetime) -> int:
    """Project everybody who was ever tied to a body; return how many people were looked at.

    Periods end by themselves, without an act; the command `refresh_visibility` runs this every
    night. Until then somebody whose time is over may still look – and do nothing, since
    every act asks again.
    """
    tied = Person.objects.filter(
        Q(seat_holdings__seat__body=body)
        | Q(mandates__seat__body=body)
        | Q(appointments__body=body)
    )
    people = list(tied.distinct().order_by("pk"))
    for person in people:
        project(person, body, at)
        project_secretary(person, at)
    return len(people)


def project_secretary(person: Person, at: datetime.datetime) -> None:
    """Let a secretary of any body register and invite people, and nobody afterwards."""
    open_end = Q(valid_to=None) | Q(valid_to__gt=day_of(at))
    serves = person.appointments.filter(open_end, role=Appointment.Role.SECRETARY).exists()
    keeps = grants.holders(grants.KEEP_PEOPLE).filter(pk=person.pk).exists()
    if serves and not keeps:
        grants.grant(person, grants.KEEP_PEOPLE)
    if keeps and not serves:
        grants.revoke(person, grants.KEEP_PEOPLE)
