"""The roll of a question: which seats count, which are recused, who speaks for a side.

Composed once, at the opening, and frozen there. The notation is that of the domain's
decision algebra: E(s, Q) are the entitled seats of a side for a question, P those that
take part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from calendars.domain import day_of
from governance.authority import Action, examine
from governance.domain.expressions import Vote as Cast
from governance.domain.procedure import Voice
from governance.domain.rows import Row
from governance.models import Attendance, ConflictDeclaration, RollEntry, Seat, SeatHolding, Vote

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterable, Mapping
    from uuid import UUID

    from accounts.models import Person
    from governance.domain.procedure import Procedure
    from governance.models import Ballot, Body, Meeting

CAST = {
    Vote.Choice.FOR: Cast.YES,
    Vote.Choice.AGAINST: Cast.NO,
    Vote.Choice.ABSTAIN: Cast.ABSTAIN,
}
"""Our words for choices, in those of the kernel."""


@dataclass(frozen=True, slots=True)
class Place:
    """A seat on a roll that is being composed."""

    seat: Seat
    holder: Person
    side_code: str
    ground: RollEntry.Ground
    conflict: ConflictDeclaration | None = None

    @property
    def standing(self) -> RollEntry.Standing:
        """Whether the seat counts for the question."""
        standing = RollEntry.Standing
        return standing.ENTITLED if self.conflict is None else standing.RECUSED


def compose(
    *,
    body: Body,
    procedure: Procedure,
    topics: Collection[UUID],
    present: Collection[int] | None,
    at: datetime.datetime,
) -> list[Place]:
    """Return the roll of a question about these topics.

    Args:
        present: the seats in the hall; None in a written ballot, where nobody is.
    """
    return seated(holdings_of(body, at), procedure, recusals_on(body, topics), present, at)


def seated(
    holdings: Iterable[SeatHolding],
    procedure: Procedure,
    recusals: Mapping[int, ConflictDeclaration],
    present: Collection[int] | None,
    at: datetime.datetime,
) -> list[Place]:
    """Return the roll that follows from who holds the seats and who is recused."""
    # In the order of the sides at the table: the stored charter keeps no order of its keys.
    by_side: dict[str, list[Place]] = {}
    for holding in holdings:
        side_code = holding.seat.side.code
        if side_code not in procedure.sides:
            continue
        conflict = recusals.get(holding.seat_id)
        ground = RollEntry.Ground.CONFLICT if conflict else RollEntry.Ground.HELD
        place = Place(holding.seat, holding.person, side_code, ground, conflict)
        by_side.setdefault(side_code, []).append(place)
    roll: list[Place] = []
    for code, places in by_side.items():
        if procedure.sides[code].voice is Voice.SINGLE:
            roll += _single_voice(places, present, at)
        else:
            roll += places
    return roll


def recusals_on(body: Body, topics: Collection[UUID]) -> dict[int, ConflictDeclaration]:
    """Return the decided recusals that touch the topics, by seat."""
    decided = (
        body.conflicts.touching(topics)
        .filter(decision=ConflictDeclaration.Decision.RECUSED)
        .order_by("id")
    )
    return {declaration.seat_id: declaration for declaration in decided}


def is_barred(person: Person, body: Body, topics: Collection[UUID]) -> bool:
    """Say whether a person may not act on the topics, whatever seat they come for."""
    return person.pk in barred(body, topics)


def barred(body: Body, topics: Collection[UUID]) -> set[int]:
    """Return the people who may not act on the topics."""
    barring = [ConflictDeclaration.Decision.RECUSED, ConflictDeclaration.Decision.REPLACED]
    found = body.conflicts.touching(topics).filter(decision__in=barring)
    return set(found.values_list("person_id", flat=True))


def in_the_hall(meeting: Meeting, at: datetime.datetime) -> set[int]:
    """Return the seats that are occupied at an instant."""
    return set(meeting.attendance.at(at).values_list("seat_id", flat=True))


def rows_at_opening(roll: Iterable[Place], present: Collection[int] | None) -> tuple[Row, ...]:
    """Return the roll as it stands before anybody voted.

    In a hall only those present can still take part; on paper everybody can.
    """
    return tuple(
        Row(id=place.seat.code, side=place.side_code, vote=_before_voting(place, present))
        for place in roll
    )


def rows_at_closing(ballot: Ballot, closed_at: datetime.datetime) -> tuple[Row, ...]:
    """Return the frozen roll with the votes that count."""
    votes = dict(Vote.objects.counted().filter(ballot=ballot).values_list("seat_id", "choice"))
    stayed: set[int] = set()
    if not ballot.is_written and ballot.opened_at is not None:
        stayed = set(
            Attendance.objects.throughout(ballot.opened_at, closed_at)
            .filter(meeting=ballot.meeting_id)
            .values_list("seat_id", flat=True)
        )
    entries = ballot.roll.select_related("seat").order_by("id")
    return tuple(
        Row(
            id=entry.seat.code,
            side=entry.side_code,
            vote=_after_voting(entry, votes, stayed),
            weight=entry.weight,
        )
        for entry in entries
    )


def holdings_of(body: Body, at: datetime.datetime) -> list[SeatHolding]:
    """Return who holds which seat, side by side in the order of the seats."""
    return list(
        SeatHolding.objects.of_body(body)
        .on(day_of(at))
        .select_related("seat__side", "seat__body", "person")
        .order_by("seat__side__position", "seat__number")
    )


def _single_voice(
    places: list[Place], present: Collection[int] | None, at: datetime.datetime
) -> list[Place]:
    """Return the seat that speaks for the side: the coordinator's, or the deputy's in absence.

    A recused coordinator stays on the roll as recused, and the deputy speaks. With both
    recused nobody is entitled, and the question cannot be decided.
    """
    by_duty = {place.seat.duty: place for place in places}
    coordinator = by_duty.get(Seat.Duty.COORDINATOR)
    deputy = by_duty.get(Seat.Duty.DEPUTY)
    recused = [place for place in (coordinator, deputy) if place and place.conflict]
    able = [
        place
        for place in (coordinator, deputy)
        if place and not place.conflict and _can_speak(place, present, at)
    ]
    # Nobody is there to speak: the coordinator's seat stays entitled, and the side without quorum.
    speaker = next(iter(able), None) or next(
        (place for place in (coordinator, deputy) if place and not place.conflict), None
    )
    if speaker is None:
        return recused
    ground = (
        RollEntry.Ground.COORDINATOR
        if speaker.seat.duty == Seat.Duty.COORDINATOR
        else RollEntry.Ground.DEPUTY
    )
    rest = [place for place in recused if place.seat.duty == Seat.Duty.COORDINATOR]
    return [*rest, Place(speaker.seat, speaker.holder, speaker.side_code, ground)]


def _can_speak(place: Place, present: Collection[int] | None, at: datetime.datetime) -> bool:
    """Say whether the holder is there – in the hall, or on paper with a mandate that is valid."""
    if present is not None:
        return place.seat.pk in present
    return bool(examine(place.holder, Action.VOTE, body=place.seat.body, at=at, seat=place.seat))


def _before_voting(place: Place, present: Collection[int] | None) -> Cast:
    if place.conflict is not None:
        return Cast.RECUSED
    if present is None or place.seat.pk in present:
        return Cast.SILENT
    return Cast.ABSENT


def _after_voting(entry: RollEntry, votes: Mapping[int, str], stayed: Collection[int]) -> Cast:
    if entry.standing == RollEntry.Standing.RECUSED:
        return Cast.RECUSED
    if entry.seat_id in votes:
        return CAST[Vote.Choice(votes[entry.seat_id])]
    return Cast.SILENT if entry.seat_id in stayed else Cast.ABSENT
