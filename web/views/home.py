"""The first page: for visitors what is in force and negotiated, for people what is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Person
from calendars.domain import day_of
from governance.domain.validity import Verdict
from governance.models import Meeting
from licensing import selectors
from licensing.models import InForcePeriod, RequirementVersion
from negotiation.models import Clause, Matter, Round
from web import screens
from web.context import Frame
from web.screens import auditor, head, official, side
from workflows.inbox import awaiting

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from web.capacities import InWords

ITEMS_SHOWN = 5


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the first screen of whoever is signed in, or the public face to everybody else."""
    frame = Frame(request)
    if frame.person is None:
        return landing(request)
    mine = screens.screens_of(frame.person, frame.capacities)
    wanted = request.GET.get("screen")
    name = wanted if wanted in mine else (mine[0] if mine else "")
    if name == screens.AUDITOR:
        return redirect("web:decisions")
    context = {"tabs": _tabs(mine, name), "screen": name, "now": frame.now}
    context |= _contents(name, request.user, frame.capacities, frame.now)
    return render(request, f"web/screens/{name or 'reader'}.html", context)


def _contents(
    name: str, person: Any, capacities: list[InWords], now: datetime.datetime
) -> dict[str, Any]:
    """Ask what the screen shows."""
    if name == screens.OFFICIAL:
        return official.screen(person, capacities, now)
    if name == screens.SIDE:
        return side.screen(person, capacities, now)
    if name == screens.HEAD:
        return head.screen(person, capacities, now)
    items = awaiting(person, now)
    return {
        "items": items[:ITEMS_SHOWN],
        "total": len(items),
        "meetings": Meeting.objects.visible_to(person)
        .ahead()
        .select_related("body")
        .order_by("planned_for", "pk"),
        "in_force": in_force_today(now),
    }


def _tabs(mine: list[str], current: str) -> list[dict[str, Any]]:
    """Return links between the screens of somebody who has several."""
    if len(mine) < 2:  # noqa: PLR2004 -- one screen needs no choice
        return []
    return [{"name": name, "is_current": name == current} for name in mine]


@login_required
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """Show the auditor the decisions of the bodies audited, each with its chain."""
    frame = Frame(request)
    found = auditor.decisions(frame.capacities)
    verdict = request.GET.get("verdict", "")
    page = Paginator(auditor.of_verdict(found, verdict), auditor.PER_PAGE).get_page(
        request.GET.get("page")
    )
    numbers = auditor.numbers(found)
    context = {
        "tabs": _tabs(screens.screens_of(request.user, frame.capacities), screens.AUDITOR),
        "page": page,
        "chains": [auditor.chain(decision) for decision in page],
        "numbers": numbers,
        "total": sum(numbers.values()),
        "verdict": verdict if verdict in set(Verdict) else "",
    }
    return render(request, "web/screens/auditor.html", context)


def landing(request: HttpRequest) -> HttpResponse:
    """Show a visitor what is in force today and what is being negotiated."""
    if not Person.objects.exists():
        # An empty installation has nothing to show but the way to set it up.
        return redirect("accounts:first_administrator")
    now = timezone.now()
    context = {
        "in_force": in_force_today(now),
        "ahead": RequirementVersion.objects.public()
        .filter(in_force_from__gt=day_of(now))
        .select_related("requirement_set__body")
        .order_by("in_force_from", "pk"),
        "matters": at_the_table(),
        "late": selectors.awaiting_too_long(now),
    }
    return render(request, "web/landing.html", context)


def in_force_today(now: datetime.datetime) -> QuerySet[RequirementVersion]:
    """Return the versions in force today."""
    today = InForcePeriod.objects.current().covering(day_of(now))
    return (
        RequirementVersion.objects.filter(periods__in=today)
        .select_related("requirement_set__body")
        .order_by("requirement_set__code", "pk")
    )


def at_the_table() -> QuerySet[Matter]:
    """Return what is negotiated in the open: matters from their circulation on."""
    numbered = Q(document__clauses__kind=Clause.Kind.CLAUSE)
    settled = numbered & Q(
        document__clauses__state__in=[Clause.State.AGREED, Clause.State.MIRRORED]
    )
    return (
        Matter.objects.at_the_table()
        .select_related("body")
        .prefetch_related(
            Prefetch("rounds", Round.objects.open().order_by("number"), to_attr="running")
        )
        .annotate(
            clauses_total=Count("document__clauses", filter=numbered),
            clauses_settled=Count("document__clauses", filter=settled),
        )
        .order_by("-opened_at", "-pk")
    )
