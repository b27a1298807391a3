"""Lock, check, write and record: the steps that the acts of governance share."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import IntegrityError, connection, models, transaction

import audit.services
from audit.domain.facts import digest

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterator, Mapping

    from accounts.models import Person
    from audit.acts import ActRefused
    from audit.models import Entry
    from governance.authority import Evidence
    from governance.models import Ballot, Body

_M = TypeVar("_M", bound=models.Model)

__all__ = [
    "checked",
    "digest",
    "digest_of",
    "lock",
    "lock_ballot",
    "lock_stream",
    "record",
    "refusing",
    "share_ballot",
    "tidy",
    "update",
]


def lock(row: _M, *related: str) -> _M:
    """Return the row as it is now, locked until the act is committed or undone."""
    rows = type(row)._default_manager.select_for_update(of=("self",))
    return rows.select_related(*related).get(pk=row.pk) if related else rows.get(pk=row.pk)


def lock_ballot(ballot: Ballot, *related: str) -> Ballot:
    """Return an open ballot, which nobody votes in until the act is committed or undone.

    Votes under way are waited for; those that come later wait for us.
    """
    _queue(ballot, "pg_advisory_xact_lock")
    return lock(ballot, *related)


def share_ballot(ballot: Ballot, *related: str) -> Ballot:
    """Return a ballot that stays as it is while we vote in it, as others do."""
    _queue(ballot, "pg_advisory_xact_lock_shared")
    rows = type(ballot)._default_manager.select_related(*related)
    return rows.get(pk=ballot.pk)


def _queue(ballot: Ballot, how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {how}(governance_ballot_lock(%s))", [ballot.pk])


def lock_stream(stream: str) -> None:
    """Queue for a stream of the record before its entry is written: whoever comes next waits."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit.stream {stream}"]
        )


def tidy(text: str) -> str:
    """Write a line of text in one way: composed characters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def bytes_of(document: Any) -> bytes:
    """Write a JSON document in one way, whatever the order of its keys."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode()


def digest_of(document: Any) -> str:
    """Return the SHA-256 of a JSON document, written in the one way."""
    return hashlib.sha256(bytes_of(document)).hexdigest()


def checked(row: _M, *fields: str) -> _M:
    """Return the row if these fields hold what they may.

    Raises:
        django.core.exceptions.ValidationError: the input is wrong; forms show it.
    """
    rest = {field.name for field in row._meta.concrete_fields} - set(fields)
    row.clean_fields(exclude=rest)
    return row


def update(row: models.Model, **values: Any) -> None:
    """Set columns of a row and save just them."""
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


@contextmanager
def refusing(refusals: Mapping[str, ActRefused]) -> Iterator[None]:
    """Turn the violation of a named constraint into the refusal that says it to people.

    What the database refuses for another reason stays what it is: a bug.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = getattr(diagnosis, "constraint_name", None) or ""
        refusal = refusals.get(name)
        if refusal is None:
            raise
        raise refusal from error


def record(
    act: str,
    subject: Any,
    *,
    body: Body,
    actor: Person,
    at: datetime.datetime,
    facts: Mapping[str, Any],
    authority: Evidence | Mapping[str, Any],
    stream: str | None = None,
) -> Entry:
    """Write an entry, to the stream of the body at which the act was done unless told otherwise."""
    return audit.services.record(
        type=act,
        actor=actor,
        at=at,
        stream=stream or body.stream,
        subject=subject,
        facts=facts,
        authority=authority,
    )
