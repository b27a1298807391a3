"""People: who can act, under which name, and whether they may sign in.

A person is never deleted. Whoever leaves is blocked or closed; what they did stays
theirs. What a person may *do* is not here: seats, mandates and duties live in
`governance`, and the two global permissions below cover only keeping this list.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

if TYPE_CHECKING:
    import datetime


class DateRange(Func):
    """The half-open period of two date columns, for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about people. Each method narrows; none orders or writes."""

    def active(self) -> Self:
        """Keep those who may sign in today."""
        return self.filter(state=Person.State.ACTIVE)

    def for_demonstration(self) -> Self:
        """Keep those whom the demonstration's sign-in page may offer."""
        return self.active().filter(is_demonstration=True)

    def found_by(self, words: str) -> Self:
        """Keep those whose name or address holds every one of the words."""
        found = self
        for word in words.split():
            found = found.filter(
                Q(name_ru__icontains=word) | Q(name_en__icontains=word) | Q(email__icontains=word)
            )
        return found


class PersonManager(BaseUserManager["Person"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Find people by their address.

    There is no `create_user` and no `create_superuser`: people are registered by
    `accounts.services`, and nobody stands above the rules.
    """

    def get_by_natural_key(self, username: str | None) -> Any:
        """Return the person whose address this is, however it is capitalised."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser, PermissionsMixin):
    """A human being who acts here, or has acted."""

    class State(models.TextChoices):
        """From being known to the system to having left it."""

        REGISTERED = "registered", pgettext_lazy("person", "Registered")
        INVITED = "invited", pgettext_lazy("person", "Invited")
        ACTIVE = "active", pgettext_lazy("person", "Active")
        BLOCKED = "blocked", pgettext_lazy("person", "Blocked")
        CLOSED = "closed", pgettext_lazy("person", "Closed")

    class Language(models.TextChoices):
        """The language of the pages and of the mail that a person receives."""

        RUSSIAN = "ru", "Русский"
        ENGLISH = "en", "English"

    # Sign-ins are sessions, not facts about a person: without this column a visit
    # writes nothing to the row and to its history.
    last_login = None

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), unique=True, null=True, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.RUSSIAN
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REGISTERED
    )
    is_staff = models.BooleanField(_("may read the administration pages"), default=False)
    is_demonstration = models.BooleanField(_("belongs to a demonstration"), default=False)
    registered_at = models.DateTimeField(_("registered at"))
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True)

    history = HistoricalRecords(excluded_fields=["password"])

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("administer", "Can administer people and the installation"),
            ("keep_people", "Can register, rename and invite people"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_person_has_a_name_in_both_languages",
                condition=~Q(name_ru="") & ~Q(name_en=""),
                violation_error_message=_("A person needs a name in Russian and in English."),
            ),
            models.CheckConstraint(
                name="an_address_is_kept_in_small_letters",
                condition=Q(email=None) | (Q(email=Lower("email")) & ~Q(email="")),
                violation_error_message=_("Write the address in small letters."),
            ),
            models.CheckConstraint(
                name="nobody_is_above_the_rules",
                condition=Q(is_superuser=False),
                violation_error_message=_("Nobody here has rights without limits."),
            ),
            models.CheckConstraint(
                name="a_person_state_is_known",
                condition=Q(state__in=["registered", "invited", "active", "blocked", "closed"]),
                violation_error_message=_("This state does not exist."),
            ),
            models.CheckConstraint(
                name="an_invited_person_has_an_address_and_a_time",
                condition=~Q(state="invited")
                | (Q(email__isnull=False) & Q(invited_at__isnull=False)),
                violation_error_message=_("An invitation needs an address."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Whether this person may sign in: sign-in code of Django and allauth asks this."""
        return self.state == self.State.ACTIVE

    def get_full_name(self) -> str:
        """Return the authoritative name; Django and allauth ask for it."""
        return self.name_ru

    def get_short_name(self) -> str:
        """Return the authoritative name: official names have no short form here."""
        return self.name_ru


class PersonNameQuerySet(models.QuerySet["PersonName"]):
    """Questions about names."""

    def on(self, day: datetime.date) -> Self:
        """Keep the names borne on a day."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class PersonName(models.Model):
    """A name and the days on which it was borne.

    Papers of last year show last year's name, so names are never overwritten.
    """

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="names", verbose_name=_("person")
    )
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    valid_from = models.DateField(_("borne from"))
    valid_to = models.DateField(_("borne until, excluded"), null=True, blank=True)

    objects = models.Manager.from_queryset(PersonNameQuerySet)()

    class Meta:
        verbose_name = _("name of a person")
        verbose_name_plural = _("names of people")
        constraints = [
            models.CheckConstraint(
                name="a_name_is_borne_for_at_least_a_day",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                violation_error_message=_("A name ends after it begins."),
            ),
            ExclusionConstraint(
                name="a_person_bears_one_name_at_a_time",
                expressions=[
                    (
                        DateRange("valid_from", "valid_to", RangeBoundary()),
                        RangeOperators.OVERLAPS,
                    ),
                    ("person", RangeOperators.EQUAL),
                ],
                violation_error_message=_("The person already bears a name on these days."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru
