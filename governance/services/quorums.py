"""The quorum of every side, at an instant and over the time of a meeting. Reads only.

There is one count of those present: intervals of attendance. Everything that speaks of a quorum
– opening a meeting, opening a ballot, a page, the minutes – asks it at its own instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.expressions import Vote as Cast
from governance.domain.procedure import parse_procedure
from governance.domain.table import side_results

from ._roll import holdings_of, rows_at_opening, seated

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection

    from governance.models import Attendance, Meeting


@dataclass(frozen=True, slots=True)
class SideQuorum:
    """How many of a side's votes are there, of how many, and whether that is its quorum.

    A side with a single voice has one vote, whoever of its seats is in the hall.
    """

    side: str
    present: int
    entitled: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a meeting in which nobody came and nobody left. `until` is None if it lasts."""

    since: datetime.datetime
    until: datetime.datetime | None
    sides: tuple[SideQuorum, ...]

    @property
    def lacking(self) -> tuple[str, ...]:
        """The codes of the sides without a quorum."""
        return tuple(row.side for row in self.sides if not row.holds)


def quorum_at(meeting: Meeting, at: datetime.datetime) -> tuple[SideQuorum, ...]:
    """Return the quorum of every side in the hall at an instant: all held seats, nobody recused.

    Who is recused depends on the question; opening a ballot asks for its own.
    """
    return _counted(meeting, [(at, _present(meeting.attendance.at(at), at))])[0]


def quorum_log(meeting: Meeting, *, until: datetime.datetime) -> list[Stretch]:
    """Return the quorum of every side over the time of a meeting, stretch by stretch.

    Stretches that differ in nothing but who exactly sits there are one. Three queries.
    """
    stays = list(meeting.attendance.order_by("came_at", "pk"))
    instants = sorted(
        {stay.came_at for stay in stays}
        | {stay.left_at for stay in stays if stay.left_at is not None and stay.left_at < until}
    )
    instants = [instant for instant in instants if instant <= until]
    counted = _counted(meeting, [(instant, _present(stays, instant)) for instant in instants])
    ends = [*instants, meeting.closed_at][1:]
    log: list[Stretch] = []
    for since, end, sides in zip(instants, ends, counted, strict=True):
        if log and log[-1].sides == sides:
            log[-1] = Stretch(log[-1].since, end, sides)
        else:
            log.append(Stretch(since, end, sides))
    return log


def _present(stays: Collection[Attendance], at: datetime.datetime) -> set[int]:
    """Return the seats that are occupied at an instant."""
    return {
        stay.seat_id
        for stay in stays
        if stay.came_at <= at and (stay.left_at is None or stay.left_at > at)
    }


def _counted(
    meeting: Meeting, halls: list[tuple[datetime.datetime, set[int]]]
) -> list[tuple[SideQuorum, ...]]:
    """Count each hall by the charter of the meeting. Who holds the seats is read once."""
    if not halls:
        return []
    charter = parse_charter(meeting.charter_version.rules)
    procedure = parse_procedure(meeting.charter_version.procedure)
    holdings = holdings_of(meeting.body, halls[-1][0])
    counts = []
    for at, present in halls:
        rows = rows_at_opening(seated(holdings, procedure, {}, present, at), present)
        counts.append(
            tuple(
                SideQuorum(
                    side=result.side,
                    present=sum(
                        row.side == result.side and row.vote is not Cast.ABSENT for row in rows
                    ),
                    entitled=result.entitled,
                    holds=result.side_quorum,
                )
                for result in side_results(decide(charter, rows), rows)
            )
        )
    return counts
