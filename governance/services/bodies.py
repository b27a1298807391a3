"""Bodies: how they are composed, who sits and who serves there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, require, require_keeper
from governance.models import Appointment, Body, Seat, SeatHolding, Side

from ._rows import checked, lock, record, refusing, tidy, update
from ._standing import project, project_secretary

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from audit.acts import ActRefused


@transaction.atomic
def create_body(
    *,
    code: str,
    kind: str,
    name_ru: str,
    name_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> Body:
    """Create an empty body. Its sides, charter and secretary follow.

    Raises:
        CodeTaken: another body has this code.
        NotAuthorised: the actor is not an administrator.
    """
    evidence = require(actor, Action.ADMINISTER, body=None, at=at)
    body = checked(
        Body(code=tidy(code), kind=kind, name_ru=tidy(name_ru), name_en=tidy(name_en)),
        *("code", "kind", "name_ru", "name_en"),
    )
    with refusing({"governance_body_code_key": refusals.CodeTaken(code=body.code)}):
        body.save()
    record(
        acts.BODY_CREATED,
        body,
        body=body,
        actor=actor,
        at=at,
        facts={"kind": kind},
        authority=evidence,
    )
    return body


@transaction.atomic
def add_side(
    *,
    body: Body,
    code: str,
    name_ru: str,
    name_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> Side:
    """Add a side after the others. How it votes inside is the charter's matter.

    Raises:
        CodeTaken: the body has a side with this code.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(body)
    evidence = require_keeper(actor, body=body, at=at)
    side = checked(
        Side(
            body=body,
            code=tidy(code),
            name_ru=tidy(name_ru),
            name_en=tidy(name_en),
            position=body.sides.count() + 1,
        ),
        *("code", "name_ru", "name_en"),
    )
    taken = refusals.CodeTaken(code=side.code)
    with refusing({"a_side_code_occurs_once_in_a_body": taken}):
        side.save()
    record(
        acts.SIDE_ADDED,
        side,
        body=body,
        actor=actor,
        at=at,
        facts={"position": side.position},
        authority=evidence,
    )
    return side


