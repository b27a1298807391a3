"""The ways in and the list of people, in a browser: seen, read aloud, on a narrow screen."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command

from accounts import services
from accounts.models import Person
from audit.services import mark_demonstration

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "battery staple 9"
NARROW = 390


def fill_in(page: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        page.locator(f"[name={name}]").fill(value)


def is_too_wide(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_from_an_empty_installation_to_an_invited_person(new_page: Any) -> None:
    """Nothing is there; the administrator opens it, invites, and the invited person comes in."""
    page = new_page()
    page.goto("/accounts/login/")
    page.wait_for_url("**/desk/first-administrator/")
    fill_in(
        page,
        {
            "name_ru": "Рогожин Андрей Михайлович",
            "name_en": "Rogozhin A. M.",
            "email": "rogozhin@example.org",
            "password1": PASSWORD,
            "password2": PASSWORD,
        },
    )
    page.locator("main form button").click()
    page.wait_for_url("**/")

    page.goto("/desk/people/register/")
    fill_in(
        page,
        {
            "name_ru": "Петрова Анна Сергеевна",
            "name_en": "Petrova A. S.",
            "email": "petrova@example.org",
        },
    )
    page.locator("main form button").click()
    page.locator("h1", has_text="Петрова Анна Сергеевна").wait_for()
    page.get_by_role("link", name="Пригласить").click()
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_text("Приглашение ко входу: Петрова Анна Сергеевна").wait_for()

    call_command("deliver_mail", verbosity=0)
    [link] = [line for line in mail.outbox[-1].body.splitlines() if "/invitation/" in line]
    other = new_page()
    other.goto(link.removeprefix("http://127.0.0.1:8000"))
    fill_in(other, {"password1": PASSWORD, "password2": PASSWORD})
    other.get_by_role("button", name="Задать пароль и войти").click()
    other.wait_for_url("**/")
    assert other.get_by_text("Петрова Анна Сергеевна").count() > 0

    # The link has done its work.
    visitor = new_page()
    visitor.goto(link.removeprefix("http://127.0.0.1:8000"))
    assert visitor.locator("h1").inner_text() == "Это приглашение не действует"


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_pages_are_accessible_and_narrow(
    new_page: Any,
    accessibility_problems: Callable[[Any], list[str]],
    at: datetime,
    language: str,
) -> None:
    locale = {"ru": "ru-RU", "en": "en-GB"}[language]
    visitor = new_page(locale=locale, width=NARROW)
    problems = {}

    def look(page: Any, address: str) -> None:
        page.goto(address)
        problems[address] = accessibility_problems(page) + ["too wide"] * is_too_wide(page)

    look(visitor, "/desk/first-administrator/")
    mark_demonstration()
    administrator = services.create_first_administrator(
        name_ru="Рогожин Андрей Михайлович",
        name_en="Rogozhin A. M.",
        email="rogozhin@example.org",
        password=PASSWORD,
        at=at,
    )
    person = services.register_person(
        name_ru="Константинопольская-Староверова Александра Вениаминовна",
        name_en="Konstantinopolskaya-Staroverova A. V.",
        email="a.very.long.address.of.somebody@institution.example.org",
        actor=administrator,
        at=at,
    )
    look(visitor, f"/invitation/{person.uid}/5f:abc/")
    for address in ("/accounts/login/", "/accounts/password/reset/", "/sign-in/demo/"):
        look(visitor, address)

    visitor.locator(f"button[value='{administrator.uid}']").click()
    visitor.wait_for_url("**/")
    addresses = ["/desk/people/", "/desk/people/?q=nobody", "/desk/people/register/"]
    addresses += [
        f"/desk/people/{person.uid}/{page}"
        for page in ("", "rename/", "address/", "invite/", "block/")
    ]
    addresses += [
        "/me/",
        "/me/language/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/accounts/sessions/",
    ]
    for address in addresses:
        look(visitor, address)

    # A form with mistakes is a page of its own.
    visitor.goto("/desk/people/register/")
    visitor.locator("main form button").click()
    problems["mistakes"] = accessibility_problems(visitor)

    assert {address: found for address, found in problems.items() if found} == {}
    assert Person.objects.count() == 2
