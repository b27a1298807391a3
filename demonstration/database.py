"""Empty the database of a demonstration, and only of a demonstration."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db import connection
from django.utils.translation import gettext_lazy as _

import audit.services
from audit.acts import ActRefused
from audit.models import Entry

# Any number that nobody else locks on this server.
LOCK = 0x64656D6F


class NotEmptied(ActRefused):
    """What people did is not thrown away for a demonstration."""

    message = _("People have acted in this database, and it is not marked as a demonstration.")
    code = "not_a_demonstration"


class AnotherPlayRuns(ActRefused):
    """Two plays in one database would play every act twice."""

    message = _("Another play is running in this database.")
    code = "another_play_runs"


@contextmanager
def alone() -> Iterator[None]:
    """Hold the database against other plays until the end of the block.

    A play waits for the disk a thousand times in a minute, so here it does not: after a crash of
    the machine the last acts may be missing, the count of the acts done with them, and the next
    run plays them.

    Raises: AnotherPlayRuns – somebody else holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            raise AnotherPlayRuns
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def empty() -> None:
    """Take everything out of the database.

    Raises: NotEmptied – somebody has acted here who was not playing.
    """
    if is_in_use():
        raise NotEmptied
    # Our own kind of connection knows how; the types know Django's.
    connection.creation.empty()  # type: ignore[attr-defined]


def prepare() -> None:
    """Bring the tables up to date."""
    call_command("migrate", verbosity=0, interactive=False)


def is_in_use() -> bool:
    """Say whether somebody has acted in this database who was not playing."""
    tables = connection.introspection.table_names()
    if Entry._meta.db_table not in tables:
        return False
    return Entry.objects.exists() and not audit.services.is_demonstration()
