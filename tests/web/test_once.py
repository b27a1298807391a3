"""One request, one act: whatever the browser repeats is done once."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import Person
from audit.models import Entry
from negotiation.models import Remark
from tests.audit.acts import DONE
from tests.connections import at_once
from tests.web.scene import Scene

pytestmark = pytest.mark.urls("tests.web.failing")


@pytest.fixture
def someone(scene: Scene) -> Person:
    return scene.world.people["EMP-1"]


@pytest.fixture
def visitor(as_person: Callable[[Person], Client], someone: Person) -> Client:
    return as_person(someone)


def done() -> int:
    return Entry.objects.of_types(DONE).count()


def test_a_repeated_request_does_nothing_and_leads_to_the_same_receipt(visitor: Client) -> None:
    form = {"request_key": str(uuid4())}
    first = visitor.post("/failing/act/", form)
    again = visitor.post("/failing/act/", form)

    assert done() == 1
    assert again.status_code == 302
    assert again.headers["Location"] == first.headers["Location"]
    assert [str(message) for message in get_messages(again.wsgi_request)] == [
        "Это уже сделано. Второй раз ничего не произошло."
    ]


def test_two_keys_are_two_acts(visitor: Client) -> None:
    for _ in range(2):
        visitor.post("/failing/act/", {"request_key": str(uuid4())})
    assert done() == 2


@pytest.mark.parametrize("key", ["", "not a key", "1" * 5000])
def test_a_damaged_key_is_no_key(visitor: Client, key: str) -> None:
    assert visitor.post("/failing/act/", {"request_key": key}).status_code == 302
    assert done() == 1


def test_a_refused_request_leaves_no_trace_and_its_key_can_be_used(visitor: Client) -> None:
    form = {"request_key": str(uuid4())}

    assert visitor.post("/failing/act-and-fail/", form).status_code == 422
    assert done() == 0
    assert visitor.post("/failing/act/", form).status_code == 302
    assert done() == 1


def test_without_an_answer_to_lead_to_one_goes_back_to_the_form(visitor: Client) -> None:
    form = {"request_key": str(uuid4())}
    page = {"HTTP_REFERER": "http://testserver/inbox/?page=2"}
    visitor.post("/failing/act-without-answer/", form, **page)  # type: ignore[arg-type]
    again = visitor.post("/failing/act-without-answer/", form, **page)  # type: ignore[arg-type]

    assert done() == 1
    assert again.headers["Location"] == "/inbox/?page=2"


def test_nobody_is_led_to_another_site(visitor: Client) -> None:
    form = {"request_key": str(uuid4())}
    page = {"HTTP_REFERER": "https://evil.example/inbox/"}
    visitor.post("/failing/act-without-answer/", form, **page)  # type: ignore[arg-type]
    again = visitor.post("/failing/act-without-answer/", form, **page)  # type: ignore[arg-type]

    assert again.headers["Location"] == "/"


def test_a_key_of_somebody_else_shows_nothing_of_theirs(
    scene: Scene, as_person: Callable[[Person], Client]
) -> None:
    form = {"request_key": str(uuid4())}
    as_person(scene.world.people["EMP-1"]).post("/failing/act/", form)
    other = Client()
    other.force_login(
        scene.world.people["PUB-1"],
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    again = other.post("/failing/act/", form)

    assert done() == 1
    assert again.headers["Location"] == "/"


def test_a_real_act_is_done_once(visitor: Client, scene: Scene) -> None:
    address = f"/negotiation/{scene.matter.uid}/clauses/{scene.clauses['1.2'].uid}/remark/"
    form = {"request_key": str(uuid4()), "text": "Шесть – это много для пятиосевого станка."}
    first = visitor.post(address, form)
    again = visitor.post(address, form)

    assert first.status_code == again.status_code == 302
    assert first.headers["Location"] == again.headers["Location"]
    assert Remark.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_do_one_act(scene: Scene, someone: Person) -> None:
    browser = Client()
    browser.force_login(someone, backend="allauth.account.auth_backends.AuthenticationBackend")
    form = {"request_key": str(uuid4())}

    def press() -> Any:
        window = Client()
        window.cookies = browser.cookies
        return window.post("/failing/act/", form)

    answers = at_once(press, press)

    assert [answer.status_code for answer in answers] == [302, 302]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert done() == 1
