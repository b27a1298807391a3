"""Pages that answer «why may I, why may I not». They only read, and forbid nothing themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from audit import clock
from calendars.domain import day_of
from governance.authority import Action, examine
from governance.models import Appointment, Ballot, Body
from governance.views.desk import bodies_of, body_or_404
from governance.whys import people_of, proxies_of, whys, whys_in_ballot

if TYPE_CHECKING:
    import datetime
    from typing import Any
    from uuid import UUID

    from accounts.models import Person


@login_required
@require_safe
def bodies_page(request: HttpRequest) -> HttpResponse:
    """List the bodies about which the reader may ask."""
    bodies = bodies_of(request.user, clock.now()).order_by("name_ru", "pk")
    return render(request, "governance/why_list.html", {"bodies": bodies})


@login_required
@require_safe
def own_page(request: HttpRequest, body: UUID) -> HttpResponse:
    """Show what the reader may do at a body and what not, each with its paper or its remedy."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    context = {**_answers(request.user, row, at), "own": True}
    context["proxies"] = proxies_of(context["whys"], row, at)
    if _may_ask_about_others(request.user, row, at):
        context["people"] = people_of(row).exclude(pk=request.user.pk)
    return render(request, "governance/why.html", context)


@login_required
@require_safe
def person_page(request: HttpRequest, body: UUID, person: UUID) -> HttpResponse:
    """Show the secretary and the auditor of a body the same about somebody tied to it."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    if not _may_ask_about_others(request.user, row, at):
        raise Http404
    somebody = get_object_or_404(people_of(row), uid=person)
    context = {**_answers(somebody, row, at), "own": False}
    context["proxies"] = proxies_of(context["whys"], row, at)
    return render(request, "governance/why.html", context)


@login_required
@require_safe
def ballot_page(request: HttpRequest, body: UUID, ballot: UUID) -> HttpResponse:
    """Show for each seat of the reader what stands in the way of a vote in one ballot."""
    at = clock.now()
    row = body_or_404(request.user, body, at)
    ballots = Ballot.objects.select_related("meeting__body", "charter_version")
    question = get_object_or_404(ballots, uid=ballot, meeting__body=row)
    context = {
        **_answers(request.user, row, at),
        "own": True,
        "ballot": question,
        "voting": whys_in_ballot(request.user, question, at),
    }
    return render(request, "governance/why.html", context)


def _answers(person: Person, body: Body, at: datetime.datetime) -> dict[str, Any]:
    """Return the answers about a person, and who keeps the body's record today."""
    secretaries = body.appointments.filter(role=Appointment.Role.SECRETARY).on(day_of(at))
    return {
        "body": body,
        "person": person,
        "at": at,
        "whys": whys(person, body, at),
        "secretaries": secretaries.select_related("person").order_by("pk"),
    }


def _may_ask_about_others(person: Person, body: Body, at: datetime.datetime) -> bool:
    """Say whether the reader audits the body or keeps its record."""
    return any(examine(person, action, body=body, at=at) for action in (Action.AUDIT, Action.KEEP))
