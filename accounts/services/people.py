"""Who is known here, and under which name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

import audit.services
from accounts import acts
from accounts.models import Person, PersonName
from accounts.services._authority import require_administrator, require_keeper
from accounts.services._rows import (
    address_of,
    day_of,
    lock,
    new_person,
    record,
    save_address,
    tidy,
)
from audit.acts import NotADemonstration

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping


@transaction.atomic
def register_person(
    *,
    name_ru: str,
    name_en: str,
    email: str | None,
    actor: Person,
    at: datetime.datetime,
    language: str = Person.Language.RUSSIAN,
) -> Person:
    """Make a person known here: able to hold a seat, not yet able to sign in.

    Raises:
        AddressTaken: another person has this address.
        NotAuthorised: the actor keeps no list of people.
    """
    authority = require_keeper(actor)
    person = new_person(
        name_ru=name_ru,
        name_en=name_en,
        email=email,
        language=language,
        state=Person.State.REGISTERED,
        is_staff=False,
        is_demonstration=False,
        at=at,
    )
    _record_registration(person, actor=actor, at=at, authority=authority)
    return person


@transaction.atomic
def register_demonstration_person(
    *, name_ru: str, name_en: str, actor: Person, at: datetime.datetime
) -> Person:
    """Register somebody fictional, as whom every visitor of a demonstration may sign in.

    Raises:
        NotADemonstration: this installation is a real one.
        NotAuthorised: the actor keeps no list of people.
    """
    authority = require_keeper(actor)
    if not audit.services.is_demonstration():
        raise NotADemonstration
    person = new_person(
        name_ru=name_ru,
        name_en=name_en,
        email=None,
        language=Person.Language.RUSSIAN,
        state=Person.State.ACTIVE,
        is_staff=False,
        is_demonstration=True,
        at=at,
    )
    _record_registration(person, actor=actor, at=at, authority=authority)
    return person


@transaction.atomic
def rename_person(
    *,
    person: Person,
    name_ru: str,
    name_en: str,
    valid_from: datetime.date,
    actor: Person,
    at: datetime.datetime,
) -> PersonName:
    """Give a person a new name from a day on; earlier papers keep showing the earlier one.

    Raises:
        NameAlreadyBorne: the day is not after the beginning of the present name, or is
            still to come.
        NothingChanges: this is the present name.
        NotAuthorised: the actor keeps no list of people.
    """
    person = lock(person)
    authority = require_keeper(actor)
    name_ru, name_en = tidy(name_ru), tidy(name_en)
    if (name_ru, name_en) == (person.name_ru, person.name_en):
        raise acts.NothingChanges
    present = person.names.get(valid_to=None)
    if not present.valid_from < valid_from <= day_of(at):
        raise acts.NameAlreadyBorne(valid_from=present.valid_from.strftime("%d.%m.%Y"))

    present.valid_to = valid_from
    present.save(update_fields=["valid_to"])
    name = PersonName.objects.create(
        person=person, name_ru=name_ru, name_en=name_en, valid_from=valid_from
    )
    person.name_ru, person.name_en = name_ru, name_en
    person.save(update_fields=["name_ru", "name_en"])
    record(
        acts.PERSON_RENAMED,
        person,
        actor=actor,
        at=at,
        facts={"valid_from": valid_from},
        authority=authority,
    )
    return name


@transaction.atomic
def change_address(
    *, person: Person, email: str | None, actor: Person, at: datetime.datetime
) -> Person:
    """Give a person another e-mail address, or none.

    An address opens the account to whoever reads its mail, so that of somebody who can sign
    in is changed by administrators only. A sent invitation ends with the old address.

    Raises:
        AddressTaken: another person has this address.
        AddressMissing: somebody who signs in by address cannot be left without.
        NothingChanges: this is the present address.
        NotAuthorised: the actor may not.
    """
    person = lock(person)
    is_active = person.state == Person.State.ACTIVE
    authority = require_administrator(actor) if is_active else require_keeper(actor)
    email = address_of(email)
    if email == person.email:
        raise acts.NothingChanges
    if email is None and is_active and not person.is_demonstration:
        raise acts.AddressMissing(person=person)
    person.email = email
    if person.state == Person.State.INVITED:
        person.state, person.invited_at = Person.State.REGISTERED, None
    save_address(person, ["email", "state", "invited_at"])
    record(
        acts.ADDRESS_CHANGED,
        person,
        actor=actor,
        at=at,
        facts={"has_address": email is not None},
        authority=authority,
    )
    return person


@transaction.atomic
def choose_language(*, person: Person, language: str, at: datetime.datetime) -> Person:
    """Let a person choose the language of their pages and mail.

    Raises:
        NothingChanges: it is the present one.
        ValueError: there is no such language here.
    """
    person = lock(person)
    if language not in Person.Language.values:
        raise ValueError(f"{language} is not a language of this installation")
    if language == person.language:
        raise acts.NothingChanges
    person.language = language
    person.save(update_fields=["language"])
    record(acts.LANGUAGE_CHOSEN, person, actor=person, at=at, facts={"language": language})
    return person


def _record_registration(
    person: Person, *, actor: Person, at: datetime.datetime, authority: Mapping[str, str]
) -> None:
    """Write the entry of a registration."""
    record(
        acts.PERSON_REGISTERED,
        person,
        actor=actor,
        at=at,
        facts={
            "state": person.state,
            "demonstration": person.is_demonstration,
            "has_address": person.email is not None,
        },
        authority=authority,
    )
