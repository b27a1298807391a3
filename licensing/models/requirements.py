"""Requirement sets and their versions.

INVARIANT: the text of a version is the text that was voted. Once a version is sealed neither
its digest nor a clause of it changes; the database recomputes the digest at the seal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from governance.models.periods import one_at_a_time
from licensing.models.periods import InForcePeriod

if TYPE_CHECKING:
    import datetime


class RequirementSet(models.Model):
    """Requirements for one scope, whatever their version.

    `scope` says what the requirements are about; a successor that replaces another set
    has the same scope, and in one scope one version is in force at a time.
    """

    class LegalBasis(models.TextChoices):
        NETWORK_AGREEMENT = "network_agreement", _("network agreement")
        FOUNDER_ORDER = "founder_order", _("order of the founder")
        FUNDING_CONDITION = "funding_condition", _("condition of funding")
        PPA_CRITERIA = "ppa_criteria", _("criteria of professional-public accreditation")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    scope = models.SlugField(_("scope"), max_length=80)
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=30, choices=LegalBasis)
    body = models.ForeignKey(
        "governance.Body",
        on_delete=models.PROTECT,
        related_name="requirement_sets",
        verbose_name=_("body"),
    )
    matter = models.OneToOneField(
        "negotiation.Matter",
        on_delete=models.PROTECT,
        related_name="requirement_set",
        null=True,
        blank=True,
        verbose_name=_("matter"),
    )
    predecessor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="successors",
        null=True,
        blank=True,
        verbose_name=_("predecessor"),
    )
    registered_at = models.DateTimeField(_("registered at"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("requirement set")
        verbose_name_plural = _("requirement sets")
        constraints = [
            models.CheckConstraint(
                name="a_requirement_set_has_a_scope",
                condition=~Q(scope=""),
                violation_error_message=_("Say what the requirements are about."),
            ),
            models.CheckConstraint(
                name="a_requirement_set_does_not_precede_itself",
                condition=Q(predecessor__isnull=True) | ~Q(predecessor=F("id")),
                violation_error_message=_("A set of requirements cannot replace itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class RequirementVersionQuerySet(models.QuerySet["RequirementVersion"]):
    """Questions about versions. Each method narrows; none orders, counts or writes."""

    def in_force(
        self, scope: str, on: datetime.date, *, known_at: datetime.datetime | None = None
    ) -> Self:
        """Keep what is in force in a scope on a day, as known now or at an earlier instant."""
        periods = InForcePeriod.objects.filter(version=OuterRef("pk"), scope=scope).covering(on)
        periods = periods.current() if known_at is None else periods.known_at(known_at)
        return self.filter(Exists(periods))

    def awaiting_order(self) -> Self:
        """Keep those that lie before the approving official."""
        return self.filter(state=RequirementVersion.State.LEGAL_REVIEW)

    def public(self) -> Self:
        """Keep what everybody may read: what was published, now or in the past."""
        return self.filter(state__in=RequirementVersion.PUBLIC)


class RequirementVersion(models.Model):
    """One text of a set: adopted at the table and approved by order, or taken over from paper.

    `in_force_to` is the first day on which the version is no longer in force;
    `existing_permits_until` is the last day on which permits under the version that this one
    replaces still stand.
    """

    class State(models.TextChoices):
        LEGAL_REVIEW = "legal_review", pgettext_lazy("version", "before the approving official")
        APPROVED = "approved", pgettext_lazy("version", "approved")
        RETURNED = "returned", pgettext_lazy("version", "returned")
        PUBLISHED = "published", pgettext_lazy("version", "published")
        IN_FORCE = "in_force", pgettext_lazy("version", "in force")
        TRANSITION = "transition", pgettext_lazy("version", "replaced, with a transition period")
        SUPERSEDED = "superseded", pgettext_lazy("version", "superseded")

    class Completeness(models.TextChoices):
        WHOLE = "whole", pgettext_lazy("version", "agreed as a whole")
        PARTLY = "partly", pgettext_lazy("version", "agreed in part")
        TRANSCRIBED = "transcribed", pgettext_lazy("version", "transcribed from a document")

    ORDERED = (
        State.APPROVED,
        State.PUBLISHED,
        State.IN_FORCE,
        State.TRANSITION,
        State.SUPERSEDED,
    )
    """States that only an order leads to."""

    PUBLIC = (State.PUBLISHED, State.IN_FORCE, State.TRANSITION, State.SUPERSEDED)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    requirement_set = models.ForeignKey(
        RequirementSet,
        on_delete=models.PROTECT,
        related_name="versions",
        verbose_name=_("requirement set"),
    )
    scope = models.SlugField(_("scope"), max_length=80)
    label = models.CharField(_("label"), max_length=20)
    completeness = models.CharField(_("completeness"), max_length=12, choices=Completeness)
    revision = models.ForeignKey(
        "negotiation.Revision",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("revision"),
    )
    text_sha256 = models.CharField(_("digest of the text"), max_length=64)
    is_sealed = models.BooleanField(_("is sealed"), default=False)
    excluded_clauses = ArrayField(
        models.CharField(max_length=20),
        default=list,
        blank=True,
        verbose_name=_("clauses left out for want of agreement"),
    )
    adopted_in = models.ForeignKey(
        "governance.Ballot",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("adopted in"),
    )
    resubmission_of = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="resubmitted_as",
        null=True,
        blank=True,
        verbose_name=_("submitted anew after a return"),
    )
    document_ru = models.CharField(_("document in Russian"), max_length=500, blank=True)
    document_en = models.CharField(_("document in English"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.LEGAL_REVIEW)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    decide_by = models.DateField(_("order due on"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("approved by"),
    )
    approved_at = models.DateTimeField(_("approved at"), null=True, blank=True)
    order_number = models.CharField(_("number of the order"), max_length=100, blank=True)
    order_text_sha256 = models.CharField(
        _("digest of the text of the order"), max_length=64, blank=True
    )
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    in_force_to = models.DateField(_("in force to, excluded"), null=True, blank=True)
    existing_permits_until = models.DateField(
        _("permits under the earlier version stand until"), null=True, blank=True
    )

    history = HistoricalRecords()
    objects = models.Manager.from_queryset(RequirementVersionQuerySet)()

    class Meta:
        verbose_name = _("requirement version")
        verbose_name_plural = _("requirement versions")
        constraints = [
            models.UniqueConstraint(
                name="a_version_label_occurs_once_per_set",
                fields=["requirement_set", "label"],
                violation_error_message=_("The set already has a version with this label."),
            ),
            models.UniqueConstraint(
                name="one_version_of_a_set_awaits_its_order",
                fields=["requirement_set"],
                condition=Q(state="legal_review"),
                violation_error_message=_("Another version of the set awaits its order."),
            ),
            models.CheckConstraint(
                name="a_version_state_is_known",
                condition=Q(
                    state__in=[
                        "legal_review",
                        "approved",
                        "returned",
                        "published",
                        "in_force",
                        "transition",
                        "superseded",
                    ]
                ),
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                name="a_version_was_adopted_or_transcribed",
                condition=(
                    Q(adopted_in__isnull=False, submitted_at__isnull=False, decide_by__isnull=False)
                    & ~Q(completeness="transcribed")
                )
                | (
                    Q(
                        adopted_in__isnull=True,
                        submitted_at__isnull=True,
                        completeness="transcribed",
                    )
                    & ~Q(document_ru="")
                    & ~Q(state__in=["legal_review", "approved", "returned"])
                ),
                violation_error_message=_(
                    "A version comes from a ballot on the whole or from a named document."
                ),
            ),
            models.CheckConstraint(
                name="the_order_is_on_the_very_text_that_was_voted",
                condition=Q(order_text_sha256="") | Q(order_text_sha256=F("text_sha256")),
                violation_error_message=_("The order is on another text than the one voted."),
            ),
            models.CheckConstraint(
                name="an_adopted_version_is_approved_by_an_order",
                condition=~Q(
                    state__in=["approved", "published", "in_force", "transition", "superseded"]
                )
                | Q(adopted_in__isnull=True)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(order_number="")
                    & ~Q(order_text_sha256="")
                ),
                violation_error_message=_("Only an order approves a version."),
            ),
            models.CheckConstraint(
                name="a_version_enters_into_force_after_publication",
                condition=~Q(state__in=["published", "in_force", "transition", "superseded"])
                | Q(in_force_from__isnull=False)
                & (Q(published_at__isnull=False) | Q(adopted_in__isnull=True)),
                violation_error_message=_(
                    "Publication and the day of entry into force are missing."
                ),
            ),
            models.CheckConstraint(
                name="a_version_is_in_force_for_at_least_a_day",
                condition=Q(in_force_to__isnull=True) | Q(in_force_to__gt=F("in_force_from")),
                violation_error_message=_("A version ends after it begins."),
            ),
            models.CheckConstraint(
                name="earlier_permits_stand_until_the_version_is_in_force",
                condition=Q(existing_permits_until__isnull=True)
                | Q(existing_permits_until__gte=F("in_force_from")),
                violation_error_message=_(
                    "The transition period cannot end before the version is in force."
                ),
            ),
            one_at_a_time(
                "scope",
                name="one_version_is_in_force_per_scope_and_day",
                message=_("Another version is in force in this scope on some of these days."),
                condition=Q(in_force_from__isnull=False),
                starts="in_force_from",
                ends="in_force_to",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_transcribed(self) -> bool:
        """Whether the version was taken over from a document and not adopted at the table."""
        return self.completeness == self.Completeness.TRANSCRIBED


class VersionClause(models.Model):
    """One clause as it stands in a version, copied so that the version reads by itself."""

    version = models.ForeignKey(
        RequirementVersion,
        on_delete=models.PROTECT,
        related_name="clauses",
        verbose_name=_("version"),
    )
    position = models.PositiveIntegerField(_("position"))
    number = models.CharField(_("number"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20)
    origin = models.CharField(_("origin"), max_length=20)
    section_number = models.CharField(_("number of the section"), max_length=20, blank=True)
    section_title_ru = models.CharField(_("section in Russian"), max_length=500, blank=True)
    section_title_en = models.CharField(_("section in English"), max_length=500, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=500, blank=True)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"), blank=True)
    terms = models.JSONField(_("terms"), default=dict, blank=True)
    wording = models.ForeignKey(
        "negotiation.Wording",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("wording"),
    )
    sha256 = models.CharField(_("digest"), max_length=64)

    class Meta:
        verbose_name = _("clause of a version")
        verbose_name_plural = _("clauses of a version")
        constraints = [
            models.UniqueConstraint(
                name="clauses_of_a_version_stand_in_one_order",
                fields=["version", "position"],
                violation_error_message=_("Two clauses cannot stand in the same place."),
            ),
            models.UniqueConstraint(
                name="a_clause_number_occurs_once_per_version",
                fields=["version", "number"],
                condition=~Q(number=""),
                violation_error_message=_("The version already has a clause with this number."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
