"""Wordings and revisions: what lies on the table, word for word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from audit.services import record
from negotiation import acts, refusals
from negotiation.domain import canonical, mirrors
from negotiation.domain.consistency import ClauseText, Problem, ProblemCode
from negotiation.models import (
    Amendment,
    Clause,
    ClauseDocument,
    Matter,
    Revision,
    RevisionWording,
    Wording,
    WordingSource,
)
from negotiation.services import standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from accounts.models import Person

MAX_TEXT = 20_000
"""A clause longer than this is a chapter; a paste of ten megabytes is a mistake."""


@transaction.atomic
def table_wording(
    *,
    clause: Clause,
    text_ru: str,
    text_en: str | None,
    terms: Mapping[str, Any],
    amendments: Sequence[Amendment],
    actor: Person,
    at: datetime,
) -> Wording:
    """Lay a new wording of a clause on the table.

    Positions taken on the former wording become stale. Without an English text the former
    translation stays, and is marked as rendering another Russian text.

    Raises:
        WrongState: the matter is not at the table.
        ClauseIsAMirror, ClauseIsLocked: the clause takes no wording any more.
        ClauseIsUnderVote: an open ballot asks about it; close or annul the ballot first.
        SameWording: this very wording is on the table.
        WeakerThanFederalNorm: a mirror demands more (B12).
        TermsAreNotExact: the terms hold a floating-point number.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(clause.document.matter_id)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, *Matter.AT_THE_TABLE)
    fresh = standing.fresh_clause(clause, row)
    sources = [standing.fresh_amendment(amendment, row) for amendment in amendments]
    for source in sources:
        if source.clause_id != fresh.pk:
            raise refusals.ForeignRow
    wording, replaced = lay_on_the_table(
        fresh,
        text_ru=text_ru,
        text_en=text_en,
        terms=terms,
        origin=Wording.Origin.TABLED,
        author=actor,
        at=at,
    )
    WordingSource.objects.bulk_create(
        WordingSource(wording=wording, amendment=source) for source in sources
    )
    record(
        type=acts.WORDING_TABLED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "wording": wording.uid,
            "sha256": wording.sha256,
            "origin": wording.origin,
            "replaces": replaced and replaced.sha256,
            "amendments": [source.uid for source in sources],
        },
    )
    return wording


