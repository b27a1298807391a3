"""Meetings before they begin: planned, put on an agenda, convened with notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import Action, require
from governance.domain.procedure import parse_procedure
from governance.models import AgendaItem, Meeting, MeetingNotice, SeatHolding

from ._notices import call, people_to_call
from ._rows import checked, lock, record, refusing, tidy, update
from ._terms import notice_given
from .charters import charter_in_force

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.domain.procedure import Procedure
    from governance.models import Body


@transaction.atomic
def plan_meeting(
    *,
    body: Body,
    code: str,
    kind: str,
    planned_for: datetime.datetime,
    closes_at: datetime.datetime | None = None,
    place_ru: str = "",
    place_en: str = "",
    repeats: Meeting | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Meeting:
    """Plan a meeting under the charter in force now.

    Args:
        closes_at: for a written ballot, the instant from which papers are late.
        repeats: the meeting that failed for want of a quorum and is held again.

    Raises:
        NoCharter: the body has none in force.
        CodeTaken: the body has a meeting with this code.
        TooEarly: the day lies in the past.
        MeetingNotInState: the meeting repeated did not fail, or is repeated already.
        NotAuthorised: the actor is not the secretary.
        ValidationError: the time or the place is wrong.
    """
    body = lock(body)
    evidence = require(actor, Action.KEEP, body=body, at=at)
    charter = charter_in_force(body, at)
    if day_of(planned_for) < day_of(at):
        raise refusals.TooEarly(since=day_of(at).strftime("%d.%m.%Y"))
    if (kind == Meeting.Kind.WRITTEN) != (closes_at is not None) or (
        closes_at is not None and closes_at <= planned_for
    ):
        raise refusals.PeriodIsEmpty
    if repeats is not None:
        repeats = lock(repeats)
        _require_failed(repeats, body)
    meeting = checked(
        Meeting(
            code=tidy(code),
            body=body,
            kind=kind,
            planned_for=planned_for,
            closes_at=closes_at,
            place_ru=tidy(place_ru),
            place_en=tidy(place_en),
            charter_version=charter,
            repeats=repeats,
        ),
        *("code", "kind", "place_ru", "place_en"),
    )
    taken = refusals.CodeTaken(code=meeting.code)
    with refusing({"a_meeting_code_occurs_once_in_a_body": taken}):
        meeting.save()
    record(
        acts.MEETING_PLANNED,
        meeting,
        body=body,
        actor=actor,
        at=at,
        facts={
            "kind": kind,
            "planned_for": planned_for,
            "closes_at": closes_at,
            "charter": charter.uid,
            "repeats": repeats.uid if repeats else None,
        },
        authority=evidence,
    )
    return meeting


@transaction.atomic
def add_agenda_item(
    *,
    meeting: Meeting,
    title_ru: str,
    title_en: str = "",
    topics: Iterable[UUID],
    actor: Person,
    at: datetime.datetime,
) -> AgendaItem:
    """Put a question on the agenda, as its last item.

    Raises:
        AgendaLocked: notices were sent with the agenda as it is.
        NotAuthorised: the actor is not the secretary.
        ValidationError: the title or the topics are missing.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    if meeting.state != Meeting.State.PLANNED:
        raise refusals.AgendaLocked
    item = new_item(meeting, title_ru, title_en, topics, AgendaItem.Standing.LISTED)
    record(
        acts.AGENDA_ITEM_ADDED,
        item,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": meeting.uid, "number": item.number, "topics": item.topics},
        authority=evidence,
    )
    return item


def new_item(
    meeting: Meeting,
    title_ru: str,
    title_en: str,
    topics: Iterable[UUID],
    standing: AgendaItem.Standing,
) -> AgendaItem:
    """Write an agenda item with the next number of its meeting, which is locked."""
    item = checked(
        AgendaItem(
            meeting=meeting,
            number=meeting.agenda.count() + 1,
            title_ru=tidy(title_ru),
            title_en=tidy(title_en),
            topics=list(dict.fromkeys(topics)),
            standing=standing,
        ),
        *("title_ru", "title_en", "topics"),
    )
    item.save()
    return item


