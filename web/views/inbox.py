"""What awaits the reader: one list, the nearest deadline first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from workflows.inbox import awaiting

if TYPE_CHECKING:
    from django.http import HttpRequest

PER_PAGE = 25


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Show everything that awaits the reader."""
    items = awaiting(request.user, timezone.now())
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/inbox.html", {"page": page, "total": len(items)})


@require_safe
@never_cache
def count(request: HttpRequest) -> HttpResponse:
    """Return the number beside the link in the header, for htmx; nothing for no number."""
    if not request.user.is_authenticated:
        return HttpResponse()
    total = len(awaiting(request.user, timezone.now()))
    return render(request, "web/_count.html", {"total": total}) if total else HttpResponse()
