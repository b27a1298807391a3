"""A malformed poll is refused with a path and a remedy; nothing in it is left out."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.choice.choose import choose
from governance.domain.choice.reading import parse_poll
from governance.domain.rows import RollError
from tests.governance.domain.polls import charter, poll

NEED = [{"is": {"votes": "above_default", ">": 1, "of": "below_default"}, "why": "majority"}]
RANKED = charter("irv", ties=["lot"])
QUORUM = {"then": "no_quorum", "unless": {"votes": "ballots", ">=": "1/2", "of": "members"}}
WITH_QUORUM = charter("approval", QUORUM, {"then": "choose"})
SCORES = charter("star", ballot={"range": [0, 5]})
PAIRS = charter("schulze")
CAPPED = charter("approval", caps={"by": "firm", "max": 1})
SHARED = charter("approval", min_votes={"of_voters": "1/2", "strict": True})
DEBIAN = charter("debian", default="C", option_needs=NEED)


def tallied(tally: Any, **more: Any) -> dict[str, Any]:
    return {"candidates": ["A", "B", "C"], "tally": tally, **more}


def paired(pairs: Any) -> dict[str, Any]:
    return {"candidates": ["A", "B"], "pairwise": pairs}


def summed(**aggregate: Any) -> dict[str, Any]:
    return {"candidates": ["A", "B"], "aggregate": aggregate}


MALFORMED: dict[str, tuple[Any, Any, str, str]] = {
    "no candidates": (RANKED, {"ballots": {}}, "$.candidates", "wrong_type"),
    "nobody stands": (RANKED, poll({}, ""), "$.candidates", "empty"),
    "a candidate twice": (RANKED, poll({}, "AA"), "$.candidates", "duplicate"),
    "a candidate without a name": (
        RANKED,
        {"candidates": ["A", ""], "ballots": {}},
        "$.candidates[1]",
        "wrong_type",
    ),
    "a name with a sign of the ballot": (
        RANKED,
        {"candidates": ["A", "B>C"], "ballots": {}},
        "$.candidates[1]",
        "unknown_value",
    ),
    "no votes": (RANKED, {"candidates": ["A"]}, "$", "not_one_form"),
    "votes twice": (RANKED, poll({}, tally={}), "$", "not_one_form"),
    "ballots in a list": (RANKED, poll([]), "$.ballots", "wrong_type"),
    "half a ballot": (RANKED, poll({"A": 0.5}), "$.ballots['A']", "wrong_type"),
    "fewer ballots than none": (RANKED, poll({"A": -1}), "$.ballots['A']", "out_of_range"),
    "a stranger": (RANKED, poll({"A>X": 1}), "$.ballots['A>X']", "unknown_candidate"),
    "a gap": (RANKED, poll({"A>>B": 1}), "$.ballots['A>>B']", "unknown_candidate"),
    "ranked twice": (RANKED, poll({"A>B=A": 1}), "$.ballots['A>B=A']", "duplicate"),
    "approved twice": (CAPPED, poll({"A+A": 1}), "$.ballots['A+A']", "duplicate"),
    "two votes on one ballot": (
        charter("plurality"),
        poll({"A+B": 1}),
        "$.ballots['A+B']",
        "unknown_candidate",
    ),
    "score cards as an object": (SCORES, poll({"A": 5}), "$.ballots", "wrong_type"),
    "a card without scores": (SCORES, poll([{"n": 1}]), "$.ballots[0]", "missing_key"),
    "a score out of range": (
        SCORES,
        poll([{"scores": {"A": 6}}]),
        "$.ballots[0].scores.A",
        "out_of_range",
    ),
    "a score in decimals": (
        SCORES,
        poll([{"scores": {"A": 2.5}}]),
        "$.ballots[0].scores.A",
        "not_a_rational",
    ),
    "a score for a stranger": (
        SCORES,
        poll([{"scores": {"X": 1}}]),
        "$.ballots[0].scores",
        "unknown_candidate",
    ),
    "a tally for a run-off": (RANKED, tallied({"A": 1}), "$.tally", "not_enough_known"),
    "a tally below nothing": (CAPPED, tallied({"A": -1}), "$.tally.A", "out_of_range"),
    "half an approval": (CAPPED, tallied({"A": "1/2"}), "$.tally.A", "wrong_type"),
    "points below nothing": (
        charter("borda"),
        tallied({"A": "-1/2"}),
        "$.tally.A",
        "out_of_range",
    ),
    "a tally of a stranger": (CAPPED, tallied({"X": 1}), "$.tally", "unknown_candidate"),
    "pairs for a run-off": (RANKED, paired({}), "$.pairwise", "not_enough_known"),
    "pairs for a run-off in a cycle": (
        charter("condorcet_irv"),
        paired({}),
        "$.pairwise",
        "not_enough_known",
    ),
    "a pair is missing": (PAIRS, paired({"A>B": 3}), "$.pairwise", "missing_key"),
    "a pair with a stranger": (PAIRS, paired({"A": {"X": 3}}), "$.pairwise.A", "unknown_candidate"),
    "a pair with oneself": (PAIRS, paired({"A": {"A": 3}}), "$.pairwise.A", "unknown_candidate"),
    "half a pair": (PAIRS, paired({"A>B": 0.5}), "$.pairwise['A>B']", "wrong_type"),
    "pairs of no square": (PAIRS, paired([[0, 1], [2]]), "$.pairwise", "out_of_range"),
    "pairs of half a square": (PAIRS, paired([[0, 1]]), "$.pairwise", "out_of_range"),
    "sums for a ranking": (PAIRS, summed(scores={}), "$.aggregate", "not_enough_known"),
    "sums without scores": (SCORES, summed(prefers={}), "$.aggregate", "missing_key"),
    "a run-off that nobody published": (
        SCORES,
        summed(scores={"A": 5, "B": 3}),
        "$.aggregate.prefers",
        "missing_key",
    ),
    "a lot for a stranger": (RANKED, poll({}, lot=["A", "X"]), "$.lot[1]", "unknown_candidate"),
    "drawn twice": (RANKED, poll({}, lot=["A", "A"]), "$.lot", "duplicate"),
    "a lot in one word": (RANKED, poll({}, lot="A"), "$.lot", "wrong_type"),
    "a casting vote for a stranger": (
        PAIRS,
        poll({}, casting_vote="X"),
        "$.casting_vote",
        "unknown_candidate",
    ),
    "a casting vote in rounds": (
        RANKED,
        poll({}, casting_vote="A"),
        "$.casting_vote",
        "unknown_key",
    ),
    "tags of a stranger": (
        CAPPED,
        poll({}, candidate_tags={"X": "f"}),
        "$.candidate_tags",
        "unknown_candidate",
    ),
    "a tag that is a number": (
        CAPPED,
        poll({}, candidate_tags={"A": {"firm": 3}}),
        "$.candidate_tags.A.firm",
        "wrong_type",
    ),
    "fewer voters than ballots": (CAPPED, poll({"A": 3}, voters=2), "$.voters", "out_of_range"),
    "fewer members than ballots": (CAPPED, poll({"A": 3}, members=2), "$.members", "out_of_range"),
    "voters in words": (CAPPED, poll({}, voters="many"), "$.voters", "wrong_type"),
    "a quorum of how many": (WITH_QUORUM, poll({"A": 3}), "$.members", "not_enough_known"),
    "a quorum of whom": (WITH_QUORUM, tallied({"A": 3}, members=9), "$.voters", "not_enough_known"),
    "a share of how many": (SHARED, tallied({"A": 3}), "$.voters", "not_enough_known"),
    "a default that does not stand": (
        DEBIAN,
        poll({}, "AB"),
        "$.choose.default",
        "unknown_candidate",
    ),
}


@pytest.mark.parametrize(("rule", "given", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_poll_is_refused(rule: Any, given: Any, path: str, code: str) -> None:
    with pytest.raises(RollError) as refusal:
        choose(rule, parse_poll(given, rule))

    assert (refusal.value.path, refusal.value.code) == (path, code)
    assert refusal.value.remedy


def test_a_number_for_an_option_that_does_not_stand_is_refused() -> None:
    rule = charter("debian", default="C", own_params={"r": 1}, option_params={"X": {"r": 2}})

    with pytest.raises(RollError) as refusal:
        choose(rule, parse_poll(poll({}), rule))

    assert (refusal.value.path, refusal.value.code) == (
        "$.choose.option_params",
        "unknown_candidate",
    )


@pytest.mark.parametrize(
    ("members", "result", "why"), [(6, "elected", ""), (7, "no_quorum", "too few")]
)
def test_a_choice_begins_only_with_its_quorum(members: int, result: str, why: str) -> None:
    rule = charter("approval", {**QUORUM, "why": "too few", "next": "again"}, {"then": "choose"})
    outcome = choose(rule, parse_poll(poll({"A": 2, "": 1}, members=members), rule))

    assert (outcome.result, outcome.why) == (result, why)
    assert (outcome.tests[0].left, outcome.tests[0].base) == (3, members)
    assert outcome.winners == (("A",) if result == "elected" else ())
    assert outcome.next == ("" if result == "elected" else "again")


VOTERS: dict[str, tuple[str, int]] = {
    "valid": ("valid", 3),
    "void with the blank": ("void", 2),
    "ballots": ("ballots", 5),
    "absent": ("absent", 4),
    "members": ("members", 9),
}


@pytest.mark.parametrize(("counted", "number"), VOTERS.values(), ids=VOTERS)
def test_voters_are_counted_as_rows(counted: str, number: int) -> None:
    rule = charter(
        "plurality",
        {"then": "rejected", "if": {"votes": counted, "==": number}},
        {"then": "choose"},
    )
    given = poll({"A": 3, "": 1}, voters=5, members=9)

    assert choose(rule, parse_poll(given, rule)).result == "rejected"


@pytest.mark.parametrize(
    ("need", "result"),
    [
        ({"votes": "above_default", ">=": "1/2", "of": "valid"}, "elected"),
        ({"votes": "above_default", ">": "1/2", "of": "valid"}, "default"),
        ({"votes": "level_with_default", "==": 1}, "elected"),
        ({"votes": "above_default", ">=": 2, "of": "below_default"}, "elected"),
        ({"votes": "above_default", ">=": 1, "of": "members", "root": 2}, "default"),
        ({"votes": "above_default", ">=": "2/3", "of": "seats", "root": 2}, "elected"),
    ],
)
def test_an_option_needs_what_the_charter_asks_against_the_default(
    need: dict[str, Any], result: str
) -> None:
    """Two of four put A above the default C, one below, one level with it; nine are members."""
    rule = charter("debian", default="C", option_needs=[{"is": need}])
    given = poll({"A>C>B": 2, "C>B>A": 1, "B": 1}, members=9)
    outcome = choose(rule, parse_poll(given, rule))

    assert outcome.result == result
    assert {test.unit for test in outcome.tests} == {"option/A", "option/B"}


BALLOTS = {"votes": "ballots", ">=": "1/2", "of": "members"}
VOID = {"votes": "void", "<": 1, "of": "ballots"}
TOGETHER: dict[str, tuple[dict[str, Any], int, str]] = {
    "enough voted": (BALLOTS, 5, "elected"),
    "too few voted": (BALLOTS, 4, "no_quorum"),
    "how many were void is not known": (VOID, 5, "refused"),
}


@pytest.mark.parametrize(("test", "voters", "result"), TOGETHER.values(), ids=TOGETHER)
def test_pairs_and_the_number_of_voters_are_enough_for_a_quorum(
    test: dict[str, Any], voters: int, result: str
) -> None:
    rule = charter("schulze", {"then": "no_quorum", "unless": test}, {"then": "choose"})
    given = {**paired({"A>B": 2, "B>A": 1}), "voters": voters, "members": 10}

    if result == "refused":
        with pytest.raises(RollError) as refusal:
            choose(rule, parse_poll(given, rule))
        assert (refusal.value.path, refusal.value.code) == ("$.voters", "not_enough_known")
    else:
        assert choose(rule, parse_poll(given, rule)).result == result


def test_fewer_voters_than_compared_an_option_with_the_default_are_refused() -> None:
    need = [{"is": {"votes": "above_default", ">": "1/3", "of": "ballots"}}]
    rule = charter("debian", default="B", option_needs=need)
    pairs = {**paired({"A>B": 2, "B>A": 1}), "members": 10}

    assert choose(rule, parse_poll({**pairs, "voters": 5}, rule)).result == "elected"
    assert choose(rule, parse_poll({**pairs, "voters": 6}, rule)).result == "default"
    with pytest.raises(RollError) as refusal:
        choose(rule, parse_poll({**pairs, "voters": 2}, rule))
    assert (refusal.value.path, refusal.value.code) == ("$.voters", "out_of_range")


def test_the_number_entitled_is_the_charters_if_the_poll_gives_none() -> None:
    need = [{"is": {"votes": "above_default", ">": "1/2", "of": "seats"}}]
    rule = charter("debian", default="B", option_needs=need, roll={"seats": 6})
    given = parse_poll(poll({"A>B": 3, "B>A": 1}, "AB", members=9), rule)

    assert choose(rule, given).result == "default"
    assert choose(rule, given, seats=5).result == "elected"
    assert choose(rule, given, seats=7).tests[0].base == 7