@transaction.atomic
def add_seat(
    *,
    side: Side,
    code: str,
    duty: str = Seat.Duty.MEMBER,
    actor: Person,
    at: datetime.datetime,
) -> Seat:
    """Add a seat to a side after the others.

    Raises:
        CodeTaken: the body has a seat with this code, or the side a seat with this duty.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(side.body)
    evidence = require_keeper(actor, body=body, at=at)
    seat = checked(
        Seat(side=side, body=body, code=tidy(code), number=side.seats.count() + 1, duty=duty),
        *("code", "duty"),
    )
    taken = refusals.CodeTaken(code=seat.code)
    duty_taken = refusals.CodeTaken(code=seat.get_duty_display())
    with refusing(
        {
            "a_seat_code_occurs_once_in_a_body": taken,
            "a_side_has_one_coordinating_seat": duty_taken,
            "a_side_has_one_deputy_seat": duty_taken,
        }
    ):
        seat.save()
    record(
        acts.SEAT_ADDED,
        seat,
        body=body,
        actor=actor,
        at=at,
        facts={"side": side.uid, "number": seat.number, "duty": duty},
        authority=evidence,
    )
    return seat


@transaction.atomic
def fill_seat(
    *,
    seat: Seat,
    person: Person,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    basis_ru: str,
    basis_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> SeatHolding:
    """Seat a person. What they may do there, their mandate says.

    Raises:
        SeatIsHeld: somebody holds the seat on some of these days.
        TwoSides: the person acts for another side of this body (A6).
        NeutralDuty: the person serves the body.
        PeriodIsEmpty: the period ends before it begins.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(seat.body)
    evidence = require_keeper(actor, body=body, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise refusals.PeriodIsEmpty
    holding = checked(
        SeatHolding(
            seat=seat,
            person=person,
            valid_from=valid_from,
            valid_to=valid_to,
            basis_ru=tidy(basis_ru),
            basis_en=tidy(basis_en),
        ),
        *("basis_ru", "basis_en"),
    )
    with refusing(
        {
            "a_seat_has_one_holder_at_a_time": refusals.SeatIsHeld(seat=seat.code),
            **of_two_sides(person),
        }
    ):
        holding.save()
    project(person, body, at)
    record(
        acts.SEAT_FILLED,
        holding,
        body=body,
        actor=actor,
        at=at,
        facts={
            "seat": seat.uid,
            "person": person.uid,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
        authority=evidence,
    )
    return holding


@transaction.atomic
def vacate_seat(
    *, seat: Seat, valid_to: datetime.date, actor: Person, at: datetime.datetime
) -> SeatHolding:
    """End the holding of a seat; `valid_to` is the first day without the holder.

    The seat keeps its votes: whoever holds it next continues them.

    Raises:
        SeatIsVacant: nobody holds the seat on that day.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(seat.body)
    evidence = require_keeper(actor, body=body, at=at)
    holding = seat.holdings.on(valid_to).select_related("person").order_by("id").first()
    if holding is None:
        raise refusals.SeatIsVacant(seat=seat.code)
    update(holding, valid_to=valid_to)
    project(holding.person, body, at)
    record(
        acts.SEAT_VACATED,
        holding,
        body=body,
        actor=actor,
        at=at,
        facts={"seat": seat.uid, "person": holding.person.uid, "valid_to": valid_to},
        authority=evidence,
    )
    return holding


@transaction.atomic
def appoint(
    *,
    body: Body,
    person: Person,
    role: str,
    basis_ru: str,
    basis_en: str = "",
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Appointment:
    """Give a person a duty at a body: coordinator, secretary, consultative voice and others.

    Raises:
        PeriodOverlaps: the person already has this duty on these days, or another is the
            coordinator.
        NeutralDuty: the person sits on a side.
        PeriodIsEmpty: the period ends before it begins.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(body)
    evidence = require_keeper(actor, body=body, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise refusals.PeriodIsEmpty
    appointment = checked(
        Appointment(
            body=body,
            person=person,
            role=role,
            basis_ru=tidy(basis_ru),
            basis_en=tidy(basis_en),
            valid_from=valid_from,
            valid_to=valid_to,
        ),
        *("role", "basis_ru", "basis_en"),
    )
    with refusing(
        {
            "a_person_is_appointed_to_a_duty_once_at_a_time": refusals.PeriodOverlaps(),
            "a_body_has_one_coordinator_at_a_time": refusals.PeriodOverlaps(),
            "nobody_serves_and_sits_at_one_body": refusals.NeutralDuty(person=person),
        }
    ):
        appointment.save()
    project(person, body, at)
    if role == Appointment.Role.SECRETARY:
        project_secretary(person, at)
    record(
        acts.PERSON_APPOINTED,
        appointment,
        body=body,
        actor=actor,
        at=at,
        facts={
            "person": person.uid,
            "role": role,
            "valid_from": valid_from,
            "valid_to": valid_to,
        },
        authority=evidence,
    )
    return appointment


@transaction.atomic
def end_appointment(
    *,
    appointment: Appointment,
    valid_to: datetime.date,
    actor: Person,
    at: datetime.datetime,
) -> Appointment:
    """End a duty; `valid_to` is the first day without it.

    Raises:
        AppointmentEnded: it ends by then already.
        PeriodIsEmpty: it begins later.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(appointment.body)
    evidence = require_keeper(actor, body=body, at=at)
    appointment = lock(appointment)
    if appointment.valid_to is not None and appointment.valid_to <= valid_to:
        raise refusals.AppointmentEnded(valid_to=appointment.valid_to.strftime("%d.%m.%Y"))
    if valid_to < appointment.valid_from:
        raise refusals.PeriodIsEmpty
    update(appointment, valid_to=valid_to)
    project(appointment.person, body, at)
    if appointment.role == Appointment.Role.SECRETARY:
        project_secretary(appointment.person, at)
    record(
        acts.APPOINTMENT_ENDED,
        appointment,
        body=body,
        actor=actor,
        at=at,
        facts={
            "person": appointment.person.uid,
            "role": appointment.role,
            "valid_to": valid_to,
        },
        authority=evidence,
    )
    return appointment


def of_two_sides(person: Person) -> dict[str, ActRefused]:
    """Name the constraints that hold invariant A6, and what to tell people about them."""
    return {
        "a_person_acts_for_one_side": refusals.TwoSides(person=person),
        "nobody_serves_and_sits_at_one_body": refusals.NeutralDuty(person=person),
    }
