"""Edges of the rules: the last value that is allowed, the first that is not, and what is shown.

A changed rule was noticed by no other test at these places (`make mutants`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Any

import pytest

from governance.domain.charter import CharterError, parse_charter
from governance.domain.choice.choose import choose
from governance.domain.choice.outcome import ChoiceOutcome, Step
from governance.domain.choice.reading import parse_poll
from governance.domain.decide import decide
from governance.domain.documents import _BITS, _DIGITS, DocumentError, Reader, shown
from governance.domain.explain import explain
from governance.domain.mandates import Scope, substitution_fault
from governance.domain.materiality import Materiality, materiality_of
from governance.domain.procedure import ProcedureError, parse_procedure
from governance.domain.rows import RollError, Row
from governance.domain.table import (
    InnerRule,
    compose_table_charter,
    is_table,
    side_results,
    votes_needed,
)
from governance.domain.validity import CheckCode, examine, last_day_to_challenge
from tests.governance.domain.polls import charter, chosen, poll
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    COMPOSED,
    NO,
    RECUSED,
    YES,
    adopted_if,
    heads,
    known_charters,
    motion,
    roll,
)
from tests.governance.domain.test_mandates import PAPER, SUBSTITUTION
from tests.governance.domain.test_traps import SCHULZE
from tests.governance.domain.test_validity import AGREED, facts, with_vote

# --- Motions ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("yes", "result"), [(5, "rejected"), (6, "adopted")])
def test_more_than_half_and_one(yes: int, result: str) -> None:
    charter = adopted_if({">=": "1/2", "of": "members", "plus": 1})

    outcome = decide(charter, heads(yes=yes, absent=10 - yes))
    assert (outcome.result, outcome.trace[0].right) == (result, 6)


@pytest.mark.parametrize(("base", "result"), [(9, "adopted"), (4, "adopted"), (1, "rejected")])
def test_a_root_keeps_its_sign(base: int, result: str) -> None:
    """1 − 3 is at least −√9 and −√4, and less than −√1."""
    charter = adopted_if({">=": -1, "of": "no", "root": 2, "plus": 3})

    assert decide(charter, heads(yes=1, no=base)).result == result


@pytest.mark.parametrize("n", [-1, True, Fraction(1, 2), 1.0])
def test_as_many_equal_members_as_there_can_be(n: Any) -> None:
    charter = adopted_if({">": 0})
    with pytest.raises(RollError) as refusal:
        decide(charter, [Row(id="a", vote=YES, n=n)])
    assert refusal.value.path == "$.rows[0].n"


@pytest.mark.parametrize("weight", [0, Fraction(0), "0", "0/7"])
def test_a_weight_may_be_nothing(weight: Any) -> None:
    charter = adopted_if({"weight": "w", ">": "1/2", "of": "cast"})
    rows = [
        Row(id="a", vote=NO, attributes={"w": weight}),
        Row(id="b", vote=YES, attributes={"w": 1}),
    ]

    outcome = decide(charter, rows)
    assert (outcome.result, outcome.trace[0].base) == ("adopted", 1)


@pytest.mark.parametrize(("name", "who"), [("a", "a"), ("", "a member")])
def test_who_has_no_weight_is_named(name: str, who: str) -> None:
    with pytest.raises(RollError) as refusal:
        decide(adopted_if({"weight": "w", ">": 0}), [Row(id=name, vote=YES)])
    assert refusal.value.message.startswith(f"{who} has no weight")


def test_blame_sees_through_a_negation() -> None:
    """Blocked because there was one against, not because there was one for."""
    condition = {"all": [{"not": {"votes": "no", ">=": 1}}, {"votes": "yes", ">=": 1}]}
    charter = motion({"then": "blocked", "unless": condition}, {"then": "adopted"})

    outcome = decide(charter, [Row(id="A", vote=YES), Row(id="B", vote=NO)])
    assert (outcome.result, outcome.blocked_by) == ("blocked", ("B",))


def test_the_remedy_says_what_there_is() -> None:
    charter = adopted_if({">": 0})
    with_one = adopted_if({">": "$least"}, params={"least": 0})
    rows = heads(yes=1)
    for given, known in ((charter, "none"), (with_one, "least")):
        with pytest.raises(RollError) as refusal:
            decide(given, rows, params={"most": 1})
        assert refusal.value.remedy == f"known are {known}"
    with pytest.raises(RollError) as refusal:
        decide(charter, rows, units={"states": {}})
    assert refusal.value.remedy == "known are none"


def test_what_is_quoted_is_quoted_whole_up_to_its_limit() -> None:
    longest = "x" * (_DIGITS - 2)
    assert shown(longest) == repr(longest)
    assert shown(longest + "x") == f"'{longest}x…"
    assert shown(2**_BITS) == "a very long number"
    assert shown(2**_BITS - 1).startswith(str(2**_BITS - 1)[:_DIGITS])
    read = Reader(DocumentError)
    assert read.count(2**_BITS - 1, "$") == 2**_BITS - 1
    with pytest.raises(DocumentError):
        read.count(2**_BITS, "$")


def test_the_rule_that_was_applied_is_counted_from_one() -> None:
    charter = motion({"then": "adopted", "if": {">": 9}}, {"then": "rejected"})

    [reason] = explain(decide(charter, heads(yes=1))).reasons
    assert reason.votes == 2


# --- Tables ----------------------------------------------------------------------------------


def test_a_table_is_told_from_what_only_has_sides() -> None:
    charter = known_charters()["rf_tripartite"]
    rows = [Row(id=side, vote=YES, side=side) for side in ("unions", "employers", "government")]
    outcome = decide(charter, rows)

    assert outcome.result == "adopted"
    assert any(item.side for item in outcome.trace)
    assert not is_table(outcome)


@pytest.mark.parametrize("rule", COMPOSED)
def test_a_side_is_named_once_whatever_its_rule(rule: InnerRule) -> None:
    charter = parse_charter(
        compose_table_charter(id="t", title="Table", sides={"A": rule, "B": InnerRule.CONSENSUS})
    )
    rows = roll({"A": [YES], "B": [YES]})

    results = side_results(decide(charter, rows), rows)
    assert [result.side for result in results] == ["A", "B"]


@pytest.mark.parametrize("rule", COMPOSED)
def test_the_fewest_votes_are_the_fewest(rule: InnerRule) -> None:
    """Every way to change some votes of up to five, tried out."""
    charter = parse_charter(compose_table_charter(id="t", title="Table", sides={"A": rule}))

    def agrees(given: tuple[str, ...]) -> bool:
        return decide(charter, roll({"A": given})).result == "adopted"

    def fewest(given: tuple[str, ...]) -> int | None:
        others = [at for at, vote in enumerate(given) if vote not in (YES, RECUSED)]
        for number in range(1, len(others) + 1):
            for chosen_ in combinations(others, number):
                if agrees(tuple(YES if at in chosen_ else v for at, v in enumerate(given))):
                    return number
        return None

    kinds = (YES, NO, ABSTAIN, ABSENT, RECUSED)
    largest = 1 if rule is InnerRule.SINGLE_VOICE else 5
    for size in range(1, largest + 1):
        for given in combinations_with_replacement(kinds, size):
            found = votes_needed(charter, roll({"A": given}))
            if agrees(given):
                assert found == ()
            else:
                assert [one.votes for one in found] == [fewest(given)], given


def test_a_quorum_of_nobody_and_the_last_days_of_the_year() -> None:
    sides = {"sides": {"A": {"inner_rule": "consensus"}}}
    assert parse_procedure({**sides, "side_quorum": "0"}).side_quorum == 0
    dates = [[12, 31], [1, 31], [2, 28]]
    assert parse_procedure({**sides, "entry_dates": dates}).entry_dates == (
        (1, 31),
        (2, 28),
        (12, 31),
    )


@pytest.mark.parametrize(
    ("month", "last"),
    [*enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1)],
)
def test_a_yearly_date_is_one_that_every_year_has(month: int, last: int) -> None:
    sides = {"sides": {"A": {"inner_rule": "consensus"}}}
    read = parse_procedure({**sides, "entry_dates": [[month, last]]})
    assert read.entry_dates == ((month, last),)
    for wrong in ([month, last + 1], [month, 0], [month + 12, 1]):
        with pytest.raises(ProcedureError):
            parse_procedure({**sides, "entry_dates": [wrong]})


# --- Mandates and validity -------------------------------------------------------------------


def test_a_substitution_may_fill_its_parent() -> None:
    whole = replace(
        SUBSTITUTION,
        valid_from=PAPER.valid_from,
        valid_to=PAPER.valid_to,
        scope=PAPER.scope,
    )
    assert substitution_fault(whole, may_be_delegated=True) is None
    for wider in (
        {"valid_from": date(2026, 1, 22)},
        {"valid_to": date(2027, 1, 2)},
        {"scope": PAPER.scope | {Scope.SIGN}},
    ):
        assert substitution_fault(replace(whole, **wider), may_be_delegated=True) is not None


def test_notice_on_the_last_day_is_in_time() -> None:
    given = {row.id: 10 for row in AGREED}
    checks = examine(facts(notice_given=given)).checks
    assert [check.seats for check in checks if check.code is CheckCode.NOTICE] == [()]


def test_each_breach_is_measured_by_the_votes_it_touches() -> None:
    report = examine(facts(notice_given={"EMP-1": 9}, is_within_competence=False))

    measured = {
        check["code"]: check["materiality"]
        for check in report.as_document()["checks"]
        if check["state"] == "breached"
    }
    assert measured == {"competence": None, "notice": "immaterial"}
    material = examine(facts(votes=with_vote(AGREED, "MIN-1", text_sha256="0" * 64)))
    assert [check.materiality for check in material.checks if check.seats] == [Materiality.MATERIAL]


@pytest.mark.parametrize(
    ("seats", "found"), [(15, Materiality.IMMATERIAL), (16, Materiality.NOT_EXAMINED)]
)
def test_as_many_ways_are_tried_as_there_are(seats: int, found: Materiality) -> None:
    """Fifteen equal seats can vote in 3876 ways, sixteen in 4845."""
    charter = adopted_if({">": 1000})
    rows = [Row(id=str(seat), vote=YES) for seat in range(seats)]

    assert materiality_of(charter, rows, [row.id for row in rows]) is found


@pytest.mark.parametrize(
    ("known", "last"),
    [
        (date(2026, 3, 31), date(2026, 9, 30)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 12, 15), date(2027, 6, 15)),
    ],
)
def test_half_a_year_ends_on_a_day_that_there_is(known: date, last: date) -> None:
    assert last_day_to_challenge(known_on=known, published_on=None) == last


# --- Choices ---------------------------------------------------------------------------------


def step(outcome: ChoiceOutcome, kind: Step) -> list[Any]:
    return [stage for stage in outcome.stages if stage.step is kind]


def test_scores_at_both_ends_of_their_range_count() -> None:
    ballot = {"type": "score", "range": [0, 5]}
    cards = [{"scores": {"A": 5, "B": 0}}]
    assert chosen("score", cards, ballot=ballot).winners == ("A",)
    for outside in (-1, 6):
        with pytest.raises(RollError):
            chosen("score", [{"scores": {"A": outside}}], ballot=ballot)


def test_equal_scores_prefer_nobody() -> None:
    rule = charter("star")
    cards = [{"n": 2, "scores": {"A": 3, "B": 3}}, {"n": 1, "scores": {"A": 4, "B": 1}}]
    read = parse_poll(poll(cards, "AB"), rule)
    assert (read.prefer(0, 1), read.prefer(1, 0)) == (1, 0)


def test_blank_ballots_are_ballots() -> None:
    rule = charter("plurality")
    read = parse_poll(poll({"A": 2, "": 3}), rule)
    assert (read.valid, read.blank, read.ballots) == (2, 3, 5)


@pytest.mark.parametrize(("form", "word"), [({}, "no"), ({"tally": {}, "ballots": {}}, "more")])
def test_votes_are_given_in_one_form(form: dict[str, Any], word: str) -> None:
    rule = charter("plurality")
    with pytest.raises(RollError) as refusal:
        parse_poll({"candidates": ["A"], **form}, rule)
    assert refusal.value.message.startswith(f"votes are given in {word}")


def test_a_total_may_be_nought() -> None:
    rule = charter("plurality")
    poll_ = parse_poll({"candidates": ["A", "B"], "tally": {"A": 0, "B": 1}}, rule)
    assert choose(rule, poll_).winners == ("B",)


def test_no_places_after_the_thirtieth() -> None:
    assert charter("stv", places=30).places == 30
    with pytest.raises(CharterError):
        charter("stv", places=31)


def test_parameters_of_a_choice_may_be_replaced() -> None:
    quorum = {"votes": "ballots", ">=": "$least"}
    rule = charter(
        "approval", {"then": "no_quorum", "unless": quorum}, {"then": "choose"}, params={"least": 3}
    )
    read = parse_poll(poll({"A": 2}), rule)
    assert choose(rule, read).result == "no_quorum"
    assert choose(rule, read, params={"least": 2}).result == "elected"


def test_the_remedy_names_the_parameters_of_a_charter() -> None:
    for given, known in (({}, "none"), ({"own_params": {"r": 1}}, "r")):
        with pytest.raises(CharterError) as refusal:
            charter("debian", default="C", option_params={"A": {"q": 2}}, **given)
        assert refusal.value.remedy == f"known are {known}"


def test_pairs_and_paths_are_shown_with_their_numbers() -> None:
    """The tables of Schulze's paper, section 3."""
    outcome = chosen("schulze", SCHULZE, "ABCDE")
    [pairs], [paths] = step(outcome, Step.PAIRS), step(outcome, Step.PATHS)

    shown_pairs, shown_paths = dict(pairs.figures), dict(paths.figures)
    assert len(shown_pairs) == len(shown_paths) == 20
    assert (shown_pairs["A", "B"], shown_pairs["B", "A"], shown_pairs["E", "D"]) == (20, 25, 31)
    from_a = {other: shown_paths["A", other] for other in "BCDE"}
    assert from_a == {"B": 28, "C": 28, "D": 30, "E": 24}


