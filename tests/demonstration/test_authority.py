"""What every act of the demonstration rested on, asked again without a database."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit.models import Entry
from governance.domain.authority import reexamine

pytestmark = pytest.mark.usefixtures("played")


@pytest.fixture
def entries() -> list[dict[str, Any]]:
    """Return the members of every entry, in order, as a file of the record would hold them."""
    return [entry.members for entry in Entry.objects.order_by("id")]


def test_INV_A1_A2_the_record_alone_bears_out_every_act(entries: list[dict[str, Any]]) -> None:
    """INV A1, A2: a stranger with the record gives the same answer about every act."""
    findings = list(reexamine(entries))
    assert [finding for finding in findings if not finding.stands] == []
    asked = Counter(finding.action for finding in findings)
    assert asked.keys() == {
        *("vote", "negotiate", "sign", "dissent"),
        *("keep", "preside", "consult", "approve", "administer"),
    }
    # What rests on no check of this kind is little, and known.
    rest = [entry for entry in entries if "checked_at" not in (entry["authz"] or {})]
    assert len(findings) >= len(entries) - len(rest)
    assert {(entry["authz"] or {"basis": None}).get("basis", "own office") for entry in rest} <= {
        *("permission", "empty_installation", "own office", None),
    }
    # Refused votes are asked about as well: the expired mandate is found expired again.
    assert {"expired", "valid"} <= {finding.found for finding in findings}


def _vote_on(entries: list[dict[str, Any]], kind: str) -> dict[str, Any]:
    """Return the first counted vote on a kind of paper."""
    return next(
        entry
        for entry in entries
        if entry["type"] == "governance.vote_cast" and entry["authz"]["basis"] == kind
    )


@pytest.mark.parametrize(
    ("what", "faults"),
    [
        ("result", ("verdict",)),
        ("mandate", ("paper",)),
        ("person", ("verdict", "paper", "person")),
        ("checked_at", ("time",)),
        ("body", ("body",)),
        ("seat", ("seat",)),
        ("capacity", ("capacity",)),
        ("charter", ("charter",)),
    ],
)
def test_INV_A2_falsified_evidence_is_found(
    entries: list[dict[str, Any]], what: str, faults: tuple[str, ...]
) -> None:
    """INV A2: whoever writes another word into the evidence of a proxy's vote is found out.

    The edition that rules is that of the ballot, whatever the evidence says.
    """
    forged = copy.deepcopy(entries)
    vote = _vote_on(forged, "substitution")
    other = _vote_on(forged, "order")["authz"]
    later = max(entry["at"] for entry in forged)
    vote["authz"][what] = {
        "result": "revoked_unknown_at_time",
        "mandate": other["mandate"],
        "person": other["person"],
        "checked_at": later,
        "body": None,
        "seat": other["seat"],
        "capacity": "representative",
        "charter": None,
    }[what]
    found = [finding for finding in reexamine(forged) if not finding.stands]
    assert [finding.entry for finding in found] == [vote["id"]]
    assert set(faults) <= set(found[0].faults)


@pytest.mark.parametrize("left_out", ["person", "checked_at", "mandate", "all of it"])
def test_INV_A1_evidence_that_is_left_out_is_found(
    entries: list[dict[str, Any]], left_out: str
) -> None:
    """INV A1: nobody slips past by saying less."""
    forged = copy.deepcopy(entries)
    vote = _vote_on(forged, "substitution")
    if left_out == "all of it":
        vote["authz"] = None
    else:
        del vote["authz"][left_out]
    found = [finding for finding in reexamine(forged) if not finding.stands]
    assert [(finding.entry, finding.faults) for finding in found] == [(vote["id"], ("evidence",))]


def test_INV_A3_a_paper_that_was_never_registered_carries_nothing(
    entries: list[dict[str, Any]],
) -> None:
    """INV A3: take one paper out of the record, and every act that rested on it is found."""
    vote = _vote_on(entries, "power_of_attorney")
    paper = vote["authz"]["mandate"]
    without = [
        entry
        for entry in entries
        if not (
            entry["type"] == "governance.mandate_registered" and entry["object"][0]["id"] == paper
        )
    ]
    rested = {entry["id"] for entry in entries if (entry["authz"] or {}).get("mandate") == paper}
    found = {finding.entry for finding in reexamine(without) if not finding.stands}
    assert rested <= found


def test_the_command_asks_the_record_and_a_file(
    entries: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An auditor with a file of entries, one a line, needs no database of ours."""
    call_command("reexamine")
    assert capsys.readouterr().out.count("\n") == 1
    forged = copy.deepcopy(entries)
    _vote_on(forged, "order")["authz"]["result"] = "expired"
    path = tmp_path / "entries.jsonl"
    path.write_text("\n".join(json.dumps(entry) for entry in forged), encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("reexamine", entries=path)
    found = json.loads(capsys.readouterr().out.splitlines()[0])
    assert (found["stated"], found["found"]) == ("expired", "valid")
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("reexamine", entries=path)
