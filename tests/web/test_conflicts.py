"""Anybody who takes part says on a page that somebody has an interest; the side decides."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from governance.models import ConflictDeclaration
from tests.web.scene import Scene


def address(scene: Scene) -> str:
    clause = next(iter(scene.clauses.values()))
    return reverse("negotiation:declare_conflict", args=[scene.matter.uid, clause.uid])


def test_the_secretary_raises_the_interest_of_somebody_else(
    scene: Scene, as_person: Callable[[Person], Client], language: str
) -> None:
    secretary = as_person(scene.world.secretary)
    secretary.cookies["django_language"] = language
    page = secretary.get(address(scene))
    name = {"ru": scene.world.people["EXP-3"].name_ru, "en": scene.world.people["EXP-3"].name_en}
    assert f"EXP-3 · {name[language]}" in page.text

    answer = secretary.post(address(scene), {"seat": "EXP-3", "grounds_ru": "Платные услуги."})

    assert answer.status_code == 302
    declared = ConflictDeclaration.objects.get()
    assert (declared.seat.code, declared.raised_by) == ("EXP-3", "secretary")
    listed = secretary.get(reverse("governance:conflicts", args=[scene.world.body.uid]))
    assert "Платные услуги." in listed.text


def test_a_member_starts_from_the_own_seat_and_may_name_another(
    scene: Scene, as_person: Callable[[Person], Client]
) -> None:
    member = as_person(scene.world.people["EMP-1"])
    assert '<option value="EMP-1" selected>' in member.get(address(scene)).text

    kept = member.post(address(scene), {"seat": "EMP-9", "grounds_ru": "Платные услуги."})
    assert kept.status_code == 422
    assert "Платные услуги." in kept.text
    member.post(address(scene), {"seat": "PUB-2", "grounds_ru": "Платные услуги."})
    assert ConflictDeclaration.objects.get().raised_by == "other"


@pytest.mark.parametrize("who", ["official", "administrator"])
def test_for_others_there_is_no_such_page(
    scene: Scene, as_person: Callable[[Person], Client], who: str
) -> None:
    stranger = as_person(getattr(scene.world, who))
    assert stranger.get(address(scene)).status_code == 404
