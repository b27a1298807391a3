"""Ballots: one question, one text, a frozen roll, and the decision that came out.

INVARIANT: from the opening on, the text, the roll and the charter of a ballot do not
change. Triggers of migration 0002 hold it against whoever writes.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .bodies import Body, Seat, Side
from .charters import CharterVersion
from .conflicts import ConflictDeclaration
from .mandates import AuthorityCheck
from .meetings import AgendaItem, Meeting

if TYPE_CHECKING:
    import datetime


class BallotQuerySet(models.QuerySet["Ballot"]):
    """Questions about ballots. Each method narrows."""

    def visible_to(self, person: Any) -> Self:
        """Keep the ballots of bodies the person may see."""
        return self.filter(meeting__body__in=Body.objects.visible_to(person))

    def open(self) -> Self:
        """Keep those that take votes."""
        return self.filter(state=Ballot.State.OPEN)

    def decided(self) -> Self:
        """Keep those that ended in a decision or in its absence for want of a quorum."""
        return self.filter(state__in=[Ballot.State.CERTIFIED, Ballot.State.NOT_HELD])

    def awaiting(self, seat: Seat) -> Self:
        """Keep the open ballots in which this seat may vote and has not."""
        from .votes import Vote  # noqa: PLC0415 -- votes point at ballots

        on_roll = RollEntry.objects.filter(
            ballot=models.OuterRef("pk"), seat=seat, standing=RollEntry.Standing.ENTITLED
        )
        voted = Vote.objects.counted().filter(ballot=models.OuterRef("pk"), seat=seat)
        return self.open().filter(models.Exists(on_roll), ~models.Exists(voted))

    def repeatable(self) -> Self:
        """Keep those that may be held again, as far as a query tells; the act knows about ties."""
        states = Ballot.State
        ended = Q(state__in=[states.NOT_HELD, states.ANNULLED]) | Q(
            state=states.CERTIFIED, decision__result="not_agreed"
        )
        return self.filter(ended, repeated_by=None)

    def in_chains(self) -> Self:
        """Keep those that repeat another or are repeated."""
        return self.filter(Q(repeats__isnull=False) | Q(repeated_by__isnull=False))

    def past_deadline(self, instant: datetime.datetime) -> Self:
        """Keep the open written ballots whose time is over."""
        return self.open().filter(closes_at__lte=instant)


class Ballot(models.Model):
    """One question put to the sides, with the digest of exactly one text."""

    class Mode(models.TextChoices):
        """How votes reach the count."""

        IN_PERSON = "in_person", pgettext_lazy("ballot", "In person, open")
        WRITTEN = "written", pgettext_lazy("ballot", "Written")

    class DecisionType(models.TextChoices):
        """Which kind of decision is taken (domain catalogue)."""

        CHARTER = "DT-01", _("Adopt or change the charter")
        CLAUSE = "DT-03", _("Adopt an amendment or a clause")
        WHOLE = "DT-04", _("Adopt a set of requirements as a whole")
        CONFIRM = "DT-18", _("Confirm a decision of one's own")

    class State(models.TextChoices):
        """The life of a ballot."""

        PREPARED = "prepared", pgettext_lazy("ballot", "Prepared")
        OPEN = "open", pgettext_lazy("ballot", "Open")
        CLOSED = "closed", pgettext_lazy("ballot", "Closed")
        CERTIFIED = "certified", pgettext_lazy("ballot", "Certified")
        NOT_HELD = "not_held_no_quorum", pgettext_lazy("ballot", "Not held: no quorum")
        ANNULLED = "annulled", pgettext_lazy("ballot", "Annulled")
        TACIT = "tacit", pgettext_lazy("ballot", "Not needed: tacit consent")

    class NotHeldReason(models.TextChoices):
        """When the lack of a quorum was found."""

        AT_OPENING = "no_quorum_at_opening", _("no quorum at the opening")
        AT_CLOSING = "no_quorum_at_closing", _("no quorum at the closing")

    class AnnulReason(models.TextChoices):
        """Why a ballot was stopped."""

        TEXT_CHANGED = "text_changed", _("the text was changed")
        TECHNICAL_FAULT = "technical_fault", _("a technical fault")
        WRONG_QUESTION = "wrong_question", _("the question was put wrongly")
        NO_MEETING = "meeting_not_held", _("the meeting did not take place")

    class RepeatGround(models.TextChoices):
        """Why an earlier ballot is held again."""

        NO_QUORUM = "no_quorum", pgettext_lazy("repeat", "there was no quorum")
        ANNULLED = "annulled", pgettext_lazy("repeat", "it was annulled")
        TIE = "tie", pgettext_lazy("repeat", "a side was tied")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="ballots")
    agenda_item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="ballots")
    question_ru = models.CharField(_("question in Russian"), max_length=1000)
    question_en = models.CharField(_("question in English"), max_length=1000, blank=True)
    topics = ArrayField(models.UUIDField(), verbose_name=_("topics"))
    text_sha256 = models.CharField(_("digest of the text"), max_length=64)
    mode = models.CharField(_("mode"), max_length=10, choices=Mode.choices)
    decision_type = models.CharField(
        _("kind of decision"), max_length=5, choices=DecisionType.choices
    )
    charter_version = models.ForeignKey(
        CharterVersion,
        on_delete=models.PROTECT,
        related_name="ballots",
        null=True,
        blank=True,
    )
    state = models.CharField(
        _("state"), max_length=20, choices=State.choices, default=State.PREPARED
    )
    prepared_at = models.DateTimeField(_("prepared at"))
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("papers are taken until"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    not_held_reason = models.CharField(
        _("why it was not held"), max_length=24, choices=NotHeldReason.choices, blank=True
    )
    annulled_reason = models.CharField(
        _("why it was annulled"), max_length=20, choices=AnnulReason.choices, blank=True
    )
    annulled_note = models.CharField(_("explanation"), max_length=500, blank=True)

    repeats = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="repeated_by",
        null=True,
        blank=True,
        verbose_name=_("repeats"),
    )
    repeat_ground = models.CharField(
        _("why it is held again"), max_length=10, choices=RepeatGround.choices, blank=True
    )
    repeat_note = models.CharField(_("why with another text"), max_length=500, blank=True)

    confirms = models.ForeignKey(
        "governance.Decision",
        on_delete=models.PROTECT,
        related_name="confirmations",
        null=True,
        blank=True,
        verbose_name=_("confirms"),
    )
    confirm_reason = models.CharField(_("why it is confirmed"), max_length=500, blank=True)

    history = HistoricalRecords()
    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                name="a_ballot_code_occurs_once_in_a_meeting",
                fields=["meeting", "code"],
                violation_error_message=_("The meeting already has a ballot with this code."),
            ),
            models.CheckConstraint(
                name="a_confirmation_names_a_decision_and_says_why",
                condition=(Q(decision_type="DT-18", confirms__isnull=False) & ~Q(confirm_reason=""))
                | (~Q(decision_type="DT-18") & Q(confirms=None, confirm_reason="")),
                violation_error_message=_("Name the decision and say why it is confirmed."),
            ),
            models.CheckConstraint(
                name="a_repeated_ballot_says_on_what_ground",
                condition=Q(repeats=None, repeat_ground="", repeat_note="")
                | (Q(repeats__isnull=False) & ~Q(repeat_ground="")),
                violation_error_message=_("Say why the ballot is held again."),
            ),
            models.CheckConstraint(
                name="a_ballot_has_a_question_and_one_text",
                condition=~Q(question_ru="") & Q(text_sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("A ballot needs a question and the digest of its text."),
            ),
            models.CheckConstraint(
                name="an_open_ballot_has_a_charter_and_a_time_of_opening",
                condition=~Q(state__in=["open", "closed", "certified"])
                | Q(charter_version__isnull=False, opened_at__isnull=False),
                violation_error_message=_("The ballot was not opened in order."),
            ),
            models.CheckConstraint(
                name="a_counted_ballot_says_when_it_closed",
                condition=~Q(state__in=["closed", "certified"]) | Q(closed_at__isnull=False),
                violation_error_message=_("The ballot has no time of closing."),
            ),
            models.CheckConstraint(
                name="a_ballot_closes_after_it_opens",
                condition=Q(closed_at=None) | Q(opened_at=None) | Q(closed_at__gte=F("opened_at")),
                violation_error_message=_("A ballot closes after it opens."),
            ),
            models.CheckConstraint(
                name="a_ballot_not_held_says_why",
                condition=(Q(state="not_held_no_quorum") & ~Q(not_held_reason=""))
                | (~Q(state="not_held_no_quorum") & Q(not_held_reason="")),
                violation_error_message=_("Say when the lack of a quorum was found."),
            ),
            models.CheckConstraint(
                name="an_annulled_ballot_says_why",
                condition=(
                    (Q(state="annulled") & ~Q(annulled_reason=""))
                    & (Q(annulled_reason="meeting_not_held") | ~Q(annulled_note=""))
                )
                | (~Q(state="annulled") & Q(annulled_reason="", annulled_note="")),
                violation_error_message=_("Choose a reason and explain it."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def pinned_charter(self) -> CharterVersion:
        """The edition under which the ballot was opened.

        Raises:
            ValueError: it was not opened yet.
        """
        if self.charter_version is None:
            raise ValueError(f"ballot {self.code} has no charter yet")
        return self.charter_version

    @property
    def is_written(self) -> bool:
        """Whether papers are sent until a deadline."""
        return self.mode == self.Mode.WRITTEN

    def is_overdue(self, at: datetime.datetime) -> bool:
        """Whether its time is over at this instant although nobody has closed it yet."""
        is_over = self.closes_at is not None and at >= self.closes_at
        return self.state == self.State.OPEN and is_over

    def takes_votes(self, at: datetime.datetime) -> bool:
        """Whether a vote cast at this instant would be in time."""
        return self.state == self.State.OPEN and not self.is_overdue(at)

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it."""
        states = self.State
        return self.state in {states.CERTIFIED, states.NOT_HELD, states.ANNULLED, states.TACIT}


