"""Mail that is to be sent.

A message is a row written in the transaction of the act it tells of: if the act is undone, the
mail never existed. Delivery happens later and elsewhere, so no act waits for a mail server.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    import datetime


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    """Questions to the outbox. Each method narrows; none orders or writes."""

    def waiting(self) -> Self:
        """Keep what is neither sent nor given up."""
        return self.filter(sent_at=None, given_up_at=None)

    def due(self, at: datetime.datetime) -> Self:
        """Keep what may be tried at this instant."""
        return self.waiting().filter(next_attempt_at__lte=at)

    def to(self, recipient_uid: uuid.UUID) -> Self:
        """Keep what one person was sent."""
        return self.filter(recipient_uid=recipient_uid)


class OutboxMessage(models.Model):
    """A mail to one person: what it says until it is sent, what became of it afterwards."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(_("key"), max_length=200)
    kind = models.CharField(_("kind"), max_length=60)
    recipient_uid = models.UUIDField(_("recipient"))
    address = models.EmailField(_("address"))
    language = models.CharField(_("language"), max_length=2)
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written at"))
    next_attempt_at = models.DateTimeField(_("next attempt at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    given_up_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error_code = models.CharField(_("last error"), max_length=60, blank=True)

    objects = models.Manager.from_queryset(OutboxQuerySet)()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("outgoing mail")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbox_messages_waiting",
                condition=Q(sent_at=None, given_up_at=None),
            ),
            models.Index(fields=["recipient_uid", "id"], name="outbox_messages_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(name="a_message_is_queued_once", fields=["key"]),
            models.CheckConstraint(
                name="a_settled_message_keeps_no_text",
                condition=Q(sent_at=None, given_up_at=None) | Q(body=""),
            ),
            models.CheckConstraint(
                name="a_message_is_sent_or_given_up_and_not_both",
                condition=Q(sent_at=None) | Q(given_up_at=None),
            ),
            models.CheckConstraint(
                name="a_waiting_message_says_something",
                condition=Q(sent_at__isnull=False) | Q(given_up_at__isnull=False) | ~Q(body=""),
            ),
        ]

    def __str__(self) -> str:
        return self.key
