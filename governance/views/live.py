"""The events of an open page: that a body's record has something new, and never what."""

from __future__ import annotations

import select
import socket
from typing import TYPE_CHECKING, cast

from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from audit import clock, live
from governance.models import Meeting
from governance.views.desk import bodies_of
from governance.views.meetings import visible_meeting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from accounts.models import Person

LOOK_AGAIN_SECONDS = 30
"""After how long a page that found no place may ask again."""


@login_required
@require_safe
def meeting_events(request: HttpRequest, meeting: UUID) -> HttpResponseBase:
    """Tell an open page of a meeting when to fetch its parts, until its reader may not."""
    row = visible_meeting(cast("Person", request.user), meeting)
    events = live.events(
        seen=_seen(request),
        streams=lambda: row.body.streams() if _may_see(request, row) else (),
        has_left=_has_left(request),
    )
    try:
        first = next(events)
    except live.TooManyPages:
        return HttpResponse(status=503, headers={"Retry-After": str(LOOK_AGAIN_SECONDS)})
    # A proxy must neither keep these lines back nor answer with those of somebody else.
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(
        _resume(first, events), content_type="text/event-stream", headers=headers
    )


def _resume(first: str, rest: Iterator[str]) -> Iterator[str]:
    """Return a generator again, which passes on that it is closed."""
    yield first
    yield from rest


def _seen(request: HttpRequest) -> int | None:
    """Return the number of the page: the one it was made with, or the last event's."""
    told = request.headers.get("Last-Event-ID") or request.GET.get("seen", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 19 else None  # noqa: PLR2004


def _may_see(request: HttpRequest, meeting: Meeting) -> bool:
    """Ask anew who reads, as any request would, and whether that person sees the meeting."""
    anew = HttpRequest()
    anew.session = type(request.session)(request.session.session_key)
    reader = get_user(anew)
    if not reader.is_authenticated:
        return False
    bodies = bodies_of(reader, clock.now())
    return Meeting.objects.filter(pk=meeting.pk, body__in=bodies).exists()


def _has_left(request: HttpRequest) -> Callable[[], bool]:
    """Return how to find out that the browser has hung up.

    gunicorn hands over the connection, on which a browser sends nothing more: that it can be
    read from means that it is closed. Elsewhere the next heartbeat finds out.
    """
    line: socket.socket | None = request.META.get("gunicorn.socket")

    def has_left() -> bool:
        if line is None:
            return False
        try:
            readable, _, _ = select.select([line], [], [], 0)
            return bool(readable) and line.recv(1, socket.MSG_PEEK) == b""
        except (OSError, ValueError):
            return True

    return has_left
