"""Charters read in words: the library, the editions of a body, what changed between them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import Person
from governance import charter_wording, library
from governance.domain.charter import parse_charter
from tests.world import World


def test_every_charter_of_the_library_can_be_read_in_both_languages() -> None:
    for language in ("ru", "en"):
        with translation.override(language):
            read = {name: found.in_words() for name, found in library.templates().items()}
        for name, words in read.items():
            lines = charter_wording.lines_of(words)
            assert lines, name
            assert not [line for line in lines if "%(" in line], name
            motion = not library.templates()[name].is_choice
            rules = library.templates()[name].document["decide"]
            assert len(words.rules) == len(rules) - (0 if motion else 1), name


def test_a_rule_says_what_the_kernel_does() -> None:
    with translation.override("en"):
        lines = charter_wording.lines_of(library.templates()["unsc"].in_words())

    assert lines == [
        "Groups that the rules name:",
        "– p5: role = permanent",
        "Rule 1: “Not adopted” – fewer than 9 affirmative votes",
        "unless:",
        "– For: at least 9",
        "Rule 2: “Blocked” – veto",
        "if:",
        "– p5: Against: at least 1",
        "Rule 3: “Adopted”",
    ]


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ({">": "1/2", "of": "cast"}, "For: more than 1/2 of the votes for and against"),
        ({">": 1, "of": "no"}, "For: more than the votes against"),
        ({">=": "1/2", "root": 2, "of": "members", "plus": 1}, None),
        ({"votes": ["yes", "abstain"], "<": "$block", "of": "seats"}, None),
    ],
)
def test_every_form_of_a_test_has_words(test: dict[str, object], words: str | None) -> None:
    charter = parse_charter(
        {
            "schema": "decision-charter/1",
            "id": "x",
            "title": "X",
            "kind": "motion",
            "params": {"block": "1/3"},
            "decide": [{"then": "adopted", "if": {"not": test}}, {"then": "rejected"}],
        }
    )
    with translation.override("en"):
        condition = charter_wording.motion_in_words(charter).rules[0].condition

    assert condition is not None
    said = condition.parts[0].words
    assert said == words or words is None
    if "root" in test:
        assert said == "For: at least 1/2 of the square root of all who are entitled plus 1"
    if "$block" in test.values():
        assert said == (
            "For + Abstained: less than the number “block” of all seats, vacant ones with them"
        )


def test_the_library_is_searched_by_words_and_by_what_a_charter_has() -> None:
    assert [found.id for found in library.find(words="трёхсторонняя")] == [
        "rf_tripartite",
        "rf_regional_tripartite",
    ]
    assert [found.id for found in library.find(words="un security")] == [
        *("unsc", "unsc_1945", "unsc_procedural"),
    ]
    groups = library.find(feature=library.Feature.GROUPS)
    assert [found.id for found in groups] == [
        *("bundesrat", "bundesrat_2_3", "swiss_double", "australia_referendum"),
    ]
    assert library.find(words="no such charter") == []


def test_differences_are_lines_taken_out_and_put_in() -> None:
    changes = charter_wording.differences(["a", "b", "c"], ["a", "x", "c", "d"])

    assert [(change.is_added, change.words) for change in changes] == [
        *((False, "b"), (True, "x"), (True, "d")),
    ]


def signed_in(person: Person) -> Client:
    browser = Client()
    browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def test_members_read_the_charter_and_strangers_find_nothing(world: World) -> None:
    addresses = [
        reverse("governance:charter", args=[world.body.uid]),
        reverse("governance:charter_edition", args=[world.body.uid, 1]),
    ]
    ballot = world.ballot()
    for person in (world.secretary, world.coordinator, world.people["EMP-3"], world.auditor):
        pages = [signed_in(person).get(address) for address in addresses]
        assert [page.status_code for page in pages] == [200, 200]
        assert "3/4" not in pages[0].text
        assert ballot.code in pages[1].text
    stranger = signed_in(world.person("Stranger"))
    assert [stranger.get(address).status_code for address in addresses] == [404, 404]
    assert stranger.get(reverse("governance:charter_library")).status_code == 200
    missing = reverse("governance:charter_edition", args=[world.body.uid, 9])
    assert signed_in(world.secretary).get(missing).status_code == 404
