"""The floor: one item is taken up, one person speaks, the others wait in their order."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from audit.acts import NotAuthorised
from governance import refusals, services
from governance.models import FloorRequest, Meeting
from governance.services.quorums import quorum_at, quorum_log
from tests.connections import at_once
from tests.world import World, build_world, chosen_time


def ask(world: World, meeting: Meeting, seat: str) -> FloorRequest:
    return services.ask_for_the_floor(
        meeting=meeting,
        seat=world.seats[seat],
        actor=world.people[seat],
        at=world.later(seconds=1),
    )


def states(meeting: Meeting) -> list[tuple[str, str]]:
    rows = meeting.floor_requests.select_related("seat").in_order()
    return [(row.seat.code, row.state) for row in rows]


@pytest.mark.django_db
class TestTheList:
    def test_one_speaks_and_the_next_follows(self, world: World) -> None:
        meeting = world.opened()
        first, second = ask(world, meeting, "EMP-1"), ask(world, meeting, "PUB-2")
        act = {"actor": world.coordinator}

        services.give_the_floor(request=first, at=world.later(), **act)
        services.give_the_floor(request=second, at=world.later(), **act)

        assert states(meeting) == [("EMP-1", "spoken"), ("PUB-2", "speaking")]

    def test_the_coordinator_changes_the_order(self, world: World) -> None:
        meeting = world.opened()
        for seat in ("EMP-1", "PUB-2", "EXP-3"):
            last = ask(world, meeting, seat)

        services.let_speak_earlier(request=last, actor=world.coordinator, at=world.later())

        assert [seat for seat, _ in states(meeting)] == ["EMP-1", "EXP-3", "PUB-2"]
        first = FloorRequest.objects.in_order().first()
        with pytest.raises(refusals.FirstOnTheList):
            services.let_speak_earlier(request=first, actor=world.coordinator, at=world.later())

    def test_nobody_waits_twice_or_speaks_after_withdrawing(self, world: World) -> None:
        meeting = world.opened()
        request = ask(world, meeting, "EMP-1")
        with pytest.raises(refusals.AlreadyOnTheList):
            ask(world, meeting, "EMP-1")

        services.withdraw_request(request=request, actor=world.people["EMP-1"], at=world.later())

        with pytest.raises(refusals.NotOnTheList):
            services.give_the_floor(request=request, actor=world.coordinator, at=world.later())
        ask(world, meeting, "EMP-1")

    def test_only_the_coordinator_gives_the_floor(self, world: World) -> None:
        request = ask(world, world.opened(), "EMP-1")
        for person in (world.people["EMP-1"], world.secretary, world.people["EMP-2"]):
            with pytest.raises(NotAuthorised):
                services.give_the_floor(request=request, actor=person, at=world.later())

    def test_nobody_asks_for_somebody_else_but_who_serves_the_meeting(self, world: World) -> None:
        meeting = world.opened()
        noted = {"meeting": meeting, "seat": world.seats["EMP-1"], "person": world.people["EMP-1"]}
        with pytest.raises(NotAuthorised):
            services.ask_for_the_floor(**noted, actor=world.people["EMP-2"], at=world.later())

        services.ask_for_the_floor(**noted, actor=world.secretary, at=world.later())
        services.ask_for_the_floor(meeting=meeting, actor=world.heads[0], at=world.later())

        with pytest.raises(NotAuthorised):
            services.ask_for_the_floor(meeting=meeting, actor=world.auditor, at=world.later())

    def test_whoever_leaves_speaks_no_more(self, world: World) -> None:
        meeting = world.opened()
        speaking, _ = ask(world, meeting, "EMP-1"), ask(world, meeting, "EMP-2")
        services.give_the_floor(request=speaking, actor=world.coordinator, at=world.later())
        world.later()
        world.go(meeting, "EMP-1", "EMP-2")

        assert states(meeting) == [("EMP-1", "spoken"), ("EMP-2", "floor_withdrawn")]
        with pytest.raises(refusals.NotPresent):
            ask(world, meeting, "EMP-1")

    def test_the_meeting_ends_what_goes_on(self, world: World) -> None:
        meeting = world.opened()
        item = meeting.agenda.get()
        services.take_up_item(item=item, actor=world.coordinator, at=world.later())
        with pytest.raises(refusals.AlreadyTakenUp):
            services.take_up_item(item=item, actor=world.coordinator, at=world.later())
        request = ask(world, meeting, "EMP-1")
        assert request.item == item
        services.give_the_floor(request=request, actor=world.coordinator, at=world.later())

        world.close_meeting(meeting)

        assert not meeting.discussions.filter(ended_at=None).exists()
        assert states(meeting) == [("EMP-1", "spoken")]
        with pytest.raises(refusals.NotSpeaking):
            services.end_speech(request=request, actor=world.coordinator, at=world.later())

    def test_the_database_keeps_what_was_said_when(self, world: World) -> None:
        request = ask(world, world.opened(), "EMP-1")
        services.give_the_floor(request=request, actor=world.coordinator, at=world.later())
        for change in ({"given_at": world.later()}, {"person": world.secretary}):
            with pytest.raises(IntegrityError), transaction.atomic():
                FloorRequest.objects.update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            FloorRequest.objects.all().delete()


@pytest.mark.django_db
class TestTheQuorumOverTime:
    def test_it_is_that_of_each_instant(self, world: World) -> None:
        meeting = world.convened()
        assert quorum_log(meeting, until=world.now) == []
        world.come(meeting)
        came = world.now
        left = world.later()
        world.go(meeting, "PUB-3", "PUB-4")
        back = world.later()
        world.come(meeting, "PUB-4")

        log = quorum_log(meeting, until=world.now)

        assert [(row.since, row.until, row.lacking) for row in log] == [
            (came, left, ()),
            (left, back, ("PUB",)),
            (back, None, ()),
        ]
        for row in log:
            assert quorum_at(meeting, row.since) == row.sides

    def test_it_says_what_opening_a_ballot_finds(self, world: World) -> None:
        meeting = world.opened()
        world.later()
        world.go(meeting, "EXP-1", "EXP-2")
        ballot = world.ballot(meeting)

        checks = ballot.quorum_checks.filter(moment="opening").order_by("id")

        assert [(row.side_code, row.present, row.holds) for row in checks] == [
            (row.side, row.present, row.holds) for row in quorum_at(meeting, world.now)
        ]
        assert ballot.state == "not_held_no_quorum"


@pytest.fixture
def shared_world(transactional_db: None) -> Iterator[World]:
    """Return a table that other connections see too."""
    with chosen_time():
        yield build_world()


@pytest.mark.django_db(transaction=True)
def test_the_floor_given_to_two_at_the_same_moment_is_held_by_one(shared_world: World) -> None:
    world = shared_world
    meeting = world.opened()
    requests = [ask(world, meeting, seat) for seat in ("EMP-1", "PUB-1")]
    at = world.later()

    def giving(request: FloorRequest) -> object:
        def give() -> FloorRequest:
            with chosen_time():
                return services.give_the_floor(request=request, actor=world.coordinator, at=at)

        return give

    results = at_once(*map(giving, requests))

    assert all(isinstance(one, FloorRequest) for one in results), results
    assert sorted(state for _, state in states(meeting)) == ["speaking", "spoken"]


@pytest.mark.django_db(transaction=True)
def test_a_person_who_asks_twice_at_the_same_moment_waits_once(shared_world: World) -> None:
    world = shared_world
    meeting = world.opened()
    at = world.later()

    def asking() -> FloorRequest:
        with chosen_time():
            return services.ask_for_the_floor(
                meeting=meeting, seat=world.seats["EMP-1"], actor=world.people["EMP-1"], at=at
            )

    results = at_once(asking, asking)

    assert sorted(type(one).__name__ for one in results) == ["AlreadyOnTheList", "FloorRequest"]
