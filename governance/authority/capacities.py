"""In what quality a person may act now: what the header of every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from calendars.domain import day_of
from governance.domain.mandates import Standing
from governance.models import Mandate

from .evidence import REASONS, Action, Evidence, Refusal
from .papers import judge, standing_of

if TYPE_CHECKING:
    import datetime

    from governance.models import Appointment, Body, Seat

    from .portfolio import Portfolio


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


def capacities(portfolio: Portfolio) -> list[Capacity]:
    """Return everything a person may act as, by body: seats first, then duties, then office."""
    found = _seats(portfolio)
    found += [
        Capacity("office", "valid", duty.role, duty.body, appointment=duty)
        for duty in portfolio.duties
    ]
    if portfolio.administers:
        found.append(Capacity("office", "valid", "administrator", None))
    return found


def _seats(portfolio: Portfolio) -> list[Capacity]:
    """Return the seats that the person holds or stands in for, each with its best paper."""
    person, held, at = portfolio.person, portfolio.held, portfolio.at
    # A stand-in whose time is over has no quality left to show, and the charter is not asked.
    begun = [
        paper
        for paper in portfolio.mandates
        if paper.valid_from <= day_of(at)
        and (paper.seat_id in held or standing_of(paper, _main_action(paper), at).carries_the_act)
    ]
    # By body and seat; within one, the newest first.
    begun.sort(key=lambda paper: (paper.valid_from, -paper.pk), reverse=True)
    begun.sort(key=lambda paper: (paper.seat.body_id, paper.seat_id))
    by_seat: dict[Seat, list[Evidence | Refusal]] = {}
    for paper in begun:
        judged = judge(person, _main_action(paper), paper, held, at)
        by_seat.setdefault(paper.seat, []).append(judged)
    found = [_best(seat, answers) for seat, answers in by_seat.items()]
    found += [
        Capacity("representative", "not_found", holding.seat.duty, holding.seat.body, holding.seat)
        for holding in portfolio.holdings
        if holding.seat not in by_seat
    ]
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