@transaction.atomic
def issue_revision(
    *,
    matter: Matter,
    label: str,
    actor: Person,
    at: datetime,
    note_ru: str = "",
    note_en: str = "",
) -> Revision:
    """Give the present state of the text a label, for everybody to refer to.

    At the table the revision holds what lies there; once the text is agreed, only what
    was agreed.

    Raises:
        WrongState: nothing was circulated yet, or the matter is withdrawn.
        NothingToCirculate: there is no clause.
        LabelIsTaken: the revision was issued already.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    if row.state in {Matter.State.REGISTERED, Matter.State.WITHDRAWN}:
        raise refusals.WrongState(state=row.get_state_display())
    clauses = clauses_on_the_table(row)
    if not row.is_at_the_table:
        clauses = [
            clause
            for clause in clauses
            if clause.state in {Clause.State.AGREED, Clause.State.MIRRORED}
        ]
    if not clauses:
        raise refusals.NothingToCirculate
    revision = write_revision(
        row, label=label, clauses=clauses, note_ru=note_ru, note_en=note_en, at=at
    )
    record(
        type=acts.REVISION_ISSUED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=revision,
        authority=evidence,
        facts={
            "revision": revision.uid,
            "clauses": len(clauses),
            "sha256": revision.sha256,
        },
    )
    return revision


def lay_on_the_table(
    clause: Clause,
    *,
    text_ru: str,
    text_en: str | None,
    terms: Mapping[str, Any],
    origin: Wording.Origin,
    author: Person,
    at: datetime,
) -> tuple[Wording, Wording | None]:
    """Write a wording and table it. Return it and what it replaces.

    The caller holds the lock of the matter and records the act.
    """
    require_open_clause(clause)
    standing.require_not_under_vote(clause)
    replaced = clause.on_the_table
    wording = write_wording(
        clause,
        text_ru=text_ru,
        text_en=text_en,
        terms=terms,
        origin=origin,
        author=author,
        at=at,
    )
    if replaced is not None and replaced.sha256 == wording.sha256:
        raise refusals.SameWording(clause=clause)
    _require_not_weaker_than_mirrors(clause, wording)
    clause.tabled_wording = wording
    clause.save(update_fields=["tabled_wording"])
    return wording, replaced


def write_wording(
    clause: Clause,
    *,
    text_ru: str,
    text_en: str | None,
    terms: Mapping[str, Any],
    origin: Wording.Origin,
    author: Person,
    at: datetime,
) -> Wording:
    """Store one immutable wording of a clause with its digests.

    The text is stored as it is hashed: normal form C, trimmed, single spaces.
    """
    require_length(text_ru, text_en or "")
    former = clause.wordings.order_by("-number").first()
    canonical_ru = canonical.canonical_text(text_ru)
    sha256_ru = canonical.text_sha256(canonical_ru)
    canonical_en, translates = _translation(text_en, former=former, sha256_ru=sha256_ru)
    try:
        sha256 = canonical.wording_sha256(
            number=clause.number, text_ru=canonical_ru, text_en=canonical_en, terms=terms
        )
    except canonical.NotExact as error:
        raise refusals.TermsAreNotExact from error
    wording = Wording(
        clause=clause,
        number=(clause.wordings.aggregate(last=Max("number"))["last"] or 0) + 1,
        text_ru=canonical_ru,
        text_en=canonical_en,
        terms=dict(terms),
        sha256_ru=sha256_ru,
        sha256_en=canonical.text_sha256(canonical_en) if canonical_en else "",
        sha256=sha256,
        translates_sha256=translates,
        origin=origin,
        author=author,
        created_at=at,
    )
    wording.full_clean()
    wording.save()
    return wording


def require_length(*given: str, limit: int = MAX_TEXT) -> None:
    """Refuse a paste before anybody normalises, hashes or stores it.

    Raises:
        TooLong: one of the texts is longer than the limit.
    """
    if max(map(len, given)) > limit:
        raise refusals.TooLong(limit=limit)


def require_open_clause(clause: Clause) -> None:
    """Refuse a clause that takes neither wordings nor amendments any more."""
    if clause.is_mirror:
        raise refusals.ClauseIsAMirror(clause=clause)
    if clause.is_locked:
        raise refusals.ClauseIsLocked(clause=clause)


def clauses_on_the_table(matter: Matter) -> list[Clause]:
    """Return the clauses that belong to the text now, in order, with their wordings."""
    return list(
        Clause.objects.of_matter(matter)
        .in_force_of_the_text()
        .select_related("section", "current_wording", "tabled_wording", "document")
        .in_order()
    )


def write_revision(
    matter: Matter,
    *,
    label: str,
    clauses: Sequence[Clause],
    note_ru: str,
    note_en: str,
    at: datetime,
) -> Revision:
    """Store a labelled state of the text."""
    document = ClauseDocument.objects.get(matter=matter)
    label = label.strip()
    if document.revisions.filter(label=label).exists():
        raise refusals.LabelIsTaken(label=label)
    revision = Revision(
        document=document,
        label=label,
        sha256=_sha256_of(clauses),
        issued_at=at,
        note_ru=note_ru.strip(),
        note_en=note_en.strip(),
    )
    revision.full_clean()
    revision.save()
    RevisionWording.objects.bulk_create(
        RevisionWording(revision=revision, clause=clause, wording=clause.on_the_table)
        for clause in clauses
    )
    return revision


def _sha256_of(clauses: Iterable[Clause]) -> str:
    """Return the digest of a whole text: over the digests of its wordings, in order."""
    return canonical.combined_sha256(
        [clause.on_the_table.sha256 for clause in clauses if clause.on_the_table]
    )


def _translation(text_en: str | None, *, former: Wording | None, sha256_ru: str) -> tuple[str, str]:
    """Return the English text and the digest of the Russian text that it renders."""
    if text_en is None:
        if former is None:
            return "", ""
        return former.text_en, former.translates_sha256
    canonical_en = canonical.canonical_text(text_en)
    return canonical_en, sha256_ru if canonical_en else ""


def as_text(clause: Clause) -> ClauseText:
    """Hand a clause with its wording on the table to the pure rules."""
    wording = clause.on_the_table
    if wording is None:
        raise refusals.NothingOnTheTable(clause=clause)
    return ClauseText(
        number=clause.number,
        text_ru=wording.text_ru,
        text_en=wording.text_en,
        sha256_ru=wording.sha256_ru,
        translates_sha256=wording.translates_sha256,
        terms=wording.terms,
    )


def say_problems(problems: Sequence[Problem]) -> str:
    """Say the first problems of a text in words, and how many more there are."""
    said = [_say_problem(problem) for problem in problems[:_PROBLEMS_SAID]]
    if rest := len(problems) - len(said):
        said.append(_("and %(count)s more") % {"count": rest})
    return "; ".join(said)


_PROBLEMS_SAID = 5


def _say_problem(problem: Problem) -> str:
    words = {
        ProblemCode.NOT_TRANSLATED: _("%(clause)s has no English text"),
        ProblemCode.TRANSLATION_STALE: _("the English of %(clause)s renders an earlier text"),
        ProblemCode.DANGLING_REFERENCE: _("%(clause)s refers to clause %(detail)s"),
        ProblemCode.THRESHOLD_NOT_IN_TEXT: _("%(clause)s does not name its threshold %(detail)s"),
        ProblemCode.TERMS_NOT_EXACT: _("a threshold of %(clause)s is not an exact number"),
    }
    return words[problem.code] % {
        "clause": problem.clause or _("preamble"),
        "detail": problem.detail,
    }


def _require_not_weaker_than_mirrors(clause: Clause, wording: Wording) -> None:
    """B12: what repeats federal law sets a floor under what is negotiated."""
    federal = (
        Clause.objects.filter(document=clause.document_id, state=Clause.State.MIRRORED)
        .exclude(current_wording=None)
        .values_list("current_wording__terms", flat=True)
    )
    try:
        weaker = mirrors.weaker_indicators(wording.terms, federal)
    except canonical.NotExact as error:
        raise refusals.TermsAreNotExact from error
    if weaker:
        raise refusals.WeakerThanFederalNorm(clause=clause)
