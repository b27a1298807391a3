from datetime import datetime

import pytest
from django.test import Client

from accounts import invitations, services
from accounts.grants import KEEP_PEOPLE, grant
from accounts.models import Person
from tests.accounts.pages import signed_in


@pytest.fixture
def administrator(at: datetime) -> Person:
    """Return the first administrator of an installation that was empty."""
    return services.create_first_administrator(
        name_ru="Рогожин Андрей Михайлович",
        name_en="Rogozhin A. M.",
        email="rogozhin@example.org",
        password="correct horse 7",
        at=at,
    )


@pytest.fixture
def person(administrator: Person, at: datetime) -> Person:
    """Return somebody who is registered and was not invited."""
    return services.register_person(
        name_ru="Петрова Анна Сергеевна",
        name_en="Petrova A. S.",
        email="petrova@example.org",
        actor=administrator,
        at=at,
    )


@pytest.fixture
def member(administrator: Person, at: datetime) -> Person:
    """Return somebody who can sign in and has no office."""
    return active(administrator, at, "sidorov@example.org")


@pytest.fixture
def keeper(administrator: Person, at: datetime) -> Person:
    """Return somebody who keeps the list of people, as secretaries do."""
    keeper = active(administrator, at, "lytkina@example.org")
    grant(keeper, KEEP_PEOPLE)
    return keeper


def active(administrator: Person, at: datetime, email: str) -> Person:
    """Register, invite and let accept: the way of everybody."""
    person = services.register_person(
        name_ru="Сидоров Пётр Ильич",
        name_en="Sidorov P. I.",
        email=email,
        actor=administrator,
        at=at,
    )
    person = services.invite_person(person=person, actor=administrator, at=at)
    return services.accept_invitation(
        person=person, token=invitations.token(person), password="battery staple 9", at=at
    )


@pytest.fixture
def desk(keeper: Person) -> Client:
    """Return the browser of somebody who keeps the list of people."""
    return signed_in(keeper)
