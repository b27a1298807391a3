"""Desks that are set once a run, in a database of its own.

Taking a text to the ministry takes many seconds. A test begins where the stage ends and is rolled
back; a test with several connections gets a copy of the whole database, which costs a fifth
of a second.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from tests import databases
from tests.licensing.desk import Desk, build_desk
from tests.world import build_world


@dataclass(frozen=True)
class Stage:
    """A database with the desks set."""

    name: str
    negotiating: Desk
    submitted: Desk


_set: list[Stage] = []


@pytest.fixture(scope="session")
def licensing_stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Set two desks once, for the tests of licensing and those of the processes."""
    if _set:
        # Two packages ask for this fixture; pytest makes one of each.
        yield _set[0]
        return
    name = f"{databases.RUN}{os.getpid()}_desks"
    with django_db_blocker.unblock():
        with _database(name, _template_name()):
            world = build_world()
            negotiating = build_desk(world, code="LT-1")
            submitted = build_desk(world, code="LT-2", beside=negotiating)
            submitted.agree()
            submitted.submit()
            _set.append(Stage(name, deepcopy(negotiating), deepcopy(submitted)))
        yield _set[0]
        _drop(name)


@pytest.fixture
def on_desks(licensing_stage: Stage, django_db_blocker: Any) -> Iterator[None]:
    """Use the database with the desks for one test."""
    ordinary = connection.settings_dict["NAME"]
    databases._use(licensing_stage.name)
    yield
    with django_db_blocker.unblock():
        databases._use(ordinary)


@pytest.fixture
def desk(on_desks: None, db: None, licensing_stage: Stage) -> Desk:
    """Return a text at the table, its comments summed up."""
    return deepcopy(licensing_stage.negotiating)


@pytest.fixture
def submitted(on_desks: None, db: None, licensing_stage: Stage) -> Desk:
    """Return a text before the approving official; two units are asked for their visas."""
    return deepcopy(licensing_stage.submitted)


@pytest.fixture
def committed(licensing_stage: Stage, django_db_blocker: Any) -> Iterator[Desk]:
    """Return a text before the approving official, in a copy that other connections see."""
    name = f"{databases.RUN}{os.getpid()}_copy"
    with django_db_blocker.unblock():
        with _database(name, licensing_stage.name):
            yield deepcopy(licensing_stage.submitted)
        _drop(name)


@contextmanager
def _database(name: str, template: str) -> Iterator[None]:
    """Copy a database and use the copy for a while."""
    ordinary = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        databases._drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    databases._use(name)
    try:
        yield
    finally:
        databases._use(ordinary)


def _template_name() -> str:
    """Return the migrated database; nobody else makes or drops one meanwhile."""
    with connection._nodb_cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [databases.LOCK])
        return databases._template(cursor)


def _drop(name: str) -> None:
    with connection._nodb_cursor() as cursor:
        databases._drop(cursor, name)
