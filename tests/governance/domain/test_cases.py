"""Whatever stands in a case or in a charter, it is counted or refused with a place and a remedy."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.cases import CaseError, Library, count_case
from governance.domain.documents import DocumentError
from tests.governance.domain.polls import document as choice
from tests.governance.domain.samples import document as motion

OURS = [
    motion(
        {"then": "blocked", "unless": {"each": ["a", "b"], "is": {">": "1/2", "of": "members"}}},
        {"then": "adopted", "if": {"units": "places", "weight": "w", ">=": "$x", "of": "seats"}},
        {"then": "rejected", "if": {"votes": "no", ">": 1, "of": "cast", "root": 2, "plus": -1}},
        {"then": "tie", "next": "sample"},
        roll={
            "sides": {"a": {"side": "a"}, "b": {"side": "b", "old": True}},
            "seats": 5,
            "recused": "counted",
            "proxies": {"max_held": 1},
        },
        ballot={"values": ["later"], "recode": [{"from": "later", "to": "no", "unless": "reason"}]},
        units={
            "places": {"by": "place", "vote": [{"then": "yes", "if": {">=": 1}}, {"then": "no"}]}
        },
        params={"x": "1/2"},
        id="motion",
    ),
    {**choice("approval", seats=2, caps={"by": "firm", "max": 1}, ties=["lot"]), "id": "approval"},
    {**choice("stv", seats=2, fraction_places=2, ties=["backward", "lot"]), "id": "stv"},
    {**choice("star", ballot={"range": [0, 5]}), "id": "star"},
    {
        **choice(
            "debian",
            {"then": "no_quorum", "unless": {"votes": "ballots", ">=": "1/2", "of": "members"}},
            {"then": "choose"},
            default="C",
            own_params={"ratio": 1},
            option_needs=[{"is": {"votes": "above_default", ">": "$ratio", "of": "below_default"}}],
        ),
        "id": "debian",
    },
]
MANY = settings(max_examples=6 * settings().max_examples)
ELECTION = {"candidates": ["A", "B", "C"], "members": 9}
CASES: list[dict[str, Any]] = [
    {
        "id": "1",
        "charter": "motion",
        "rows": [
            {"id": "m1", "vote": "yes", "side": "a", "place": "x", "n": 2},
            {"id": "m2", "vote": "later", "side": "b", "old": True, "reason": True, "proxy": "m1"},
        ],
        "units": {"places": {"x": {"w": "3/2"}, "y": {"w": 1, "vote": "yes"}}},
        "params": {"x": 1},
        "seats": 3,
    },
    {"id": "2", "charter": "approval", "ballots": {"A+B": 3, "": 1}, "voters": 5, **ELECTION}
    | {"candidate_tags": {"A": {"firm": "X"}, "B": "X"}, "lot": ["B", "A", "C"]},
    {"id": "3", "charter": "stv", "ballots": {"A>B": 4, "B=C": 2, "C": 3}, **ELECTION}
    | {"choose": {"places": 3, "seats": 1}},
    {
        "id": "4",
        "charter": "star",
        "ballots": [{"n": 2, "scores": {"A": 5, "B": "1/2"}}],
        **ELECTION,
    },
    {"id": "5", "charter": "debian", "ballots": {"A>C": 4, "C>B": 1}, **ELECTION}
    | {"choose": {"option_params": {"A": {"ratio": 3}}}, "casting_vote": "A"},
    {"id": "6", "charter": "debian", "voters": 5, **ELECTION}
    | {"pairwise": {"A": {"B": 1, "C": 2}, "B>A": 3, "B>C": 1, "C": {"A": 1, "B": 2}}},
    {
        "id": "7",
        "charter": "star",
        "aggregate": {"scores": {"A": 9, "B": 7}, "prefers": {"A>B": 3, "B>A": 1}},
    }
    | ELECTION,
    {"id": "8", "charter": "approval", "tally": {"A": 3, "C": 2}, **ELECTION, "voters": 4},
]
JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.just(10**150),
    st.floats(),
    st.sampled_from(["", "A", "yes", "members", "seats", "$x", "1/2", "1/0", "-1", "a" * 200]),
    st.sampled_from([[], {}, [[]], {"A": 1}, ["A"], {">=": 1}, [None], {"": {}}]),
)


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the way to every value inside a document."""
    inside: list[tuple[Any, ...]] = []
    if isinstance(document, dict):
        keys: list[Any] = list(document)
    else:
        keys = list(range(len(document))) if isinstance(document, list) else []
    for key in keys:
        inside += [(*path, key), *places(document[key], (*path, key))]
    return inside


