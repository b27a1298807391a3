"""Traps that other systems fell into, at the pages. `docs/traps.md` has the list."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Person
from governance.models import Vote
from tests.web.scene import Scene
from tests.world import World

SignIn = Callable[[Person], Client]

CHANGING = re.compile(
    r'name="(?:csrfmiddlewaretoken|request_key)" value="[^"]*"|nonce="[^"]*"'
    r'|"X-CSRFToken":"\w+"|[0-9a-f-]{36}'
)
"""What is another on every page: keys and the uids of votes that were rolled back."""


def pages(scene: Scene) -> dict[str, str]:
    """Return the addresses at which a ballot that runs can be seen."""
    matter = scene.matter.uid
    own = [matter, scene.ballot.uid]
    return {
        "ballot": reverse("negotiation:ballot", args=own),
        "ballots": reverse("negotiation:ballots", args=[matter]),
        "matter": reverse("negotiation:matter", args=[matter]),
        "history": reverse("negotiation:history", args=[matter]),
        "clause": reverse("negotiation:clause", args=[matter, scene.clauses["1.1"].uid]),
    }


def test_trap_04_a_proxy_without_any_seat_finds_the_ballot(scene: Scene, as_person: SignIn) -> None:
    world = scene.world
    world.now = scene.ballot.opened_at
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    client = as_person(proxy)
    address = pages(scene)["ballot"]

    page = client.get(address)
    assert page.status_code == 200
    assert page.context["form"] is not None
    assert page.context["roll_entry"].seat.code == "EMP-2"
    assert address in client.get("/").content.decode()


def test_trap_09_a_ballot_whose_time_is_over_does_not_look_open(
    scene: Scene, as_person: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody closed it. A page offers a vote exactly as long as the act would count one."""
    world, ballot = scene.world, scene.ballot
    client = as_person(world.people["EMP-2"])
    over = ballot.closes_at
    offered = str(reverse("negotiation:cast_vote", args=[scene.matter.uid, ballot.uid]))

    def seen(at: datetime) -> dict[str, str]:
        for clock in ("django.utils.timezone.now", "audit.clock.now"):
            monkeypatch.setattr(clock, lambda: at)
        answers = {name: client.get(page) for name, page in [*pages(scene).items(), ("home", "/")]}
        return {name: answer.content.decode() for name, answer in answers.items()}

    in_time, late = seen(over - timedelta(seconds=1)), seen(over)
    ballot.refresh_from_db()
    assert ballot.state == "open"
    assert offered in in_time["ballot"]
    assert "Срок истёк" not in in_time["ballot"] + in_time["ballots"]
    assert pages(scene)["ballot"] in in_time["home"]
    assert offered not in late["ballot"]
    assert "Голосование ещё никто не закрыл" in late["ballot"]
    assert "Срок истёк, подсчёта ещё не было" in late["ballots"]
    assert pages(scene)["ballot"] not in late["home"]
    # The act says the same of the same instants.
    world.now = ballot.opened_at
    assert world.vote(ballot, "EMP-2", at=over).reason_code == Vote.Reason.LATE
    assert world.vote(ballot, "EMP-2", at=over - timedelta(seconds=1)).is_counted


@pytest.mark.parametrize("reader", ["PUB-2", "secretary", "auditor"])
def test_trap_14_a_running_ballot_shows_nobody_how_it_stands(
    scene: Scene, as_person: SignIn, reader: str
) -> None:
    """Whether the first vote was for or against, every page is the same."""
    world: World = scene.world
    person = world.people[reader] if reader in world.people else getattr(world, reader)
    client = as_person(person)
    world.now = scene.ballot.opened_at
    at = world.later(seconds=1)

    def seen(choice: str) -> dict[str, str]:
        with transaction.atomic():
            world.vote(scene.ballot, "EMP-3", choice, at=at)
            shown = {
                name: CHANGING.sub("", client.get(address).content.decode())
                for name, address in pages(scene).items()
            }
            transaction.set_rollback(True)
        return shown

    once = seen("for")
    for choice in ("against", "abstain"):
        again = seen(choice)
        for name, page in once.items():
            assert again[name].splitlines() == page.splitlines(), name
    assert once["ballot"]


def test_trap_22_a_guessed_address_is_no_address(scene: Scene, as_person: SignIn) -> None:
    world = scene.world
    world.now = scene.ballot.opened_at
    vote = world.vote(scene.ballot, "EMP-3")
    assert isinstance(vote, Vote)
    receipt = reverse("negotiation:receipt", args=[scene.matter.uid, scene.ballot.uid, vote.uid])
    stranger = as_person(world.person("Stranger"))
    absent = stranger.get(pages(scene)["matter"].replace(str(scene.matter.uid), str(vote.uid)))
    assert absent.status_code == 404
    for address in [*pages(scene).values(), receipt]:
        answer = stranger.get(address)
        assert answer.status_code == 404, address
    # Nor does a colleague of the same side see another's receipt.
    assert as_person(world.people["EMP-2"]).get(receipt).status_code == 404
    assert as_person(world.people["EMP-3"]).get(receipt).status_code == 200
