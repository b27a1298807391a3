"""Lock, write and record a person: the steps that all acts on people share."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils import timezone

import audit.services
from accounts import acts
from accounts.models import Person, PersonName

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from audit.models import Entry


def lock(person: Person) -> Person:
    """Return the person's row, locked until the act is committed or undone."""
    locked: Person = Person.objects.select_for_update().get(pk=person.pk)
    return locked


def new_person(
    *,
    name_ru: str,
    name_en: str,
    email: str | None,
    language: str,
    state: str,
    is_staff: bool,
    is_demonstration: bool,
    at: datetime.datetime,
) -> Person:
    """Write a person and the name that they bear from the day of registration."""
    person = Person(
        name_ru=tidy(name_ru),
        name_en=tidy(name_en),
        email=address_of(email),
        language=language,
        state=state,
        is_staff=is_staff,
        is_demonstration=is_demonstration,
        registered_at=at,
    )
    person.set_unusable_password()
    save_address(person)
    PersonName.objects.create(
        person=person, name_ru=person.name_ru, name_en=person.name_en, valid_from=day_of(at)
    )
    return person


def save_address(person: Person, fields: list[str] | None = None) -> None:
    """Save a person whose address may be somebody else's.

    Raises:
        AddressTaken: it is, or has become so at this moment.
    """
    try:
        with transaction.atomic():
            person.save(update_fields=fields)
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        if "email" in (getattr(diagnosis, "constraint_name", None) or ""):
            raise acts.AddressTaken from error
        raise


def record(
    act: str,
    person: Person,
    *,
    actor: Person,
    at: datetime.datetime,
    facts: Mapping[str, Any],
    authority: Mapping[str, str] | None = None,
) -> Entry:
    """Write an entry to the stream of the person it is about."""
    return audit.services.record(
        type=act,
        actor=actor,
        at=at,
        stream=f"person:{person.uid}",
        subject=person,
        facts=facts,
        authority=authority or {"basis": "oneself"},
    )


def day_of(at: datetime.datetime) -> datetime.date:
    """Return the day on which something happened in the installation's time zone."""
    return timezone.localdate(at, timezone.get_default_timezone())


def tidy(text: str) -> str:
    """Write a name in one way: composed characters, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def address_of(email: str | None) -> str | None:
    """Write an address in one way; none is None and never an empty string."""
    return email.strip().lower() or None if email else None
