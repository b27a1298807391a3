"""A machine of its own for a story that takes months: PostgreSQL, the pages, the mail, one clock.

Nothing of ours is replaced. The programs run in processes of their own, on a cluster of their
own; libfaketime (the package `libfaketime`) stands between them and the kernel's clock, as if
somebody had set the clock of the machine. The story moves it forward as days would. The pages
are served by `runserver`, because gunicorn's pauses and libfaketime do not bear each other.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from django.conf import settings
from django.db import connection

from audit import log
from calendars.domain import KRASNOYARSK
from config import postgres
from tests import databases
from tests.notifications.mail_server import MailServer, mail_server

LIBRARIES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/local/lib/faketime")
PATIENCE_SECONDS = 60
SEEN_AFTER_SECONDS = 1.5


@dataclass
class Machine:
    """The machine, and the ways of the story into it."""

    address: str
    mail: MailServer
    clock: Path

    def set_clock(self, moment: str) -> None:
        """Let it be this moment in Krasnoyarsk, `2026-02-02 09:00`; time goes on from there."""
        wanted = datetime.fromisoformat(moment).replace(tzinfo=KRASNOYARSK)
        offset = int(wanted.timestamp() - time.time())
        # Renamed into its place, so that nobody reads half a number.
        growing = self.clock.with_suffix(".new")
        growing.write_text(f"{offset:+d}\n")
        growing.chmod(0o644)
        growing.rename(self.clock)
        time.sleep(SEEN_AFTER_SECONDS)

    def link_for(self, address: str, path: str) -> str:
        """Wait for a letter to somebody with a link to a path, and return the link."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for letter in self.mail.letters:
                body = letter.get_body(preferencelist=("plain",))
                words = body.get_content() if body and address in letter["To"] else ""
                if link := re.search(rf"{re.escape(self.address + path)}\S+", words):
                    return link[0]
            time.sleep(0.1)
        pytest.fail(f"no letter to {address} arrived")


@contextmanager
def machine(moment: str) -> Iterator[Machine]:
    """Start a machine with an empty database, at a moment; switch it off at the end."""
    home = Path(tempfile.mkdtemp(prefix="veche-machine-"))
    # PostgreSQL runs as an account of its own where we are root.
    home.chmod(0o755)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home)
        started = Machine(_free_address(), stack.enter_context(mail_server()), home / "clock")
        started.set_clock(moment)
        faked = _faked(started.clock)
        environment = _environment(home, started, faked)
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        run = {"cwd": settings.BASE_DIR, "env": environment}
        stack.callback(subprocess.run, [*manage, "postgres", "stop"], check=False, **run)
        subprocess.run([*manage, "postgres", "start"], check=True, **run)
        _lay_tables(home)
        _start(stack, [*manage, "deliver_mail", "--watch", "--every=1"], **run)
        pages = [*manage, "runserver", "--noreload", started.address.removeprefix("http://")]
        _await(started.address, _start(stack, pages, **{**run, "env": {**environment, **faked}}))
        yield started


def _free_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def _start(stack: ExitStack, command: list[str], **run: Any) -> subprocess.Popen[bytes]:
    """Start a program that ends with the machine."""
    program = subprocess.Popen(command, **run)
    stack.callback(program.wait, PATIENCE_SECONDS)
    stack.callback(program.terminate)
    return program


def _faked(clock: Path) -> dict[str, str]:
    """Return what lets a program see the movable clock."""
    return {
        "LD_PRELOAD": str(_library()),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        # A moved clock is seen after a second; without that every look would read the file.
        "FAKETIME_CACHE_DURATION": "1",
        # Intervals run as they run: the story moves the calendar, not the stop-watch.
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "NO_FAKE_STAT": "1",
    }


def _environment(home: Path, started: Machine, faked: dict[str, str]) -> dict[str, str]:
    """Return the environment of the programs: everything in `home`."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VECHE_", "PG", "DJANGO_")) and name != "DATABASE_URL"
    }
    return {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.browser.machine_settings",
        "PG_BIN": str(_programs(home, faked)),
        "VECHE_POSTGRES": str(home / "pg"),
        "VECHE_FILES": str(home / "files"),
        "VECHE_ADDRESS": started.address,
        "VECHE_MAIL": f"smtp://127.0.0.1:{started.mail.port}",
    }


def _library() -> Path:
    for place in LIBRARIES:
        for found in sorted(Path("/").glob(f"{place[1:]}/libfaketimeMT.so.1")):
            return found
    pytest.fail("the story needs a clock that can be moved: install the package `libfaketime`")


def _programs(home: Path, faked: dict[str, str]) -> Path:
    """Make a directory of PostgreSQL's programs in which the server starts with the clock."""
    real = postgres._binaries(postgres.Cluster(home / "pg"))
    programs = home / "bin"
    programs.mkdir()
    for program in ("initdb", "postgres", "pg_isready"):
        (programs / program).symlink_to(real / program)
    words = " ".join(f"{name}='{value}'" for name, value in faked.items())
    starter = programs / "pg_ctl"
    starter.write_text(f'#!/bin/sh\nexec env {words} "{real / "pg_ctl"}" "$@"\n')
    starter.chmod(0o755)
    return programs


def _lay_tables(home: Path) -> None:
    """Copy the tables as the migrations left them: empty, and made once for all tests."""
    ours, theirs = connection.settings_dict, {"-h": str(home / "pg"), "-U": postgres.LOGIN}
    programs = postgres._binaries(postgres.Cluster(home / "pg"))
    source = {"-h": ours["HOST"], "-p": str(ours["PORT"]), "-U": ours["USER"]}
    template = f"{databases.TEMPLATE}{databases._digest()}"
    psql = [programs / "psql", *chain(*theirs.items()), "-qv", "ON_ERROR_STOP=1", "-o", os.devnull]
    for role in (connection.application_role, log.ROLE):
        subprocess.run([*psql, "-c", f"CREATE ROLE {role} NOLOGIN", postgres.DATABASE], check=True)
    dump = subprocess.run(
        [programs / "pg_dump", *chain(*source.items()), template],
        check=True,
        capture_output=True,
        env={**os.environ, "PGPASSWORD": ours["PASSWORD"]} if ours.get("PASSWORD") else None,
    )
    subprocess.run([*psql, postgres.DATABASE], input=dump.stdout, check=True)


def _await(address: str, serving: subprocess.Popen[bytes]) -> None:
    """Wait until the pages are served."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and serving.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 -- ours
                return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the machine serves no pages")
