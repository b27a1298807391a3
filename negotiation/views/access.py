"""Which matter a page is about, and in what standing the reader meets it.

What a person may not see answers like what does not exist: 404. Whether a person may *act*
is asked again by the act itself; here it only decides which buttons are worth showing.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from governance.models import Appointment
from governance.pages import portfolio_of
from negotiation.models import Amendment, Clause, Matter

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import SeatHolding, Side

page = method_decorator(require_safe, name="dispatch")


def visible_matter(person: Person, uid: UUID) -> Matter:
    """Return a matter that the person may see, or raise 404."""
    matters = Matter.objects.visible_to(person).select_related(
        "body", "document", "initiator_side", "charter_version", "decided_in"
    )
    return get_object_or_404(matters, uid=uid)


def visible_clause(matter: Matter, uid: UUID) -> Clause:
    """Return a clause of a matter that the person may see, or raise 404."""
    clauses = Clause.objects.of_matter(matter).select_related(
        "document",
        "section",
        "current_wording",
        "tabled_wording",
        "draft_wording",
        "agreed_in",
        "introduced_by",
    )
    return get_object_or_404(clauses, uid=uid)


def visible_amendment(matter: Matter, uid: UUID) -> Amendment:
    """Return an amendment of a matter that the person may see, or raise 404."""
    amendments = matter.amendments.select_related(
        "author", "side", "sponsor_side", "clause", "parent", "base_wording", "decided_in"
    )
    return get_object_or_404(amendments, uid=uid)


class Standing:
    """Who the reader is at this table, at the moment the page is made."""

    def __init__(self, request: HttpRequest, matter: Matter) -> None:
        self._portfolio = portfolio_of(request)
        self.matter = matter

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
        """The seats that the reader holds at the table."""
        here = self.matter.body_id
        return [held for held in self._portfolio.holdings if held.seat.body_id == here]

    @cached_property
    def duties(self) -> set[str]:
        """The duties that the reader has at the body."""
        here = self.matter.body_id
        return {duty.role for duty in self._portfolio.duties if duty.body_id == here}

    @cached_property
    def negotiates(self) -> Evidence | None:
        """On what the reader speaks for a side, if for any."""
        return self._portfolio.negotiates_at(self.matter.body)

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
    def may_propose(self) -> bool:
        """Whether a proposal of the reader would find a door."""
        return bool(self.negotiates) or self.is_consultative


class MatterMixin:
    """A page about one matter, whose address begins with the matter's uid."""

    matter: Matter
    standing: Standing

    def load(self, **kwargs: Any) -> None:
        """Fetch the matter and the reader's standing."""
        person = self.request.user
        self.matter = visible_matter(person, kwargs["uid"])
        self.standing = Standing(self.request, self.matter)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Hand both to the template."""
        return super().get_context_data(matter=self.matter, standing=self.standing, **kwargs)


class MatterActPage(MatterMixin, ActPage):
    """A page with one act on one matter."""

    template_name = "negotiation/act.html"


class ClauseActPage(MatterActPage):
    """A page with one act on one clause."""

    clause: Clause

    def load(self, **kwargs: Any) -> None:
        """Fetch the clause too."""
        super().load(**kwargs)
        self.clause = visible_clause(self.matter, kwargs["clause"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the clause beside the form."""
        return super().get_context_data(clause=self.clause, **kwargs)


class AmendmentActPage(MatterActPage):
    """A page with one act on one amendment."""

    amendment: Amendment

    def load(self, **kwargs: Any) -> None:
        """Fetch the amendment too."""
        super().load(**kwargs)
        self.amendment = visible_amendment(self.matter, kwargs["amendment"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the amendment beside the form."""
        return super().get_context_data(amendment=self.amendment, **kwargs)
