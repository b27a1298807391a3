"""Each method on polls that can be counted by hand."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.choice.choose import choose
from governance.domain.choice.outcome import ChoiceOutcome, Step
from governance.domain.choice.reading import parse_poll
from tests.governance.domain.polls import came_to, charter, chosen

HALF = {"of_voters": "1/2", "strict": True}
TWO_THIRDS = {"of_voters": "2/3", "strict": False}
CAP = {"by": "firm", "max": 1}
FIRMS = {"A": {"firm": "X"}, "B": {"firm": "X"}, "C": {"firm": "Y"}}

TOTALS: dict[str, tuple[str, dict[str, Any], Any, tuple[str, str, str]]] = {
    "most votes": ("plurality", {}, {"A": 5, "B": 3}, ("elected", "A", "")),
    "a tie for the seat": ("plurality", {}, {"A": 5, "B": 5, "C": 1}, ("tie", "", "AB")),
    "a tie below the seats": (
        "plurality",
        {"seats": 2},
        {"A": 5, "B": 5, "C": 1},
        ("elected", "AB", ""),
    ),
    "a tie for the second seat": (
        "plurality",
        {"seats": 2},
        {"A": 5, "B": 3, "C": 3},
        ("tie", "A", "BC"),
    ),
    "nobody voted": ("plurality", {}, {}, ("no_votes", "", "")),
    "blank ballots only": ("plurality", {}, {"": 9}, ("no_votes", "", "")),
    "blank ballots are no base": (
        "plurality",
        {"min_votes": HALF},
        {"A": 5, "B": 4, "": 90},
        ("elected", "A", ""),
    ),
    "exactly half is no majority": (
        "plurality",
        {"min_votes": HALF},
        {"A": 5, "B": 3, "C": 2},
        ("no_majority", "", ""),
    ),
    "exactly two thirds are enough": (
        "plurality",
        {"min_votes": TWO_THIRDS},
        {"A": 6, "B": 3},
        ("elected", "A", ""),
    ),
    "one seat reached of two": (
        "plurality",
        {"min_votes": HALF, "seats": 2},
        {"A": 6, "B": 3},
        ("no_majority", "A", ""),
    ),
    "approvals add up": (
        "approval",
        {"seats": 2},
        {"A+B": 3, "C": 4, "A+C": 1, "": 5},
        ("elected", "CA", ""),
    ),
    "approving nobody is voting": (
        "approval",
        {"min_votes": HALF},
        {"A": 5, "": 5},
        ("no_majority", "", ""),
    ),
    "points of places": ("borda", {}, {"A>B>C": 3, "B>C>A": 2}, ("elected", "B", "")),
    "equals share points": ("borda", {}, {"A=B>C": 2, "A>B=C": 1}, ("elected", "A", "")),
    "the unranked get nothing": ("borda", {}, {"A": 1, "B>C": 1}, ("tie", "", "AB")),
    "scores add up": (
        "score",
        {},
        [{"n": 2, "scores": {"A": "3/2"}}, {"scores": {"B": 2, "C": 1}}],
        ("elected", "A", ""),
    ),
    "the run-off overrules the scores": (
        "star",
        {},
        [{"n": 3, "scores": {"A": 5, "B": 4}}, {"n": 4, "scores": {"A": 1, "B": 2}}],
        ("elected", "B", ""),
    ),
    "equal in the run-off": (
        "star",
        {},
        [{"n": 2, "scores": {"A": 5, "B": 1}}, {"n": 2, "scores": {"B": 3}}],
        ("elected", "A", ""),
    ),
    "equal in everything": (
        "star",
        {},
        [{"scores": {"A": 5}}, {"scores": {"B": 5}}],
        ("tie", "", "AB"),
    ),
    "equal for the run-off": (
        "star",
        {},
        [{"n": 3, "scores": {"A": 5, "B": 2, "C": 2}}],
        ("tie", "", "BC"),
    ),
    "scores of nothing": ("star", {}, [{"scores": {}}], ("no_votes", "", "")),
    "star for two": (
        "star",
        {"seats": 2},
        [{"n": 3, "scores": {"A": 5, "B": 4, "C": 1}}, {"n": 2, "scores": {"C": 5}}],
        ("elected", "AB", ""),
    ),
}


@pytest.mark.parametrize(("method", "more", "ballots", "wanted"), TOTALS.values(), ids=TOTALS)
def test_counting_totals(
    method: str, more: dict[str, Any], ballots: Any, wanted: tuple[str, str, str]
) -> None:
    assert came_to(chosen(method, ballots, **more)) == wanted


THRESHOLDS: dict[str, tuple[str, dict[str, Any], dict[str, int], int]] = {
    "more than half of ten": ("plurality", {"min_votes": HALF}, {"A": 7, "B": 3}, 6),
    "more than half of eleven": ("plurality", {"min_votes": HALF}, {"A": 7, "B": 4}, 6),
    "two thirds of nine": ("plurality", {"min_votes": TWO_THIRDS}, {"A": 7, "B": 2}, 6),
    "two thirds of ten": ("approval", {"min_votes": TWO_THIRDS}, {"A": 7, "B": 3}, 7),
    "a majority of ten": ("irv", {}, {"A": 7, "B": 3}, 6),
    "a majority of eleven": ("irv", {}, {"A": 7, "B": 4}, 6),
}


@pytest.mark.parametrize(
    ("method", "more", "ballots", "needed"), THRESHOLDS.values(), ids=THRESHOLDS
)
def test_the_threshold_is_the_fewest_votes_that_suffice(
    method: str, more: dict[str, Any], ballots: dict[str, int], needed: int
) -> None:
    assert chosen(method, ballots, **more).stages[0].needed == needed


def test_a_tally_of_points_may_be_of_halves() -> None:
    rule = charter("borda")
    given = {"candidates": ["A", "B"], "tally": {"A": "5/2", "B": 2}}

    assert choose(rule, parse_poll(given, rule)).winners == ("A",)


RUNOFFS: dict[str, tuple[dict[str, Any], dict[str, int], tuple[str, str, str]]] = {
    "a majority at once": ({}, {"A": 3, "B": 1, "C": 1}, ("elected", "A", "")),
    "the lowest passes its votes on": (
        {},
        {"A": 4, "B": 3, "C>B": 2},
        ("elected", "B", ""),
    ),
    "exhausted ballots lower the base": ({}, {"A": 4, "B": 3, "C": 2}, ("elected", "A", "")),
    "equal ranks end a ballot": ({}, {"A": 4, "B": 3, "C>A=B": 2}, ("elected", "A", "")),
    "equal ranks end it even if one of them is out": (
        {},
        {"A": 4, "B": 1, "C>A=B": 3, "D": 5},
        ("elected", "D", ""),
    ),
    "no ballots": ({}, {}, ("no_votes", "", "")),
    "equal ranks only": ({}, {"A=B": 5}, ("no_votes", "", "")),
    "last together, and it matters": ({}, {"A": 5, "B>A": 3, "C>B": 3}, ("tie", "", "BC")),
    "last together, and it does not": ({}, {"A": 5, "B": 4, "C": 1, "D": 1}, ("elected", "A", "")),
    "two equals": ({}, {"A": 5, "B": 5}, ("tie", "", "AB")),
    "an earlier round decides": (
        {"ties": ["backward"]},
        {"A": 7, "B": 5, "C>B": 4, "D>C>B": 1},
        ("elected", "B", ""),
    ),
    "the lot decides": (
        {"ties": ["backward", "lot"], "given": {"lot": ["B", "A", "C"]}},
        {"A": 5, "B>A": 3, "C>B": 3},
        ("elected", "B", ""),
    ),
    "a lot that the charter does not know": (
        {"ties": ["backward"], "given": {"lot": ["B", "A", "C"]}},
        {"A": 5, "B>A": 3, "C>B": 3},
        ("tie", "", "BC"),
    ),
    "a lot without one of the equals": (
        {"ties": ["lot"], "given": {"lot": ["B", "A"]}},
        {"A": 5, "B>A": 3, "C>B": 3},
        ("tie", "", "BC"),
    ),
}


@pytest.mark.parametrize(("more", "ballots", "wanted"), RUNOFFS.values(), ids=RUNOFFS)
def test_instant_runoff(
    more: dict[str, Any], ballots: dict[str, int], wanted: tuple[str, str, str]
) -> None:
    assert came_to(chosen("irv", ballots, "ABCD", **more)) == wanted


def test_looking_back_finds_the_latest_round_in_which_equals_differed() -> None:
    """C and B are level at four; before D went out, C had three."""
    ballots = {"A": 6, "B": 4, "C>A": 3, "D>C": 1}
    outcome = chosen("irv", ballots, "ABCD", ties=["backward"])

    assert [stage.who for stage in outcome.stages if stage.step is Step.BACKWARD] == [("C",)]
    assert came_to(outcome) == ("elected", "A", "")


TRANSFERS: dict[str, tuple[dict[str, Any], dict[str, int], tuple[str, str, str]]] = {
    "as many candidates as seats": ({"seats": 4}, {}, ("elected", "ABCD", "")),
    "nobody voted for more than there are seats": ({"seats": 2}, {}, ("no_votes", "", "")),
    "blank and equal ranks alone, whatever the lot": (
        {"seats": 2, "ties": ["lot"], "given": {"lot": list("ABCD")}},
        {"": 4, "A=B": 2},
        ("no_votes", "", ""),
    ),
    "a surplus elects": (
        {"seats": 2},
        {"A>B": 8, "B": 1, "C": 3},
        ("elected", "AB", ""),
    ),
    "without a vote, and one seat is left": ({"seats": 3}, {"A": 5, "B": 3}, ("tie", "AB", "CD")),
    "the lot for that seat": (
        {"seats": 3, "ties": ["lot"], "given": {"lot": ["D", "C"]}},
        {"A": 5, "B": 3},
        ("elected", "ABD", ""),
    ),
    "equal surpluses": (
        {"seats": 3},
        {"A>C": 6, "B>D": 6, "C": 1, "D": 1},
        ("tie", "AB", "AB"),
    ),
}


@pytest.mark.parametrize(("more", "ballots", "wanted"), TRANSFERS.values(), ids=TRANSFERS)
def test_single_transferable_vote(
    more: dict[str, Any], ballots: dict[str, int], wanted: tuple[str, str, str]
) -> None:
    assert came_to(chosen("stv", ballots, "ABCD", **more)) == wanted


def test_those_without_a_vote_go_together_if_all_of_them_must() -> None:
    outcome = chosen("stv", {"A": 4, "B>A": 3, "C>A": 2}, "ABCDE")

    assert [s.who for s in outcome.stages if s.step is Step.EXCLUDED_TOGETHER] == [("D", "E")]
    assert came_to(outcome) == ("elected", "A", "")


def test_a_paper_that_begins_with_equal_ranks_is_none() -> None:
    outcome = chosen("stv", {"A": 3, "B": 2, "C=D": 90, "C>A=B": 1}, "ABCD")

    assert outcome.quota == 4
    # The paper that ends in equals is lost with C, and the two of B with B.
    assert outcome.stages[-2].rest == 3


def figures(outcome: ChoiceOutcome, step: Step) -> dict[str, str]:
    [stage] = [stage for stage in outcome.stages if stage.step is step]
    return {name: str(number) for (name,), number in stage.figures}


# A has 8 of 12 and a quota of 5: a surplus of 3, that is 0.375 for each paper.
SURPLUS = {"A>B": 7, "A>C": 1, "B": 1, "C": 3}


@pytest.mark.parametrize(
    ("places", "fraction_places", "b_has"),
    [(5, None, "29/8"), (2, None, "359/100"), (1, None, "31/10"), (0, None, "1"), (4, 1, "31/10")],
)
def test_what_a_transfer_is_worth_is_cut_off_where_the_rule_says(
    places: int, fraction_places: int | None, b_has: str
) -> None:
    more = {} if fraction_places is None else {"fraction_places": fraction_places}
    outcome = chosen("stv", SURPLUS, seats=2, places=places, **more)

    assert outcome.quota == 5
    assert figures(outcome, Step.SURPLUS)["B"] == b_has


def test_whoever_has_just_the_quota_has_nothing_to_transfer() -> None:
    outcome = chosen("stv", {"A>B": 5, "B": 3, "C": 4}, seats=2)

    assert outcome.quota == 5
    assert Step.SURPLUS not in [stage.step for stage in outcome.stages]
    assert came_to(outcome) == ("elected", "AC", "")


def test_nothing_is_lost_unseen() -> None:
    outcome = chosen("stv", {**SURPLUS, "A": 2}, "ABCD", seats=2, places=1)

    for stage in outcome.stages:
        if stage.rest is not None:
            assert sum(number for _, number in stage.figures) + stage.rest == 14


def test_the_last_vacancy_may_be_filled_without_further_transfers() -> None:
    """A has 300, and all the others together have no more."""
    ballots = {"A": 300, "B>C": 150, "C>B": 100, "D>A": 50}
    short = chosen("stv", ballots, "ABCD", last_vacancy=True)
    full = chosen("stv", ballots, "ABCD", last_vacancy=False)

    assert came_to(short) == came_to(full) == ("elected", "A", "")
    assert Step.CANNOT_BE_OVERTAKEN in [stage.step for stage in short.stages]
    assert Step.CANNOT_BE_OVERTAKEN not in [stage.step for stage in full.stages]


def test_two_equals_at_the_last_vacancy_are_a_tie() -> None:
    outcome = chosen("stv", {"A": 5, "B": 5}, "AB", last_vacancy=True)

    assert came_to(outcome) == ("tie", "", "AB")


CYCLE = {"A>B>C": 4, "B>C>A": 3, "C>A>B": 2}
PAIRS: dict[str, tuple[str, dict[str, Any], dict[str, int], tuple[str, str, str]]] = {
    "the winner of all pairs": ("condorcet", {}, {"A>B>C": 3, "B>C>A": 2}, ("elected", "A", "")),
    "a cycle has no winner": ("condorcet", {}, CYCLE, ("no_condorcet_winner", "", "")),
    "nobody to compare": ("condorcet", {}, {}, ("no_votes", "", "")),
    "an equal pair has no winner": (
        "condorcet",
        {},
        {"A>B>C": 1, "B>A>C": 1},
        ("no_condorcet_winner", "", ""),
    ),
    "two weak winners are a tie": (
        "condorcet",
        {"weak": True},
        {"A>B>C": 1, "B>A>C": 1},
        ("tie", "", "AB"),
    ),
    "the weakest victory is given up": ("schulze", {}, CYCLE, ("elected", "A", "")),
    "most pairs won": ("copeland", {}, {"A>B>C": 3, "B>C>A": 2}, ("elected", "A", "")),
    "a cycle wins one pair each": ("copeland", {}, CYCLE, ("tie", "", "ABC")),
    "a cycle goes to the run-off": (
        "condorcet_irv",
        {},
        {"A>B>C": 4, "B>C>A": 3, "C>A>B": 3, "C>B>A": 1},
        ("elected", "C", ""),
    ),
    "a winner needs no run-off": (
        "condorcet_irv",
        {"seats": 2},
        {"A>B>C": 3, "B>C>A": 2},
        ("elected", "AB", ""),
    ),
    "a run-off that is a tie": (
        "condorcet_irv",
        {},
        {"A>B>C": 1, "B>C>A": 1, "C>A>B": 1},
        ("tie", "", "ABC"),
    ),
}


@pytest.mark.parametrize(("method", "more", "ballots", "wanted"), PAIRS.values(), ids=PAIRS)
def test_comparing_pairs(
    method: str, more: dict[str, Any], ballots: dict[str, int], wanted: tuple[str, str, str]
) -> None:
    assert came_to(chosen(method, ballots, **more)) == wanted


def test_the_unranked_are_last_or_not_compared() -> None:
    ballots = {"C>A": 2, "C>B": 2, "A>B": 5}

    last = chosen("schulze", ballots, ballot={"unranked": "last"})
    unknown = chosen("schulze", ballots, ballot={"unranked": "no_opinion"})

    assert last.winners == ("A",)
    assert unknown.winners == ("C",)


def by_pairs(method: str, pairs: Any, **more: Any) -> tuple[str, str, str]:
    rule = charter(method, **more)
    given = {"candidates": ["A", "B", "C"], "pairwise": pairs}
    return came_to(choose(rule, parse_poll(given, rule)))


# A beats B, B beats C and C beats A.
MEASURED = {"A>B": 8, "B>A": 3, "B>C": 9, "C>B": 8, "C>A": 10, "A>C": 7}


def test_winning_votes_and_margins_give_up_different_victories() -> None:
    assert by_pairs("schulze", MEASURED, strength="winning") == ("elected", "B", "")
    assert by_pairs("schulze", MEASURED, strength="margin") == ("elected", "C", "")


def test_of_victories_with_equal_votes_the_one_with_more_against_is_given_up() -> None:
    pairs = {"A>B": 8, "B>A": 5, "B>C": 8, "C>B": 3, "C>A": 8, "A>C": 4}

    assert by_pairs("schulze", pairs) == ("elected", "B", "")


def test_one_option_that_loses_no_pair_is_a_weak_winner() -> None:
    pairs = {"A>B": 2, "B>A": 2, "A>C": 3, "C>A": 1, "C>B": 3, "B>C": 1}

    assert by_pairs("condorcet", pairs, weak=True) == ("elected", "A", "")
    assert by_pairs("condorcet", pairs) == ("no_condorcet_winner", "", "")


SAME_PAIRS: dict[str, Any] = {
    "objects": {"A": {"B": 8, "C": 7}, "B": {"A": 3, "C": 9}, "C": {"A": 10, "B": 8}},
    "rows": [[0, 8, 7], [3, 0, 9], [10, 8, 0]],
}


@pytest.mark.parametrize("pairs", SAME_PAIRS.values(), ids=SAME_PAIRS)
def test_pairs_may_be_written_in_other_ways(pairs: Any) -> None:
    assert by_pairs("schulze", pairs) == by_pairs("schulze", MEASURED)


def test_a_cap_gives_the_seat_to_the_next() -> None:
    given = {"candidate_tags": FIRMS}
    outcome = chosen("approval", {"A": 5, "B": 4, "C": 3}, seats=2, caps=CAP, given=given)

    assert came_to(outcome) == ("elected", "AC", "")
    assert [stage.who for stage in outcome.stages if stage.step is Step.PASSED_OVER] == [("B",)]


CAPPED: dict[str, tuple[str, Any, Any]] = {
    "tags of several kinds": ("AC", FIRMS, {"A": 5, "B": 4, "C": 3}),
    "one tag alone": ("AC", {"A": "X", "B": "X"}, {"A": 5, "B": 4, "C": 3}),
    "no tags": ("AB", {}, {"A": 5, "B": 4, "C": 3}),
}


@pytest.mark.parametrize(("winners", "tags", "ballots"), CAPPED.values(), ids=CAPPED)
def test_whoever_has_no_tag_is_not_capped(winners: str, tags: Any, ballots: Any) -> None:
    given = {"candidate_tags": tags}
    outcome = chosen("approval", ballots, seats=2, caps=CAP, given=given)

    assert "".join(outcome.winners) == winners


def test_equals_who_may_not_both_sit_are_a_tie() -> None:
    given = {"candidate_tags": FIRMS}
    outcome = chosen("approval", {"A+B": 5, "C": 3}, seats=2, caps=CAP, given=given)

    assert came_to(outcome) == ("tie", "", "AB")


def test_a_lot_seats_equals_as_far_as_the_cap_lets_it() -> None:
    given = {"candidate_tags": FIRMS, "lot": ["B", "A", "C"]}
    outcome = chosen("approval", {"A+B": 5, "C": 3}, seats=2, caps=CAP, ties=["lot"], given=given)

    assert came_to(outcome) == ("elected", "BC", "")


def test_a_cap_keeps_the_elected_out_of_the_next_run_off() -> None:
    cards = [{"n": 3, "scores": {"A": 5, "B": 4, "C": 1}}, {"n": 2, "scores": {"C": 1}}]
    given = {"candidate_tags": FIRMS}
    outcome = chosen("star", cards, seats=2, caps=CAP, given=given)

    assert came_to(outcome) == ("elected", "AC", "")


def test_a_casting_vote_decides_between_winners() -> None:
    ballots = {"A>B>C": 1, "B>A>C": 1}

    assert came_to(chosen("schulze", ballots)) == ("tie", "", "AB")
    decided = chosen("schulze", ballots, given={"casting_vote": "B"})
    assert came_to(decided) == ("elected", "B", "")


def test_a_casting_vote_for_another_option_decides_nothing() -> None:
    outcome = chosen("schulze", {"A>B>C": 1, "B>A>C": 1}, given={"casting_vote": "C"})

    assert came_to(outcome) == ("tie", "", "AB")
