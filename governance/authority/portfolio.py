"""What a person has in hand: the seats held, the papers, the duties – each asked for once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from accounts import grants
from calendars.domain import day_of

from .evidence import Action, Evidence, Refusal
from .papers import PAPERS, best_paper, standing_of, with_giver

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.models import Appointment, Body, Mandate, SeatHolding


@dataclass
class Portfolio:
    """Everything on which a person may act at an instant, for a page that asks more than once.

    A page shows what it finds here; an act asks `require` at its own instant, and never this.
    """

    person: Person
    at: datetime.datetime

    @cached_property
    def holdings(self) -> list[SeatHolding]:
        """The seats that the person holds on the day."""
        return list(
            self.person.seat_holdings.on(day_of(self.at))
            .select_related("seat__side", "seat__body")
            .order_by("seat_id")
        )

    @cached_property
    def mandates(self) -> list[Mandate]:
        """Every paper that names the person, whatever it is worth."""
        papers = with_giver(self.person.mandates.select_related(*PAPERS), self.at)
        return list(papers.order_by("seat_id", "id"))

    @cached_property
    def duties(self) -> list[Appointment]:
        """The duties that the person has at bodies on the day."""
        return list(
            self.person.appointments.on(day_of(self.at))
            .select_related("body")
            .order_by("body_id", "role", "id")
        )

    @cached_property
    def administers(self) -> bool:
        """Whether the person is an administrator of the installation."""
        return grants.may(self.person, grants.ADMINISTER)

    @cached_property
    def held(self) -> set[int]:
        """The keys of the seats that the person holds."""
        return {holding.seat_id for holding in self.holdings}

    def negotiates_at(self, body: Body) -> Evidence | None:
        """Return on what the person speaks for a side of the body, if for any."""
        # What is worth nothing in itself is not asked about the charter, which costs two queries.
        here = [
            paper
            for paper in self.mandates
            if paper.seat.body_id == body.pk
            and standing_of(paper, Action.NEGOTIATE, self.at).carries_the_act
        ]
        found = best_paper(self.person, Action.NEGOTIATE, here, self.held, self.at)
        return None if found is None or isinstance(found, Refusal) else found
