"""The charter of a body: data with versions, pinned by whatever is opened under it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .bodies import Body

if TYPE_CHECKING:
    import datetime


class CharterVersionQuerySet(models.QuerySet["CharterVersion"]):
    """Questions about charters."""

    def effective_on(self, day: datetime.date) -> Self:
        """Keep the versions that had taken effect by a day, the one in force first."""
        return self.filter(effective_from__lte=day).order_by("-effective_from", "-number")


class CharterVersion(models.Model):
    """One edition of a body's rules of procedure.

    INVARIANT: `rules` and `procedure` never change. Meetings and ballots point at the
    version under which they were opened, and a decision can be derived again from it.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="charters")
    number = models.PositiveSmallIntegerField(_("edition"))
    document_ru = models.CharField(_("document in Russian"), max_length=300)
    document_en = models.CharField(_("document in English"), max_length=300, blank=True)
    rules = models.JSONField(_("decision rules"))
    procedure = models.JSONField(_("procedure"))
    sha256 = models.CharField(_("digest of rules and procedure"), max_length=64)
    adopted_on = models.DateField(_("adopted on"))
    effective_from = models.DateField(_("in force from"))

    objects = CharterVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("charter")
        verbose_name_plural = _("charters")
        constraints = [
            models.UniqueConstraint(
                name="editions_of_a_charter_are_numbered_once",
                fields=["body", "number"],
                violation_error_message=_("The body already has a charter with this number."),
            ),
            models.UniqueConstraint(
                name="one_charter_takes_effect_on_a_day",
                fields=["body", "effective_from"],
                violation_error_message=_("Another charter takes effect on this day."),
            ),
            models.CheckConstraint(
                name="a_charter_takes_effect_after_its_adoption",
                condition=Q(effective_from__gte=models.F("adopted_on")),
                violation_error_message=_("A charter cannot take effect before it is adopted."),
            ),
        ]

    def __str__(self) -> str:
        return self.document_ru
