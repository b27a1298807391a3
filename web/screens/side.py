"""«Мои вопросы до конца недели»: what a side wants of its member, by when, how long it takes."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.urls import reverse

from calendars import russia
from calendars.domain import day_of
from governance.models import Ballot, RollEntry, Seat, SeatHolding, Vote
from negotiation.models import Clause, Position, Question
from negotiation.pages import place_of
from web.indicators import in_words
from workflows.inbox import Kind, awaiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from accounts.models import Person
    from negotiation.models import Matter, Wording
    from web.capacities import InWords

WORDS_A_MINUTE = 120
VOTES_SHOWN = 5
MINUTES_FOR_A_CHARTER = 5
"""What it changes, its reasons, and the rules in sentences: about two pages."""

# What the screen says more about than a line of the inbox.
SHOWN_IN_FULL = {Kind.VOTE, Kind.POSITION}
_SUNDAY = 6


@dataclass(frozen=True, slots=True)
class Number:
    """One number in dispute: what is measured, what holds, what is proposed."""

    name_ru: str
    name_en: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class VoteWanted:
    """A ballot in which a seat has not voted yet."""

    ballot: Ballot
    seat: Seat
    url: str
    minutes: int
    position: Position | None
    wordings: frozenset[int]
    numbers: list[Number] = field(default_factory=list)

    @property
    def deadline(self) -> datetime.datetime | None:
        """Until when papers are taken; a ballot in a hall ends when it is closed there."""
        return self.ballot.closes_at

    @property
    def position_is_stale(self) -> bool:
        """Whether the side spoke of another wording than the one asked about."""
        return self.position is not None and self.position.wording_id not in self.wordings


@dataclass(frozen=True, slots=True)
class PositionsWanted:
    """Clauses of one matter on which a side has yet to say something."""

    matter: Matter
    seat: Seat
    clauses: list[Clause]
    deadline: datetime.datetime | None
    minutes: int
    url: str


def end_of_week(now: datetime.datetime) -> datetime.date:
    """Return the Sunday of the working week, in Krasnoyarsk; of the next one when this is over."""
    working = russia().last_day(day_of(now))
    return working + datetime.timedelta(days=_SUNDAY - working.weekday())


def seats_of(capacities: list[InWords]) -> list[Seat]:
    """Return the seats for which the person may act now."""
    return [
        each.capacity.seat
        for each in capacities
        if each.capacity.seat is not None and not each.problem
    ]


def votes_wanted(seats: list[Seat], now: datetime.datetime) -> list[VoteWanted]:
    """Return the ballots that still take votes of these seats, the nearest end first."""
    on_roll = list(
        RollEntry.objects.filter(
            Q(ballot__closes_at=None) | Q(ballot__closes_at__gt=now),
            seat__in=seats,
            standing=RollEntry.Standing.ENTITLED,
            ballot__state=Ballot.State.OPEN,
        ).select_related("ballot__meeting__body", "ballot__charter_question", "seat__side")
    )
    if not on_roll:
        return []
    ballots = {entry.ballot_id for entry in on_roll}
    voted = set(
        Vote.objects.counted()
        .filter(ballot__in=ballots, seat__in=seats)
        .values_list("ballot_id", "seat_id")
    )
    asked = {
        question.ballot_id: question
        for question in Question.objects.filter(ballot__in=ballots)
        .select_related("matter")
        .prefetch_related("wordings__wording", "wordings__clause__draft_wording")
    }
    positions = _positions(asked.values(), {entry.seat.side_id for entry in on_roll})
    wanted = [
        _vote_wanted(entry, asked[entry.ballot_id], positions)
        if entry.ballot_id in asked
        else _charter_vote_wanted(entry)
        for entry in on_roll
        if (entry.ballot_id, entry.seat_id) not in voted
        and (entry.ballot_id in asked or hasattr(entry.ballot, "charter_question"))
    ]
    # A ballot without a written deadline is open in a hall at this minute: it comes first.
    far = datetime.datetime.min.replace(tzinfo=datetime.UTC)
    return sorted(wanted, key=lambda each: (each.deadline or far, each.ballot.pk))


def _positions(questions: Iterable[Question], sides: set[int]) -> dict[tuple[int, int], Position]:
    """Return the last word of the sides on the clauses that are asked about."""
    clauses = [each.clause_id for question in questions for each in question.asked.wordings.all()]
    rows = Position.objects.last_words().filter(clause__in=clauses, side__in=sides)
    return {(row.clause_id, row.side_id): row for row in rows}


def _vote_wanted(
    entry: RollEntry, question: Question, positions: dict[tuple[int, int], Position]
) -> VoteWanted:
    asked = list(question.asked.wordings.all())
    side = entry.seat.side_id
    ours = [positions[key] for each in asked if (key := (each.clause_id, side)) in positions]
    return VoteWanted(
        ballot=entry.ballot,
        seat=entry.seat,
        url=reverse("negotiation:ballot", args=[question.matter.uid, entry.ballot.uid]),
        minutes=_minutes(each.wording for each in asked),
        position=ours[0] if len(ours) == 1 else None,
        wordings=frozenset(each.wording_id for each in asked),
        numbers=[
            number
            for each in asked
            for number in in_dispute(each.clause.draft_wording, each.wording)
        ][:2],
    )


def _charter_vote_wanted(entry: RollEntry) -> VoteWanted:
    """Ask for a vote on the charter. No side has a position on it, and no number is in dispute."""
    ballot = entry.ballot
    return VoteWanted(
        ballot=ballot,
        seat=entry.seat,
        url=reverse("governance:charter_ballot", args=[ballot.meeting.body.uid, ballot.uid]),
        minutes=MINUTES_FOR_A_CHARTER,
        position=None,
        wordings=frozenset(),
    )


def _minutes(wordings: Iterable[Wording]) -> int:
    """Estimate how long reading and deciding takes."""
    words = sum(len(each.text_ru.split()) for each in wordings)
    return 1 + math.ceil(words / WORDS_A_MINUTE)


def in_dispute(before: Wording | None, after: Wording) -> list[Number]:
    """Return the indicators whose demand the wording changes."""
    old = {each.get("name_ru"): each for each in _indicators(before)}
    changed = []
    for each in _indicators(after):
        was = old.get(each.get("name_ru"))
        says, said = in_words(each), in_words(was) if was else ""
        if says != said:
            changed.append(Number(each.get("name_ru", ""), each.get("name_en", ""), said, says))
    return changed


def _indicators(wording: Wording | None) -> list[dict[str, Any]]:
    return (wording.terms or {}).get("indicators") or [] if wording else []


def speaking(seats: list[Seat], now: datetime.datetime) -> list[Seat]:
    """Keep the seats that speak for their sides: coordinators, deputies where there is none."""
    deputies = [seat.side_id for seat in seats if seat.duty == Seat.Duty.DEPUTY]
    led = set(
        SeatHolding.objects.on(day_of(now))
        .filter(seat__side__in=deputies, seat__duty=Seat.Duty.COORDINATOR)
        .values_list("seat__side_id", flat=True)
    )
    return [
        seat
        for seat in seats
        if seat.duty == Seat.Duty.COORDINATOR
        or (seat.duty == Seat.Duty.DEPUTY and seat.side_id not in led)
    ]


def positions_wanted(seats: list[Seat], now: datetime.datetime) -> list[PositionsWanted]:
    """Return the clauses on which the sides that these seats speak for are silent."""
    found = []
    for seat in speaking(seats, now):
        clauses = (
            Clause.objects.awaiting(seat.side)
            .select_related("document__matter", "current_wording", "tabled_wording")
            .prefetch_related("document__matter__rounds")
            .order_by("document_id", "position")
        )
        by_matter: dict[Matter, list[Clause]] = defaultdict(list)
        for clause in clauses:
            by_matter[clause.document.matter].append(clause)
        found += [
            PositionsWanted(
                matter=matter,
                seat=seat,
                clauses=silent,
                deadline=_round_ends(matter),
                minutes=_minutes(clause.on_the_table for clause in silent if clause.on_the_table),
                url=reverse("negotiation:matter", args=[matter.uid]),
            )
            for matter, silent in by_matter.items()
        ]
    return found


def _round_ends(matter: Matter) -> datetime.datetime | None:
    running = [each.closes_at for each in matter.rounds.all() if each.closed_at is None]
    return min(running, default=None)


def votes_cast(person: Person) -> list[tuple[Vote, str]]:
    """Return the person's last votes, with the addresses of their receipts."""
    rows = (
        Vote.objects.filter(
            Q(ballot__question__isnull=False) | Q(ballot__charter_question__isnull=False),
            person=person,
        )
        .select_related(
            *("ballot__question__matter", "ballot__charter_question", "ballot__meeting__body"),
            *("ballot__decision", "seat__side"),
        )
        .order_by("-cast_at", "-pk")[:VOTES_SHOWN]
    )
    places = [(vote, place_of(vote.ballot)) for vote in rows]
    return [
        (vote, reverse(f"{place[0]}receipt", args=[place[1], vote.ballot.uid, vote.uid]))
        for vote, place in places
        if place
    ]


def screen(person: Person, capacities: list[InWords], now: datetime.datetime) -> dict[str, Any]:
    """Return what the member of a side sees first."""
    seats = seats_of(capacities)
    votes, positions = votes_wanted(seats, now), positions_wanted(seats, now)
    deadlines = [each.deadline for each in votes] + [each.deadline for each in positions]
    sunday = end_of_week(now)
    return {
        "votes": votes,
        "positions": positions,
        "week_ends": sunday,
        "this_week": sum(until is None or day_of(until) <= sunday for until in deadlines),
        "cast": votes_cast(person),
        "items": [item for item in awaiting(person, now) if item.kind not in SHOWN_IN_FULL],
    }
