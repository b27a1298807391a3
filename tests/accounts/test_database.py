"""What goes round the services: the database refuses it too."""

from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Person, PersonName

migration = import_module("accounts.migrations.0002_people_stay")


def refused(name: str, change: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        change()
    assert caught.value.__cause__.diag.constraint_name == name


CHANGES = {
    "a_person_has_a_name_in_both_languages": {"name_en": ""},
    "an_address_is_kept_in_small_letters": {"email": "Petrova@example.org"},
    "nobody_is_above_the_rules": {"is_superuser": True},
    "a_person_state_is_known": {"state": "king"},
    "an_invited_person_has_an_address_and_a_time": {"state": "invited", "invited_at": None},
}


@pytest.mark.parametrize(("name", "change"), CHANGES.items(), ids=CHANGES)
def test_a_person_keeps_the_rules(person: Person, name: str, change: dict[str, object]) -> None:
    refused(name, lambda: Person.objects.filter(pk=person.pk).update(**change))


def test_a_person_is_never_deleted(person: Person) -> None:
    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_personname")

    def delete_person() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM accounts_person WHERE id = %s", [person.pk])

    refused("a_person_is_never_deleted", delete)
    refused("a_person_is_never_deleted", delete_person)
    assert Person.objects.contains(person)


def test_a_person_bears_one_name_at_a_time(person: Person) -> None:
    name = person.names.get()
    later = {"person": person, "name_ru": "О", "name_en": "O"}

    refused(
        "a_person_bears_one_name_at_a_time",
        lambda: PersonName.objects.create(**later, valid_from=name.valid_from + timedelta(days=5)),
    )
    # The end is excluded: names that touch do not overlap.
    PersonName.objects.create(**later, valid_from=date(2000, 1, 1), valid_to=name.valid_from)


def test_a_name_is_borne_for_at_least_a_day(person: Person) -> None:
    day = date(2000, 1, 1)
    refused(
        "a_name_is_borne_for_at_least_a_day",
        lambda: PersonName.objects.create(
            person=person, name_ru="О", name_en="O", valid_from=day, valid_to=day
        ),
    )


@pytest.mark.django_db
def test_the_rule_can_be_taken_back_and_laid_again() -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(migration.RELEASE)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'a_person_is_never%'")
        assert cursor.fetchone() == (0,)
        cursor.execute(migration.KEEP)
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'a_person_is_never%'")
        assert cursor.fetchone() == (1,)


def test_there_is_no_way_to_create_a_superuser() -> None:
    assert not hasattr(Person.objects, "create_superuser")
    assert not hasattr(Person.objects, "create_user")


def test_a_person_is_found_by_address_however_it_is_typed(person: Person) -> None:
    assert Person.objects.get_by_natural_key("PETROVA@example.org") == person
