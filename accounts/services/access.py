"""Who may sign in: invitations, passwords, blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import acts, grants, invitations
from accounts.models import Person
from accounts.services._authority import (
    refuse_last_administrator,
    require_administrator,
    require_keeper,
)
from accounts.services._rows import lock, record
from audit.acts import NotAuthorised
from audit.domain.facts import instant
from notifications.services import queue_message

if TYPE_CHECKING:
    import datetime


@transaction.atomic
def invite_person(*, person: Person, actor: Person, at: datetime.datetime) -> Person:
    """Send a person a link to set a password, for the first time or again.

    A newer link ends the older one.

    Raises:
        AddressMissing: there is nowhere to send it.
        PersonIsActive, PersonIsBlocked: an invitation would be of no use.
        NotAuthorised: the actor keeps no list of people.
    """
    person = lock(person)
    authority = require_keeper(actor)
    if person.state == Person.State.ACTIVE:
        raise acts.PersonIsActive(person=person)
    if person.state in (Person.State.BLOCKED, Person.State.CLOSED):
        raise acts.PersonIsBlocked(person=person)
    if not person.email:
        raise acts.AddressMissing(person=person)

    person.state, person.invited_at = Person.State.INVITED, at
    person.save(update_fields=["state", "invited_at"])
    _queue_invitation(person, at=at)
    record(
        acts.PERSON_INVITED,
        person,
        actor=actor,
        at=at,
        facts={"valid_until": at + invitations.LIFETIME},
        authority=authority,
    )
    return person


@transaction.atomic
def accept_invitation(
    *, person: Person, token: str, password: str, at: datetime.datetime
) -> Person:
    """Set the first password with the link of an invitation.

    Raises:
        InvitationRefused: the link is expired, used, replaced by a newer one or unknown.
    """
    person = lock(person)
    standing = invitations.examine(person, token, at=at)
    if standing is not invitations.Standing.GOOD:
        raise acts.REFUSED_LINKS[standing]
    person.state = Person.State.ACTIVE
    person.set_password(password)
    person.save(update_fields=["state", "password"])
    record(
        acts.INVITATION_ACCEPTED,
        person,
        actor=person,
        at=at,
        facts={"invited_at": person.invited_at},
        authority={"basis": "invitation"},
    )
    return person


@transaction.atomic
def change_password(
    *, person: Person, password: str, actor: Person, at: datetime.datetime
) -> Person:
    """Change one's own password; the sign-in pages have asked for the old one or sent a letter.

    Raises:
        PersonIsNotActive: the person was blocked meanwhile.
        NotAuthorised: it is somebody else's.
    """
    person_as_given, person = person, lock(person)
    if actor.pk != person.pk:
        raise NotAuthorised(code="not_oneself")
    if person.state != Person.State.ACTIVE:
        raise acts.PersonIsNotActive(person=person)
    person.set_password(password)
    person.save(update_fields=["password"])
    record(acts.PASSWORD_CHANGED, person, actor=actor, at=at, facts={})
    # The session of this very request is renewed from the row that the caller holds.
    person_as_given.password = person.password
    return person


@transaction.atomic
def block_person(*, person: Person, actor: Person, at: datetime.datetime) -> Person:
    """End a person's access at once. What they did, and their seats, stay.

    Raises:
        PersonIsBlocked: they are blocked already.
        LastAdministrator: nobody could administer afterwards.
        NotAuthorised: the actor keeps no list of people, or is not an administrator and
            the person is.
    """
    person = lock(person)
    authority = require_keeper(actor)
    if grants.may(person, grants.ADMINISTER):
        authority = require_administrator(actor)
        refuse_last_administrator(person)
    if person.state in (Person.State.BLOCKED, Person.State.CLOSED):
        raise acts.PersonIsBlocked(person=person)
    state_before = person.state
    person.state = Person.State.BLOCKED
    person.save(update_fields=["state"])
    record(
        acts.PERSON_BLOCKED,
        person,
        actor=actor,
        at=at,
        facts={"state_before": state_before},
        authority=authority,
    )
    return person


@transaction.atomic
def unblock_person(*, person: Person, actor: Person, at: datetime.datetime) -> Person:
    """Give a blocked person access again; who never had a password is invited anew.

    Raises:
        PersonIsNotBlocked: there is nothing to undo.
        NotAuthorised: the actor keeps no list of people.
    """
    person = lock(person)
    authority = require_keeper(actor)
    if person.state != Person.State.BLOCKED:
        raise acts.PersonIsNotBlocked(person=person)
    could_sign_in = person.has_usable_password() or person.is_demonstration
    person.state = Person.State.ACTIVE if could_sign_in else Person.State.REGISTERED
    person.save(update_fields=["state"])
    record(
        acts.PERSON_UNBLOCKED,
        person,
        actor=actor,
        at=at,
        facts={"state": person.state},
        authority=authority,
    )
    return person


def _queue_invitation(person: Person, *, at: datetime.datetime) -> None:
    """Write the letter with the link, in its reader's language."""
    with translation.override(person.language):
        body = render_to_string(
            "accounts/mail/invitation.txt",
            {
                "name": person.name_en if person.language == "en" else person.name_ru,
                "link": invitations.link(person),
                "ends_at": at + invitations.LIFETIME,
            },
        )
        subject = _("Invitation to Veche")
    queue_message(
        recipient_uid=person.uid,
        address=str(person.email),
        kind="invitation",
        subject=subject,
        body=body,
        language=person.language,
        key=f"invitation:{person.uid}:{instant(at)}",
        at=at,
    )
