"""Votes for others: as many as the charter allows in one hand, and given by those who are there."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.charter import Charter
from governance.domain.decide import decide
from governance.domain.rows import RollError, Row
from tests.governance.domain.samples import NO, YES, adopted_if

MAJORITY = {">": "1/2", "of": "members"}


def allowing(number: int | None) -> Charter:
    more: dict[str, Any] = {} if number is None else {"roll": {"proxies": {"max_held": number}}}
    return adopted_if(MAJORITY, **more)


def member(id: str, vote: str = YES, proxy: str = "", n: int = 1) -> Row:  # noqa: A002
    return Row(id=id, vote=vote, n=n, attributes={"proxy": proxy} if proxy else {})


def test_a_vote_by_proxy_is_a_vote_of_the_member_who_gave_it() -> None:
    rows = [member("A"), member("B", proxy="A"), member("C", NO)]

    assert decide(allowing(1), rows).result == "adopted"
    assert decide(allowing(1), rows).trace[0].left == 2


def test_whoever_holds_a_proxy_may_vote_otherwise_themselves() -> None:
    rows = [member("A", NO), member("B", proxy="A"), member("C")]

    assert decide(allowing(1), rows).result == "adopted"


REFUSED: dict[str, tuple[int | None, list[Row], str, str]] = {
    "not allowed": (
        None,
        [member("A"), member("B", proxy="A")],
        "$.rows[1].proxy",
        "proxies_not_allowed",
    ),
    "none allowed": (
        0,
        [member("A"), member("B", proxy="A")],
        "$.rows[1].proxy",
        "too_many_proxies",
    ),
    "one too many": (
        1,
        [member("A"), member("B", proxy="A"), member("C", proxy="A")],
        "$.rows[2].proxy",
        "too_many_proxies",
    ),
    "a group too large": (
        2,
        [member("A"), member("B", proxy="A", n=3)],
        "$.rows[1].proxy",
        "too_many_proxies",
    ),
    "held by nobody": (1, [member("B", proxy="A")], "$.rows[0].proxy", "unknown_member"),
    "held by oneself": (1, [member("B", proxy="B")], "$.rows[0].proxy", "unknown_member"),
    "handed on": (
        1,
        [member("A"), member("B", proxy="A"), member("C", proxy="B")],
        "$.rows[2].proxy",
        "proxy_handed_on",
    ),
    "a flag": (
        1,
        [Row(id="A", vote=YES, attributes={"proxy": True})],
        "$.rows[0].proxy",
        "wrong_type",
    ),
}


@pytest.mark.parametrize(("number", "rows", "path", "code"), REFUSED.values(), ids=REFUSED)
def test_a_proxy_is_refused(number: int | None, rows: list[Row], path: str, code: str) -> None:
    with pytest.raises(RollError) as refusal:
        decide(allowing(number), rows)

    assert (refusal.value.path, refusal.value.code) == (path, code)
    assert refusal.value.remedy


def test_two_proxies_in_two_hands_are_within_the_limit_of_one() -> None:
    rows = [member("A"), member("B"), member("C", proxy="A"), member("D", proxy="B")]

    assert decide(allowing(1), rows).trace[0].left == 4
