"""Tally a roll of a million votes from the database and decide, beside the plain SQL GROUP BY.

The tables are temporary ones of the same names and columns as the real ones, which they hide for
this connection: the statement is the one that the product runs, and nothing is left behind.
"""
# ruff: noqa: INP001 - the scripts here are modules to run, not a package to import

from __future__ import annotations

import os
from argparse import ArgumentParser
from collections.abc import Sequence
from time import perf_counter

import django
from django.db import connection

from benchmarks.clock import show
from benchmarks.decide import CHARTER

VOTERS = 1_000_000
ROUNDS = 5
MOST = 2
"""How many times the plain statement's time the tally with its decision may take."""

TABLES = """
CREATE TEMP TABLE governance_rollentry (LIKE public.governance_rollentry INCLUDING INDEXES);
CREATE TEMP TABLE governance_vote (LIKE public.governance_vote INCLUDING INDEXES);
ALTER TABLE governance_vote ALTER uid SET DEFAULT gen_random_uuid();
"""
ROLL = """
INSERT INTO pg_temp.governance_rollentry
       (id, ballot_id, seat_id, holder_id, side_code, standing, ground, weight)
SELECT n, 1, n, n, (ARRAY['MIN', 'EMP', 'PUB', 'EXP'])[CASE WHEN n = 1 THEN 1 ELSE 2 + n %% 3 END],
       'entitled', 'held', 1 + n %% 5
  FROM generate_series(1, %(voters)s) AS n
"""
VOTES = """
INSERT INTO pg_temp.governance_vote
       (id, ballot_id, seat_id, person_id, capacity, choice, cast_at, channel, status,
        reason_code, text_sha256, authority_check_id)
SELECT n, 1, n, n, 'representative',
       (ARRAY['for', 'for', 'for', 'for', 'against', 'abstain'])[1 + n::bigint * 7919 / 11 %% 6],
       now(), 'platform', 'counted', '', '', n
  FROM generate_series(1, %(voters)s) AS n WHERE n %% 20 > 0
"""
PLAIN = """
SELECT roll.side_code, vote.choice, count(*), sum(roll.weight)
  FROM governance_rollentry AS roll
  LEFT JOIN governance_vote AS vote
    ON vote.ballot_id = roll.ballot_id AND vote.seat_id = roll.seat_id
   AND vote.status = 'counted'
 WHERE roll.ballot_id = 1
 GROUP BY roll.side_code, vote.choice
"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Fill the tables, measure both in turn, and compare the best of each."""
    from governance.domain.decide import decide  # noqa: PLC0415 - after django.setup
    from governance.tallies import tallied  # noqa: PLC0415

    options = ArgumentParser(prog="python -m benchmarks.tally", description=__doc__)
    options.add_argument("--n", type=int, default=VOTERS, help="how many are on the roll")
    given = options.parse_args(arguments)
    with connection.as_owner(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(TABLES)
        cursor.execute(ROLL, {"voters": given.n})
        cursor.execute(VOTES, {"voters": given.n})
        cursor.execute("ANALYZE pg_temp.governance_rollentry; ANALYZE pg_temp.governance_vote")
        plain = ours = float("inf")
        for _ in range(ROUNDS):
            began = perf_counter()
            cursor.execute(PLAIN)
            heads = sum(row[2] for row in cursor.fetchall())
            plain = min(plain, perf_counter() - began)
            began = perf_counter()
            rows = tallied(1)
            outcome = decide(CHARTER, rows)
            ours = min(ours, perf_counter() - began)
            if heads != sum(row.n for row in rows):
                raise SystemExit("they count different heads")
    show(f"a roll of {given.n:,}", "seconds")
    show("SQL GROUP BY by side and vote", f"{plain:.3f}")
    show(f"{len(rows)} groups, decided: {outcome.result}", f"{ours:.3f}")
    show("ratio", f"{ours / plain:.2f} (≤ {MOST})")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    main()
