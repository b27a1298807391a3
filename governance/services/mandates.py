"""Mandates: registered with their documents, revoked when the principal says so."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from calendars.domain import day_of, start_of_day
from governance import acts, refusals
from governance.authority import as_law, require_keeper
from governance.domain.mandates import VOTING, Standing, seats_at_once, substitution_fault
from governance.domain.procedure import parse_procedure
from governance.models import Challenge, Mandate, Vote

from ._rows import checked, lock, record, refusing, tidy, update
from ._standing import project
from .bodies import of_two_sides
from .challenges import challenge

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from django.core.files import File

    from accounts.models import Person
    from governance.models import Organisation, Seat

FAULTS = {
    Standing.NOT_DELEGABLE: _("A personal seat, or a substitution, cannot be handed on."),
    Standing.SUBSTITUTION_OUTSIDE_PARENT: _(
        "A substitution stays inside the mandate it rests on: seat, acts and days."
    ),
}


@transaction.atomic
def register_mandate(
    *,
    code: str,
    seat: Seat,
    person: Person,
    principal: Organisation | None,
    kind: str,
    document_ru: str,
    document_en: str = "",
    document: File[bytes] | None = None,
    issued_on: datetime.date | None,
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    scope: Iterable[str],
    parent: Mandate | None = None,
    note_ru: str = "",
    note_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> Mandate:
    """Register the paper on which a person acts for a seat.

    A paper without a date of issue is registered as it is: it exists, and cannot be used (A4).

    Args:
        document: the file; its digest enters the record.
        valid_to: the first day on which it no longer holds; None where no term is written.
        parent: for a substitution, the mandate it rests on.

    Raises:
        MandateRefused: a substitution beyond its parent, or of what cannot be handed on (A3, A8).
        TooManyProxies: the person votes for as many others as the charter lets one.
        TwoSides: the person acts for another side of this body (A6).
        NeutralDuty: the person serves the body.
        CodeTaken: another mandate has this code.
        PeriodIsEmpty: it would end before it begins.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
        ValidationError: a field is wrong.
    """
    body = lock(seat.body)
    evidence = require_keeper(actor, body=body, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise refusals.PeriodIsEmpty
    mandate = Mandate(
        code=tidy(code),
        seat=seat,
        person=person,
        principal=principal,
        kind=kind,
        document_ru=tidy(document_ru),
        document_en=tidy(document_en),
        issued_on=issued_on,
        valid_from=valid_from,
        valid_to=valid_to,
        scope=sorted(set(scope)),
        parent=parent,
        note_ru=tidy(note_ru),
        note_en=tidy(note_en),
    )
    checked(
        mandate,
        *("code", "kind", "document_ru", "document_en", "scope", "note_ru", "note_en"),
    )
    _require_sound(mandate)
    _require_free_hands(mandate, at)
    if document is not None:
        mandate.document_sha256 = _digest_of_file(document)
        mandate.document = document
    with refusing(
        {
            "governance_mandate_code_key": refusals.CodeTaken(code=mandate.code),
            **of_two_sides(person),
        }
    ):
        mandate.save()
    project(person, body, at)
    record(
        acts.MANDATE_REGISTERED,
        mandate,
        body=body,
        actor=actor,
        at=at,
        facts={
            "seat": seat.uid,
            "person": person.uid,
            "principal": principal.uid if principal else None,
            "kind": kind,
            "scope": mandate.scope,
            "issued_on": issued_on,
            "valid_from": valid_from,
            "valid_to": valid_to,
            "parent": parent.uid if parent else None,
            "document_sha256": mandate.document_sha256 or None,
        },
        authority=evidence,
    )
    return mandate


@transaction.atomic
def revoke_mandate(
    *, mandate: Mandate, revoked_on: datetime.date, actor: Person, at: datetime.datetime
) -> Mandate:
    """Register that a mandate was revoked, and that this is known from now on.

    Votes cast since the day of revocation, while nobody here knew, stand (ГК 189 п. 2); each
    of them is challenged, so that its principal is asked (A7). Substitutions fall with it.

    Raises:
        MandateAlreadyRevoked: a revocation is on record.
        PeriodIsEmpty: the day lies before the mandate begins or after today.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(mandate.seat.body)
    mandate = lock(mandate, "seat", "person")
    evidence = require_keeper(actor, body=body, at=at)
    if mandate.revoked_on is not None:
        raise refusals.MandateAlreadyRevoked(revoked_on=mandate.revoked_on.strftime("%d.%m.%Y"))
    if revoked_on < mandate.valid_from or start_of_day(revoked_on) > at:
        raise refusals.PeriodIsEmpty
    update(mandate, revoked_on=revoked_on, revocation_known_at=at)
    touched = list(
        Vote.objects.counted()
        .filter(
            mandate__in=[mandate.pk, *mandate.substitutions.values_list("pk", flat=True)],
            cast_at__gte=start_of_day(revoked_on),
        )
        .order_by("id")
    )
    project(mandate.person, body, at)
    record(
        acts.MANDATE_REVOKED,
        mandate,
        body=body,
        actor=actor,
        at=at,
        facts={
            "seat": mandate.seat.uid,
            "person": mandate.person.uid,
            "revoked_on": revoked_on,
            "known_at": at,
            "challenged": [vote.uid for vote in touched],
        },
        authority=evidence,
    )
    for vote in touched:
        challenge(vote, Challenge.Reason.REVOKED_UNKNOWN, evidence, actor, at)
    return mandate