def test_pairs_in_which_nobody_is_preferred_elect_nobody() -> None:
    rule = charter("copeland")
    pairs = {"A>B": 0, "B>A": 0}
    outcome = choose(rule, parse_poll({"candidates": ["A", "B"], "pairwise": pairs}, rule))
    assert outcome.result == "no_votes"


def test_only_an_option_that_fails_is_dropped() -> None:
    need = {"is": {"votes": "above_default", ">": 1, "of": "below_default"}, "why": "majority"}
    rule = charter("debian", default="C", option_needs=[need])
    outcome = choose(rule, parse_poll(poll({"A>C>B": 3, "C>B>A": 1}), rule))

    assert [stage.who for stage in step(outcome, Step.DROPPED)] == [("B",)]
    assert outcome.winners == ("A",)


def test_papers_without_a_further_preference_are_counted_as_such() -> None:
    outcome = chosen("irv", {"A": 3, "B": 2, "C>B": 2, "C": 0, "D": 1}, "ABCD")
    rests = [stage.rest for stage in outcome.stages if stage.rest is not None]
    assert rests[:2] == [0, 1]


def test_two_who_together_equal_the_next_do_not_go_out_together() -> None:
    equal = {"A": 7, "B": 4, "C": 2, "D": 2}
    assert chosen("irv", equal, "ABCD").between == ("C", "D")
    outcome = chosen("irv", {**equal, "B": 5}, "ABCD")
    assert step(outcome, Step.EXCLUDED_TOGETHER)[0].who == ("C", "D")


