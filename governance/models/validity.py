"""Reports on the validity of decisions, edition after edition."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .ballots import Decision
from .votes import Challenge


class ValidityReport(models.Model):
    """What a decision was worth by everything that was known on a day.

    A later fact makes a later edition; none is overwritten. `facts` with the rows and the charter
    of the decision give `report` again to anybody who examines it.
    """

    class Occasion(models.TextChoices):
        """What the examination followed."""

        COUNT = "count", pgettext_lazy("occasion", "the count")
        CHALLENGE = "challenge", pgettext_lazy("occasion", "a doubt about a vote")
        SETTLEMENT = "settlement", pgettext_lazy("occasion", "a doubt was settled")
        PROTOCOL = "protocol", pgettext_lazy("occasion", "the protocol was signed")
        CONFIRMATION = "confirmation", pgettext_lazy("occasion", "the body confirmed the decision")
        REQUEST = "request", pgettext_lazy("occasion", "an examination that was asked for")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="reports")
    number = models.PositiveSmallIntegerField(_("edition"))
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion.choices)
    challenge = models.ForeignKey(
        Challenge, on_delete=models.PROTECT, related_name="reports", null=True, blank=True
    )
    facts = models.JSONField(_("facts"))
    report = models.JSONField(_("report"))
    sha256 = models.CharField(_("digest of facts and report"), max_length=64)
    examined_at = models.DateTimeField(_("examined at"))

    class Meta:
        verbose_name = _("validity report")
        verbose_name_plural = _("validity reports")
        ordering = ("decision", "number")
        constraints = [
            models.UniqueConstraint(
                name="editions_of_a_report_are_numbered_once", fields=["decision", "number"]
            ),
            models.CheckConstraint(
                name="the_first_report_is_that_of_the_count",
                condition=Q(number=1, occasion="count") | (Q(number__gt=1) & ~Q(occasion="count")),
            ),
            models.CheckConstraint(
                name="only_a_report_after_a_doubt_names_it",
                condition=Q(occasion__in=["challenge", "settlement"], challenge__isnull=False)
                | (~Q(occasion__in=["challenge", "settlement"]) & Q(challenge=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id}/{self.number}"

    @property
    def verdict(self) -> str:
        """What the decision is worth by this edition."""
        return str(self.report["verdict"])
