"""What every test stands on: a database of its own, a closed network, a browser on request."""

import asyncio
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings

from tests.databases import test_database


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the run its own database instead of pytest-django's single, shared one."""
    with django_db_blocker.unblock(), test_database():
        yield


@pytest.fixture(scope="session")
def copies(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Play the demonstration's file once, with copies of the database on the way."""
    from tests.demonstration import plays  # noqa: PLC0415 - needs Django to be set up

    with django_db_blocker.unblock():
        plays.play_whole_file()
    yield
    with django_db_blocker.unblock():
        plays.drop_copies()


SHARED_BEGINNINGS = {
    "tests/browser/test_from_empty_to_in_force.py": "the machine",
    "tests/browser/": "the play in a browser",
    "tests/demonstration/": "the play",
    "tests/licensing/": "the desks",
    "tests/workflows/": "the desks",
    "tests/negotiation/": "the tables",
}
"""Tests whose fixtures take most of a minute to set up, the longest first, by what they share."""


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep together, where several workers share the tests, what shares a costly beginning."""
    from xdist.scheduler import LoadScopeScheduling  # noqa: PLC0415 - the workers' own plugin

    class ByBeginning(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return _beginning_of(nodeid) or nodeid.partition("::")[0]

    return ByBeginning(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the longest come first, where workers share the tests: none idles at the end."""
    if hasattr(config, "workerinput"):
        order = [*dict.fromkeys(SHARED_BEGINNINGS.values()), None]
        items.sort(key=lambda item: order.index(_beginning_of(item.nodeid)))


def _beginning_of(nodeid: str) -> str | None:
    return next((name for path, name in SHARED_BEGINNINGS.items() if nodeid.startswith(path)), None)


@pytest.fixture(scope="session", autouse=True)
def closed_network() -> Iterator[None]:
    """Refuse connections that leave this machine."""
    connect = socket.socket.connect

    def connect_here(self: socket.socket, address: Any) -> None:
        local = self.family == socket.AF_UNIX or address[0] in {"127.0.0.1", "::1", "localhost"}
        if not local:
            raise PermissionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", connect_here)
        yield


@pytest.fixture
def at(db: None) -> datetime:
    """Return the instant of an act that happens now, by the database's clock."""
    from audit.clock import now  # noqa: PLC0415 - needs Django to be set up

    return now()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium once for the run."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow, and rarely needed

    # The one without windows comes first: it is four times as fast.
    kinds = ("chromium-headless-shell", "chromium", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, kinds)), None)
    if chromium is None:
        pytest.fail(f"no Chromium: install one of {kinds}, or set CHROMIUM to its path")
    with pytest.MonkeyPatch.context() as patch:
        # Playwright runs an event loop in this thread, which Django takes for a mistake.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium,
                # The sandbox refuses to run as root; nothing but our own pages is opened.
                args=[
                    "--no-sandbox",
                    "--disable-dev-shm-usage",
                    # Nothing is drawn for anybody, and nobody outside is to be asked.
                    "--disable-gpu",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
                ],
            )
            loop = asyncio._get_running_loop()
            yield browser
            # The last test of the run may have been one without a browser.
            asyncio._set_running_loop(loop)
            browser.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let a test without a browser run in a thread like those of the server, from setup to end.

    Playwright keeps an event loop running in this thread from the first page of the run to its end,
    and code that starts one for itself, as checking a signature does, would be refused. Django has
    one connection inside a loop and another outside: a test that saw both would write to the
    database past its own transaction.
    """
    if "browser" in getattr(item, "fixturenames", ()):
        return (yield)
    loop = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        return (yield)
    finally:
        asyncio._set_running_loop(loop)


@pytest.fixture
def new_page(browser: Any, live_server: Any) -> Iterator[Any]:
    """Return a function that opens a page as a new visitor, in Russian unless told otherwise.

    The test fails at its end if a page broke the content security policy or threw an error.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def listen(message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            complaints.append(message.text)

    def open_page(*, locale: str = "ru-RU", width: int = 1280, height: int = 900) -> Any:
        context = browser.new_context(
            base_url=live_server.url,
            locale=locale,
            timezone_id="Asia/Krasnoyarsk",
            viewport={"width": width, "height": height},
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints


@pytest.fixture(scope="session")
def accessibility_problems() -> Callable[[Any], list[str]]:
    """Return a function that asks axe about a page: WCAG 2.0 to 2.2, levels A and AA."""
    axe = (settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js").read_text()
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

    def ask(page: Any) -> list[str]:
        page.evaluate(axe)
        found = page.evaluate("tags => axe.run({runOnly: tags})", tags)
        return [
            f"{violation['id']}: {node['html']}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    return ask


@pytest.fixture
def page(new_page: Any) -> Any:
    """Open one page in Russian."""
    return new_page()
