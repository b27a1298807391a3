"""What the pages of a body's affairs have in common."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, cast

from django.utils import timezone

from governance.authority import Portfolio
from governance.models import Appointment

if TYPE_CHECKING:
    import datetime

    from django.http import HttpRequest

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Body, SeatHolding, Side


def portfolio_of(request: HttpRequest) -> Portfolio:
    """Return what the reader has in hand at the moment for which the page is made.

    The header and the page itself ask the same of the same person: it is read once a request.
    """
    carried = vars(request)
    if "portfolio" not in carried:
        carried["portfolio"] = Portfolio(cast("Person", request.user), timezone.now())
    found: Portfolio = carried["portfolio"]
    return found


class Standing:
    """Who the reader is at a body, at the moment the page is made.

    It only decides which buttons are worth showing: whether a person may act is asked again by
    the act itself.
    """

    def __init__(self, request: HttpRequest, body: Body) -> None:
        self._portfolio = portfolio_of(request)
        self.body = body

    @property
    def person(self) -> Person:
        """The reader."""
        return self._portfolio.person

    @property
    def at(self) -> datetime.datetime:
        """The moment for which the page is made. Acts ask the database's clock instead."""
        return self._portfolio.at

    @cached_property
    def holdings(self) -> list[SeatHolding]:
        """The seats that the reader holds at the body."""
        here = self.body.pk
        return [held for held in self._portfolio.holdings if held.seat.body_id == here]

    @cached_property
    def duties(self) -> set[str]:
        """The duties that the reader has at the body."""
        return {duty.role for duty in self._portfolio.duties if duty.body_id == self.body.pk}

    @cached_property
    def negotiates(self) -> Evidence | None:
        """On what the reader speaks for a side, if for any."""
        return self._portfolio.negotiates_at(self.body)

    @cached_property
    def side(self) -> Side | None:
        """The side for which the reader speaks, or on which the reader sits."""
        if self.negotiates and self.negotiates.seat:
            return self.negotiates.seat.side
        return self.holdings[0].seat.side if self.holdings else None

    @property
    def keeps(self) -> bool:
        """Whether the reader is the secretary of the body."""
        return Appointment.Role.SECRETARY in self.duties

    @property
    def presides(self) -> bool:
        """Whether the reader coordinates the body."""
        return Appointment.Role.COORDINATOR in self.duties

    @property
    def audits(self) -> bool:
        """Whether the reader is the auditor of the body."""
        return Appointment.Role.AUDITOR in self.duties

    @property
    def reports(self) -> bool:
        """Whether the reader may propose conclusions."""
        return bool(self.duties & {Appointment.Role.SECRETARY, Appointment.Role.RAPPORTEUR})

    @property
    def is_consultative(self) -> bool:
        """Whether the reader has a voice without a vote."""
        return Appointment.Role.CONSULTATIVE in self.duties

    @property
    def may_raise_conflicts(self) -> bool:
        """Whether the reader may say that somebody at the table has an interest."""
        role = Appointment.Role
        raising = {role.SECRETARY, role.COORDINATOR, role.CONSULTATIVE, role.AUDITOR}
        return bool(self.holdings or self.negotiates or self.duties & raising)

    @property
    def may_propose(self) -> bool:
        """Whether a proposal of the reader would find a door."""
        return bool(self.negotiates) or self.is_consultative
