"""The charter of a body: data with versions, pinned by whatever is opened under it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
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
    draft = models.OneToOneField(
        "CharterDraft", on_delete=models.PROTECT, related_name="version", null=True, blank=True
    )

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


class CharterDraftQuerySet(models.QuerySet["CharterDraft"]):
    """Questions about drafts. Each method narrows."""

    def standing(self) -> Self:
        """Keep the drafts that may still become an edition."""
        return self.filter(withdrawn_at=None, version=None).exclude(
            questions__ballot__state="certified"
        )


class CharterDraft(models.Model):
    """A proposed edition of a body's charter: written, put to the vote, adopted or not.

    INVARIANT: once put to the vote its text does not change, and `sha256` is what is voted. A
    draft that was voted down stays so: another proposal is another draft (migration 0007).
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="charter_drafts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="charter_drafts"
    )
    based_on = models.ForeignKey(
        CharterVersion, on_delete=models.PROTECT, related_name="drafts", null=True, blank=True
    )
    template = models.CharField(_("template"), max_length=60, blank=True)
    document_ru = models.CharField(_("document in Russian"), max_length=300)
    document_en = models.CharField(_("document in English"), max_length=300, blank=True)
    reasons_ru = models.TextField(_("why, in Russian"), blank=True)
    reasons_en = models.TextField(_("why, in English"), blank=True)
    rules = models.JSONField(_("decision rules"))
    procedure = models.JSONField(_("procedure"))
    effective_from = models.DateField(_("in force from"))
    sha256 = models.CharField(_("digest of the text"), max_length=64)
    begun_at = models.DateTimeField(_("begun at"))
    changed_at = models.DateTimeField(_("changed at"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = CharterDraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft of a charter")
        verbose_name_plural = _("drafts of charters")
        constraints = [
            models.CheckConstraint(
                name="a_draft_charter_has_a_russian_name",
                condition=~Q(document_ru=""),
                violation_error_message=_("Name the document in Russian."),
            ),
            models.CheckConstraint(
                name="a_draft_charter_changes_after_it_is_begun",
                condition=Q(changed_at__gte=models.F("begun_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.document_ru

    def text(self) -> dict[str, Any]:
        """Return all that is voted on: names, rules, procedure, the day of effect."""
        return {
            "document_ru": self.document_ru,
            "document_en": self.document_en,
            "rules": self.rules,
            "procedure": self.procedure,
            "effective_from": self.effective_from.isoformat(),
        }


class CharterQuestion(models.Model):
    """A draft put to the vote in one ballot. Rows are only added."""

    draft = models.ForeignKey(CharterDraft, on_delete=models.PROTECT, related_name="questions")
    ballot = models.OneToOneField(
        "Ballot", on_delete=models.PROTECT, related_name="charter_question"
    )
    put_at = models.DateTimeField(_("put at"))

    class Meta:
        verbose_name = _("question about a charter")
        verbose_name_plural = _("questions about charters")

    def __str__(self) -> str:
        return f"{self.draft_id}: {self.ballot_id}"
