"""Checks of texts: dispositions, agreement, mirrors, digests, references."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Person
from audit.models import Entry
from demonstration.checks.finding import Finding
from governance.models import Ballot, ConflictDeclaration, Decision, Organisation
from licensing.models import RequirementVersion, VersionClause
from negotiation.domain import canonical
from negotiation.models import Amendment, Clause, CommentSummary, Matter, QuestionWording

TAKEN_UP = (Amendment.Disposition.ACCEPTED, Amendment.Disposition.ACCEPTED_PARTLY)
FULL_MARKS = 100


def every_amendment_has_a_disposition_and_a_reason(matter: Matter) -> Finding:
    """CHK-01."""
    rows = matter.amendments.order_by("code")
    return Finding.of(
        row.code
        for row in rows
        if not row.disposition or not (row.disposition_reason_ru or row.disposition_reason_en)
    )


def every_negotiated_clause_is_agreed_by_all_sides(matter: Matter) -> Finding:
    """CHK-06. Read from the ballot that agreed the clause, side by side."""
    version = version_of(matter)
    if version is None:
        return Finding.missing("version")
    sides = set(matter.body.sides.values_list("code", flat=True))
    clauses = version.clauses.filter(
        kind=Clause.Kind.CLAUSE, origin=Clause.Origin.NEGOTIATED
    ).select_related("wording__clause__agreed_in__decision")
    return Finding.of(
        clause.number for clause in clauses.order_by("position") if not _agreed(clause, sides)
    )


def _agreed(clause: VersionClause, sides: set[str]) -> bool:
    wording = clause.wording
    ballot = wording.clause.agreed_in if wording else None
    if ballot is None or ballot.state != Ballot.State.CERTIFIED:
        return False
    decision = ballot.decision
    agreeing = {side["side"] for side in decision.side_results if side["agreed"]}
    return decision.result == Decision.Result.AGREED and agreeing == sides


def no_amendment_to_a_mirror_was_accepted(matter: Matter) -> Finding:
    """CHK-07."""
    accepted = matter.amendments.filter(
        clause__origin=Clause.Origin.FEDERAL_MANDATORY, disposition__in=TAKEN_UP
    )
    return Finding.of(accepted.order_by("code").values_list("code", flat=True))


def the_text_voted_is_the_text_of_the_version(matter: Matter) -> Finding:
    """CHK-08. The version is hashed anew, and compared with the ballots on whole and clauses."""
    version = version_of(matter)
    if version is None or version.adopted_in is None:
        return Finding.missing("version")
    clauses = list(version.clauses.select_related("wording__clause").order_by("position"))
    wrong = [clause.number or clause.kind for clause in clauses if not _as_voted(clause)]
    digest = canonical.combined_sha256([clause.sha256 for clause in clauses])
    if not digest == version.text_sha256 == version.adopted_in.text_sha256:
        wrong.append(version.label)
    return Finding.of(wrong)


def _as_voted(clause: VersionClause) -> bool:
    digest = canonical.wording_sha256(
        number=clause.number, text_ru=clause.text_ru, text_en=clause.text_en, terms=clause.terms
    )
    wording = clause.wording
    if wording is None or not digest == clause.sha256 == wording.sha256:
        return False
    agreed_in = wording.clause.agreed_in
    if agreed_in is None:
        return wording.clause.is_mirror
    voted = QuestionWording.objects.filter(question__ballot=agreed_in, wording=wording)
    return voted.exists()


def a_sub_amendment_was_voted_not_later_than_its_amendment(matter: Matter) -> Finding:
    """CHK-10."""
    children = matter.amendments.filter(parent__isnull=False).select_related("parent")
    return Finding.of(
        child.code
        for child in children.order_by("code")
        if child.parent is not None and _voted_after(child, child.parent)
    )


def _voted_after(child: Amendment, parent: Amendment) -> bool:
    if parent.decided_at is None:
        return False
    return child.decided_at is None or child.decided_at > parent.decided_at


def points_add_up_to_a_hundred(matter: Matter) -> Finding:
    """CHK-15. The passport of the module is part of the text."""
    module = _module(matter)
    outcomes = module.get("learning_outcomes", [])
    if not outcomes:
        return Finding.missing("learning outcomes")
    points = sum(outcome["max_points"] for outcome in outcomes)
    return Finding(passed=points == FULL_MARKS, detail=(str(points),))


def _module(matter: Matter) -> dict[str, Any]:
    version = version_of(matter)
    frames: QuerySet[Any, Any]
    if version is not None:
        frames = version.clauses.filter(kind=Clause.Kind.PREAMBLE).values_list("terms", flat=True)
    else:
        frames = (
            Clause.objects.of_matter(matter)
            .filter(kind=Clause.Kind.PREAMBLE)
            .values_list("current_wording__terms", flat=True)
        )
    terms = frames.order_by("pk").first()
    found: dict[str, Any] = (terms or {}).get("module", {})
    return found


def references_resolve(matter: Matter) -> Finding:
    """CHK-16. What no foreign key holds: ids in entries, in topics, in frozen lists."""
    people = set(Person.objects.values_list("uid", flat=True))
    organisations = set(Organisation.objects.values_list("code", flat=True))
    topics = {matter.uid, *Clause.objects.of_matter(matter).values_list("uid", flat=True)}
    return Finding.of(
        dict.fromkeys(
            [
                *(f"person {uid}" for uid in _people_named(matter) if uid not in people),
                *(
                    f"organisation {code}"
                    for code in _organisations_named(matter)
                    if code not in organisations
                ),
                *(f"clause {uid}" for uid in _topics_named(matter) if uid not in topics),
            ]
        )
    )


def _people_named(matter: Matter) -> Iterator[UUID]:
    acts = Entry.objects.of_stream(matter.stream).order_by("pk")
    yield from (uid for uid in acts.values_list("actor_uid", flat=True) if uid is not None)
    for rows in CommentSummary.objects.filter(matter=matter).values_list("rows", flat=True):
        yield from (UUID(row["author"]) for row in rows)


def _organisations_named(matter: Matter) -> Iterable[str]:
    module = _module(matter)
    base = module.get("base_organisation")
    return [*([base] if base else []), *module.get("partners", [])]


def _topics_named(matter: Matter) -> Iterator[UUID]:
    for topics in Ballot.objects.filter(question__matter=matter).values_list("topics", flat=True):
        yield from topics
    declared = ConflictDeclaration.objects.filter(body=matter.body)
    for topics in declared.values_list("topics", flat=True):
        yield from topics


def version_of(matter: Matter) -> RequirementVersion | None:
    """Return the latest version that came out of the matter."""
    versions = RequirementVersion.objects.filter(requirement_set__matter=matter)
    return versions.select_related("adopted_in").order_by("-pk").first()
