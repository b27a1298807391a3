"""What goes round the services: raw SQL by the application's role and by the owner."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from audit.models import Entry, Installation
from audit.services import is_demonstration, mark_demonstration
from tests.audit.acts import do

migration = import_module("audit.migrations.0002_append_only")
log = import_module("audit.migrations.0003_log")
pieces = import_module("audit.migrations.0004_entries_by_pieces")

COLUMNS = (
    "uid, type, at, recorded_at, at_basis, paper_reference, actor_uid, stream, stream_seq, "
    "subject_type, subject_uid, authority, facts, request_key, leaf, leaf_sha256, xid"
)


@contextmanager
def refused(kind: type[DatabaseError], name: str = "") -> Iterator[None]:
    """Expect the database to refuse, under this name of a constraint."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield
    if name:
        assert caught.value.__cause__.diag.constraint_name == name


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    with connection.as_owner():
        yield


CHANGES = {
    "update": "UPDATE audit_entry SET type = 'tests.thing_undone'",
    "delete": "DELETE FROM audit_entry",
}


@pytest.mark.django_db
@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_the_application_may_not_change_entries(sql: str) -> None:
    entry = do()
    with refused(ProgrammingError):
        run(sql)
    assert Entry.objects.get() == entry


@pytest.mark.django_db
def test_the_application_may_not_empty_the_record() -> None:
    do()
    with refused(ProgrammingError):
        run("TRUNCATE audit_entry")
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_the_application_may_not_insert_but_through_the_function() -> None:
    entry = do()
    with refused(ProgrammingError):
        run(f"INSERT INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry")
    with refused(ProgrammingError):
        Entry.objects.create(uid=entry.uid, leaf=b"", leaf_sha256=b"", facts={})
    with refused(ProgrammingError):
        Entry.objects.update(type="x")
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_the_application_may_not_mark_the_installation_by_itself() -> None:
    do()
    with refused(ProgrammingError):
        Installation.objects.update(is_demonstration=True)
    assert not is_demonstration()


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_the_owner_may_not_change_entries_either(as_owner: None, sql: str) -> None:
    entry = do()
    with refused(IntegrityError, "an_entry_is_never_changed"):
        run(sql)
    assert Entry.objects.get().type == entry.type


@pytest.mark.parametrize("sql", CHANGES.values(), ids=CHANGES)
def test_a_replica_keeps_the_rule(as_owner: None, sql: str) -> None:
    do()
    with refused(IntegrityError, "an_entry_is_never_changed"):
        run("SET LOCAL session_replication_role = replica")
        run(sql)


FORGERIES = {
    "another type": ("type", "'tests.thing_undone'", "an_entry_says_what_its_leaf_says"),
    "an earlier act": ("at", "at - interval '1 minute'", "an_entry_says_what_its_leaf_says"),
    "another person": ("actor_uid", "gen_random_uuid()", "an_entry_says_what_its_leaf_says"),
    "other facts": ("facts", "'{}'", "an_entry_says_what_its_leaf_says"),
    "another digest": ("leaf_sha256", "'\\x00'", "an_entry_says_what_its_leaf_says"),
    "an earlier transaction": ("xid", "'3'", "an_entry_is_recorded_here_and_now"),
}


@pytest.mark.parametrize(("column", "value", "name"), FORGERIES.values(), ids=FORGERIES)
def test_a_forged_row_is_refused_even_from_the_owner(
    as_owner: None, column: str, value: str, name: str
) -> None:
    do()
    values = COLUMNS.replace(f"{column},", f"{value},", 1) if column != "xid" else ""
    if column == "xid":
        values = COLUMNS.removesuffix("xid") + value
    with refused(IntegrityError, name):
        run(f"INSERT INTO audit_entry ({COLUMNS}) SELECT {values} FROM audit_entry")


