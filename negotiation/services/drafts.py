"""Entering a draft clause by clause, and sending it out for comments."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max

from audit.services import record
from negotiation import acts, refusals
from negotiation.domain import canonical
from negotiation.models import Clause, ClauseDocument, Matter, Section, Wording
from negotiation.services import standing, texts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A heading of a draft."""

    number: str
    title_ru: str
    title_en: str = ""


@dataclass(frozen=True, slots=True)
class DraftClause:
    """A clause of a draft. Whether the text can do without it has no default."""

    number: str
    text_ru: str
    severable: bool
    text_en: str = ""
    title_ru: str = ""
    title_en: str = ""
    section: str | None = None
    kind: Clause.Kind = Clause.Kind.CLAUSE
    origin: Clause.Origin = Clause.Origin.NEGOTIATED
    terms: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def enter_draft(
    *,
    matter: Matter,
    sections: Sequence[DraftSection],
    clauses: Sequence[DraftClause],
    actor: Person,
    at: datetime,
) -> ClauseDocument:
    """Enter the draft of a matter, its sections and clauses in their order.

    Raises:
        WrongState: the matter is in circulation already.
        DraftAlreadyEntered: there is a draft; add to it or rewrite its clauses.
        NumberIsTaken: two clauses or two sections have one number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED)
    if ClauseDocument.objects.filter(matter=row).exists():
        raise refusals.DraftAlreadyEntered
    _require_distinct([section.number for section in sections])
    _require_distinct([clause.number for clause in clauses if clause.number])

    document = ClauseDocument.objects.create(
        matter=row, title_ru=row.title_ru, title_en=row.title_en, entered_at=at
    )
    by_number = {
        section.number: _add_section(document, section, position)
        for position, section in enumerate(sections, start=1)
    }
    wordings = [
        _add_clause(document, clause, by_number, position=position, author=actor, at=at)
        for position, clause in enumerate(clauses, start=1)
    ]
    record(
        type=acts.DRAFT_ENTERED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=document,
        authority=evidence,
        facts={
            "sections": len(by_number),
            "clauses": len(wordings),
            "sha256": canonical.combined_sha256([wording.sha256 for wording in wordings]),
        },
    )
    return document


@transaction.atomic
def add_draft_section(
    *, matter: Matter, section: DraftSection, actor: Person, at: datetime
) -> Section:
    """Add a heading at the end of the draft.

    Raises:
        WrongState: the draft is in circulation.
        NumberIsTaken: the draft has a section with this number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED)
    document = _document_of(row, at)
    if document.sections.filter(number=section.number).exists():
        raise refusals.NumberIsTaken(number=section.number)
    added = _add_section(document, section, _next(document.sections))
    record(
        type=acts.DRAFT_SECTION_ADDED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=added,
        authority=evidence,
        facts={"position": added.position},
    )
    return added


@transaction.atomic
def add_draft_clause(
    *,
    matter: Matter,
    clause: DraftClause,
    actor: Person,
    at: datetime,
    after: Clause | None = None,
) -> Clause:
    """Add a clause to a draft that is not in circulation, at the end or after another.

    Raises:
        WrongState: the draft is in circulation.
        NumberIsTaken: the draft has a clause with this number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED)
    document = _document_of(row, at)
    position = make_room(document, after=after)
    sections = {section.number: section for section in document.sections.all()}
    wording = _add_clause(document, clause, sections, position=position, author=actor, at=at)
    record(
        type=acts.DRAFT_CLAUSE_ADDED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=wording.clause,
        authority=evidence,
        facts={
            "clause": wording.clause.uid,
            "kind": wording.clause.kind,
            "origin": wording.clause.origin,
            "wording": wording.uid,
            "sha256": wording.sha256,
        },
    )
    return wording.clause


@transaction.atomic
def rewrite_draft_clause(
    *, clause: Clause, draft: DraftClause, actor: Person, at: datetime
) -> Clause:
    """Replace number, title and text of a clause before anybody else has seen it.

    The former wording stays in the table of wordings; the draft now begins with the new one.

    Raises:
        WrongState: the draft is in circulation: table a wording instead.
        NumberIsTaken: another clause has this number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(clause.document.matter_id)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED)
    fresh = standing.fresh_clause(clause, row)
    document = fresh.document
    _require_free_number(document, draft.number, except_for=fresh)

    replaced = fresh.current_wording
    sections = {section.number: section for section in document.sections.all()}
    _describe(fresh, draft, sections)
    fresh.full_clean()
    fresh.save()
    wording = texts.write_wording(
        fresh,
        text_ru=draft.text_ru,
        text_en=draft.text_en,
        terms=draft.terms,
        origin=Wording.Origin.DRAFT,
        author=actor,
        at=at,
    )
    fresh.draft_wording = fresh.current_wording = wording
    fresh.save(update_fields=["draft_wording", "current_wording"])
    record(
        type=acts.DRAFT_CLAUSE_REWRITTEN,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "clause": fresh.uid,
            "wording": wording.uid,
            "sha256": wording.sha256,
            "replaces": replaced and replaced.sha256,
        },
    )
    return fresh


