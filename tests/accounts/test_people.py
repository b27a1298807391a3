from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts import acts, services
from accounts.models import Person, PersonName
from audit.acts import ActRefused, NotADemonstration, NotAuthorised
from audit.models import Entry
from audit.services import mark_demonstration
from tests.connections import at_once

TODAY = date(2026, 3, 27)


def last(person: Person) -> Entry:
    """Return the latest entry about a person."""
    return Entry.objects.of_stream(f"person:{person.uid}").latest("stream_seq")


def refused(refusal: type[ActRefused], act: Callable[..., Any], **arguments: Any) -> ActRefused:
    """See an act refused, and see that it left no trace."""
    entries, people, names = (
        Entry.objects.count(),
        list(Person.objects.order_by("pk").values()),
        list(PersonName.objects.order_by("pk").values()),
    )
    with pytest.raises(refusal) as caught, transaction.atomic():
        act(**arguments)
    assert entries == Entry.objects.count()
    assert people == list(Person.objects.order_by("pk").values())
    assert names == list(PersonName.objects.order_by("pk").values())
    return caught.value


def test_a_person_is_registered(administrator: Person, at: datetime) -> None:
    person = services.register_person(
        name_ru="  Петрова   Анна\u00a0Сергеевна ",
        name_en="Petrova A. S.",
        email=" Petrova@Example.ORG ",
        actor=administrator,
        at=at,
        language="en",
    )

    assert (person.name_ru, person.email, person.language) == (
        "Петрова Анна Сергеевна",
        "petrova@example.org",
        "en",
    )
    assert (person.state, person.is_active, person.is_staff, person.is_superuser) == (
        "registered",
        False,
        False,
        False,
    )
    assert not person.has_usable_password()
    name = person.names.get()
    assert (name.name_ru, name.valid_from, name.valid_to) == (person.name_ru, at.date(), None)


def test_a_registration_is_recorded_without_name_and_address(
    person: Person, administrator: Person, at: datetime
) -> None:
    entry = last(person)

    assert (entry.type, entry.at, entry.actor_uid) == (
        acts.PERSON_REGISTERED,
        at,
        administrator.uid,
    )
    assert entry.facts == {"state": "registered", "demonstration": False, "has_address": True}
    assert entry.authority == {"basis": "permission", "permission": "accounts.administer"}
    leaf = bytes(entry.leaf).decode()
    for secret in ("Петрова", "Petrova", "petrova", "example.org"):
        assert secret not in leaf


def test_only_who_keeps_people_registers(
    administrator: Person, keeper: Person, member: Person, at: datetime
) -> None:
    register = {"name_ru": "Новый Человек", "name_en": "New P.", "email": None, "at": at}

    refused(NotAuthorised, services.register_person, **register, actor=member)
    services.register_person(**register, actor=keeper)
    services.register_person(**register, actor=administrator)

    services.block_person(person=keeper, actor=administrator, at=at)
    keeper.refresh_from_db()
    refused(NotAuthorised, services.register_person, **register, actor=keeper)


def test_two_people_do_not_share_an_address(
    person: Person, administrator: Person, at: datetime
) -> None:
    refused(
        acts.AddressTaken,
        services.register_person,
        name_ru="Другая",
        name_en="Other",
        email="PETROVA@example.org",
        actor=administrator,
        at=at,
    )


@pytest.mark.django_db(transaction=True)
def test_two_desks_cannot_give_one_address_twice(administrator: Person, at: datetime) -> None:
    def register() -> Person:
        return services.register_person(
            name_ru="Другая",
            name_en="Other",
            email="same@example.org",
            actor=administrator,
            at=at,
        )

    results = at_once(register, register)

    assert sorted(type(result).__name__ for result in results) == ["AddressTaken", "Person"]
    assert Person.objects.filter(email="same@example.org").count() == 1


def test_people_without_an_address_are_many(administrator: Person, at: datetime) -> None:
    for _ in range(2):
        services.register_person(
            name_ru="Без Адреса", name_en="None", email="", actor=administrator, at=at
        )

    assert Person.objects.filter(email=None).count() == 2


def test_a_new_name_ends_the_earlier_one(
    person: Person, administrator: Person, at: datetime
) -> None:
    PersonName.objects.filter(person=person).update(valid_from=at.date() - timedelta(days=30))
    since = at.date() - timedelta(days=3)
    name = services.rename_person(
        person=person,
        name_ru="Орлова Анна Сергеевна",
        name_en="Orlova A. S.",
        valid_from=since,
        actor=administrator,
        at=at,
    )

    person.refresh_from_db()
    assert (person.name_ru, person.name_en) == ("Орлова Анна Сергеевна", "Orlova A. S.")
    assert person.names.on(since).get() == name
    assert person.names.on(since - timedelta(days=1)).get().name_ru == "Петрова Анна Сергеевна"
    entry = last(person)
    assert (entry.type, entry.facts) == (acts.PERSON_RENAMED, {"valid_from": since.isoformat()})