def test_an_entry_recorded_earlier_cannot_be_put_in_later(as_owner: None) -> None:
    do()
    with refused(IntegrityError, "an_entry_is_recorded_here_and_now"):
        # All columns agree with the leaf; only the moment has passed.
        run(
            f"INSERT INTO audit_entry ({COLUMNS}) "
            "SELECT uid, type, at, moment, at_basis, paper_reference, actor_uid, stream, "
            "stream_seq, subject_type, subject_uid, authority, facts, request_key, new_leaf, "
            "sha256('\\x00'::bytea || new_leaf), xid FROM (SELECT *, "
            "convert_to(replace(convert_from(leaf, 'UTF8'), audit_instant(recorded_at), "
            "audit_instant(recorded_at - interval '1 day')), 'UTF8') AS new_leaf, "
            "recorded_at - interval '1 day' AS moment FROM audit_entry) AS forged"
        )


def test_a_number_cannot_be_left_out(as_owner: None) -> None:
    do()
    with refused(IntegrityError, "a_stream_is_numbered_without_gaps"):
        run(
            f"INSERT INTO audit_entry ({COLUMNS}) "
            "SELECT uid, type, at, recorded_at, at_basis, paper_reference, actor_uid, stream, "
            "3, subject_type, subject_uid, authority, facts, request_key, new_leaf, "
            "sha256('\\x00'::bytea || new_leaf), xid FROM (SELECT *, "
            "convert_to(replace(convert_from(leaf, 'UTF8'), '\"stream_seq\":1', "
            "'\"stream_seq\":3'), 'UTF8') AS new_leaf FROM audit_entry) AS forged"
        )


@pytest.mark.django_db
def test_the_function_takes_exactly_the_members_of_the_format() -> None:
    for body in ("{}", '{"recorded_at":"2026-01-01T00:00:00.000000Z"}'):
        with refused(IntegrityError, "an_entry_has_the_members_of_its_format"):
            run("SELECT audit_append(%s)", body)


@pytest.mark.django_db
def test_an_installation_becomes_a_demonstration_before_its_first_entry_only() -> None:
    installation = mark_demonstration()
    assert is_demonstration()
    assert installation.origin.startswith("veche.demonstration/")

    assert do().members["log"] == installation.origin
    # It stays one, and saying so again changes nothing.
    assert mark_demonstration().origin == installation.origin


@pytest.mark.django_db
def test_what_was_real_stays_real() -> None:
    entry = do()
    assert entry.members["log"].startswith("veche/")
    from audit.acts import RecordIsNotEmpty  # noqa: PLC0415

    with pytest.raises(RecordIsNotEmpty), transaction.atomic():
        mark_demonstration()
    assert not is_demonstration()


def test_the_owner_may_not_unmark_a_demonstration(as_owner: None) -> None:
    mark_demonstration()
    do()
    for sql in (
        "UPDATE audit_installation SET is_demonstration = false",
        "UPDATE audit_installation SET origin = 'veche/other'",
        "DELETE FROM audit_installation",
    ):
        with refused(IntegrityError, "an_installation_stays_what_it_is"):
            run(sql)


def test_there_is_one_installation(as_owner: None) -> None:
    do()
    with refused(IntegrityError, "there_is_one_installation"):
        run("INSERT INTO audit_installation VALUES (2, false, 'other')")


def test_the_rules_can_be_taken_back_and_laid_again(as_owner: None) -> None:
    do()
    run(pieces.UNDO)
    do()
    run(log.UNDO)
    run(migration.UNDO)
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname FROM pg_proc WHERE proname LIKE 'audit%'")
        laid = set(re.findall(r"CREATE FUNCTION (\w+)", migration.WRITE))
        assert laid.isdisjoint(name for (name,) in cursor.fetchall())
        # Without the rules the record is a table like any other: they are what protects it.
        cursor.execute("UPDATE audit_entry SET type = 'tests.thing_undone'")
        cursor.execute("DELETE FROM audit_entry")
        # What points at an entry is looked for now: a table with checks to come is not altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    run(migration.WRITE)
    run(log.GUARD)
    run(pieces.WRITE)
    do()
    with refused(IntegrityError, "an_entry_is_never_changed"):
        run("DELETE FROM audit_entry")
