"""The record of all acts.

`Entry` is evidence, not a log of what the program did: one row per act, written in the
act's transaction, never changed. The database enforces it (migration 0002), and the row
keeps the very bytes that are hashed, so that a Merkle log can be laid over the table.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from audit.domain import canonical
from audit.fields import TransactionIdField


class Installation(models.Model):
    """What this database is: the origin of its record, and whether it is a demonstration."""

    is_demonstration = models.BooleanField(_("is a demonstration"), default=False)
    origin = models.CharField(_("origin of the record"), max_length=200)

    class Meta:
        verbose_name = _("installation")
        verbose_name_plural = _("installation")
        constraints = [
            models.CheckConstraint(
                name="there_is_one_installation",
                condition=Q(id=1),
                violation_error_message=_("There is one installation."),
            ),
        ]

    def __str__(self) -> str:
        return self.origin


class EntryQuerySet(models.QuerySet["Entry"]):
    """Questions to the record. Each method narrows; none orders or writes."""

    def of_stream(self, stream: str) -> Self:
        """Keep the entries of one aggregate, such as ``matter:<uid>``."""
        return self.filter(stream=stream)

    def of_subject(self, subject: Any) -> Self:
        """Keep the entries about one row."""
        return self.filter(subject_type=subject._meta.label_lower, subject_uid=subject.uid)

    def by(self, actor: Any) -> Self:
        """Keep what one person did."""
        return self.filter(actor_uid=actor.uid)

    def of_types(self, *types: str) -> Self:
        """Keep entries of these types."""
        return self.filter(type__in=types)


class Entry(models.Model):
    """One act: who did what to what, when, on which authority.

    Rows come only through the SQL function `audit_append`; `audit.services.record` is
    the one caller. Every column but the digest and the transaction id repeats a member
    of `leaf` and exists to be searched.
    """

    class Basis(models.TextChoices):
        """Why the time of an act is believed."""

        CLOCK = "clock", _("the clock of the database")
        DEMONSTRATION = "demonstration", _("a demonstration")
        PAPER = "paper", _("a paper, transcribed")

    uid = models.UUIDField(unique=True, editable=False)
    type = models.CharField(_("act"), max_length=100)
    at = models.DateTimeField(_("done at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    at_basis = models.CharField(_("basis of the time"), max_length=13, choices=Basis.choices)
    paper_reference = models.CharField(_("paper"), max_length=200, null=True)  # noqa: DJ001 -- absent, not empty
    actor_uid = models.UUIDField(_("person"), null=True)
    stream = models.CharField(_("stream"), max_length=100)
    stream_seq = models.PositiveBigIntegerField(_("number in the stream"))
    subject_type = models.CharField(_("kind of the object"), max_length=100)
    subject_uid = models.UUIDField(_("object"))
    authority = models.JSONField(_("authority"), null=True)
    facts = models.JSONField(_("facts"))
    request_key = models.UUIDField(_("request"), null=True)
    leaf = models.BinaryField(_("canonical bytes"))
    leaf_sha256 = models.BinaryField(_("hash of the leaf"), max_length=32)
    xid = TransactionIdField(_("transaction"))

    objects = models.Manager.from_queryset(EntryQuerySet)()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        indexes = [
            models.Index(fields=["subject_uid", "id"], name="audit_entry_by_subject"),
            models.Index(fields=["actor_uid", "id"], name="audit_entry_by_actor"),
            models.Index(fields=["xid", "id"], name="audit_entry_in_commit_order"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="a_stream_numbers_its_entries_once", fields=["stream", "stream_seq"]
            ),
            models.UniqueConstraint(
                name="an_act_is_recorded_once_per_request", fields=["request_key"]
            ),
            models.CheckConstraint(
                name="numbers_of_a_stream_begin_at_one", condition=Q(stream_seq__gte=1)
            ),
            models.CheckConstraint(
                name="an_act_by_the_clock_is_recorded_within_five_minutes",
                condition=~Q(at_basis="clock")
                | Q(
                    at__gte=F("recorded_at") - timedelta(minutes=5),
                    at__lte=F("recorded_at") + timedelta(minutes=5),
                ),
            ),
            models.CheckConstraint(
                name="only_a_paper_act_names_its_paper",
                condition=Q(at_basis="paper", paper_reference__isnull=False)
                | (~Q(at_basis="paper") & Q(paper_reference__isnull=True)),
            ),
            models.CheckConstraint(
                name="the_basis_of_a_time_is_known",
                condition=Q(at_basis__in=["clock", "demonstration", "paper"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.stream_seq} {self.type}"

    @property
    def members(self) -> dict[str, Any]:
        """What the leaf says, read from its bytes."""
        members: dict[str, Any] = canonical.decode(bytes(self.leaf))
        return members

    @property
    def digest(self) -> str:
        """The hash of the leaf as people compare it."""
        return bytes(self.leaf_sha256).hex()


class Leaf(models.Model):
    """The place of an entry in the log: its index in the Merkle tree.

    Entries are numbered after their commit, by one sequencer and in an order that never skips one
    (`audit.log`). Which entry stands where is never changed.
    """

    index = models.PositiveBigIntegerField(_("index in the log"), primary_key=True)
    entry = models.OneToOneField(
        Entry, verbose_name=_("entry"), on_delete=models.PROTECT, related_name="place"
    )

    class Meta:
        verbose_name = _("leaf of the log")
        verbose_name_plural = _("leaves of the log")

    def __str__(self) -> str:
        return str(self.index)


class Tile(models.Model):
    """Hashes of one level of the tree, up to 256; they only grow (`audit.domain.tiles`)."""

    level = models.PositiveSmallIntegerField(_("level"))
    index = models.PositiveBigIntegerField(_("index of the tile"))
    hashes = models.BinaryField(_("hashes"))

    class Meta:
        verbose_name = _("tile of the log")
        verbose_name_plural = _("tiles of the log")
        constraints = [
            models.UniqueConstraint(
                name="a_tile_has_its_place_to_itself", fields=["level", "index"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Checkpoint(models.Model):
    """What the log stated of itself at one size, signed. It is published and never taken back."""

    size = models.PositiveBigIntegerField(_("leaves"), primary_key=True)
    root = models.BinaryField(_("root"), max_length=32)
    note = models.TextField(_("signed note"))
    signed_at = models.DateTimeField(_("signed at"))

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")

    def __str__(self) -> str:
        return f"{self.size} {bytes(self.root).hex()}"
