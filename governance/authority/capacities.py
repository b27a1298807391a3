"""In what quality a person may act now: what the header of every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from accounts import grants
from calendars.domain import day_of
from governance.domain.mandates import Standing
from governance.models import Mandate

from .evidence import REASONS, Action, Evidence, Refusal
from .papers import judge

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.models import Appointment, Body, Seat


@dataclass(frozen=True, slots=True)
class Capacity:
    """One quality in which a person may act now, as the header of a page names it.

    `code` is `valid`, or why the paper cannot be used at this instant: a page shows an
    expired mandate instead of hiding it.
    """

    capacity: Literal["representative", "personal", "proxy", "office"]
    code: str
    role: str
    body: Body | None
    seat: Seat | None = None
    mandate: Mandate | None = None
    appointment: Appointment | None = None

    @property
    def is_valid(self) -> bool:
        """Whether the person may act in it."""
        return self.code == Standing.VALID

    @property
    def last_day(self) -> datetime.date | None:
        """The last day on which it holds, as people say it."""
        paper = self.mandate or self.appointment
        return paper.last_day if paper else None

    @property
    def problem(self) -> str:
        """Why it cannot be used, in words; empty when it can."""
        return "" if self.is_valid else str(REASONS.get(self.code, self.code))

    @property
    def key(self) -> str:
        """A name by which a session remembers the choice; the row's uid, not a right."""
        row = self.mandate or self.appointment or self.seat
        return str(row.uid) if row else self.role


def capacities(person: Person, at: datetime.datetime) -> list[Capacity]:
    """Return everything a person may act as, by body: seats first, then duties, then office."""
    day = day_of(at)
    found = [*_seats(person, day, at), *_duties(person, day)]
    if grants.may(person, grants.ADMINISTER):
        found.append(Capacity("office", "valid", "administrator", None))
    return found


def _seats(person: Person, day: datetime.date, at: datetime.datetime) -> list[Capacity]:
    """Return the seats that the person holds or stands in for, each with its best paper."""
    holdings = list(
        person.seat_holdings.on(day).select_related("seat__side", "seat__body").order_by("seat_id")
    )
    held = {holding.seat_id for holding in holdings}
    papers = list(
        person.mandates.filter(valid_from__lte=day)
        .select_related("seat__side", "seat__body", "person", "parent__parent")
        .order_by("seat__body_id", "seat_id", "-valid_from", "id")
    )
    by_seat: dict[Seat, list[Evidence | Refusal]] = {}
    for paper in papers:
        judged = judge(person, _main_action(paper), paper, held, at)
        by_seat.setdefault(paper.seat, []).append(judged)
    found = [_best(seat, answers) for seat, answers in by_seat.items()]
    found += [
        Capacity("representative", "not_found", holding.seat.duty, holding.seat.body, holding.seat)
        for holding in holdings
        if holding.seat not in by_seat
    ]
    # A stand-in whose time is over has no quality left to show.
    return [one for one in found if one.is_valid or (one.seat and one.seat.pk in held)]


def _main_action(paper: Mandate) -> Action:
    """Return the act by which a paper is judged for display: the strongest it allows."""
    for action, scopes in (
        (Action.VOTE, {Mandate.Scope.VOTE, Mandate.Scope.VOTE_IN_ABSENCE}),
        (Action.NEGOTIATE, {Mandate.Scope.NEGOTIATE}),
    ):
        if scopes & set(paper.scope):
            return action
    return Action.SIGN


def _best(seat: Seat, answers: list[Evidence | Refusal]) -> Capacity:
    """Return the best answer about one seat's papers; the newest comes first."""
    best = next((found for found in answers if found), answers[0])
    code = best.code if isinstance(best, Refusal) else "valid"
    return Capacity(best.capacity, code, seat.duty, seat.body, seat, best.mandate)


def _duties(person: Person, day: datetime.date) -> list[Capacity]:
    """Return the duties that the person has at bodies."""
    duties = person.appointments.on(day).select_related("body").order_by("body_id", "role", "id")
    return [Capacity("office", "valid", duty.role, duty.body, appointment=duty) for duty in duties]
