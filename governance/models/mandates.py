"""Mandates – the papers that let a person act for a seat – and the checks made of them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .bodies import Seat
from .organisations import Organisation
from .periods import last_day, on

if TYPE_CHECKING:
    import datetime


class MandateQuerySet(models.QuerySet["Mandate"]):
    """Questions about mandates. Each method narrows.

    None of them says that a mandate is valid: that is judged at the instant of an act
    by `governance.authority`, from the row and its parents.
    """

    def on(self, day: datetime.date) -> Self:
        """Keep those whose own dates cover a day."""
        return self.filter(on(day))

    def of(self, person: object) -> Self:
        """Keep those of one representative."""
        return self.filter(person=person)


class Mandate(models.Model):
    """An authority to act for a seat: from whom, until when, for which acts.

    A mandate without a date of issue is kept – the paper exists – and is never usable;
    one without a term ends a year after its issue (both: ГК 186 п. 1).
    """

    class Kind(models.TextChoices):
        """The form of the document."""

        ORDER = "order", pgettext_lazy("mandate", "Order")
        POWER_OF_ATTORNEY = "power_of_attorney", pgettext_lazy("mandate", "Power of attorney")
        MCHD = "mchd", pgettext_lazy("mandate", "Machine-readable power of attorney")
        DELEGATION_DECISION = (
            "delegation_decision",
            pgettext_lazy("mandate", "Decision to delegate"),
        )
        SUBSTITUTION = "substitution", pgettext_lazy("mandate", "Substitution")
        APPOINTMENT = "appointment", pgettext_lazy("mandate", "Personal appointment")

    class Scope(models.TextChoices):
        """What a mandate may allow."""

        VOTE = "vote", pgettext_lazy("power", "vote")
        VOTE_IN_ABSENCE = (
            "vote_in_absence_of_coordinator",
            pgettext_lazy("power", "vote in the absence of the coordinator"),
        )
        NEGOTIATE = "negotiate", pgettext_lazy("power", "negotiate")
        SIGN = "sign", pgettext_lazy("power", "sign")
        SUBSTITUTE = "substitute", pgettext_lazy("power", "name a substitute")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="mandates")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mandates"
    )
    principal = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="mandates", null=True, blank=True
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    document_ru = models.CharField(_("document in Russian"), max_length=300)
    document_en = models.CharField(_("document in English"), max_length=300, blank=True)
    document = models.FileField(_("file"), upload_to="mandates/%Y/", blank=True)
    document_sha256 = models.CharField(_("digest of the file"), max_length=64, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until, excluded"), null=True, blank=True)
    scope = ArrayField(
        models.CharField(max_length=40, choices=Scope.choices), verbose_name=_("scope")
    )
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="substitutions", null=True, blank=True
    )
    revoked_on = models.DateField(_("revoked from"), null=True, blank=True)
    revocation_known_at = models.DateTimeField(_("revocation known at"), null=True, blank=True)
    note_ru = models.CharField(_("note in Russian"), max_length=300, blank=True)
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = MandateQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandate")
        verbose_name_plural = _("mandates")
        constraints = [
            models.CheckConstraint(
                name="a_mandate_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("The mandate ends before it begins."),
            ),
            models.CheckConstraint(
                name="a_mandate_names_its_document",
                condition=~Q(document_ru="") & ~Q(code=""),
                violation_error_message=_("Name the document in Russian and give it a code."),
            ),
            models.CheckConstraint(
                name="a_mandate_allows_something",
                condition=Q(scope__len__gt=0),
                violation_error_message=_("Choose at least one act that the mandate allows."),
            ),
            models.CheckConstraint(
                name="a_substitution_rests_on_another_mandate",
                condition=(Q(kind="substitution") & Q(parent__isnull=False))
                | (~Q(kind="substitution") & Q(parent__isnull=True)),
                violation_error_message=_(
                    "A substitution, and only a substitution, names the mandate it rests on."
                ),
            ),
            models.CheckConstraint(
                name="only_a_personal_appointment_has_no_principal",
                condition=Q(kind="appointment", principal__isnull=True)
                | (~Q(kind="appointment") & Q(principal__isnull=False)),
                violation_error_message=_(
                    "Name the organisation represented; only a personal appointment has none."
                ),
            ),
            models.CheckConstraint(
                name="a_revocation_says_when_it_became_known",
                condition=Q(revoked_on=None, revocation_known_at=None)
                | Q(revoked_on__isnull=False, revocation_known_at__isnull=False),
                violation_error_message=_("A revocation has a date and a time of notice."),
            ),
            models.CheckConstraint(
                name="a_stored_document_has_its_digest",
                condition=(Q(document="") & Q(document_sha256=""))
                | (~Q(document="") & ~Q(document_sha256="")),
                violation_error_message=_("A file is kept together with its digest."),
            ),
        ]

    def __str__(self) -> str:
        return self.document_ru

    @property
    def last_day(self) -> datetime.date | None:
        """The last day stated in the document."""
        return last_day(self.valid_to)

    @property
    def scope_labels(self) -> list[str]:
        """What it allows, in words."""
        return [str(self.Scope(power).label) for power in self.scope]

    @property
    def is_personal(self) -> bool:
        """Whether it names a person and not a representative: never delegable."""
        return self.kind == self.Kind.APPOINTMENT


class AuthorityCheck(models.Model):
    """What was found when a person's authority was checked, at the instant of the act.

    INVARIANT: never changed. A later discovery is a `Challenge` of the vote, not a new
    answer to an old question.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="authority_checks"
    )
    action = models.CharField(_("act"), max_length=20)
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="authority_checks", null=True, blank=True
    )
    mandate = models.ForeignKey(
        Mandate, on_delete=models.PROTECT, related_name="checks", null=True, blank=True
    )
    checked_at = models.DateTimeField(_("checked at"))
    result = models.CharField(_("result"), max_length=40)
    evidence = models.JSONField(_("evidence"))

    class Meta:
        verbose_name = _("check of authority")
        verbose_name_plural = _("checks of authority")

    def __str__(self) -> str:
        return f"{self.action}: {self.result}"
