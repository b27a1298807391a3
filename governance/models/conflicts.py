"""Declared conflicts of interest, and what the side decided about them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .bodies import Body, Seat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


class ConflictDeclarationQuerySet(models.QuerySet["ConflictDeclaration"]):
    """Questions about conflicts. Each method narrows."""

    def touching(self, topics: Iterable[UUID]) -> Self:
        """Keep those about at least one of the topics."""
        return self.filter(topics__overlap=list(topics))

    def undecided(self) -> Self:
        """Keep those on which nobody decided yet."""
        return self.filter(decision=None)


class ConflictDeclaration(models.Model):
    """An interest that may stand in the way of deciding certain topics.

    Recusal is per question: it reaches the ballots whose topics it names, and not the
    vote on the whole, whose topic is the matter.
    """

    class RaisedBy(models.TextChoices):
        """Who brought it up."""

        SELF = "self", pgettext_lazy("conflict", "the person")
        SECRETARY = "secretary", pgettext_lazy("conflict", "the secretary")
        OTHER = "other", pgettext_lazy("conflict", "another member")

    class Decision(models.TextChoices):
        """What the side decided, without the person concerned."""

        NO_CONFLICT = "no_conflict", pgettext_lazy("conflict", "No conflict")
        DISCLOSED = "disclosed_no_recusal", pgettext_lazy("conflict", "Disclosed, no recusal")
        RECUSED = "recused", pgettext_lazy("conflict", "Recused")
        REPLACED = "replaced", pgettext_lazy("conflict", "Replaced for these questions")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="conflicts")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="conflicts")
    topics = ArrayField(models.UUIDField(), verbose_name=_("topics"))
    grounds_ru = models.TextField(_("grounds in Russian"))
    grounds_en = models.TextField(_("grounds in English"), blank=True)
    declared_at = models.DateTimeField(_("declared at"))
    raised_by = models.CharField(_("raised by"), max_length=10, choices=RaisedBy.choices)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflicts_raised"
    )
    decision = models.CharField(  # noqa: DJ001 -- undecided is absent, not empty
        _("decision"), max_length=24, choices=Decision.choices, null=True, blank=True
    )
    decision_basis_ru = models.CharField(_("basis in Russian"), max_length=500, blank=True)
    decision_basis_en = models.CharField(_("basis in English"), max_length=500, blank=True)
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="conflicts_decided",
        null=True,
        blank=True,
    )

    history = HistoricalRecords()
    objects = ConflictDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.CheckConstraint(
                name="a_conflict_names_topics_and_grounds",
                condition=Q(topics__len__gt=0) & ~Q(grounds_ru=""),
                violation_error_message=_("Name the topics and the grounds in Russian."),
            ),
            models.CheckConstraint(
                name="a_decided_conflict_says_by_whom_when_and_why",
                condition=Q(decision=None, decided_at=None, decided_by=None, decision_basis_ru="")
                | (
                    Q(decision__isnull=False, decided_at__isnull=False, decided_by__isnull=False)
                    & ~Q(decision_basis_ru="")
                ),
                violation_error_message=_("A decision needs its basis in Russian."),
            ),
            models.CheckConstraint(
                name="nobody_decides_on_his_own_conflict",
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("person")),
                violation_error_message=_("Nobody decides on his or her own conflict."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.decision or '?'}"
