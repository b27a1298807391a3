"""The comment period: proposals, their admission and sponsors, conclusions, the summary.

The file dates filing and the summary. The secretary checks admissibility in the afternoon of the
day of filing, sides sponsor on the last day of sub-amendments, and conclusions are proposed in
the morning of the day of the summary.
"""

from __future__ import annotations

from datetime import datetime, time
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import governance.services as governance
import negotiation.services as negotiation
from demonstration.player.sides import coordinator_of, other_seats
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage, meant
from demonstration.timeline import Timeline
from governance.models import ConflictDeclaration
from negotiation.models import Amendment

AFTERNOON = time(15, 0)
MORNING = time(9, 30)

CONSULTATIVE = "CONSULT"
WHOLE_TEXT = "*"
BY_ADMISSIBILITY = "admissibility_check"
BY_SUMMARY = "summary"

#: What a rapporteur can propose; what only later acts bring about is proposed for conciliation.
PROPOSALS = {
    "accepted": Amendment.Proposal.ACCEPTED,
    "accepted_partly": Amendment.Proposal.ACCEPTED_PARTLY,
    "rejected": Amendment.Proposal.REJECTED,
    "taken_note": Amendment.Proposal.TAKEN_NOTE,
    "not_agreed": Amendment.Proposal.TO_CONCILIATION,
    "withdrawn": Amendment.Proposal.TO_CONCILIATION,
}
KINDS = {kind.upper(): Amendment.Kind(kind) for kind in Amendment.Kind.values}
DECISIONS = {str(d): d for d in ConflictDeclaration.Decision.values}


def add(timeline: Timeline, source: Source) -> None:
    """Add conflicts of interest and the comment period, up to its summary."""
    for conflict in source.inputs["conflicts_of_interest"]:
        _add_conflict(timeline, source, conflict)
    for amendment in source.inputs["negotiation"]["amendments"]:
        _add_filing(timeline, source, amendment)
    _add_summary(timeline, source)


def _add_conflict(timeline: Timeline, source: Source, conflict: dict[str, Any]) -> None:
    timeline.add(
        source.on(conflict["declared_on"]),
        "declare_conflict",
        conflict["id"],
        partial(declare_conflict, source=source, conflict=conflict),
    )
    if conflict.get("decision"):
        timeline.add(
            source.on(conflict["declared_on"], AFTERNOON),
            "decide_conflict",
            conflict["id"],
            partial(decide_conflict, source=source, conflict=conflict),
        )


def _add_filing(timeline: Timeline, source: Source, amendment: dict[str, Any]) -> None:
    filed_on = amendment["filed_on"]
    timeline.add(
        source.on(filed_on),
        "file_amendment",
        amendment["id"],
        partial(file_amendment, amendment=amendment),
    )
    if amendment["decided_in"] == BY_ADMISSIBILITY:
        code, deed = "refuse_admission", refuse_admission
    else:
        code, deed = "admit_amendment", admit_amendment
    timeline.add(
        source.on(filed_on, AFTERNOON),
        code,
        amendment["id"],
        partial(deed, source=source, amendment=amendment),
    )


def _add_summary(timeline: Timeline, source: Source) -> None:
    period = source.inputs["negotiation"]["comment_period"]
    summary = source.inputs["comment_summary"]
    last_day = period.get("sub_amendments_until") or period["to"]
    amendments = source.inputs["negotiation"]["amendments"]
    for amendment in amendments:
        if amendment.get("sponsored_by"):
            timeline.add(
                source.on(last_day, AFTERNOON),
                "sponsor_amendment",
                amendment["id"],
                partial(sponsor_amendment, source=source, amendment=amendment),
            )
    for amendment in amendments:
        if amendment["decided_in"] != BY_ADMISSIBILITY:
            timeline.add(
                source.on(summary["prepared_on"], MORNING),
                "propose_disposition",
                amendment["id"],
                partial(propose_disposition, source=source, amendment=amendment),
            )
    timeline.add(
        source.on(summary["prepared_on"]),
        "prepare_summary",
        source.inputs["requirement_set"]["versions"][0]["version"],
        partial(prepare_summary, source=source),
    )


def declare_conflict(
    stage: Stage, at: datetime, *, source: Source, conflict: dict[str, Any]
) -> None:
    """Declare an interest; where the basis names the secretary, the secretary brings it up."""
    by_secretary = "секретар" in conflict.get("decision_basis_ru", "")
    declarant = source.inputs["body"]["secretary"] if by_secretary else conflict["person"]
    governance.declare_conflict(
        seat=stage.seat(_seat_of(source, conflict["person"])),
        topics=[stage.clause(number).uid for number in conflict["clauses"]],
        grounds_ru=conflict["ru"],
        grounds_en=conflict["en"],
        actor=stage.person(declarant),
        at=at,
    )


