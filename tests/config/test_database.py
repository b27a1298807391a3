"""Whom a connection acts as, and what that one may do."""

from collections.abc import Callable, Iterator

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, models, transaction
from django.db.utils import ProgrammingError

from config.checks import acts_own_their_transactions, complaints_about, database_is_supported
from config.database.base import DatabaseWrapper


def _ask(statement: str, on: DatabaseWrapper = connection) -> object:
    with on.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]


class Thing(models.Model):
    word = models.TextField()

    class Meta:
        app_label = "config"
        managed = False

    def __str__(self) -> str:
        return self.word


@pytest.fixture
def thing(db: None) -> type[Thing]:
    """Make a table as a migration does."""
    with connection.schema_editor() as editor:
        editor.create_model(Thing)
    return Thing


@pytest.fixture
def another(db: None) -> Iterator[Callable[..., DatabaseWrapper]]:
    """Return a function that opens a second connection, with other settings if wanted."""
    opened: list[DatabaseWrapper] = []

    def connect(*, role: str | None = None, user: str | None = None) -> DatabaseWrapper:
        other = connection.copy()
        options = {**other.settings_dict["OPTIONS"]}
        other.settings_dict |= {"OPTIONS": options}
        if role:
            options["assume_role"] = role
        if user:
            other.settings_dict["USER"] = user
        opened.append(other)
        return other

    yield connect
    for other in opened:
        other.close()


def test_an_act_is_not_done_as_the_owner(db: None) -> None:
    assert _ask("SELECT current_user") == "veche_app"
    assert _ask("SELECT session_user") != "veche_app"


def test_the_application_reads_and_writes_rows_of_a_new_table(thing: type[Thing]) -> None:
    made = thing.objects.create(word="вече")
    thing.objects.filter(pk=made.pk).update(word="совет")

    assert thing.objects.get().word == "совет"
    assert thing.objects.all().delete()[0] == 1


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE config_thing",
        "DROP TABLE config_thing",
        "ALTER TABLE config_thing DISABLE TRIGGER ALL",
        "CREATE TABLE more ()",
        "ALTER TABLE config_thing OWNER TO veche_app",
    ],
)
def test_the_application_may_not_touch_the_table_itself(thing: type[Thing], statement: str) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        _ask(statement)


def test_a_privilege_taken_back_stays_taken_back(thing: type[Thing]) -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("REVOKE UPDATE ON config_thing FROM veche_app")

    with pytest.raises(ProgrammingError), transaction.atomic():
        thing.objects.update(word="")


def test_ownership_ends_with_its_block(db: None) -> None:
    with connection.as_owner():
        assert _ask("SELECT current_user = session_user") is True
        with connection.as_owner():
            pass
        assert _ask("SELECT current_user = session_user") is True

    assert _ask("SELECT current_user") == "veche_app"


def test_ownership_ends_with_a_failure_in_its_block(db: None) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.as_owner():
        _ask("SELECT 1 / 0")

    assert _ask("SELECT current_user") == "veche_app"


def test_a_failed_change_of_the_schema_leaves_no_owner_behind(
    another: Callable[..., DatabaseWrapper],
) -> None:
    other = another()
    with pytest.raises(DatabaseError), other.cursor() as cursor, other.as_owner():
        cursor.execute("SELECT 1 / 0")

    assert _ask("SELECT current_user", on=other) == "veche_app"


@pytest.mark.django_db(transaction=True)
def test_a_missing_role_is_created_by_a_login_that_may(
    another: Callable[..., DatabaseWrapper],
) -> None:
    try:
        assert _ask("SELECT current_user", on=another(role="veche_new")) == "veche_new"
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("DROP ROLE veche_new")


@pytest.mark.django_db(transaction=True)
def test_a_login_that_may_not_create_the_role_is_told_what_to_ask_for(
    another: Callable[..., DatabaseWrapper],
) -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE ROLE veche_plain LOGIN")
    try:
        plain = another(role="veche_missing", user="veche_plain")
        with pytest.raises(ImproperlyConfigured, match="CREATE ROLE veche_missing NOLOGIN"):
            plain.ensure_connection()
        plain.close()
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("DROP ROLE veche_plain")


def test_emptying_leaves_no_table_and_the_rights_of_before(
    another: Callable[..., DatabaseWrapper],
) -> None:
    other = another()
    ours, copy = other.settings_dict["NAME"], f"{other.settings_dict['NAME']}_copy"
    with other._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{copy}"')
    try:
        other.settings_dict["NAME"] = copy
        with other.as_owner(), other.cursor() as cursor:
            cursor.execute("CREATE TABLE thing ()")

        other.creation.empty()

        assert other.introspection.table_names() == []
        assert _ask("SELECT has_schema_privilege('public', 'USAGE')", on=other) is True
        assert _ask("SELECT has_schema_privilege('public', 'CREATE')", on=other) is False
    finally:
        other.close()
        other.settings_dict["NAME"] = ours
        with other._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{copy}"')


def test_waiting_has_an_end(db: None) -> None:
    assert _ask("SHOW lock_timeout") == "10s"
    assert _ask("SHOW idle_in_transaction_session_timeout") == "1min"


def test_an_old_server_is_refused_in_words() -> None:
    [complaint] = complaints_about((14, 9))

    assert "PostgreSQL 14.9" in complaint.msg
    assert not list(complaints_about((15, 0)))


def test_the_database_is_asked_only_when_a_check_names_it(db: None) -> None:
    assert database_is_supported(databases=["default"]) == []
    assert database_is_supported(databases=None) == []


def test_a_transaction_round_the_request_is_refused(settings: object) -> None:
    assert acts_own_their_transactions() == []

    settings.DATABASES["default"]["ATOMIC_REQUESTS"] = True
    try:
        assert [error.id for error in acts_own_their_transactions()] == ["config.E002"]
    finally:
        settings.DATABASES["default"]["ATOMIC_REQUESTS"] = False
