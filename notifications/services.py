"""Queue mail in an act, deliver it outside.

Delivery is at least once: a process killed between the mail server's answer and our commit
sends the message again after its lease. The `Message-ID` is the same both times, so that mail
programs can tell.
"""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection, transaction

from audit import clock
from notifications.models import OutboxMessage

if TYPE_CHECKING:
    import datetime
    import uuid

LEASE = timedelta(minutes=5)
"""How long a message belongs to the process that is sending it."""

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long to wait after each failed attempt; after the last one the message is given up."""

_PERMANENT = 500


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not taken, and whether trying again is of any use."""

    code: str
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one run over the outbox did."""

    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __add__(self, other: Delivery) -> Delivery:
        """Count two runs together."""
        return Delivery(
            self.sent + other.sent, self.failed + other.failed, self.given_up + other.given_up
        )


def queue_message(
    *,
    recipient_uid: uuid.UUID,
    address: str,
    kind: str,
    subject: str,
    body: str,
    language: str,
    key: str,
    at: datetime.datetime,
) -> OutboxMessage:
    """Write a message to the outbox, in the transaction of the act that it tells of.

    Args:
        kind: a short code such as `invitation`, for counting and for people's preferences.
        key: says which message this is, `invitation:<uid>:<instant>`.
        at: the time of the act; it is never sent before.

    Raises:
        django.db.IntegrityError: a message with this key was queued before.
        RuntimeError: there is no transaction, so the mail could outlive its act.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a message is queued in the transaction of its act")
    return OutboxMessage.objects.create(
        recipient_uid=recipient_uid,
        address=address,
        kind=kind,
        # A header is one line; a line break in it would begin another header.
        subject=" ".join(subject.split())[:250],
        body=body,
        language=language,
        key=key,
        created_at=at,
        next_attempt_at=at,
    )


def deliver(*, limit: int = 100) -> Delivery:
    """Try to send what is due, and say what became of it.

    Several processes may do this at the same time: each message is leased to one of them.
    """
    done = Delivery()
    for _attempt in range(limit):
        message = _lease_one()
        if message is None:
            break
        done += _settle(message.pk, _send(message))
    return done


@transaction.atomic
def _lease_one() -> OutboxMessage | None:
    """Take the message that has been due longest, and count the attempt."""
    now = clock.now()
    message = (
        OutboxMessage.objects.due(now)
        .select_for_update(skip_locked=True)
        .order_by("next_attempt_at", "id")
        .first()
    )
    if message is not None:
        message.attempts += 1
        message.next_attempt_at = now + LEASE
        message.save(update_fields=["attempts", "next_attempt_at"])
    return message


def _send(message: OutboxMessage) -> Failure | None:
    """Hand a message to the mail server; say why it was not taken.

    Only a code is kept: what servers answer repeats addresses and texts.
    """
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        to=[message.address],
        headers={
            "Message-ID": f"<{message.uid}@{domain}>",
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
        connection=get_connection(),
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        ((code, _reply),) = error.recipients.values()
        return _answered(code)
    except smtplib.SMTPDataError as error:
        return _answered(error.smtp_code)
    except smtplib.SMTPResponseException as error:
        # The server refuses us (a password, the sender), not the message.
        return Failure(f"smtp_{error.smtp_code}")
    except smtplib.SMTPException as error:
        return Failure(type(error).__name__)
    except OSError as error:
        return Failure(type(error).__name__)
    return None


def _answered(code: int) -> Failure:
    """Read the server's answer to a recipient or a text: 5xx stays so, 4xx may pass."""
    return Failure(f"smtp_{code}", is_final=code >= _PERMANENT)


@transaction.atomic
def _settle(message_id: int, failure: Failure | None) -> Delivery:
    """Write down what became of an attempt. A settled message loses its text."""
    message = OutboxMessage.objects.select_for_update().get(pk=message_id)
    if message.sent_at is not None:
        # Our lease ran out, and another process sent it meanwhile.
        return Delivery()
    now = clock.now()
    message.last_error_code = failure.code if failure else ""
    if failure is None:
        message.sent_at, message.given_up_at, message.body = now, None, ""
        outcome = Delivery(sent=1)
    elif failure.is_final or message.attempts > len(WAITS):
        message.given_up_at, message.body = now, ""
        outcome = Delivery(given_up=1)
    else:
        message.next_attempt_at = now + WAITS[message.attempts - 1]
        outcome = Delivery(failed=1)
    message.save(
        update_fields=["last_error_code", "sent_at", "given_up_at", "body", "next_attempt_at"]
    )
    return outcome
