"""What the tests of negotiations start from.

Seating a table takes seconds. It is done once a run, in a database of its own, and every test
begins there and is rolled back. Tests with connections of their own build their table
themselves: what they commit is wiped away afterwards.
"""

import os
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from audit import handlers
from tests import databases
from tests.negotiation.table import Table, build_table, circulated, negotiating
from tests.world import build_world


@pytest.fixture(scope="package", autouse=True)
def on_its_own() -> Iterator[None]:
    """Keep processes out: what a negotiation allows does not depend on who follows it.

    Only here: the tests of the packages above run in the same session, and need them.
    """
    above = [
        (wanted, handler)
        for wanted, handler in handlers._handlers
        if getattr(handler, "func", handler).__module__.startswith("workflows.")
    ]
    for followed in above:
        handlers.off(*followed)
    yield
    for followed in above:
        handlers.on(*followed)


@dataclass(frozen=True)
class Stage:
    """A database with the tables set, and who sits at them."""

    name: str
    registered: Table
    commenting: Table
    table: Table


@pytest.fixture(scope="package")
def stage(django_db_setup: None, django_db_blocker: Any) -> Iterator[Stage]:
    """Set three tables once: a matter that is registered, one out for comments, one summed up."""
    name, ordinary = f"{databases.RUN}{os.getpid()}_tables", connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [databases.LOCK])
            databases._drop(cursor, name)
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{databases._template(cursor)}"')
        databases._use(name)
        world = build_world()
        registered = deepcopy(build_table(world, code="LT-1"))
        commenting = deepcopy(circulated(build_table(world, code="LT-2")))
        table = deepcopy(negotiating(build_table(world, code="LT-3")))
        databases._use(ordinary)
    yield Stage(name, registered, commenting, table)
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        databases._drop(cursor, name)


@pytest.fixture
def on_stage(stage: Stage, django_db_blocker: Any) -> Iterator[None]:
    """Use the database with the tables for one test."""
    ordinary = connection.settings_dict["NAME"]
    databases._use(stage.name)
    yield
    with django_db_blocker.unblock():
        databases._use(ordinary)


@pytest.fixture
def registered(on_stage: None, db: None, stage: Stage) -> Table:
    """Return a matter that is registered and nothing more."""
    return deepcopy(stage.registered)


@pytest.fixture
def commenting(on_stage: None, db: None, stage: Stage) -> Table:
    """Return a matter whose draft is out for comments."""
    return deepcopy(stage.commenting)


@pytest.fixture
def table(on_stage: None, db: None, stage: Stage) -> Table:
    """Return a matter at the table, its summary prepared, without proposals."""
    return deepcopy(stage.table)
