"""An outcome becomes statements in the order in which people ask."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.decide import decide
from governance.domain.explain import Said, explain, least_that_passes
from governance.domain.rows import Row
from governance.domain.table import votes_needed
from tests.governance.domain.samples import (
    NO,
    TABLE,
    adopted_if,
    heads,
    motion,
    roll,
    votes,
)

ALL = votes(4, 0, 0)


def test_agreement() -> None:
    explained = explain(
        decide(TABLE, roll({"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": ALL, "EXP": ALL}))
    )

    assert explained.result.result == "agreed"
    assert [reason.said for reason in explained.reasons] == [Said.ALL_SIDES_AGREED]
    assert (explained.blocked_by, explained.needed) == ((), ())
    assert len(explained.tests) == 8


def test_no_agreement() -> None:
    rows = roll({"MIN": votes(0, 1, 0), "EMP": votes(2, 2, 0), "PUB": ALL, "EXP": ALL})
    explained = explain(decide(TABLE, rows), votes_needed(TABLE, rows))

    assert explained.result.result == "not_agreed"
    assert [(one.said, one.side) for one in explained.reasons] == [
        (Said.SIDE_DID_NOT_AGREE, "MIN"),
        (Said.SIDE_DID_NOT_AGREE, "EMP"),
    ]
    assert explained.reasons[1].test is not None
    assert explained.reasons[1].test.left == 2
    assert [one.names for one in explained.blocked_by] == [("MIN", "EMP")]
    assert [(one.side, one.votes) for one in explained.needed] == [
        *(("MIN", 1), ("EMP", 1)),
        ("", 2),
    ]
    assert explained.needed[-1].said is Said.NEEDED_TOGETHER


def test_no_quorum() -> None:
    rows = roll({"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": ALL, "EXP": votes(0, 0, 0, recused=2)})
    explained = explain(decide(TABLE, rows), votes_needed(TABLE, rows))

    assert explained.result.result == "not_held"
    assert [(one.said, one.side) for one in explained.reasons] == [(Said.SIDE_HAD_NO_QUORUM, "EXP")]
    assert [(one.said, one.side) for one in explained.needed] == [(Said.NOTHING_WOULD_DO, "EXP")]


def test_another_charter() -> None:
    charter = motion(
        {"then": "blocked", "if": {"votes": "no", ">=": 1}, "why": "objection", "next": "council"},
        {"then": "adopted"},
    )
    explained = explain(decide(charter, [Row(id="FR", vote=NO), Row(id="UK", vote=NO)]))

    assert explained.result.result == "blocked"
    assert [(one.said, one.why) for one in explained.reasons] == [
        (Said.RULE_APPLIED, "objection"),
        (Said.NEXT_VOTE, "council"),
    ]
    assert explained.blocked_by[0].names == ("FR", "UK")


LEAST: dict[str, tuple[dict[str, Any], int | None]] = {
    "more than half of nine": ({">": "1/2", "of": "members"}, 5),
    "more than a third of nine": ({">": "1/3", "of": "members"}, 4),
    "at least two thirds of nine": ({">=": "2/3", "of": "members"}, 6),
    "at least two fifths of nine": ({">=": "2/5", "of": "members"}, 4),
    "a plain number": ({">=": 7}, 7),
    "at most": ({"votes": "no", "<=": "1/4", "of": "members"}, None),
    "a root": ({">=": 1, "of": "members", "root": 2}, None),
    "nothing of nothing": ({">=": "1/2", "of": "recused"}, None),
}


@pytest.mark.parametrize(("condition", "least"), LEAST.values(), ids=LEAST)
def test_the_least_that_passes_is_a_whole_vote(
    condition: dict[str, Any], least: int | None
) -> None:
    (item,) = decide(adopted_if(condition), heads(yes=1, no=8)).trace

    assert least_that_passes(item) == least