def _require_sound(mandate: Mandate) -> None:
    """Refuse papers that contradict the rules on mandates as such.

    Raises:
        MandateRefused: the code says which rule.
    """
    is_substitution = mandate.kind == Mandate.Kind.SUBSTITUTION
    if is_substitution != (mandate.parent is not None):
        raise refusals.MandateRefused(
            _("A substitution, and only a substitution, names the mandate it rests on."),
            code="substitution_without_parent",
        )
    if mandate.is_personal != (mandate.principal is None):
        raise refusals.MandateRefused(
            _("Name the organisation represented; only a personal appointment has none."),
            code="principal_missing",
        )
    if not is_substitution or mandate.issued_on is None:
        return
    fault = substitution_fault(as_law(mandate), may_be_delegated=True)
    if fault is not None:
        raise refusals.MandateRefused(FAULTS[fault], code=fault.value)


def _require_free_hands(mandate: Mandate, at: datetime.datetime) -> None:
    """Refuse one substitution more than the charter lets one person hold at once.

    The vote is judged again, under the edition of its ballot. The body is locked by the caller: of
    two papers for one person the second sees the first.

    Raises:
        TooManyProxies: the parameters name the seats and the limit.
    """
    # What names no date of issue lets nobody vote (A4).
    paper = as_law(mandate)
    if mandate.parent is None or mandate.issued_on is None or paper.scope.isdisjoint(VOTING):
        return
    charter = mandate.seat.body.charters.effective_on(day_of(at)).first()
    if charter is None:
        return
    limit = parse_procedure(charter.procedure).max_proxies_held
    held = (
        Mandate.objects.of(mandate.person)
        .filter(seat__body=mandate.seat.body, kind=Mandate.Kind.SUBSTITUTION)
        .select_related("seat", "parent__parent")
        .order_by("id")
    )
    if seats_at_once(paper, map(as_law, held)) < limit:
        return
    seats = sorted({one.seat.code for one in held if one.seat_id != mandate.seat_id})
    raise refusals.TooManyProxies(person=mandate.person, seats=", ".join(seats), limit=limit)


def _digest_of_file(document: File[bytes]) -> str:
    """Return the SHA-256 of a file, read in pieces, and leave it at its beginning."""
    digest = hashlib.sha256()
    for piece in document.chunks():
        digest.update(piece)
    document.seek(0)
    return digest.hexdigest()
