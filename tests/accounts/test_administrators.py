from datetime import datetime

import pytest
from django.core.management import CommandError, call_command

from accounts import acts, services
from accounts.models import Person
from audit.acts import NotAuthorised
from audit.models import Entry
from tests.accounts.test_people import last, refused
from tests.connections import at_once

FIRST = {
    "name_ru": "Рогожин Андрей Михайлович",
    "name_en": "Rogozhin A. M.",
    "email": "rogozhin@example.org",
    "password": "correct horse 7",
}


@pytest.mark.django_db
def test_the_first_administrator_opens_an_empty_installation(at: datetime) -> None:
    person = services.create_first_administrator(**FIRST, at=at, language="en")

    assert services.is_administrator(person)
    assert services.may_keep_people(person)
    assert person.check_password("correct horse 7")
    assert (person.is_active, person.is_staff, person.is_superuser, person.language) == (
        True,
        True,
        False,
        "en",
    )
    entry = Entry.objects.get()
    assert (entry.type, entry.actor_uid, entry.subject_uid) == (
        acts.FIRST_ADMINISTRATOR_CREATED,
        person.uid,
        person.uid,
    )
    assert entry.authority == {"basis": "empty_installation"}


def test_there_is_one_first_administrator(administrator: Person, at: datetime) -> None:
    refused(
        acts.FirstAdministratorExists,
        services.create_first_administrator,
        **FIRST | {"email": "other@example.org"},
        at=at,
    )


@pytest.mark.django_db(transaction=True)
def test_two_browsers_cannot_both_find_the_installation_empty(at: datetime) -> None:
    def create(email: str) -> Person:
        return services.create_first_administrator(**FIRST | {"email": email}, at=at)

    results = at_once(lambda: create("one@example.org"), lambda: create("two@example.org"))

    assert sorted(type(result).__name__ for result in results) == [
        "FirstAdministratorExists",
        "Person",
    ]
    assert Person.objects.count() == 1


def test_an_administrator_appoints_and_dismisses_another(
    administrator: Person, member: Person, at: datetime
) -> None:
    appoint = {"person": member, "actor": administrator, "at": at}
    appointed = services.appoint_administrator(**appoint)
    assert services.is_administrator(appointed)
    assert appointed.is_staff
    entry = last(member)
    assert (entry.type, entry.facts) == (
        acts.ADMINISTRATOR_APPOINTED,
        {"permission": "accounts.administer"},
    )
    refused(acts.AlreadyAdministrator, services.appoint_administrator, **appoint)

    dismissed = services.dismiss_administrator(**appoint)
    assert not services.is_administrator(dismissed)
    assert not dismissed.is_staff
    assert last(member).type == acts.ADMINISTRATOR_DISMISSED
    refused(acts.NotAnAdministrator, services.dismiss_administrator, **appoint)


def test_appointing_needs_the_right_and_an_account(
    administrator: Person, keeper: Person, member: Person, person: Person, at: datetime
) -> None:
    appoint = {"person": member, "actor": keeper, "at": at}

    refused(NotAuthorised, services.appoint_administrator, **appoint)
    refused(NotAuthorised, services.dismiss_administrator, **appoint)
    refused(
        acts.PersonIsNotActive,
        services.appoint_administrator,
        **appoint | {"person": person, "actor": administrator},
    )

    services.appoint_administrator(**appoint | {"actor": administrator})


def test_the_last_administrator_stays(administrator: Person, member: Person, at: datetime) -> None:
    remove = {"person": administrator, "actor": administrator, "at": at}
    refused(acts.LastAdministrator, services.dismiss_administrator, **remove)
    refused(acts.LastAdministrator, services.block_person, **remove)

    services.appoint_administrator(person=member, actor=administrator, at=at)
    services.dismiss_administrator(**remove)
    assert services.is_administrator(member)


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_dismiss_each_other_at_once(
    administrator: Person, member: Person, at: datetime
) -> None:
    services.appoint_administrator(person=member, actor=administrator, at=at)

    at_once(
        lambda: services.dismiss_administrator(person=administrator, actor=member, at=at),
        lambda: services.dismiss_administrator(person=member, actor=administrator, at=at),
    )

    assert sum(map(services.is_administrator, Person.objects.all())) == 1


@pytest.mark.django_db
def test_the_command_creates_the_first_administrator(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VECHE_ADMINISTRATOR_PASSWORD", "correct horse 7")
    arguments = {key: FIRST[key] for key in ("name_ru", "name_en", "email")}
    call_command("create_administrator", **arguments)

    assert services.is_administrator(Person.objects.get(email="rogozhin@example.org"))
    assert "rogozhin@example.org" in capsys.readouterr().out

    with pytest.raises(CommandError, match="зарегистрированы"):
        call_command("create_administrator", **arguments)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("password", "change"),
    [("12345", {}), ("correct horse 7", {"email": "nobody"}), ("correct horse 7", {"name_ru": ""})],
)
def test_the_command_refuses_what_the_page_refuses(
    monkeypatch: pytest.MonkeyPatch, password: str, change: dict[str, str]
) -> None:
    monkeypatch.setenv("VECHE_ADMINISTRATOR_PASSWORD", password)
    arguments = {key: FIRST[key] for key in ("name_ru", "name_en", "email")}

    with pytest.raises(CommandError):
        call_command("create_administrator", **arguments | change)
    assert not Person.objects.exists()
