"""A charter that is read, written and read again is the same: the reader loses nothing."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from governance.domain.charter import parse_charter
from governance.domain.choice.charter import parse_choice
from tests.governance.domain.samples import ROOT, TABLE
from tests.governance.domain.test_cases import OURS
from tests.governance.domain.test_every_vote import OTHER
from tests.governance.domain.writer import choice_document, motion_document

DOCUMENTS: list[dict[str, Any]] = [
    *json.loads((ROOT / "governance/data/charters.json").read_text(encoding="utf-8")),
    *OURS,
    {**OTHER, "id": "other"},
]


def read_and_write(document: Any) -> tuple[Any, dict[str, Any]]:
    """Return the charter of a document, and the document of the charter."""
    if document["kind"] == "motion":
        motion = parse_charter(document)
        return motion, motion_document(motion)
    choice = parse_choice(document)
    return choice, choice_document(choice)


def lost(original: Any, written: Any, path: str) -> list[str]:
    """Return the places of a document that are not in what was written from it."""
    if isinstance(original, dict) and isinstance(written, dict):
        found = [f"{path}.{key}" for key in original if key not in written]
        for key in original.keys() & written.keys():
            found += lost(original[key], written[key], f"{path}.{key}")
        return found
    if isinstance(written, dict):
        return lost(original, written["votes"], path)
    if isinstance(written, list):
        listed = original if isinstance(original, list) else [original]
        if all(isinstance(one, str) for one in listed):
            return [] if {*listed} == {*written} else [path]
        found = [] if len(listed) == len(written) else [path]
        for place, (one, other) in enumerate(zip(listed, written, strict=False)):
            found += lost(one, other, f"{path}[{place}]")
        return found
    is_number = re.fullmatch(r"-?\d+/\d+", str(original)) is not None
    return (
        []
        if (Fraction(original) == Fraction(written) if is_number else original == written)
        else [path]
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document["id"])
def test_a_charter_comes_back_as_it_was(document: dict[str, Any]) -> None:
    charter, written = read_and_write(document)
    again, rewritten = read_and_write(json.loads(json.dumps(written)))

    assert again == charter
    assert rewritten == written
    told = {key: value for key, value in document.items() if key not in ("source", "catalogue")}
    if "params" in (choose := told.get("choose", {})):
        # Numbers of the choice are named beside those of its charter.
        told["choose"] = {key: value for key, value in choose.items() if key != "params"}
        told["params"] = {**told.get("params", {}), **choose["params"]}
    assert lost(told, written, "$") == []


def test_the_table_of_the_product_comes_back_as_it_was() -> None:
    assert parse_charter(motion_document(TABLE)) == TABLE


def test_what_is_lost_on_the_way_is_seen() -> None:
    """Whoever compares must be able to fail."""
    charter, written = read_and_write(DOCUMENTS[0])

    assert replace(charter, rules=charter.rules[1:]) != parse_charter(written)
    assert lost(DOCUMENTS[0], {**written, "decide": written["decide"][1:]}, "$")
    assert lost({"then": "tie", "next": "x"}, {"then": "tie"}, "$") == ["$.next"]
    assert lost({"of": "members", ">": "1/2"}, {"of": {"votes": ["cast"]}, ">": "2/4"}, "$") == [
        "$.of"
    ]
