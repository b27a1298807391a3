"""What people are told when something goes wrong, in their language, and never a bare error."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import translation

from accounts.models import Person
from tests.web.scene import Scene

pytestmark = pytest.mark.urls("tests.web.failing")


@pytest.fixture
def visitor(scene: Scene, as_person: Callable[[Person], Client], language: str) -> Client:
    client = as_person(scene.world.people["EMP-1"])
    client.cookies["django_language"] = language
    return client


def told(answer: Any) -> str:
    """Return the heading and the reason of a page."""
    heading = re.search(r"<h1>(.*?)</h1>", answer.text)
    assert heading is not None
    return heading.group(1)


REFUSALS = [
    ("not-now", 422, {"ru": "Сейчас это сделать нельзя", "en": "This cannot be done now"}),
    (
        "not-you",
        403,
        {"ru": "У вас нет полномочия на это действие", "en": "You are not authorised to do this"},
    ),
    ("forbidden", 403, {"ru": "Эта страница вам не открыта", "en": "This page is not open to you"}),
    ("damaged", 400, {"ru": "Запрос не удалось прочитать", "en": "The request could not be read"}),
    (
        "busy",
        503,
        {"ru": "Это сейчас изменяет кто-то другой", "en": "Somebody is changing this right now"},
    ),
    ("no-such", 404, {"ru": "Такой страницы нет", "en": "There is no such page"}),
]


@pytest.mark.parametrize(("address", "status", "words"), REFUSALS)
def test_each_failure_has_its_page_in_both_languages(
    visitor: Client, language: str, address: str, status: int, words: dict[str, str]
) -> None:
    answer = visitor.get(f"/failing/{address}/")

    assert answer.status_code == status
    assert told(answer) == words[language]
    assert f'<html lang="{language}">' in answer.text


def test_a_refusal_says_why(visitor: Client) -> None:
    assert "The round is closed." in visitor.get("/failing/not-now/").text
    answer = visitor.get("/failing/not-you/").text
    assert "Your mandate has expired." in answer
    assert "<code>expired</code>" in answer


def test_a_busy_row_is_worth_another_try(visitor: Client) -> None:
    assert visitor.get("/failing/busy/").headers["Retry-After"] == "5"


def test_htmx_gets_a_part_and_not_a_whole_page(visitor: Client) -> None:
    answer = visitor.get("/failing/not-now/", headers={"HX-Request": "true"})

    assert answer.status_code == 422
    assert "<html" not in answer.text
    assert "The round is closed." in answer.text


def test_whoever_is_not_signed_in_is_asked_to_sign_in(scene: Scene, client: Client) -> None:
    answer = client.get("/failing/not-you/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/sign-in/demo/?next=/failing/not-you/"


def test_an_old_form_says_that_it_is_old(scene: Scene, language: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies["django_language"] = language
    answer = client.post("/i18n/setlang/", {"language": "en"})

    assert answer.status_code == 403
    assert told(answer) == {"ru": "Форма устарела", "en": "The form has expired"}[language]


def test_a_failure_of_the_program_asks_nothing_of_the_database(
    client: Client, language: str
) -> None:
    # No `db` fixture: a query would fail the test.
    client.raise_request_exception = False
    client.cookies["django_language"] = language
    answer = client.get("/failing/broken/")

    assert answer.status_code == 500
    assert told(answer) == {"ru": "Сбой программы", "en": "The program failed"}[language]


def test_another_failure_of_the_database_is_not_called_busy(visitor: Client) -> None:
    with pytest.raises(OperationalError):
        visitor.get("/failing/database/")


def test_an_unknown_address_tells_a_stranger_as_much_as_a_hidden_one(
    scene: Scene, client: Client
) -> None:
    stranger = scene.world.person("Чужой")
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    hidden = client.get(f"/negotiation/{scene.matter.uid}/")
    absent = client.get("/negotiation/00000000-0000-4000-8000-000000000000/")

    assert hidden.status_code == absent.status_code == 404
    assert told(hidden) == told(absent)


def test_words_of_a_refusal_are_shown_and_not_obeyed(scene: Scene) -> None:
    from django.test import RequestFactory  # noqa: PLC0415 -- for this test alone

    from audit.acts import ActRefused  # noqa: PLC0415
    from web.views.errors import not_now  # noqa: PLC0415

    request = RequestFactory().get("/")
    request.user = scene.world.people["EMP-1"]
    with translation.override("en"):
        html = not_now(request, ActRefused("<b>%(name)s</b>", name="<script>")).text

    assert "&lt;script&gt;" in html
    assert "<script>" not in html
