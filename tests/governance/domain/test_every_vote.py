"""Every way in which seven voters can vote, under every motion charter, counted a second time.

Voters of one group are alike, so only how many of them gave each vote can matter; with that, all
vectors of votes are tried. The second count (`naive`) shares no code with the kernel.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import combinations_with_replacement, product
from typing import Any

import pytest

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.rows import Row
from governance.domain.table import compose_table_charter
from tests.governance.domain import naive
from tests.governance.domain.samples import ROOT, SIDES
from tests.governance.domain.samples import document as motion

DOCUMENTS = [
    document
    for document in json.loads((ROOT / "governance/data/charters.json").read_text("utf-8"))
    if document["kind"] == "motion"
]
TABLE = compose_table_charter(id="table", title="Table", sides=SIDES)
OTHER = motion(
    {
        "then": "blocked",
        "unless": {
            "each": ["a", "b", "c"],
            "is": {"votes": "valid", ">": "1/3", "of": "present"},
            "at_least": 2,
        },
    },
    {
        "then": "no_opinion",
        "if": {"not": {"votes": "cast", "<=": "1/2", "of": "not_no", "plus": 1}},
    },
    {"then": "tie", "if": {"side": "a", "==": 1, "of": {"side": "b", "votes": "yes"}}},
    {
        "then": "adopted",
        "if": {"any": [{"weight": "w", ">=": "2/5", "of": ["yes", "no", "absent"]}]},
    },
    {"then": "rejected"},
    roll={"sides": {name: {"group": name} for name in "abc"}, "recused": "counted"},
    ballot={"recode": [{"from": "no", "to": "recused", "where": {"group": "c"}}]},
)
TEMPLATES = {
    json.dumps(
        [document.get(key) for key in ("decide", "roll", "ballot", "units", "params")]
    ): document
    for document in [*DOCUMENTS, TABLE, OTHER]
}
"""Charters that differ in nothing that is counted are tried once."""

# What some charter asks of a member: one group has it, another has not.
GROUPS: tuple[dict[str, Any], ...] = (
    {
        "role": "permanent",
        "status": "P",
        "binding": True,
        "reason": True,
        "body": "core",
        "office": "senator",
        "chamber": "house",
        "group": "nl",
        "designation": "nationalist",
        "side": "unions",
        "canton": "zh",
        "land": "BY",
        "state": "vic",
        "names_expert": True,
        "population": 60,
        "votes": 29,
        "shares": 50,
        "share": "1/3",
        "area": 41,
        "w": 2,
    },
    {
        "role": "elected",
        "status": "O",
        "binding": False,
        "body": "council",
        "conflict": True,
        "office": "chair",
        "chamber": "senate",
        "group": "fr",
        "designation": "unionist",
        "side": "employers",
        "canton": "ju",
        "land": "HB",
        "state": "tas",
        "population": 9,
        "votes": 4,
        "shares": 25,
        "share": "1/6",
        "area": 17,
        "w": 1,
    },
    {
        "role": "permanent",
        "status": "P",
        "binding": True,
        "body": "core",
        "reason": False,
        "office": "vp",
        "chamber": "senate",
        "group": "c",
        "designation": "other",
        "side": "government",
        "canton": "zh",
        "land": "HB",
        "state": "vic",
        "population": 3,
        "votes": 3,
        "shares": 1,
        "share": "1/9",
        "area": 5,
        "w": 3,
    },
)
UNITS = {
    "laender": {"BY": {"stimmen": 6}, "HB": {"stimmen": 3}},
    "cantons": {"zh": {"standes_votes": 1}, "ju": {"standes_votes": "1/2"}},
    "states": {"vic": {}, "tas": {}},
}
SIZES = (3, 2, 2)
ALIKE = 7


def told_apart(document: dict[str, Any]) -> bool:
    """Say whether a charter looks at more of a voter than the vote."""
    written = json.dumps(document)
    return any(f'"{word}"' in written for word in ("side", "weight", "units", "each", "recode"))


def choices(document: dict[str, Any]) -> tuple[str, ...]:
    """Return four votes: where a charter has words of its own, those in the place of others."""
    own = tuple(document.get("ballot", {}).get("values", []))
    return (*("yes", "no", "abstain", "absent")[: 4 - len(own)], *own)


def every_roll(document: dict[str, Any]) -> Iterator[list[tuple[int, str]]]:
    """Yield every roll as pairs of a group and a vote."""
    votes = choices(document)
    if not told_apart(document):
        for size in range(ALIKE + 1):
            for given in combinations_with_replacement(votes, size):
                yield [(0, vote) for vote in given]
        return
    for given in product(*(combinations_with_replacement(votes, size) for size in SIZES)):
        yield [(group, vote) for group, votes in enumerate(given) for vote in votes]


@pytest.mark.parametrize("document", TEMPLATES.values(), ids=lambda document: document["id"])
def test_every_vote(document: dict[str, Any]) -> None:
    roll = document.get("roll", {})
    if '"seats"' in json.dumps(document["decide"]):
        roll = {**roll, "seats": ALIKE}
    whole = {**document, "roll": roll}
    charter = parse_charter(whole)
    units = {name: UNITS[name] for name in document.get("units", {})}
    differing = []
    for votes in every_roll(document):
        rows = [Row(id="", vote=vote, attributes=GROUPS[group]) for group, vote in votes]
        voters = [{**GROUPS[group], "vote": vote} for group, vote in votes]
        ours = decide(charter, rows, units=units).result
        theirs = naive.Motion(whole, voters).result(units)
        if ours != theirs:
            differing.append((votes, ours, theirs))

    assert differing == []


def test_the_templates_come_to_every_result() -> None:
    """The comparison is of little worth if it only ever sees rejections."""
    found = set()
    for document in DOCUMENTS:
        charter = parse_charter(document)
        if not told_apart(document) and '"seats"' not in json.dumps(document["decide"]):
            for roll in every_roll(document):
                found.add(decide(charter, [Row(id="", vote=vote) for _, vote in roll]).result)

    assert found == {"adopted", "rejected", "no_quorum", "blocked", "no_opinion"}
