"""A side that is to be independent: the register of positions is asked before a question opens."""

from copy import deepcopy
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from governance import refusals, services
from governance.models import Affiliation, Ballot, RollEntry
from governance.services.conflicts import ties_of
from tests.governance.refusals import refused
from tests.world import PROCEDURE, World, build_world, chosen_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Any:
    """Return a table whose experts are to be independent of the others for two years."""
    procedure = deepcopy(PROCEDURE)
    procedure["sides"]["EXP"]["independent_months"] = 24
    with chosen_time():
        yield build_world(procedure=procedure)


def works(world: World, seat: str, side: str, **says: Any) -> Affiliation:
    position = {
        "person": world.people[seat],
        "organisation": world.organisations[side],
        "position_ru": "советник",
        "valid_from": date(2020, 1, 1),
        "actor": world.secretary,
        "at": world.later(),
    }
    return services.affiliate(**{**position, **says})


def standing(ballot: Ballot, seat: str) -> str:
    return RollEntry.objects.get(ballot=ballot, seat__code=seat).standing


def test_a_question_waits_until_the_side_decides_about_a_tied_expert(world: World) -> None:
    works(world, "EXP-2", "EMP")
    meeting = world.opened()
    ballot = world.prepared(meeting)
    with refused(refusals.IndependenceNotExamined) as caught:
        world.open_ballot(ballot)
    assert caught.value.params == {"seats": "EXP-2"}
    declared = world.conflict("EXP-2", ballot.topics, decision="")
    with refused(refusals.ConflictUndecided):
        world.open_ballot(ballot)
    services.decide_conflict(
        declaration=declared,
        decision="disclosed_no_recusal",
        basis_ru="Совет безвозмездный, сторона это знает.",
        actor=world.people["EXP-1"],
        at=world.later(),
    )
    assert standing(world.open_ballot(ballot), "EXP-2") == "entitled"


def test_an_expert_whom_the_side_recuses_is_out_of_the_question_only(world: World) -> None:
    works(world, "EXP-2", "EMP")
    meeting = world.opened()
    first = world.prepared(meeting)
    world.conflict("EXP-2", first.topics)
    assert standing(world.open_ballot(first), "EXP-2") == "recused"


@pytest.mark.parametrize(
    ("seat", "side", "says"),
    [
        ("EXP-2", "EMP", {"valid_to": date(2024, 2, 1)}),
        ("EXP-2", "EMP", {"organisation": None}),
        ("EMP-2", "PUB", {}),
    ],
    ids=["long ago", "with nobody", "on a side that need not be independent"],
)
def test_what_is_no_tie_holds_nothing_up(
    world: World, seat: str, side: str, says: dict[str, Any]
) -> None:
    works(world, seat, side, **says)
    assert standing(world.ballot(), "EXP-2") == "entitled"
    assert ties_of(world.body, world.now) == []


def test_of_clauses_put_together_each_must_have_been_declared(world: World) -> None:
    works(world, "EXP-2", "EMP")
    one, other = uuid4(), uuid4()
    ballot = world.prepared(world.opened(topics=[one, other]))
    world.conflict("EXP-2", [one], decision="disclosed_no_recusal")
    with refused(refusals.IndependenceNotExamined):
        world.open_ballot(ballot)
    world.conflict("EXP-2", [other], decision="disclosed_no_recusal")
    assert standing(world.open_ballot(ballot), "EXP-2") == "entitled"


def test_whoever_is_recused_for_one_clause_need_not_declare_the_others(world: World) -> None:
    works(world, "EXP-2", "EMP")
    one, other = uuid4(), uuid4()
    ballot = world.prepared(world.opened(topics=[one, other]))
    world.conflict("EXP-2", [one])
    assert standing(world.open_ballot(ballot), "EXP-2") == "recused"


def test_the_vote_on_the_whole_is_not_about_one_clause(world: World) -> None:
    works(world, "EXP-2", "EMP")
    assert standing(world.ballot(decision_type=Ballot.DecisionType.WHOLE), "EXP-2") == "entitled"


def test_an_organisation_nobody_speaks_for_any_more_is_no_tie(world: World) -> None:
    works(world, "EXP-2", "EMP")
    (tie,) = ties_of(world.body, world.now)
    assert (tie.holding.seat.code, tie.organisation) == ("EXP-2", world.organisations["EMP"])
    after = world.now + timedelta(days=400)
    assert ties_of(world.body, after) == []


def test_a_position_that_comes_to_light_later_makes_the_decision_voidable(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    world.close(ballot)
    assert ballot.decision.validity["verdict"] == "valid"
    works(world, "EXP-2", "EMP")
    found = services.examine_validity(
        decision=ballot.decision, actor=world.auditor, at=world.later()
    )
    recusals = next(check for check in found.report["checks"] if check["code"] == "recusals")
    assert recusals["seats"] == ["EXP-2"]


@pytest.mark.parametrize(
    ("language", "since"), [("ru", "с 01.01.2020"), ("en", "since 01.01.2020")]
)
def test_the_page_of_conflicts_says_what_the_register_knows(
    world: World, client: Client, language: str, since: str
) -> None:
    works(world, "EXP-2", "EMP", valid_from=date(2020, 1, 1))
    client.force_login(
        world.secretary, backend="allauth.account.auth_backends.AuthenticationBackend"
    )
    client.cookies["django_language"] = language
    page = client.get(reverse("governance:conflicts", args=[world.body.uid]))
    assert f"EXP-2: {getattr(world.organisations['EMP'], f'name_{language}')}, {since}" in page.text
