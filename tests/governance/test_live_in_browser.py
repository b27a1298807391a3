"""One acts, and the pages of the others change by themselves, in real browsers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from audit import live
from governance import services
from governance.views import live as live_views
from tests.governance.test_live import world as world  # noqa: PLC0414 -- a fixture, used by name
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

SOON_MS = 8_000


@pytest.fixture
def hung_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Return a switch that breaks every connection of an open page while it holds."""
    broken: list[bool] = []
    monkeypatch.setattr(live_views, "_has_left", lambda _: lambda: bool(broken))
    yield broken
    broken.append(True)


@pytest.fixture
def sit(new_page: Any, settings: Any) -> Callable[..., Any]:
    """Return a function that seats a person before a page."""

    def come(person: Person, address: str, **how: Any) -> Any:
        client = Client()
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[1])
        page = new_page(locale="en-GB", **how)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.goto("/healthz")
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": page.url}]
        )
        page.goto(address)
        page.locator("[data-live-state=liveOn]").wait_for(state="attached")
        return page

    return come


def test_the_wall_and_a_member_follow_the_coordinator(
    world: World, sit: Any, hung_up: list[bool], accessibility_problems: Any
) -> None:
    meeting = world.opened()
    ballot = world.prepared(meeting)
    address = f"/negotiation/meetings/{meeting.uid}/"
    wall = sit(world.secretary, address + "wall/", width=1920, height=1080)
    member = sit(world.people["EMP-1"], address)
    console = sit(world.coordinator, address)
    for page in (wall, member, console):
        page.evaluate("window.isTheSame = true")

    # By the keyboard: what is pressed stays in reach when the page is made anew.
    console.get_by_role("button", name="Take up 1").focus()
    console.keyboard.press("Enter")
    console.get_by_text("under discussion").wait_for()
    wall.get_by_text("1. Clauses of the requirements").wait_for(timeout=SOON_MS)

    member.get_by_role("button", name="Ask for the floor").click()
    console.get_by_role("button", name="Give the floor").click(timeout=SOON_MS)
    wall.locator(".v-wall__speaker", has_text="EMP-1").wait_for(timeout=SOON_MS)
    console.reload()
    assert accessibility_problems(console) == []
    assert accessibility_problems(wall) == []

    world.open_ballot(ballot)
    wall.get_by_text("Voting is open").wait_for(timeout=SOON_MS)
    wall.get_by_text("0 of 13 voted").wait_for(timeout=SOON_MS)
    world.vote(ballot, "EMP-1", "against")
    # Nobody announces a vote; it is found. How it was cast is nowhere.
    wall.get_by_text("1 of 13 voted").wait_for(timeout=SOON_MS)
    for page in (member, console):
        page.get_by_text("1 of 4 voted").wait_for(timeout=SOON_MS)
    for page in (wall, member, console):
        assert "against" not in page.content().lower()

    hung_up.append(True)
    wall.locator("[data-live-state=liveOff]").wait_for(state="attached", timeout=SOON_MS)
    world.vote_all(ballot, EMP_1="")
    world.close(ballot)
    assert wall.get_by_text("Voting is open").is_visible()
    hung_up.clear()
    wall.locator(".v-wall__state", has_text="Agreed").wait_for(timeout=SOON_MS)
    assert wall.evaluate("window.isTheSame")
    assert member.evaluate("'isTheSame' in window") is False  # It pressed a button since.


def test_a_reader_who_loses_the_duty_sees_it_at_once(
    world: World, sit: Any, hung_up: list[bool]
) -> None:
    meeting = world.opened()
    page = sit(world.heads[0], f"/negotiation/meetings/{meeting.uid}/")

    services.end_appointment(
        appointment=world.heads[0].appointments.get(),
        valid_to=timezone.localdate(world.now),
        actor=world.secretary,
        at=world.later(),
    )

    page.get_by_role("heading", name="no such page").or_(
        page.get_by_role("heading", name="not found")
    ).wait_for(timeout=SOON_MS)


def test_a_page_that_finds_no_place_looks_by_itself(
    world: World, new_page: Any, settings: Any, sit: Any, hung_up: list[bool]
) -> None:
    settings.LIVE_PAGES = 1
    meeting = world.opened()
    address = f"/negotiation/meetings/{meeting.uid}/"
    first = sit(world.secretary, address)

    second = first.context.new_page()
    second.goto(address)
    second.locator("[data-live-state=livePoll]").wait_for(state="attached", timeout=SOON_MS)

    assert second.get_by_text("looks for news every ten seconds").is_visible()
    assert live.LOOK_SECONDS < 5
