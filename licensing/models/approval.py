"""The ministry's way to an order: visas of its units, the order itself, or one return."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from licensing.models.requirements import RequirementVersion, VersionClause


class VisaUnit(models.Model):
    """A unit whose visa the approving official needs, and the officer who gives it."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    body = models.ForeignKey(
        "governance.Body",
        on_delete=models.PROTECT,
        related_name="visa_units",
        verbose_name=_("body"),
    )
    position = models.PositiveIntegerField(_("position"))
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("officer"),
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to, excluded"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("unit that gives a visa")
        verbose_name_plural = _("units that give visas")
        constraints = [
            models.UniqueConstraint(
                name="visa_units_of_a_body_stand_in_one_order",
                fields=["body", "position"],
                violation_error_message=_("Two units cannot stand in the same place."),
            ),
            models.CheckConstraint(
                name="a_visa_unit_serves_for_at_least_a_day",
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("The period ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


class VisaRequest(models.Model):
    """A visa that the version needs. Fixed when it is submitted: later units are not asked."""

    version = models.ForeignKey(
        RequirementVersion,
        on_delete=models.PROTECT,
        related_name="visa_requests",
        verbose_name=_("version"),
    )
    unit = models.ForeignKey(
        VisaUnit, on_delete=models.PROTECT, related_name="requests", verbose_name=_("unit")
    )
    asked_at = models.DateTimeField(_("asked at"))

    class Meta:
        verbose_name = _("visa asked for")
        verbose_name_plural = _("visas asked for")
        constraints = [
            models.UniqueConstraint(
                name="a_unit_is_asked_once_per_version",
                fields=["version", "unit"],
                violation_error_message=_("The unit was already asked."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.unit_id}"


class Visa(models.Model):
    """What a unit said to one text. The latest counts, and only for the text it names."""

    class Result(models.TextChoices):
        APPROVED = "approved", pgettext_lazy("visa", "approved")
        APPROVED_WITH_REMARK = (
            "approved_with_remark",
            pgettext_lazy("visa", "approved with a remark"),
        )
        NOT_APPROVED = "not_approved", pgettext_lazy("visa", "not approved")

    class RemarkStatus(models.TextChoices):
        TAKEN_NOTE = "taken_note", pgettext_lazy("remark", "taken note of")
        ACCEPTED = "accepted", pgettext_lazy("remark", "accepted")
        REJECTED = "rejected", pgettext_lazy("remark", "rejected")

    GIVEN = (Result.APPROVED, Result.APPROVED_WITH_REMARK)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        RequirementVersion,
        on_delete=models.PROTECT,
        related_name="visas",
        verbose_name=_("version"),
    )
    unit = models.ForeignKey(
        VisaUnit, on_delete=models.PROTECT, related_name="visas", verbose_name=_("unit")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("officer"),
    )
    result = models.CharField(_("result"), max_length=20, choices=Result)
    remark_ru = models.TextField(_("remark in Russian"), blank=True)
    remark_en = models.TextField(_("remark in English"), blank=True)
    remark_status = models.CharField(
        _("fate of the remark"), max_length=10, choices=RemarkStatus, blank=True
    )
    text_sha256 = models.CharField(_("digest of the text seen"), max_length=64)
    given_at = models.DateTimeField(_("given at"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("visa")
        verbose_name_plural = _("visas")
        constraints = [
            models.CheckConstraint(
                name="a_visa_result_is_known",
                condition=Q(result__in=["approved", "approved_with_remark", "not_approved"]),
                violation_error_message=_("This result does not exist."),
            ),
            models.CheckConstraint(
                name="a_visa_with_a_remark_says_it",
                condition=Q(result="approved", remark_ru="", remark_en="", remark_status="")
                | (~Q(result="approved") & ~Q(remark_ru="")),
                violation_error_message=_("Write the remark, or approve without one."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.result}"


class ApprovalReturn(models.Model):
    """The one return of a text to the table, on one of the closed grounds."""

    class Ground(models.TextChoices):
        CONTRADICTION_WITH_LAW = "contradiction_with_law", _("contradiction with law")
        EXPENDITURE_WITHOUT_SOURCE = (
            "expenditure_without_source",
            _("expenditure without a source"),
        )
        PROCEDURAL_DEFECT = "procedural_defect", _("defect of procedure")
        TEXT_INCONSISTENCY = "text_inconsistency", _("inconsistency of the text")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    version = models.ForeignKey(
        RequirementVersion,
        on_delete=models.PROTECT,
        related_name="returns",
        verbose_name=_("version"),
    )
    ground = models.CharField(_("ground"), max_length=30, choices=Ground)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("returned by"),
    )
    returned_at = models.DateTimeField(_("returned at"))

    class Meta:
        verbose_name = _("return for new negotiation")
        verbose_name_plural = _("returns for new negotiation")
        constraints = [
            models.UniqueConstraint(
                name="a_version_is_returned_once",
                fields=["version"],
                violation_error_message=_(
                    "The text was returned once already. A second return is not possible."
                ),
            ),
            models.CheckConstraint(
                name="a_return_rests_on_one_of_the_closed_grounds",
                condition=Q(
                    ground__in=[
                        "contradiction_with_law",
                        "expenditure_without_source",
                        "procedural_defect",
                        "text_inconsistency",
                    ]
                ),
                violation_error_message=_("A text is returned only on one of the closed grounds."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.ground}"


class ReturnReason(models.Model):
    """Why one clause comes back."""

    approval_return = models.ForeignKey(
        ApprovalReturn,
        on_delete=models.PROTECT,
        related_name="reasons",
        verbose_name=_("return"),
    )
    clause = models.ForeignKey(
        VersionClause, on_delete=models.PROTECT, related_name="+", verbose_name=_("clause")
    )
    reason_ru = models.TextField(_("reason in Russian"))
    reason_en = models.TextField(_("reason in English"), blank=True)

    class Meta:
        verbose_name = _("reason for returning a clause")
        verbose_name_plural = _("reasons for returning clauses")
        constraints = [
            models.UniqueConstraint(
                name="a_clause_is_returned_for_one_stated_reason",
                fields=["approval_return", "clause"],
                violation_error_message=_("The reason for this clause was already given."),
            ),
            models.CheckConstraint(
                name="a_returned_clause_carries_a_reason",
                condition=~Q(reason_ru=""),
                violation_error_message=_("Each returned clause needs its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id}"
