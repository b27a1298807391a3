import re
from datetime import datetime, timedelta

import pytest

from accounts import acts, invitations, services
from accounts.invitations import Standing
from accounts.models import Person
from audit.acts import NotAuthorised
from notifications.models import OutboxMessage
from tests.accounts.test_people import last, refused
from tests.connections import at_once

PASSWORD = "battery staple 9"


def test_an_invitation_is_a_letter_with_a_link(
    person: Person, administrator: Person, at: datetime
) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)

    letter = OutboxMessage.objects.get()
    assert (letter.address, letter.recipient_uid, letter.kind, letter.language) == (
        "petrova@example.org",
        person.uid,
        "invitation",
        "ru",
    )
    assert invitations.link(person) in letter.body
    assert letter.subject == "Приглашение в Вече"
    assert "Петрова Анна Сергеевна" in letter.body
    assert (person.state, person.invited_at) == ("invited", at)
    entry = last(person)
    assert entry.type == acts.PERSON_INVITED
    assert invitations.token(person).split(":")[1] not in bytes(entry.leaf).decode()


def test_a_letter_is_written_in_the_language_of_its_reader(
    person: Person, administrator: Person, at: datetime
) -> None:
    person = services.choose_language(person=person, language="en", at=at)
    services.invite_person(person=person, actor=administrator, at=at)

    letter = OutboxMessage.objects.get()
    assert letter.subject == "Invitation to Veche"
    assert "Petrova A. S." in letter.body
    assert not re.search("[А-Яа-я]", letter.body)


def test_an_invitation_is_refused(
    person: Person, administrator: Person, keeper: Person, member: Person, at: datetime
) -> None:
    invite = {"person": person, "actor": keeper, "at": at}
    letters = OutboxMessage.objects.count()
    nobody = services.register_person(
        name_ru="Без Адреса", name_en="None", email=None, actor=keeper, at=at
    )

    refused(NotAuthorised, services.invite_person, **invite | {"actor": member})
    refused(acts.AddressMissing, services.invite_person, **invite | {"person": nobody})
    refused(acts.PersonIsActive, services.invite_person, **invite | {"person": member})
    services.block_person(person=member, actor=keeper, at=at)
    refused(acts.PersonIsBlocked, services.invite_person, **invite | {"person": member})
    assert OutboxMessage.objects.count() == letters

    services.invite_person(**invite)
    assert OutboxMessage.objects.count() == letters + 1


def test_an_invitation_is_accepted_with_a_password(
    person: Person, administrator: Person, at: datetime
) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)
    accept = {"person": person, "token": invitations.token(person), "password": PASSWORD, "at": at}
    person = services.accept_invitation(**accept)

    assert (person.state, person.is_active) == ("active", True)
    assert person.check_password(PASSWORD)
    entry = last(person)
    assert (entry.type, entry.actor_uid, entry.authority) == (
        acts.INVITATION_ACCEPTED,
        person.uid,
        {"basis": "invitation"},
    )
    # A link works once.
    refused(acts.InvitationUsed, services.accept_invitation, **accept)


def test_a_link_that_cannot_be_used_is_refused(
    person: Person, administrator: Person, member: Person, at: datetime
) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)
    first = invitations.token(person)
    accept = {"person": person, "token": first, "password": PASSWORD, "at": at}

    expired = at + invitations.LIFETIME
    refused(acts.InvitationExpired, services.accept_invitation, **accept | {"at": expired})
    for token in ("", "a:b", first[:-1], first + "A", invitations.token(member)):
        refused(acts.InvitationRefused, services.accept_invitation, **accept | {"token": token})

    later = at + timedelta(minutes=1)
    person = services.invite_person(person=person, actor=administrator, at=later)
    refused(acts.InvitationReplaced, services.accept_invitation, **accept)

    second = {**accept, "token": invitations.token(person)}
    services.block_person(person=person, actor=administrator, at=at)
    refused(acts.InvitationRefused, services.accept_invitation, **second)
    services.unblock_person(person=person, actor=administrator, at=at)

    # Unblocking lets nobody in who never had a password: the link is good again.
    person = services.accept_invitation(**second)
    assert person.is_active


def test_a_link_holds_for_its_last_moment(
    person: Person, administrator: Person, at: datetime
) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)
    token = invitations.token(person)
    end = at + invitations.LIFETIME

    assert invitations.examine(person, token, at=end - timedelta(microseconds=1)) is Standing.GOOD
    assert invitations.examine(person, token, at=end) is Standing.EXPIRED


def test_nobody_has_a_link_without_an_invitation(person: Person) -> None:
    with pytest.raises(ValueError, match="never invited"):
        invitations.token(person)


@pytest.mark.django_db(transaction=True)
def test_two_browsers_cannot_accept_one_invitation(
    person: Person, administrator: Person, at: datetime
) -> None:
    person = services.invite_person(person=person, actor=administrator, at=at)
    token = invitations.token(person)

    def accept(password: str) -> Person:
        return services.accept_invitation(person=person, token=token, password=password, at=at)

    results = at_once(lambda: accept("one one one 1"), lambda: accept("two two two 2"))

    assert sorted(type(result).__name__ for result in results) == ["InvitationUsed", "Person"]


def test_a_password_is_changed_by_its_owner(member: Person, person: Person, at: datetime) -> None:
    change = {"person": member, "password": "another one 5", "actor": member, "at": at}

    refused(NotAuthorised, services.change_password, **change | {"actor": person})
    changed = services.change_password(**change)

    assert changed.check_password("another one 5")
    assert member.check_password("another one 5")
    entry = last(member)
    assert (entry.type, entry.facts) == (acts.PASSWORD_CHANGED, {})


def test_who_cannot_sign_in_changes_no_password(
    member: Person, administrator: Person, at: datetime
) -> None:
    services.block_person(person=member, actor=administrator, at=at)

    refused(
        acts.PersonIsNotActive,
        services.change_password,
        person=member,
        password="another one 5",
        actor=member,
        at=at,
    )


def test_a_blocked_person_cannot_sign_in_and_is_unblocked(
    member: Person, keeper: Person, at: datetime
) -> None:
    block = {"person": member, "actor": keeper, "at": at}
    blocked = services.block_person(**block)
    assert (blocked.state, blocked.is_active) == ("blocked", False)
    entry = last(member)
    assert (entry.type, entry.facts) == (acts.PERSON_BLOCKED, {"state_before": "active"})
    refused(acts.PersonIsBlocked, services.block_person, **block)

    unblocked = services.unblock_person(**block)
    assert unblocked.is_active
    entry = last(member)
    assert (entry.type, entry.facts) == (acts.PERSON_UNBLOCKED, {"state": "active"})
    refused(acts.PersonIsNotBlocked, services.unblock_person, **block)


def test_blocking_needs_the_right(
    administrator: Person, keeper: Person, member: Person, person: Person, at: datetime
) -> None:
    refused(NotAuthorised, services.block_person, person=person, actor=member, at=at)
    refused(NotAuthorised, services.unblock_person, person=person, actor=member, at=at)
    # A secretary does not lock the administrators out.
    refused(NotAuthorised, services.block_person, person=administrator, actor=keeper, at=at)

    services.block_person(person=person, actor=keeper, at=at)
