"""A file is read strictly, and its results never reach the player."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from calendars.domain import KRASNOYARSK
from demonstration import source
from demonstration.player import acts_of
from demonstration.services import labels
from demonstration.source import RESULT_FIELDS, SourceError
from tests.demonstration import plays


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*(keys_of(item) for item in value.values()))
    if isinstance(value, list):
        return set().union(*(keys_of(item) for item in value))
    return set()


def test_no_result_reaches_the_player() -> None:
    assert RESULT_FIELDS & keys_of(plays.recorded()) == RESULT_FIELDS
    assert not RESULT_FIELDS & keys_of(source.read().inputs)


def test_a_threshold_stays_the_text_that_was_written() -> None:
    clauses = [c for s in source.read().inputs["requirement_set"]["sections"] for c in s["clauses"]]
    (mean,) = [c for c in clauses if c["number"] == "9.3"]

    assert mean["indicators"][0]["threshold"] == "4.0"


def test_the_same_file_gives_the_same_acts() -> None:
    assert labels(acts_of(source.read())) == labels(acts_of(source.read()))


def act(code: str, id: str) -> datetime:  # noqa: A002 -- the file's word
    (found,) = [a.at for a in acts_of(source.read()) if (a.code, a.id) == (code, id)]
    return found.astimezone(KRASNOYARSK).replace(tzinfo=None)


def test_a_date_alone_is_played_at_noon() -> None:
    assert act("file_amendment", "A-01") == datetime(2026, 3, 5, 12)  # noqa: DTZ001
    assert act("approve_version", "1.0") == datetime(2026, 5, 25, 12)  # noqa: DTZ001


def test_the_ballot_that_was_not_held_is_tried_when_the_meeting_counted_itself() -> None:
    assert act("open_ballot", "B-15") == datetime(2026, 3, 27, 16, 42)  # noqa: DTZ001


def test_acts_of_one_instant_keep_the_order_of_the_file() -> None:
    noon = [
        a.id
        for a in acts_of(source.read())
        if a.code == "file_amendment" and a.at.date() == date(2026, 3, 5)
    ]

    assert noon == ["A-01", "A-19", "A-20", "A-23", "A-35", "A-48", "A-49", "A-52"]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda data: data.pop("body"), "the file has no `body`"),
        (lambda data: data["persons"][3].pop("name_ru"), "`persons[3]` has no `name_ru`"),
        (lambda data: data.update(mandates={}), "`mandates` is not a list"),
        (
            lambda data: data["negotiation"]["ballots"][4]["votes"][2].pop("choice"),
            "`negotiation.ballots[4].votes[2]` has no `choice`",
        ),
        (lambda data: data["organisations"].append("ORG"), "`organisations[17]` is not an object"),
    ],
    ids=["part", "field", "kind", "deep", "entry"],
)
def test_a_file_of_another_shape_is_refused_by_the_place(
    damage: plays.Change, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as refused:
        source.read(plays.changed(damage, tmp_path))

    assert str(refused.value) == complaint


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"[]", "is not a JSON object"), (b"{", "is not JSON"), (b"\xff", "is not JSON")],
    ids=["list", "broken", "bytes"],
)
def test_what_is_no_file_of_acts_is_refused(content: bytes, complaint: str, tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(content)

    with pytest.raises(SourceError, match=complaint):
        source.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="cannot read"):
        source.read(tmp_path / "nothing.json")


def test_a_date_that_is_none_is_refused_before_anything_is_played(tmp_path: Path) -> None:
    def damage(data: dict[str, Any]) -> None:
        data["negotiation"]["amendments"][0]["filed_on"] = "5 March"

    file = source.read(plays.changed(damage, tmp_path))

    with pytest.raises(SourceError, match="not a date: `5 March`"):
        acts_of(file)


def test_our_own_copy_is_a_file_of_the_shape() -> None:
    data = json.loads(source.OWN_FILE.read_text(encoding="utf-8"))

    assert len(data["negotiation"]["ballots"]) == 32
