"""The checklist of a decision, and whether a defect could have mattered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain import materiality
from governance.domain.decide import decide
from governance.domain.facts import CountedVote, Facts
from governance.domain.mandates import Standing
from governance.domain.materiality import Materiality, materiality_of
from governance.domain.rows import Row
from governance.domain.validity import (
    CheckCode,
    Report,
    State,
    Verdict,
    examine,
    last_day_to_challenge,
)
from tests.governance.domain.samples import (
    ABSENT,
    ABSTAIN,
    NO,
    RECUSED,
    SIDES,
    TABLE,
    YES,
    adopted_if,
    roll,
    votes,
)

TEXT = "f" * 64
ALL = votes(4, 0, 0)
AGREED = roll({"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": ALL, "EXP": ALL})


def cast(rows: tuple[Row, ...]) -> tuple[CountedVote, ...]:
    return tuple(
        CountedVote(
            seat=row.id,
            side=row.side,
            person=f"person of {row.id}",
            vote=row.vote,
            standing=Standing.VALID,
            in_time=True,
            text_sha256=TEXT,
        )
        for row in rows
        if row.vote in (YES, NO, ABSTAIN)
    )


def facts(rows: tuple[Row, ...] = AGREED, **more: Any) -> Facts:
    sound = Facts(
        charter=TABLE,
        rows=rows,
        recorded_result=decide(TABLE, rows).result,
        votes=cast(rows),
        is_within_competence=True,
        is_on_agenda=True,
        all_took_part=True,
        notice_required=10,
        notice_given={row.id: 11 for row in rows},
        undecided_recusals=frozenset(),
        ballot_text_sha256=TEXT,
        decided_text_sha256=TEXT,
        pinned_charter_version="2",
        applied_charter_version="2",
        protocol_faults=(),
    )
    return replace(sound, **more)


def with_vote(rows: tuple[Row, ...], seat: str, **change: Any) -> tuple[CountedVote, ...]:
    return tuple(replace(vote, **change) if vote.seat == seat else vote for vote in cast(rows))


def found(report: Report) -> dict[CheckCode, State]:
    return {check.code: check.state for check in report.checks if check.state is not State.HELD}


def test_a_sound_decision_is_valid_on_all_points() -> None:
    report = examine(facts())

    assert report.verdict is Verdict.VALID
    assert [check.code for check in report.checks] == list(CheckCode)
    assert (found(report), report.materiality, report.to_confirm) == ({}, None, ())


def test_the_protocol_comes_later() -> None:
    report = examine(facts(protocol_faults=None))

    assert found(report) == {CheckCode.PROTOCOL_FORM: State.PENDING}
    assert report.verdict is Verdict.VALID


VOID: dict[str, tuple[dict[str, Any], CheckCode]] = {
    "outside the competence": ({"is_within_competence": False}, CheckCode.COMPETENCE),
    "not on the agenda": ({"is_on_agenda": False, "all_took_part": False}, CheckCode.AGENDA),
    "without a quorum": (
        {
            "rows": roll(
                {"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": votes(2, 0, 0, absent=2), "EXP": ALL}
            ),
            "recorded_result": "adopted",
        },
        CheckCode.QUORUM,
    ),
}


@pytest.mark.parametrize(("change", "code"), VOID.values(), ids=VOID)
def test_void(change: dict[str, Any], code: CheckCode) -> None:
    report = examine(replace(facts(change.get("rows", AGREED)), **change))

    assert report.verdict is Verdict.VOID
    assert found(report)[code] is State.BREACHED


def test_situation_15_off_the_agenda_only_if_every_seat_took_part() -> None:
    report = examine(facts(is_on_agenda=False, all_took_part=True))

    assert report.verdict is Verdict.VALID
    assert found(report) == {CheckCode.AGENDA: State.EXCUSED}


def test_a_question_that_was_not_held_lacks_no_quorum() -> None:
    rows = roll({"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": [ABSENT] * 4, "EXP": ALL})

    assert examine(facts(rows)).verdict is Verdict.VALID


VOIDABLE: dict[str, tuple[dict[str, Any], CheckCode]] = {
    "another text decided": ({"decided_text_sha256": "0" * 64}, CheckCode.TEXT_HASH),
    "another version of the charter": (
        {"applied_charter_version": "3"},
        CheckCode.CHARTER_VERSION,
    ),
    "a result that the recount does not give": ({"recorded_result": "blocked"}, CheckCode.COUNT),
    "a protocol without its signers": (
        {"protocol_faults": ("unsigned", "no_date")},
        CheckCode.PROTOCOL_FORM,
    ),
    "no notice to anybody": (
        {"notice_given": dict.fromkeys(row.id for row in AGREED)},
        CheckCode.NOTICE,
    ),
    "a vote of the one voice without authority": (
        {"votes": with_vote(AGREED, "MIN-1", standing=Standing.EXPIRED)},
        CheckCode.AUTHORITY,
    ),
    "a late vote of the one voice": (
        {"votes": with_vote(AGREED, "MIN-1", in_time=False)},
        CheckCode.COUNT,
    ),
    "the one voice saw another text": (
        {"votes": with_vote(AGREED, "MIN-1", text_sha256="0" * 64)},
        CheckCode.TEXT_HASH,
    ),
    "a conflict nobody decided": ({"undecided_recusals": frozenset({"MIN-1"})}, CheckCode.RECUSALS),
    "one person for two sides": (
        {"votes": with_vote(AGREED, "EMP-1", person="person of MIN-1")},
        CheckCode.ONE_VOTE_PER_SEAT,
    ),
    "a vote that is not the one counted": (
        {"votes": with_vote(AGREED, "MIN-1", vote=NO)},
        CheckCode.COUNT,
    ),
    "a vote counted that nobody cast": ({"votes": cast(AGREED)[1:]}, CheckCode.COUNT),
}


@pytest.mark.parametrize(("change", "code"), VOIDABLE.values(), ids=VOIDABLE)
def test_voidable(change: dict[str, Any], code: CheckCode) -> None:
    report = examine(facts(**change))

    assert report.verdict is Verdict.VOIDABLE
    assert found(report) == {code: State.BREACHED}


# Of four employers all voted for: three suffice, so one vote does not decide.
IMMATERIAL: dict[str, tuple[dict[str, Any], CheckCode]] = {
    "one of four without authority": (
        {"votes": with_vote(AGREED, "EMP-1", standing=Standing.UNDATED)},
        CheckCode.AUTHORITY,
    ),
    "one of four without notice": ({"notice_given": {"EMP-1": None}}, CheckCode.NOTICE),
    "one of four told a day late": ({"notice_given": {"EMP-1": 9}}, CheckCode.NOTICE),
    "a seat that is not on the roll was not told": (
        {"notice_given": {"MIN-4": None}},
        CheckCode.NOTICE,
    ),
    "one of four voted on another text": (
        {"votes": with_vote(AGREED, "EMP-1", text_sha256="0" * 64)},
        CheckCode.TEXT_HASH,
    ),
    "a seat counted twice": (
        {"votes": (*cast(AGREED), cast(AGREED)[1])},
        CheckCode.ONE_VOTE_PER_SEAT,
    ),
}


@pytest.mark.parametrize(("change", "code"), IMMATERIAL.values(), ids=IMMATERIAL)
def test_an_immaterial_defect_is_shown_and_does_not_void(
    change: dict[str, Any], code: CheckCode
) -> None:
    report = examine(facts(**change))

    assert report.verdict is Verdict.VALID
    assert found(report) == {code: State.BREACHED}
    assert report.materiality is Materiality.IMMATERIAL


def test_two_defects_that_do_not_matter_alone_may_matter_together() -> None:
    bad = with_vote(AGREED, "EMP-1", standing=Standing.EXPIRED)
    report = examine(facts(votes=bad, notice_given={"EMP-2": 3}))

    assert {check.materiality for check in report.checks} == {None, Materiality.IMMATERIAL}
    assert (report.materiality, report.verdict) == (Materiality.MATERIAL, Verdict.VOIDABLE)


def test_a_recused_seat_that_voted_is_found() -> None:
    rows = roll({"MIN": votes(1, 0, 0), "EMP": votes(3, 0, 0, recused=1), "PUB": ALL, "EXP": ALL})
    voted = CountedVote("EMP-4", "EMP", "p", YES, Standing.VALID, in_time=True, text_sha256=TEXT)

    report = examine(facts(rows, votes=(*cast(rows), voted)))

    assert found(report) == {CheckCode.RECUSALS: State.BREACHED}


def test_situation_02_an_unknown_revocation_is_flagged_and_decides_if_it_decides() -> None:
    flagged = examine(
        facts(votes=with_vote(AGREED, "EMP-1", standing=Standing.REVOKED_UNKNOWN_AT_TIME))
    )
    decisive = examine(
        facts(votes=with_vote(AGREED, "MIN-1", standing=Standing.REVOKED_UNKNOWN_AT_TIME))
    )

    assert flagged.verdict is decisive.verdict is Verdict.VALID
    assert found(flagged) == {CheckCode.AUTHORITY: State.FLAGGED}
    assert (flagged.to_confirm, flagged.must_redecide) == (("EMP-1",), False)
    assert (decisive.to_confirm, decisive.must_redecide) == (("MIN-1",), True)


def test_situation_04_inv_a6_two_sides_by_one_person_challenge_both_votes() -> None:
    report = examine(facts(votes=with_vote(AGREED, "PUB-1", person="person of EXP-1")))

    (check,) = (one for one in report.checks if one.code is CheckCode.ONE_VOTE_PER_SEAT)
    assert check.seats == ("EXP-1", "PUB-1")


def test_two_seats_of_one_side_may_be_represented_by_one_person() -> None:
    report = examine(facts(votes=with_vote(AGREED, "PUB-1", person="person of PUB-2")))

    assert found(report) == {}


@pytest.mark.parametrize("faults", [None, (), ("unsigned", "no_date")], ids=str)
def test_facts_come_back_from_json_as_they_were(faults: tuple[str, ...] | None) -> None:
    known = facts(protocol_faults=faults, notice_given={"EMP-1": None, "EMP-2": 9})
    stored = json.loads(json.dumps(known.as_document()))

    assert Facts.from_document(stored, charter=known.charter, rows=known.rows) == known


def test_a_report_is_json() -> None:
    report = examine(facts(votes=with_vote(AGREED, "EMP-1", standing=Standing.EXPIRED)))

    read = json.loads(json.dumps(report.as_document()))
    assert (read["verdict"], read["materiality"]) == ("valid", "immaterial")
    assert [check["code"] for check in read["checks"]] == list(CheckCode)
    assert read["checks"][4]["seats"] == ["EMP-1"]


VOTE = st.sampled_from([YES, NO, ABSTAIN, ABSENT, RECUSED])
ROLL = st.fixed_dictionaries(
    {side: st.lists(VOTE, min_size=1, max_size=4 if side != "MIN" else 1) for side in SIDES}
)


@given(ROLL, st.data())
def test_immaterial_means_that_no_other_vote_gives_another_result(
    sides: dict[str, list[str]], data: st.DataObject
) -> None:
    rows = roll(sides)
    seats = data.draw(st.lists(st.sampled_from([row.id for row in rows]), max_size=3, unique=True))
    ways = data.draw(st.lists(VOTE, min_size=len(seats), max_size=len(seats)))
    changed = dict(zip(seats, ways, strict=True))
    other = [replace(row, vote=changed.get(row.id, row.vote)) for row in rows]

    verdict = materiality_of(TABLE, rows, seats)

    if decide(TABLE, other).result != decide(TABLE, rows).result:
        assert verdict is Materiality.MATERIAL
    if not seats:
        assert verdict is Materiality.IMMATERIAL


def test_only_mixed_ways_may_change_the_result() -> None:
    """Neither all for nor all against makes a tie; one of each does."""
    charter = adopted_if({"not": {"==": 1, "of": "no"}})
    rows = [Row(id=str(seat), vote=YES) for seat in range(2)]

    assert materiality_of(charter, rows, ["0", "1"]) is Materiality.MATERIAL


def test_too_many_ways_are_not_guessed() -> None:
    """No result can be reached but one, and there are too many ways to try them all."""
    charter = adopted_if({">": 1000})
    rows = [Row(id=str(seat), vote=YES, attributes={"seat": seat}) for seat in range(9)]

    assert materiality_of(charter, rows, [row.id for row in rows]) is Materiality.NOT_EXAMINED
    few = [row.id for row in rows[:3]]
    assert materiality_of(charter, rows, few) is Materiality.IMMATERIAL
    assert materiality._MOST_ROLLS < 5**9


def test_the_time_to_challenge() -> None:
    published = date(2026, 5, 29)

    assert last_day_to_challenge(known_on=date(2026, 6, 1), published_on=published) == date(
        2026, 12, 1
    )
    assert last_day_to_challenge(known_on=date(2028, 5, 1), published_on=published) == date(
        2028, 5, 29
    )
    assert last_day_to_challenge(known_on=date(2026, 8, 31), published_on=published) == date(
        2027, 2, 28
    )


def test_a_confirmation_cures_what_is_voidable_and_nothing_that_is_void() -> None:
    late = {**{row.id: 11 for row in AGREED}, "EMP-1": 0, "EMP-2": 0}
    voidable = facts(
        notice_given=late, votes=with_vote(AGREED, "MIN-1", standing=Standing.NOT_FOUND)
    )
    assert examine(voidable).verdict is Verdict.VOIDABLE
    cured = examine(replace(voidable, is_confirmed=True))
    assert cured.verdict is Verdict.VALID
    assert found(cured) == {CheckCode.NOTICE: State.CURED, CheckCode.AUTHORITY: State.CURED}
    for void in (
        {"is_within_competence": False},
        {"is_on_agenda": False, "all_took_part": False},
    ):
        assert examine(replace(voidable, is_confirmed=True, **void)).verdict is Verdict.VOID
    # What was stored before decisions could be confirmed is still read.
    document = voidable.as_document()
    del document["is_confirmed"]
    read = Facts.from_document(document, charter=TABLE, rows=AGREED)
    assert examine(read) == examine(voidable)
