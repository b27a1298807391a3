"""The desk of people, over HTTP: who gets in, what is shown, what is refused."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Person
from audit.models import Entry
from notifications.models import OutboxMessage
from tests.accounts.pages import of, signed_in

NEW = {
    "name_ru": "Орлова Мария Петровна",
    "name_en": "Orlova M. P.",
    "email": "orlova@example.org",
    "language": "ru",
}


ON_A_PERSON = [
    "person",
    "rename",
    "address",
    "invite",
    "block",
    "unblock",
    "appoint",
    "dismiss",
]


def test_the_desk_is_closed_to_others(person: Person, member: Person) -> None:
    visitor, other = Client(), signed_in(member)
    pages = [reverse("accounts:people"), reverse("accounts:register")]
    pages += [of(name, person) for name in ON_A_PERSON]
    entries = Entry.objects.count()

    for page in pages:
        assert visitor.get(page).status_code == 302
        assert reverse("account_login") in visitor.get(page)["Location"]
        assert visitor.post(page).status_code in {302, 405}
        assert other.get(page).status_code == 403
        assert other.post(page).status_code in {403, 405}
    assert Entry.objects.count() == entries


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_page_of_the_desk_is_shown_in_both_languages(
    desk: Client, person: Person, language: str
) -> None:
    desk.cookies["django_language"] = language
    pages = [reverse("accounts:people"), reverse("accounts:register")]
    pages += [of(name, person) for name in ON_A_PERSON]

    for page in pages:
        response = desk.get(page)
        assert response.status_code == 200
        assert f'<html lang="{language}">' in response.text


def test_nobody_of_this_uid_is_not_found(desk: Client) -> None:
    for name in ON_A_PERSON:
        assert desk.get(reverse(f"accounts:{name}", args=[uuid4()])).status_code == 404


def test_people_are_listed_and_found(desk: Client, person: Person, member: Person) -> None:
    page = reverse("accounts:people")

    assert "Петрова Анна Сергеевна" in desk.get(page).text
    assert of("person", member) in desk.get(page).text
    assert of("person", member) not in desk.get(page, {"q": "петрова"}).text
    assert "Петрова Анна Сергеевна" in desk.get(page, {"state": "registered"}).text
    assert "Никто не найден" in desk.get(page, {"q": "<script>"}).text
    assert desk.get(page, {"q": "a" * 500, "state": "king", "page": "x"}).status_code == 200


def test_the_list_costs_the_same_however_long_it_is(
    desk: Client,
    administrator: Person,
    at: datetime,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(60):
        services.register_person(
            name_ru=f"Человек {number}",
            name_en=f"P {number}",
            email=None,
            actor=administrator,
            at=at,
        )
    desk.get(reverse("accounts:people"))

    with django_assert_max_num_queries(15):
        response = desk.get(reverse("accounts:people"))
    assert response.text.count("<tr>") == 51


def test_somebody_is_registered_and_invited(desk: Client) -> None:
    response = desk.post(reverse("accounts:register"), NEW)
    person = Person.objects.get(email="orlova@example.org")
    assert response["Location"] == of("person", person)
    assert person.state == "registered"

    assert "orlova@example.org" in desk.get(of("invite", person)).text
    response = desk.post(of("invite", person))
    assert response["Location"] == of("person", person)
    assert OutboxMessage.objects.get(recipient_uid=person.uid).kind == "invitation"
    shown = desk.get(of("person", person)).text
    assert "Приглашение ко входу: Орлова Мария Петровна" in shown


WRONG = {
    "nothing": {"name_ru": "", "name_en": ""},
    "English for Russian": {"name_ru": "Orlova Maria"},
    "Russian for English": {"name_en": "Орлова"},
    "too long": {"name_ru": "О" * 201},
    "no address": {"email": "orlova"},
    "unknown language": {"language": "de"},
    "invisible characters": {"name_ru": "Орлова\u202eМария"},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_wrong_input_is_answered_and_nothing_is_lost(desk: Client, change: dict[str, str]) -> None:
    people, entries = Person.objects.count(), Entry.objects.count()
    response = desk.post(reverse("accounts:register"), NEW | change)

    assert response.status_code == 422
    assert "orlova@example.org" in response.text or "email" in change
    assert 'aria-invalid="true"' in response.text
    assert (Person.objects.count(), Entry.objects.count()) == (people, entries)

    assert desk.post(reverse("accounts:register"), NEW).status_code == 302


def test_hostile_names_stay_text(desk: Client) -> None:
    hostile = "<script>предупреждение('Привет')</script>"
    desk.post(reverse("accounts:register"), NEW | {"name_ru": hostile})
    person = Person.objects.get(email="orlova@example.org")

    assert person.name_ru == hostile
    for page in (reverse("accounts:people"), of("person", person), of("rename", person)):
        assert "<script>предупр" not in desk.get(page).text


def test_ten_megabytes_in_a_field_are_refused(desk: Client) -> None:
    response = desk.post(reverse("accounts:register"), NEW | {"name_ru": "О" * (5 * 1024 * 1024)})

    assert response.status_code == 422


def test_a_refusal_stands_in_the_form(desk: Client, person: Person) -> None:
    taken = {**NEW, "email": person.email}
    response = desk.post(reverse("accounts:register"), taken)

    assert response.status_code == 422
    assert "Этот адрес уже принадлежит другому человеку." in response.text
    assert "Орлова Мария Петровна" in response.text


def test_a_double_click_registers_once(desk: Client) -> None:
    people = Person.objects.count()
    twice = NEW | {"request_key": str(uuid4()), "email": ""}
    first = desk.post(reverse("accounts:register"), twice)
    second = desk.post(reverse("accounts:register"), twice)

    assert Person.objects.count() == people + 1
    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]


def test_a_name_and_an_address_are_changed(desk: Client, person: Person, at: datetime) -> None:
    person.names.update(valid_from=at.date() - timedelta(days=30))
    rename = {"name_ru": "Орлова Анна", "name_en": "Orlova A.", "valid_from": at.date().isoformat()}
    assert desk.post(of("rename", person), rename).status_code == 302
    assert desk.post(of("address", person), {"email": "new@example.org"}).status_code == 302

    person.refresh_from_db()
    assert (person.name_ru, person.email) == ("Орлова Анна", "new@example.org")
    shown = desk.get(of("person", person)).text
    assert "Петрова Анна Сергеевна" in shown
    assert desk.post(of("rename", person), rename).status_code == 422
    assert desk.post(of("rename", person), rename | {"valid_from": "31.02.2026"}).status_code == 422


def test_access_is_taken_and_given_back(desk: Client, member: Person) -> None:
    browser = signed_in(member)
    assert browser.get(reverse("account_change_password")).status_code == 200

    assert desk.post(of("block", member)).status_code == 302
    # The session that was open has ended too.
    assert browser.get(reverse("account_change_password")).status_code == 302
    assert desk.post(of("block", member)).status_code == 422

    assert desk.post(of("unblock", member)).status_code == 302
    assert browser.get(reverse("account_change_password")).status_code == 200


def test_administrators_are_made_by_administrators(
    desk: Client, administrator: Person, member: Person
) -> None:
    assert desk.post(of("appoint", member)).status_code == 403
    assert signed_in(administrator).post(of("appoint", member)).status_code == 302
    assert services.is_administrator(member)
    assert signed_in(administrator).post(of("dismiss", member)).status_code == 302
    assert signed_in(administrator).post(of("dismiss", administrator)).status_code == 422


def test_only_what_can_be_done_is_offered(
    desk: Client, administrator: Person, person: Person, member: Person
) -> None:
    def offered(client: Client, about: Person) -> set[str]:
        shown = client.get(of("person", about)).text
        return {name for name in ON_A_PERSON if f'href="{of(name, about)}"' in shown} - {"person"}

    assert offered(desk, person) == {"rename", "address", "invite", "block"}
    assert offered(desk, member) == {"rename", "block"}
    assert offered(signed_in(administrator), member) == {"rename", "address", "block", "appoint"}
    assert "dismiss" in offered(signed_in(administrator), administrator)
