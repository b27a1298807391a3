"""The public register: open to everybody, true of any day, and never more than was published."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import Person
from calendars.domain import KRASNOYARSK
from licensing import services
from licensing.models import RequirementSet, RequirementVersion
from tests.licensing.desk import Desk, build_desk
from tests.snapshots import restored
from tests.web.scene import Scene
from tests.world import build_world, chosen_time

NEGOTIATION = 70
"""Days from the setting up of a table to its submitting an agreed text, in `tests`."""

SignIn = Callable[[Person], Client]


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def set_page(scene: Scene) -> str:
    return f"/register/{scene.new_set.uid}/"


def version_page(version: RequirementVersion) -> str:
    return f"/register/{version.requirement_set.uid}/{version.uid}/"


def differences(scene: Scene, before: RequirementVersion, after: RequirementVersion) -> str:
    return f"{set_page(scene)}differences/?before={before.uid}&after={after.uid}"


# --- In force on a day -------------------------------------------------------------------


def test_the_register_says_what_is_in_force_today(scene: Scene, client: Client) -> None:
    said = words(client.get("/register/").text)

    assert "Действует сегодня" in said
    assert "Версия 1.0" in said
    assert "Требования не установлены" in said


DAYS = [
    (-1, "Версия 1", "Временные требования"),
    (0, "Версия 1.0", ""),
]


@pytest.mark.parametrize(("shift", "version", "of_set"), DAYS)
def test_one_asks_about_any_day_and_the_day_of_change_belongs_to_the_new_version(
    scene: Scene, client: Client, shift: int, version: str, of_set: str
) -> None:
    assert scene.new.in_force_from is not None
    day = scene.new.in_force_from + timedelta(days=shift)
    page = client.get(set_page(scene), {"on": day.isoformat()}).text
    said = page[page.index('id="inforce"') : page.index('id="versions"')]

    assert f"<h3>{version}{' · ' + of_set if of_set else '</h3>'}" in said


def test_before_the_first_version_nothing_may_be_demanded(scene: Scene, client: Client) -> None:
    said = words(client.get(set_page(scene), {"on": "2001-01-01"}).text)

    assert "В этот день требования не установлены" in said
    assert "ничего нельзя требовать" in said


def test_a_day_may_be_written_in_the_russian_way(scene: Scene, client: Client) -> None:
    assert "01.02.2001" in words(client.get("/register/", {"on": "01.02.2001"}).text)


def test_what_was_known_on_an_earlier_day_can_be_asked(scene: Scene, client: Client) -> None:
    # C5: two axes of time. A year ago nothing of this was in the register.
    today = timezone.localdate()
    asked = {"on": today.isoformat(), "known": (today - timedelta(days=365)).isoformat()}
    said = words(client.get(set_page(scene), asked).text)

    assert "В этот день требования не установлены" in said


WRONG_DAYS = [
    "2026-02-31",
    "31.02.2026",
    "yesterday",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01",
    "<script>alert(1)</script>",
    "1" * 5000,
]


@pytest.mark.parametrize("field", ["on", "known"])
@pytest.mark.parametrize("day", WRONG_DAYS)
def test_a_wrong_day_is_explained_and_nothing_breaks(
    scene: Scene, client: Client, language: str, field: str, day: str
) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/register/", {field: day})

    assert answer.status_code == 422
    assert {"ru": "Исправьте, пожалуйста, ошибки", "en": "Please correct"}[language] in answer.text
    assert f'href="#id_{field}"' in answer.text
    assert "<script>alert" not in answer.text


def test_an_empty_day_is_today(scene: Scene, client: Client) -> None:
    answer = client.get("/register/", {"on": "", "known": ""})

    assert answer.status_code == 200
    assert "Действует сегодня" in words(answer.text)


# --- The text ----------------------------------------------------------------------------


def test_the_text_of_a_version_is_read_with_its_numbers(scene: Scene, client: Client) -> None:
    said = words(client.get(version_page(scene.new)).text)

    assert "Не менее 60 академических часов работы на станке." in said
    assert "Машинное время на одного обучающегося не менее 60 академических часов" in said
    assert "Не заменяет федеральную лицензию" in said


def test_markup_in_a_clause_is_shown_and_not_obeyed(scene: Scene, client: Client) -> None:
    html = client.get(version_page(scene.new)).text
    assert "&lt;i&gt;не более&lt;/i&gt;" in html


def test_the_english_page_says_which_text_is_authoritative(scene: Scene, client: Client) -> None:
    client.cookies["django_language"] = "en"
    said = words(client.get(version_page(scene.new)).text)

    assert "At least 60 academic hours of work at a machine." in said
    assert "The Russian text is authoritative." in said


def test_a_version_that_ended_says_so(scene: Scene, client: Client) -> None:
    assert "Не действует" in words(client.get(version_page(scene.old)).text)


# --- Differences -------------------------------------------------------------------------


def test_what_changed_is_shown_clause_by_clause(scene: Scene, client: Client) -> None:
    html = client.get(differences(scene, scene.old, scene.new)).text
    said = words(html)

    assert re.search(r"<del>.*?40.*?</del>", html)
    assert re.search(r"<ins>.*?60.*?</ins>", html)
    assert "Изменено 1 Добавлено 0 Исключено 0" in said
    assert "Без изменений 1" in said
    assert "не менее 40 академических часов" in said


def test_the_order_of_choosing_does_not_turn_time_round(scene: Scene, client: Client) -> None:
    there = client.get(differences(scene, scene.old, scene.new)).text
    back = client.get(differences(scene, scene.new, scene.old)).text

    assert re.findall(r"<(?:ins|del)>", there) == re.findall(r"<(?:ins|del)>", back)


def test_a_version_is_not_compared_with_itself(scene: Scene, client: Client) -> None:
    answer = client.get(differences(scene, scene.new, scene.new))

    assert answer.status_code == 422
    assert "Выберите две разные версии." in answer.text


@pytest.mark.parametrize("value", ["", "x", "00000000-0000-4000-8000-000000000000", "1" * 5000])
def test_a_wrong_version_is_explained(scene: Scene, client: Client, value: str) -> None:
    answer = client.get(f"{set_page(scene)}differences/?before={quote(value)}&after=")
    assert answer.status_code == 422


# --- What is not published ---------------------------------------------------------------


@pytest.fixture
def desk(db: None) -> Desk:
    """Return a text that was agreed and submitted, and lies before the official."""
    return restored("web desk", submitted)


def submitted() -> Desk:
    # The table needs some nine weeks to agree; the term for the order runs today.
    begins = datetime.now(KRASNOYARSK) - timedelta(days=NEGOTIATION)
    desk = build_desk(build_world(at=begins.replace(minute=0, second=0, microsecond=0)))
    desk.agree()
    desk.submit()
    return desk


def compared(desk: Desk) -> str:
    address = f"/register/{desk.requirement_set.uid}/differences/"
    return f"{address}?before={desk.predecessor.uid}&after={desk.version.uid}"


def test_a_version_before_its_publication_is_nobodys_to_read(desk: Desk, client: Client) -> None:
    assert client.get(version_page(desk.version)).status_code == 404
    assert client.get(compared(desk)).status_code == 404
    predecessor = f"/register/{desk.predecessor.requirement_set.uid}/"
    assert str(desk.version.uid) not in client.get(predecessor).text


def test_the_official_compares_it_with_the_one_in_force(desk: Desk, as_person: SignIn) -> None:
    answer = as_person(desk.world.official).get(compared(desk))

    assert answer.status_code == 200
    assert "2.1" in words(answer.text)


def test_a_stranger_who_is_signed_in_does_not(desk: Desk, as_person: SignIn) -> None:
    client = as_person(desk.world.person("Чужой"))
    assert client.get(compared(desk)).status_code == 404


def test_the_official_sees_the_text_that_awaits_the_order(desk: Desk, as_person: SignIn) -> None:
    # Domain 8.1: what is on my table, by what date, what changed, who signed; three buttons.
    desk.endorse(0)
    html = as_person(desk.world.official).get("/").text
    said = words(html)

    assert f'href="/licensing/versions/{desk.version.uid}/"' in html
    assert f"before={desk.predecessor.uid}&amp;after={desk.version.uid}" in html
    assert "Завизировано" in said
    assert "Визы ещё нет" in said
    assert "отличаются от действующей версии 2024" in said


def test_a_visa_that_is_asked_stands_on_the_officers_first_screen(
    desk: Desk, as_person: SignIn
) -> None:
    said = words(as_person(desk.officers[0]).get("/").text)

    assert "Визы, которых ждут от моего подразделения" in said
    assert "Отдел 0" in said


def test_an_order_that_is_overdue_is_seen_by_everybody(desk: Desk, client: Client) -> None:
    # After ten working days without an act the escalation is visible to all.
    pages = ["/", "/register/"]
    for page in pages:
        assert "Приказ не издан в срок" not in client.get(page).text

    late = desk.version.decide_by + timedelta(days=1)
    with time_machine.travel(datetime.combine(late, time(9), tzinfo=KRASNOYARSK)):
        for page in pages:
            assert "Приказ не издан в срок" in client.get(page).text


def test_a_set_without_a_published_version_does_not_exist_for_the_public(
    scene: Scene, client: Client
) -> None:
    with chosen_time():
        each = services.register_set(
            body=scene.world.body,
            code="ЛТ-0",
            scope="something-else",
            title_ru="Ещё не опубликовано",
            title_en="Not published yet",
            legal_basis=RequirementSet.LegalBasis.NETWORK_AGREEMENT,
            matter=None,
            predecessor=None,
            actor=scene.world.secretary,
            at=scene.world.later(),
        )
    assert client.get(f"/register/{each.uid}/").status_code == 404
    assert "ЛТ-0" not in client.get("/register/").text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_the_register_is_only_read(scene: Scene, client: Client, method: str) -> None:
    for address in ("/register/", set_page(scene), version_page(scene.new)):
        assert getattr(client, method)(address).status_code == 405


# --- How much is asked of the database -----------------------------------------------------


def transcribe_another(scene: Scene, number: int) -> None:
    with chosen_time():
        act = {"actor": scene.world.secretary, "at": scene.world.later()}
        each = services.register_set(
            body=scene.world.body,
            code=f"ЛТ-{number}",
            scope=f"scope-{number}",
            title_ru="Требования",
            title_en="Requirements",
            legal_basis=RequirementSet.LegalBasis.NETWORK_AGREEMENT,
            matter=None,
            predecessor=None,
            **act,
        )
        clause = services.TranscribedClause(number="1", text_ru="Текст.")
        services.transcribe_version(
            requirement_set=each,
            label="1",
            document_ru="Приказ",
            document_en="",
            in_force_from=date(2025, 1, 1),
            in_force_to=None,
            clauses=[clause],
            **act,
        )


def test_more_sets_ask_no_more_questions(
    scene: Scene, client: Client, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(4):
        client.get("/register/")
    for number in (1, 2, 3):
        transcribe_another(scene, number)
    with django_assert_num_queries(4):
        assert "ЛТ-3" in client.get("/register/").text


PAGES = {"set": 9, "version": 5, "differences": 11}


@pytest.mark.parametrize(("page", "number"), PAGES.items())
def test_pages_of_the_register_ask_a_known_number_of_questions(
    scene: Scene, client: Client, django_assert_num_queries: Any, page: str, number: int
) -> None:
    addresses = {
        "set": set_page(scene),
        "version": version_page(scene.new),
        "differences": differences(scene, scene.old, scene.new),
    }
    with django_assert_num_queries(number):
        client.get(addresses[page])
