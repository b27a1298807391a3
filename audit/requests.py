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
    actor: Any = None
    is_borne: bool = False
    # Whether the transaction that looked for the key and waits for others with it has begun.
    is_guarded: bool = True


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
        _guard(key, actor)
        token = _current.set(_Request(key, actor))
        try:
            yield
        finally:
            _current.reset(token)


@contextmanager
def bearing(key: UUID, *, actor: Any) -> Iterator[None]:
    """Give the key to one act inside that looks for it by itself, in the statement that acts.

    For an act that costs one statement, beginning a transaction and asking first would cost
    more than the act; any other act inside is guarded as `once` does it.
    """
    token = _current.set(_Request(key, actor, is_guarded=False))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def guarded() -> Iterator[None]:
    """Carry out what is inside in one transaction, at most once for the running request.

    Raises:
        AlreadyDone: as `once`.
    """
    request = _current.get()
    with transaction.atomic():
        if request is not None and not request.is_guarded:
            _guard(request.key, request.actor)
            request.is_guarded = True
        yield


def _guard(key: UUID, actor: Any) -> None:
    """Wait for whoever has the same key, and refuse when it was borne.

    Raises:
        AlreadyDone: an entry bears it.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit.request {key}"]
        )
    if Entry.objects.filter(request_key=key).exists():
        entry = already_recorded(key, actor)
        raise AlreadyDone(entry=str(entry.uid) if entry else None)


def already_recorded(key: UUID, actor: Any) -> Entry | None:
    """Return the entry that bears the key if this person made it, for showing its result."""
    return Entry.objects.by(actor).filter(request_key=key).order_by("id").first()


def key_to_bear() -> UUID | None:
    """Return the key that the next entry will bear, and leave it."""
    request = _current.get()
    return None if request is None or request.is_borne else request.key


def take_key() -> UUID | None:
    """Return the key of the running request for the first entry, and nothing afterwards."""
    request = _current.get()
    if request is None or request.is_borne:
        return None
    request.is_borne = True
    return request.key
