"""What Veche is, under which licence, and its source text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from web import source_text

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say what the system does, what it does not do, and how it can be checked."""
    return render(request, "web/about.html")


@require_safe
def source(_request: HttpRequest) -> HttpResponse:
    """Hand out the source text of the running program (AGPL, section 13)."""
    return HttpResponse(
        source_text.archive(),
        content_type="application/gzip",
        headers={"Content-Disposition": 'attachment; filename="veche-source.tar.gz"'},
    )
