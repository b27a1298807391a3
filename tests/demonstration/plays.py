"""Databases with a play in them: the whole file once in a run, and copies to play on from.

A play takes most of a minute and copying its database a fraction of a second. So the file is
played once in a run, by the worker that first wants it, and at a few instants the database is
copied; a changed file goes on from the last copy that its change does not touch. Nothing of it is
left in the database of the other tests.
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from calendars.domain import KRASNOYARSK
from demonstration import database, live, services, source
from demonstration.differences import differences
from demonstration.models import Play
from demonstration.report import report
from negotiation.models import Matter
from tests import databases

Change = Callable[[dict[str, Any]], object]


@dataclass(frozen=True)
class Copy:
    """A database to go on from, and until when the file was played in it."""

    label: str
    until: datetime

    @property
    def name(self) -> str:
        """Return the name of the database, one of this process."""
        return f"{databases.RUN}{os.getpid()}_{self.label}"

    @property
    def of_all(self) -> str:
        """Return the name of the database from which all workers of a run copy."""
        is_worker = "PYTEST_XDIST_WORKER" in os.environ
        run = os.getppid() if is_worker else os.getpid()
        return f"{databases.RUN}{run}_{self.label}_of_all"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=KRASNOYARSK)


BEFORE_RECUSALS = Copy("recusals", _at("2026-03-25T09:00"))
BEFORE_PAPERS = Copy("papers", _at("2026-04-02T09:00"))
BEFORE_SECOND_MEETING = Copy("second", _at("2026-05-15T09:00"))
PLAYED = Copy("played", _at("2099-01-01T00:00"))
COPIES = (BEFORE_RECUSALS, BEFORE_PAPERS, BEFORE_SECOND_MEETING, PLAYED)


def play_whole_file() -> None:
    """Play the file, and leave this process a copy of the database at each instant of `COPIES`.

    Of several workers of a run the first plays, and the others wait for it: what all of them copy
    from stays until the next run finds it abandoned.
    """
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [databases.LOCK])
        if PLAYED.of_all not in databases._names(cursor, PLAYED.of_all):
            _play(cursor)
        for copied in COPIES:
            _copy(cursor, copied.of_all, copied.name)


def _play(cursor: Any) -> None:
    """Play the file in one database, and copy it at each instant; the last takes its name."""
    file = source.read()
    growing = Copy("growing", PLAYED.until)
    _copy(cursor, databases._template(cursor), growing.name)
    for copied in COPIES:
        with using(growing):
            play = Play.objects.first() or services.begin(file, source.OWN_FILE)
            with database.alone():
                services.go_on(file, play, until=copied.until)
                if copied is PLAYED:
                    services.set_live_day(play)
                    live.play(file, play)
                    services.finish(play)
        if copied is not PLAYED:
            _copy(cursor, growing.name, copied.of_all)
    cursor.execute(f'ALTER DATABASE "{growing.name}" RENAME TO "{PLAYED.of_all}"')


def drop_copies() -> None:
    """Drop the copies of this process."""
    with connection._nodb_cursor() as cursor:
        for copied in COPIES:
            databases._drop(cursor, copied.name)


@contextmanager
def using(copied: Copy) -> Iterator[None]:
    """Point the connection at a database until the end of the block."""
    ordinary = connection.settings_dict["NAME"]
    databases._use(copied.name)
    try:
        yield
    finally:
        databases._use(ordinary)


@contextmanager
def copy_of(copied: Copy) -> Iterator[None]:
    """Use a copy that may be changed and is dropped at the end of the block."""
    changed = Copy(f"{copied.label}_changed", copied.until)
    with connection._nodb_cursor() as cursor:
        _copy(cursor, copied.name, changed.name)
    try:
        with using(changed):
            yield
    finally:
        with connection._nodb_cursor() as cursor:
            databases._drop(cursor, changed.name)


def recorded() -> dict[str, Any]:
    """Return the file as it is written, to be changed."""
    found: dict[str, Any] = json.loads(source.OWN_FILE.read_text(encoding="utf-8"))
    return found


def changed(change: Change, directory: Path) -> Path:
    """Write a changed file."""
    data = copy.deepcopy(recorded())
    change(data)
    path = directory / "changed.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def replay(
    copied: Copy, change: Change, directory: Path, *, until: str | None = None
) -> dict[str, Any]:
    """Go on from a copy with a changed file, and return the report."""
    path = changed(change, directory)
    file = source.read(path)
    with copy_of(copied):
        play = Play.objects.get()
        # The acts up to here are the same in both files, so the play may go on with the other.
        play.file_sha256 = file.sha256
        play.acts_total = len(services.acts_of(file))
        play.save()
        services.go_on(file, play, until=_at(until) if until else None)
        matter = Matter.objects.filter(code=file.inputs["requirement_set"]["code"]).first()
        return report(matter, play, differences(file, matter, play))


def _copy(cursor: Any, template: str, name: str) -> None:
    databases._drop(cursor, name)
    cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
