"""Meetings: the agenda that is locked, the notices that were sent, who was there when."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .bodies import Body, Seat
from .charters import CharterVersion
from .periods import ends_after_it_begins, one_at_a_time

if TYPE_CHECKING:
    import datetime


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Questions about meetings. Each method narrows."""

    def visible_to(self, person: Any) -> Self:
        """Keep the meetings of bodies the person may see."""
        return self.filter(body__in=Body.objects.visible_to(person))

    def ahead(self) -> Self:
        """Keep those that are planned, convened or under way."""
        return self.filter(
            state__in=[Meeting.State.PLANNED, Meeting.State.CONVENED, Meeting.State.OPENED]
        )


class Meeting(models.Model):
    """An occasion on which a body may decide: in a hall, remotely, or in writing."""

    class Kind(models.TextChoices):
        """How the sides take part."""

        IN_PERSON = "in_person", pgettext_lazy("meeting", "In person")
        REMOTE = "remote", pgettext_lazy("meeting", "Remote")
        MIXED = "mixed", pgettext_lazy("meeting", "In person and remote")
        WRITTEN = "written", pgettext_lazy("meeting", "Written ballot")
        CONCILIATION = "conciliation", pgettext_lazy("meeting", "Conciliation meeting")

    class State(models.TextChoices):
        """From plan to end."""

        PLANNED = "planned", pgettext_lazy("meeting", "Planned")
        CONVENED = "convened", pgettext_lazy("meeting", "Convened")
        OPENED = "opened", pgettext_lazy("meeting", "Opened")
        CLOSED = "closed", pgettext_lazy("meeting", "Closed")
        FAILED = "failed_no_quorum", pgettext_lazy("meeting", "Did not take place: no quorum")
        CANCELLED = "cancelled", pgettext_lazy("meeting", "Cancelled")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    planned_for = models.DateTimeField(_("planned for"))
    closes_at = models.DateTimeField(_("papers are taken until"), null=True, blank=True)
    place_ru = models.CharField(_("place in Russian"), max_length=300, blank=True)
    place_en = models.CharField(_("place in English"), max_length=300, blank=True)
    state = models.CharField(
        _("state"), max_length=16, choices=State.choices, default=State.PLANNED
    )
    charter_version = models.ForeignKey(
        CharterVersion, on_delete=models.PROTECT, related_name="meetings"
    )
    repeats = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="repeated_by",
        null=True,
        blank=True,
        verbose_name=_("repeats"),
    )
    agenda_locked_at = models.DateTimeField(_("agenda locked at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    history = HistoricalRecords()
    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        constraints = [
            models.UniqueConstraint(
                name="a_meeting_code_occurs_once_in_a_body",
                fields=["body", "code"],
                violation_error_message=_("The body already has a meeting with this code."),
            ),
            models.CheckConstraint(
                name="only_a_written_ballot_has_a_last_instant",
                condition=Q(kind="written", closes_at__gt=models.F("planned_for"))
                | (~Q(kind="written") & Q(closes_at=None)),
                violation_error_message=_(
                    "A written ballot, and only a written ballot, says until when papers are taken."
                ),
            ),
            models.CheckConstraint(
                name="a_convened_meeting_has_a_locked_agenda",
                condition=Q(state__in=["planned", "cancelled"]) | Q(agenda_locked_at__isnull=False),
                violation_error_message=_("The agenda is not locked."),
            ),
            models.CheckConstraint(
                name="an_opened_meeting_says_when",
                condition=~Q(state__in=["opened", "closed"]) | Q(opened_at__isnull=False),
                violation_error_message=_("The meeting has no time of opening."),
            ),
            models.CheckConstraint(
                name="a_closed_meeting_says_when",
                condition=Q(state="closed", closed_at__isnull=False)
                | (~Q(state="closed") & Q(closed_at=None)),
                violation_error_message=_("The meeting has no time of closing."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_written(self) -> bool:
        """Whether papers are sent instead of hands raised."""
        return self.kind == self.Kind.WRITTEN

    @property
    def has_attendance(self) -> bool:
        """Whether presence is kept: people come, leave, and count for the quorum."""
        return self.kind in {self.Kind.IN_PERSON, self.Kind.REMOTE, self.Kind.MIXED}


class AgendaItem(models.Model):
    """What a meeting may decide about. Nothing outside the agenda is decided."""

    class Standing(models.TextChoices):
        """How the item came to the agenda."""

        LISTED = "listed", pgettext_lazy("agenda item", "on the agenda that was sent")
        PROPOSED = "proposed", pgettext_lazy("agenda item", "proposed at the meeting")
        ADDED = "added", pgettext_lazy("agenda item", "added at the meeting by all who take part")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda")
    number = models.PositiveSmallIntegerField(_("number"))
    title_ru = models.CharField(_("title in Russian"), max_length=500)
    title_en = models.CharField(_("title in English"), max_length=500, blank=True)
    topics = ArrayField(models.UUIDField(), verbose_name=_("topics"))
    standing = models.CharField(
        _("standing"), max_length=8, choices=Standing.choices, default=Standing.LISTED
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        constraints = [
            models.UniqueConstraint(
                name="agenda_items_are_numbered_once",
                fields=["meeting", "number"],
                violation_error_message=_("The agenda already has an item with this number."),
            ),
            models.CheckConstraint(
                name="an_agenda_item_has_a_title_and_topics",
                condition=~Q(title_ru="") & Q(topics__len__gt=0),
                violation_error_message=_("Give the item a title in Russian and its topics."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title_ru}"

    @property
    def may_be_decided(self) -> bool:
        """Whether ballots may be held on it."""
        return self.standing in {self.Standing.LISTED, self.Standing.ADDED}


class AgendaConsent(models.Model):
    """What one seat says to an item that was not on the agenda that was sent."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="consents")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agrees = models.BooleanField(_("agrees"))
    given_at = models.DateTimeField(_("given at"))

    class Meta:
        verbose_name = _("answer to a late agenda item")
        verbose_name_plural = _("answers to late agenda items")
        constraints = [
            models.UniqueConstraint(
                name="a_seat_answers_once_about_a_late_item",
                fields=["item", "seat"],
                violation_error_message=_("This seat has already answered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.agrees}"


class MeetingNotice(models.Model):
    """One person was called to a meeting: when, how, and by what it is proved."""

    class Channel(models.TextChoices):
        """How the notice goes."""

        MAIL = "mail", pgettext_lazy("notice", "by e-mail")
        PLATFORM = "platform", pgettext_lazy("notice", "on the platform")
        PAPER = "paper", pgettext_lazy("notice", "on paper")

    class Proof(models.TextChoices):
        """By what delivery is proved."""

        SERVER_ACCEPTED = "server_accepted", _("accepted by the mail server")
        READ = "read", _("read on the platform")
        RECEIPT = "receipt", _("signed receipt")
        POST = "post", _("postal notice of delivery")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="notices")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="meeting_notices"
    )
    sent_at = models.DateTimeField(_("sent at"))
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=20, choices=Proof.choices, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("notice of a meeting")
        verbose_name_plural = _("notices of meetings")
        constraints = [
            models.UniqueConstraint(
                name="a_person_is_called_to_a_meeting_once",
                fields=["meeting", "person"],
                violation_error_message=_("The person was already called to this meeting."),
            ),
            models.CheckConstraint(
                name="delivery_has_a_proof",
                condition=Q(delivered_at=None, proof="")
                | (Q(delivered_at__isnull=False) & ~Q(proof="")),
                violation_error_message=_("Say by what the delivery is proved."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.person_id}"


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    """Questions about presence. Each method narrows."""

    def at(self, instant: datetime.datetime) -> Self:
        """Keep those present at an instant."""
        return self.filter(Q(left_at=None) | Q(left_at__gt=instant), came_at__lte=instant)

    def throughout(self, start: datetime.datetime, end: datetime.datetime) -> Self:
        """Keep those present the whole time from start to end."""
        return self.filter(Q(left_at=None) | Q(left_at__gte=end), came_at__lte=start)


class Attendance(models.Model):
    """A seat was occupied at a meeting, by whom, from when until when."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="attendance"
    )
    came_at = models.DateTimeField(_("came at"))
    left_at = models.DateTimeField(_("left at"), null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [
            ends_after_it_begins(
                "nobody_leaves_before_coming",
                _("Nobody leaves before coming."),
                starts="came_at",
                ends="left_at",
                may_be_empty=True,
            ),
            one_at_a_time(
                "meeting",
                "seat",
                name="a_seat_is_occupied_once_at_a_time",
                message=_("The seat is already occupied."),
                starts="came_at",
                ends="left_at",
                instants=True,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.came_at:%H:%M}"