def test_a_lot_fills_the_seats_and_no_more() -> None:
    ballots = {"A": 1, "B": 1, "C": 1}
    for seats in (1, 2):
        outcome = chosen(
            "plurality" if seats == 1 else "approval",
            ballots,
            seats=seats,
            ties=["lot"],
            given={"lot": list("CAB")},
        )
        assert outcome.winners == ("C", "A")[:seats]


def test_the_first_of_the_lot_passes_its_surplus_on_first() -> None:
    ballots = {"A>C": 4, "B>D": 4, "C": 1, "D": 1}
    outcome = chosen("stv", ballots, "ABCD", seats=3, ties=["lot"], given={"lot": list("BADC")})
    assert [stage.who for stage in step(outcome, Step.SURPLUS)] == [("B",), ("A",)]


def test_the_quota_is_of_valid_papers() -> None:
    outcome = chosen("stv", {"A": 2, "B": 2, "C": 1, "": 5}, seats=1)
    assert outcome.quota == 3
    assert outcome.stages[0].needed == 3


def test_a_surplus_fraction_is_cut_off_at_its_place() -> None:
    ballots = {"A>B": 3, "C": 1, "D": 1}
    outcome = chosen("stv", ballots, "ABCD", seats=2, fraction_places=4)
    [surplus] = step(outcome, Step.SURPLUS)
    # One third of a vote, cut to four places, three times.
    assert dict(surplus.figures)[("B",)] == Fraction(9999, 10000)