def decide_conflict(
    stage: Stage, at: datetime, *, source: Source, conflict: dict[str, Any]
) -> None:
    """Decide on an interest: another member of the side does."""
    seat = stage.seat(_seat_of(source, conflict["person"]))
    declaration = ConflictDeclaration.objects.undecided().filter(seat=seat).order_by("-pk").first()
    if declaration is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "conflict"), id=conflict["id"])
    side = seat.side.code
    speaker = coordinator_of(source, side)
    others = [speaker, *(s["person"] for s in other_seats(source, side))]
    decider = next(person for person in others if person != conflict["person"])
    governance.decide_conflict(
        declaration=declaration,
        decision=meant(DECISIONS, conflict["decision"], "decision"),
        basis_ru=conflict.get("decision_basis_ru", ""),
        basis_en=conflict.get("decision_basis_en", ""),
        actor=stage.person(decider),
        at=at,
    )


def file_amendment(stage: Stage, at: datetime, *, amendment: dict[str, Any]) -> None:
    """File a proposal."""
    kind = meant(KINDS, amendment["kind"], "kind")
    parent, side, number = amendment.get("parent_amendment"), amendment["side"], amendment["clause"]
    adds = kind == Amendment.Kind.ADD_CLAUSE
    on_text = adds or parent or number == WHOLE_TEXT
    negotiation.file_amendment(
        matter=stage.matter,
        code=amendment["id"],
        kind=kind,
        side=None if side == CONSULTATIVE else stage.side(side),
        clause=None if on_text else stage.clause(number),
        parent=stage.amendment(parent) if parent else None,
        proposed_number=number if adds else "",
        proposal_ru=amendment["proposal_ru"],
        proposal_en=amendment["proposal_en"],
        reason_ru=amendment["reason_ru"],
        reason_en=amendment["reason_en"],
        on_behalf_of=amendment.get("on_behalf_of", "") if side == CONSULTATIVE else "",
        actor=stage.person(amendment["author"]),
        at=at,
    )


def admit_amendment(
    stage: Stage, at: datetime, *, source: Source, amendment: dict[str, Any]
) -> None:
    """Admit a proposal after the check."""
    negotiation.admit_amendment(
        amendment=stage.amendment(amendment["id"]),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def refuse_admission(
    stage: Stage, at: datetime, *, source: Source, amendment: dict[str, Any]
) -> None:
    """Answer that a proposal is not admitted, on a ground from the list."""
    row = stage.amendment(amendment["id"])
    mirrors = row.clause is not None and row.clause.is_mirror
    negotiation.refuse_admission(
        amendment=row,
        ground=(
            Amendment.Inadmissibility.FEDERAL_MIRROR
            if mirrors
            else Amendment.Inadmissibility.OUTSIDE_SCOPE
        ),
        reason_ru=amendment["disposition_reason_ru"],
        reason_en=amendment["disposition_reason_en"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def sponsor_amendment(
    stage: Stage, at: datetime, *, source: Source, amendment: dict[str, Any]
) -> None:
    """Put a side behind the proposal of a consultative voice."""
    side = amendment["sponsored_by"]
    negotiation.sponsor_amendment(
        amendment=stage.amendment(amendment["id"]),
        side=stage.side(side),
        actor=stage.person(coordinator_of(source, side)),
        at=at,
    )


def propose_disposition(
    stage: Stage, at: datetime, *, source: Source, amendment: dict[str, Any]
) -> None:
    """Propose a conclusion with its ground."""
    negotiation.propose_disposition(
        amendment=stage.amendment(amendment["id"]),
        disposition=meant(PROPOSALS, amendment["disposition"], "disposition"),
        reason_ru=amendment["disposition_reason_ru"],
        reason_en=amendment["disposition_reason_en"],
        actor=stage.person(source.inputs["comment_summary"]["prepared_by"]),
        at=at,
    )


def prepare_summary(stage: Stage, at: datetime, *, source: Source) -> None:
    """Freeze the summary; what no side wants to vote on is decided with it."""
    negotiation.prepare_summary(
        matter=stage.matter,
        without_objection=[
            stage.amendment(a["id"])
            for a in source.inputs["negotiation"]["amendments"]
            if a["decided_in"] == BY_SUMMARY
        ],
        actor=stage.person(source.inputs["comment_summary"]["prepared_by"]),
        at=at,
    )


def _seat_of(source: Source, person: str) -> str:
    """Return the seat that a person of the file holds."""
    for side in source.inputs["body"]["sides"]:
        for seat in side["seats"]:
            if seat["person"] == person:
                return str(seat["seat"])
    raise UnknownReference(kind=pgettext_lazy("reference", "seat of"), id=person)
