"""A malformed charter is refused with a path and a remedy, before anybody votes under it."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.charter import CharterError, parse_charter
from tests.governance.domain.samples import document

LAST = {"then": "rejected"}


def with_test(**test: Any) -> dict[str, Any]:
    return document({"then": "adopted", "if": test}, LAST)


def with_rule(**rule: Any) -> dict[str, Any]:
    return document({"then": "adopted", **rule}, LAST)


UNIT = {"by": "land", "vote": [{"then": "yes"}]}


def inside(depth: int) -> dict[str, Any]:
    expression: dict[str, Any] = {">=": 1}
    for _ in range(depth):
        expression = {"not": expression}
    return expression


MALFORMED: dict[str, tuple[Any, str, str]] = {
    "not an object": ([], "$", "wrong_type"),
    "no rules": (document(), "$.decide", "empty"),
    "another schema": (document(LAST, schema="charter/2"), "$.schema", "unknown_schema"),
    "another kind": (document(LAST, kind="lottery"), "$.kind", "unknown_value"),
    "an election": (document(LAST, kind="choice"), "$.kind", "choice_not_supported"),
    "a motion that chooses": (document(LAST, choose={}), "$.choose", "unknown_key"),
    "a key nobody knows": (document(LAST, quorum=3), "$.quorum", "unknown_key"),
    "no title": (document(LAST, title=""), "$.title", "wrong_type"),
    "no id": ({**document(LAST), "id": None}, "$.id", "wrong_type"),
    "a result nobody knows": (document({"then": "passed"}), "$.decide[0].then", "unknown_value"),
    "a rule without a result": (document({"why": "x"}), "$.decide[0]", "missing_key"),
    "no unconditional rule": (
        document({"then": "adopted", "if": {">=": 1}}),
        "$.decide[0]",
        "last_rule_conditional",
    ),
    "a rule that is never reached": (
        document({"then": "adopted"}, LAST),
        "$.decide[0]",
        "unreachable_rule",
    ),
    "an empty all": (with_rule(**{"if": {"all": []}}), "$.decide[0].if.all", "empty"),
    "an all that is no list": (
        with_rule(unless={"all": {">=": 1}}),
        "$.decide[0].unless.all",
        "wrong_type",
    ),
    "an all with a side": (
        with_rule(unless={"all": [{">=": 1}], "side": "a"}),
        "$.decide[0].unless.side",
        "unknown_key",
    ),
    "a mistake deep inside": (
        with_rule(**{"if": {"all": [{"not": {"any": [{">=": 0.5}]}}]}}),
        "$.decide[0].if.all[0].not.any[0].>=",
        "not_a_rational",
    ),
    "no comparison": (with_test(votes="yes"), "$.decide[0].if", "not_one_comparison"),
    "two comparisons": (with_test(**{">": 1, "<": 3}), "$.decide[0].if", "not_one_comparison"),
    "a decimal": (with_test(**{">": 0.66}), "$.decide[0].if.>", "not_a_rational"),
    "a decimal in words": (with_test(**{">": "0.66"}), "$.decide[0].if.>", "not_a_rational"),
    "a share of nought parts": (with_test(**{">": "1/0"}), "$.decide[0].if.>", "not_a_rational"),
    "a flag for a number": (with_test(**{">": True}), "$.decide[0].if.>", "not_a_rational"),
    "a parameter nobody set": (with_test(**{">": "$qm"}), "$.decide[0].if.>", "unknown_parameter"),
    "a parameter that is a decimal": (
        document(LAST, params={"qm": 0.5}),
        "$.params.qm",
        "not_a_rational",
    ),
    "a vote nobody knows": (
        with_test(**{"votes": "maybe", ">=": 1}),
        "$.decide[0].if.votes",
        "unknown_vote",
    ),
    "seats as votes": (
        with_test(**{"votes": "seats", ">=": 1}),
        "$.decide[0].if.votes",
        "unknown_vote",
    ),
    "a base nobody knows": (
        with_test(**{">": "1/2", "of": "voters"}),
        "$.decide[0].if.of",
        "unknown_vote",
    ),
    "a base of no votes": (with_test(**{">": 1, "of": []}), "$.decide[0].if.of", "empty"),
    "a base with a comparison": (
        with_test(**{">": 1, "of": {">": 1}}),
        "$.decide[0].if.of.>",
        "unknown_key",
    ),
    "a vote named twice": (
        with_test(**{"votes": ["yes", "yes"], ">": 1}),
        "$.decide[0].if.votes",
        "duplicate",
    ),
    "a side nobody declared": (
        with_test(**{"side": "p5", ">=": 1}),
        "$.decide[0].if.side",
        "unknown_side",
    ),
    "an each of a side nobody declared": (
        with_rule(unless={"each": ["a"], "is": {">=": 1}}),
        "$.decide[0].unless.each[0]",
        "unknown_side",
    ),
    "an each of no sides": (
        with_rule(unless={"each": [], "is": {">=": 1}}),
        "$.decide[0].unless.each",
        "empty",
    ),
    "more sides than there are": (
        document(
            {"then": "blocked", "unless": {"each": ["a"], "at_least": 2, "is": {">=": 1}}},
            LAST,
            roll={"sides": {"a": {"side": "a"}}},
        ),
        "$.decide[0].unless.at_least",
        "out_of_range",
    ),
    "units nobody declared": (
        with_test(**{"units": "states", ">=": 1}),
        "$.decide[0].if.units",
        "unknown_units",
    ),
    "units inside units": (
        document(
            LAST,
            units={
                "laender": {
                    "by": "land",
                    "vote": [
                        {"then": "yes", "if": {"units": "laender", ">=": 1}},
                        {"then": "no"},
                    ],
                }
            },
        ),
        "$.units.laender.vote[0].if.units",
        "unknown_units",
    ),
    "a group that adopts instead of voting": (
        document(LAST, units={"laender": {"by": "land", "vote": [{"then": "adopted"}]}}),
        "$.units.laender.vote[0].then",
        "unknown_value",
    ),
    "units without an attribute": (
        document(LAST, units={"laender": {"vote": UNIT["vote"]}}),
        "$.units.laender",
        "missing_key",
    ),
    "a cube root": (
        with_test(**{">": 1, "of": "members", "root": 3}),
        "$.decide[0].if.root",
        "out_of_range",
    ),
    "a root of nothing": (with_test(**{">": 1, "root": 2}), "$.decide[0].if", "missing_key"),
    "a sum without a share": (
        with_test(**{">": 1, "plus": 1}),
        "$.decide[0].if.plus",
        "unknown_key",
    ),
    "no vote against, said so that it never holds": (
        with_test(**{"votes": "no", "==": 0}),
        "$.decide[0].if.==",
        "never_true",
    ),
    "at least none": (with_test(**{">=": 0}), "$.decide[0].if.>=", "never_true"),
    "a vote that is there already": (
        document(LAST, ballot={"values": ["cast"]}),
        "$.ballot.values",
        "duplicate",
    ),
    "a recoding into a count": (
        document(LAST, ballot={"recode": [{"from": "no", "to": "cast"}]}),
        "$.ballot.recode[0].to",
        "unknown_value",
    ),
    "a recoding of a vote nobody knows": (
        document(LAST, ballot={"recode": [{"from": "maybe", "to": "no"}]}),
        "$.ballot.recode[0].from",
        "unknown_vote",
    ),
    "a recoding of what cannot be compared": (
        document(LAST, ballot={"recode": [{"from": "no", "to": "void", "where": {"w": 0.5}}]}),
        "$.ballot.recode[0].where.w",
        "wrong_type",
    ),
    "recused members neither in nor out": (
        document(LAST, roll={"recused": "sometimes"}),
        "$.roll.recused",
        "unknown_value",
    ),
    "fewer seats than none": (document(LAST, roll={"seats": -1}), "$.roll.seats", "out_of_range"),
    "half a proxy": (
        document(LAST, roll={"proxies": {"max_held": 0.5}}),
        "$.roll.proxies.max_held",
        "wrong_type",
    ),
}


MALFORMED |= {
    "parts in parts without end": (
        with_rule(**{"if": inside(33)}),
        "$.decide[0].if" + ".not" * 33,
        "too_deep",
    ),
    "a number of a hundred digits and more": (
        with_test(**{">": 10**101}),
        "$.decide[0].if.>",
        "out_of_range",
    ),
    "a fraction of a hundred digits and more": (
        with_test(**{">": "1/" + "9" * 100}),
        "$.decide[0].if.>",
        "out_of_range",
    ),
    "more seats than can be written": (
        document(LAST, roll={"seats": 10**101}),
        "$.roll.seats",
        "out_of_range",
    ),
    "a motion with rankings": (
        document(LAST, ballot={"type": "ranked"}),
        "$.ballot.type",
        "unknown_value",
    ),
    "a motion with unranked options": (
        document(LAST, ballot={"unranked": "last"}),
        "$.ballot.unranked",
        "unknown_key",
    ),
}


@pytest.mark.parametrize(("charter", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_charter_is_refused(charter: Any, path: str, code: str) -> None:
    with pytest.raises(CharterError) as refused:
        parse_charter(charter)

    assert (refused.value.path, refused.value.code) == (path, code)
    assert refused.value.remedy
    assert str(refused.value).startswith(f"{path}: ")


def test_a_charter_keeps_what_limits_the_casting_of_votes() -> None:
    charter = parse_charter(document(LAST, roll={"proxies": {"max_held": 1}, "seats": 9}))

    assert (charter.max_proxies, charter.seats, charter.recused_are_counted) == (1, 9, False)


def test_what_is_just_short_enough_is_read() -> None:
    parse_charter(with_rule(**{"if": inside(32)}))
    charter = parse_charter(with_test(**{">": 10**100 - 1}))

    assert (
        charter.rules[0].condition
        == parse_charter(with_test(**{">": "9" * 100})).rules[0].condition
    )


def test_a_message_quotes_no_more_than_can_be_read() -> None:
    refusals = {}
    for value in ({"a": 1}, [1], "x" * 500, 2**5000):
        with pytest.raises(CharterError) as refused:
            parse_charter(document(LAST, kind=value))
        refusals[type(value)] = refused.value.message

    assert refusals[dict] == "unknown value an object"
    assert refusals[list] == "unknown value a list"
    assert refusals[int] == "unknown value a very long number"
    assert len(refusals[str]) < 130
    assert refusals[str].endswith("…")
