"""Charters of the world, counted on boundary cases and on real votes with official results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.domain.decide import decide
from governance.domain.outcome import Outcome
from governance.domain.rows import parse_rows
from tests.governance.domain.samples import ROOT, known_charters

CHARTERS = known_charters()
BOUNDARY = Path(__file__).with_name("boundary.jsonl")
# Real votes may not be copied; they lie beside the project where it is developed.
REAL = ROOT.parent / "shared" / "rules" / "cases_public.jsonl"


def cases(path: Path) -> list[dict[str, Any]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [case for case in map(json.loads, lines) if case["charter"] in CHARTERS]


def count(case: dict[str, Any]) -> Outcome:
    return decide(
        CHARTERS[case["charter"]],
        parse_rows(case["rows"]),
        params=case.get("params"),
        units=case.get("units"),
        seats=case.get("seats"),
    )


def agrees(outcome: Outcome, wanted: dict[str, Any]) -> bool:
    blamed = sorted(outcome.blocked_by) == sorted(wanted.get("by", outcome.blocked_by))
    return outcome.result == wanted["result"] and blamed


def test_every_motion_charter_of_the_world_can_be_read() -> None:
    assert len(CHARTERS) == 78


@pytest.mark.parametrize("case", cases(BOUNDARY), ids=lambda case: case["id"])
def test_boundary_case(case: dict[str, Any]) -> None:
    outcome = count(case)

    assert agrees(outcome, case["expected"]), (outcome.result, outcome.blocked_by)
    assert Outcome.from_document(json.loads(json.dumps(outcome.as_document()))) == outcome


def test_real_votes_come_to_their_official_results() -> None:
    if not REAL.exists():
        return
    found = {
        case["id"]: count(case).result
        for case in cases(REAL)
        if not agrees(count(case), case["official"])
    }

    assert found == {}
