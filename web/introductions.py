"""Who is who, beside a name: the side and the seat, or the duty, and the employer.

Registered with `accounts`, which knows people and not what they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import pgettext

from accounts.words import localised
from calendars.domain import day_of
from governance.models import Affiliation, Appointment, SeatHolding
from licensing.models import VisaUnit

if TYPE_CHECKING:
    import datetime
    from collections.abc import Sequence

    from accounts.introductions import Place
    from accounts.models import Person

# Officers come after the sides, whatever the number of sides.
_AFTER_THE_SIDES = 1000
_ROLES = list(Appointment.Role)


def seats_duties_employers(people: Sequence[Person], at: datetime.datetime) -> dict[int, str]:
    """Say what each of the people is on the day. The same duty at two bodies is said once."""
    day = day_of(at)
    told: dict[int, dict[str, None]] = {}

    def tell(person: int, words: str) -> None:
        told.setdefault(person, {})[words] = None

    for holding in _holdings(people, day):
        duty = holding.seat.get_duty_display()
        tell(holding.person_id, f"{duty[:1].upper()}{duty[1:]}, {holding.seat.code}")
    for each in _duties(people, day):
        tell(each.person_id, each.get_role_display())
    for unit in _units(people):
        words = pgettext("introduction", "Gives visas: %(unit)s")
        tell(unit.officer_id, words % {"unit": localised(unit, "name")})
    employed = (
        Affiliation.objects.on(day)
        .filter(person__in=people, organisation__isnull=False)
        .select_related("organisation")
        .order_by("pk")
    )
    for job in employed:
        tell(job.person_id, localised(job.organisation, "name"))
    return {person: " · ".join(words) for person, words in told.items()}


def sides_and_officers(people: Sequence[Person], at: datetime.datetime) -> dict[int, Place]:
    """Put everybody who holds a seat with the side, and the officers after the sides."""
    day = day_of(at)
    officers = pgettext("group of people", "Officers and observers")
    visas = pgettext("group of people", "Units that give visas")
    places: dict[int, Place] = {
        unit.officer_id: (_AFTER_THE_SIDES + 1, visas, unit.position) for unit in _units(people)
    }
    for duty in _duties(people, day):
        rank = _ROLES.index(Appointment.Role(duty.role))
        places[duty.person_id] = (_AFTER_THE_SIDES, officers, rank)
    for holding in _holdings(people, day):
        side = holding.seat.side
        place = (side.position, localised(side, "name"), holding.seat.number)
        places[holding.person_id] = place
    return places


def _holdings(people: Sequence[Person], day: datetime.date) -> list[SeatHolding]:
    return list(
        SeatHolding.objects.on(day)
        .filter(person__in=people)
        .select_related("seat__side")
        .order_by("seat__side__position", "seat__number", "pk")
    )


def _duties(people: Sequence[Person], day: datetime.date) -> list[Appointment]:
    return list(Appointment.objects.on(day).filter(person__in=people).order_by("pk"))


def _units(people: Sequence[Person]) -> list[VisaUnit]:
    return list(VisaUnit.objects.filter(officer__in=people).order_by("position", "pk"))
