"""Tally a frozen roll with its votes where they lie: in the database, in one statement.

A count of a million votes moves a dozen rows: how many equal seats of a side – of one weight, with
one vote – there are. Charters count heads and weights, so the kernel comes to the same result from
these groups as from the seats one by one; only the names of members are not in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from governance.domain.expressions import Vote as Cast
from governance.domain.rows import Row
from governance.models import RollEntry, Vote
from governance.services._roll import CAST

if TYPE_CHECKING:
    from collections.abc import Collection

TALLY = f"""
SELECT roll.side_code, roll.weight, roll.standing = '{RollEntry.Standing.RECUSED}', vote.choice,
       vote.choice IS NULL AND roll.seat_id = ANY(%(stayed)s), count(*)
  FROM {RollEntry._meta.db_table} AS roll
  LEFT JOIN {Vote._meta.db_table} AS vote
    ON vote.ballot_id = roll.ballot_id AND vote.seat_id = roll.seat_id
   AND vote.status = '{Vote.Status.COUNTED}'
 WHERE roll.ballot_id = %(ballot)s
 GROUP BY 1, 2, 3, 4, 5
 ORDER BY 1, 2, 3, 4, 5
"""  # noqa: S608 - names of our own tables and words, no input


def tallied(ballot: int, stayed: Collection[int] = ()) -> tuple[Row, ...]:
    """Return the roll of a ballot with its counted votes, equal seats together.

    `stayed` are the seats that were there to the end: without a vote they are silent, and any other
    is absent.
    """
    with connection.cursor() as cursor:
        cursor.execute(TALLY, {"ballot": ballot, "stayed": list(stayed)})
        groups = cursor.fetchall()
    return tuple(
        Row(id="", side=side, weight=weight, vote=_vote(choice, recused, has_stayed), n=n)
        for side, weight, recused, choice, has_stayed, n in groups
    )


def _vote(choice: str | None, is_recused: bool, has_stayed: bool) -> Cast:  # noqa: FBT001
    if is_recused:
        return Cast.RECUSED
    if choice is not None:
        return CAST[Vote.Choice(choice)]
    return Cast.SILENT if has_stayed else Cast.ABSENT