def test_the_last_seat_waits_for_votes_that_can_still_come() -> None:
    """Elected at once is only who cannot be overtaken, by votes and surpluses together."""
    leading = {"A": 4, "B": 3, "C>B": 2}
    assert chosen("stv", leading, last_vacancy=True).winners == ("B",)
    surplus = {"A>B": 10, "B": 4, "C": 6}
    outcome = chosen("stv", surplus, seats=2, last_vacancy=True)
    assert set(outcome.winners) == {"A", "B"}
    short = chosen("stv", {"A": 4, "B": 2, "C": 1, "D": 1, "": 3}, "ABCD", last_vacancy=True)
    assert short.winners == ("A",)
    assert short.stages[-1].step is Step.CANNOT_BE_OVERTAKEN


def test_with_two_seats_left_nobody_is_elected_alone() -> None:
    ballots = {"A": 4, "B": 2, "C": 2, "D": 2, "E": 2, "F": 2}
    outcome = chosen(
        "stv", ballots, "ABCDEF", seats=2, last_vacancy=True,
        ties=["lot"], given={"lot": list("ABCDEF")},
    )  # fmt: skip
    assert outcome.winners == ("A", "B")


def test_those_without_a_vote_go_out_together_if_all_must_go() -> None:
    outcome = chosen("stv", {"A": 10, "B": 2}, "ABCD", seats=2)
    assert [stage.who for stage in step(outcome, Step.EXCLUDED_TOGETHER)] == [("C", "D")]
    assert outcome.winners == ("A", "B")
    single = chosen("stv", {"A": 3, "B": 3, "C": 2}, "ABCD", seats=1, ties=["backward"])
    assert step(single, Step.EXCLUDED)[0].who == ("D",)
    assert step(single, Step.EXCLUDED_TOGETHER) == []


