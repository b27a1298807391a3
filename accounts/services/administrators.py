"""Who administers people and the installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

import audit.services
from accounts import acts, grants
from accounts.models import Person
from accounts.services._authority import refuse_last_administrator, require_administrator
from accounts.services._rows import lock, new_person, record

if TYPE_CHECKING:
    import datetime


@transaction.atomic
def create_first_administrator(
    *,
    name_ru: str,
    name_en: str,
    email: str,
    password: str,
    at: datetime.datetime,
    language: str = Person.Language.RUSSIAN,
) -> Person:
    """Create the person who opens an empty installation and registers everybody else.

    The one act without somebody who is authorised, so it is possible once: while nobody
    is registered. In a demonstration this person belongs to the demonstration.

    Raises:
        FirstAdministratorExists: somebody is registered.
    """
    with connection.cursor() as cursor:
        # There is no row to lock yet; two browsers must not both find the table empty.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["accounts.first"])
    if Person.objects.exists():
        raise acts.FirstAdministratorExists
    person = new_person(
        name_ru=name_ru,
        name_en=name_en,
        email=email,
        language=language,
        state=Person.State.ACTIVE,
        is_staff=True,
        is_demonstration=audit.services.is_demonstration(),
        at=at,
    )
    person.set_password(password)
    person.save(update_fields=["password"])
    grants.grant(person, grants.ADMINISTER)
    record(
        acts.FIRST_ADMINISTRATOR_CREATED,
        person,
        actor=person,
        at=at,
        facts={"permission": grants.ADMINISTER},
        authority={"basis": "empty_installation"},
    )
    return person


@transaction.atomic
def appoint_administrator(*, person: Person, actor: Person, at: datetime.datetime) -> Person:
    """Let a person administer people and the installation.

    Raises:
        AlreadyAdministrator: they do already.
        PersonIsNotActive: somebody who cannot sign in cannot administer.
        NotAuthorised: the actor is not an administrator.
    """
    person = lock(person)
    authority = require_administrator(actor)
    if person.state != Person.State.ACTIVE:
        raise acts.PersonIsNotActive(person=person)
    if grants.may(person, grants.ADMINISTER):
        raise acts.AlreadyAdministrator(person=person)
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    grants.grant(person, grants.ADMINISTER)
    record(
        acts.ADMINISTRATOR_APPOINTED,
        person,
        actor=actor,
        at=at,
        facts={"permission": grants.ADMINISTER},
        authority=authority,
    )
    return person


@transaction.atomic
def dismiss_administrator(*, person: Person, actor: Person, at: datetime.datetime) -> Person:
    """Take the administration back from a person.

    Raises:
        NotAnAdministrator: they have none.
        LastAdministrator: nobody could administer afterwards.
        NotAuthorised: the actor is not an administrator.
    """
    person = lock(person)
    authority = require_administrator(actor)
    if not grants.holders(grants.ADMINISTER).filter(pk=person.pk).exists():
        raise acts.NotAnAdministrator(person=person)
    refuse_last_administrator(person)
    person.is_staff = False
    person.save(update_fields=["is_staff"])
    grants.revoke(person, grants.ADMINISTER)
    record(
        acts.ADMINISTRATOR_DISMISSED,
        person,
        actor=actor,
        at=at,
        facts={"permission": grants.ADMINISTER},
        authority=authority,
    )
    return person
