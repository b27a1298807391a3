"""The main path, in Russian and in English, by the people of the demonstration.

Convene, amend, take positions, vote as four sides, approve as the ministry, read what binds. Each
step is taken on the live matter that has come to it, so all of it happens on the day of the test.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

import calendars
from calendars.domain import day_of
from governance.models import Body, Decision, Meeting
from licensing.models import RequirementVersion
from negotiation.models import Amendment, Matter, Position
from tests.browser.hands import Hands

Come = Callable[..., Hands]


@pytest.fixture(params=["ru", "en"])
def somebody(come: Come, request: Any) -> Come:
    """Return a function that lets somebody come in who reads the language of this run."""
    return lambda code, to="/about/": come(code, to=to, language=request.param)


def test_main_path(somebody: Come, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        matters = {matter.code: str(matter.uid) for matter in Matter.objects.all()}
        body = str(Body.objects.get(code="BODY-NC-FOR").uid)
    convene(somebody("P-SEC"), body, matters["ЛТ-ЛС-02"])
    amend(somebody("P-PUB-1"), matters["ЛТ-ЛС-06"])
    take_a_position(somebody("P-EXP-1"), matters["ЛТ-ЛС-06"])
    vote_as_four_sides(somebody, matters["ЛТ-ЛС-02"])
    approve(somebody, matters["ЛТ-ЛС-01"])
    read_what_binds(somebody(""))

    with django_db_blocker.unblock():
        assert Meeting.objects.get(code="М-77").state == Meeting.State.CONVENED
        assert Amendment.objects.filter(proposal_en="Two hours instead of one.").count() == 1
        assert Position.objects.filter(reason_en="Too few for a beginner.").count() == 1
        assert Decision.objects.get(ballot__code="LW-03").result == Decision.Result.AGREED
        approved = RequirementVersion.objects.get(requirement_set__code="ЛТ-ЛС-01")
        assert approved.state == RequirementVersion.State.PUBLISHED


def convene(secretary: Hands, body: str, matter: str) -> None:
    """Plan a meeting, put the text on its agenda, give notice."""
    when = calendars.russia().add_working_days(day_of(timezone.now()), 15)
    secretary.go(f"/desk/bodies/{body}/").follow("Plan a meeting")
    plan = {"kind": "in_person", "planned_for": f"{when}T10:00", "place_ru": "Красноярск"}
    secretary.send(code="М-77", **plan)
    meeting = secretary.page.url
    secretary.go(f"/negotiation/{matter}/ballots/").follow("Put on an agenda")
    secretary.page.locator("[name=clauses]").first.check()
    secretary.send(meeting="М-77")
    secretary.go(meeting).follow("Convene").send()
    assert secretary.sees("Convened", "state")


def amend(public: Hands, matter: str) -> None:
    """Propose an amendment, with its reason; see it stand among the others."""
    public.go(f"/negotiation/{matter}/").open("3.2").follow("Propose an amendment")
    public.send(
        kind="replace_text",
        proposal_ru="Два часа вместо одного.",
        proposal_en="Two hours instead of one.",
        reason_ru="За час новичок не успевает.",
        reason_en="A beginner needs more than one.",
    )
    assert public.sees("Filed", "state")


def take_a_position(expert: Hands, matter: str) -> None:
    """Object to a clause, with a reason; the table shows it."""
    expert.go(f"/negotiation/{matter}/").open("2.2")
    expert.send(
        stance="object",
        reason_ru="Новичку этого мало.",
        reason_en="Too few for a beginner.",
    )
    assert expert.reads("Новичку этого мало.") or expert.reads("Too few for a beginner.")


def vote_as_four_sides(somebody: Come, matter: str) -> None:
    """Vote on one question for every seat of four sides; close the ballot; read the decision."""
    ballots = f"/negotiation/{matter}/ballots/"
    ballot = somebody("P-SEC", ballots).open("LW-03").page.url
    here = urlsplit(ballot).path
    for code in ("P-MIN-2", "P-MIN-3"):
        member = somebody(code, here)
        member.follow("Approve the vote inside your side").send(choice="for")
    seats = [f"P-{side}-{number}" for side in ("EMP", "PUB", "EXP") for number in range(1, 5)]
    for code in ("P-MIN-1", *seats):
        voter = somebody(code, here).send(choice="for")
        assert voter.sees("Your vote is counted")
    secretary = somebody("P-SEC", here).follow("Close the ballot").send()
    assert secretary.sees("agreed")


def approve(somebody: Come, matter: str) -> None:
    """Approve by order the text that the table agreed on; publish it with its first day."""
    official = somebody("P-OFFICIAL").go("/").follow("Approve or return").follow("Approve")
    official.send(order_number="214-п")
    version = official.page.url
    year = (timezone.now() + timedelta(days=100)).year + 1
    secretary = somebody("P-SEC").go(version).follow("Publish")
    secretary.send(in_force_from=f"{year}-03-01", last_day=f"{year + 5}-02-28")
    assert secretary.sees("Published", "state")


def read_what_binds(reader: Hands) -> None:
    """Read, as anybody, what is in force today and what will be."""
    reader.go("/register/").page.locator("main .v-list a.btn").first.click()
    assert reader.page.locator("main .v-document").count()
    assert reader.sees("In force", "state")
