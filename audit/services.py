"""Write the record. Every act of every app ends here."""

from __future__ import annotations

import re
from bisect import bisect
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from django.db import IntegrityError, connection, transaction

from audit import handlers, registry, requests, times
from audit.acts import ActRefused, AlreadyDone, NotADemonstration, NotTheTime, RecordIsNotEmpty
from audit.domain import canonical
from audit.domain.facts import instant, plain
from audit.models import Entry, Installation

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from uuid import UUID

FORMAT = 1
"""The version of the leaf's format; see docs/adr/0002-entry-format.md."""

_GIVEN_AT = ("id", "recorded_at", "stream_seq")
"""Before which names the database puts what it gives into the sorted members of a leaf."""

_STREAM = re.compile(r"[a-z_]{1,40}:[A-Za-z0-9_-]{1,59}")

_REFUSALS: dict[str, type[ActRefused]] = {
    "an_act_by_the_clock_is_recorded_within_five_minutes": NotTheTime,
    "times_of_a_demonstration_need_a_demonstration": NotADemonstration,
    "an_act_is_recorded_once_per_request": AlreadyDone,
    "an_installation_stays_what_it_is": RecordIsNotEmpty,
}


class HasUid(Protocol):
    """Somebody or something known outside by a uid."""

    @property
    def uid(self) -> UUID: ...


@runtime_checkable
class Evidence(Protocol):
    """An authority that was examined and can say itself in facts."""

    def as_facts(self) -> Mapping[str, Any]: ...


def record(
    *,
    type: str,  # noqa: A002 -- the record's word
    actor: HasUid | None,
    at: datetime.datetime,
    stream: str,
    subject: HasUid,
    facts: Mapping[str, Any],
    authority: Evidence | Mapping[str, Any] | None = None,
) -> Entry:
    """Write the entry of an act, in the act's transaction, and tell the handlers.

    Args:
        type: a declared type, see `audit.registry`.
        actor: the person who acts; None where the system itself does.
        at: when the act was done. It must be the clock's time, unless the surrounding code
            declared another basis, see `audit.times`.
        stream: the aggregate, `matter:<uid>`; its entries are numbered without gaps. The
            stream stays locked until commit, so acts on one aggregate queue up here.
        subject: the row that the act is about.
        facts: ids, codes, integers, fractions, digests; see `audit.domain.facts`.
        authority: under which seat, mandate or duty the person acts.

    Raises:
        NotTheTime: `at` is more than five minutes off the clock.
        NotADemonstration: times of a demonstration in an installation that is none.
        AlreadyDone: the request was carried out at the same moment by another connection.
        audit.registry.UndeclaredAct, audit.domain.facts.NotAFact: a bug in the caller.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an act is recorded in its own transaction")
    if not _STREAM.fullmatch(stream):
        raise ValueError(f"{stream} is not a stream like matter:<uid>")
    registry.examine(type, facts)

    body = _body(
        type=type,
        actor=actor,
        at=at,
        stream=stream,
        subject=subject,
        facts=facts,
        authority=authority.as_facts() if isinstance(authority, Evidence) else authority,
    )
    try:
        (entry,) = Entry.objects.raw("SELECT * FROM audit_append(%s)", [body])
    except IntegrityError as error:
        raise refusal_of(error) from error
    handlers.run(entry)
    return entry


def pieces(
    *,
    type: str,  # noqa: A002 -- the record's word
    actor: HasUid,
    stream: str,
    subject_type: str,
    facts: Mapping[str, Any],
    authority: Mapping[str, Any],
) -> list[str]:
    """Return an entry to come in its four pieces, for an act that is one statement.

    Whatever is known only then is left blank, as a word between signs of equality: `=at=`,
    `=basis=`, `=key=` (with its quotation marks: a key may be absent) and `=subject=` here, and
    what `facts` and `authority` say so. The statement fills the blanks with codes, which need no
    quoting in JSON, and hands the pieces to `audit_write`, which completes them between.

    Raises:
        audit.registry.UndeclaredAct, audit.domain.facts.NotAFact: a bug in the caller.
    """
    registry.examine(type, facts)
    members = _members(
        type=type,
        at="=at=",
        basis="=basis=",
        reference=None,
        stream=stream,
        actor=actor,
        authority=authority,
        subject_type=subject_type,
        subject="=subject=",
        key="=key=",
        facts=facts,
    )
    found: list[list[str]] = [[] for _ in range(len(_GIVEN_AT) + 1)]
    for name in sorted(members):
        member = canonical.encode({name: members[name]}).decode()
        found[bisect(_GIVEN_AT, name)].append(member[1:-1])
    return [",".join(piece) for piece in found]


@transaction.atomic
def mark_demonstration() -> Installation:
    """Make this installation a demonstration, for ever: every page will say so.

    The origin says it too, and with it every leaf. Marking twice changes nothing and is
    no refusal: the demonstration's command does it at every start.

    Raises:
        RecordIsNotEmpty: acts were recorded already. What was real stays real.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_mark_demonstration()")
    except IntegrityError as error:
        raise refusal_of(error) from error
    return Installation.objects.get()


def is_demonstration() -> bool:
    """Say whether this installation is marked as a demonstration."""
    return Installation.objects.filter(is_demonstration=True).exists()


def _body(
    *,
    type: str,  # noqa: A002 -- the record's word
    actor: HasUid | None,
    at: datetime.datetime,
    stream: str,
    subject: HasUid,
    facts: Mapping[str, Any],
    authority: Mapping[str, Any] | None,
) -> str:
    """Return the canonical members that the database completes with id, number and time."""
    basis = times.current()
    key = requests.take_key()
    return canonical.encode(
        _members(
            type=type,
            at=instant(at),
            basis=basis.basis.value,
            reference=basis.reference,
            stream=stream,
            actor=actor,
            authority=authority,
            subject_type=subject._meta.label_lower,  # type: ignore[attr-defined]
            subject=str(subject.uid),
            key=str(key) if key else None,
            facts=facts,
        )
    ).decode()


def _members(
    *,
    type: str,  # noqa: A002 -- the record's word
    at: str,
    basis: str,
    reference: str | None,
    stream: str,
    actor: HasUid | None,
    authority: Mapping[str, Any] | None,
    subject_type: str,
    subject: str,
    key: str | None,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """Return what an act says in its entry."""
    return {
        "v": FORMAT,
        "type": type,
        "at": at,
        "at_basis": basis,
        "paper_reference": reference,
        "stream": stream,
        "actor": {"subject": str(actor.uid) if actor else "system"},
        "authz": plain(authority),
        "object": [{"type": subject_type, "id": subject}],
        "request": {"key": key},
        "data": plain(facts),
    }


def refusal_of(error: IntegrityError) -> Exception:
    """Turn the database's refusal of an entry into ours; what is not expected stays what it is."""
    diagnosis = getattr(error.__cause__, "diag", None)
    refusal = _REFUSALS.get(getattr(diagnosis, "constraint_name", None) or "")
    return refusal() if refusal else error
