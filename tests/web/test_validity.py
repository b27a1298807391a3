"""What a decision is worth, on its page, and the doors to doubt it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from calendars.domain import KRASNOYARSK
from governance.models import Challenge, Vote
from governance.services import raise_challenge
from tests.web.scene import Scene
from tests.web.test_in_browser import NARROW, WIDE, sideways, sign_in
from tests.world import chosen_time

SignIn = Callable[[Person], Client]


def address(scene: Scene, name: str, *more: Any) -> str:
    return reverse(f"negotiation:{name}", args=[scene.matter.uid, scene.ballot.uid, *more])


def vote_of(scene: Scene, seat: str) -> Vote:
    return Vote.objects.counted().get(ballot=scene.ballot, seat__code=seat)


def test_a_doubt_is_raised_and_settled_on_pages(scene: Scene, as_person: SignIn) -> None:
    scene.decide(scene.ballot)
    auditor = as_person(scene.world.auditor)
    page = auditor.get(address(scene, "decision"))
    assert address(scene, "challenge") in page.content.decode()
    assert page.context["validity"].report["verdict"] == "valid"

    words = {
        "vote": str(vote_of(scene, "EMP-1").uid),
        "reason": "document_defect",
        "known_on": datetime.now(KRASNOYARSK).date().isoformat(),
    }
    wrong = auditor.post(address(scene, "challenge"), {**words, "known_on": "2020-01-01"})
    assert (wrong.status_code, wrong.context["form"]["reason"].value()) == (422, words["reason"])
    assert not Challenge.objects.exists()
    done = auditor.post(address(scene, "challenge"), words, follow=True)
    assert done.redirect_chain == [(address(scene, "decision"), 302)]
    assert len(done.context["validity"].editions) == 2
    doubt = Challenge.objects.get()
    # Whoever doubts does not settle.
    assert auditor.get(address(scene, "settle", doubt.uid)).status_code == 404

    secretary = as_person(scene.world.secretary)
    settle = address(scene, "settle", doubt.uid)
    assert settle in secretary.get(address(scene, "decision")).content.decode()
    refused = secretary.post(settle, {"settlement": "decided_again", "note": "Письмо"})
    assert refused.status_code == 422
    secretary.post(settle, {"settlement": "confirmed", "note": "Письмо № 3"})
    shown = secretary.get(address(scene, "decision"))
    assert "Письмо № 3" in shown.content.decode()
    assert [edition.number for edition in shown.context["validity"].editions] == [1, 2, 3]
    assert secretary.post(address(scene, "examine")).status_code == 302
    assert scene.ballot.decision.reports.count() == 4


def test_the_auditor_lists_decisions_by_what_is_known_today(
    scene: Scene, as_person: SignIn
) -> None:
    ballot = scene.decide(scene.ballot)
    with chosen_time():
        for seat in ("EMP-1", "EMP-2"):
            raise_challenge(
                vote=vote_of(scene, seat),
                reason="document_defect",
                actor=scene.world.auditor,
                at=scene.world.later(),
            )
    assert ballot.decision.validity["verdict"] == "valid"
    page = as_person(scene.world.auditor).get("/decisions/?verdict=voidable")
    assert [chain.verdict for chain in page.context["chains"]] == ["voidable"]


@pytest.mark.parametrize("name", ["challenge", "examine"])
def test_others_find_no_door(scene: Scene, as_person: SignIn, name: str) -> None:
    scene.decide(scene.ballot)
    head = as_person(scene.world.heads[0])
    assert head.get(address(scene, name)).status_code == 404
    assert head.post(address(scene, name)).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_pages_of_a_doubt_are_accessible_and_fit(
    scene: Scene, new_page: Callable[..., Any], accessibility_problems: Callable[[Any], list[str]]
) -> None:
    scene.decide(scene.ballot)
    with chosen_time():
        doubt = raise_challenge(
            vote=vote_of(scene, "EMP-1"),
            reason="document_defect",
            actor=scene.world.auditor,
            at=scene.world.later(),
        )
    found: dict[str, Any] = {}
    for locale in ("ru-RU", "en-GB"):
        page = new_page(locale=locale)
        page.goto("/about/")
        sign_in(page, scene.world.secretary)
        for name, more in {"decision": (), "challenge": (), "settle": (doubt.uid,)}.items():
            page.goto(address(scene, name, *more))
            for width in (WIDE, NARROW):
                page.set_viewport_size({"width": width, "height": 900})
                problems = accessibility_problems(page)
                if problems or sideways(page) > 0:
                    found[f"{name} {locale} {width}"] = (problems, sideways(page))
    assert found == {}
