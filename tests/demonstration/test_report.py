"""What comes out of the file's acts is what the file recorded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from demonstration import source
from demonstration.differences import differences, statistics
from demonstration.models import Play
from demonstration.report import SIDE_FIELDS, is_as_it_must_be, report
from negotiation.models import Matter
from tests.demonstration import plays

Replay = Callable[..., dict[str, Any]]
CODE = "ЛТ-МШ-05"


def the_report() -> dict[str, Any]:
    matter, play, file = Matter.objects.get(code=CODE), Play.objects.get(), source.read()
    return report(matter, play, differences(file, matter, play))


@pytest.mark.usefixtures("played")
def test_the_report_says_what_the_file_recorded() -> None:
    found, file = the_report(), plays.recorded()

    assert list(found) == [
        "clauses",
        "votes",
        "amendments",
        "ballots",
        "checks",
        "refused",
        "differences",
    ]
    assert found["clauses"] == {"adopted": 42, "disagreed": 1}
    assert found["votes"] == {"counted": 397, "superseded": 8, "rejected": 9}
    recorded = file["outcome"]["statistics"]
    assert found["amendments"] == {
        "total": 52,
        "by_disposition": recorded["amendments_by_disposition"],
    }
    assert found["checks"] == [{"code": f"CHK-{n:02d}", "passed": True} for n in range(1, 17)]
    assert (found["refused"], found["differences"]) == ([], [])
    assert is_as_it_must_be(found, whole=True)


@pytest.mark.usefixtures("played")
def test_every_ballot_and_every_side_came_out_as_recorded() -> None:
    expected = [
        {
            "id": ballot["id"],
            "result": ballot["result"],
            "side_results": [
                {name: side[name] for name in SIDE_FIELDS} for side in ballot["side_results"]
            ],
        }
        for ballot in plays.recorded()["negotiation"]["ballots"]
    ]

    assert the_report()["ballots"] == expected


@pytest.mark.usefixtures("played")
def test_the_statistics_of_the_file_are_counted_from_the_database() -> None:
    recorded = plays.recorded()["outcome"]["statistics"]

    assert statistics(Matter.objects.get(code=CODE), Play.objects.get()) == recorded


def strip(data: dict[str, Any]) -> None:
    stripped = source.without_results(data)
    data.clear()
    data.update(stripped)


@pytest.fixture
def report_of_the_play(copies: None, django_db_blocker: Any) -> dict[str, Any]:
    """Return the report of the finished play, and stand nowhere afterwards."""
    with django_db_blocker.unblock(), plays.using(plays.PLAYED):
        return the_report()


def test_a_file_without_its_results_gives_the_same_report(
    report_of_the_play: dict[str, Any], replay: Replay
) -> None:
    stripped = replay(plays.BEFORE_SECOND_MEETING, strip)

    assert stripped == report_of_the_play
    assert stripped["votes"] == {"counted": 397, "superseded": 8, "rejected": 9}


def test_a_file_without_its_results_gives_the_same_inputs(tmp_path: Path) -> None:
    stripped = source.read(plays.changed(strip, tmp_path))

    assert stripped.inputs == source.read().inputs
    assert stripped.recorded != source.read().recorded


@pytest.mark.usefixtures("played")
def test_results_that_a_file_records_wrongly_are_listed_and_change_nothing() -> None:
    file, matter, play = source.read(), Matter.objects.get(code=CODE), Play.objects.get()
    wrong = copy.deepcopy(file.recorded)
    ballots = {ballot["id"]: ballot for ballot in wrong["negotiation"]["ballots"]}
    ballots["B-10"]["result"] = "agreed"
    ballots["B-02"]["side_results"][1]["votes_for"] = 4
    ballots["W-01"]["votes"][2]["status"] = "counted"
    wrong["negotiation"]["amendments"][0]["disposition"] = "rejected"
    wrong["outcome"]["clauses"][0]["outcome"] = "agreed"
    wrong["outcome"]["statistics"]["votes_counted"] = 398
    wrong["negotiation"]["disagreements"][6]["status"] = "settled"
    wrong["sample_applications"][0]["assessed_under"] = "ЛТ-МШ-05 v1.0"
    wrong["consistency_checks"][4]["passed"] = False

    found = differences(
        source.Source(file.inputs, wrong, file.additions, file.sha256, file.zone), matter, play
    )

    assert [(one["subject"], one["id"], one["field"], one["played"]) for one in found] == [
        ("side_result", "B-02/EMP", "votes_for", 3),
        ("ballot", "B-10", "result", "not_agreed"),
        ("vote", "W-01/EMP-2", "status", "superseded"),
        ("amendment", "A-01", "disposition", "accepted"),
        ("clause", "1.1", "outcome", "mirrored_federal_norm"),
        ("disagreement", "D-07", "status", "recorded"),
        ("application", "APP-2026-017", "assessed_under", "ВТ-2024"),
        ("check", "CHK-05", "passed", True),
        ("statistics", "statistics", "votes_counted", 397),
    ]
