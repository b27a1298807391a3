"""What `manage.py demo` says, where it says it, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.models import Person
from audit.models import Entry
from demonstration import database
from demonstration.models import Play
from governance.models import Ballot
from tests.demonstration import plays


class Said:
    """What a run printed, and how it ended."""

    def __init__(self, *arguments: str) -> None:
        out, err = StringIO(), StringIO()
        self.code: object = 0
        try:
            call_command("demo", *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            self.code = end.code
        except CommandError as error:
            self.code = error.returncode
            err.write(str(error))
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def report(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.out)
        return found


@contextmanager
def empty_database(blocker: Any) -> Iterator[None]:
    """Stand in a database into which nothing was played."""
    with blocker.unblock():
        with connection._nodb_cursor() as cursor:
            template = plays.databases._template(cursor)
            plays._copy(cursor, template, plays.Copy("empty", plays.PLAYED.until).name)
        try:
            with plays.using(plays.Copy("empty", plays.PLAYED.until)):
                yield
        finally:
            with connection._nodb_cursor() as cursor:
                plays.databases._drop(cursor, plays.Copy("empty", plays.PLAYED.until).name)


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_a_second_run_says_so_and_changes_nothing() -> None:
    before = Entry.objects.count()

    said = Said()

    assert said.code == 0
    assert "--fresh" in said.err
    assert "42" in said.out
    assert Entry.objects.count() == before


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_the_report_is_one_json_object_and_nothing_else() -> None:
    said = Said("--report", "json")

    assert said.code == 0
    assert said.report["clauses"] == {"adopted": 42, "disagreed": 1}
    assert len(said.report["ballots"]) == 32


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_the_summary_speaks_english_when_asked() -> None:
    assert "Clauses: 42 adopted, 1 without agreement." in Said("--language", "en").out


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_what_was_refused_is_listed_again_and_the_run_ends_with_one() -> None:
    play = Play.objects.get()
    play.refused = [{"act": "cast_vote", "id": "B-01/MIN-1", "code": "x", "message": "Нельзя."}]
    play.save()

    said, reported = Said(), Said("--report", "json")

    assert (said.code, reported.code) == (1, 1)
    assert "cast_vote B-01/MIN-1: Нельзя." in said.out
    assert reported.report["refused"] == play.refused


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_another_file_is_not_played_over_the_first(tmp_path: Path) -> None:
    other = plays.changed(lambda data: data["persons"][0].update(name_ru="Иной"), tmp_path)

    said = Said("--file", str(other))

    assert said.code == 2
    assert "--fresh" in said.err
    assert Play.objects.get().file_name == "requirement_set.json"


def test_a_play_stops_at_an_instant_and_goes_on(
    copies: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    with empty_database(django_db_blocker):
        first = Said("--until", "2026-01-26T09:00:00+07:00", "--report", "json")
        people = Person.objects.count()
        second = Said("--until", "2026-02-05", "--report", "json")

        assert (first.code, second.code) == (0, 0)
        assert people == Person.objects.count() == 29
        assert second.report["ballots"] == []
        assert "продолжается" in second.err
        assert not Ballot.objects.exists()
        assert Play.objects.get().finished_at is None


@pytest.mark.parametrize("until", ["yesterday", "2026-13-01"])
def test_an_instant_that_is_none_is_refused(until: str) -> None:
    with pytest.raises(CommandError, match="not an instant"):
        call_command("demo", "--until", until)


@pytest.mark.django_db
def test_a_file_that_cannot_be_played_is_refused(tmp_path: Path) -> None:
    said = Said("--file", str(tmp_path / "nothing.json"))

    assert said.code == 2
    assert "cannot read" in said.err


def test_what_people_did_is_not_thrown_away(
    copies: None, django_db_blocker: pytest.FixtureRequest
) -> None:
    from accounts.services import create_first_administrator  # noqa: PLC0415
    from audit import clock  # noqa: PLC0415

    with empty_database(django_db_blocker):
        create_first_administrator(
            name_ru="Живой человек",
            name_en="A real person",
            email="somebody@example.org",
            password="an honest password of theirs",
            at=clock.now(),
        )

        assert [Said("--fresh").code, Said().code] == [2, 2]
        assert Person.objects.count() == 1


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_a_demonstration_is_emptied() -> None:
    database.empty()

    assert connection.introspection.table_names() == []


@pytest.mark.usefixtures("a_copy_of_the_play")
def test_two_plays_do_not_run_at_once() -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [database.LOCK])
        assert Said().code == 2
    finally:
        other.close()
