"""One request, one act.

A page carries a random key in its form. The first entry written under that key bears it, and
the database lets it be borne once: a double click, a repeated submission or two browsers
at the same moment do nothing twice.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from audit.acts import AlreadyDone
from audit.models import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID


@dataclass(slots=True)
class _Request:
    """The key of the running request, until an entry bears it."""

    key: UUID
    is_borne: bool = False


_current: ContextVar[_Request | None] = ContextVar("audit_request", default=None)


@contextmanager
def once(key: UUID, *, actor: Any) -> Iterator[None]:
    """Carry out what is inside at most once for this key, in one transaction.

    Whoever comes second with the same key waits here until the first has finished. Without the
    wait it would run into the traces of the first and be told that, say, the vote is taken.

    Raises:
        AlreadyDone: an entry bears the key; `params["entry"]` is its uid when it is
            the actor's own.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit.request {key}"]
            )
        if Entry.objects.filter(request_key=key).exists():
            entry = already_recorded(key, actor)
            raise AlreadyDone(entry=str(entry.uid) if entry else None)
        token = _current.set(_Request(key))
        try:
            yield
        finally:
            _current.reset(token)


def already_recorded(key: UUID, actor: Any) -> Entry | None:
    """Return the entry that bears the key if this person made it, for showing its result."""
    return Entry.objects.by(actor).filter(request_key=key).order_by("id").first()


def take_key() -> UUID | None:
    """Return the key of the running request for the first entry, and nothing afterwards."""
    request = _current.get()
    if request is None or request.is_borne:
        return None
    request.is_borne = True
    return request.key
