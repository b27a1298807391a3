"""The days on which versions are in force, on two axes of time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import DateRange
from governance.models.periods import InstantRange

if TYPE_CHECKING:
    import datetime


class InForcePeriodQuerySet(models.QuerySet["InForcePeriod"]):
    """Questions on both axes of time. Each method narrows; none orders or writes."""

    def covering(self, day: datetime.date) -> Self:
        """Keep periods that hold the day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)

    def current(self) -> Self:
        """Keep what is known now."""
        return self.filter(known_to=None)

    def known_at(self, instant: datetime.datetime) -> Self:
        """Keep what was known at an instant."""
        return self.filter(Q(known_to=None) | Q(known_to__gt=instant), known_from__lte=instant)


class InForcePeriod(models.Model):
    """The days on which a version is in force, as known over a stretch of time.

    Two axes: `valid_*` is when the rule applies, `known_*` is since when and until when this
    was what the record said. A correction ends the knowledge and adds a row; it changes none.
    """

    version = models.ForeignKey(
        "licensing.RequirementVersion",
        on_delete=models.PROTECT,
        related_name="periods",
        verbose_name=_("version"),
    )
    scope = models.SlugField(_("scope"), max_length=80)
    valid_from = models.DateField(_("in force from"))
    valid_to = models.DateField(_("in force to, excluded"), null=True, blank=True)
    known_from = models.DateTimeField(_("known from"))
    known_to = models.DateTimeField(_("known to, excluded"), null=True, blank=True)

    objects = models.Manager.from_queryset(InForcePeriodQuerySet)()

    class Meta:
        verbose_name = _("period in force")
        verbose_name_plural = _("periods in force")
        constraints = [
            models.CheckConstraint(
                name="a_period_in_force_has_at_least_a_day",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
            ),
            models.CheckConstraint(
                name="knowledge_of_a_period_ends_after_it_begins",
                condition=Q(known_to__isnull=True) | Q(known_to__gt=F("known_from")),
            ),
            ExclusionConstraint(
                name="at_no_time_were_two_versions_known_in_force_together",
                expressions=[
                    ("scope", RangeOperators.EQUAL),
                    (
                        DateRange("valid_from", "valid_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        InstantRange("known_from", "known_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Another version is in force in this scope on some of these days."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope}: {self.valid_from}"
