"""The visas of the ministry's units. A visa is for one text: other words need another visa."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from licensing import acts, refusals
from licensing.models import RequirementVersion, Visa, VisaUnit
from licensing.services import standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person


@transaction.atomic
def give_visa(
    *,
    version: RequirementVersion,
    unit: VisaUnit,
    result: Visa.Result | str,
    remark_ru: str,
    remark_en: str,
    text_sha256: str,
    actor: Person,
    at: datetime,
) -> Visa:
    """Say what a unit thinks of the text it has read. A later visa replaces an earlier one.

    Raises:
        NotTheOfficer: the actor does not give this unit's visa.
        NotAwaitingOrder: the version is approved or returned already.
        UnitNotAsked: the unit's visa is not needed.
        TextChanged: the actor read another text (situation 14).
        RemarkMissing, RemarkNotWanted: result and remark contradict each other.
        VisaAlreadyGiven: the unit said exactly this to the same text before.
    """
    version = standing.lock_version(version)
    unit = VisaUnit.objects.select_for_update().get(pk=unit.pk)
    evidence = standing.officer(actor, unit)
    if version.state != RequirementVersion.State.LEGAL_REVIEW:
        raise refusals.NotAwaitingOrder(state=version.get_state_display())
    if not version.visa_requests.filter(unit=unit).exists():
        raise refusals.UnitNotAsked
    if text_sha256 != version.text_sha256:
        raise refusals.TextChanged
    result = Visa.Result(result)
    remark_ru, remark_en = remark_ru.strip(), remark_en.strip()
    _require_fitting_remark(result, remark_ru, remark_en)
    former = version.visas.filter(unit=unit).order_by("-pk").first()
    if former is not None and (former.result, former.remark_ru) == (result, remark_ru):
        raise refusals.VisaAlreadyGiven

    visa = Visa(
        version=version,
        unit=unit,
        person=actor,
        result=result,
        remark_ru=remark_ru,
        remark_en=remark_en,
        text_sha256=version.text_sha256,
        given_at=at,
    )
    visa.full_clean()
    visa.save()
    record(
        type=acts.VISA_GIVEN,
        actor=actor,
        at=at,
        stream=standing.stream_of(version.requirement_set),
        subject=version,
        authority=evidence,
        facts={
            "version": version.uid,
            "unit": unit.uid,
            "visa": visa.uid,
            "result": visa.result,
            "text_sha256": visa.text_sha256,
            "remark_sha256": digest(remark_ru) if remark_ru else None,
        },
    )
    return visa


@transaction.atomic
def answer_remark(
    *, visa: Visa, status: Visa.RemarkStatus | str, actor: Person, at: datetime
) -> Visa:
    """Say what became of a remark. The text cannot change any more: it may be heeded in the order.

    Raises:
        NotAuthorised: the actor is neither the approving official nor the secretary.
        NothingToAnswer: the visa has no remark, or it was answered.
    """
    version = standing.lock_version(visa.version)
    row = Visa.objects.select_for_update().get(pk=visa.pk)
    evidence = standing.keeper_or_approver(actor, version.requirement_set, at)
    if not row.remark_ru or row.remark_status:
        raise refusals.NothingToAnswer

    row.remark_status = Visa.RemarkStatus(status)
    row.save(update_fields=["remark_status"])
    record(
        type=acts.REMARK_ANSWERED,
        actor=actor,
        at=at,
        stream=standing.stream_of(version.requirement_set),
        subject=version,
        authority=evidence,
        facts={"version": version.uid, "visa": row.uid, "status": row.remark_status},
    )
    return row


def _require_fitting_remark(result: Visa.Result, remark_ru: str, remark_en: str) -> None:
    """Demand a remark from every visa but a plain one."""
    if result is Visa.Result.APPROVED and (remark_ru or remark_en):
        raise refusals.RemarkNotWanted
    if result is not Visa.Result.APPROVED and not remark_ru:
        raise refusals.RemarkMissing
