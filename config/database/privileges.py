"""What the application's role may do with tables that do not exist yet."""

from typing import Any

from django.db import connections
from psycopg import sql

from config.database.base import DatabaseWrapper


def grant_future_tables(using: str, **_: Any) -> None:
    """Let the application's role read and write the rows of every table made from now on.

    It runs before the migrations, so that a migration may take a privilege back from a
    table it has just made and nothing gives it again. TRUNCATE is never granted.
    """
    connection = connections[using]
    if not isinstance(connection, DatabaseWrapper) or connection.application_role is None:
        return
    role = sql.Identifier(connection.application_role)
    with connection.as_owner(), connection.cursor() as cursor:
        for privileges in (
            "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES",
            "GRANT USAGE, SELECT ON SEQUENCES",
        ):
            cursor.execute(
                sql.SQL("ALTER DEFAULT PRIVILEGES IN SCHEMA public {} TO {}").format(
                    sql.SQL(privileges), role
                )
            )