class RollEntry(models.Model):
    """A seat on the frozen roll of a ballot, and why it stands there."""

    class Standing(models.TextChoices):
        """Whether the seat counts for this question."""

        ENTITLED = "entitled", pgettext_lazy("seat", "entitled")
        RECUSED = "recused", pgettext_lazy("seat", "recused")

    class Ground(models.TextChoices):
        """Why the seat is on the roll in this standing."""

        HELD = "held", _("the seat is held")
        COORDINATOR = "coordinator", _("speaks for the side")
        DEPUTY = "deputy_in_absence", _("speaks for the side in the coordinator's absence")
        CONFLICT = "conflict", _("recused for this question")

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="roll")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="roll_entries")
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="roll_entries"
    )
    side_code = models.CharField(_("side"), max_length=20)
    standing = models.CharField(_("standing"), max_length=8, choices=Standing.choices)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    conflict = models.ForeignKey(
        ConflictDeclaration,
        on_delete=models.PROTECT,
        related_name="roll_entries",
        null=True,
        blank=True,
    )
    weight = models.PositiveIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("entry of a roll")
        verbose_name_plural = _("entries of rolls")
        constraints = [
            models.UniqueConstraint(name="a_seat_stands_on_a_roll_once", fields=["ballot", "seat"]),
            models.CheckConstraint(
                name="a_recused_seat_names_its_conflict",
                condition=Q(standing="recused", conflict__isnull=False)
                | Q(standing="entitled", conflict=None),
            ),
            models.CheckConstraint(name="a_seat_weighs_something", condition=Q(weight__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.seat_id}"


class QuorumCheck(models.Model):
    """Whether one side was quorate for one ballot, at its opening or at its closing."""

    class Moment(models.TextChoices):
        """When the count was made."""

        OPENING = "opening", _("at the opening")
        CLOSING = "closing", _("at the closing")

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="quorum_checks")
    side_code = models.CharField(_("side"), max_length=20)
    moment = models.CharField(_("moment"), max_length=7, choices=Moment.choices)
    entitled = models.PositiveIntegerField(_("entitled"))
    recused = models.PositiveIntegerField(_("recused"))
    present = models.PositiveIntegerField(_("take part"))
    holds = models.BooleanField(_("quorum"))
    checked_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("check of a quorum")
        verbose_name_plural = _("checks of quorums")
        constraints = [
            models.UniqueConstraint(
                name="the_quorum_of_a_side_is_checked_once_per_moment",
                fields=["ballot", "side_code", "moment"],
            ),
            models.CheckConstraint(
                name="nobody_takes_part_without_being_entitled",
                condition=Q(present__lte=F("entitled")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side_code}: {self.present}/{self.entitled}"


class InnerApproval(models.Model):
    """A member of a single-voice side agrees with what its coordinator will say.

    Bound to a digest: words changed after the approval are not approved. Rows are only
    added; the latest of a seat about the same text counts.
    """

    class Choice(models.TextChoices):
        """A vote, or a stance taken in the negotiation."""

        FOR = "for", pgettext_lazy("stance", "For")
        AGAINST = "against", pgettext_lazy("stance", "Against")
        ABSTAIN = "abstain", pgettext_lazy("stance", "Abstain")
        SUPPORT = "support", pgettext_lazy("stance", "Supports")
        RESERVATION = (
            "support_with_reservation",
            pgettext_lazy("stance", "Supports with a reservation"),
        )
        OBJECT = "object", pgettext_lazy("stance", "Objects")
        NO_POSITION = "no_position", pgettext_lazy("stance", "No position")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    side = models.ForeignKey(Side, on_delete=models.PROTECT, related_name="inner_approvals")
    ballot = models.ForeignKey(
        Ballot,
        on_delete=models.PROTECT,
        related_name="inner_approvals",
        null=True,
        blank=True,
    )
    text_sha256 = models.CharField(_("digest of the text"), max_length=64)
    choice = models.CharField(_("what is approved"), max_length=24, choices=Choice.choices)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="inner_approvals")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="inner_approvals"
    )
    authority_check = models.OneToOneField(
        AuthorityCheck, on_delete=models.PROTECT, related_name="inner_approval"
    )
    approved_at = models.DateTimeField(_("approved at"))

    class Meta:
        verbose_name = _("inner approval")
        verbose_name_plural = _("inner approvals")
        constraints = [
            models.CheckConstraint(
                name="an_inner_approval_names_one_text",
                condition=Q(text_sha256__regex=r"^[0-9a-f]{64}$"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id}: {self.choice}"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Questions about decisions."""

    def examined(self) -> Self:
        """Add `last_report`, the latest edition of the report on validity, and `last_verdict`."""
        itself = Decision.objects.filter(pk=OuterRef("pk")).order_by("-reports__number")
        latest = Subquery(itself.values("reports__report")[:1])
        found = self.annotate(last_report=Coalesce(latest, F("validity")))
        return found.annotate(last_verdict=KeyTextTransform("verdict", "last_report"))


class Decision(models.Model):
    """What came out of a ballot, with the arithmetic. Computed once, never again.

    `rows` and the charter of the ballot give `outcome` again to anybody who counts. `validity` is
    the report made with the count; what came to light later stands in the `reports` after it.
    """

    class Result(models.TextChoices):
        """The words of the table for the results of its charter."""

        AGREED = "agreed", pgettext_lazy("decision", "Agreed")
        NOT_AGREED = "not_agreed", pgettext_lazy("decision", "Not agreed")
        NOT_HELD = "not_held", pgettext_lazy("decision", "Not held")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="decision")
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    rows = models.JSONField(_("roll with votes, as counted"))
    outcome = models.JSONField(_("trace"))
    side_results = models.JSONField(_("results of the sides"))
    blocked_by = ArrayField(models.CharField(max_length=20), verbose_name=_("blocked by"))
    validity = models.JSONField(_("validity"))
    text_sha256 = models.CharField(_("digest of the text"), max_length=64)
    decided_at = models.DateTimeField(_("decided at"))

    objects = DecisionQuerySet.as_manager()

    if TYPE_CHECKING:
        last_report: dict[str, Any]
        """What `DecisionQuerySet.examined` adds."""

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")

    def __str__(self) -> str:
        return f"{self.ballot_id}: {self.result}"

    @property
    def is_agreed(self) -> bool:
        """Whether every side agreed."""
        return self.result == self.Result.AGREED