@transaction.atomic
def convene_meeting(*, meeting: Meeting, actor: Person, at: datetime.datetime) -> Meeting:
    """Lock the agenda and call everybody who takes part, each in their own language.

    Raises:
        NoticeTooShort: fewer working days are left than the charter demands.
        AgendaEmpty: there is nothing to be called to.
        NobodyToCall: a side has no held seat.
        MeetingNotInState: the meeting was convened or cancelled before.
        NotAuthorised: the actor is not the secretary.
    """
    meeting = lock(meeting, "body", "charter_version")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    require_meeting_state(meeting, Meeting.State.PLANNED)
    items = list(meeting.agenda.order_by("number"))
    if not items:
        raise refusals.AgendaEmpty
    procedure = parse_procedure(meeting.charter_version.procedure)
    required = notice_required(meeting, procedure)
    given = notice_given(at, meeting.planned_for)
    if given < required:
        raise refusals.NoticeTooShort(required=required, given=given)
    _require_every_side(meeting, procedure)

    update(meeting, state=Meeting.State.CONVENED, agenda_locked_at=at)
    people = people_to_call(meeting)
    for person in people:
        call(person, meeting, items, at)
    record(
        acts.MEETING_CONVENED,
        meeting,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={
            "working_days": given,
            "required": required,
            "people": [person.uid for person in people],
            "items": [item.uid for item in items],
        },
        authority=evidence,
    )
    return meeting


@transaction.atomic
def record_delivery(
    *,
    notice: MeetingNotice,
    proof: str,
    channel: str | None = None,
    actor: Person,
    at: datetime.datetime,
) -> MeetingNotice:
    """Keep the proof that a notice reached its person.

    The person proves it by reading it here; everything else the secretary enters. On paper
    the channel changes too: that is how the notice really went.

    Raises:
        NoticeAlreadyDelivered: a proof is on record.
        NotAuthorised: the actor is neither the person called nor the secretary.
    """
    notice = lock(notice, "meeting__body", "person")
    body = notice.meeting.body
    if actor.pk == notice.person_id and proof == MeetingNotice.Proof.READ:
        authority: Evidence | dict[str, str] = {"basis": "oneself"}
    else:
        authority = require(actor, Action.KEEP, body=body, at=at)
    if notice.delivered_at is not None:
        raise refusals.NoticeAlreadyDelivered
    notice.proof, notice.channel = proof, channel or notice.channel
    checked(notice, "proof", "channel")
    update(notice, delivered_at=at, proof=proof, channel=notice.channel)
    record(
        acts.NOTICE_DELIVERED,
        notice,
        body=body,
        actor=actor,
        at=at,
        facts={
            "meeting": notice.meeting.uid,
            "person": notice.person.uid,
            "channel": notice.channel,
            "proof": proof,
        },
        authority=authority,
    )
    return notice


def require_meeting_state(meeting: Meeting, *states: Meeting.State) -> None:
    """Refuse a meeting that is elsewhere in its life.

    Raises:
        MeetingNotInState: it is.
    """
    if meeting.state not in states:
        raise refusals.MeetingNotInState(state=meeting.get_state_display())


def notice_required(meeting: Meeting, procedure: Procedure) -> int:
    """Return the working days of notice that the charter demands for this kind of meeting.

    A conciliation meeting is agreed between the coordinators and decides nothing: the
    charter sets no term for it.
    """
    if meeting.kind == Meeting.Kind.CONCILIATION:
        return 0
    if meeting.is_written:
        return procedure.written_notice_working_days
    return procedure.notice_working_days


def _require_failed(meeting: Meeting, body: Body) -> None:
    """Refuse to repeat what took place, or what is repeated already."""
    if meeting.body_id != body.pk:
        raise refusals.WrongBody
    require_meeting_state(meeting, Meeting.State.FAILED)
    if Meeting.objects.filter(repeats=meeting).exists():
        raise refusals.MeetingNotInState(state=meeting.get_state_display())


def _require_every_side(meeting: Meeting, procedure: Procedure) -> None:
    """Refuse to convene a side of which nobody can be called."""
    held = set(
        SeatHolding.objects.of_body(meeting.body)
        .on(day_of(meeting.planned_for))
        .values_list("seat__side__code", flat=True)
    )
    for code in procedure.sides:
        if code not in held:
            raise refusals.NobodyToCall(side=code)
