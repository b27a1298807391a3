"""Disagreements: what blocked a clause, what conciliation recommends, what is recorded."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords


class Recommendation(models.Model):
    """What a conciliation meeting says about a clause. It never replaces the vote."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, related_name="recommendations"
    )
    clause = models.ForeignKey(
        "negotiation.Clause", on_delete=models.PROTECT, related_name="recommendations"
    )
    wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    no_agreement = models.BooleanField(_("no agreement"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        constraints = [
            models.UniqueConstraint(
                name="a_conciliation_meeting_speaks_once_about_a_clause",
                fields=["meeting", "clause"],
                violation_error_message=_("The meeting has already dealt with this clause."),
            ),
            models.CheckConstraint(
                name="a_recommendation_is_a_wording_or_no_agreement",
                condition=Q(wording__isnull=False, no_agreement=False)
                | Q(wording__isnull=True, no_agreement=True),
                violation_error_message=_(
                    "Either recommend a wording or record that there is no agreement."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.clause_id}"


class DisagreementQuerySet(models.QuerySet["Disagreement"]):
    """Questions about disagreements. Each method narrows; none orders, counts or writes."""

    def unresolved(self) -> Self:
        return self.exclude(state=Disagreement.State.SETTLED)

    def under_discussion(self) -> Self:
        """Keep what is neither settled nor recorded yet."""
        return self.filter(state__in=[Disagreement.State.RAISED, Disagreement.State.CONCILIATION])


class Disagreement(models.Model):
    """A clause on which a ballot found no agreement, and what became of it."""

    class State(models.TextChoices):
        RAISED = "raised", pgettext_lazy("disagreement", "raised")
        CONCILIATION = "conciliation", pgettext_lazy("disagreement", "in conciliation")
        SETTLED = "settled", pgettext_lazy("disagreement", "settled")
        RECORDED = "recorded", pgettext_lazy("disagreement", "recorded")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40)
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="disagreements"
    )
    clause = models.ForeignKey(
        "negotiation.Clause", on_delete=models.PROTECT, related_name="disagreements"
    )
    raised_in = models.ForeignKey(
        "governance.Ballot", on_delete=models.PROTECT, related_name="disagreements_raised"
    )
    raised_at = models.DateTimeField(_("raised"))
    blocking_sides = ArrayField(
        models.CharField(max_length=20), verbose_name=_("sides that did not agree")
    )
    proposing_sides = ArrayField(
        models.CharField(max_length=20), verbose_name=_("sides that proposed"), default=list
    )
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.RAISED)
    confirmed_in = models.ForeignKey(
        "governance.Ballot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    settled_in = models.ForeignKey(
        "governance.Ballot",
        on_delete=models.PROTECT,
        related_name="disagreements_settled",
        null=True,
        blank=True,
    )
    protocol = models.ForeignKey(
        "negotiation.ProtocolOfDisagreements",
        on_delete=models.PROTECT,
        related_name="disagreements",
        null=True,
        blank=True,
    )
    follow_up_ru = models.TextField(_("follow-up in Russian"), blank=True)
    follow_up_en = models.TextField(_("follow-up in English"), blank=True)

    history = HistoricalRecords()
    objects = DisagreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("disagreement")
        verbose_name_plural = _("disagreements")
        constraints = [
            models.UniqueConstraint(
                name="a_disagreement_code_occurs_once_per_matter",
                fields=["matter", "code"],
                violation_error_message=_("The matter already has a disagreement with this code."),
            ),
            models.UniqueConstraint(
                name="a_clause_has_one_unsettled_disagreement",
                fields=["clause"],
                condition=~Q(state="settled"),
                violation_error_message=_("The clause already has an unsettled disagreement."),
            ),
            models.CheckConstraint(
                name="a_disagreement_is_settled_by_a_ballot",
                condition=Q(state="settled", settled_in__isnull=False)
                | ~Q(state="settled") & Q(settled_in__isnull=True),
                violation_error_message=_("Only a ballot settles a disagreement."),
            ),
            models.CheckConstraint(
                name="a_disagreement_names_the_sides_that_did_not_agree",
                condition=Q(blocking_sides__len__gt=0),
                violation_error_message=_("Name the sides that did not agree."),
            ),
        ]

    def __str__(self) -> str:
        return self.code


class DisagreementStatement(models.Model):
    """What a side wants written into the protocol of disagreements. The latest counts."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    disagreement = models.ForeignKey(
        Disagreement, on_delete=models.PROTECT, related_name="statements"
    )
    side = models.ForeignKey("governance.Side", on_delete=models.PROTECT, related_name="+")
    wording_ru = models.TextField(_("wording in Russian"), blank=True)
    wording_en = models.TextField(_("wording in English"), blank=True)
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    stated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    stated_at = models.DateTimeField(_("stated"))

    class Meta:
        verbose_name = _("statement on a disagreement")
        verbose_name_plural = _("statements on a disagreement")
        constraints = [
            models.CheckConstraint(
                name="a_statement_on_a_disagreement_gives_a_reason",
                condition=~Q(reason_ru="", reason_en=""),
                violation_error_message=_("A statement needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.disagreement_id}/{self.side_id}"


class ProtocolOfDisagreements(models.Model):
    """The frozen list of what was not agreed, side by side. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="protocols_of_disagreements"
    )
    meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, related_name="protocols_of_disagreements"
    )
    number = models.CharField(_("number"), max_length=20)
    on = models.DateField(_("date"))
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("digest"), max_length=64)
    drawn_up_at = models.DateTimeField(_("drawn up"))
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("protocol of disagreements")
        verbose_name_plural = _("protocols of disagreements")
        constraints = [
            models.UniqueConstraint(
                name="a_protocol_of_disagreements_is_numbered_once_per_matter",
                fields=["matter", "number"],
                violation_error_message=_(
                    "The matter already has a protocol of disagreements with this number."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ProtocolOfDisagreementsSignature(models.Model):
    """A side signs what the protocol of disagreements says. Never changes."""

    protocol = models.ForeignKey(
        ProtocolOfDisagreements, on_delete=models.PROTECT, related_name="signatures"
    )
    side = models.ForeignKey("governance.Side", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(_("digest"), max_length=64)
    signed_at = models.DateTimeField(_("signed"))

    class Meta:
        verbose_name = _("signature under a protocol of disagreements")
        verbose_name_plural = _("signatures under protocols of disagreements")
        constraints = [
            models.UniqueConstraint(
                name="a_side_signs_a_protocol_of_disagreements_once",
                fields=["protocol", "side"],
                violation_error_message=_("Your side has already signed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id}/{self.side_id}"
