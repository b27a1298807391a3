"""Ask whether a person may do something, at the instant of the act."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from accounts import grants
from calendars.domain import day_of
from governance.models import Appointment, SeatHolding

from .evidence import DUTIES, Action, Evidence, Refusal
from .papers import by_mandate

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.models import Body, CharterVersion, Mandate, Seat

    from .papers import Known


def require(
    person: Person,
    action: Action,
    *,
    body: Body | None,
    at: datetime.datetime,
    seat: Seat | None = None,
) -> Evidence:
    """Return on what the person acts, or refuse.

    Args:
        body: the body acted at. None for `ADMINISTER`, and for `KEEP` where the act belongs
            to no single body: the secretary of any body, or an administrator, may do it.
        seat: for which seat; without it, any seat of the body for which the person may.

    Raises:
        NotAuthorised: the person may not; the code is one of `REASONS`.
    """
    found = examine(person, action, body=body, at=at, seat=seat)
    if isinstance(found, Refusal):
        raise found.error
    return found


def require_keeper(person: Person, *, body: Body, at: datetime.datetime) -> Evidence:
    """Authorise setting a body up: its secretary, or an administrator while there is none.

    Raises:
        NotAuthorised: neither.
    """
    day = day_of(at)
    if not body.appointments.filter(role=Appointment.Role.SECRETARY).on(day).exists():
        return require(person, Action.ADMINISTER, body=body, at=at)
    return require(person, Action.KEEP, body=body, at=at)


def examine(
    person: Person,
    action: Action,
    *,
    body: Body | None,
    at: datetime.datetime,
    seat: Seat | None = None,
    mandate: Mandate | None = None,
    charter: CharterVersion | None = None,
    known: Known | None = None,
) -> Evidence | Refusal:
    """Find on what the person may act, or why not, without raising.

    Args:
        mandate: judge this paper and no other; it must be the person's.
        charter: the edition under which the procedure was opened that the act belongs to;
            without it, the one in force at the instant.
        known: what was read of this person for this instant, together with others.
    """
    found = _find(
        person,
        action,
        body=body,
        at=at,
        seat=seat,
        mandate=mandate,
        charter=charter,
        known=known,
    )
    return replace(found, body=body.uid if body else None)


def _find(
    person: Person,
    action: Action,
    *,
    body: Body | None,
    at: datetime.datetime,
    seat: Seat | None,
    mandate: Mandate | None,
    charter: CharterVersion | None,
    known: Known | None,
) -> Evidence | Refusal:
    """Ask the paper to which the act belongs."""
    if person.state in {person.State.BLOCKED, person.State.CLOSED}:
        return Refusal(action, person.uid, "person_blocked", at, seat=seat)
    if action is Action.ADMINISTER:
        return _as_administrator(person, action, at)
    if action is Action.KEEP and body is None:
        return _in_any_office(person, at)
    if body is None:
        raise ValueError(f"{action} is done at a body")
    if seat is not None and seat.body_id != body.pk:
        return Refusal(action, person.uid, "wrong_seat", at)
    if action in DUTIES:
        return _by_duty(person, action, body, at)
    if action is Action.DISSENT:
        return _as_holder(person, action, body, seat, at)
    return by_mandate(
        person,
        action,
        body=body,
        seat=seat,
        mandate=mandate,
        charter=charter,
        at=at,
        known=known,
    )


def _as_administrator(person: Person, action: Action, at: datetime.datetime) -> Evidence | Refusal:
    """Administrators set up what has no secretary yet; nothing else here."""
    if not grants.may(person, grants.ADMINISTER):
        return Refusal(action, person.uid, "not_administrator", at)
    return Evidence(action, person.uid, "office", "permission", at, role="administrator")


def _in_any_office(person: Person, at: datetime.datetime) -> Evidence | Refusal:
    """Find a secretary's duty at any body, or the administrator's permission."""
    duty = (
        person.appointments.filter(role=Appointment.Role.SECRETARY)
        .on(day_of(at))
        .order_by("id")
        .first()
    )
    if duty is not None:
        return _of_duty(person, Action.KEEP, duty, at)
    found = _as_administrator(person, Action.KEEP, at)
    return found or Refusal(Action.KEEP, person.uid, "no_duty", at)


def _by_duty(
    person: Person, action: Action, body: Body, at: datetime.datetime
) -> Evidence | Refusal:
    """Find the appointment that the act belongs to."""
    duty = (
        body.appointments.filter(person=person, role=DUTIES[action])
        .on(day_of(at))
        .order_by("id")
        .first()
    )
    if duty is None:
        return Refusal(action, person.uid, "no_duty", at)
    return _of_duty(person, action, duty, at)


def _of_duty(person: Person, action: Action, duty: Appointment, at: datetime.datetime) -> Evidence:
    """Say that a person acts by office."""
    return Evidence(
        action, person.uid, "office", "appointment", at, role=duty.role, appointment=duty
    )


def _as_holder(
    person: Person, action: Action, body: Body, seat: Seat | None, at: datetime.datetime
) -> Evidence | Refusal:
    """Find the seat the person holds: personal acts are not delegable (A8)."""
    held = SeatHolding.objects.of_body(body).filter(person=person).on(day_of(at))
    if seat is not None:
        held = held.filter(seat=seat)
    holding = held.select_related("seat__side").order_by("seat_id").first()
    if holding is None:
        return Refusal(action, person.uid, "no_seat", at, seat=seat)
    return Evidence(
        action,
        person.uid,
        "personal",
        "holding",
        at,
        role=holding.seat.duty,
        seat=holding.seat,
    )
