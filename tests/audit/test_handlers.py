from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from audit import handlers
from audit.acts import ActRefused
from audit.models import Entry
from tests.audit.acts import DONE, do

pytestmark = pytest.mark.django_db


@pytest.fixture
def told() -> Iterator[list[Entry]]:
    """Collect what handlers of the test act are told."""
    entries: list[Entry] = []
    handlers.on(DONE, entries.append)
    yield entries
    handlers.off(DONE, entries.append)


def test_a_handler_is_told_of_its_type(told: list[Entry]) -> None:
    entry = do()

    assert told == [entry]


def test_a_handler_runs_in_the_transaction_of_the_act() -> None:
    seen: list[int] = []

    def handler(entry: Entry) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            seen.append(int(cursor.fetchone()[0]))

    handlers.on("tests.", handler)
    try:
        entry = do()
    finally:
        handlers.off("tests.", handler)

    assert seen == [entry.xid]


def test_an_act_is_undone_when_a_handler_refuses() -> None:
    def handler(entry: Entry) -> None:
        raise ActRefused

    handlers.on(DONE, handler)
    try:
        with pytest.raises(ActRefused), transaction.atomic():
            do()
    finally:
        handlers.off(DONE, handler)

    assert not Entry.objects.exists()


def test_registering_twice_tells_once(told: list[Entry]) -> None:
    handlers.on(DONE, told.append)
    do()

    assert len(told) == 1


def test_a_prefix_ends_with_its_dot() -> None:
    entries: list[Entry] = []
    handlers.on("tests", entries.append)
    handlers.on("tests.thing", entries.append)
    try:
        do()
    finally:
        handlers.off("tests", entries.append)
        handlers.off("tests.thing", entries.append)

    assert entries == []


def test_what_was_not_registered_cannot_be_taken_back() -> None:
    with pytest.raises(ValueError, match="not in list"):
        handlers.off(DONE, print)
