"""What every page of the desk has in common: who may be here, and at which body."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from accounts.pages import ActPage
from audit import clock
from calendars.domain import day_of
from governance.authority import Action, examine
from governance.models import Appointment, Body, Mandate, Meeting, Organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Person

SOON_DAYS = 30
"""A mandate that ends within so many days is worth a warning."""


def keeps_any(person: Person, at: datetime.datetime) -> bool:
    """Say whether the desk exists for this person at all."""
    return bool(
        examine(person, Action.KEEP, body=None, at=at)
        or examine(person, Action.ADMINISTER, body=None, at=at)
    )


def keeps(person: Person, body: Body, at: datetime.datetime) -> bool:
    """Say whether the person keeps this body's record, or sets it up before it has a secretary."""
    if examine(person, Action.KEEP, body=body, at=at):
        return True
    has_secretary = (
        body.appointments.filter(role=Appointment.Role.SECRETARY).on(day_of(at)).exists()
    )
    return not has_secretary and bool(examine(person, Action.ADMINISTER, body=None, at=at))


def bodies_of(person: Person, at: datetime.datetime) -> QuerySet[Body]:
    """Return the bodies that the person may see at the desk."""
    if examine(person, Action.ADMINISTER, body=None, at=at):
        return Body.objects.all()
    return Body.objects.visible_to(person)


def body_or_404(person: Person, uid: UUID, at: datetime.datetime) -> Body:
    """Return a body that the person may see, or raise 404."""
    return get_object_or_404(bodies_of(person, at), uid=uid)


class DeskPage(ActPage):
    """A page with one act of whoever keeps a record somewhere."""

    template_name = "governance/act.html"

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        self.at = clock.now()
        if not keeps_any(self.request.user, self.at):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Lead back to the desk."""
        return super().get_context_data(is_keeper=True, **kwargs)


class BodyPage(DeskPage):
    """A page with one act at one body."""

    body: Body

    def load(self, **kwargs: Any) -> None:
        """Fetch the body, and see that the person keeps its record."""
        super().load(**kwargs)
        self.body = body_or_404(self.request.user, kwargs["body"], self.at)
        if not keeps(self.request.user, self.body, self.at):
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name the body above the form."""
        return super().get_context_data(body=self.body, **kwargs)


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the desk: bodies, what meets next, what ends soon."""
    at = clock.now()
    if not keeps_any(request.user, at):
        raise Http404
    bodies = bodies_of(request.user, at).order_by("name_ru", "pk")
    today = day_of(at)
    ends_soon = (
        Mandate.objects.filter(
            seat__body__in=bodies,
            valid_to__gt=today,
            valid_to__lte=today + datetime.timedelta(days=SOON_DAYS),
            revoked_on=None,
        )
        .select_related("person", "seat__side", "seat__body")
        .order_by("valid_to", "pk")
    )
    context = {
        "bodies": bodies,
        "meetings": Meeting.objects.filter(body__in=bodies)
        .ahead()
        .select_related("body")
        .order_by("planned_for", "pk"),
        "ends_soon": ends_soon,
        "organisations": Organisation.objects.count(),
        "keeps": any(examine(request.user, Action.KEEP, body=body, at=at) for body in bodies),
        "administers": bool(examine(request.user, Action.ADMINISTER, body=None, at=at)),
    }
    return render(request, "governance/desk.html", context)
