"""The connection: acts run as `veche_app`, the schema is changed by its owner.

The login of `DATABASE_URL` owns the tables. Every connection gives this up at once and
continues as the role in `OPTIONS["assume_role"]`, which may read and write rows and owns
nothing: it cannot drop a trigger, and where `audit` revoked a privilege it is refused.
Only three things return to the owner, each for its own duration: the schema editor
(migrations), the flush between tests, and the connection without a database that creates
and drops databases.

What this does not do: stop code that runs SQL of its own choosing, which could say
`SET ROLE NONE` too. An installation that wants that gives the web processes a login that
is only a member of the role, and migrates with the owner's.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self

import psycopg
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base, creation, features, operations, schema
from psycopg import sql
from psycopg.pq import TransactionStatus

from config import postgres


class DatabaseFeatures(features.DatabaseFeatures):
    """Ask for a server with `NULLS NOT DISTINCT` and a `public` schema closed to strangers."""

    minimum_database_version = (15,)


class DatabaseOperations(operations.DatabaseOperations):
    """Empty tables as their owner."""

    connection: "DatabaseWrapper"

    def execute_sql_flush(self, sql_list: Iterable[str]) -> None:
        """Run TRUNCATE, which the application's role is not granted."""
        with self.connection.as_owner():
            super().execute_sql_flush(sql_list)


class DatabaseSchemaEditor(schema.DatabaseSchemaEditor):
    """Change tables as their owner."""

    connection: "DatabaseWrapper"

    def __enter__(self) -> Self:
        self._ownership = self.connection.as_owner()
        self._ownership.__enter__()
        return super().__enter__()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            super().__exit__(exc_type, exc_value, traceback)
        finally:
            self._ownership.__exit__(None, None, None)


class DatabaseCreation(creation.DatabaseCreation):
    """Create and drop databases, and empty one."""

    connection: "DatabaseWrapper"

    def empty(self) -> None:
        """Drop every table, type and function, so that `migrate` begins from nothing.

        The schema is dropped rather than the database: that needs no right to create
        databases and no end to other connections.
        """
        with self.connection.as_owner(), self.connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")
            cursor.execute("GRANT USAGE ON SCHEMA public TO PUBLIC")


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that works as the application's role; see above."""

    SchemaEditorClass = DatabaseSchemaEditor
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    @property
    def application_role(self) -> str | None:
        role: str | None = self.settings_dict["OPTIONS"].get("assume_role")
        return role

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Act as the owner of the tables until the end of the block.

        Inside a transaction a failure takes the change of role back with everything else,
        so there is nothing left to undo.
        """
        self.ensure_connection()
        with self.cursor() as cursor:
            cursor.execute("SELECT current_user = session_user")
            already = cursor.fetchone()[0]
            if not already:
                cursor.execute("SET ROLE NONE")
        try:
            yield
        finally:
            if (
                not already
                and self.connection is not None
                and self.connection.info.transaction_status is not TransactionStatus.INERROR
            ):
                self._configure_role(self.connection)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect; start the embedded server first where it is ours and does not run."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            cluster: postgres.Cluster | None = self.settings_dict.get("CLUSTER")
            if cluster is None or postgres.is_running(cluster):
                raise
            postgres.start(cluster)
            return super().get_new_connection(conn_params)

    def _configure_role(self, connection: Any) -> bool:
        role = self.application_role
        if role is None or self.alias == NO_DB_ALIAS:
            return False
        statement = sql.SQL("SET ROLE {}").format(sql.Identifier(role))
        with connection.cursor() as cursor:
            try:
                cursor.execute(statement)
            except (psycopg.errors.InvalidParameterValue, psycopg.errors.InsufficientPrivilege):
                # The role is missing (an invalid value of the setting), or not granted to us.
                connection.rollback()
                self._create_role(connection, role)
                cursor.execute(statement)
        return True

    @staticmethod
    def _create_role(connection: Any, role: str) -> None:
        """Create the application's role and let the login assume it.

        Raises:
            ImproperlyConfigured: the login may not; the message says what an
                administrator of the server has to run.
        """
        name = sql.Identifier(role)
        grant = sql.SQL("GRANT {} TO CURRENT_USER").format(name)
        try:
            with connection.cursor() as cursor:
                try:
                    cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
                except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                    # It was there, or somebody else created it at the same moment.
                    connection.rollback()
                cursor.execute(grant)
        except psycopg.errors.InsufficientPrivilege as refusal:
            login = connection.info.user
            raise ImproperlyConfigured(
                f"The database has to let `{login}` act as the role `{role}`. Have its "
                f'administrator run: CREATE ROLE {role} NOLOGIN; GRANT {role} TO "{login}";'
            ) from refusal
