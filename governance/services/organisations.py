"""Organisations and who belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

import audit.services
from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import Action, require
from governance.models import Affiliation, Organisation, OrganisationName

from ._rows import checked, lock, refusing, tidy, update

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from typing import Any

    from accounts.models import Person
    from governance.authority import Evidence


@transaction.atomic
def register_organisation(
    *,
    code: str,
    kind: str,
    name_ru: str,
    name_en: str = "",
    town: str = "",
    affiliation_group: str = "",
    is_fictional: bool = False,
    actor: Person,
    at: datetime.datetime,
) -> Organisation:
    """Make an organisation known here, under its name from today on.

    Raises:
        CodeTaken: another organisation has this code.
        NotAuthorised: the actor is neither a secretary nor an administrator.
        ValidationError: a field is wrong.
    """
    evidence = require(actor, Action.KEEP, body=None, at=at)
    organisation = checked(
        Organisation(
            code=tidy(code),
            kind=kind,
            town=tidy(town),
            affiliation_group=tidy(affiliation_group),
            is_fictional=is_fictional,
            name_ru=tidy(name_ru),
            name_en=tidy(name_en),
        ),
        *("code", "kind", "town", "affiliation_group", "name_ru", "name_en"),
    )
    taken = refusals.CodeTaken(code=organisation.code)
    with refusing({"governance_organisation_code_key": taken}):
        organisation.save()
    OrganisationName.objects.create(
        organisation=organisation,
        name_ru=organisation.name_ru,
        name_en=organisation.name_en,
        valid_from=day_of(at),
    )
    facts = {"kind": kind, "fictional": is_fictional, "valid_from": day_of(at)}
    _record(
        acts.ORGANISATION_REGISTERED,
        organisation,
        about=organisation,
        actor=actor,
        at=at,
        facts=facts,
        authority=evidence,
    )
    return organisation


@transaction.atomic
def rename_organisation(
    *,
    organisation: Organisation,
    name_ru: str,
    name_en: str = "",
    valid_from: datetime.date,
    actor: Person,
    at: datetime.datetime,
) -> OrganisationName:
    """Give an organisation a new name from a day on; earlier papers keep the earlier one.

    Raises:
        PeriodOverlaps: the day is not after the beginning of the present name, or is
            still to come.
        NotAuthorised: the actor is neither a secretary nor an administrator.
    """
    organisation = lock(organisation)
    evidence = require(actor, Action.KEEP, body=None, at=at)
    present = organisation.names.get(valid_to=None)
    if not present.valid_from < valid_from <= day_of(at):
        raise refusals.PeriodOverlaps

    update(present, valid_to=valid_from)
    name = checked(
        OrganisationName(
            organisation=organisation,
            name_ru=tidy(name_ru),
            name_en=tidy(name_en),
            valid_from=valid_from,
        ),
        *("name_ru", "name_en"),
    )
    name.save()
    update(organisation, name_ru=name.name_ru, name_en=name.name_en)
    facts = {"valid_from": valid_from}
    _record(
        acts.ORGANISATION_RENAMED,
        organisation,
        about=organisation,
        actor=actor,
        at=at,
        facts=facts,
        authority=evidence,
    )
    return name


@transaction.atomic
def affiliate(
    *,
    person: Person,
    organisation: Organisation | None,
    position_ru: str,
    position_en: str = "",
    valid_from: datetime.date,
    valid_to: datetime.date | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Affiliation:
    """Note where a person works and as what; without an organisation, what the person is.

    Raises:
        PeriodIsEmpty: the period ends before it begins.
        PeriodOverlaps: the person already has a position there on these days.
        NotAuthorised: the actor is neither a secretary nor an administrator.
    """
    person = lock(person)
    evidence = require(actor, Action.KEEP, body=None, at=at)
    if valid_to is not None and valid_to <= valid_from:
        raise refusals.PeriodIsEmpty
    affiliation = checked(
        Affiliation(
            person=person,
            organisation=organisation,
            position_ru=tidy(position_ru),
            position_en=tidy(position_en),
            valid_from=valid_from,
            valid_to=valid_to,
        ),
        *("position_ru", "position_en"),
    )
    overlap = "a_person_holds_one_position_in_an_organisation_at_a_time"
    with refusing({overlap: refusals.PeriodOverlaps()}):
        affiliation.save()
    facts = {
        "person": person.uid,
        "organisation": organisation.uid if organisation else None,
        "valid_from": valid_from,
        "valid_to": valid_to,
    }
    _record(
        acts.PERSON_AFFILIATED,
        affiliation,
        about=person,
        actor=actor,
        at=at,
        facts=facts,
        authority=evidence,
    )
    return affiliation


@transaction.atomic
def end_affiliation(
    *, affiliation: Affiliation, valid_to: datetime.date, actor: Person, at: datetime.datetime
) -> Affiliation:
    """Note that a person left a position; `valid_to` is the first day without it.

    Raises:
        PeriodIsEmpty: the position had not begun, or had ended before.
        NotAuthorised: the actor is neither a secretary nor an administrator.
    """
    affiliation = lock(affiliation)
    evidence = require(actor, Action.KEEP, body=None, at=at)
    ended = affiliation.valid_to is not None and affiliation.valid_to <= valid_to
    if ended or valid_to <= affiliation.valid_from:
        raise refusals.PeriodIsEmpty
    update(affiliation, valid_to=valid_to)
    facts = {
        "person": affiliation.person.uid,
        "organisation": affiliation.organisation.uid if affiliation.organisation else None,
        "valid_to": valid_to,
    }
    person = affiliation.person
    _record(
        acts.AFFILIATION_ENDED,
        affiliation,
        about=person,
        actor=actor,
        at=at,
        facts=facts,
        authority=evidence,
    )
    return affiliation


def _record(
    act: str,
    subject: Any,
    *,
    about: Organisation | Person,
    actor: Person,
    at: datetime.datetime,
    facts: Mapping[str, Any],
    authority: Evidence,
) -> None:
    """Write an entry to the stream of the organisation or person it is about."""
    kind = "organisation" if isinstance(about, Organisation) else "person"
    audit.services.record(
        type=act,
        actor=actor,
        at=at,
        stream=f"{kind}:{about.uid}",
        subject=subject,
        facts=facts,
        authority=authority,
    )
