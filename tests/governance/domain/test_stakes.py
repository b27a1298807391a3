"""What one vote does to a count: checked by counting every way there is."""

from __future__ import annotations

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.charter import Charter, parse_charter
from governance.domain.decide import decide
from governance.domain.expressions import Vote
from governance.domain.rows import Row
from governance.domain.stakes import OPTIONS, Effect, stakes, swings
from governance.domain.table import InnerRule, compose_table_charter, votes_needed

COMPOSED = [rule for rule in InnerRule if rule is not InnerRule.BY_RULES]
SEATED = [rule for rule in COMPOSED if rule is not InnerRule.SINGLE_VOICE]
FREE = {
    "majority of cast": [{"then": "adopted", "if": {">": "1/2", "of": "cast"}}],
    "veto of a side": [
        {"then": "blocked", "if": {"votes": "no", "side": "B", ">=": 1}},
        {"then": "adopted", "if": {">=": "2/3", "of": "present"}},
    ],
    "quorum of cast": [
        {"then": "no_quorum", "unless": {"votes": "cast", ">=": "1/2", "of": "members"}},
        {"then": "adopted", "if": {">": 1, "of": "no"}},
    ],
}


def table(**sides: InnerRule) -> Charter:
    return parse_charter(compose_table_charter(id="t", title="T", sides=sides))


def free(name: str) -> Charter:
    return parse_charter(
        {
            "schema": "decision-charter/1",
            "id": "f",
            "title": "F",
            "kind": "motion",
            "roll": {"sides": {"A": {"side": "A"}, "B": {"side": "B"}}},
            "decide": [*FREE[name], {"then": "rejected"}],
        }
    )


def rows(**sides: list[str]) -> list[Row]:
    return [
        Row(id=f"{side}-{n}", side=side, vote=vote)
        for side, votes in sides.items()
        for n, vote in enumerate(votes, 1)
    ]


def passes(charter: Charter, roll: list[Row]) -> bool:
    return decide(charter, roll).result == "adopted"


@pytest.mark.parametrize("rule", SEATED)
@pytest.mark.parametrize("others", [1, 2, 3])
def test_what_is_said_before_the_vote_is_what_happens(rule: InnerRule, others: int) -> None:
    charter = table(A=rule, B=InnerRule.MAJORITY_OF_PRESENT)
    found = stakes(charter, rows(A=["silent"] * (others + 1), B=["silent"] * 3), "A-1")
    told = {Vote.ABSTAIN: found.abstention, Vote.ABSENT: found.absence}
    for vote, effect in told.items():
        mixtures = list(product(OPTIONS, repeat=others))

        def answers(mine: str, mixtures: list[tuple[Vote, ...]] = mixtures) -> list[bool]:
            return [passes(charter, rows(A=[mine, *rest], B=["yes"] * 3)) for rest in mixtures]

        assert (answers(vote) == answers(Vote.NO)) == (effect is Effect.COUNTS_AGAINST)
        if effect is Effect.COUNTS_FOR:
            assert answers(vote) == answers(Vote.YES)
    for vote, enough in found.enough.items():
        carried = [
            wanted
            for wanted in range(others + 1)
            if passes(
                charter,
                rows(A=[vote, *["yes"] * wanted, *["no"] * (others - wanted)], B=["yes"] * 3),
            )
        ]
        assert enough == (carried[0] if carried else None)


def test_the_rules_of_the_demonstration_in_numbers() -> None:
    two_thirds = stakes(table(EXP=InnerRule.TWO_THIRDS_PRESENT), rows(EXP=["silent"] * 4), "EXP-1")
    assert dict(two_thirds.enough) == {"yes": 2, "no": 3, "abstain": 3, "absent": 2}
    assert two_thirds.abstention is Effect.COUNTS_AGAINST
    assert (two_thirds.absence, two_thirds.absence_costs_quorum) == (Effect.NEITHER, True)

    alone = stakes(table(MIN=InnerRule.SINGLE_VOICE), rows(MIN=["silent"]), "MIN-1")
    assert (alone.others, alone.abstention) == (0, Effect.COUNTS_AGAINST)
    assert alone.absence_costs_quorum

    consensus = stakes(table(A=InnerRule.CONSENSUS), rows(A=["silent"] * 3), "A-1")
    assert consensus.abstention is Effect.NEITHER
    assert consensus.enough[Vote.NO] is None


