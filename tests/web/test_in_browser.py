"""Our pages in a real browser: accessible, within the screen, without a breach of the policy.

`new_page` fails a test in which a page broke the content security policy or threw an error.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from tests.web.scene import Scene

pytestmark = pytest.mark.django_db(transaction=True)

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WIDE, NARROW = 1440, 390

PageOf = Callable[..., Any]
Problems = Callable[[Any], list[str]]


def sign_in(page: Any, person: Person) -> None:
    """Sign somebody in as the server does, without its page."""
    client = Client()
    client.force_login(person, backend=BACKEND)
    address = page.evaluate("location.origin")
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
    )


def sideways(page: Any) -> int:
    """Return by how many pixels the page is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


ADDRESSES = ("/register/?on=2026-02-31", "/style-guide/", "/no-such-page/")
"""Pages to which no link leads; `tests.browser.test_every_page` looks at the others."""


@pytest.mark.parametrize("locale", ["ru-RU", "en-GB"])
def test_pages_without_a_link_are_accessible_and_fit(
    scene: Scene, new_page: PageOf, accessibility_problems: Problems, locale: str
) -> None:
    found: dict[str, Any] = {}
    page = new_page(locale=locale)
    for address in ADDRESSES:
        page.goto(address)
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            problems = accessibility_problems(page)
            if problems or sideways(page) > 0:
                found[f"{address} {width}"] = (problems, sideways(page))
    assert found == {}


def test_the_dark_scheme_is_accessible_too(
    scene: Scene, new_page: PageOf, accessibility_problems: Problems
) -> None:
    page = new_page()
    page.emulate_media(color_scheme="dark")
    for address in ("/style-guide/", "/", f"/register/{scene.new_set.uid}/{scene.new.uid}/"):
        page.goto(address)
        assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        assert accessibility_problems(page) == []


def test_the_keyboard_alone_reaches_the_content_and_the_menu(
    scene: Scene, new_page: PageOf
) -> None:
    page = new_page()
    page.goto("/about/")
    sign_in(page, scene.world.people["EMP-1"])
    page.goto("/")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "v-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    page.focus(".v-account > summary")
    page.keyboard.press("Enter")
    assert page.locator(".v-account__menu").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator(".v-account__menu").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_focused_control_shows_it(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto("/register/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)") >= 2


def test_mistakes_are_read_first_and_lead_to_their_fields(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto("/register/?on=2026-02-31")

    assert page.evaluate("document.activeElement.className") == "v-summary"
    page.click(".v-summary a")
    assert page.evaluate("document.activeElement.id") == "id_on"


def test_the_number_of_the_inbox_arrives_by_itself(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto("/about/")
    sign_in(page, scene.world.people["EMP-3"])
    page.goto("/about/")
    count = page.locator(".v-nav .v-count")
    count.wait_for(state="visible")

    assert int(count.inner_text().split()[0]) >= 1


def test_the_language_is_changed_by_one_press(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto("/register/")
    page.click("button[name=language][value=en]")
    page.wait_for_url("**/register/")

    assert page.locator("h1").inner_text() == "Register of requirements"
    assert page.locator("html").get_attribute("lang") == "en"


def test_one_press_signs_in_to_the_demonstration(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto("/sign-in/demo/")
    page.get_by_role("button", name="EMP-3").click()
    page.wait_for_url("**/")

    assert "EMP-3" in page.locator(".v-capacity").inner_text()


def test_pages_work_without_scripts(scene: Scene, browser: Any, live_server: Any) -> None:
    context = browser.new_context(
        base_url=live_server.url, locale="ru-RU", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/sign-in/demo/")
    page.get_by_role("button", name="EMP-3").click()
    page.get_by_role("link", name="Прочитать и проголосовать").click()

    assert scene.ballot.question_ru in page.content()
    context.close()


def test_on_paper_there_are_words_and_no_controls(scene: Scene, new_page: PageOf) -> None:
    page = new_page()
    page.goto(f"/register/{scene.new_set.uid}/{scene.new.uid}/")
    page.emulate_media(media="print")

    assert not page.locator(".v-top").is_visible()
    assert not page.locator(".btn").first.is_visible()
    assert page.locator(".v-document").is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
