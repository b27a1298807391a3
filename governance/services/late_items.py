"""A question outside the agenda: only if every seat takes part and none objects (ГК 181.5 п. 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, require
from governance.models import AgendaConsent, AgendaItem, Meeting

from ._rows import lock, record, refusing, update
from .meetings import new_item, require_meeting_state

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import Person
    from governance.models import Seat


@dataclass(frozen=True, slots=True)
class Answers:
    """What keeps a late item off the agenda: seats that take no part yet, and those that object."""

    missing: tuple[Seat, ...]
    against: tuple[Seat, ...]

    @property
    def are_complete(self) -> bool:
        """Whether every seat is present and agrees."""
        return not self.missing and not self.against


def answers_about(item: AgendaItem, at: datetime.datetime) -> Answers:
    """Return what the seats of the body say to a late item at an instant, in the order of seats.

    A seat is missing while nobody occupies it or it has not answered; an answer that was given
    before the person left does not stand for the seat (ГК 181.5 п. 1: all take part).
    """
    answers = dict(item.consents.values_list("seat_id", "agrees"))
    present = set(item.meeting.attendance.at(at).values_list("seat_id", flat=True))
    seats = list(item.meeting.body.seats.order_by("side__position", "number"))
    return Answers(
        missing=tuple(seat for seat in seats if seat.pk not in present or seat.pk not in answers),
        against=tuple(seat for seat in seats if answers.get(seat.pk) is False),
    )


@transaction.atomic
def propose_late_item(
    *,
    meeting: Meeting,
    title_ru: str,
    title_en: str = "",
    topics: Iterable[UUID],
    actor: Person,
    at: datetime.datetime,
) -> AgendaItem:
    """Propose a question that is not on the agenda that was sent. Nothing may be decided on it yet.

    Raises:
        NoAttendanceHere: on paper nobody is together.
        MeetingNotInState: the meeting is not open.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.OPENED)
    if not meeting.has_attendance:
        raise refusals.NoAttendanceHere
    item = new_item(meeting, title_ru, title_en, topics, AgendaItem.Standing.PROPOSED)
    record(
        acts.LATE_ITEM_PROPOSED,
        item,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "number": item.number, "topics": item.topics},
        authority=evidence,
    )
    return item


@transaction.atomic
def answer_late_item(
    *, item: AgendaItem, seat: Seat, agrees: bool, actor: Person, at: datetime.datetime
) -> AgendaConsent:
    """Say for a seat that is present whether the question may be taken up.

    Raises:
        LateItemNotOpen: it is not waiting for answers.
        AlreadyAnswered: the seat has answered.
        NotPresent: the person does not occupy the seat.
        NotAuthorised: the actor has no mandate to negotiate for the seat.
    """
    meeting = lock(item.meeting, "body")
    item = lock(item)
    evidence = require(actor, Action.NEGOTIATE, body=meeting.body, at=at, seat=seat)
    _require_proposed(item)
    if not meeting.attendance.at(at).filter(seat=seat, person=actor).exists():
        raise refusals.NotPresent(seat=seat.code)
    consent = AgendaConsent(item=item, seat=seat, person=actor, agrees=agrees, given_at=at)
    with refusing({"a_seat_answers_once_about_a_late_item": refusals.AlreadyAnswered()}):
        consent.save()
    record(
        acts.LATE_ITEM_ANSWERED,
        item,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "seat": seat.uid, "agrees": agrees},
        authority=evidence,
    )
    return consent


@transaction.atomic
def decide_to_add_item(*, item: AgendaItem, actor: Person, at: datetime.datetime) -> AgendaItem:
    """Add the question if every seat of the body is present and every one agreed (B3).

    Raises:
        NotAllTakePart: a seat is vacant, absent or has not answered.
        SomebodyObjects: a seat does not agree.
        LateItemNotOpen: it was decided on before.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting = lock(item.meeting, "body")
    item = lock(item)
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    _require_proposed(item)
    require_meeting_state(meeting, Meeting.State.OPENED)
    answers = answers_about(item, at)
    if answers.missing:
        raise refusals.NotAllTakePart(seats=_codes(answers.missing))
    if answers.against:
        raise refusals.SomebodyObjects(seats=_codes(answers.against))
    update(item, standing=AgendaItem.Standing.ADDED)
    record(
        acts.LATE_ITEM_DECIDED,
        item,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "standing": AgendaItem.Standing.ADDED.value},
        authority=evidence,
    )
    return item


def _require_proposed(item: AgendaItem) -> None:
    """Refuse an item that is on the agenda or was dropped.

    Raises:
        LateItemNotOpen: it is.
    """
    if item.standing != AgendaItem.Standing.PROPOSED:
        raise refusals.LateItemNotOpen


def _codes(seats: Iterable[Seat]) -> str:
    """Name seats to people."""
    return ", ".join(seat.code for seat in seats)
