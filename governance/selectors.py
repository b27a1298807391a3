"""What pages ask about bodies and meetings, in few queries. Nothing here writes or decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from calendars.domain import day_of
from governance.models import Attendance, Body, Mandate, Meeting, Seat, SeatHolding, Side

if TYPE_CHECKING:
    import datetime


@dataclass(slots=True)
class SeatLine:
    """A seat with its holder today, its mandates, and its stays at a meeting."""

    seat: Seat
    holding: SeatHolding | None = None
    mandates: list[Mandate] = field(default_factory=list)
    stays: list[Attendance] = field(default_factory=list)

    @property
    def is_there(self) -> bool:
        """Whether somebody occupies the seat now."""
        return any(stay.left_at is None for stay in self.stays)


@dataclass(slots=True)
class SideLines:
    """A side with its seats."""

    side: Side
    seats: list[SeatLine]

    @property
    def present(self) -> int:
        """How many seats are occupied now."""
        return sum(line.is_there for line in self.seats)


def sides_with_seats(body: Body, at: datetime.datetime) -> list[SideLines]:
    """Return a body's sides in order, each with its seats, holders and mandates: four queries."""
    holdings = {
        holding.seat_id: holding
        for holding in SeatHolding.objects.of_body(body).on(day_of(at)).select_related("person")
    }
    mandates: dict[int, list[Mandate]] = defaultdict(list)
    papers = Mandate.objects.filter(seat__body=body).select_related("person")
    for mandate in papers.order_by("-valid_from", "-pk"):
        mandates[mandate.seat_id].append(mandate)
    return [
        SideLines(
            side,
            [SeatLine(seat, holdings.get(seat.pk), mandates.get(seat.pk, [])) for seat in seats],
        )
        for side, seats in _seats_by_side(body)
    ]


def presence(meeting: Meeting, at: datetime.datetime) -> list[SideLines]:
    """Return who was at a meeting when, side by side and seat by seat: four queries."""
    stays: dict[int, list[Attendance]] = defaultdict(list)
    for stay in meeting.attendance.select_related("person").order_by("came_at", "pk"):
        stays[stay.seat_id].append(stay)
    holdings = {
        holding.seat_id: holding
        for holding in SeatHolding.objects.of_body(meeting.body)
        .on(day_of(at))
        .select_related("person")
    }
    return [
        SideLines(
            side,
            [SeatLine(seat, holdings.get(seat.pk), stays=stays.get(seat.pk, [])) for seat in seats],
        )
        for side, seats in _seats_by_side(meeting.body)
    ]


def _seats_by_side(body: Body) -> list[tuple[Side, list[Seat]]]:
    """Return the sides of a body in their order, each with its seats in theirs."""
    sides = body.sides.prefetch_related("seats").order_by("position")
    return [(side, sorted(side.seats.all(), key=lambda seat: seat.number)) for side in sides]
