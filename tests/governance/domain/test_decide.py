"""The kernel: conventions, bases, indirect votes, recoding, blame and the trace."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from governance.domain.decide import decide
from governance.domain.rows import RollError, Row, parse_rows
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    NO,
    RECUSED,
    SILENT,
    VOID,
    YES,
    adopted_if,
    heads,
    motion,
    roll,
)

THIRDS: dict[str, Any] = {">=": "2/3", "of": "cast"}

SHARES = {
    "two thirds of six is four": (THIRDS, heads(yes=4, no=2), True),
    "one short of two thirds": (THIRDS, heads(yes=3, no=2), False),
    "two thirds of nine is six and not seven": (THIRDS, heads(yes=6, no=3), True),
    "nought is not two thirds of nought": (THIRDS, heads(abstain=5), False),
    "nought is not all of nought": ({"==": 1, "of": "members"}, heads(recused=3), False),
    "all of all is all": ({"==": 1, "of": "members"}, heads(yes=3, recused=1), True),
    "more than nought of nought is nobody": ({">": "1/2", "of": "cast"}, heads(absent=3), False),
    "at most a quarter of nought holds": (
        {"votes": "no", "<=": "1/4", "of": "cast"},
        heads(absent=3),
        True,
    ),
    "fifty against nought is a majority": ({">": 1, "of": "no"}, heads(yes=50), True),
    "half is not more than half": ({">": "1/2", "of": "cast"}, heads(yes=2, no=2), False),
    "half is at least half": ({">=": "1/2", "of": "cast"}, heads(yes=2, no=2), True),
    "an abstention is outside votes cast": (THIRDS, heads(yes=2, no=1, abstain=9), True),
    "an abstention is inside valid votes": (
        {">": "1/2", "of": "valid"},
        heads(yes=2, abstain=2),
        False,
    ),
    "a void paper is a ballot and not a valid one": (
        {"votes": "ballots", "==": 1, "of": {"votes": ["valid", "void"]}},
        heads(yes=1, void=2),
        True,
    ),
    "a silent member is present": ({"votes": "present", ">=": 2}, heads(silent=2), True),
    "an absent one is a member": ({">": "1/2", "of": "members"}, heads(yes=2, absent=2), False),
    "a recused one is in no base": ({">": "1/2", "of": "members"}, heads(yes=2, recused=9), True),
    "not in favour counts all others": (
        {"votes": "not_yes", "<": 4},
        heads(yes=1, no=1, abstain=1, absent=1, recused=5),
        True,
    ),
    "a sum is added to the share": (
        {">=": "1/2", "of": "cast", "plus": 1},
        heads(yes=3, no=1),
        True,
    ),
    "a sum that is missed": ({">=": "1/2", "of": "cast", "plus": 1}, heads(yes=2, no=0), True),
    "three halves of the root of 16": (
        {">=": "3/2", "of": "members", "root": 2},
        heads(yes=6, absent=10),
        True,
    ),
    "just below three halves of the root of 17": (
        {">=": "3/2", "of": "members", "root": 2},
        heads(yes=6, absent=11),
        False,
    ),
    "a root with a sum": (
        {">=": 1, "of": "members", "root": 2, "plus": 1},
        heads(yes=5, absent=11),
        True,
    ),
    "a root with a sum that is missed": (
        {">=": 1, "of": "members", "root": 2, "plus": 2},
        heads(yes=5, absent=11),
        False,
    ),
    "a negative left is below any root": (
        {"<": 1, "of": "members", "root": 2, "plus": 3},
        heads(yes=1, absent=3),
        True,
    ),
}


@pytest.mark.parametrize(("condition", "rows", "holds"), SHARES.values(), ids=SHARES)
def test_share(condition: dict[str, Any], rows: tuple[Row, ...], holds: bool) -> None:  # noqa: FBT001
    outcome = decide(adopted_if(condition), rows)

    assert outcome.result == ("adopted" if holds else "rejected")


def test_the_order_of_rules_names_the_result() -> None:
    short = {"then": "rejected", "unless": {">=": 9}, "why": "short of nine"}
    veto = {"then": "blocked", "if": {"votes": "no", "side": "p5", ">=": 1}, "why": "veto"}
    last = {"then": "adopted"}
    sides = {"roll": {"sides": {"p5": {"role": "permanent"}}}}
    rows = (
        Row(id="US", vote=NO, attributes={"role": "permanent"}),
        Row(id="", vote=YES, n=5),
    )

    assert decide(motion(short, veto, last, **sides), rows).result == "rejected"
    swapped = decide(motion(veto, short, last, **sides), rows)
    assert (swapped.result, swapped.why, swapped.blocked_by) == ("blocked", "veto", ("US",))


def test_recoding_comes_first_and_once() -> None:
    charter = adopted_if(
        {">": "1/2", "of": "cast"},
        ballot={
            "recode": [
                {"from": "no", "unless": "reason", "to": "void"},
                {"from": ["void", "absent"], "to": "yes"},
            ]
        },
    )
    unreasoned = Row(id="a", vote=NO)
    reasoned = Row(id="b", vote=NO, attributes={"reason": True})
    silent = Row(id="c", vote=ABSENT)

    assert decide(charter, [unreasoned, reasoned]).result == "rejected"
    # The unreasoned one became void and stayed void: it is not recoded again into a «yes».
    assert decide(charter, [unreasoned]).trace[0].left == 0
    assert decide(charter, [reasoned, silent, Row(id="d", vote=ABSENT)]).result == "adopted"


@pytest.mark.parametrize("reason", ["true", 1, False], ids=repr)
def test_a_reason_is_a_recorded_finding_and_nothing_else(reason: Any) -> None:
    charter = motion(
        {"then": "blocked", "if": {"votes": "no", ">=": 1}},
        {"then": "adopted"},
        ballot={"recode": [{"from": "no", "unless": "reason", "to": "void"}]},
    )

    assert decide(charter, [Row(id="", vote=NO, attributes={"reason": reason})]).result == "adopted"


def test_a_conflict_of_interest_is_recoded_into_a_recusal() -> None:
    charter = adopted_if(
        {">": "1/2", "of": "members"},
        ballot={"recode": [{"from": ["yes", "no"], "where": {"conflict": True}, "to": "recused"}]},
    )
    rows = [
        Row(id="a", vote=YES),
        Row(id="b", vote=NO, attributes={"conflict": True}),
        # A truthy word is not the flag.
        Row(id="c", vote=YES, attributes={"conflict": 1}),
    ]

    outcome = decide(charter, rows)

    assert (outcome.result, outcome.trace[0].base) == ("adopted", 2)


@pytest.mark.parametrize(("recused", "result"), [("excluded", "adopted"), ("counted", "rejected")])
def test_recused_members_are_in_the_base_only_if_the_charter_says_so(
    recused: str, result: str
) -> None:
    charter = adopted_if({">": "1/2", "of": "members"}, roll={"recused": recused})

    assert decide(charter, heads(yes=2, recused=2)).result == result


def test_seats_count_vacancies() -> None:
    charter = adopted_if({">": "1/2", "of": "seats"}, roll={"seats": 450})

    assert decide(charter, heads(yes=226)).result == "adopted"
    assert decide(charter, heads(yes=225, no=1)).result == "rejected"
    assert decide(charter, heads(yes=225, no=1), seats=449).result == "adopted"


def test_a_base_of_unknown_size_is_refused() -> None:
    with pytest.raises(RollError) as refused:
        decide(adopted_if({">": "1/2", "of": "seats"}), heads(yes=1))

    assert refused.value.code == "seats_unknown"


def test_parameters_are_named_numbers() -> None:
    charter = adopted_if({">=": "$least"}, params={"least": 3})

    assert decide(charter, heads(yes=3)).result == "adopted"
    assert decide(charter, heads(yes=3), params={"least": 4}).result == "rejected"
    assert decide(charter, heads(yes=3), params={"least": "5/2"}).result == "adopted"


SIDES = {"roll": {"sides": {"a": {"side": "a"}, "b": {"side": "b"}, "c": {"side": "c"}}}}
MAJORITY = {">": "1/2", "of": "members"}


@pytest.mark.parametrize(
    ("at_least", "result", "blamed"),
    [(3, "blocked", ("c",)), (2, "adopted", ()), (1, "adopted", ())],
)
def test_some_of_the_sides_may_suffice(at_least: int, result: str, blamed: tuple[str, ...]) -> None:
    charter = motion(
        {
            "then": "blocked",
            "unless": {"each": ["a", "b", "c"], "at_least": at_least, "is": MAJORITY},
        },
        {"then": "adopted"},
        **SIDES,
    )

    outcome = decide(charter, roll({"a": [YES, YES], "b": [YES, YES, NO], "c": [NO, NO, YES]}))

    assert (outcome.result, outcome.blocked_by) == (result, blamed)


WEIGHED = (
    Row(id="a", vote=YES, weight="1/2"),
    Row(id="b", vote=NO, weight=Fraction(1, 3)),
    Row(id="c", vote=NO, weight="1/6"),
)


def test_weights_are_exact_fractions() -> None:
    outcome = decide(adopted_if({"weight": "weight", "==": "1/2", "of": "members"}), WEIGHED)

    assert outcome.result == "adopted"
    assert (outcome.trace[0].left, outcome.trace[0].base) == (Fraction(1, 2), 1)


def test_heads_are_counted_unless_a_weight_is_named() -> None:
    assert decide(adopted_if(MAJORITY), WEIGHED).result == "rejected"


@pytest.mark.parametrize("weight", [None, -1, 0.5, "0.5", "1/0", True, "many"], ids=repr)
def test_a_member_without_an_exact_weight_stops_the_count(weight: Any) -> None:
    charter = adopted_if({"weight": "shares", ">": "1/2", "of": "members"})

    with pytest.raises(RollError) as refused:
        decide(charter, [Row(id="a", vote=YES, attributes={"shares": weight})])

    assert refused.value.code == "no_weight"


CANTONS: dict[str, Any] = {
    "units": {
        "cantons": {
            "by": "canton",
            "vote": [{"then": "yes", "if": {">": 1, "of": "no"}}, {"then": "no"}],
        }
    }
}
CANTON_MAJORITY = {"units": "cantons", "weight": "votes", ">": "1/2", "of": "members"}


def test_groups_cast_one_weighted_vote_each() -> None:
    charter = adopted_if(CANTON_MAJORITY, **CANTONS)
    rows = parse_rows(
        [
            {"vote": "yes", "n": 900, "canton": "zh"},
            {"vote": "no", "n": 5, "canton": "ow"},
            {"vote": "no", "n": 5, "canton": "nw"},
            {"vote": "yes", "n": 1000},
        ]
    )
    weights = {"cantons": {"zh": {"votes": 1}, "ow": {"votes": "1/2"}, "nw": {"votes": "1/2"}}}

    tie = decide(charter, rows, units=weights)

    assert tie.result == "rejected"
    assert [(vote.unit, vote.vote) for vote in tie.unit_votes] == [
        ("zh", "yes"),
        ("ow", "no"),
        ("nw", "no"),
    ]
    assert [item.unit for item in tie.trace] == ["cantons/zh", "cantons/ow", "cantons/nw", ""]
    given = {"cantons": {**weights["cantons"], "ju": {"votes": 1, "vote": "yes"}}}
    assert decide(charter, rows, units=given).result == "adopted"


def test_a_group_whose_members_are_all_recused_does_not_agree() -> None:
    charter = adopted_if(
        {"units": "laender", ">": "1/2", "of": "members"},
        units={
            "laender": {
                "by": "land",
                "vote": [{"then": "yes", "if": {"==": 1, "of": "members"}}, {"then": "void"}],
            }
        },
    )
    rows = [Row(id="", vote=RECUSED, attributes={"land": "HB"})]

    outcome = decide(charter, rows)

    assert (outcome.result, outcome.unit_votes[0].vote) == ("rejected", "void")


def test_only_members_selected_for_the_units_vote_in_them() -> None:
    charter = adopted_if(
        {"units": "states", ">": "1/2", "of": "members"},
        units={
            "states": {
                "by": "state",
                "where": {"office": "delegate"},
                "vote": [{"then": "yes", "if": {">": 1, "of": "no"}}, {"then": "no"}],
            }
        },
    )
    rows = [
        Row(id="", vote=YES, attributes={"state": "A", "office": "delegate"}),
        Row(id="", vote=NO, n=9, attributes={"state": "A", "office": "guest"}),
        Row(id="", vote=NO, attributes={"office": "delegate"}),
    ]

    assert decide(charter, rows).result == "adopted"


def test_members_are_blamed_for_a_veto_and_sorted() -> None:
    charter = motion(
        {"then": "blocked", "if": {"votes": "no", "side": "p5", ">=": 1}},
        {"then": "adopted"},
        roll={"sides": {"p5": {"role": "permanent"}}},
    )
    rows = [
        Row(id=name, vote=NO, attributes={"role": role})
        for name, role in (("US", "permanent"), ("FR", "permanent"), ("BO", "elected"))
    ]

    outcome = decide(charter, rows)

    assert (outcome.blocking_rows, outcome.blocking_sides) == (("FR", "US"), ())


BLAME = {
    "the sides of an `all` whose test failed": (
        {"unless": {"all": [{"side": "a", **MAJORITY}, {"side": "b", **MAJORITY}]}},
        ("b",),
    ),
    "every side of an `any` when all failed": (
        {"unless": {"any": [{"side": "b", ">=": 9}, {"side": "a", ">=": 9}]}},
        ("a", "b"),
    ),
    "the side behind a `not`": ({"if": {"not": {"side": "b", **MAJORITY}}}, ("b",)),
    "the members behind a `not` of too few": (
        {"unless": {"not": {"votes": "no", ">=": 1}}},
        ("b-2", "b-3"),
    ),
    "the members of a limit that is passed": (
        {"unless": {"votes": "no", "<=": 1}},
        ("b-2", "b-3"),
    ),
    "the side whose members passed its limit": (
        {"unless": {"votes": "no", "side": "b", "<=": 1}},
        ("b",),
    ),
    "the sides for which an `each` held": (
        {"if": {"each": ["a", "b"], "at_least": 1, "is": {"votes": "no", ">=": 1}}},
        ("b",),
    ),
    "nobody, where support was missing": ({"unless": {">=": 9}}, ()),
    "a side that gave too little": ({"if": {"side": "b", "<": 2}}, ("b",)),
}


@pytest.mark.parametrize(("rule", "blamed"), BLAME.values(), ids=BLAME)
def test_blame(rule: dict[str, Any], blamed: tuple[str, ...]) -> None:
    charter = motion({"then": "blocked", **rule}, {"then": "adopted"}, **SIDES)

    outcome = decide(charter, roll({"a": [YES, YES, YES], "b": [YES, NO, NO]}))

    assert (outcome.result, outcome.blocked_by) == ("blocked", blamed)


def test_nobody_is_blamed_for_another_result() -> None:
    charter = motion(
        {"then": "rejected", "unless": {"side": "a", **MAJORITY}}, {"then": "adopted"}, **SIDES
    )

    assert decide(charter, roll({"a": [NO]})).blocked_by == ()


def test_every_test_is_made_and_reported() -> None:
    charter = motion(
        {"then": "no_quorum", "unless": {"votes": "present", ">": "1/2", "of": "members"}},
        {"then": "adopted", "if": {"any": [{">=": 1}, {">=": 2}]}, "why": "enough"},
        {"then": "rejected", "next": "second_reading"},
    )

    outcome = decide(charter, heads(yes=1, absent=9))

    assert (outcome.result, outcome.rule_index) == ("no_quorum", 0)
    assert [(item.path, item.why, item.holds) for item in outcome.trace] == [
        ("$.decide[0].unless", "", False),
        ("$.decide[1].if.any[0]", "enough", True),
        ("$.decide[1].if.any[1]", "enough", False),
    ]
    quorum = outcome.trace[0]
    assert (quorum.left, quorum.share, quorum.base, quorum.right) == (1, Fraction(1, 2), 10, 5)
    assert decide(charter, heads(no=3)).next == "second_reading"


def test_a_charter_may_add_votes_of_its_own() -> None:
    charter = motion(
        {"then": "blocked", "if": {"votes": "discuss", ">=": 1}},
        {"then": "adopted", "if": {"votes": ["yes", "no_objection"], ">=": "2/3", "of": "members"}},
        {"then": "rejected"},
        ballot={"values": ["discuss", "no_objection"]},
    )

    assert decide(charter, heads(yes=1, no_objection=3, absent=2)).result == "adopted"
    assert decide(charter, heads(yes=1, no_objection=2, absent=2)).result == "rejected"
    assert decide(charter, heads(yes=9, discuss=1)).result == "blocked"


MALFORMED = {
    "a vote nobody knows": ([{"vote": "maybe"}], "$.rows[0].vote", "unknown_vote"),
    "a count for a vote": ([{"vote": "cast"}], "$.rows[0].vote", "unknown_vote"),
    "no vote": ([{"id": "a"}], "$.rows[0]", "missing_key"),
    "fewer than none": ([{"vote": YES, "n": -1}], "$.rows[0].n", "out_of_range"),
    "half a member": ([{"vote": YES, "n": 0.5}], "$.rows[0].n", "wrong_type"),
    "a flag for a number": ([{"vote": YES, "n": True}], "$.rows[0].n", "wrong_type"),
    "one member twice": (
        [{"vote": YES, "id": "a"}, {"vote": NO, "id": "a"}],
        "$.rows[1].id",
        "duplicate",
    ),
    "an attribute that is not exact": (
        [{"vote": YES, "share": 0.1}],
        "$.rows[0].share",
        "wrong_type",
    ),
    "not a list": ({"vote": YES}, "$.rows", "wrong_type"),
    "not an object": ([YES], "$.rows[0]", "wrong_type"),
}


@pytest.mark.parametrize(("rows", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_roll_that_cannot_be_counted_is_refused(rows: Any, path: str, code: str) -> None:
    with pytest.raises(RollError) as refused:
        decide(adopted_if(THIRDS), parse_rows(rows))

    assert (refused.value.path, refused.value.code) == (path, code)
    assert refused.value.remedy


UNKNOWN = {
    "a parameter": ({"params": {"qm": 1}}, "unknown_parameter"),
    "a parameter that is not exact": ({"params": {"least": 0.5}}, "not_a_rational"),
    "units": ({"units": {"states": {}}}, "unknown_units"),
    "the vote of a group": ({"units": {"cantons": {"zh": {"vote": "maybe"}}}}, "unknown_vote"),
    "a vote given and counted": ({"units": {"cantons": {"be": {"vote": "yes"}}}}, "two_votes"),
}


@pytest.mark.parametrize(("given", "code"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_the_charter_does_not_know_is_refused(given: dict[str, Any], code: str) -> None:
    charter = adopted_if({">=": "$least"}, params={"least": 1}, **CANTONS)
    rows = [Row(id="", vote=YES, attributes={"canton": "be"})]

    with pytest.raises(RollError) as refused:
        decide(charter, rows, **given)

    assert refused.value.code == code


def test_presence_is_not_consent() -> None:
    outcome = decide(adopted_if({">": "1/2", "of": "present"}), heads(silent=9, void=1))

    assert (outcome.result, outcome.trace[0].base) == ("rejected", 10)
    assert {SILENT, VOID, ABSTAIN} <= set(adopted_if(THIRDS).votes["present"])


def test_a_weight_longer_than_any_real_one_stops_the_count() -> None:
    charter = adopted_if({"weight": "w", ">=": 1})
    just = Row(id="", vote=YES, attributes={"w": 10**50 - 1})

    assert decide(charter, [just]).trace[0].left == 10**50 - 1
    for weight in (10**50, "1" + "0" * 50, "1/" + "9" * 51):
        with pytest.raises(RollError) as refused:
            decide(charter, [Row(id="", vote=YES, attributes={"w": weight})])
        assert refused.value.code == "no_weight"


def test_weights_without_a_common_measure_stop_the_count() -> None:
    """A hundred odd denominators of fifty digits have a product of five thousand."""
    charter = adopted_if({"weight": "w", ">=": 1})
    rows = [Row(id="", vote=YES, attributes={"w": f"1/{10**49 + number}"}) for number in range(100)]

    with pytest.raises(RollError) as refused:
        decide(charter, rows)

    assert (refused.value.path, refused.value.code) == ("$.decide[0].if", "no_weight")


def test_sides_may_differ_in_more_than_one_attribute() -> None:
    sides = {"a": {"house": "x", "rank": 1}, "b": {"house": "x", "rank": True}, "all": {}}
    rows = [
        Row(id="", vote=YES, n=1, attributes={"house": "x", "rank": 1}),
        Row(id="", vote=YES, n=10, attributes={"house": "x", "rank": True}),
        Row(id="", vote=YES, n=100, attributes={"house": "y", "rank": 1}),
    ]
    charter = adopted_if(
        {"any": [{"side": side, ">": 1000} for side in sides]}, roll={"sides": sides}
    )

    assert [item.left for item in decide(charter, rows).trace] == [1, 10, 111]


def test_a_side_is_told_by_yes_and_one_apart() -> None:
    charter = adopted_if({"side": "p", ">=": 1}, roll={"sides": {"p": {"binding": True}}})

    assert decide(charter, [Row(id="", vote=YES, attributes={"binding": 1})]).result == "rejected"
    assert decide(charter, [Row(id="", vote=YES, attributes={"binding": True})]).result == "adopted"