def test_a_new_name_is_refused(
    person: Person, administrator: Person, member: Person, at: datetime
) -> None:
    PersonName.objects.filter(person=person).update(valid_from=at.date() - timedelta(days=30))
    rename = {
        "person": person,
        "name_ru": "Орлова Анна Сергеевна",
        "name_en": "Orlova A. S.",
        "valid_from": at.date(),
        "actor": administrator,
        "at": at,
    }
    early, late = at.date() - timedelta(days=30), at.date() + timedelta(days=1)
    same = {"name_ru": person.name_ru, "name_en": f" {person.name_en} "}

    refused(acts.NameAlreadyBorne, services.rename_person, **rename | {"valid_from": early})
    refused(acts.NameAlreadyBorne, services.rename_person, **rename | {"valid_from": late})
    refused(acts.NothingChanges, services.rename_person, **rename | same)
    refused(NotAuthorised, services.rename_person, **rename | {"actor": member})

    services.rename_person(**rename)


def test_an_address_is_changed(person: Person, administrator: Person, at: datetime) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)
    change = {"person": person, "email": "Orlova@example.org", "actor": administrator, "at": at}
    services.change_address(**change)

    person.refresh_from_db()
    assert person.email == "orlova@example.org"
    # The letter went to somebody who may read the earlier address.
    assert (person.state, person.invited_at) == ("registered", None)
    entry = last(person)
    assert (entry.type, entry.facts) == (acts.ADDRESS_CHANGED, {"has_address": True})
    assert "orlova" not in bytes(entry.leaf).decode()


def test_an_address_is_refused(
    person: Person, administrator: Person, keeper: Person, member: Person, at: datetime
) -> None:
    change = {"person": person, "email": "new@example.org", "actor": keeper, "at": at}

    refused(acts.AddressTaken, services.change_address, **change | {"email": member.email})
    refused(acts.NothingChanges, services.change_address, **change | {"email": person.email})
    refused(NotAuthorised, services.change_address, **change | {"actor": member})
    # The address of somebody who can sign in is worth their account.
    refused(NotAuthorised, services.change_address, **change | {"person": member})
    refused(
        acts.AddressMissing,
        services.change_address,
        **change | {"person": member, "email": "", "actor": administrator},
    )

    services.change_address(**change)
    by_administrator = {"person": member, "email": "n2@example.org", "actor": administrator}
    services.change_address(**change | by_administrator)


def test_a_language_is_chosen(member: Person, at: datetime) -> None:
    services.choose_language(person=member, language="en", at=at)

    member.refresh_from_db()
    assert member.language == "en"
    entry = last(member)
    assert (entry.type, entry.facts, entry.actor_uid) == (
        acts.LANGUAGE_CHOSEN,
        {"language": "en"},
        member.uid,
    )
    refused(acts.NothingChanges, services.choose_language, person=member, language="en", at=at)
    with pytest.raises(ValueError, match="not a language"):
        services.choose_language(person=member, language="de", at=at)


@pytest.mark.django_db
def test_fictional_people_exist_in_a_demonstration_only(at: datetime) -> None:
    mark_demonstration()
    administrator = services.create_first_administrator(
        name_ru="Админ", name_en="Admin", email="a@example.org", password="x", at=at
    )
    person = services.register_demonstration_person(
        name_ru="Выдуманный", name_en="Invented", actor=administrator, at=at
    )

    assert administrator.is_demonstration
    assert (person.is_demonstration, person.state, person.email) == (True, "active", None)
    assert not person.has_usable_password()
    assert list(Person.objects.for_demonstration().order_by("pk")) == [administrator, person]
    assert last(person).facts["demonstration"] is True


def test_a_real_installation_registers_nobody_fictional(
    administrator: Person, member: Person, at: datetime
) -> None:
    register = {"name_ru": "Выдуманный", "name_en": "Invented", "at": at}

    refused(
        NotADemonstration, services.register_demonstration_person, **register, actor=administrator
    )
    refused(NotAuthorised, services.register_demonstration_person, **register, actor=member)


def test_people_are_found_by_words_in_any_order(person: Person, member: Person) -> None:
    assert list(Person.objects.found_by("сергеевна петр")) == [person]
    assert list(Person.objects.found_by("sidorov@")) == [member]
    assert Person.objects.found_by("").count() == 3
    assert set(Person.objects.active()) == {member, Person.objects.get(email__startswith="rog")}


def test_history_keeps_what_a_row_looked_like_and_no_password(
    person: Person, administrator: Person, at: datetime
) -> None:
    services.change_address(person=person, email=None, actor=administrator, at=at)

    assert [row.email for row in person.history.order_by("history_id")] == [
        "petrova@example.org",
        None,
    ]
    assert not hasattr(person.history.latest(), "password")
