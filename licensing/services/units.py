"""The units whose visas the approving official needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from audit.services import record
from calendars.domain import day_of
from governance import authority
from governance.authority import Action
from governance.models import Body
from licensing import acts, refusals
from licensing.models import VisaUnit

if TYPE_CHECKING:
    from datetime import date, datetime

    from accounts.models import Person


@transaction.atomic
def register_visa_unit(
    *,
    body: Body,
    name_ru: str,
    name_en: str,
    officer: Person,
    valid_from: date,
    actor: Person,
    at: datetime,
) -> VisaUnit:
    """Register a unit and the officer who gives its visa.

    Versions submitted on or after `valid_from` need it; those submitted before do not.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
    """
    body = Body.objects.select_for_update().get(pk=body.pk)
    evidence = authority.require(actor, Action.KEEP, body=body, at=at)
    last = VisaUnit.objects.filter(body=body).aggregate(last=Max("position"))["last"] or 0
    unit = VisaUnit(
        body=body,
        position=last + 1,
        name_ru=name_ru.strip(),
        name_en=name_en.strip(),
        officer=officer,
        valid_from=valid_from,
    )
    unit.full_clean()
    unit.save()
    record(
        type=acts.VISA_UNIT_REGISTERED,
        actor=actor,
        at=at,
        stream=body.stream,
        subject=unit,
        authority=evidence,
        facts={
            "unit": unit.uid,
            "body": body.uid,
            "officer": officer.uid,
            "valid_from": valid_from,
        },
    )
    return unit


@transaction.atomic
def replace_visa_officer(
    *, unit: VisaUnit, officer: Person, actor: Person, at: datetime
) -> VisaUnit:
    """Let another person give the unit's visa. Visas given before stay.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        SameOfficer: the person is the officer already.
        UnitIsClosed: the unit gives no visas any more.
    """
    unit = _lock(unit)
    evidence = authority.require(actor, Action.KEEP, body=unit.body, at=at)
    _require_serving(unit, at)
    if unit.officer_id == officer.pk:
        raise refusals.SameOfficer

    former = unit.officer
    unit.officer = officer
    unit.save(update_fields=["officer"])
    record(
        type=acts.VISA_OFFICER_REPLACED,
        actor=actor,
        at=at,
        stream=unit.body.stream,
        subject=unit,
        authority=evidence,
        facts={"unit": unit.uid, "officer": officer.uid, "former_officer": former.uid},
    )
    return unit


@transaction.atomic
def close_visa_unit(*, unit: VisaUnit, valid_to: date, actor: Person, at: datetime) -> VisaUnit:
    """Say from which day on the unit is not asked any more. What it was asked stays asked.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        UnitIsClosed: it was closed already.
    """
    unit = _lock(unit)
    evidence = authority.require(actor, Action.KEEP, body=unit.body, at=at)
    if unit.valid_to is not None:
        raise refusals.UnitIsClosed
    unit.valid_to = valid_to
    unit.full_clean()
    unit.save(update_fields=["valid_to"])
    record(
        type=acts.VISA_UNIT_CLOSED,
        actor=actor,
        at=at,
        stream=unit.body.stream,
        subject=unit,
        authority=evidence,
        facts={"unit": unit.uid, "valid_to": valid_to},
    )
    return unit


def _lock(unit: VisaUnit) -> VisaUnit:
    return (
        VisaUnit.objects.select_for_update(of=("self",))
        .select_related("body", "officer")
        .get(pk=unit.pk)
    )


def _require_serving(unit: VisaUnit, at: datetime) -> None:
    if unit.valid_to is not None and unit.valid_to <= day_of(at):
        raise refusals.UnitIsClosed
