"""Whoever sits at a browser in these stories, and the addresses that they open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from demonstration.models import Play
from tests.browser.doors import doors
from tests.browser.eyes import Eyes
from tests.browser.hands import Hands
from tests.browser.walk import Page, everybody, walk
from tests.demonstration import plays

LOCALES = {"ru": "ru-RU", "en": "en-GB"}


@pytest.fixture
def eyes() -> Iterator[Eyes]:
    """Look at every page on the way; the test fails at its end if one was not in order."""
    looking = Eyes()
    yield looking
    assert not looking.complaints, "\n".join(looking.complaints)


@pytest.fixture
def visitor(browser: Any, eyes: Eyes) -> Iterator[Callable[..., Hands]]:
    """Return a function that seats a new visitor before the pages of an address.

    The test fails at its end if a page broke the content security policy, threw an error or
    failed; or was not in order at first sight, where the visitor has eyes.
    """
    contexts: list[Any] = []

    def seat(address: str, *, language: str = "ru", **who: Any) -> Hands:
        context = browser.new_context(
            base_url=address,
            locale=LOCALES[language],
            timezone_id="Asia/Krasnoyarsk",
            viewport={"width": 1280, "height": 900},
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        eyes.watch(page)
        return Hands(page, language, **who)

    yield seat
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def pages(copies: None, django_db_blocker: Any) -> list[Page]:
    """Return the pages that the people of the demonstration meet, following every link."""
    with django_db_blocker.unblock(), plays.using(plays.PLAYED):
        others = doors()
        return [
            page for who, person in everybody() for page in walk(who, person, others.get(who, ()))
        ]


@pytest.fixture
def site(copies: None, django_db_blocker: Any, settings: Any) -> Iterator[str]:
    """Serve a copy of the finished demonstration, in which acts are done for good."""
    settings.ALLOWED_HOSTS = ["*"]
    with django_db_blocker.unblock(), plays.copy_of(plays.PLAYED):
        server = LiveServer("127.0.0.1")
        yield server.url
        server.stop()


@pytest.fixture
def come(site: str, visitor: Callable[..., Hands], django_db_blocker: Any) -> Callable[..., Hands]:
    """Return a function that lets somebody of the demonstration come in, by one press.

    People have the codes of the play, `P-EMP-1`; without a code nobody signs in.
    """
    people = Play.objects.get().people

    def sign_in(code: str, *, to: str = "/", **how: Any) -> Hands:
        hands = visitor(site, **how)
        hands.page.goto(f"/sign-in/demo/?next={to}")
        if code:
            with hands.page.expect_navigation():
                hands.page.locator(f"button[value='{people[code]}']").click()
        return hands

    return sign_in
