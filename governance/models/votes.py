"""Votes and their challenges. A vote is inserted; at most it is superseded, never edited."""

from __future__ import annotations

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from .ballots import Ballot
from .bodies import Seat
from .mandates import AuthorityCheck, Mandate


class VoteQuerySet(models.QuerySet["Vote"]):
    """Questions about votes. Each method narrows."""

    def counted(self) -> Self:
        """Keep the votes that count: at most one for each seat of a ballot."""
        return self.filter(status=Vote.Status.COUNTED)


class Vote(models.Model):
    """What a seat said in a ballot: who spoke, on which mandate, about which text.

    INVARIANT: at most one counted vote per seat and ballot. Rejected votes are kept with
    their reason, so that the count shows them beside the one that counts.
    """

    class Choice(models.TextChoices):
        """What a voter may say."""

        FOR = "for", pgettext_lazy("vote", "For")
        AGAINST = "against", pgettext_lazy("vote", "Against")
        ABSTAIN = "abstain", pgettext_lazy("vote", "Abstain")

    class Capacity(models.TextChoices):
        """In what quality the person spoke for the seat."""

        REPRESENTATIVE = "representative", pgettext_lazy("vote", "representative")
        PERSONAL = "personal", pgettext_lazy("vote", "in person")
        PROXY = "proxy", pgettext_lazy("vote", "proxy")

    class Channel(models.TextChoices):
        """How the vote came."""

        PLATFORM = "platform", pgettext_lazy("vote", "on the platform")
        HALL = "hall", pgettext_lazy("vote", "in the hall")
        PAPER = "paper", pgettext_lazy("vote", "on paper")

    class Status(models.TextChoices):
        """Whether it counts."""

        COUNTED = "counted", pgettext_lazy("vote", "Counted")
        SUPERSEDED = "superseded", pgettext_lazy("vote", "Superseded")
        REJECTED = "rejected", pgettext_lazy("vote", "Rejected")

    class Reason(models.TextChoices):
        """Why a vote was superseded or rejected."""

        BY_PRINCIPAL = "superseded_by_principal", _("superseded by the principal's own vote")
        PRINCIPAL_VOTED = "principal_voted", _("the principal has voted")
        PROXY_VOTED = "proxy_voted", _("another proxy has voted")
        EXPIRED = "expired", _("the mandate has expired")
        NOT_YET_VALID = "not_yet_valid", _("the mandate is not valid yet")
        REVOKED = "revoked_known", _("the mandate is revoked")
        UNDATED = "undated", _("the mandate has no date of issue")
        OUT_OF_SCOPE = "out_of_scope", _("the mandate does not cover voting")
        NO_MANDATE = "not_found", _("there is no mandate")
        OUTSIDE_PARENT = (
            "substitution_outside_parent",
            _("the substitution goes beyond the mandate it rests on"),
        )
        NOT_HOLDER = "not_holder", _("the person does not hold the seat")
        OTHER_ORGANISATION = (
            "other_organisation",
            _("the proxy does not belong to the organisation represented"),
        )
        GIVER_NOT_HOLDER = (
            "giver_not_holder",
            _("whoever the proxy stands in for no longer holds the seat"),
        )
        TOO_MANY_PROXIES = (
            "too_many_proxies",
            _("the person votes for as many others as the charter allows"),
        )
        PAPER_DISPUTED = "paper_disputed", _("the paper bears something else")
        NOT_DELEGABLE = "not_delegable", _("a personal seat cannot be delegated")
        PROXY_FORBIDDEN = "proxy_forbidden", _("the charter allows no proxy here")
        RECUSED = "recused", _("recused for this question")
        NOT_ON_ROLL = "not_on_roll", _("the seat is not on the roll of this ballot")
        LATE = "after_deadline", _("the time for papers was over")
        NOT_PRESENT = "not_present", _("the seat was not present")
        NO_INNER_APPROVAL = "no_inner_approval", _("the side has not approved this")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # A trigger keeps these keys, `votes_enter_an_open_ballot`: the database's own check of a key
    # locks the row, and that of the ballot for all voters at once.
    ballot = models.ForeignKey(
        Ballot, on_delete=models.PROTECT, related_name="votes", db_constraint=False
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="votes", db_constraint=False
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="votes",
        db_constraint=False,
    )
    capacity = models.CharField(_("capacity"), max_length=14, choices=Capacity.choices)
    mandate = models.ForeignKey(
        Mandate,
        on_delete=models.PROTECT,
        related_name="votes",
        null=True,
        blank=True,
        db_constraint=False,
    )
    choice = models.CharField(_("choice"), max_length=7, choices=Choice.choices)
    cast_at = models.DateTimeField(_("cast at"))
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    reason_code = models.CharField(_("reason"), max_length=32, choices=Reason.choices, blank=True)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        related_name="superseded_by",
        null=True,
        blank=True,
    )
    text_sha256 = models.CharField(_("digest of the text seen"), max_length=64)
    authority_check = models.OneToOneField(
        AuthorityCheck, on_delete=models.PROTECT, related_name="vote", db_constraint=False
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="votes_entered",
        null=True,
        blank=True,
    )

    objects = VoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.UniqueConstraint(
                name="a_seat_has_one_counted_vote_per_ballot",
                fields=["ballot", "seat"],
                condition=Q(status="counted"),
                violation_error_message=_("This seat has already voted."),
            ),
            models.CheckConstraint(
                name="only_a_vote_that_does_not_count_has_a_reason",
                condition=Q(status="counted", reason_code="")
                | (~Q(status="counted") & ~Q(reason_code="")),
                violation_error_message=_("Say why the vote does not count."),
            ),
            models.CheckConstraint(
                name="a_paper_vote_and_only_that_is_entered_by_another",
                condition=(
                    Q(channel="paper", entered_by__isnull=False) & ~Q(entered_by=F("person"))
                )
                | (~Q(channel="paper") & Q(entered_by=None)),
                violation_error_message=_("A paper vote is entered by the secretary."),
            ),
            models.CheckConstraint(
                name="a_counted_vote_rests_on_a_mandate",
                condition=Q(status="rejected") | Q(mandate__isnull=False),
                violation_error_message=_("A vote without a mandate cannot count."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ballot_id}/{self.seat_id}: {self.status}"

    @property
    def is_counted(self) -> bool:
        """Whether it counts now."""
        return self.status == self.Status.COUNTED


class PaperCheck(models.Model):
    """What a second person found who compared a paper with the vote entered from it.

    INVARIANT: never changed, and made by neither the one who entered the vote nor the one who
    signed it. A ballot is not counted before each of its paper votes is confirmed.
    """

    class Finding(models.TextChoices):
        """Whether the vote was entered as the paper bears it."""

        CONFIRMED = "confirmed", pgettext_lazy("paper", "The paper bears this vote")
        DISPUTED = "disputed", pgettext_lazy("paper", "The paper bears something else")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vote = models.OneToOneField(Vote, on_delete=models.PROTECT, related_name="paper_check")
    finding = models.CharField(_("finding"), max_length=9, choices=Finding.choices)
    note = models.CharField(_("what the paper bears"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="papers_checked"
    )
    checked_at = models.DateTimeField(_("checked at"))

    class Meta:
        verbose_name = _("check of a paper vote")
        verbose_name_plural = _("checks of paper votes")
        constraints = [
            models.CheckConstraint(
                name="a_disputed_paper_says_what_it_bears",
                condition=Q(finding="confirmed") | ~Q(note=""),
                violation_error_message=_("Say what the paper bears."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.finding}"

    @property
    def is_dispute(self) -> bool:
        """Whether the paper bears something else than was entered."""
        return self.finding == self.Finding.DISPUTED

    @staticmethod
    def waiting() -> VoteQuerySet:
        """Return the paper votes that count and that no second person has seen."""
        return Vote.objects.counted().filter(channel=Vote.Channel.PAPER, paper_check=None)


class Challenge(models.Model):
    """A doubt about a vote that became known after it was cast.

    The vote stays as it is. The challenge says whether the result would change if the
    vote fell, and later how the doubt was settled.
    """

    class Reason(models.TextChoices):
        """What came to light."""

        REVOKED_UNKNOWN = (
            "revoked_unknown_at_time",
            _("the mandate had been revoked, which was not known when the vote was cast"),
        )
        CONFLICT = "undeclared_conflict", _("a conflict of interest that was not declared")
        TWO_SIDES = "one_person_two_sides", _("one person acted for two sides")
        DOCUMENT = "document_defect", _("the document of the mandate has a defect")

    class Settlement(models.TextChoices):
        """How the doubt ended."""

        CONFIRMED = "confirmed", _("the principal confirmed the vote")
        REDECIDED = "decided_again", _("the body decided again")
        DISMISSED = "dismissed", _("the doubt proved unfounded")

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    vote = models.ForeignKey(Vote, on_delete=models.PROTECT, related_name="challenges")
    reason = models.CharField(_("reason"), max_length=24, choices=Reason.choices)
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="challenges_raised"
    )
    raised_at = models.DateTimeField(_("raised at"))
    known_on = models.DateField(_("known since"), null=True, blank=True)
    validity = models.JSONField(_("validity with this doubt"), null=True)
    is_material = models.BooleanField(_("could change the result"), null=True)
    settlement = models.CharField(
        _("settlement"), max_length=14, choices=Settlement.choices, blank=True
    )
    settlement_note = models.CharField(_("explanation"), max_length=500, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="challenges_settled",
        null=True,
        blank=True,
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    decided_in = models.ForeignKey(
        Ballot,
        on_delete=models.PROTECT,
        related_name="challenges_settled",
        null=True,
        blank=True,
        verbose_name=_("decided again in"),
    )

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("challenge of a vote")
        verbose_name_plural = _("challenges of votes")
        constraints = [
            models.UniqueConstraint(
                name="a_vote_is_challenged_once_for_one_reason",
                fields=["vote", "reason"],
                violation_error_message=_("The vote is already challenged for this reason."),
            ),
            models.CheckConstraint(
                name="a_settled_challenge_says_how_by_whom_and_when",
                condition=Q(settlement="", settled_by=None, settled_at=None, settlement_note="")
                | (
                    ~Q(settlement="")
                    & Q(settled_by__isnull=False, settled_at__isnull=False)
                    & ~Q(settlement_note="")
                ),
                violation_error_message=_("Say how the doubt was settled and explain it."),
            ),
            models.CheckConstraint(
                name="a_question_decided_again_names_its_ballot",
                condition=Q(settlement="decided_again", decided_in__isnull=False)
                | (~Q(settlement="decided_again") & Q(decided_in=None)),
                violation_error_message=_("Name the ballot in which it was decided again."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.vote_id}: {self.reason}"
