"""Protocols of meetings, their signatures, corrections, and dissenting opinions."""

from __future__ import annotations

import uuid
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .ballots import Ballot
from .bodies import Body, Seat
from .meetings import Meeting


class ProtocolQuerySet(models.QuerySet["Protocol"]):
    """Questions about protocols. Each method narrows."""

    def visible_to(self, person: Any) -> Self:
        """Keep the protocols of bodies the person may see."""
        return self.filter(meeting__body__in=Body.objects.visible_to(person))

    def published(self) -> Self:
        """Keep what everybody may read."""
        return self.filter(state=Protocol.State.PUBLISHED)

    def whole(self) -> Self:
        """Fetch along what stands beside the contents: signatures, remarks, corrections."""
        return self.select_related("meeting__body").prefetch_related(
            models.Prefetch(
                "signatures",
                ProtocolSignature.objects.select_related("person", "seat").order_by("pk"),
            ),
            models.Prefetch(
                "remarks",
                ProtocolRemark.objects.select_related("person", "seat", "answered_by").order_by(
                    "number"
                ),
            ),
            models.Prefetch(
                "corrections",
                CorrectionRecord.objects.select_related("drawn_by", "agreed_by").order_by("number"),
            ),
        )


class Protocol(models.Model):
    """The minutes of a meeting, generated from its record (contents by ГК 181.2 п. 4).

    INVARIANT: `content` and `sha256` never change. A slip is put right by a
    `CorrectionRecord` beside it, substance only by a new decision.
    """

    class State(models.TextChoices):
        """From draft to public."""

        DRAFT = "draft", pgettext_lazy("protocol", "Draft")
        SIGNED = "signed", pgettext_lazy("protocol", "Signed")
        PUBLISHED = "published", pgettext_lazy("protocol", "Published")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="protocol")
    number = models.CharField(_("number"), max_length=20)
    content = models.JSONField(_("content"))
    sha256 = models.CharField(_("digest"), max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    drafted_at = models.DateTimeField(_("drafted at"))
    signed_at = models.DateTimeField(_("signed at"), null=True, blank=True)
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)

    history = HistoricalRecords()
    objects = ProtocolQuerySet.as_manager()

    class Meta:
        verbose_name = _("protocol")
        verbose_name_plural = _("protocols")
        constraints = [
            models.CheckConstraint(
                name="a_protocol_has_a_number",
                condition=~Q(number=""),
                violation_error_message=_("A protocol needs a number."),
            ),
            models.CheckConstraint(
                name="a_signed_protocol_says_when",
                condition=Q(state="draft", signed_at=None)
                | (~Q(state="draft") & Q(signed_at__isnull=False)),
                violation_error_message=_("The protocol has no time of signing."),
            ),
            models.CheckConstraint(
                name="a_published_protocol_says_when",
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at=None)),
                violation_error_message=_("The protocol has no time of publication."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ProtocolSignature(models.Model):
    """One signature under a protocol, for exactly the bytes of one digest."""

    class Capacity(models.TextChoices):
        """As what the person signs."""

        COORDINATOR = "coordinator", _("coordinator of the body")
        SECRETARY = "secretary", _("secretary")
        SIDE = "side_coordinator", _("coordinator of a side")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="signatures")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="protocol_signatures"
    )
    capacity = models.CharField(_("capacity"), max_length=16, choices=Capacity.choices)
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    sha256 = models.CharField(_("digest signed"), max_length=64)
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("signature of a protocol")
        verbose_name_plural = _("signatures of protocols")
        constraints = [
            models.UniqueConstraint(
                name="a_person_signs_a_protocol_once",
                fields=["protocol", "person"],
                violation_error_message=_("You have already signed this protocol."),
            ),
            models.CheckConstraint(
                name="only_a_side_coordinator_signs_for_a_seat",
                condition=Q(capacity="side_coordinator", seat__isnull=False)
                | (~Q(capacity="side_coordinator") & Q(seat=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id}: {self.person_id}"


class ProtocolRemark(models.Model):
    """What a member remarks on a draft («замечание к протоколу»), and what the secretary answers.

    The remark and its answer stand in the minutes; the contents read from the record stay.
    """

    class Disposition(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", pgettext_lazy("remark", "Taken into account")
        PARTLY = "accepted_partly", pgettext_lazy("remark", "Taken into account in part")
        REJECTED = "rejected", pgettext_lazy("remark", "Declined")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="remarks")
    number = models.PositiveSmallIntegerField(_("number"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="protocol_remarks"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("remark"), max_length=2000)
    filed_at = models.DateTimeField(_("filed at"))
    disposition = models.CharField(
        _("conclusion"), max_length=16, choices=Disposition.choices, blank=True
    )
    answer = models.CharField(_("reason"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    class Meta:
        verbose_name = _("remark on a draft protocol")
        verbose_name_plural = _("remarks on draft protocols")
        constraints = [
            models.UniqueConstraint(
                name="remarks_on_a_protocol_are_numbered_once", fields=["protocol", "number"]
            ),
            models.CheckConstraint(
                name="a_remark_has_words",
                condition=~Q(text=""),
                violation_error_message=_("Write the remark."),
            ),
            models.CheckConstraint(
                name="a_remark_is_answered_with_a_reason_by_another_person",
                condition=Q(disposition="", answer="", answered_by=None, answered_at=None)
                | (
                    ~Q(disposition="")
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                    & ~Q(answered_by=models.F("person"))
                ),
                violation_error_message=_("A remark needs a conclusion and its reason."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id}/{self.number}"


class CorrectionRecord(models.Model):
    """A slip in a signed protocol, shown beside it («акт об исправлении описки»).

    Drawn up by the secretary, in force once the coordinator agrees.
    """

    class Ground(models.TextChoices):
        """What kind of slip; substance is not among them."""

        MISPRINT = "misprint", _("misprint")
        DATE = "wrong_date", _("wrong date")
        NUMBER = "wrong_number", _("wrong number of a document")
        NAME = "wrong_name", _("wrong spelling of a name")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    protocol = models.ForeignKey(Protocol, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField(_("number"))
    ground = models.CharField(_("kind of slip"), max_length=14, choices=Ground.choices)
    place = models.CharField(_("place in the protocol"), max_length=200)
    was = models.CharField(_("printed"), max_length=1000)
    becomes = models.CharField(_("to be read"), max_length=1000)
    reason = models.CharField(_("explanation"), max_length=1000)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections_drawn"
    )
    drawn_at = models.DateTimeField(_("drawn up at"))
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="corrections_agreed",
        null=True,
        blank=True,
    )
    agreed_at = models.DateTimeField(_("agreed at"), null=True, blank=True)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("correction record")
        verbose_name_plural = _("correction records")
        constraints = [
            models.UniqueConstraint(
                name="corrections_of_a_protocol_are_numbered_once",
                fields=["protocol", "number"],
            ),
            models.CheckConstraint(
                name="a_correction_says_where_what_and_why",
                condition=~Q(place="") & ~Q(was="") & ~Q(becomes="") & ~Q(reason=""),
                violation_error_message=_("Say where, what is printed, how to read it and why."),
            ),
            models.CheckConstraint(
                name="a_correction_is_agreed_by_a_second_person",
                condition=Q(agreed_by=None, agreed_at=None)
                | (
                    Q(agreed_by__isnull=False, agreed_at__isnull=False)
                    & ~Q(agreed_by=models.F("drawn_by"))
                ),
                violation_error_message=_("A correction needs a second person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.protocol_id}/{self.number}"


class DissentingOpinion(models.Model):
    """What a member wants to stand beside a decision. It never changes the result."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="dissenting_opinions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dissenting_opinions"
    )
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="dissenting_opinions")
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"), blank=True)
    filed_at = models.DateTimeField(_("filed at"))

    class Meta:
        verbose_name = _("dissenting opinion")
        verbose_name_plural = _("dissenting opinions")
        constraints = [
            models.UniqueConstraint(
                name="a_person_files_one_opinion_per_ballot",
                fields=["ballot", "person"],
                violation_error_message=_("You have already filed an opinion on this ballot."),
            ),
            models.CheckConstraint(
                name="a_dissenting_opinion_has_words",
                condition=~Q(text_ru=""),
                violation_error_message=_("Write the opinion in Russian."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.person_id}"
