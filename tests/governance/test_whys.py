"""The pages that say why somebody may do something, and why not."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from governance.authority import REASONS, Action
from governance.models import Vote
from governance.whys import REMEDIES, whys, whys_in_ballot
from tests.world import World


@pytest.fixture
def client_of() -> object:
    """Return a browser for a person."""

    def sign_in(person: Person) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def test_every_refusal_has_a_remedy() -> None:
    """Nobody is told no without being told what is missing and whom to ask."""
    assert REMEDIES.keys() == REASONS.keys()


def test_B16_each_act_names_its_paper_or_its_remedy(world: World) -> None:
    """B 16: an expired mandate is named with its reason; a duty of others with whose it is."""
    at = world.later(days=5)
    answers = {why.action: why for why in whys(world.people["EMP-3"], world.body, at)}
    assert set(answers) == set(Action)
    vote, preside = answers[Action.VOTE], answers[Action.PRESIDE]
    assert vote.may
    assert vote.mandate == world.mandates["EMP-3"]
    assert not preside.may
    assert preside.code == "no_duty"
    assert preside.remedy
    after = world.mandates["EMP-3"].valid_to + timedelta(days=1)  # type: ignore[operator]
    ended = whys(world.people["EMP-3"], world.body, at + timedelta(days=(after - at.date()).days))
    (vote,) = [why for why in ended if why.action is Action.VOTE]
    assert (vote.may, vote.code, vote.mandate) == (False, "expired", world.mandates["EMP-3"])
    (keep,) = [why for why in whys(world.secretary, world.body, at) if why.action is Action.KEEP]
    assert keep.may
    assert keep.appointment is not None


def test_INV_B7_a_ballot_says_who_is_recused_and_who_speaks(world: World) -> None:
    """INV B7: the page gives for each seat the very reason with which a vote would be rejected."""
    meeting = world.planned()
    topics = meeting.agenda.get().topics
    world.conflict("EXP-2", topics)
    held = world.opened(topics=topics)
    ballot = world.ballot(held)

    def reason(seat: str) -> str:
        (answer,) = whys_in_ballot(world.people[seat], ballot, world.now)
        assert bool(answer.reason) == bool(answer.remedy) == (not answer.may)
        return answer.reason

    for seat in ("EXP-2", "MIN-3"):
        vote = world.vote(ballot, seat)
        assert vote.status == "rejected"
        assert reason(seat) == str(vote.get_reason_code_display())
    assert not reason("EMP-1")
    world.go(held, "EMP-2")
    assert reason("EMP-2") == str(Vote.Reason.NOT_PRESENT.label)
    world.close(ballot)
    ballot.refresh_from_db()
    assert reason("EMP-1")


def test_the_pages_open_for_those_of_the_body_and_for_nobody_else(
    world: World, client_of: object
) -> None:
    """Strangers find nothing; about others the secretary and the auditor ask, members do not."""
    own = reverse("governance:why", args=[world.body.uid])
    about = reverse("governance:why_person", args=[world.body.uid, world.people["EMP-1"].uid])
    stranger = world.person("stranger")
    unrelated = reverse("governance:why_person", args=[world.body.uid, stranger.uid])
    statuses = {
        "member": (world.people["EMP-1"], 200, 404),
        "secretary": (world.secretary, 200, 200),
        "auditor": (world.auditor, 200, 200),
        "stranger": (stranger, 404, 404),
    }
    for person, mine, others in statuses.values():
        client = client_of(person)  # type: ignore[operator]
        assert client.get(own).status_code == mine
        assert client.get(about).status_code == others
        assert client.get(unrelated).status_code == 404
    page = client_of(world.people["EMP-1"]).get(own).text  # type: ignore[operator]
    assert world.mandates["EMP-1"].code in page
    listed = client_of(stranger).get(reverse("governance:why_list"))  # type: ignore[operator]
    assert world.body.code not in listed.text
