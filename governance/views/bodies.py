"""Bodies: sides, seats, duties, mandates, charters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit import clock
from governance import selectors
from governance.domain.procedure import parse_procedure
from governance.forms.tables import (
    AppointmentForm,
    BodyForm,
    CharterForm,
    EndForm,
    HoldingForm,
    MandateForm,
    RevocationForm,
    SeatForm,
    SideForm,
    after,
)
from governance.models import Appointment, Body, CharterVersion, Mandate, Seat, Side
from governance.papers import issued_to, listed
from governance.services import bodies, charters, mandates
from governance.views.desk import BodyPage, DeskPage, body_or_404, keeps

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

PAPERS_SHOWN = 5


@login_required
@require_safe
def body_page(request: HttpRequest, body: UUID) -> HttpResponse:
    """Show one body: sides, seats and their holders, mandates, duties, charter, meetings."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    context = {
        "body": row,
        "keeps": keeps(request.user, row, at),
        "sides": selectors.sides_with_seats(row, at),
        "appointments": row.appointments.select_related("person").order_by(
            "role", "-valid_from", "pk"
        ),
        "charters": row.charters.order_by("-number"),
        "meetings": row.meetings.order_by("-planned_for", "-pk")[:20],
        "conflicts": row.conflicts.select_related("person", "seat").order_by("-declared_at", "-pk")[
            :20
        ],
        "papers": listed(issued_to(request.user).filter(body=row)[:PAPERS_SHOWN]),
        "at": at,
    }
    return render(request, "governance/body.html", context)


@login_required
@require_safe
def mandate_page(request: HttpRequest, body: UUID, mandate: UUID) -> HttpResponse:
    """Show one mandate, what it allows, and what it was found to be at each act."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    paper = get_object_or_404(
        Mandate.objects.select_related("seat__side", "person", "principal", "parent"),
        uid=mandate,
        seat__body=row,
    )
    context = {
        "body": row,
        "keeps": keeps(request.user, row, at),
        "mandate": paper,
        "checks": paper.checks.order_by("-checked_at", "-pk")[:50],
    }
    return render(request, "governance/mandate.html", context)


class CreateBody(DeskPage):
    """Create an empty body."""

    form_class = BodyForm
    title = _("Create a body")
    intro = _("Its sides, seats, charter and secretary follow.")
    submit = _("Create")

    def act(self, form: BaseForm, at: datetime.datetime) -> Body:
        """Create."""
        return bodies.create_body(actor=self.request.user, at=at, **form.cleaned_data)

    def where_next(self, result: Body) -> str:
        """Go on to the body."""
        return reverse("governance:body", args=[result.uid])


class AtBody(BodyPage):
    """An act after which one reads the page of the body again."""

    def where_next(self, result: Any) -> str:
        """Go back to the body."""
        return reverse("governance:body", args=[self.body.uid])


class AddSide(AtBody):
    """Add a side."""

    form_class = SideForm
    title = _("Add a side")
    submit = _("Add the side")

    def act(self, form: BaseForm, at: datetime.datetime) -> Side:
        """Add."""
        return bodies.add_side(body=self.body, actor=self.request.user, at=at, **form.cleaned_data)


class AddSeat(AtBody):
    """Add a seat to a side."""

    form_class = SeatForm
    title = _("Add a seat")
    submit = _("Add the seat")

    def load(self, **kwargs: Any) -> None:
        """Fetch the side."""
        super().load(**kwargs)
        self.side = get_object_or_404(self.body.sides, uid=kwargs["side"])

    def get_initial(self) -> dict[str, Any]:
        """Suggest the next code."""
        return {"code": f"{self.side.code}-{self.side.seats.count() + 1}", "duty": Seat.Duty.MEMBER}

    def act(self, form: BaseForm, at: datetime.datetime) -> Seat:
        """Add."""
        return bodies.add_seat(side=self.side, actor=self.request.user, at=at, **form.cleaned_data)


class AtSeat(AtBody):
    """An act on one seat."""

    def load(self, **kwargs: Any) -> None:
        """Fetch the seat."""
        super().load(**kwargs)
        self.seat = get_object_or_404(self.body.seats.select_related("side"), uid=kwargs["seat"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the seat above the form."""
        return super().get_context_data(seat=self.seat, **kwargs)


