"""Charters and rolls that several tests count."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from governance.domain.charter import SCHEMA, Charter, CharterError, parse_charter
from governance.domain.rows import Row
from governance.domain.table import InnerRule, compose_table_charter

YES, NO, ABSTAIN, VOID = "yes", "no", "abstain", "void"
SILENT, ABSENT, RECUSED = "silent", "absent", "recused"

ROOT = Path(__file__).resolve().parents[3]

SIDES = {
    "MIN": InnerRule.SINGLE_VOICE,
    "EMP": InnerRule.MAJORITY_OF_ENTITLED,
    "PUB": InnerRule.MAJORITY_OF_PRESENT,
    "EXP": InnerRule.TWO_THIRDS_PRESENT,
}
COMPOSED = tuple(rule for rule in InnerRule if rule is not InnerRule.BY_RULES)
"""The rules of a side that are composed from their name."""
TABLE = parse_charter(compose_table_charter(id="table", title="Table", sides=SIDES))


def motion(*decide: dict[str, Any], **more: Any) -> Charter:
    """Read a charter with these rules."""
    return parse_charter(document(*decide, **more))


def document(*decide: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Write a charter with these rules."""
    return {
        "schema": SCHEMA,
        "id": "sample",
        "title": "Sample",
        "kind": "motion",
        "decide": list(decide),
        **more,
    }


def adopted_if(condition: dict[str, Any], **more: Any) -> Charter:
    """Read a charter that adopts on one condition and rejects otherwise."""
    return motion({"then": "adopted", "if": condition}, {"then": "rejected"}, **more)


def roll(sides: Mapping[str, Sequence[str]]) -> tuple[Row, ...]:
    """Write a roll: seats numbered in each side, with their votes."""
    return tuple(
        Row(id=f"{side}-{number}", vote=vote, side=side)
        for side, votes in sides.items()
        for number, vote in enumerate(votes, start=1)
    )


def votes(yes: int, no: int, abstain: int, *, absent: int = 0, recused: int = 0) -> list[str]:
    """Write «for – against – abstained» as votes, with those who are not there."""
    return [
        *[YES] * yes,
        *[NO] * no,
        *[ABSTAIN] * abstain,
        *[ABSENT] * absent,
        *[RECUSED] * recused,
    ]


def heads(**counts: int) -> tuple[Row, ...]:
    """Write a roll without names: so many of each vote."""
    return tuple(Row(id="", vote=vote, n=count) for vote, count in counts.items())


def known_charters() -> dict[str, Charter]:
    """Read every motion charter of the library."""
    documents = json.loads((ROOT / "governance/data/charters.json").read_text(encoding="utf-8"))
    charters: dict[str, Charter] = {}
    for one in documents:
        try:
            charters[one["id"]] = parse_charter(one)
        except CharterError as error:
            if error.code != "choice_not_supported":
                raise
    return charters
