"""The frame of every page: navigation, language, capacity, what is demonstrated, what is safe."""

import io
import re
import tarfile
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.template import Context, Template
from django.test import Client, RequestFactory

from accounts.models import Person
from governance import services
from governance.models import Appointment
from negotiation.models import Matter
from tests.web.scene import Scene
from tests.world import build_world, chosen_time
from web.context import frame

INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)

SignIn = Callable[[Person], Client]


def links(html: str) -> list[str]:
    navigation = re.search(r'<nav class="v-nav".*?</nav>', html, re.DOTALL)
    assert navigation is not None
    return re.findall(r">\s*([^<>]+?)\s*(?:<span[^>]*></span>)?</a>", navigation.group())


NAVIGATION = {
    "secretary": ["Входящие", "Переговоры", "Реестр", "Секретариат"],
    "coordinator": ["Входящие", "Переговоры", "Реестр"],
    "administrator": ["Входящие", "Переговоры", "Реестр", "Секретариат"],
    "official": ["Входящие", "Переговоры", "Реестр"],
    "auditor": ["Входящие", "Переговоры", "Реестр"],
}


@pytest.mark.parametrize(("who", "expected"), NAVIGATION.items())
def test_everybody_is_led_to_what_is_theirs(
    scene: Scene, as_person: SignIn, who: str, expected: list[str]
) -> None:
    assert links(as_person(getattr(scene.world, who)).get("/about/").text) == expected


def test_a_visitor_is_led_to_the_register(scene: Scene, client: Client) -> None:
    html = client.get("/about/").text

    assert links(html) == ["Реестр"]
    assert 'href="/sign-in/demo/"' in html


def test_the_capacity_of_acting_stands_on_every_page(scene: Scene, as_person: SignIn) -> None:
    html = as_person(scene.world.people["EMP-1"]).get("/about/").text

    assert "Вы действуете как:" in html
    assert "«Работодатели», место EMP-1" in html
    assert "доверенность № 1" in html


def test_a_mandate_that_cannot_be_used_says_why(scene: Scene, as_person: SignIn) -> None:
    world = scene.world
    with chosen_time():
        services.revoke_mandate(
            mandate=world.mandates["EMP-1"],
            revoked_on=world.now.date(),
            actor=world.secretary,
            at=world.later(),
        )
    client = as_person(world.people["EMP-1"])
    client.cookies["django_language"] = "en"

    assert "Your mandate is revoked." in client.get("/about/").text


def test_on_a_page_about_a_body_the_capacity_at_that_body_comes_first(
    scene: Scene, as_person: SignIn
) -> None:
    other = build_world(at=scene.world.now, code="BODY-2")
    person = scene.world.people["EMP-1"]
    with chosen_time():
        services.appoint(
            body=other.body,
            person=person,
            role=Appointment.Role.RAPPORTEUR,
            basis_ru="решение сторон",
            basis_en="decision of the sides",
            valid_from=scene.world.now.date(),
            actor=other.secretary,
            at=other.later(),
        )
    matter = Matter(body=other.body)
    request = RequestFactory().get("/")
    request.user = person
    for page, expected in (({}, scene.world.body), ({"matter": matter}, other.body)):
        context = Context({**frame(request), **page})
        first = Template(
            "{% load veche %}{% capacities_here as all %}{{ all.0.capacity.body.code }}"
        ).render(context)
        assert first == expected.code


def test_somebody_without_a_seat_reads_as_a_reader(scene: Scene, as_person: SignIn) -> None:
    client = as_person(scene.world.person("Гость"))

    assert "читатель" in client.get("/").text


def test_a_demonstration_says_so(scene: Scene, client: Client) -> None:
    assert "Люди, документы и решения вымышлены." in client.get("/about/").text


def test_a_real_installation_does_not(db: None, client: Client) -> None:
    html = client.get("/about/").text

    assert "вымышлены" not in html
    assert 'href="/accounts/login/"' in html


def test_the_language_is_changed_without_scripts_and_one_stays_where_one_was(
    scene: Scene, client: Client
) -> None:
    before = client.get("/register/?on=2026-03-01")
    here = re.search(r'name="next" value="([^"]+)"', before.text)
    assert here is not None
    answer = client.post("/i18n/setlang/", {"language": "en", "next": here.group(1)})

    assert answer.headers["Location"] == "/register/?on=2026-03-01"
    assert '<html lang="en">' in client.get(answer.headers["Location"]).text


def test_every_page_can_be_skipped_to_its_content(scene: Scene, client: Client) -> None:
    html = client.get("/about/").text
    assert html.index('href="#main"') < html.index("<header")
    assert '<main id="main" tabindex="-1">' in html


ADDRESSES = ["/", "/about/", "/register/", "/style-guide/", "/sign-in/demo/", "/no-such-page/"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_on_a_page_needs_inline_scripts_or_styles(
    scene: Scene, client: Client, address: str
) -> None:
    answer = client.get(address)
    policy = answer.headers["Content-Security-Policy"]

    assert INLINE.findall(answer.text) == []
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_the_frame_asks_a_known_number_of_questions(
    scene: Scene, as_person: SignIn, django_assert_num_queries: Any
) -> None:
    client = as_person(scene.world.people["EMP-1"])
    client.get("/about/")
    # Session, person, demonstration, seats, mandates, duties, administrator.
    with django_assert_num_queries(7):
        client.get("/about/")


def test_the_style_guide_shows_every_component_in_both_languages(
    scene: Scene, client: Client, language: str
) -> None:
    client.cookies["django_language"] = language
    answer = client.get("/style-guide/")

    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text


def test_a_real_installation_has_no_style_guide(db: None, client: Client) -> None:
    assert client.get("/style-guide/").status_code == 404


def test_the_source_text_of_the_running_program_is_handed_out(client: Client) -> None:
    # AGPL, section 13. No `db` fixture: it needs no database.
    answer = client.get("/source.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        names = set(tar.getnames())
        licence = tar.extractfile("veche/LICENSE")
        assert licence is not None
        assert b"AFFERO" in licence.read()

    assert {"veche/manage.py", "veche/web/views/about.py", "veche/pyproject.toml"} <= names
    assert not [name for name in names if "/." in name or "secret_key" in name.split("/")]


def test_the_health_of_the_process_is_told(db: None, client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_a_process_without_its_database_is_not_healthy(client: Client) -> None:
    # What is patched is the driver: a database that does not answer.
    with patch("web.views.health.connection.cursor", side_effect=DatabaseError):
        answer = client.get("/healthz")
    assert answer.status_code == 503
