"""Meetings while they last, and those that do not take place."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import Action, examine, require
from governance.models import Attendance, Meeting

from ._notices import call_off
from ._rows import digest, lock, record, refusing, tidy, update
from ._terms import clock_words
from .ballots import annul_prepared
from .floor import clear_the_floor
from .meetings import require_meeting_state
from .quorums import quorum_at

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Seat

WAIT_FOR_QUORUM = timedelta(minutes=30)
"""How long latecomers are waited for before a meeting fails."""


@transaction.atomic
def open_meeting(*, meeting: Meeting, actor: Person, at: datetime.datetime) -> Meeting:
    """Open a meeting. In a hall every side must have its quorum.

    A written ballot is opened by the secretary, everything else by the coordinator.
    A conciliation meeting decides nothing and needs no quorum.

    Raises:
        NoQuorum: the parameters name the sides that lack people.
        TooEarly: people were called for a later hour.
        MeetingNotInState: it was not convened, or is open already.
        NotAuthorised: the actor may not open this kind of meeting.
    """
    meeting = lock(meeting, "body", "charter_version")
    evidence = _who_leads(meeting, actor, at)
    require_meeting_state(meeting, Meeting.State.CONVENED)
    if at < meeting.planned_for:
        raise refusals.TooEarly(since=clock_words(meeting.planned_for))
    if meeting.has_attendance and (lacking := sides_lacking_quorum(meeting, at)):
        raise refusals.NoQuorum(sides=", ".join(lacking))
    update(meeting, state=Meeting.State.OPENED, opened_at=at)
    present = meeting.attendance.at(at).order_by("seat_id").values_list("seat__uid", flat=True)
    record(
        acts.MEETING_OPENED,
        meeting,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"present": list(present)},
        authority=evidence,
    )
    return meeting


@transaction.atomic
def arrive(
    *,
    meeting: Meeting,
    seat: Seat,
    person: Person | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Attendance:
    """Note that a seat is occupied from now on, by its holder or by a proxy.

    Raises:
        AlreadyPresent: the seat is occupied.
        SeatIsVacant: nobody is named and nobody holds the seat.
        NoAttendanceHere: this is a written ballot or a conciliation meeting.
        MeetingNotInState: the meeting was not convened, or is over.
        NotAuthorised: the actor is not the secretary, or the person does not act for the seat.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.CONVENED, Meeting.State.OPENED)
    if not meeting.has_attendance:
        raise refusals.NoAttendanceHere
    if seat.body_id != meeting.body_id:
        raise refusals.WrongBody
    person = person or _holder(seat, at)
    _require_of_seat(person, seat, meeting, at)
    attendance = Attendance(meeting=meeting, seat=seat, person=person, came_at=at)
    occupied = refusals.AlreadyPresent(seat=seat.code)
    with refusing({"a_seat_is_occupied_once_at_a_time": occupied}):
        attendance.save()
    record(
        acts.SEAT_ARRIVED,
        attendance,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "seat": seat.uid, "person": person.uid},
        authority=evidence,
    )
    return attendance


@transaction.atomic
def arrive_together(
    *, meeting: Meeting, seats: Iterable[Seat], actor: Person, at: datetime.datetime
) -> list[Attendance]:
    """Note that several seats are occupied by their holders from now on: all, or none.

    Raises:
        AlreadyPresent, SeatIsVacant, NoAttendanceHere, MeetingNotInState, NotAuthorised: as in
            `arrive`, for the first seat that cannot be noted.
    """
    return [arrive(meeting=meeting, seat=seat, actor=actor, at=at) for seat in seats]


