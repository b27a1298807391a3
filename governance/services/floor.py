"""The floor: which item is taken up, who asked to speak, who speaks.

Nothing is decided here, and nothing here touches a ballot. It is recorded all the same: «the
course of the meeting», which a participant may want in the minutes (ГК 181.2 п. 4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from governance import acts, refusals
from governance.authority import Action, examine, require
from governance.models import Discussion, FloorRequest, Meeting

from ._rows import lock, record, refusing, update
from .meetings import require_meeting_state

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import AgendaItem, Body, Seat


@transaction.atomic
def take_up_item(*, item: AgendaItem, actor: Person, at: datetime.datetime) -> Discussion:
    """Take up an item of the agenda; the discussion of another one ends with it.

    A proposed item may be taken up too: that it be added has to be discussed.

    Raises:
        AlreadyTakenUp: it is under discussion.
        MeetingNotInState: the meeting is not open.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting = lock(item.meeting, "body")
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.OPENED)
    under_way = meeting.discussions.filter(ended_at=None).order_by("pk").first()
    if under_way is not None and under_way.item_id == item.pk:
        raise refusals.AlreadyTakenUp
    if under_way is not None:
        update(under_way, ended_at=at)
    discussion = Discussion.objects.create(meeting=meeting, item=item, began_at=at)
    record(
        acts.ITEM_TAKEN_UP,
        discussion,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "item": item.uid, "number": item.number},
        authority=evidence,
    )
    return discussion


@transaction.atomic
def ask_for_the_floor(
    *,
    meeting: Meeting,
    seat: Seat | None = None,
    person: Person | None = None,
    actor: Person,
    at: datetime.datetime,
) -> FloorRequest:
    """Put a person on the speakers' list, as the last.

    Everybody asks for themselves; whoever leads the meeting or keeps its record notes a hand that
    was raised in the hall.

    Args:
        seat: for which seat the person speaks; without it, by a duty without a vote.
        person: who is to speak; the actor, unless somebody else is named.

    Raises:
        AlreadyOnTheList: the person waits already.
        NotPresent: the person does not occupy the seat.
        NoAttendanceHere: on paper nobody speaks.
        MeetingNotInState: the meeting is not open.
        NotAuthorised: the actor may not ask for this person.
    """
    meeting = lock(meeting, "body")
    person = person or actor
    evidence = _may_ask(meeting, seat, person, actor, at)
    require_meeting_state(meeting, Meeting.State.OPENED)
    if not meeting.has_attendance:
        raise refusals.NoAttendanceHere
    _require_present(meeting, seat, person, at)
    last = meeting.floor_requests.aggregate(last=Max("place"))["last"] or 0
    discussion = meeting.discussions.filter(ended_at=None).order_by("pk").first()
    request = FloorRequest(
        meeting=meeting,
        item_id=discussion.item_id if discussion else None,
        seat=seat,
        person=person,
        place=last + 1,
        asked_at=at,
    )
    with refusing({"a_person_waits_for_the_floor_once": refusals.AlreadyOnTheList()}):
        request.save()
    _record(acts.FLOOR_ASKED, request, actor=actor, at=at, authority=evidence)
    return request


@transaction.atomic
def give_the_floor(*, request: FloorRequest, actor: Person, at: datetime.datetime) -> FloorRequest:
    """Let a person speak. Whoever spoke before has spoken.

    Raises:
        NotOnTheList: the person has spoken or withdrawn.
        NotPresent: the person has left the seat.
        MeetingNotInState: the meeting is not open.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting, request = _locked(request)
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.OPENED)
    _require_waiting(request)
    _require_present(meeting, request.seat, request.person, at)
    for speech in meeting.floor_requests.speaking():
        update(speech, ended_at=at)
    update(request, given_at=at)
    _record(acts.FLOOR_GIVEN, request, actor=actor, at=at, authority=evidence)
    return request


@transaction.atomic
def end_speech(*, request: FloorRequest, actor: Person, at: datetime.datetime) -> FloorRequest:
    """End a speech.

    Raises:
        NotSpeaking: the person does not have the floor.
        NotAuthorised: the actor neither speaks, nor leads the meeting, nor keeps its record.
    """
    meeting, request = _locked(request)
    evidence = _oneself_or_office(request, meeting.body, actor, at)
    if request.state != FloorRequest.State.SPEAKING:
        raise refusals.NotSpeaking
    update(request, ended_at=at)
    _record(acts.FLOOR_LEFT, request, actor=actor, at=at, authority=evidence)
    return request


@transaction.atomic
def withdraw_request(
    *, request: FloorRequest, actor: Person, at: datetime.datetime
) -> FloorRequest:
    """Take a person off the list before the turn comes.

    Raises:
        NotOnTheList: the person has spoken or withdrawn.
        NotAuthorised: the actor neither asked, nor leads the meeting, nor keeps its record.
    """
    meeting, request = _locked(request)
    evidence = _oneself_or_office(request, meeting.body, actor, at)
    _require_waiting(request)
    update(request, withdrawn_at=at)
    _record(acts.FLOOR_WITHDRAWN, request, actor=actor, at=at, authority=evidence)
    return request


@transaction.atomic
def let_speak_earlier(
    *, request: FloorRequest, actor: Person, at: datetime.datetime
) -> FloorRequest:
    """Let a person change places with the one who comes before.

    Raises:
        FirstOnTheList: nobody does.
        NotOnTheList: the person has spoken or withdrawn.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting, request = _locked(request)
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    _require_waiting(request)
    waiting = list(meeting.floor_requests.waiting().select_for_update().in_order())
    index = waiting.index(request)
    if index == 0:
        raise refusals.FirstOnTheList
    before = waiting[index - 1]
    earlier, later = before.place, request.place
    update(before, place=later)
    update(request, place=earlier)
    _record(acts.FLOOR_REORDERED, request, actor=actor, at=at, authority=evidence)
    return request


