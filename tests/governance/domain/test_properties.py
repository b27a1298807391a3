"""What holds for every roll, tried on generated ones."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from governance.domain.charter import Charter, parse_charter
from governance.domain.decide import decide
from governance.domain.outcome import Outcome
from governance.domain.rows import Row
from governance.domain.table import InnerRule, compose_table_charter
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    NO,
    RECUSED,
    SILENT,
    TABLE,
    VOID,
    YES,
    known_charters,
    motion,
)

VOTES = [YES, NO, ABSTAIN, VOID, SILENT, ABSENT, RECUSED]
LIBRARY = known_charters()

# Attributes that satisfy the charters below: sides, groups and weights of the kinds they ask for.
ATTRIBUTES = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["permanent", "elected"]),
        "group": st.sampled_from(["nl", "fr"]),
        "designation": st.sampled_from(["nationalist", "unionist", "other"]),
        "population": st.integers(1, 9),
        "shares": st.integers(1, 9),
        "office": st.sampled_from(["chair", "member", "senator", "vp"]),
        "canton": st.sampled_from(["zh", "be", "ju"]),
        "land": st.sampled_from(["HB", "BY"]),
    }
)
ROWS = st.lists(
    st.builds(
        Row,
        id=st.just(""),
        vote=st.sampled_from(VOTES),
        side=st.sampled_from(["unions", "employers", "government", "MIN", "EMP", "PUB", "EXP"]),
        n=st.integers(1, 4),
        attributes=ATTRIBUTES,
    ),
    max_size=10,
)
VARIED = st.sampled_from(
    [
        LIBRARY[name]
        for name in (
            "eu_qmv",
            "eu_comitology_examination",
            "unsc",
            "unga_simple",
            "rf_jsc_simple",
            "belgian_special",
            "ni_cross_community",
            "rf_regional_tripartite",
            "swiss_federal_council",
            "italy_abrogative",
            "coop_omov",
            "australia_referendum",
            "duma_law",
        )
    ]
    + [TABLE]
)
# Without a quorum over votes cast, one more vote in favour can only help.
MONOTONE = st.sampled_from(
    [
        LIBRARY[name]
        for name in (
            "eu_qmv",
            "eu_simple",
            "unsc",
            "unga_two_thirds",
            "rf_jsc_3_4",
            "belgian_special",
            "ni_parallel",
            "ni_cross_community",
            "rf_regional_tripartite",
            "oasis_special",
            "coop_omov",
            "duma_law",
        )
    ]
    + [TABLE]
)


def come_to(charter: Charter, rows: list[Row]) -> tuple[str, tuple[str, ...]]:
    outcome = decide(charter, rows)
    return outcome.result, outcome.blocked_by


@given(VARIED, ROWS, st.data())
def test_the_order_of_rows_changes_nothing(
    charter: Charter, rows: list[Row], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))

    assert decide(charter, shuffled) == decide(charter, rows)


@given(VARIED, ROWS, st.data())
def test_who_of_a_side_gave_which_vote_changes_nothing(
    charter: Charter, rows: list[Row], data: st.DataObject
) -> None:
    """Anonymity: members of one side, office and weight may exchange their votes."""
    one_by_one = [replace(row, n=1) for row in rows for _ in range(row.n)]
    alike: dict[tuple[object, ...], list[int]] = {}
    for place, row in enumerate(one_by_one):
        alike.setdefault((row.side, *sorted(row.attributes.items())), []).append(place)
    exchanged = [replace(row, id=str(place)) for place, row in enumerate(one_by_one)]
    owner = {str(place): str(place) for place in range(len(exchanged))}
    for places in alike.values():
        for place, other in zip(places, data.draw(st.permutations(places)), strict=True):
            exchanged[place] = replace(exchanged[place], vote=one_by_one[other].vote)
            owner[str(place)] = str(other)
    before = decide(charter, [replace(row, id=str(place)) for place, row in enumerate(one_by_one)])
    after = decide(charter, exchanged)

    # Those who are named as standing in the way are they who gave the votes now.
    assert sorted(owner[name] for name in after.blocking_rows) == sorted(before.blocking_rows)
    assert replace(after, blocking_rows=()) == replace(before, blocking_rows=())


EXCHANGED = {YES: NO, NO: YES}
OPPOSITE = {"adopted": "rejected", "rejected": "adopted"}


@given(
    st.sampled_from([LIBRARY[name] for name in ("eu_comitology_examination", "nodejs_tsc_2021")]),
    ROWS,
)
def test_for_and_against_are_treated_alike(charter: Charter, rows: list[Row]) -> None:
    """Neutrality, where a rule has it: who exchanges the answers exchanges the results."""
    turned = [replace(row, vote=EXCHANGED.get(row.vote, row.vote)) for row in rows]
    result = decide(charter, rows).result

    assert decide(charter, turned).result == OPPOSITE.get(result, result)


@given(ROWS, st.permutations(["MIN", "EMP", "PUB"]))
def test_sides_of_one_rule_may_exchange_their_names(rows: list[Row], names: list[str]) -> None:
    sides = ("MIN", "EMP", "PUB")
    charter = parse_charter(
        compose_table_charter(
            id="equal", title="Equal", sides=dict.fromkeys(sides, InnerRule.TWO_THIRDS_PRESENT)
        )
    )
    new = dict(zip(sides, names, strict=True))
    before = decide(charter, rows)
    after = decide(charter, [replace(row, side=new.get(row.side, row.side)) for row in rows])

    assert after.result == before.result
    assert {*after.blocking_sides} == {new[side] for side in before.blocking_sides}


@given(VARIED, ROWS)
def test_n_equal_members_are_n_members(charter: Charter, rows: list[Row]) -> None:
    single = [replace(row, n=1) for row in rows for _ in range(row.n)]

    assert decide(charter, single) == decide(charter, rows)


@given(VARIED, ROWS, ATTRIBUTES)
def test_a_row_of_nobody_changes_nothing(
    charter: Charter, rows: list[Row], attributes: dict[str, str | int]
) -> None:
    nobody = Row(id="", vote=NO, n=0, attributes=attributes)

    assert come_to(charter, [*rows, nobody]) == come_to(charter, rows)


@given(MONOTONE, ROWS, st.data())
def test_a_vote_against_turned_into_one_for_never_undoes_an_adoption(
    charter: Charter, rows: list[Row], data: st.DataObject
) -> None:
    against = [place for place, row in enumerate(rows) if row.vote == NO]
    assume(against)
    place = data.draw(st.sampled_from(against))
    turned = [replace(row, vote=YES) if at == place else row for at, row in enumerate(rows)]

    if decide(charter, rows).result == "adopted":
        assert decide(charter, turned).result == "adopted"


@given(MONOTONE, ROWS, st.data())
def test_an_abstention_turned_into_a_vote_for_never_undoes_an_adoption(
    charter: Charter, rows: list[Row], data: st.DataObject
) -> None:
    abstaining = [place for place, row in enumerate(rows) if row.vote == ABSTAIN]
    assume(abstaining)
    place = data.draw(st.sampled_from(abstaining))
    turned = [replace(row, vote=YES) if at == place else row for at, row in enumerate(rows)]

    if decide(charter, rows).result == "adopted":
        assert decide(charter, turned).result == "adopted"


@given(
    st.sampled_from(
        [LIBRARY["unga_simple"], LIBRARY["unga_two_thirds"], LIBRARY["us_senate_majority"]]
    ),
    ROWS,
    ATTRIBUTES,
)
def test_an_abstention_more_never_breaks_a_quorum_of_those_present(
    charter: Charter, rows: list[Row], attributes: dict[str, str | int]
) -> None:
    more = [*rows, Row(id="", vote=ABSTAIN, attributes=attributes)]

    if decide(charter, rows).result != "no_quorum":
        assert decide(charter, more).result == decide(charter, rows).result


def test_abstaining_defeats_a_quorum_of_votes_cast() -> None:
    """The fishing convention of 2005: 288 for, 8 against, and one short of the quorum."""
    charter = LIBRARY["ilo_convention"]
    rows = [Row(id="", vote=YES, n=288), Row(id="", vote=NO, n=8), Row(id="", vote=ABSTAIN, n=139)]

    assert decide(charter, [*rows, Row(id="", vote=ABSENT, n=159)], seats=594).result == "no_quorum"
    assert decide(charter, [*rows, Row(id="", vote=NO)], seats=594).result == "adopted"


@given(ROWS, st.fractions(min_value=Fraction(1, 100), max_value=100))
def test_equal_weights_scaled_change_nothing(rows: list[Row], factor: Fraction) -> None:
    charter = LIBRARY["rf_jsc_3_4"]
    scaled = [
        replace(row, attributes={**row.attributes, "shares": row.attributes["shares"] * factor})
        for row in rows
    ]

    assert decide(charter, scaled).result == decide(charter, rows).result


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 30), st.integers(1, 30))
def test_a_share_is_compared_without_rounding(yes: int, no: int, part: int, whole: int) -> None:
    charter = motion(
        {"then": "adopted", "if": {">=": f"{part}/{whole}", "of": "cast"}}, {"then": "rejected"}
    )
    rows = [Row(id="", vote=YES, n=yes), Row(id="", vote=NO, n=no)]

    is_enough = yes * whole >= part * (yes + no) and yes > 0
    assert (decide(charter, rows).result == "adopted") == is_enough


@given(st.integers(0, 60), st.integers(0, 3600))
def test_a_root_is_compared_without_rounding(yes: int, absent: int) -> None:
    charter = motion(
        {"then": "adopted", "if": {">": "3/2", "of": "members", "root": 2}}, {"then": "rejected"}
    )
    rows = [Row(id="", vote=YES, n=yes), Row(id="", vote=ABSENT, n=absent)]

    assert (decide(charter, rows).result == "adopted") == (4 * yes * yes > 9 * (yes + absent))


@given(VARIED, ROWS)
def test_an_outcome_is_read_back_as_it_was(charter: Charter, rows: list[Row]) -> None:
    outcome = decide(charter, rows)

    assert Outcome.from_document(outcome.as_document()) == outcome
