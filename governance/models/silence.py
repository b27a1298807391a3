"""Silence procedures: a question on which no answer, once everybody is reached, means consent.

INVARIANT (B6): silence counts nowhere else. The triggers of migration 0012 hold what an act
checks: the charter allows it, nobody objected, everybody was reached, the term is over.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .ballots import Ballot
from .bodies import Seat
from .charters import CharterVersion
from .mandates import AuthorityCheck
from .meetings import MeetingNotice

if TYPE_CHECKING:
    import datetime


class SilenceProcedure(models.Model):
    """A prepared ballot that need not be held if nobody objects within a term."""

    class Kind(models.TextChoices):
        """On what kind of question. There is one: everything else is voted on."""

        EDITORIAL = "editorial", pgettext_lazy("silence", "editorial")

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", pgettext_lazy("silence", "Waiting for objections")
        TACIT = "tacit", pgettext_lazy("silence", "Tacit: nobody objected")
        OBJECTED = "objected", pgettext_lazy("silence", "Objected to: goes to the vote")
        FAILED = "failed", pgettext_lazy("silence", "Failed: silence means nothing here")
        WITHDRAWN = "withdrawn", pgettext_lazy("silence", "Stopped with its ballot")

    class Failure(models.TextChoices):
        """Why silence means nothing, although nobody objected."""

        VACANT_SEAT = "vacant_seat", _("a seat is vacant")
        NOT_DELIVERED = "not_delivered", _("a notice was not personally delivered")
        NOT_REMINDED = "not_reminded", _("no reminder was sent")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="silence")
    kind = models.CharField(_("kind of question"), max_length=12, choices=Kind.choices)
    charter_version = models.ForeignKey(
        CharterVersion, on_delete=models.PROTECT, related_name="silence_procedures"
    )
    working_days = models.PositiveSmallIntegerField(_("term, working days"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened at"))
    closes_at = models.DateTimeField(_("objections are taken until"))
    reminded_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    failure = models.CharField(
        _("why it failed"), max_length=14, choices=Failure.choices, blank=True
    )
    failed_seats = ArrayField(
        models.CharField(max_length=20), verbose_name=_("seats"), default=list
    )
    outcome = models.JSONField(_("trace"), null=True, blank=True)

    class Meta:
        verbose_name = _("silence procedure")
        verbose_name_plural = _("silence procedures")
        constraints = [
            models.CheckConstraint(
                name="a_silence_procedure_lasts_five_working_days_at_least",
                condition=Q(working_days__gte=5, closes_at__gt=F("opened_at")),
            ),
            models.CheckConstraint(
                name="a_silence_procedure_that_ended_says_when_and_how",
                condition=Q(state="open", ended_at=None, failure="", outcome__isnull=True)
                | Q(state="failed", ended_at__isnull=False) & ~Q(failure="")
                | Q(
                    state__in=["tacit", "objected"],
                    ended_at__isnull=False,
                    failure="",
                    outcome__isnull=False,
                )
                | Q(state="withdrawn", ended_at__isnull=False, failure=""),
            ),
            models.CheckConstraint(
                name="silence_is_consent_only_after_the_term_and_a_reminder",
                condition=~Q(state="tacit")
                | Q(ended_at__gte=F("closes_at"), reminded_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_reminder_comes_within_the_term",
                condition=Q(reminded_at=None)
                | Q(reminded_at__gt=F("opened_at"), reminded_at__lt=F("closes_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.state}"

    @property
    def is_running(self) -> bool:
        """Whether nothing has ended it yet."""
        return self.state == self.State.OPEN

    def takes_objections(self, at: datetime.datetime) -> bool:
        """Whether an objection at this instant would be in time."""
        return self.is_running and at < self.closes_at


class SilenceNotice(models.Model):
    """One seat was personally called to object: whom it reached, when, by what it is proved."""

    class Proof(models.TextChoices):
        """By what personal delivery is proved. That a mail server took a letter proves nothing."""

        READ = MeetingNotice.Proof.READ.value, _("read on the platform")
        RECEIPT = MeetingNotice.Proof.RECEIPT.value, _("signed receipt")
        POST = MeetingNotice.Proof.POST.value, _("postal notice of delivery")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = models.ForeignKey(
        SilenceProcedure, on_delete=models.PROTECT, related_name="notices"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="silence_notices")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="silence_notices"
    )
    sent_at = models.DateTimeField(_("sent at"))
    channel = models.CharField(_("channel"), max_length=10, choices=MeetingNotice.Channel.choices)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=20, choices=Proof.choices, blank=True)

    class Meta:
        verbose_name = _("notice of a silence procedure")
        verbose_name_plural = _("notices of silence procedures")
        constraints = [
            models.UniqueConstraint(
                name="a_seat_is_called_to_object_once", fields=["procedure", "seat"]
            ),
            models.CheckConstraint(
                name="personal_delivery_has_a_proof",
                condition=Q(delivered_at=None, proof="")
                | Q(delivered_at__isnull=False, proof__in=["read", "receipt", "post"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure_id}: {self.seat_id}"


class SilenceObjection(models.Model):
    """The one objection that ended a silence procedure. It needs no reason."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    procedure = models.OneToOneField(
        SilenceProcedure, on_delete=models.PROTECT, related_name="objection"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="silence_objections")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="silence_objections"
    )
    reason = models.CharField(_("reason"), max_length=1000, blank=True)
    text_sha256 = models.CharField(_("digest of the text seen"), max_length=64)
    authority_check = models.OneToOneField(
        AuthorityCheck, on_delete=models.PROTECT, related_name="silence_objection"
    )
    objected_at = models.DateTimeField(_("objected at"))

    class Meta:
        verbose_name = _("objection to silence")
        verbose_name_plural = _("objections to silence")

    def __str__(self) -> str:
        return f"{self.procedure_id}: {self.seat_id}"