@transaction.atomic
def remove_draft_clause(*, clause: Clause, actor: Person, at: datetime) -> Clause:
    """Take a clause out of a draft before anybody else has seen it. Its number stays taken.

    Raises:
        WrongState: the draft is in circulation: deletion is an amendment then.
        ClauseIsLocked: the clause is out already.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(clause.document.matter_id)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.REGISTERED)
    fresh = standing.fresh_clause(clause, row)
    if fresh.state == Clause.State.DELETED:
        raise refusals.ClauseIsLocked(clause=fresh)

    fresh.state = Clause.State.DELETED
    fresh.save(update_fields=["state"])
    record(
        type=acts.DRAFT_CLAUSE_REMOVED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={"sha256": fresh.current_wording and fresh.current_wording.sha256},
    )
    return fresh


def make_room(document: ClauseDocument, *, after: Clause | None) -> int:
    """Return a free place in the order, moving what follows by one.

    Places are unique at commit only; each row is saved by itself, so that its history
    shows the move.
    """
    if after is None:
        return _next(document.clauses)
    position = after.position + 1
    for clause in document.clauses.filter(position__gte=position).order_by("-position"):
        clause.position += 1
        clause.save(update_fields=["position"])
    return position


def _document_of(matter: Matter, at: datetime) -> ClauseDocument:
    document, _created = ClauseDocument.objects.get_or_create(
        matter=matter,
        defaults={
            "title_ru": matter.title_ru,
            "title_en": matter.title_en,
            "entered_at": at,
        },
    )
    return document


def _add_section(document: ClauseDocument, draft: DraftSection, position: int) -> Section:
    section = Section(
        document=document,
        number=draft.number.strip(),
        position=position,
        title_ru=draft.title_ru.strip(),
        title_en=draft.title_en.strip(),
    )
    section.full_clean()
    section.save()
    return section


def _add_clause(
    document: ClauseDocument,
    draft: DraftClause,
    sections: Mapping[str, Section],
    *,
    position: int,
    author: Person,
    at: datetime,
) -> Wording:
    _require_free_number(document, draft.number, except_for=None)
    clause = Clause(document=document, position=position)
    _describe(clause, draft, sections)
    clause.full_clean()
    clause.save()
    wording = texts.write_wording(
        clause,
        text_ru=draft.text_ru,
        text_en=draft.text_en,
        terms=draft.terms,
        origin=Wording.Origin.DRAFT,
        author=author,
        at=at,
    )
    clause.draft_wording = clause.current_wording = wording
    clause.save(update_fields=["draft_wording", "current_wording"])
    return wording


def _describe(clause: Clause, draft: DraftClause, sections: Mapping[str, Section]) -> None:
    """Put number, title, kind and origin of a draft on a clause that nobody has seen yet."""
    mirrors = draft.origin == Clause.Origin.FEDERAL_MANDATORY
    clause.section = sections[draft.section] if draft.section else None
    clause.number = draft.number.strip()
    clause.kind = Clause.Kind(draft.kind)
    clause.title_ru = draft.title_ru.strip()
    clause.title_en = draft.title_en.strip()
    clause.origin = Clause.Origin(draft.origin)
    clause.severable = draft.severable
    clause.state = Clause.State.MIRRORED if mirrors else Clause.State.DRAFT


def _require_distinct(numbers: Sequence[str]) -> None:
    seen: set[str] = set()
    for number in numbers:
        if number.strip() in seen:
            raise refusals.NumberIsTaken(number=number.strip())
        seen.add(number.strip())


def _require_free_number(
    document: ClauseDocument, number: str, *, except_for: Clause | None
) -> None:
    if not number.strip():
        return
    taken = document.clauses.filter(number=number.strip())
    if except_for is not None:
        taken = taken.exclude(pk=except_for.pk)
    if taken.exists():
        raise refusals.NumberIsTaken(number=number.strip())


def _next(related: Any) -> int:
    last = related.aggregate(last=Max("position"))["last"]
    return (last or 0) + 1
