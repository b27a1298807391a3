"""The order of voting, rivals, and what falls: invariant B10, situations 7 and 8."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.domain.order import (
    Amendment,
    Kind,
    OrderError,
    are_rivals,
    cannot_be_put_together,
    collisions,
    falls_with,
    must_go_first,
    voting_order,
)

SET = Path(__file__).resolve().parents[3] / "demonstration" / "data" / "requirement_set.json"


def amendment(code: str, clause: str = "2.1", kind: str = "replace_text", **more: Any) -> Amendment:
    return Amendment(
        **{
            "code": code,
            "clause": clause,
            "kind": Kind(kind),
            "parent": "",
            "filed_at": datetime(2026, 3, 11, tzinfo=UTC),
            "proposal_ru": "",
            **more,
        }
    )


def child(code: str, parent: str, **more: Any) -> Amendment:
    return amendment(code, kind="sub_amendment", parent=parent, **more)


def codes(ordered: tuple[Amendment, ...]) -> list[str]:
    return [one.code for one in ordered]


def test_inv_b10_a_sub_amendment_goes_before_its_parent() -> None:
    ordered = voting_order([amendment("A-05"), child("A-06", "A-05"), amendment("A-04")])

    assert codes(ordered) == ["A-04", "A-06", "A-05"]


def test_the_more_remote_goes_first() -> None:
    kinds = ["add_text", "replace_threshold", "delete_clause", "comment", "replace_text"]
    rivals = [amendment(f"A-{place}", kind=kind) for place, kind in enumerate(kinds)]

    assert [str(one.kind) for one in voting_order(rivals)] == [
        "delete_clause",
        "replace_text",
        "replace_threshold",
        "add_text",
        "comment",
    ]


def test_equally_remote_ones_go_as_they_were_filed() -> None:
    late = amendment("A-01", filed_at=datetime(2026, 3, 12, tzinfo=UTC))

    assert codes(voting_order([late, amendment("A-03"), amendment("A-02")])) == [
        "A-02",
        "A-03",
        "A-01",
    ]


def test_clauses_go_in_the_order_of_the_text() -> None:
    listed = [amendment("A-1", "10.1"), amendment("A-2", "9.4"), amendment("A-3", "")]

    ordered = voting_order(listed, clauses=["9.4", "10.1"])

    assert codes(ordered) == ["A-2", "A-1", "A-3"]


def test_situation_07_nothing_is_nested_deeper_than_a_sub_amendment() -> None:
    nested = [amendment("A-1"), child("A-2", "A-1"), child("A-3", "A-2")]

    with pytest.raises(OrderError) as refused:
        voting_order(nested)
    assert (refused.value.code, refused.value.amendment) == ("nested_too_deep", "A-3")
    with pytest.raises(OrderError) as refused:
        voting_order([child("A-2", "A-1")])
    assert refused.value.code == "unknown_parent"


@settings(deadline=None)
@given(
    st.permutations(
        [
            amendment("A-1"),
            child("A-2", "A-1"),
            amendment("A-3", kind="add_text"),
            amendment("A-4", "3.3", kind="delete_clause"),
            child("A-5", "A-4"),
        ]
    )
)
def test_the_order_does_not_depend_on_the_order_of_rows(listed: list[Amendment]) -> None:
    assert codes(voting_order(listed)) == ["A-2", "A-1", "A-3", "A-5", "A-4"]


REPLACED = {
    "words": ("Слова «10 лет» заменить словами «12 лет».", {"10 лет"}),
    "a word": ("Слово «двух» заменить словом «трёх».", {"двух"}),
    "two places": (
        "Слово «трёх» заменить словом «шести», слова «18 недель» заменить словами «24 недели».",
        {"трёх", "18 недель"},
    ),
    "struck out": ("Слова «по возможности» исключить.", {"по возможности"}),
    "added": ("Дополнить: «не менее 16 часов».", set()),
    "said freely": ("Сохранить порог.", set()),
}


@pytest.mark.parametrize(("proposal", "words"), REPLACED.values(), ids=REPLACED)
def test_replaced_words(proposal: str, words: set[str]) -> None:
    assert amendment("A", proposal_ru=proposal).replaced_words == words


def replacing(code: str, old: str, **more: Any) -> Amendment:
    return amendment(code, proposal_ru=f"Слова «{old}» заменить словами «иначе».", **more)


RIVALS: dict[str, tuple[Amendment, Amendment, bool]] = {
    "the same words": (replacing("A", "10 лет"), replacing("B", "10 лет"), True),
    "words inside words": (replacing("A", "10 лет"), replacing("B", "не более 10 лет"), True),
    "other words": (replacing("A", "75 процентов"), replacing("B", "последних пяти лет"), False),
    "other clauses": (replacing("A", "10 лет"), replacing("B", "10 лет", clause="3.3"), False),
    "words that are not named": (replacing("A", "10 лет"), amendment("B"), True),
    "striking the clause out": (
        amendment("A", kind="delete_clause"),
        amendment("B", kind="add_text"),
        True,
    ),
    "two additions": (
        amendment("A", kind="add_text"),
        amendment("B", kind="add_text"),
        False,
    ),
    "the same new clause": (
        amendment("A", "5.4", kind="add_clause"),
        amendment("B", "5.4", kind="add_clause"),
        True,
    ),
    "a comment": (amendment("A", kind="comment"), amendment("B", kind="delete_clause"), False),
    "a parent and its child": (amendment("A"), child("B", "A"), False),
    "two children of one parent": (child("A", "P"), child("B", "P"), True),
    "children of two parents": (child("A", "P"), child("B", "Q"), False),
    "the text as a whole": (amendment("A", ""), amendment("B", ""), False),
    "itself": (amendment("A"), amendment("A"), False),
}


@pytest.mark.parametrize(("one", "other", "wanted"), RIVALS.values(), ids=RIVALS)
def test_situation_08_rivals(one: Amendment, other: Amendment, wanted: bool) -> None:  # noqa: FBT001
    assert are_rivals(one, other) is wanted
    assert are_rivals(other, one) is wanted
    assert collisions([other, one]) == ((("A", "B"),) if wanted else ())


def test_situation_08_rivals_are_not_adopted_in_one_question() -> None:
    rivals = [replacing("A-1", "10 лет"), replacing("A-2", "10 лет"), replacing("A-3", "5 лет")]

    assert cannot_be_put_together(rivals) == (("A-1", "A-2"),)
    assert cannot_be_put_together(rivals[1:]) == ()


def test_situation_07_an_open_sub_amendment_holds_its_parent_up() -> None:
    parent, sub = amendment("A-05"), child("A-06", "A-05")

    assert must_go_first(["A-05"], [parent, sub]) == (("A-06", "A-05"),)
    # One question on the resulting wording may dispose of both.
    assert must_go_first(["A-05", "A-06"], [parent, sub]) == ()
    # Closed at conciliation, it is no longer undecided and holds nothing up.
    assert must_go_first(["A-05"], [parent]) == ()


def test_situation_07_if_the_parent_falls_the_child_falls() -> None:
    listed = [
        replacing("A-1", "10 лет"),
        replacing("A-2", "10 лет"),
        child("A-3", "A-2"),
        replacing("A-4", "пять станков"),
    ]

    assert falls_with(["A-1"], listed) == (("A-2", "A-1"), ("A-3", "A-1"))
    assert falls_with(["A-1", "A-2"], listed) == ()


def test_what_amends_a_clause_that_is_struck_out_falls() -> None:
    listed = [
        amendment("A-45", "8.5", kind="delete_clause"),
        amendment("A-46", "8.5", kind="add_text"),
        child("A-47", "A-46", clause="8.5"),
        amendment("A-48", "8.4"),
    ]

    assert falls_with(["A-45"], listed) == (("A-46", "A-45"), ("A-47", "A-45"))


def test_the_order_of_the_demonstration_puts_children_first() -> None:
    filed = json.loads(SET.read_text(encoding="utf-8"))["negotiation"]["amendments"]
    listed = [
        amendment(
            one["id"],
            "" if one["clause"] == "*" else one["clause"],
            one["kind"].lower(),
            parent=one["parent_amendment"] or "",
            filed_at=datetime.fromisoformat(one["filed_on"]).replace(tzinfo=UTC),
            proposal_ru=one["proposal_ru"],
        )
        for one in filed
    ]
    ordered = codes(voting_order(listed))

    assert len(ordered) == 52
    for one in listed:
        if one.parent:
            assert ordered.index(one.code) < ordered.index(one.parent)
    assert ("A-16", "A-17") in collisions(listed)
    assert ("A-22", "A-23") not in collisions(listed)
