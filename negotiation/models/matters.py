"""Matters and their rounds of comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from governance.models import Appointment, Body, SeatHolding

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person


class MatterQuerySet(models.QuerySet["Matter"]):
    """Questions about matters. Each method narrows; none orders, counts or writes."""

    def visible_to(self, person: Person) -> Self:
        """Keep the matters of bodies the person belongs to.

        A draft that was not circulated is the table's own: whoever has only a
        consultative voice sees it from the circulation on.
        """
        seats = SeatHolding.objects.filter(person=person, seat__body=OuterRef("body"))
        duties = Appointment.objects.filter(person=person, body=OuterRef("body")).exclude(
            role=Appointment.Role.CONSULTATIVE
        )
        return self.filter(body__in=Body.objects.visible_to(person)).filter(
            ~Q(state=Matter.State.REGISTERED) | Exists(seats) | Exists(duties)
        )

    def with_progress(self) -> Self:
        """Count, beside each matter, its clauses, those agreed and those in disagreement."""
        numbered = Q(document__clauses__kind="clause") & ~Q(document__clauses__state="deleted")
        clause = "document__clauses"
        agreed = Q(document__clauses__state__in=["agreed", "mirrored"])
        return self.annotate(
            clauses_total=Count(clause, filter=numbered),
            clauses_agreed=Count(clause, filter=numbered & agreed),
            clauses_not_agreed=Count(
                clause, filter=numbered & Q(document__clauses__state="not_agreed")
            ),
        )

    def at_the_table(self) -> Self:
        """Keep those whose text may still change."""
        return self.filter(state__in=Matter.AT_THE_TABLE)

    def agreed(self) -> Self:
        """Keep those that wait for the approving official."""
        return self.filter(state__in=Matter.AGREED)


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions about rounds. Each method narrows; none orders, counts or writes."""

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def taking_comments(self, instant: datetime) -> Self:
        """Keep the rounds whose deadline for comments is ahead."""
        return self.open().filter(opens_at__lte=instant, closes_at__gt=instant)


class Matter(models.Model):
    """What is to be decided, by which body, under which edition of its charter."""

    class State(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("matter", "registered")
        IN_CIRCULATION = "in_circulation", pgettext_lazy("matter", "in circulation")
        NEGOTIATING = "negotiating", pgettext_lazy("matter", "under negotiation")
        AGREED_WHOLE = "agreed_whole", pgettext_lazy("matter", "agreed as a whole")
        AGREED_PARTLY = "agreed_partly", pgettext_lazy("matter", "agreed in part")
        NOT_AGREED = "not_agreed", pgettext_lazy("matter", "not agreed")
        APPROVED = "approved", pgettext_lazy("matter", "approved")
        RETURNED = "returned", pgettext_lazy("matter", "returned")
        PUBLISHED = "published", pgettext_lazy("matter", "published")
        IN_FORCE = "in_force", pgettext_lazy("matter", "in force")
        WITHDRAWN = "withdrawn", pgettext_lazy("matter", "withdrawn")

    class LegalBasis(models.TextChoices):
        NETWORK_AGREEMENT = "network_agreement", _("network agreement")
        FOUNDER_ORDER = "founder_order", _("order of the founder")
        FUNDING_CONDITION = "funding_condition", _("condition of funding")
        PPA_CRITERIA = "ppa_criteria", _("criteria of professional-public accreditation")

    AT_THE_TABLE = (
        State.IN_CIRCULATION,
        State.NEGOTIATING,
        State.NOT_AGREED,
        State.RETURNED,
    )
    """States in which the text may still change."""

    AGREED = (State.AGREED_WHOLE, State.AGREED_PARTLY)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    body = models.ForeignKey("governance.Body", on_delete=models.PROTECT, related_name="matters")
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    initiator_side = models.ForeignKey(
        "governance.Side", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    legal_basis = models.CharField(_("legal basis"), max_length=30, choices=LegalBasis)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.REGISTERED)
    charter_version = models.ForeignKey(
        "governance.CharterVersion",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    registered_at = models.DateTimeField(_("registered"))
    opened_at = models.DateTimeField(_("negotiations opened"), null=True, blank=True)
    decided_in = models.ForeignKey(
        "governance.Ballot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    history = HistoricalRecords()
    objects = MatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        constraints = [
            models.CheckConstraint(
                name="an_open_matter_has_its_charter_pinned_and_an_initiator",
                condition=(
                    Q(opened_at__isnull=True, charter_version__isnull=True)
                    | Q(
                        opened_at__isnull=False,
                        charter_version__isnull=False,
                        initiator_side__isnull=False,
                    )
                ),
                violation_error_message=_(
                    "Negotiations open on the initiative of a side and under a pinned charter."
                ),
            ),
            models.CheckConstraint(
                name="an_agreed_matter_names_the_ballot_on_the_whole",
                condition=(
                    ~Q(
                        state__in=[
                            "agreed_whole",
                            "agreed_partly",
                            "approved",
                            "published",
                            "in_force",
                        ]
                    )
                    | Q(decided_in__isnull=False)
                ),
                violation_error_message=_("A matter is agreed by a ballot on the whole."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        """The name of the matter's stream in the record."""
        return f"matter:{self.uid}"

    @property
    def is_at_the_table(self) -> bool:
        return self.state in self.AT_THE_TABLE


class Round(models.Model):
    """A period of comments on one revision. Both deadlines are excluded instants."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField(_("number"))
    revision = models.OneToOneField(
        "negotiation.Revision", on_delete=models.PROTECT, related_name="round"
    )
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("comments are taken until"))
    sub_amendments_until = models.DateTimeField(_("sub-amendments are taken until"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    history = HistoricalRecords()
    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        constraints = [
            models.UniqueConstraint(
                name="rounds_of_a_matter_are_numbered_without_repetition",
                fields=["matter", "number"],
                violation_error_message=_("The matter already has a round with this number."),
            ),
            models.UniqueConstraint(
                name="a_matter_has_one_open_round",
                fields=["matter"],
                condition=Q(closed_at=None),
                violation_error_message=_("The matter already has an open round."),
            ),
            models.CheckConstraint(
                name="a_round_opens_before_it_closes_and_sub_amendments_follow",
                condition=Q(closes_at__gt=F("opens_at"))
                & Q(sub_amendments_until__gte=F("closes_at")),
                violation_error_message=_(
                    "The comment period ends after it begins, and sub-amendments are taken "
                    "at least as long."
                ),
            ),
            models.CheckConstraint(
                name="a_round_is_closed_after_its_deadline_for_comments",
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("closes_at")),
                violation_error_message=_("Comments are still being taken."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id}/{self.number}"
