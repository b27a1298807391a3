"""Organisations, the names they bore, and the people who belong to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from .periods import ends_after_it_begins, on, one_at_a_time

if TYPE_CHECKING:
    import datetime


class Organisation(models.Model):
    """A legal person that sends people to a table, or is bound by what the table decides."""

    class Kind(models.TextChoices):
        """What kind of organisation this is."""

        EXECUTIVE_AUTHORITY = "executive_authority", _("Executive authority")
        OPERATOR = "operator", _("Network operator")
        TRANSITION_OPERATOR = "transition_operator", _("Transition-period operator")
        VOCATIONAL_INSTITUTION = "vocational_institution", _("Vocational institution")
        SCHOOL = "school", _("School")
        UNIVERSITY = "university", _("University")
        EMPLOYER = "employer", _("Employer")
        EMPLOYERS_ASSOCIATION = "employers_association", _("Employers' association")
        PUBLIC_ORGANISATION = "public_organisation", _("Public organisation")
        TRADE_UNION = "trade_union", _("Trade union")
        EXPERT_ORGANISATION = "expert_organisation", _("Expert organisation")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    town = models.CharField(_("town"), max_length=100, blank=True)
    affiliation_group = models.CharField(
        _("group of persons"),
        max_length=40,
        blank=True,
        help_text=_("Organisations of one group count once among independent employers."),
    )
    is_fictional = models.BooleanField(_("invented for a demonstration"), default=False)
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                name="an_organisation_has_a_code_and_a_russian_name",
                condition=~Q(code="") & ~Q(name_ru=""),
                violation_error_message=_("An organisation needs a code and a name in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


class OrganisationNameQuerySet(models.QuerySet["OrganisationName"]):
    """Questions about names of organisations."""

    def on(self, day: datetime.date) -> Self:
        """Keep the names borne on a day."""
        return self.filter(on(day))


class OrganisationName(models.Model):
    """A name and the days on which it was borne. Old papers keep the old name."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="names")
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)
    valid_from = models.DateField(_("borne from"))
    valid_to = models.DateField(_("borne until, excluded"), null=True, blank=True)

    objects = OrganisationNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of an organisation")
        verbose_name_plural = _("names of organisations")
        constraints = [
            ends_after_it_begins(
                "an_organisation_bears_a_name_for_at_least_a_day",
                _("A name ends after it begins."),
            ),
            one_at_a_time(
                "organisation",
                name="an_organisation_bears_one_name_at_a_time",
                message=_("The organisation already bears a name on these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    """Questions about affiliations."""

    def on(self, day: datetime.date) -> Self:
        """Keep the affiliations that hold on a day."""
        return self.filter(on(day))


class Affiliation(models.Model):
    """Where a person works or whom a person belongs to, and as what.

    Without an organisation it states the position of an independent person. It gives
    no authority: that is what mandates are for.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="affiliations"
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="affiliations",
        null=True,
        blank=True,
    )
    position_ru = models.CharField(_("position in Russian"), max_length=300)
    position_en = models.CharField(_("position in English"), max_length=300, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until, excluded"), null=True, blank=True)

    history = HistoricalRecords()
    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        verbose_name_plural = _("affiliations")
        constraints = [
            ends_after_it_begins(
                "an_affiliation_lasts_at_least_a_day", _("The period ends before it begins.")
            ),
            models.CheckConstraint(
                name="an_affiliation_names_a_position",
                condition=~Q(position_ru=""),
                violation_error_message=_("Name the position in Russian."),
            ),
            one_at_a_time(
                "person",
                "organisation",
                name="a_person_holds_one_position_in_an_organisation_at_a_time",
                message=_("The person already holds a position there on these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.position_ru