def clear_the_floor(meeting: Meeting, at: datetime.datetime, *, seat: Seat | None = None) -> None:
    """End what ends with the meeting, or with a seat that is left: part of those acts."""
    requests = meeting.floor_requests.all()
    if seat is None:
        meeting.discussions.filter(ended_at=None).update(ended_at=at)
    else:
        requests = requests.filter(seat=seat)
    requests.speaking().update(ended_at=at)
    requests.waiting().update(withdrawn_at=at)


def _locked(request: FloorRequest) -> tuple[Meeting, FloorRequest]:
    """Lock the meeting, then the request: always in this order."""
    return lock(request.meeting, "body"), lock(request, "seat", "person")


def _may_ask(
    meeting: Meeting, seat: Seat | None, person: Person, actor: Person, at: datetime.datetime
) -> Evidence:
    """Authorise whoever asks; a person without a seat must have a voice by a duty.

    Raises:
        NotAuthorised: the actor may not ask, or the person has no voice here.
    """
    body = meeting.body
    if seat is not None and person.pk == actor.pk:
        return require(actor, Action.NEGOTIATE, body=body, at=at, seat=seat)
    if seat is None:
        voice = examine(person, Action.REPORT, body=body, at=at) or require(
            person, Action.CONSULT, body=body, at=at
        )
        if person.pk == actor.pk:
            return voice
    return _office(body, actor, at)


def _office(body: Body, actor: Person, at: datetime.datetime) -> Evidence:
    """Authorise whoever leads the meeting or keeps its record.

    Raises:
        NotAuthorised: the actor does neither.
    """
    return examine(actor, Action.PRESIDE, body=body, at=at) or require(
        actor, Action.KEEP, body=body, at=at
    )


def _oneself_or_office(
    request: FloorRequest, body: Body, actor: Person, at: datetime.datetime
) -> Evidence | dict[str, str]:
    """Authorise the person concerned, or an office."""
    if request.person_id == actor.pk:
        return {"basis": "oneself"}
    return _office(body, actor, at)


def _require_present(
    meeting: Meeting, seat: Seat | None, person: Person, at: datetime.datetime
) -> None:
    """Refuse a seat that the person does not occupy now.

    Raises:
        NotPresent: so it is.
    """
    if seat is None:
        return
    if not meeting.attendance.at(at).filter(seat=seat, person=person).exists():
        raise refusals.NotPresent(seat=seat.code)


def _require_waiting(request: FloorRequest) -> None:
    """Refuse a request whose turn came or that was withdrawn.

    Raises:
        NotOnTheList: so it is.
    """
    if request.state != FloorRequest.State.WAITING:
        raise refusals.NotOnTheList


def _record(
    act: str,
    request: FloorRequest,
    *,
    actor: Person,
    at: datetime.datetime,
    authority: Evidence | dict[str, str],
) -> None:
    """Record what happened on the speakers' list."""
    record(
        act,
        request,
        body=request.meeting.body,
        actor=actor,
        at=at,
        facts={
            "meeting": request.meeting.uid,
            "person": request.person.uid,
            "seat": request.seat.uid if request.seat else None,
            "place": request.place,
        },
        authority=authority,
    )
