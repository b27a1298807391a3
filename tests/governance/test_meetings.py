"""Meetings: planned, convened with notice, attended, and what can go wrong."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Person
from audit.models import Entry
from calendars.domain import KRASNOYARSK
from governance import acts, refusals, services
from governance.authority import NotAuthorised
from governance.models import Attendance, Ballot, Meeting, MeetingNotice
from notifications.models import OutboxMessage
from tests.governance.refusals import refused
from tests.world import World

pytestmark = pytest.mark.django_db


def local(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=KRASNOYARSK)


NOTICES = {
    "in person, eleven working days": ("in_person", local(3, 12), local(3, 27), 11),
    "in writing, five working days": ("written", local(3, 30), local(4, 6), 5),
    "over the holidays of May": ("in_person", local(4, 28), local(5, 15), 11),
    "a conciliation meeting is agreed on": ("conciliation", local(4, 16), local(4, 17), 1),
}


@pytest.mark.parametrize(("kind", "sent", "day", "days"), NOTICES.values(), ids=NOTICES)
def test_notice_is_counted_in_working_days(
    world: World, kind: str, sent: datetime, day: datetime, days: int
) -> None:
    world.now = sent
    closes_at = day + timedelta(days=4) if kind == "written" else None
    meeting = world.planned(kind, planned_for=day, closes_at=closes_at)
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=sent)
    assert Entry.objects.get(type=acts.MEETING_CONVENED).facts["working_days"] == days


def test_notice_shorter_than_the_charter_demands_is_refused(world: World) -> None:
    world.now = local(3, 16)
    meeting = world.planned(planned_for=local(3, 27))
    with refused(refusals.NoticeTooShort) as caught:
        services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.now)
    assert caught.value.params == {"required": 10, "given": 9}
    # A day earlier it is long enough.
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=local(3, 13))


def test_a_year_without_a_working_calendar_is_not_guessed(world: World) -> None:
    meeting = world.planned(planned_for=datetime(2029, 3, 1, 10, tzinfo=KRASNOYARSK))
    with refused(refusals.CalendarUnknown):
        services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.now)


def test_everybody_is_called_in_their_own_language(world: World) -> None:
    english = world.people["EXP-3"]
    Person.objects.filter(pk=english.pk).update(email="exp@example.org", language="en")
    Person.objects.filter(pk=world.coordinator.pk).update(email="k@example.org")
    meeting = world.planned()
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.later())

    # Sixteen seats, the coordinator, the secretary and two consultative voices.
    assert MeetingNotice.objects.filter(meeting=meeting).count() == 20
    assert MeetingNotice.objects.get(person=english).channel == "mail"
    assert MeetingNotice.objects.get(person=world.people["EMP-1"]).channel == "platform"
    letter = OutboxMessage.objects.get(recipient_uid=english.uid)
    assert "Notice of a meeting" in letter.subject
    assert "Clauses of the requirements" in letter.body
    letter = OutboxMessage.objects.get(recipient_uid=world.coordinator.uid)
    assert "Пункты требований" in letter.body
    assert OutboxMessage.objects.count() == 2


def test_a_conciliation_meeting_calls_those_who_speak_for_the_sides(world: World) -> None:
    meeting = world.planned("conciliation")
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.later())
    called = set(meeting.notices.values_list("person__name_en", flat=True))
    speakers = {f"{side}-{number} BODY-1" for side in world.sides for number in (1, 2)}
    assert called == speakers | {"coordinator BODY-1", "secretary BODY-1"}
    world.now = meeting.planned_for
    # It decides nothing, so it needs no quorum and takes no ballot.
    meeting = services.open_meeting(meeting=meeting, actor=world.coordinator, at=world.now)
    with refused(refusals.NoBallotsHere):
        world.prepared(meeting)
    with refused(refusals.NoAttendanceHere):
        world.come(meeting, "EMP-1")


def test_delivery_of_a_notice_is_proved_once(world: World) -> None:
    meeting = world.convened()
    reader = world.people["EMP-1"]
    notice = meeting.notices.get(person=reader)
    read = {"notice": notice, "proof": "read"}
    with refused(NotAuthorised):
        services.record_delivery(**read, actor=world.people["EMP-2"], at=world.later())
    services.record_delivery(**read, actor=reader, at=world.later())
    with refused(refusals.NoticeAlreadyDelivered):
        services.record_delivery(**read, actor=reader, at=world.later())
    paper = meeting.notices.get(person=world.people["PUB-1"])
    services.record_delivery(
        notice=paper, proof="receipt", channel="paper", actor=world.secretary, at=world.later()
    )
    paper.refresh_from_db()
    assert (paper.channel, paper.proof) == ("paper", "receipt")


def test_nothing_is_convened_without_an_agenda_or_a_side(world: World) -> None:
    empty = services.plan_meeting(
        body=world.body,
        code="E",
        kind="in_person",
        planned_for=world.now + timedelta(days=30),
        actor=world.secretary,
        at=world.now,
    )
    with refused(refusals.AgendaEmpty):
        services.convene_meeting(meeting=empty, actor=world.secretary, at=world.now)
    for number in range(1, 5):
        services.vacate_seat(
            seat=world.seats[f"PUB-{number}"],
            valid_to=world.now.date(),
            actor=world.secretary,
            at=world.now,
        )
    with refused(refusals.NobodyToCall):
        world.convened()


WRONG_PLANS = {
    "in the past": ({"planned_for": local(1, 30)}, refusals.TooEarly),
    "papers without an end": ({"kind": "written", "closes_at": None}, refusals.PeriodIsEmpty),
    "papers in a hall": ({"closes_at": local(5, 1)}, refusals.PeriodIsEmpty),
}


@pytest.mark.parametrize(("says", "refusal"), WRONG_PLANS.values(), ids=WRONG_PLANS)
def test_a_plan_that_cannot_be_is_refused(world: World, says: dict, refusal: type) -> None:
    with refused(refusal):
        world.planned(**says)


def test_a_plan_without_a_code_is_wrong_input(world: World) -> None:
    with pytest.raises(ValidationError):
        world.planned(code="")
    meeting = world.planned()
    with refused(refusals.CodeTaken):
        world.planned(code=meeting.code)
    with pytest.raises(ValidationError):
        services.add_agenda_item(
            meeting=meeting,
            title_ru="",
            topics=[uuid4()],
            actor=world.secretary,
            at=world.now,
        )


def test_a_meeting_is_opened_at_its_hour_by_the_coordinator(world: World) -> None:
    meeting = world.convened()
    world.come(meeting)
    opening = {"meeting": meeting, "at": world.now}
    with refused(NotAuthorised):
        services.open_meeting(**opening, actor=world.secretary)
    with refused(refusals.TooEarly):
        services.open_meeting(
            **{**opening, "at": world.now - timedelta(minutes=1)}, actor=world.coordinator
        )
    opened = services.open_meeting(**opening, actor=world.coordinator)
    assert opened.state == Meeting.State.OPENED
    with refused(refusals.MeetingNotInState):
        services.open_meeting(**opening, actor=world.coordinator)


def test_attendance_is_a_chain_of_intervals(world: World) -> None:
    meeting = world.opened()
    with refused(refusals.AlreadyPresent):
        world.come(meeting, "EMP-1")
    world.later(hours=1)
    world.go(meeting, "EMP-1")
    with refused(refusals.NotPresent):
        world.go(meeting, "EMP-1")
    world.later(hours=1)
    world.come(meeting, "EMP-1")
    stays = Attendance.objects.filter(seat=world.seats["EMP-1"]).order_by("id")
    assert [stay.left_at is None for stay in stays] == [False, True]

    world.close_meeting(meeting)
    assert not meeting.attendance.filter(left_at=None).exists()
    with refused(refusals.MeetingNotInState):
        world.come(meeting, "EMP-2")


def test_a_proxy_takes_the_seat_and_a_stranger_does_not(world: World) -> None:
    proxy, stranger = world.person("Proxy"), world.person("Stranger")
    world.substitute("EMP-2", proxy)
    meeting = world.convened()
    sit = {"meeting": meeting, "seat": world.seats["EMP-2"], "actor": world.secretary}
    with refused(NotAuthorised, "wrong_seat"):
        services.arrive(**sit, person=stranger, at=world.now)
    services.arrive(**sit, person=proxy, at=world.now)
    world.come(meeting, *(seat for seat in world.seats if seat != "EMP-2"))
    opened = services.open_meeting(meeting=meeting, actor=world.coordinator, at=world.now)
    ballot = world.ballot(opened)
    # Who votes in a hall is whoever sits there.
    own = world.vote(ballot, "EMP-2")
    assert (own.status, own.reason_code) == ("rejected", "not_present")
    assert world.vote(ballot, "EMP-2", actor=proxy).is_counted


def test_a_meeting_is_closed_after_its_ballots(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    with refused(refusals.BallotsUnfinished):
        world.close_meeting(meeting)
    world.vote_all(ballot)
    world.close(ballot)
    assert world.close_meeting(meeting).state == Meeting.State.CLOSED


def test_a_cancelled_meeting_tells_those_who_were_called(world: World) -> None:
    Person.objects.filter(pk=world.people["EMP-1"].pk).update(email="e@example.org")
    meeting = world.planned()
    ballot = world.prepared(meeting)
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.later())
    with refused(refusals.ReasonMissing):
        services.cancel_meeting(meeting=meeting, note="", actor=world.secretary, at=world.later())
    services.cancel_meeting(
        meeting=meeting, note="Карантин", actor=world.secretary, at=world.later()
    )
    assert OutboxMessage.objects.filter(kind="meeting_cancelled").get().body.count("Карантин")
    assert Ballot.objects.get(pk=ballot.pk).annulled_reason == "meeting_not_held"
    with refused(refusals.MeetingNotInState):
        services.cancel_meeting(
            meeting=meeting, note="ещё раз", actor=world.secretary, at=world.later()
        )


def test_a_meeting_with_a_quorum_does_not_fail(world: World) -> None:
    meeting = world.convened()
    world.come(meeting)
    world.later(minutes=30)
    with refused(refusals.QuorumPresent):
        services.adjourn_without_quorum(meeting=meeting, actor=world.coordinator, at=world.now)


def test_meetings_are_seen_by_those_who_see_the_body(world: World) -> None:
    meeting = world.planned()
    ballot = world.prepared(meeting)
    assert list(Meeting.objects.visible_to(world.people["EMP-1"])) == [meeting]
    assert list(Ballot.objects.visible_to(world.heads[0])) == [ballot]
    stranger = world.person("Stranger")
    assert not Meeting.objects.visible_to(stranger).exists()
    assert not Ballot.objects.visible_to(stranger).exists()
