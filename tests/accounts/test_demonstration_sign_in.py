"""The way into a demonstration, over HTTP."""

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts import services
from accounts.models import Person
from audit.services import mark_demonstration

PASSWORD = "battery staple 9"


@pytest.fixture
def invented(at: datetime) -> Person:
    mark_demonstration()
    administrator = services.create_first_administrator(
        name_ru="Админ", name_en="Admin", email="admin@example.org", password=PASSWORD, at=at
    )
    return services.register_demonstration_person(
        name_ru="Выдуманная Анна", name_en="Invented A.", actor=administrator, at=at
    )


def test_a_visitor_of_a_demonstration_picks_a_person(client: Client, invented: Person) -> None:
    page = reverse("accounts:demo_sign_in")
    assert "Выдуманная Анна" in client.get(page).text

    response = client.post(page, {"person": str(invented.uid), "next": reverse("account_logout")})
    assert response["Location"] == reverse("account_logout")
    assert client.session["_auth_user_id"] == str(invented.pk)
    assert page in Client().get(reverse("account_login")).text


def test_nobody_leads_a_visitor_elsewhere(client: Client, invented: Person) -> None:
    page = reverse("accounts:demo_sign_in")
    for elsewhere in ("https://evil.example/", "//evil.example", "javascript:alert(1)", ""):
        response = client.post(page, {"person": str(invented.uid), "next": elsewhere})
        assert response["Location"] == "/"


def test_real_people_cannot_be_picked(client: Client, invented: Person, at: datetime) -> None:
    administrator = Person.objects.get(email="admin@example.org")
    real = services.register_person(
        name_ru="Настоящий", name_en="Real", email="r@example.org", actor=administrator, at=at
    )
    page = reverse("accounts:demo_sign_in")

    for uid in (real.uid, uuid4(), "x", ""):
        response = client.post(page, {"person": str(uid)})
        assert response.status_code == 422
        assert "_auth_user_id" not in client.session

    services.block_person(person=invented, actor=administrator, at=at)
    assert client.post(page, {"person": str(invented.uid)}).status_code == 422


def test_a_real_installation_has_no_such_page(client: Client, member: Person) -> None:
    page = reverse("accounts:demo_sign_in")

    assert client.get(page).status_code == 404
    assert client.post(page, {"person": str(member.uid)}).status_code == 404
