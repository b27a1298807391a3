"""The order: the approving official approves the text voted, or returns it once with reasons.

Nobody edits here. There is no argument for a text, only for the digest of the text that was
read; if it is not that of the vote, nothing happens (B2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from calendars import russia
from calendars.domain import CalendarNotKnown, day_of
from licensing import acts, refusals, selectors
from licensing.models import (
    ApprovalReturn,
    RequirementVersion,
    ReturnReason,
    VersionClause,
)
from licensing.services import standing
from negotiation import services as negotiation
from negotiation.models import Clause, Matter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class ClauseReason:
    """Why one clause of a version is returned."""

    clause: VersionClause
    reason_ru: str
    reason_en: str = ""


@transaction.atomic
def approve_version(
    *,
    version: RequirementVersion,
    order_number: str,
    order_text_sha256: str,
    actor: Person,
    at: datetime,
) -> RequirementVersion:
    """Approve the version by order, unchanged.

    Raises:
        NotAuthorised: the actor is not the approving official, or spoke for a side (G4).
        NotAwaitingOrder: the version was approved or returned already.
        NotTheVotedText: the order is on another text; nothing changes (B2).
        VisasMissing: a unit has not said yes to this very text.
        OrderNumberMissing: an order has a number.
    """
    version = standing.lock_version(version)
    requirement_set = version.requirement_set
    evidence = standing.approver(actor, requirement_set, at)
    _require_awaiting(version)
    if order_text_sha256 != version.text_sha256:
        raise refusals.NotTheVotedText(given=order_text_sha256[:12], voted=version.text_sha256[:12])
    if not order_number.strip():
        raise refusals.OrderNumberMissing
    if missing := [
        line.unit for line in selectors.approval_sheet(version) if not line.is_in_favour
    ]:
        raise refusals.VisasMissing(units=", ".join(unit.name_ru for unit in missing))

    version.state = RequirementVersion.State.APPROVED
    version.approved_by = actor
    version.approved_at = at
    version.order_number = order_number.strip()
    version.order_text_sha256 = order_text_sha256
    version.save(
        update_fields=[
            "state",
            "approved_by",
            "approved_at",
            "order_number",
            "order_text_sha256",
        ]
    )
    negotiation.follow_effect(
        matter=_matter_of(version), state=Matter.State.APPROVED, actor=actor, at=at
    )
    record(
        type=acts.VERSION_APPROVED,
        actor=actor,
        at=at,
        stream=standing.stream_of(requirement_set),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "text_sha256": version.text_sha256,
            "order_sha256": digest(version.order_number),
            "working_days": _working_days(version, at),
        },
    )
    return version


@transaction.atomic
def return_version(
    *,
    version: RequirementVersion,
    ground: ApprovalReturn.Ground | str,
    reasons: Sequence[ClauseReason],
    actor: Person,
    at: datetime,
) -> ApprovalReturn:
    """Return the text to the table: once, on a closed ground, with a reason for each clause.

    Only the clauses named come back. All others keep their wording and their ballot.

    Raises:
        NotAuthorised: the actor is not the approving official, or spoke for a side (G4).
        NotAwaitingOrder: the version was approved or returned already.
        AlreadyReturned: this text comes from the table for the second time.
        UnknownGround: the ground is not one of the closed list (G5).
        ReasonsMissing: no clause is named, one twice, or one without its reason (G5).
        ForeignRow: a clause of another version.
        MirrorCannotBeReturned: the table cannot change what federal law says.
    """
    version = standing.lock_version(version)
    requirement_set = version.requirement_set
    evidence = standing.approver(actor, requirement_set, at)
    _require_awaiting(version)
    if version.resubmission_of_id is not None:
        raise refusals.AlreadyReturned
    if ground not in ApprovalReturn.Ground.values:
        raise refusals.UnknownGround
    _require_reasons(version, reasons)

    approval_return = ApprovalReturn.objects.create(
        version=version, ground=ground, returned_by=actor, returned_at=at
    )
    ReturnReason.objects.bulk_create(
        ReturnReason(
            approval_return=approval_return,
            clause=reason.clause,
            reason_ru=reason.reason_ru.strip(),
            reason_en=reason.reason_en.strip(),
        )
        for reason in reasons
    )
    version.state = RequirementVersion.State.RETURNED
    version.save(update_fields=["state"])
    negotiation.reopen_clauses(
        matter=_matter_of(version), clauses=_negotiated(reasons), actor=actor, at=at
    )
    record(
        type=acts.VERSION_RETURNED,
        actor=actor,
        at=at,
        stream=standing.stream_of(requirement_set),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "approval_return": approval_return.uid,
            "ground": approval_return.ground,
            "clauses": [reason.clause.sha256 for reason in reasons],
            "reasons_sha256": [digest(reason.reason_ru.strip()) for reason in reasons],
            "working_days": _working_days(version, at),
        },
    )
    return approval_return


def _require_awaiting(version: RequirementVersion) -> None:
    if version.state != RequirementVersion.State.LEGAL_REVIEW:
        raise refusals.NotAwaitingOrder(state=version.get_state_display())


def _require_reasons(version: RequirementVersion, reasons: Sequence[ClauseReason]) -> None:
    """Demand one reason for each of at least one clause of this version."""
    if not reasons or any(not reason.reason_ru.strip() for reason in reasons):
        raise refusals.ReasonsMissing
    if len({reason.clause.pk for reason in reasons}) != len(reasons):
        raise refusals.ReasonsMissing
    for reason in reasons:
        if reason.clause.version_id != version.pk or reason.clause.wording_id is None:
            raise refusals.ForeignRow
        if reason.clause.origin == Clause.Origin.FEDERAL_MANDATORY:
            raise refusals.MirrorCannotBeReturned(number=reason.clause.number)


def _negotiated(reasons: Sequence[ClauseReason]) -> list[Clause]:
    """Return the clauses of the table from which the returned ones were copied."""
    wordings = [reason.clause.wording_id for reason in reasons]
    return list(Clause.objects.filter(wordings__in=wordings).in_order())


def _matter_of(version: RequirementVersion) -> Matter:
    """Return the matter of a version that awaits an order: only negotiated ones do."""
    matter = version.requirement_set.matter
    if matter is None:
        raise refusals.SetHasNoMatter
    return matter


def _working_days(version: RequirementVersion, at: datetime) -> int:
    """Return how many working days the order took."""
    if version.submitted_at is None:
        raise refusals.NotAwaitingOrder(state=version.get_state_display())
    try:
        return russia().working_days_between(day_of(version.submitted_at), day_of(at))
    except CalendarNotKnown as unknown:
        raise refusals.CalendarIsNotKnown(year=unknown.year) from unknown
