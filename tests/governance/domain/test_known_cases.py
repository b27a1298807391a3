"""Charters of the world, counted on boundary cases and on real votes with official results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from governance.domain.cases import AnyOutcome, Library, count_case
from governance.domain.charter import Kind
from governance.domain.outcome import Outcome
from tests.governance.domain.samples import ROOT

LIBRARY = Library.from_document(
    json.loads((ROOT / "governance/data/charters.json").read_text(encoding="utf-8"))
)
BOUNDARY = Path(__file__).with_name("boundary.jsonl")
# Published results, entered by hand: parliaments, councils, standards bodies, popular votes.
PUBLISHED = Path(__file__).with_name("tallies.jsonl")
# Real votes may not be copied; they lie beside the project where it is developed.
REAL = ROOT.parent / "shared" / "rules" / "cases_public.jsonl"


def cases(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def found(outcome: AnyOutcome) -> dict[str, Any]:
    """Lay out an outcome under the keys of a published result."""
    if isinstance(outcome, Outcome):
        return {"result": outcome.result, "by": sorted(outcome.blocked_by)}
    return {
        "result": outcome.result,
        "winners": list(outcome.winners),
        "order": [group[0] if len(group) == 1 else list(group) for group in outcome.order],
        "quota": outcome.quota,
    }


def agrees(outcome: AnyOutcome, wanted: dict[str, Any]) -> bool:
    ours = found(outcome)
    theirs = {**wanted, **({"by": sorted(wanted["by"])} if "by" in wanted else {})}
    return {key: ours[key] for key in theirs} == theirs


def test_every_charter_of_the_world_can_be_read() -> None:
    read = {
        kind: [reader(name).id for name in LIBRARY.documents if LIBRARY.kind(name) is kind]
        for kind, reader in ((Kind.MOTION, LIBRARY.motion), (Kind.CHOICE, LIBRARY.choice))
    }

    assert (len(read[Kind.MOTION]), len(read[Kind.CHOICE])) == (78, 16)


@pytest.mark.parametrize("case", cases(BOUNDARY), ids=lambda case: case["id"])
def test_boundary_case(case: dict[str, Any]) -> None:
    outcome = count_case(case, LIBRARY)

    assert agrees(outcome, case["expected"]), found(outcome)
    read_back = type(outcome).from_document(json.loads(json.dumps(outcome.as_document())))
    assert read_back == outcome


@pytest.mark.parametrize("case", cases(PUBLISHED), ids=lambda case: case["id"])
def test_published_tally(case: dict[str, Any]) -> None:
    outcome = count_case(case, LIBRARY)

    assert agrees(outcome, case["official"]), found(outcome)


def test_real_votes_come_to_their_official_results() -> None:
    if not REAL.exists():
        return
    differing = {
        case["id"]: found(outcome)
        for case in cases(REAL)
        if not agrees(outcome := count_case(case, LIBRARY), case["official"])
    }

    assert differing == {}


def test_what_tells_a_result_apart_is_told() -> None:
    """Whoever compares must be able to fail."""
    outcome = count_case(cases(BOUNDARY)[0], LIBRARY)
    wrong = {"result": "adopted" if outcome.result != "adopted" else "rejected"}

    assert not agrees(outcome, wrong)
