"""The list of matters, the negotiation table, and the history of a matter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.models import Entry
from governance.models import Appointment
from governance.pages import portfolio_of
from governance.papers import listed
from negotiation import selectors
from negotiation.models import Clause, Matter
from negotiation.papers import issued_about
from negotiation.views.access import Standing, visible_matter
from negotiation.views.names import lines_of

if TYPE_CHECKING:
    from governance.authority import Portfolio

PER_PAGE = 25
ENTRIES_PER_PAGE = 50


@login_required
@require_safe
def matter_list(request: HttpRequest) -> HttpResponse:
    """Show the matters that the reader may see, the newest first."""
    counted = Clause.objects.numbered().filter(document__matter=OuterRef("pk")).order_by()
    rows = (
        Matter.objects.visible_to(request.user)
        .select_related("body")
        .annotate(
            clauses_total=_how_many(counted),
            clauses_agreed=_how_many(counted.filter(state=Clause.State.AGREED)),
        )
        .order_by("-registered_at", "-pk")
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "matters": page.object_list,
        "may_register": _may_register(portfolio_of(request)),
    }
    return render(request, "negotiation/matters.html", context)


def _how_many(rows: QuerySet[Clause]) -> Coalesce:
    """Count rows of a subquery, without joining them to the outer rows."""
    counted = rows.values("document__matter").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _may_register(portfolio: Portfolio) -> bool:
    """Whether there is a body at which the person may register a matter."""
    if any(duty.role == Appointment.Role.SECRETARY for duty in portfolio.duties):
        return True
    bodies = {paper.seat.body for paper in portfolio.mandates}
    return any(portfolio.negotiates_at(body) for body in bodies)


@login_required
@require_safe
def matter_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the table: clauses by sides, what is locked, what blocks and who."""
    matter = visible_matter(request.user, uid)
    table = selectors.table(matter)
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "table": table,
        "groups": sorted(table.groups, key=lambda group: group.section is None),
        "clauses": [row for row in table.rows if row.clause.kind == Clause.Kind.CLAUSE],
        "settled": sum(
            row.is_agreed or row.clause.is_mirror
            for row in table.rows
            if row.clause.kind == Clause.Kind.CLAUSE
        ),
        "columns": len(table.sides) + 2,
        "round": matter.rounds.order_by("-number").first(),
        "has_draft": hasattr(matter, "document"),
    }
    return render(request, "negotiation/matter.html", context)


@login_required
@require_safe
def paper_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every issued paper that concerns the matter."""
    matter = visible_matter(request.user, uid)
    found = issued_about(matter, request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "page": page,
        "papers": listed(page.object_list),
    }
    return render(request, "negotiation/papers.html", context)


@login_required
@require_safe
def history(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show every entry of the record about a matter, or about one thing in it."""
    matter = visible_matter(request.user, uid)
    entries = Entry.objects.of_stream(matter.stream)
    if subject := _uid_or_none(request.GET.get("subject")):
        entries = entries.filter(subject_uid=subject)
    page = Paginator(entries.order_by("-stream_seq"), ENTRIES_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "page": page,
        "lines": lines_of(page.object_list, matter),
        "subject": subject,
    }
    return render(request, "negotiation/history.html", context)


def _uid_or_none(text: str | None) -> UUID | None:
    """Read a uid from an address; nonsense asks for nothing in particular."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
