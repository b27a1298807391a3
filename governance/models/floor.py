"""What is discussed at a meeting, and who speaks: the agenda item taken up, the speakers' list."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .bodies import Seat
from .meetings import AgendaItem, Meeting
from .periods import ends_after_it_begins, one_at_a_time


class Discussion(models.Model):
    """An agenda item was discussed, from when until when. An item may come back later."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="discussions")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="discussions")
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("discussion of an agenda item")
        verbose_name_plural = _("discussions of agenda items")
        constraints = [
            ends_after_it_begins(
                "a_discussion_ends_after_it_begins",
                _("A discussion ends after it begins."),
                starts="began_at",
                ends="ended_at",
                may_be_empty=True,
            ),
            one_at_a_time(
                "meeting",
                name="a_meeting_discusses_one_item_at_a_time",
                message=_("Another item is under discussion."),
                starts="began_at",
                ends="ended_at",
                instants=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.began_at:%H:%M}"


class FloorRequestQuerySet(models.QuerySet["FloorRequest"]):
    """Questions about the speakers' list. Each method narrows."""

    def waiting(self) -> Self:
        """Keep those who asked and have neither spoken nor withdrawn."""
        return self.filter(given_at=None, withdrawn_at=None)

    def speaking(self) -> Self:
        """Keep whoever has the floor."""
        return self.filter(given_at__isnull=False, ended_at=None)

    def in_order(self) -> Self:
        """Put those first whose turn comes first."""
        return self.order_by("place", "pk")


class FloorRequest(models.Model):
    """Somebody asked for the floor at a meeting: for a seat, or by a duty without a vote."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("speaker", "Waits")
        SPEAKING = "speaking", pgettext_lazy("speaker", "Speaks")
        SPOKEN = "spoken", pgettext_lazy("speaker", "Has spoken")
        WITHDRAWN = "floor_withdrawn", pgettext_lazy("speaker", "Withdrew")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="floor_requests")
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        related_name="floor_requests",
        null=True,
        blank=True,
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="floor_requests", null=True, blank=True
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="floor_requests"
    )
    place = models.PositiveIntegerField(_("place in the list"))
    asked_at = models.DateTimeField(_("asked at"))
    given_at = models.DateTimeField(_("given at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = FloorRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for the floor")
        verbose_name_plural = _("requests for the floor")
        constraints = [
            models.UniqueConstraint(
                name="one_person_has_the_floor_at_a_time",
                fields=["meeting"],
                condition=Q(given_at__isnull=False, ended_at=None),
                violation_error_message=_("Somebody else has the floor."),
            ),
            models.UniqueConstraint(
                name="a_person_waits_for_the_floor_once",
                fields=["meeting", "person"],
                condition=Q(given_at=None, withdrawn_at=None),
                violation_error_message=_("This person is already on the speakers' list."),
            ),
            models.CheckConstraint(
                name="whoever_withdrew_did_not_speak",
                condition=Q(withdrawn_at=None) | Q(given_at=None),
                violation_error_message=_("A speech that began cannot be withdrawn."),
            ),
            models.CheckConstraint(
                name="a_speech_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(given_at__isnull=False, ended_at__gte=F("given_at")),
                violation_error_message=_("A speech ends after it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.person_id}"

    @property
    def state(self) -> State:
        """What became of the request so far."""
        if self.withdrawn_at is not None:
            return self.State.WITHDRAWN
        if self.given_at is None:
            return self.State.WAITING
        return self.State.SPEAKING if self.ended_at is None else self.State.SPOKEN
