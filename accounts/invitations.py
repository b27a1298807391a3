"""The link in an invitation.

A link names the person and the instant of the invitation, signed with the installation's key.
Nothing is stored for it: it works once because accepting changes the person's state, it stops when
a newer invitation is sent because the instant differs, and it ends after a week.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Person

LIFETIME = timedelta(days=7)


class Standing(StrEnum):
    """What can be said about a link."""

    GOOD = "good"
    EXPIRED = "expired"
    USED = "used"
    REPLACED = "replaced"
    UNKNOWN = "unknown"


def token(person: Person) -> str:
    """Return the secret part of the link of the person's latest invitation.

    Raises:
        ValueError: the person was never invited.
    """
    if person.invited_at is None:
        raise ValueError("the person was never invited")
    return _signer(person).sign(_stamp(person.invited_at))


def link(person: Person) -> str:
    """Return the address that the letter names."""
    path = reverse("accounts:invitation", args=[person.uid, token(person)])
    return f"{settings.ADDRESS}{path}"


def examine(person: Person, presented: str, *, at: datetime) -> Standing:
    """Say whether a presented token lets this person set a password now."""
    try:
        stamp = _signer(person).unsign(presented)
    except signing.BadSignature:
        return Standing.UNKNOWN
    if person.state in (Person.State.BLOCKED, Person.State.CLOSED):
        return Standing.UNKNOWN
    if person.state == Person.State.ACTIVE:
        return Standing.USED
    if person.invited_at is None or stamp != _stamp(person.invited_at):
        return Standing.REPLACED
    if at >= person.invited_at + LIFETIME:
        return Standing.EXPIRED
    return Standing.GOOD


def _signer(person: Person) -> signing.Signer:
    """Return a signer whose signatures hold for this person and this purpose only."""
    return signing.Signer(salt=f"accounts.invitation.{person.uid}")


def _stamp(moment: datetime) -> str:
    """Write an instant to the microsecond in few letters."""
    return f"{(moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1):x}"