class FillSeat(AtSeat):
    """Seat a person."""

    form_class = HoldingForm
    title = _("Seat a person")
    intro = _("What the person may do in the seat, a mandate says.")
    submit = _("Seat the person")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Seat."""
        words = dict(form.cleaned_data)
        return bodies.fill_seat(
            seat=self.seat,
            valid_to=after(words.pop("last_day")),
            actor=self.request.user,
            at=at,
            **words,
        )


class VacateSeat(AtSeat):
    """End the holding of a seat."""

    form_class = EndForm
    title = _("End the holding of the seat")
    submit = _("End it")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """End."""
        return bodies.vacate_seat(
            seat=self.seat,
            valid_to=after(form.cleaned_data["last_day"]),
            actor=self.request.user,
            at=at,
        )


class RegisterMandate(AtSeat):
    """Register the document on which a person acts for a seat."""

    form_class = MandateForm
    title = _("Register a mandate")
    submit = _("Register the mandate")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the mandates of this seat as parents of a substitution."""
        return {**super().get_form_kwargs(), "seat": self.seat}

    def act(self, form: BaseForm, at: datetime.datetime) -> Mandate:
        """Register, with the digest of the scanned document."""
        words = dict(form.cleaned_data)
        return mandates.register_mandate(
            seat=self.seat,
            valid_to=after(words.pop("last_day")),
            actor=self.request.user,
            at=at,
            **words,
        )


class RevokeMandate(AtBody):
    """Note that the principal took a mandate back."""

    form_class = RevocationForm
    title = _("Revoke the mandate")
    intro = _("Votes cast before this became known stay; they are shown with a doubt.")
    submit = _("Revoke")
    dangerous = True

    def load(self, **kwargs: Any) -> None:
        """Fetch the mandate."""
        super().load(**kwargs)
        self.mandate = get_object_or_404(Mandate, uid=kwargs["mandate"], seat__body=self.body)

    def act(self, form: BaseForm, at: datetime.datetime) -> Mandate:
        """Revoke."""
        return mandates.revoke_mandate(
            mandate=self.mandate, actor=self.request.user, at=at, **form.cleaned_data
        )


class Appoint(AtBody):
    """Give a person a duty at the body."""

    form_class = AppointmentForm
    title = _("Appoint to a duty")
    submit = _("Appoint")

    def act(self, form: BaseForm, at: datetime.datetime) -> Appointment:
        """Appoint."""
        words = dict(form.cleaned_data)
        return bodies.appoint(
            body=self.body,
            valid_to=after(words.pop("last_day")),
            actor=self.request.user,
            at=at,
            **words,
        )


class EndAppointment(AtBody):
    """End a duty."""

    form_class = EndForm
    title = _("End the duty")
    submit = _("End it")
    dangerous = True

    def load(self, **kwargs: Any) -> None:
        """Fetch the appointment."""
        super().load(**kwargs)
        self.appointment = get_object_or_404(self.body.appointments, uid=kwargs["appointment"])

    def act(self, form: BaseForm, at: datetime.datetime) -> Appointment:
        """End."""
        return bodies.end_appointment(
            appointment=self.appointment,
            valid_to=after(form.cleaned_data["last_day"]),
            actor=self.request.user,
            at=at,
        )


class AdoptCharter(AtBody):
    """Register an edition of the charter: the rules by which the body decides."""

    form_class = CharterForm
    title = _("Register an edition of the charter")
    intro = _("What is already open keeps the edition under which it was opened.")
    submit = _("Register the edition")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Ask for a rule for each side that the body has."""
        return {**super().get_form_kwargs(), "sides": self.body.sides.order_by("position")}

    def get_initial(self) -> dict[str, Any]:
        """Suggest the next edition."""
        last = self.body.charters.order_by("-number").first()
        return {"number": last.number + 1 if last else 1}

    def act(self, form: BaseForm, at: datetime.datetime) -> CharterVersion:
        """Adopt: compose the rules of counting from the sides' inner rules."""
        words = form.cleaned_data
        document = form.procedure()
        procedure = parse_procedure(document)
        return charters.adopt_charter(
            body=self.body,
            number=words["number"],
            document_ru=words["document_ru"],
            document_en=words["document_en"],
            rules=procedure.rules_document(
                charter_id=f"{self.body.code}/{words['number']}".lower(),
                title=words["document_ru"],
            ),
            procedure=procedure.as_document(),
            adopted_on=words["adopted_on"],
            effective_from=words["effective_from"],
            actor=self.request.user,
            at=at,
        )
