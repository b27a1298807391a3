"""What the sides say about a clause, where they form it, and what everybody discusses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.models import SeatHolding

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import Person


class PositionQuerySet(models.QuerySet["Position"]):
    """Questions about positions. Each method narrows; none orders, counts or writes."""

    def last_words(self) -> Self:
        """Keep the last word of each side on each clause."""
        later = Position.objects.filter(
            clause=OuterRef("clause"), side=OuterRef("side"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later))


class Position(models.Model):
    """A side's stance on one wording. Rows are only added: the latest counts.

    INVARIANT: a position speaks of the wording its side saw. When another wording
    lies on the table it is stale: still shown, no longer anybody's consent.
    """

    class Stance(models.TextChoices):
        SUPPORT = "support", pgettext_lazy("stance", "supports")
        SUPPORT_WITH_RESERVATION = (
            "support_with_reservation",
            pgettext_lazy("stance", "supports with a reservation"),
        )
        OBJECT = "object", pgettext_lazy("stance", "objects")
        NO_POSITION = "no_position", pgettext_lazy("stance", "takes no position")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clause = models.ForeignKey(
        "negotiation.Clause", on_delete=models.PROTECT, related_name="positions"
    )
    side = models.ForeignKey("governance.Side", on_delete=models.PROTECT, related_name="+")
    wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="positions"
    )
    stance = models.CharField(_("stance"), max_length=30, choices=Stance)
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken"))
    evidence = models.JSONField(_("evidence of authority"))

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        indexes = [models.Index(name="position_latest_idx", fields=["clause", "side", "-id"])]
        constraints = [
            models.CheckConstraint(
                name="an_objection_carries_a_reason",
                condition=~Q(stance="object") | ~Q(reason_ru="", reason_en=""),
                violation_error_message=_("An objection needs a reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id}/{self.side_id}: {self.get_stance_display()}"


class RoomMessageQuerySet(models.QuerySet["RoomMessage"]):
    """Questions about what is said in a side's room."""

    def visible_to(self, person: Person, *, on: date) -> Self:
        """Keep the words said in rooms of sides on which the person holds a seat that day.

        Nobody else reads them: not the secretary, not the auditor, not an administrator.
        """
        seats = SeatHolding.objects.filter(person=person, seat__side=OuterRef("side")).on(on)
        return self.filter(Exists(seats))


class RoomMessage(models.Model):
    """A word said in a side's private room, before the side speaks. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    side = models.ForeignKey("governance.Side", on_delete=models.PROTECT, related_name="+")
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="room_messages"
    )
    clause = models.ForeignKey(
        "negotiation.Clause",
        on_delete=models.PROTECT,
        related_name="room_messages",
        null=True,
        blank=True,
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))

    objects = RoomMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message in a side's room")
        verbose_name_plural = _("messages in a side's room")
        constraints = [
            models.CheckConstraint(
                name="a_room_message_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write something first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side_id}/{self.pk}"


class Remark(models.Model):
    """A word in the open discussion of a clause. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    clause = models.ForeignKey(
        "negotiation.Clause", on_delete=models.PROTECT, related_name="remarks"
    )
    side = models.ForeignKey(
        "governance.Side", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written"))

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        constraints = [
            models.CheckConstraint(
                name="a_remark_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write something first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clause_id}/{self.pk}"
