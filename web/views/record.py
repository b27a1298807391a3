"""What the log of the record states of itself: for readers in words, for programs in its files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.domain.tiles import HASH, WIDTH
from audit.models import Checkpoint, Entry, Tile

if TYPE_CHECKING:
    from django.http import HttpRequest

# Up to 10^12 tiles, on eight levels: more than there will be, and within what a column holds.
_INDEX = re.compile(r"(?:x\d{3}/){0,3}\d{3}", re.ASCII)
_LEVELS = 8
_FOR_EVER = "public, max-age=31536000, immutable"


@require_safe
def record(request: HttpRequest) -> HttpResponse:
    """Say what the record proves and what it does not, and where the log stands."""
    newest = Checkpoint.objects.order_by("-size").first()
    waiting = Entry.objects.filter(place=None).count()
    return render(request, "web/record.html", {"checkpoint": newest, "waiting": waiting})


@require_safe
def checkpoint(_: HttpRequest) -> HttpResponse:
    """Return the newest signed checkpoint (C2SP tlog-tiles)."""
    newest = Checkpoint.objects.order_by("-size").first()
    if newest is None:
        raise Http404
    return HttpResponse(
        newest.note,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-cache"},
    )


@require_safe
def tile(_: HttpRequest, level: int, index: str, width: int = WIDTH) -> HttpResponse:
    """Return a tile of hashes. The entries under it are not public: they say who voted how."""
    if level > _LEVELS or not _INDEX.fullmatch(index) or not 0 < width <= WIDTH:
        raise Http404
    number = int(index.replace("x", "").replace("/", ""))
    found = Tile.objects.filter(level=level, index=number).values_list("hashes", flat=True).first()
    if found is None or len(found) < width * HASH:
        raise Http404
    return HttpResponse(
        bytes(found)[: width * HASH],
        content_type="application/octet-stream",
        headers={"Cache-Control": _FOR_EVER},
    )
