"""Versions that were made on paper, before the table met here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from calendars.domain import day_of
from licensing import acts, refusals
from licensing.models import RequirementSet, RequirementVersion, VersionClause
from licensing.services import periods, standing
from negotiation.domain import canonical
from negotiation.models import Clause

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class TranscribedClause:
    """One clause of a document."""

    number: str
    text_ru: str
    text_en: str = ""
    title_ru: str = ""
    title_en: str = ""
    kind: str = Clause.Kind.CLAUSE.value
    terms: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def transcribe_version(
    *,
    requirement_set: RequirementSet,
    label: str,
    document_ru: str,
    document_en: str,
    in_force_from: date,
    in_force_to: date | None,
    clauses: Sequence[TranscribedClause],
    actor: Person,
    at: datetime,
) -> RequirementVersion:
    """Take over a version that a document established; `in_force_to` is excluded.

    It was adopted by no ballot here and says so. The table's rules for dates do not bind it:
    they are facts of the document.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        CodeIsTaken: the set has a version with this label.
        ScopeOccupied: another version is in force on some of these days.
        NoClauses: the document has no clause.
    """
    row = standing.lock_set(requirement_set)
    evidence = standing.keeper(actor, row, at)
    if row.versions.filter(label=label.strip()).exists():
        raise refusals.CodeIsTaken(code=label.strip())
    if not clauses:
        raise refusals.NoClauses
    periods.require_free(row.scope, in_force_from, in_force_to)

    digests = [_digest_of(clause) for clause in clauses]
    version = RequirementVersion(
        requirement_set=row,
        scope=row.scope,
        label=label.strip(),
        completeness=RequirementVersion.Completeness.TRANSCRIBED,
        text_sha256=canonical.combined_sha256(digests),
        document_ru=document_ru.strip(),
        document_en=document_en.strip(),
        state=_state_on(day_of(at), in_force_from, in_force_to),
        in_force_from=in_force_from,
        in_force_to=in_force_to,
    )
    version.full_clean()
    version.save()
    VersionClause.objects.bulk_create(
        _row_of(version, position, clause, sha256)
        for position, (clause, sha256) in enumerate(zip(clauses, digests, strict=True), start=1)
    )
    version.is_sealed = True
    version.save(update_fields=["is_sealed"])
    periods.establish(version, known_from=standing.known_from(at))
    record(
        type=acts.VERSION_TRANSCRIBED,
        actor=actor,
        at=at,
        stream=standing.stream_of(row),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "requirement_set": row.uid,
            "text_sha256": version.text_sha256,
            "document_sha256": digest(version.document_ru),
            "in_force_from": in_force_from,
            "in_force_to": in_force_to,
        },
    )
    return version


def _state_on(day: date, begins: date, ends: date | None) -> RequirementVersion.State:
    """Return where a transcribed version stands on the day it is taken over."""
    if day < begins:
        return RequirementVersion.State.PUBLISHED
    if ends is not None and day >= ends:
        return RequirementVersion.State.SUPERSEDED
    return RequirementVersion.State.IN_FORCE


def _digest_of(clause: TranscribedClause) -> str:
    return canonical.wording_sha256(
        number=clause.number,
        text_ru=canonical.canonical_text(clause.text_ru),
        text_en=canonical.canonical_text(clause.text_en),
        terms=clause.terms,
    )


def _row_of(
    version: RequirementVersion, position: int, clause: TranscribedClause, sha256: str
) -> VersionClause:
    return VersionClause(
        version=version,
        position=position,
        number=clause.number,
        kind=clause.kind,
        origin=Clause.Origin.NEGOTIATED,
        title_ru=clause.title_ru,
        title_en=clause.title_en,
        text_ru=canonical.canonical_text(clause.text_ru),
        text_en=canonical.canonical_text(clause.text_en),
        terms=dict(clause.terms),
        sha256=sha256,
    )