@st.composite
def damaged(draw: st.DrawFn, document: Any) -> Any:
    """Draw the document with one value replaced, one removed, or one key added."""
    spoilt = copy.deepcopy(document)
    *way, last = draw(st.sampled_from(places(document)))
    holder = spoilt
    for key in way:
        holder = holder[key]
    what = draw(st.sampled_from(["replace", "remove", "add"]))
    if what == "replace":
        holder[last] = draw(JUNK)
    elif what == "remove":
        del holder[last]
    elif isinstance(holder, dict):
        holder[draw(st.sampled_from(["votes", "x", "side", "n"]))] = draw(JUNK)
    return spoilt


def comes_to_an_end(case: Any, library: Library) -> None:
    refused: DocumentError | None = None
    try:
        outcome = count_case(case, library)
    except DocumentError as error:
        refused = error
    if refused is not None:
        assert refused.path.startswith("$")
        assert refused.remedy
    else:
        written = json.dumps(outcome.as_document())
        assert type(outcome).from_document(json.loads(written)) == outcome


@MANY
@given(st.sampled_from(CASES).flatmap(damaged))
def test_a_damaged_case_is_counted_or_refused(case: Any) -> None:
    comes_to_an_end(case, Library.from_document(OURS))


@MANY
@given(st.sampled_from(OURS).flatmap(damaged), st.data())
def test_a_damaged_charter_is_used_or_refused(charter: Any, data: st.DataObject) -> None:
    try:
        library = Library.from_document([charter])
    except CaseError:
        return
    [name] = library.documents
    case = data.draw(st.sampled_from(CASES))

    comes_to_an_end({**case, "charter": name}, library)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_what_is_damaged_here_was_whole(case: dict[str, Any]) -> None:
    assert count_case(case, Library.from_document(OURS)).result


LIBRARIES: dict[str, tuple[Any, str, str]] = {
    "an object": ({}, "$", "wrong_type"),
    "a charter that is none": ([3], "$[0]", "wrong_type"),
    "a charter without a name": ([{}], "$[0].id", "wrong_type"),
    "two of one name": ([{"id": "a"}, {"id": "a"}], "$[1].id", "duplicate"),
}


@pytest.mark.parametrize(("document", "path", "code"), LIBRARIES.values(), ids=LIBRARIES)
def test_a_library_is_refused(document: Any, path: str, code: str) -> None:
    with pytest.raises(CaseError) as refusal:
        Library.from_document(document)

    assert (refusal.value.path, refusal.value.code) == (path, code)


def test_a_mistake_of_the_charter_is_not_taken_for_one_of_the_case() -> None:
    broken = {**motion({"then": "passed"}), "id": "broken"}

    with pytest.raises(CaseError) as refusal:
        count_case({"id": "1", "charter": "broken", "rows": []}, Library.from_document([broken]))

    assert (refusal.value.path, refusal.value.code) == ("$.charter", "unknown_value")
    assert "$.decide[0].then" in refusal.value.message


def test_a_choice_is_counted_again_under_the_charter_as_it_was() -> None:
    """What one poll replaces is gone with it."""
    library = Library.from_document(OURS)
    ward = {"id": "1", "charter": "stv", "ballots": {"A": 3, "B": 2, "C": 1}, **ELECTION}
    one = count_case({**ward, "choose": {"seats": 1}}, library)
    two = count_case(ward, library)

    assert (len(one.as_document()["winners"]), len(two.as_document()["winners"])) == (1, 2)
