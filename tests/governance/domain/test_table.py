"""The table of sides: the vectors of its regulation, its invariants, what an abstention means."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.charter import CharterError, parse_charter
from governance.domain.decide import decide
from governance.domain.table import (
    InnerRule,
    Needed,
    SideResult,
    TableResult,
    compose_table_charter,
    is_table,
    side_results,
    sides_without_quorum,
    table_result,
    votes_needed,
)
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    NO,
    RECUSED,
    SIDES,
    SILENT,
    TABLE,
    YES,
    heads,
    motion,
    roll,
    votes,
)

Counts = Mapping[str, Any]

AGREED, NOT_AGREED, NOT_HELD = TableResult
FOR = votes(1, 0, 0)
AGAINST = votes(0, 1, 0)
ALL_FOUR = votes(4, 0, 0)

# for – against – abstained of the entitled seats, as in the regulation of the table.
VECTORS: dict[str, tuple[Counts, TableResult, tuple[str, ...]]] = {
    "B-02 an abstention does not block a majority of entitled": (
        {"MIN": FOR, "EMP": votes(3, 0, 1), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "B-03 a minority inside a side does not block the side": (
        {"MIN": FOR, "EMP": votes(3, 1, 0), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "B-07 six for and six against, two sides block": (
        {"MIN": FOR, "EMP": votes(0, 4, 0), "PUB": votes(3, 0, 1), "EXP": votes(2, 2, 0)},
        NOT_AGREED,
        ("EMP", "EXP"),
    ),
    "B-09 two sides agree, two do not": (
        {"MIN": FOR, "EMP": votes(0, 4, 0), "PUB": ALL_FOUR, "EXP": votes(1, 3, 0)},
        NOT_AGREED,
        ("EMP", "EXP"),
    ),
    "B-10 ten for, two against, and still not agreed: one side is enough": (
        {"MIN": AGAINST, "EMP": votes(3, 1, 0), "PUB": ALL_FOUR, "EXP": votes(3, 0, 1)},
        NOT_AGREED,
        ("MIN",),
    ),
    "B-15 the quorum of one side is lost": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": votes(2, 0, 0, absent=2), "EXP": ALL_FOUR},
        NOT_HELD,
        (),
    ),
    "W-06 no ballot sent is neither for nor an abstention": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": votes(3, 0, 0, absent=1), "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "W-08 a tie in a side is not agreed": (
        {"MIN": AGAINST, "EMP": ALL_FOUR, "PUB": votes(2, 2, 0), "EXP": votes(1, 3, 0)},
        NOT_AGREED,
        ("MIN", "PUB", "EXP"),
    ),
    "W-09 a recused seat is outside the base": (
        {"MIN": FOR, "EMP": votes(3, 0, 0, recused=1), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "B-27 two thirds or more suffices for experts, the ministry blocks": (
        {"MIN": AGAINST, "EMP": votes(3, 0, 1), "PUB": ALL_FOUR, "EXP": votes(3, 1, 0)},
        NOT_AGREED,
        ("MIN",),
    ),
    "B-28 adopted as a whole with a dissenting opinion": (
        {"MIN": FOR, "EMP": votes(3, 1, 0), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "further: EXP 2-1-0 of 3 is two thirds exactly": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR, "EXP": votes(2, 1, 0)},
        AGREED,
        (),
    ),
    "further: EXP 2-1-1 is two of four": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR, "EXP": votes(2, 1, 1)},
        NOT_AGREED,
        ("EXP",),
    ),
    "further: EMP 2-0-2 of 4 is half": (
        {"MIN": FOR, "EMP": votes(2, 0, 2), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        NOT_AGREED,
        ("EMP",),
    ),
    "further: EMP 2-1-0 with one absent is half of the entitled, though more of those present": (
        {"MIN": FOR, "EMP": votes(2, 1, 0, absent=1), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        NOT_AGREED,
        ("EMP",),
    ),
    "further: EMP 2-0-0 with one recused and one absent is two of three": (
        {"MIN": FOR, "EMP": votes(2, 0, 0, absent=1, recused=1), "PUB": ALL_FOUR, "EXP": ALL_FOUR},
        AGREED,
        (),
    ),
    "further: PUB 1-0-1 with two of four present is no quorum": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": votes(1, 0, 1, absent=2), "EXP": ALL_FOUR},
        NOT_HELD,
        (),
    ),
    "further: all of EXP recused is postponed": (
        {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR, "EXP": votes(0, 0, 0, recused=4)},
        NOT_HELD,
        (),
    ),
}


@pytest.mark.parametrize(("sides", "result", "blamed"), VECTORS.values(), ids=VECTORS)
def test_vector(sides: Counts, result: TableResult, blamed: tuple[str, ...]) -> None:
    rows = roll(sides)
    outcome = decide(TABLE, rows)

    assert (table_result(outcome), outcome.blocked_by) == (result, blamed)
    agreed = {one.side for one in side_results(outcome, rows) if one.agreed}
    assert (result is AGREED) == (agreed == set(SIDES))


def test_results_of_sides_are_read_from_the_trace() -> None:
    rows = roll(
        {
            "MIN": FOR,
            "EMP": votes(1, 1, 1, recused=1),
            "PUB": votes(1, 0, 0, absent=3),
            "EXP": [YES, SILENT, SILENT],
        }
    )

    results = {one.side: one for one in side_results(decide(TABLE, rows), rows)}

    assert list(results) == list(SIDES)
    assert results["EMP"] == SideResult(
        side="EMP",
        entitled=3,
        recused=1,
        cast=3,
        votes_for=1,
        votes_against=1,
        abstained=1,
        side_quorum=True,
        agreed=False,
    )
    # One of one present agreed, but one of four is no quorum: the side has decided nothing.
    assert (results["PUB"].side_quorum, results["PUB"].agreed) == (False, False)
    assert (results["EXP"].cast, results["EXP"].side_quorum) == (1, True)
    assert results["MIN"].as_document() == {
        "side": "MIN",
        "entitled": 1,
        "recused": 0,
        "cast": 1,
        "votes_for": 1,
        "votes_against": 0,
        "abstained": 0,
        "side_quorum": True,
        "agreed": True,
    }


def test_the_quorum_is_known_before_anybody_votes() -> None:
    present = {
        "MIN": [SILENT],
        "EMP": [SILENT] * 4,
        "PUB": [SILENT, ABSENT, SILENT, ABSENT],
        "EXP": [SILENT, SILENT, RECUSED, ABSENT],
    }

    assert sides_without_quorum(TABLE, roll(present)) == ("PUB",)


NEEDED: dict[str, tuple[Counts, dict[str, int | None]]] = {
    "one voice": ({"MIN": AGAINST}, {"MIN": 1}),
    "nobody is left who could agree": ({"EXP": votes(0, 0, 0, recused=4)}, {"EXP": None}),
    "a tie": ({"PUB": votes(2, 2, 0)}, {"PUB": 1}),
    "half of the entitled": ({"EMP": votes(2, 0, 2)}, {"EMP": 1}),
    "all against": ({"EMP": votes(0, 4, 0)}, {"EMP": 3}),
    "two of four experts": ({"EXP": votes(2, 1, 1)}, {"EXP": 1}),
    "one of four experts": ({"EXP": votes(1, 3, 0)}, {"EXP": 2}),
    "agreement without a quorum": ({"PUB": votes(2, 0, 0, absent=2)}, {"PUB": 1}),
    "nobody came": ({"PUB": votes(0, 0, 0, absent=4)}, {"PUB": 3}),
    # One more of those absent would make 2 of 3; one turned round makes 2 of 2 present of 4.
    "against and absent": ({"PUB": votes(1, 1, 0, absent=2)}, {"PUB": 1}),
    "two sides": ({"EMP": votes(1, 3, 0), "PUB": votes(2, 2, 0)}, {"EMP": 2, "PUB": 1}),
}


@pytest.mark.parametrize(("sides", "needed"), NEEDED.values(), ids=NEEDED)
def test_votes_needed(sides: Counts, needed: dict[str, int | None]) -> None:
    whole = {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR, "EXP": ALL_FOUR, **sides}

    found = votes_needed(TABLE, roll(whole))

    assert found == tuple(Needed(side, votes) for side, votes in needed.items())


VOTE = st.sampled_from([YES, NO, ABSTAIN, SILENT, ABSENT, RECUSED])
ROLL = st.fixed_dictionaries(
    {side: st.lists(VOTE, max_size=5 if side != "MIN" else 1) for side in SIDES}
)


@given(ROLL)
def test_as_many_votes_as_needed_are_enough_and_fewer_are_not(sides: Counts) -> None:
    needed = {one.side: one.votes for one in votes_needed(TABLE, roll(sides))}
    open_votes = {
        side: [v for v in given if v not in (YES, RECUSED)] for side, given in sides.items()
    }

    for side, count in needed.items():
        enough = [
            size
            for size in range(1, len(open_votes[side]) + 1)
            if any(agrees(side, changed) for changed in changed_votes(sides[side], size))
        ]
        assert count == (min(enough) if enough else None)


def changed_votes(given: list[str], size: int) -> list[list[str]]:
    open_places = [place for place, vote in enumerate(given) if vote not in (YES, RECUSED)]
    return [
        [YES if place in chosen else vote for place, vote in enumerate(given)]
        for mask in product([False, True], repeat=len(open_places))
        if sum(mask) == size
        for chosen in [{p for p, is_chosen in zip(open_places, mask, strict=True) if is_chosen}]
    ]


def agrees(side: str, given: list[str]) -> bool:
    rows = roll({side: given})
    (result,) = (one for one in side_results(decide(TABLE, rows), rows) if one.side == side)
    return result.agreed


@given(ROLL)
def test_inv_b5_the_table_agrees_exactly_when_every_side_does(sides: Counts) -> None:
    rows = roll(sides)
    outcome = decide(TABLE, rows)
    results = side_results(outcome, rows)

    if not all(one.side_quorum for one in results):
        assert table_result(outcome) is NOT_HELD
    elif all(one.agreed for one in results):
        assert table_result(outcome) is AGREED
    else:
        assert table_result(outcome) is NOT_AGREED
        assert outcome.blocked_by == tuple(one.side for one in results if not one.agreed)


def test_inv_b5_heads_across_sides_never_matter() -> None:
    """Fifteen of sixteen seats for, and still not agreed."""
    wide = dict.fromkeys(("A", "B", "C"), InnerRule.MAJORITY_OF_ENTITLED)
    charter = parse_charter(
        compose_table_charter(id="t", title="T", sides={**wide, "D": InnerRule.CONSENSUS})
    )
    rows = roll({"A": [YES] * 4, "B": [YES] * 4, "C": [YES] * 4, "D": [YES] * 3 + [NO]})

    assert table_result(decide(charter, rows)) is NOT_AGREED


@given(ROLL, st.sampled_from(list(SIDES)))
def test_inv_b6_a_side_that_does_not_come_never_consents(sides: Counts, side: str) -> None:
    away = {**sides, side: [ABSENT] * 4}

    assert table_result(decide(TABLE, roll(away))) is NOT_HELD


@given(ROLL, st.sampled_from(list(SIDES)), st.integers(1, 3))
def test_inv_b7_a_recused_seat_is_outside_all_bases(sides: Counts, side: str, recused: int) -> None:
    more = {**sides, side: [*sides[side], *[RECUSED] * recused]}

    assert decide(TABLE, roll(more)).result == decide(TABLE, roll(sides)).result


def test_situation_05_a_recusal_is_no_abstention() -> None:
    whole = {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR}
    recused = {**whole, "EXP": votes(2, 1, 0, recused=1)}
    abstaining = {**whole, "EXP": votes(2, 1, 1)}

    assert table_result(decide(TABLE, roll(recused))) is AGREED
    assert table_result(decide(TABLE, roll(abstaining))) is NOT_AGREED


def test_situation_10_nobody_breaks_a_tie_in_a_side() -> None:
    for rule in (InnerRule.MAJORITY_OF_ENTITLED, InnerRule.MAJORITY_OF_PRESENT):
        charter = parse_charter(compose_table_charter(id="t", title="T", sides={"A": rule}))
        assert table_result(decide(charter, roll({"A": votes(2, 2, 0)}))) is NOT_AGREED


CONSENSUS = {
    "nobody against": (votes(1, 0, 3), AGREED),
    "one against": (votes(3, 1, 0), NOT_AGREED),
    "nobody for": (votes(0, 0, 4), NOT_AGREED),
    "no quorum": (votes(2, 0, 0, absent=2), NOT_HELD),
}


@pytest.mark.parametrize(("given_votes", "result"), CONSENSUS.values(), ids=CONSENSUS)
def test_consensus(given_votes: list[str], result: TableResult) -> None:
    charter = parse_charter(
        compose_table_charter(id="t", title="T", sides={"A": InnerRule.CONSENSUS})
    )
    outcome = decide(charter, roll({"A": given_votes}))

    assert table_result(outcome) is result
    assert outcome.blocked_by == (("A",) if result is NOT_AGREED else ())


def test_a_second_seat_on_the_roll_of_a_single_voice_is_not_overlooked() -> None:
    charter = parse_charter(
        compose_table_charter(id="t", title="T", sides={"A": InnerRule.SINGLE_VOICE})
    )

    assert table_result(decide(charter, roll({"A": [YES, SILENT]}))) is NOT_AGREED


def test_trap_02_no_votes_at_all_are_no_majority() -> None:
    whole = {"MIN": FOR, "EMP": ALL_FOUR, "PUB": ALL_FOUR, "EXP": [SILENT] * 4}

    assert table_result(decide(TABLE, roll(whole))) is NOT_AGREED


def test_a_table_without_sides_is_no_table() -> None:
    with pytest.raises(CharterError):
        compose_table_charter(id="t", title="T", sides={})


def test_only_the_outcome_of_a_table_is_read_as_one() -> None:
    other = motion({"then": "rejected"})

    assert is_table(decide(TABLE, roll({"MIN": FOR})))
    assert not is_table(decide(other, heads(yes=1)))
    with pytest.raises(KeyError):
        table_result(decide(other, heads(yes=1)))
