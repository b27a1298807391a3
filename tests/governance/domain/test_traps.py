"""Traps that other systems fell into, at the rule of counting. `docs/traps.md` has the list."""

from __future__ import annotations

import pytest

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.explain import least_that_passes
from governance.domain.table import InnerRule, compose_table_charter, side_results, votes_needed
from tests.governance.domain import naive
from tests.governance.domain.polls import chosen
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    COMPOSED,
    NO,
    SIDES,
    TABLE,
    YES,
    adopted_if,
    heads,
    roll,
    votes,
)

ALL = votes(4, 0, 0)


def table(**sides: list[str]) -> str:
    """Count the table with other votes of some sides; the rest agree."""
    return decide(TABLE, roll({"MIN": [YES], "EMP": ALL, "PUB": ALL, "EXP": ALL} | sides)).result


def test_trap_01_two_thirds_of_nine_is_six() -> None:
    assert table(EXP=votes(6, 3, 0)) == "adopted"
    assert table(EXP=votes(5, 4, 0)) == "blocked"
    rows = roll({"MIN": [YES], "EMP": ALL, "PUB": ALL, "EXP": votes(5, 4, 0)})
    assert [(one.side, one.votes) for one in votes_needed(TABLE, rows)] == [("EXP", 1)]
    # What is shown is what is asked: six, nowhere seven.
    [test] = [
        item
        for item in decide(TABLE, rows).trace
        if (item.side, item.why) == ("EXP", "side_agrees")
    ]
    assert (test.right, least_that_passes(test)) == (6, 6)


@pytest.mark.parametrize(
    ("yes", "no", "result"), [(0, 0, "rejected"), (1, 0, "adopted"), (2, 1, "adopted")]
)
def test_trap_02_nobody_is_not_twice_nobody(yes: int, no: int, result: str) -> None:
    charter = adopted_if({">=": 2, "of": "no"})

    assert decide(charter, heads(yes=yes, no=no, abstain=5)).result == result


@pytest.mark.parametrize("rule", COMPOSED)
def test_trap_13_everybody_answered_and_nobody_agreed(rule: InnerRule) -> None:
    """That all have answered is one question, and what they answered another."""
    charter = parse_charter(
        compose_table_charter(id="t", title="Table", sides={**SIDES, "EMP": rule})
    )
    size = 1 if rule is InnerRule.SINGLE_VOICE else 4
    rows = roll({"MIN": [YES], "EMP": [NO] * size, "PUB": ALL, "EXP": ALL})
    outcome = decide(charter, rows)

    assert all(result.cast == result.entitled for result in side_results(outcome, rows))
    assert (outcome.result, outcome.blocked_by) == ("blocked", ("EMP",))


# The example of Schulze's paper, section 3: 45 voters, five options, E wins.
SCHULZE = {
    "A>C>B>E>D": 5,
    "A>D>E>C>B": 5,
    "B>E>D>A>C": 8,
    "C>A>B>E>D": 3,
    "C>A>E>B>D": 7,
    "C>B>A>D>E": 2,
    "D>C>E>B>A": 7,
    "E>B>A>D>C": 8,
}


def test_trap_17_the_counting_method_is_the_published_one() -> None:
    outcome = chosen("schulze", SCHULZE, "ABCDE")

    assert outcome.winners == ("E",)
    assert [group for (group,) in outcome.order] == list("EACBD")
    # And a second program, which shares nothing with ours, tries every path.
    ballots = [([[name] for name in ballot.split(">")], n) for ballot, n in SCHULZE.items()]
    assert naive.beatpath_winners(ballots, "ABCDE") == {"E"}


@pytest.mark.parametrize(
    ("present", "result"), [(3, "adopted"), (2, "no_quorum"), (1, "no_quorum"), (0, "no_quorum")]
)
def test_trap_19_a_quorum_is_asked_and_not_only_kept(present: int, result: str) -> None:
    """All who came are for; they are simply too few."""
    assert table(PUB=[YES] * present + [ABSENT] * (4 - present)) == result
    # Who came and abstained makes the quorum, and does not agree.
    assert table(PUB=[YES, ABSTAIN, ABSTAIN, ABSENT]) == "blocked"