def test_a_recused_seat_has_no_stake() -> None:
    charter = table(A=InnerRule.CONSENSUS)
    with pytest.raises(LookupError):
        stakes(charter, rows(A=["recused", "silent"]), "A-1")
    assert stakes(charter, rows(A=["recused", "silent"]), "A-2").others == 0


def test_a_large_side_is_tried_by_each_vote_beside_for() -> None:
    charter = table(A=InnerRule.MAJORITY_OF_ENTITLED)
    found = stakes(charter, rows(A=["silent"] * 21), "A-1")
    assert dict(found.enough) == {"yes": 10, "no": 11, "abstain": 11, "absent": 11}
    assert found.abstention is found.absence is Effect.COUNTS_AGAINST


def by_force(charter: Charter, roll: list[Row], places: list[int]) -> int | None:
    """Find the fewest of these rows that turn the result, trying each set and each vote."""
    before = passes(charter, roll)
    for wanted in range(1, len(places) + 1):
        for chosen in combinations(places, wanted):
            for votes in product(("yes", "no", "abstain"), repeat=wanted):
                new = list(roll)
                for place, vote in zip(chosen, votes, strict=True):
                    new[place] = Row(id=roll[place].id, side=roll[place].side, vote=vote)
                if passes(charter, new) != before:
                    return wanted
    return None


VOTES = st.sampled_from(["yes", "no", "abstain", "absent", "silent", "recused"])
CHARTERS = st.one_of(
    st.builds(table, A=st.sampled_from(SEATED), B=st.sampled_from(SEATED)),
    st.sampled_from(sorted(FREE)).map(free),
)


@settings(max_examples=60, deadline=None)
@given(CHARTERS, st.lists(VOTES, min_size=1, max_size=4), st.lists(VOTES, min_size=1, max_size=3))
def test_the_fewest_votes_that_turn_a_result_are_the_fewest(
    charter: Charter, a: list[str], b: list[str]
) -> None:
    roll = rows(A=a, B=b)
    for swing in swings(charter, roll):
        places = [
            place
            for place, row in enumerate(roll)
            if row.side == swing.side and row.vote != "recused"
        ]
        assert swing.is_known
        assert swing.votes == by_force(charter, roll, places)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(SEATED),
    st.sampled_from(SEATED),
    st.lists(VOTES, min_size=1, max_size=3),
    st.lists(VOTES, min_size=1, max_size=3),
)
def test_the_votes_that_lacked_are_the_fewest_together(
    one: InnerRule, other: InnerRule, a: list[str], b: list[str]
) -> None:
    charter, roll = table(A=one, B=other), rows(A=a, B=b)
    if passes(charter, roll):
        return
    needed = [lacking.votes for lacking in votes_needed(charter, roll)]
    places = [place for place, row in enumerate(roll) if row.vote != "recused"]
    fewest = by_force(charter, roll, places)
    assert fewest == (None if None in needed else sum(votes for votes in needed if votes))


def many(**votes: int) -> list[Row]:
    """Return rows of equal members: `A_yes=60` is sixty of side A for."""
    return [
        Row(id="", side=name.partition("_")[0], vote=name.partition("_")[2], n=n)
        for name, n in votes.items()
    ]


def test_of_a_side_too_large_to_be_tried_what_is_said_is_true() -> None:
    charter = free("majority of cast")

    def found(**votes: int) -> list[tuple[int | None, bool]]:
        return [(swing.votes, swing.is_known) for swing in swings(charter, many(**votes))]

    assert found(A_yes=60, A_abstain=20, B_no=10) == [(25, True), (None, True)]
    assert found(A_yes=600, A_abstain=200, B_no=100) == [(250, False), (None, False)]


@settings(max_examples=40, deadline=None)
@given(CHARTERS, st.lists(VOTES, min_size=1, max_size=4), st.lists(VOTES, min_size=1, max_size=3))
def test_what_is_enough_is_never_less_than_the_fewest(
    charter: Charter, a: list[str], b: list[str]
) -> None:
    roll = rows(A=a, B=b)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("governance.domain.stakes._MOST_COUNTED", 0)
        enough = {swing.side: swing.votes for swing in swings(charter, roll) if not swing.is_known}
    for swing in swings(charter, roll):
        if (votes := enough.get(swing.side)) is not None:
            assert swing.votes is not None
            assert swing.votes <= votes
