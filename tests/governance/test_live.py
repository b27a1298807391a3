"""Open pages hear that a body's record has something new – at once, and never what."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from audit import live
from governance import services
from tests.world import World, build_world, chosen_time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> Iterator[World]:
    """Return a table that other connections see too; nobody listens at the end."""
    with chosen_time():
        yield build_world()
    for thread in threading.enumerate():
        if thread.name == "live":
            thread.join(live.LOOK_SECONDS + 2)


@pytest.fixture
def open_page(world: World) -> Iterator[Callable[..., Iterator[str]]]:
    """Return a function that opens the events of a body; all are closed at the end."""
    opened: list[Any] = []

    def open_one(**how: Any) -> Iterator[str]:
        usual = {"seen": None, "streams": world.body.streams, "has_left": lambda: False}
        events = live.events(**{**usual, **how})
        opened.append(events)
        assert next(events).startswith("retry:")
        return events

    yield open_one
    for events in opened:
        events.close()


def test_an_act_is_announced_with_its_commit(
    world: World, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Too seldom to find anything by looking.
    monkeypatch.setattr(live, "LOOK_SECONDS", 60)
    meeting = world.convened()
    with live.hub.open(world.body.streams(), live.newest(world.body.streams())) as page:
        assert live.hub.listens.wait(5)
        with transaction.atomic():
            world.come(meeting, "EMP-1")
            assert not page.wait(0.5)
        assert page.wait(5)
        assert page.seen == live.newest(world.body.streams())
        with pytest.raises(RuntimeError), transaction.atomic():
            world.come(meeting, "EMP-2")
            raise RuntimeError("undone")
        assert not page.wait(0.5)
    cut_off()


def cut_off() -> None:
    """Cut the connection that listens, which only its owner may."""
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE query LIKE '%SELECT watched.stream%' AND pid <> pg_backend_pid()"
            " AND datname = current_database()"
        )
        assert cursor.fetchone()[0] == 1


def test_a_vote_is_found_without_being_announced(world: World, open_page: Any) -> None:
    ballot = world.ballot()
    events = open_page()

    world.vote(ballot, "EMP-1")

    event = next(events)
    assert "event: changed\ndata: changed\n\n" in event
    assert world.people["EMP-1"].name_ru not in event


def test_a_page_hears_of_every_stream_and_of_one_that_was_added(
    world: World, open_page: Any
) -> None:
    ballot = world.ballot()
    shown = [world.body.stream, world.seats["EMP-1"].stream]
    events = open_page(streams=lambda: tuple(shown))
    number = live.newest(shown)

    world.vote(ballot, "PUB-1")
    world.vote(ballot, "EMP-1")
    assert next(events).startswith(f"id: {number + 1}\n")
    shown.append(world.seats["PUB-1"].stream)
    world.planned()
    while not next(events).startswith(f"id: {live.newest(shown)}\n"):
        pass
    assert world.body.streams()[0] == world.body.stream
    assert set(shown) < set(world.body.streams())


def test_what_happened_before_the_page_listened_is_announced_at_once(
    world: World, open_page: Any
) -> None:
    seen = live.newest(world.body.streams())
    world.planned()

    events = open_page(seen=seen)

    assert (
        next(events)
        == f"id: {live.newest(world.body.streams())}\nevent: changed\ndata: changed\n\n"
    )


def test_a_lost_connection_is_made_again(world: World, open_page: Any) -> None:
    events = open_page()
    assert live.hub.listens.wait(5)
    cut_off()

    world.planned()

    assert "event: changed" in next(events)


def test_a_reader_who_loses_the_right_hears_no_more(world: World, open_page: Any) -> None:
    allowed = [True]
    events = open_page(streams=lambda: world.body.streams() if allowed[0] else ())
    world.planned()
    assert "event: changed" in next(events)

    allowed[0] = False
    world.planned()

    assert next(events) == "event: gone\ndata: gone\n\n"
    assert next(events, None) is None


def test_a_silent_connection_beats_and_asks_again(
    world: World, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0)
    asked: list[int] = []
    events = open_page(streams=lambda: asked.append(1) or world.body.streams())

    assert next(events) == ": \n\n"
    assert asked == [1, 1]


def test_whoever_hangs_up_gives_the_place_free(world: World, open_page: Any, settings: Any) -> None:
    settings.LIVE_PAGES = 1
    left = [False]
    events = open_page(has_left=lambda: left[0])
    with pytest.raises(live.TooManyPages):
        open_page()

    left[0] = True

    assert next(events, None) is None
    open_page()


def test_a_stranger_gets_no_events_and_a_crowd_gets_told(
    world: World, client: Any, settings: Any
) -> None:
    meeting = world.planned()
    address = f"/desk/meetings/{meeting.uid}/events/"
    assert client.get(address).status_code == 302
    client.force_login(world.person("Stranger"), backend=settings.AUTHENTICATION_BACKENDS[1])
    assert client.get(address).status_code == 404

    client.force_login(world.secretary, backend=settings.AUTHENTICATION_BACKENDS[1])
    settings.LIVE_PAGES = 0
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")

    settings.LIVE_PAGES = 1
    answer = client.get(address, headers={"Last-Event-ID": "1"})
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    events = iter(answer.streaming_content)
    assert next(events).startswith(b"retry:")
    assert b"event: changed" in next(events)

    services.end_appointment(
        appointment=world.secretary.appointments.get(),
        valid_to=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    assert b"event: gone" in next(events)
    answer.close()
