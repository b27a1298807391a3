"""Bodies, their sides and seats, who holds a seat, and who serves the body."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from accounts import grants

from .periods import ends_after_it_begins, last_day, on, one_at_a_time

if TYPE_CHECKING:
    import datetime


class BodyQuerySet(models.QuerySet["Body"]):
    """Questions about bodies. Each method narrows; none orders or writes."""

    def visible_to(self, person: Any) -> Self:
        """Keep the bodies on which the person has a seat, a mandate or a duty."""
        return self.filter(pk__in=grants.narrow(self, person, "governance.view_body").values("pk"))


class Body(models.Model):
    """A table at which several sides decide together."""

    class Kind(models.TextChoices):
        """What a body is for; its charter says how it decides."""

        NEGOTIATION_TABLE = "negotiation_table", _("Negotiation table")
        PERMIT_COMMISSION = "permit_commission", _("Permit commission")
        EXPERT_GROUP = "expert_group", _("Expert group")
        NODE_COUNCIL = "node_council", _("Node council")
        NETWORK_COUNCIL = "network_council", _("Network council")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind.choices)
    name_ru = models.CharField(_("name in Russian"), max_length=300)
    name_en = models.CharField(_("name in English"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                name="a_body_has_a_code_and_a_russian_name",
                condition=~Q(code="") & ~Q(name_ru=""),
                violation_error_message=_("A body needs a code and a name in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru

    @property
    def stream(self) -> str:
        """The stream of the record in which this body's acts stand."""
        return f"body:{self.uid}"

    def streams(self) -> list[str]:
        """Return all the streams in which its acts stand: its own, and those of its seats."""
        return [self.stream, *(seat.stream for seat in Seat.objects.filter(body=self).only("uid"))]


class Side(models.Model):
    """One of the sides of a body. Sides are equal whatever their head-count."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="sides")
    code = models.CharField(_("code"), max_length=20)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("order"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("side")
        verbose_name_plural = _("sides")
        constraints = [
            models.UniqueConstraint(
                name="a_side_code_occurs_once_in_a_body",
                fields=["body", "code"],
                violation_error_message=_("The body already has a side with this code."),
            ),
            models.UniqueConstraint(
                name="sides_of_a_body_stand_in_one_order",
                fields=["body", "position"],
                violation_error_message=_("Another side already stands at this place."),
            ),
            models.CheckConstraint(
                name="a_side_has_a_code_and_a_russian_name",
                condition=~Q(code="") & ~Q(name_ru=""),
                violation_error_message=_("A side needs a code and a name in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_ru


class Seat(models.Model):
    """A numbered place on a side. The seat votes; people hold it for a time."""

    class Duty(models.TextChoices):
        """What the holder of the seat does for the side."""

        COORDINATOR = "coordinator", _("coordinator of the side")
        DEPUTY = "deputy", _("deputy coordinator of the side")
        MEMBER = "member", _("member of the side")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.ForeignKey(Side, on_delete=models.PROTECT, related_name="seats")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="seats", editable=False)
    code = models.CharField(_("code"), max_length=20)
    number = models.PositiveSmallIntegerField(_("number"))
    duty = models.CharField(_("duty"), max_length=12, choices=Duty.choices)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                name="a_seat_code_occurs_once_in_a_body",
                fields=["body", "code"],
                violation_error_message=_("The body already has a seat with this code."),
            ),
            models.UniqueConstraint(
                name="a_seat_number_occurs_once_on_a_side",
                fields=["side", "number"],
                violation_error_message=_("The side already has a seat with this number."),
            ),
            models.UniqueConstraint(
                name="a_side_has_one_coordinating_seat",
                fields=["side"],
                condition=Q(duty="coordinator"),
                violation_error_message=_("The side already has a coordinating seat."),
            ),
            models.UniqueConstraint(
                name="a_side_has_one_deputy_seat",
                fields=["side"],
                condition=Q(duty="deputy"),
                violation_error_message=_("The side already has a seat of the deputy."),
            ),
            models.CheckConstraint(
                name="a_seat_has_a_code",
                condition=~Q(code=""),
                violation_error_message=_("A seat needs a code."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def stream(self) -> str:
        """The stream of the record in which stands what is said for this seat."""
        return f"seat:{self.uid}"


class SeatHoldingQuerySet(models.QuerySet["SeatHolding"]):
    """Questions about who holds seats. Each method narrows."""

    def on(self, day: datetime.date) -> Self:
        """Keep the holdings of a day."""
        return self.filter(on(day))

    def of_body(self, body: Body) -> Self:
        """Keep the holdings of a body's seats."""
        return self.filter(seat__body=body)


class SeatHolding(models.Model):
    """A person holds a seat for a period, on a basis. It does not yet let anybody vote.

    Whether the holder may act at an instant is the mandate's matter.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="holdings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="seat_holdings"
    )
    valid_from = models.DateField(_("held from"))
    valid_to = models.DateField(_("held until, excluded"), null=True, blank=True)
    basis_ru = models.CharField(_("basis in Russian"), max_length=300)
    basis_en = models.CharField(_("basis in English"), max_length=300, blank=True)

    history = HistoricalRecords()
    objects = SeatHoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("holding of a seat")
        verbose_name_plural = _("holdings of seats")
        constraints = [
            ends_after_it_begins(
                "a_holding_does_not_end_before_it_begins",
                _("The period ends before it begins."),
                may_be_empty=True,
            ),
            one_at_a_time(
                "seat",
                name="a_seat_has_one_holder_at_a_time",
                message=_("The seat is already held on these days."),
            ),
            models.CheckConstraint(
                name="a_holding_names_its_basis",
                condition=~Q(basis_ru=""),
                violation_error_message=_("Name the basis in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.person_id}"


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions about appointments. Each method narrows."""

    def on(self, day: datetime.date) -> Self:
        """Keep the appointments that hold on a day."""
        return self.filter(on(day))


class Appointment(models.Model):
    """A duty at a body without a seat: it serves the sides and never votes."""

    class Role(models.TextChoices):
        """The duties."""

        COORDINATOR = "coordinator", _("Coordinator of the body")
        SECRETARY = "secretary", _("Secretary")
        CONSULTATIVE = "consultative", _("Consultative voice")
        APPROVING_OFFICIAL = "approving_official", _("Approving official")
        AUDITOR = "auditor", _("Auditor")
        RAPPORTEUR = "rapporteur", _("Rapporteur")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments"
    )
    role = models.CharField(_("duty"), max_length=20, choices=Role.choices)
    basis_ru = models.CharField(_("basis in Russian"), max_length=300)
    basis_en = models.CharField(_("basis in English"), max_length=300, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until, excluded"), null=True, blank=True)

    history = HistoricalRecords()
    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            ends_after_it_begins(
                "an_appointment_does_not_end_before_it_begins",
                _("The period ends before it begins."),
                may_be_empty=True,
            ),
            one_at_a_time(
                "body",
                "person",
                "role",
                name="a_person_is_appointed_to_a_duty_once_at_a_time",
                message=_("The person already has this duty on these days."),
            ),
            one_at_a_time(
                "body",
                name="a_body_has_one_coordinator_at_a_time",
                message=_("The body already has a coordinator on these days."),
                condition=Q(role="coordinator"),
            ),
            models.CheckConstraint(
                name="an_appointment_names_its_basis",
                condition=~Q(basis_ru=""),
                violation_error_message=_("Name the basis in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person_id}"

    @property
    def last_day(self) -> datetime.date | None:
        """The last day of the duty, as people say it."""
        return last_day(self.valid_to)
