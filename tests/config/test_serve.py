"""Running several programs as one."""

import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

TOGETHER = """
import sys
from config.management.commands.serve import _run_together
pages, *beside = ([sys.executable, "-c", source] for source in sys.argv[1:])
sys.exit(_run_together(pages, beside))
"""
WAITING = "import os, time; os.write(1, b'up\\n'); time.sleep(60)"


def _together(*sources: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TOGETHER, *sources],
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("order", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_all_stop_when_told_and_that_is_no_failure(order: signal.Signals) -> None:
    with _together(WAITING, WAITING, WAITING) as running:
        assert [running.stdout.readline() for _ in range(3)] == ["up\n"] * 3
        running.send_signal(order)

        # The pipe closes only when the last of them is gone.
        assert running.stdout.read() == ""
        assert running.wait() == 0


def test_when_the_pages_end_the_rest_stops_and_the_failure_is_told() -> None:
    began = time.monotonic()
    with _together("raise SystemExit(3)", WAITING) as running:
        running.stdout.read()
        assert running.wait() == 3
    assert time.monotonic() - began < 30


def test_what_runs_beside_is_started_again_when_it_fails() -> None:
    with _together(WAITING, "import os; os.write(1, b'mail\\n'); raise SystemExit(1)") as running:
        lines = [running.stdout.readline() for _ in range(3)]
        running.terminate()

        assert sorted(lines) == ["mail\n", "mail\n", "up\n"]
        assert running.wait() == 0