LEVEL = {"votes": "level_with_default", "<": 1}


@pytest.mark.parametrize(
    ("voters", "need", "refused"),
    [
        (4, {"votes": "above_default", ">=": "1/2", "of": "ballots"}, ""),
        (3, {"votes": "above_default", ">=": "1/2", "of": "ballots"}, "3 voters did not compare"),
        (5, LEVEL, "the charter counts who is 'level_with_default'"),
        (4, LEVEL, "the charter counts who is 'level_with_default'"),
    ],
)
def test_voters_who_compared_two_options_are_among_the_voters(
    voters: int, need: dict[str, Any], refused: str
) -> None:
    rule = charter("debian", default="B", option_needs=[{"is": need}])
    given = {"candidates": ["A", "B"], "pairwise": {"A>B": 3, "B>A": 1}, "voters": voters}
    read = parse_poll(given, rule)
    if not refused:
        assert choose(rule, read).winners == ("A",)
        return
    with pytest.raises(RollError) as refusal:
        choose(rule, read)
    assert refusal.value.message.startswith(refused)
    if voters < 4:
        assert refusal.value.message.endswith("4 times")


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        (poll({"A": 3}), "give 'members'"),
        ({"candidates": ["A"], "tally": {"A": 3}, "members": 9}, "give the ballots, or 'voters'"),
    ],
)
def test_the_remedy_asks_for_what_is_missing(given: dict[str, Any], remedy: str) -> None:
    quorum = {"votes": "ballots", ">": "1/2", "of": ["ballots", "absent"]}
    rule = charter("approval", {"then": "no_quorum", "unless": quorum}, {"then": "choose"})
    if "tally" not in given:
        given = {**given, "candidates": ["A"]}
    with pytest.raises(RollError) as refusal:
        choose(rule, parse_poll(given, rule))
    assert refusal.value.remedy == remedy
