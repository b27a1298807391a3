"""Test databases: one per run, copied from a template that is migrated once.

Migrating takes seconds and copying a tenth of one. The template is named by a digest of
every migration and of what runs beside them, so a changed migration makes a new template
and an old one is never mistaken for it. Runs at the same moment do not meet: a database
carries the number of the process that uses it.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

TEMPLATE = "veche_template_"
RUN = "veche_run_"
# Any number that nobody else locks on this server.
LOCK = 0x7665636865
# Runs on branches side by side keep their templates; what is older is dropped.
TEMPLATES_KEPT = 4


@contextmanager
def test_database() -> Iterator[None]:
    """Point the default connection at a fresh, migrated database until the end of the block."""
    ordinary = connection.settings_dict["NAME"]
    name = f"{RUN}{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        # Held until the cursor's connection ends: one process at a time migrates, and the
        # others wait for it longer than an act would wait for a row.
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        template = _template(cursor)
        _drop_abandoned(cursor)
        _drop(cursor, name)
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _use(name)
    try:
        yield
    finally:
        _use(ordinary)
        with connection._nodb_cursor() as cursor:
            _drop(cursor, name)


def _template(cursor: Any) -> str:
    """Return the name of the template for the code as it stands, making it if need be."""
    name = f"{TEMPLATE}{_digest()}"
    existing = _names(cursor, TEMPLATE)
    if name in existing:
        return name
    growing = f"{TEMPLATE}growing"
    _drop(cursor, growing)
    cursor.execute(f'CREATE DATABASE "{growing}"')
    ordinary = connection.settings_dict["NAME"]
    _use(growing)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _use(ordinary)
    cursor.execute(f'ALTER DATABASE "{growing}" RENAME TO "{name}"')
    for stale in existing[TEMPLATES_KEPT - 1 :]:
        _drop(cursor, stale)
    return name


def _digest() -> str:
    """Hash the migrations of all apps, and the code that runs beside them."""
    digest = hashlib.sha256(repr(settings.INSTALLED_APPS).encode())
    config = Path(settings.BASE_DIR) / "config"
    sources = [config / "apps.py", *(config / "database").glob("*.py")]
    for app in apps.get_app_configs():
        sources += (Path(app.path) / "migrations").glob("*.py")
    for source in sorted(sources):
        digest.update(f"{source}\0".encode() + source.read_bytes())
    return digest.hexdigest()[:16]


def _drop_abandoned(cursor: Any) -> None:
    """Drop what runs left: those that were killed, and what the workers of one shared."""
    for name in _names(cursor, RUN):
        try:
            os.kill(int(name.removeprefix(RUN).partition("_")[0]), 0)
        except ProcessLookupError:
            _drop(cursor, name)
        except PermissionError:
            continue


def _names(cursor: Any, prefix: str) -> list[str]:
    """Return the databases with this prefix, the newest first."""
    cursor.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) ORDER BY oid DESC",
        [prefix],
    )
    return [name for (name,) in cursor.fetchall()]


def _drop(cursor: Any, name: str) -> None:
    cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    with suppress(KeyError):
        settings.DATABASES["default"]["NAME"] = name