@transaction.atomic
def leave(*, meeting: Meeting, seat: Seat, actor: Person, at: datetime.datetime) -> Attendance:
    """Note that a seat is not occupied from now on; it speaks no more and waits no more.

    Raises:
        NotPresent: nobody occupies it.
        MeetingNotInState: the meeting is over.
        NotAuthorised: the actor is not the secretary.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.CONVENED, Meeting.State.OPENED)
    attendance = (
        meeting.attendance.filter(seat=seat, left_at=None, came_at__lte=at)
        .select_related("person")
        .order_by("id")
        .first()
    )
    if attendance is None:
        raise refusals.NotPresent(seat=seat.code)
    update(attendance, left_at=at)
    clear_the_floor(meeting, at, seat=seat)
    record(
        acts.SEAT_LEFT,
        attendance,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={
            "meeting": meeting.uid,
            "seat": seat.uid,
            "person": attendance.person.uid,
        },
        authority=evidence,
    )
    return attendance


@transaction.atomic
def close_meeting(*, meeting: Meeting, actor: Person, at: datetime.datetime) -> Meeting:
    """Close a meeting; whoever is still there leaves with it.

    Raises:
        BallotsUnfinished: ballots are prepared or open.
        MeetingNotInState: it is not open.
        NotAuthorised: the actor may not close this kind of meeting.
    """
    meeting = lock(meeting, "body")
    evidence = _who_leads(meeting, actor, at)
    require_meeting_state(meeting, Meeting.State.OPENED)
    ballots = list(meeting.ballots.order_by("id"))
    if unfinished := [ballot.code for ballot in ballots if not ballot.is_final]:
        raise refusals.BallotsUnfinished(ballots=", ".join(unfinished))
    for attendance in meeting.attendance.filter(left_at=None).order_by("id"):
        update(attendance, left_at=at)
    clear_the_floor(meeting, at)
    update(meeting, state=Meeting.State.CLOSED, closed_at=at)
    record(
        acts.MEETING_CLOSED,
        meeting,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"ballots": [ballot.uid for ballot in ballots]},
        authority=evidence,
    )
    return meeting


@transaction.atomic
def adjourn_without_quorum(*, meeting: Meeting, actor: Person, at: datetime.datetime) -> Meeting:
    """Find that a meeting does not take place, because a side lacks its quorum.

    The questions stay undecided: absence is never consent (B6). The meeting is repeated, and
    after a second failure the same questions go to a written ballot under the same rule.

    Raises:
        TooEarly: latecomers are waited for half an hour.
        QuorumPresent: every side has its quorum.
        MeetingNotInState: it was not convened, or was opened.
        NotAuthorised: the actor is not the coordinator.
    """
    meeting = lock(meeting, "body", "charter_version", "repeats")
    evidence = require(actor, Action.PRESIDE, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.CONVENED)
    if not meeting.has_attendance:
        raise refusals.NoAttendanceHere
    since = meeting.planned_for + WAIT_FOR_QUORUM
    if at < since:
        raise refusals.TooEarly(since=clock_words(since))
    lacking = sides_lacking_quorum(meeting, at)
    if not lacking:
        raise refusals.QuorumPresent
    for attendance in meeting.attendance.filter(left_at=None).order_by("id"):
        update(attendance, left_at=at)
    annul_prepared(meeting, evidence, actor, at)
    update(meeting, state=Meeting.State.FAILED)
    sides = meeting.body.sides.filter(code__in=lacking).order_by("position")
    record(
        acts.MEETING_FAILED,
        meeting,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={
            "sides": [side.uid for side in sides],
            "repeats": meeting.repeats.uid if meeting.repeats else None,
        },
        authority=evidence,
    )
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, note: str, actor: Person, at: datetime.datetime) -> Meeting:
    """Call a meeting off, and tell everybody who was called.

    Raises:
        MeetingNotInState: it has begun or ended.
        ReasonMissing: no explanation is given.
        NotAuthorised: the actor is not the secretary.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.PLANNED, Meeting.State.CONVENED)
    explanation = tidy(note)
    if not explanation:
        raise refusals.ReasonMissing
    update(meeting, state=Meeting.State.CANCELLED)
    annul_prepared(meeting, evidence, actor, at)
    for notice in meeting.notices.select_related("person").order_by("id"):
        call_off(notice.person, meeting, explanation, at)
    record(
        acts.MEETING_CANCELLED,
        meeting,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"note_sha256": digest(explanation)},
        authority=evidence,
    )
    return meeting


def sides_lacking_quorum(meeting: Meeting, at: datetime.datetime) -> list[str]:
    """Return the codes of the sides that are not quorate in the hall at an instant.

    For pages that show the hall; opening a meeting or a ballot asks again.
    """
    return [row.side for row in quorum_at(meeting, at) if not row.holds]


def _who_leads(meeting: Meeting, actor: Person, at: datetime.datetime) -> Evidence:
    """Authorise whoever opens and closes this kind of meeting."""
    action = Action.KEEP if meeting.is_written else Action.PRESIDE
    return require(actor, action, body=meeting.body, at=at)


def _holder(seat: Seat, at: datetime.datetime) -> Person:
    """Return who holds the seat today.

    Raises:
        SeatIsVacant: nobody.
    """
    holding = seat.holdings.on(day_of(at)).select_related("person").order_by("id").first()
    if holding is None:
        raise refusals.SeatIsVacant(seat=seat.code)
    return holding.person


def _require_of_seat(person: Person, seat: Seat, meeting: Meeting, at: datetime.datetime) -> None:
    """Refuse a stranger. A holder may sit with a mandate that has ended: the vote is what it stops.

    Raises:
        NotAuthorised: the person neither holds the seat nor stands in for its holder.
    """
    if seat.holdings.on(day_of(at)).filter(person=person).exists():
        return
    found = examine(person, Action.VOTE, body=meeting.body, at=at, seat=seat)
    if not found:
        raise found.error
