"""Grounds on which a proposal is not admitted: a closed list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from negotiation.domain.admissibility import Filed, Ground, grounds

SOUND = Filed(
    mirrors_federal_norm=False,
    is_outside_scope=False,
    has_reason=True,
    depth=1,
    parent_is_open=False,
    base_sha256="a",
    tabled_sha256="a",
    clause_is_locked=False,
    sha256="p",
    same_target=frozenset({"q"}),
)

CASES: dict[str, tuple[dict[str, Any], tuple[Ground, ...]]] = {
    "nothing against it": ({}, ()),
    "a sub-amendment to an open amendment": ({"depth": 2, "parent_is_open": True}, ()),
    "on the text as a whole": ({"base_sha256": "", "tabled_sha256": ""}, ()),
    "B12 a federal mirror": ({"mirrors_federal_norm": True}, (Ground.FEDERAL_MIRROR,)),
    "a mirror is locked anyway": (
        {"mirrors_federal_norm": True, "clause_is_locked": True},
        (Ground.FEDERAL_MIRROR,),
    ),
    "outside the scope": ({"is_outside_scope": True}, (Ground.OUTSIDE_SCOPE,)),
    "no reason": ({"has_reason": False}, (Ground.NO_REASON,)),
    "an amendment to a sub-amendment": (
        {"depth": 3, "parent_is_open": True},
        (Ground.NESTED_TOO_DEEP,),
    ),
    "trap 26 to an amendment that was withdrawn": ({"depth": 2}, (Ground.PARENT_CLOSED,)),
    "to a text that has changed": ({"tabled_sha256": "b"}, (Ground.BASE_NOT_CURRENT,)),
    "to an agreed clause": ({"clause_is_locked": True}, (Ground.CLAUSE_LOCKED,)),
    "the same again": ({"sha256": "q"}, (Ground.DUPLICATE,)),
    "several, in the order of the list": (
        {"sha256": "q", "has_reason": False, "mirrors_federal_norm": True},
        (Ground.FEDERAL_MIRROR, Ground.NO_REASON, Ground.DUPLICATE),
    ),
}


@pytest.mark.parametrize(("change", "found"), CASES.values(), ids=CASES)
def test_grounds(change: dict[str, Any], found: tuple[Ground, ...]) -> None:
    assert grounds(replace(SOUND, **change)) == found
