"""Applications for a module permit, each pinned to the version it is judged by."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from licensing.models.requirements import RequirementSet, RequirementVersion


class PermitApplication(models.Model):
    """A request for a module permit, from filing to acceptance for consideration.

    The version is that in force on the day of acceptance, and stays, whatever enters into
    force later – unless the applicant chooses a published new version, as a whole. Then no
    decision may be taken before that version is in force.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("number"), max_length=40, unique=True)
    requirement_set = models.ForeignKey(
        RequirementSet,
        on_delete=models.PROTECT,
        related_name="applications",
        verbose_name=_("requirements applied under"),
    )
    applicant = models.ForeignKey(
        "governance.Organisation",
        on_delete=models.PROTECT,
        related_name="permit_applications",
        verbose_name=_("applicant"),
    )
    filed_at = models.DateTimeField(_("filed at"))
    filed_on = models.DateField(_("filed on"))
    accepted_at = models.DateTimeField(_("accepted for consideration at"), null=True, blank=True)
    accepted_on = models.DateField(_("accepted on"), null=True, blank=True)
    version = models.ForeignKey(
        RequirementVersion,
        on_delete=models.PROTECT,
        related_name="applications",
        null=True,
        blank=True,
        verbose_name=_("judged by"),
    )
    chose_new_version = models.BooleanField(_("chose the new version as a whole"), default=False)
    chosen_at = models.DateTimeField(_("chosen at"), null=True, blank=True)
    not_before = models.DateField(_("no decision before"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("application for a module permit")
        verbose_name_plural = _("applications for module permits")
        constraints = [
            models.CheckConstraint(
                name="an_accepted_application_is_pinned_to_a_version",
                condition=Q(
                    accepted_at__isnull=True, accepted_on__isnull=True, version__isnull=True
                )
                | Q(accepted_at__isnull=False, accepted_on__isnull=False, version__isnull=False),
                violation_error_message=_("Acceptance pins the version, and only acceptance."),
            ),
            models.CheckConstraint(
                name="an_application_is_accepted_after_it_is_filed",
                condition=Q(accepted_at__isnull=True) | Q(accepted_at__gte=F("filed_at")),
                violation_error_message=_("An application is filed before it is accepted."),
            ),
            models.CheckConstraint(
                name="a_chosen_version_defers_the_decision",
                condition=Q(
                    chose_new_version=False, chosen_at__isnull=True, not_before__isnull=True
                )
                | Q(
                    chose_new_version=True,
                    chosen_at__isnull=False,
                    not_before__isnull=False,
                    version__isnull=False,
                ),
                violation_error_message=_(
                    "Under a chosen new version no decision is taken before it is in force."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.code
