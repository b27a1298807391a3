"""A malformed charter of a choice is refused with a path and a remedy, before anybody votes."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.charter import parse_charter
from governance.domain.choice.charter import parse_choice
from governance.domain.choice.methods import Strength, TieRule, Unranked
from governance.domain.reading import CharterError
from tests.governance.domain.polls import charter, document
from tests.governance.domain.samples import document as motion

QUORUM = {"then": "no_quorum", "unless": {"votes": "ballots", ">=": "1/2", "of": "members"}}
NEED = {"is": {"votes": "above_default", ">": 1, "of": "below_default"}}


def needing(**test: Any) -> dict[str, Any]:
    return document("debian", default="FD", option_needs=[{"is": test}])


MALFORMED: dict[str, tuple[Any, str, str]] = {
    "not an object": (7, "$", "wrong_type"),
    "a motion": ({**motion({"then": "rejected"}), "choose": {}}, "$.kind", "motion_not_supported"),
    "another schema": (
        {**document("irv"), "schema": "decision-charter/2"},
        "$.schema",
        "unknown_schema",
    ),
    "nothing to choose by": (
        {key: value for key, value in document("irv").items() if key != "choose"},
        "$",
        "missing_key",
    ),
    "no method": ({**document("irv"), "choose": {"seats": 1}}, "$.choose", "missing_key"),
    "a method nobody knows": (document("meek"), "$.choose.method", "unknown_value"),
    "no seats": ({**document("irv"), "choose": {"method": "irv"}}, "$.choose", "missing_key"),
    "a seat too few": (document("borda", seats=0), "$.choose.seats", "out_of_range"),
    "two seats for one winner": (document("irv", seats=2), "$.choose.seats", "out_of_range"),
    "a key nobody knows": (document("irv", quota="droop"), "$.choose.quota", "unknown_key"),
    "a parameter of another method": (
        document("irv", strength="winning"),
        "$.choose.strength",
        "unknown_key",
    ),
    "caps where seats are not given in order": (
        document("stv", seats=3, caps={"by": "x", "max": 1}),
        "$.choose.caps",
        "unknown_key",
    ),
    "no number of places": (
        {**document("stv"), "choose": {"method": "stv", "seats": 2}},
        "$.choose",
        "missing_key",
    ),
    "more places than anybody needs": (
        document("stv", places=31),
        "$.choose.places",
        "out_of_range",
    ),
    "half a place": (document("stv", places=0.5), "$.choose.places", "wrong_type"),
    "fraction places below nothing": (
        document("stv", fraction_places=-1),
        "$.choose.fraction_places",
        "out_of_range",
    ),
    "a tie rule nobody knows": (document("irv", ties=["age"]), "$.choose.ties[0]", "unknown_value"),
    "looking back without rounds": (
        document("approval", ties=["lot", "backward"]),
        "$.choose.ties[1]",
        "unknown_value",
    ),
    "a strength nobody knows": (
        document("schulze", strength="ratio"),
        "$.choose.strength",
        "unknown_value",
    ),
    "a flag in words": (document("stv", last_vacancy="yes"), "$.choose.last_vacancy", "wrong_type"),
    "weak in words": (document("condorcet", weak=1), "$.choose.weak", "wrong_type"),
    "a cap on nothing": (document("approval", caps={"by": "x"}), "$.choose.caps", "missing_key"),
    "a cap of none": (
        document("approval", caps={"by": "x", "max": 0}),
        "$.choose.caps.max",
        "out_of_range",
    ),
    "a share that is not said to be strict": (
        document("plurality", min_votes={"of_voters": "1/2"}),
        "$.choose.min_votes",
        "missing_key",
    ),
    "a share in decimals": (
        document("plurality", min_votes={"of_voters": 0.5, "strict": True}),
        "$.choose.min_votes.of_voters",
        "not_a_rational",
    ),
    "a default for several seats": (
        document("schulze", seats=2, default="FD"),
        "$.choose.default",
        "not_with_seats",
    ),
    "needs without a default": (
        document("schulze", option_needs=[NEED]),
        "$.choose",
        "missing_key",
    ),
    "a default without a name": (document("debian", default=""), "$.choose.default", "wrong_type"),
    "a need that is none": (
        document("debian", default="FD", option_needs=[{"why": "quorum"}]),
        "$.choose.option_needs[0]",
        "missing_key",
    ),
    "a need for votes of a motion": (
        needing(votes="yes", **{">=": 1}),
        "$.choose.option_needs[0].is.votes",
        "unknown_vote",
    ),
    "a need by a number nobody set": (
        needing(votes="above_default", **{">=": "$ratio"}),
        "$.choose.option_needs[0].is.>=",
        "unknown_parameter",
    ),
    "a number that is a decimal": (
        document("debian", default="FD", own_params={"ratio": 1.5}),
        "$.choose.params.ratio",
        "not_a_rational",
    ),
    "another ballot than the method counts": (
        document("irv", ballot={"type": "approval"}),
        "$.ballot.type",
        "unknown_value",
    ),
    "a range for rankings": (
        document("irv", ballot={"range": [0, 5]}),
        "$.ballot.range",
        "unknown_key",
    ),
    "a range of nothing": (
        document("star", ballot={"range": [5, 5]}),
        "$.ballot.range",
        "out_of_range",
    ),
    "a range without an end": (
        document("score", ballot={"range": [0]}),
        "$.ballot.range",
        "out_of_range",
    ),
    "unranked in between": (
        document("schulze", ballot={"unranked": "middle"}),
        "$.ballot.unranked",
        "unknown_value",
    ),
    "unranked approvals": (
        document("approval", ballot={"unranked": "last"}),
        "$.ballot.unranked",
        "unknown_key",
    ),
    "sides of a secret ballot": (
        document("irv", roll={"sides": {"a": {"side": "a"}}}),
        "$.roll.sides",
        "unknown_key",
    ),
    "groups that choose": (document("irv", units={}), "$.units", "unknown_key"),
    "a rule that never chooses": (
        document("irv", {"then": "rejected"}),
        "$.decide",
        "never_chooses",
    ),
    "a rule that adopts": (
        document("irv", {"then": "adopted"}),
        "$.decide[0].then",
        "unknown_value",
    ),
    "a quorum of votes for": (
        document("irv", {"then": "no_quorum", "unless": {">=": 1}}, {"then": "choose"}),
        "$.decide[0].unless.votes",
        "unknown_vote",
    ),
}


@pytest.mark.parametrize(("refused", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_charter_is_refused(refused: Any, path: str, code: str) -> None:
    with pytest.raises(CharterError) as refusal:
        parse_choice(refused)

    assert (refusal.value.path, refusal.value.code) == (path, code)
    assert refusal.value.remedy


def test_a_motion_is_not_read_as_a_choice_nor_a_choice_as_a_motion() -> None:
    with pytest.raises(CharterError) as refusal:
        parse_charter(document("irv"))

    assert (refusal.value.path, refusal.value.code) == ("$.kind", "choice_not_supported")


def test_a_charter_says_everything_about_its_count() -> None:
    stv = charter(
        "stv",
        QUORUM,
        {"then": "choose"},
        seats=3,
        places=4,
        fraction_places=2,
        ties=["backward", "lot"],
        last_vacancy=True,
        roll={"seats": 40},
    )
    schulze = charter("schulze", strength="margins", ballot={"unranked": "no_opinion"})

    assert (stv.seats, stv.places, stv.fraction_places, stv.roll_seats) == (3, 4, 2, 40)
    assert (stv.ties, stv.is_last_vacancy_short) == ((TieRule.BACKWARD, TieRule.LOT), True)
    assert (schulze.strength, schulze.unranked) == (Strength.MARGIN, Unranked.NO_OPINION)


def test_a_poll_replaces_single_parameters() -> None:
    own = {"ratio": 1, "quorum": 3}
    rule = document("debian", default="FD", option_needs=[NEED], own_params=own)

    read = parse_choice(
        rule, {"default": "5", "params": {"ratio": 2}, "option_params": {"A": {"ratio": "3/2"}}}
    )

    assert (read.default, read.params) == ("5", {"ratio": 2, "quorum": 3})
    assert read.option_params["A"]["ratio"] * 2 == 3


OVERRIDES: dict[str, tuple[Any, str, str]] = {
    "another method": ({"method": "irv"}, "$.choose.method", "unknown_key"),
    "a number nobody named": (
        {"option_params": {"A": {"speed": 3}}},
        "$.choose.option_params.A.speed",
        "unknown_parameter",
    ),
    "a list": ([], "$.choose", "wrong_type"),
}


@pytest.mark.parametrize(("overrides", "path", "code"), OVERRIDES.values(), ids=OVERRIDES)
def test_a_poll_replaces_nothing_else(overrides: Any, path: str, code: str) -> None:
    with pytest.raises(CharterError) as refusal:
        parse_choice(document("debian", default="FD"), overrides)

    assert (refusal.value.path, refusal.value.code) == (path, code)
