"""Serve the pages, deliver the mail and number the record, until told to stop."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

GRACE_SECONDS = 10
# Within which a page that is being made is finished when the server stops.
FINISH_SECONDS = 5
PAUSE_SECONDS = 0.2
# Between the end of a program beside the pages and its next start.
REST_SECONDS = 2


class Command(BaseCommand):
    help = "Serve the pages (gunicorn), deliver the mail and number the record, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        address = urlsplit(settings.ADDRESS)
        here = address.netloc if address.port else "127.0.0.1:8000"
        parser.add_argument("--bind", default=here, help="address:port, %(default)s")
        parser.add_argument("--workers", type=int, default=2, help="processes")
        parser.add_argument("--threads", type=int, default=8, help="threads of each for pages")

    def handle(self, *_: Any, bind: str, workers: int, threads: int, **__: Any) -> None:
        manage = [sys.executable, str(settings.BASE_DIR / "manage.py")]
        pages = [
            *(sys.executable, "-m", "gunicorn", "config.wsgi:application"),
            *("--bind", bind, "--worker-class", "gthread"),
            # Open pages wait for news in threads of their own number, so that they leave the
            # others theirs. When the server stops they are cut off, and come back by themselves.
            *("--workers", str(workers), "--threads", str(threads + settings.LIVE_PAGES)),
            *("--graceful-timeout", str(FINISH_SECONDS)),
            # It would lie in the home directory and let its owner restart the workers.
            "--no-control-socket",
            *(("--access-logfile", "-") if settings.DEBUG else ()),
        ]
        self.stdout.write(f"Veche is at {settings.ADDRESS} – Ctrl+C stops it")
        self.stdout.flush()
        beside = [[*manage, "deliver_mail", "--watch"], [*manage, "record", "sequence", "--watch"]]
        sys.exit(_run_together(pages, beside))


def _run_together(pages: Sequence[str], beside: Sequence[Sequence[str]]) -> int:
    """Run all until we are told to stop or the pages end, then end all.

    What runs beside the pages only waits for the database, and is started again if that took it
    down. Returns the exit code of the pages, 0 if we were told to stop.
    """
    stopping: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopping.append(number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    serving, helping = _start(pages), [_start(command) for command in beside]
    rest = [0.0 for _ in beside]
    while not stopping and serving.poll() is None:
        time.sleep(PAUSE_SECONDS)
        for place, command in enumerate(beside):
            if helping[place].poll() is not None:
                rest[place] += PAUSE_SECONDS
                if rest[place] >= REST_SECONDS:
                    helping[place], rest[place] = _start(command), 0.0
    ended = serving.poll()
    for process in (serving, *helping):
        process.terminate()
    for process in (serving, *helping):
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return 0 if ended is None else ended


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start a program in a group of its own: Ctrl+C reaches us alone, and the order is ours."""
    return subprocess.Popen(  # noqa: S603 - our own commands
        command, cwd=settings.BASE_DIR, env=os.environ, start_new_session=True
    )
