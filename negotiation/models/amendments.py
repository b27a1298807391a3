"""Amendments and comments, and the summary that freezes them."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    """Questions about amendments. Each method narrows; none orders, counts or writes."""

    def undecided(self) -> Self:
        """Keep what still waits for its one disposition."""
        return self.filter(state__in=Amendment.UNDECIDED)

    def admitted(self) -> Self:
        """Keep what passed the admissibility check, decided or not."""
        return self.exclude(state__in=[Amendment.State.FILED, Amendment.State.NOT_ADMITTED])

    def votable(self) -> Self:
        """Keep what may go to the vote: of a side, or sponsored by one."""
        return self.filter(Q(side__isnull=False) | Q(sponsor_side__isnull=False))


class Amendment(models.Model):
    """A proposal or a comment on one base text, with a reason and one disposition."""

    class Kind(models.TextChoices):
        REPLACE_TEXT = "replace_text", pgettext_lazy("amendment", "replace text")
        REPLACE_THRESHOLD = "replace_threshold", pgettext_lazy("amendment", "replace a threshold")
        ADD_TEXT = "add_text", pgettext_lazy("amendment", "add text")
        ADD_CLAUSE = "add_clause", pgettext_lazy("amendment", "add a clause")
        DELETE_CLAUSE = "delete_clause", pgettext_lazy("amendment", "delete the clause")
        SUB_AMENDMENT = "sub_amendment", pgettext_lazy("amendment", "sub-amendment")
        COMMENT = "comment", pgettext_lazy("amendment", "comment")
        EDITORIAL = "editorial", pgettext_lazy("amendment", "editorial")

    class State(models.TextChoices):
        FILED = "filed", pgettext_lazy("amendment", "filed")
        ADMITTED = "admitted", pgettext_lazy("amendment", "admitted")
        NOT_ADMITTED = "not_admitted", pgettext_lazy("amendment", "not admitted")
        IN_SUMMARY = "in_summary", pgettext_lazy("amendment", "in the summary")
        TO_CONCILIATION = "to_conciliation", pgettext_lazy("amendment", "sent to conciliation")
        DECIDED = "decided", pgettext_lazy("amendment", "decided")
        WITHDRAWN = "withdrawn", pgettext_lazy("amendment", "withdrawn")
        STALE = "stale", pgettext_lazy("amendment", "base text has changed")

    class Proposal(models.TextChoices):
        """The five conclusions of a comment summary (GOST 1.2, annex A)."""

        ACCEPTED = "accepted", pgettext_lazy("conclusion", "accepted")
        ACCEPTED_PARTLY = "accepted_partly", pgettext_lazy("conclusion", "accepted in part")
        REJECTED = "rejected", pgettext_lazy("conclusion", "rejected")
        TAKEN_NOTE = "taken_note", pgettext_lazy("conclusion", "taken note of")
        TO_CONCILIATION = (
            "to_conciliation",
            pgettext_lazy("conclusion", "proposed for a conciliation meeting"),
        )

    class Disposition(models.TextChoices):
        ACCEPTED = "accepted", pgettext_lazy("disposition", "accepted")
        ACCEPTED_PARTLY = "accepted_partly", pgettext_lazy("disposition", "accepted in part")
        REJECTED = "rejected", pgettext_lazy("disposition", "rejected")
        TAKEN_NOTE = "taken_note", pgettext_lazy("disposition", "taken note of")
        WITHDRAWN = "withdrawn", pgettext_lazy("disposition", "withdrawn by the author")
        INADMISSIBLE = "inadmissible", pgettext_lazy("disposition", "not admitted")
        NOT_AGREED = "not_agreed", pgettext_lazy("disposition", "no agreement reached")
        ABSORBED = "absorbed", pgettext_lazy("disposition", "absorbed")

    class DecidedBy(models.TextChoices):
        BALLOT = "ballot", pgettext_lazy("decided", "by ballot")
        SUMMARY = "summary", pgettext_lazy("decided", "in the comment summary, nobody objecting")
        CONCILIATION = "conciliation", pgettext_lazy("decided", "at a conciliation meeting")
        TACIT = "tacit", pgettext_lazy("decided", "tacitly, nobody objecting within the term")
        ADMISSIBILITY_CHECK = (
            "admissibility_check",
            pgettext_lazy("decided", "by the admissibility check"),
        )
        AUTHOR = "author", pgettext_lazy("decided", "by the author")
        CONSEQUENCE = (
            "consequence",
            pgettext_lazy("decided", "as a consequence of another decision"),
        )

    class Inadmissibility(models.TextChoices):
        """The closed list of grounds on which a proposal is not admitted."""

        FEDERAL_MIRROR = "federal_mirror", _("the clause mirrors a federal norm")
        OUTSIDE_SCOPE = "outside_scope", _("outside the scope of the matter")
        NO_REASON = "no_reason", _("no reason is given")
        DUPLICATE = "duplicate", _("the same is proposed already")
        BASE_NOT_CURRENT = "base_not_current", _("the base text is no longer current")
        PARENT_CLOSED = "parent_closed", _("the amendment it changes is closed")
        NESTED_TOO_DEEP = "nested_too_deep", _("nested deeper than a sub-amendment")
        CLAUSE_LOCKED = "clause_locked", _("the clause is agreed and locked")

    UNDECIDED = (
        State.FILED,
        State.ADMITTED,
        State.IN_SUMMARY,
        State.TO_CONCILIATION,
        State.STALE,
    )
    CLOSED = (State.NOT_ADMITTED, State.DECIDED, State.WITHDRAWN)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40)
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="amendments"
    )
    round = models.ForeignKey(
        "negotiation.Round", on_delete=models.PROTECT, related_name="amendments"
    )
    clause = models.ForeignKey(
        "negotiation.Clause",
        on_delete=models.PROTECT,
        related_name="amendments",
        null=True,
        blank=True,
    )
    proposed_number = models.CharField(_("number of the new clause"), max_length=20, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    side = models.ForeignKey(
        "governance.Side", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.CharField(_("on behalf of"), max_length=60, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="sub_amendments",
        null=True,
        blank=True,
    )
    base_wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    proposal_ru = models.TextField(_("proposal in Russian"))
    proposal_en = models.TextField(_("proposal in English"), blank=True)
    reason_ru = models.TextField(_("reason in Russian"), blank=True)
    reason_en = models.TextField(_("reason in English"), blank=True)
    sha256 = models.CharField(_("digest"), max_length=64)
    sponsor_side = models.ForeignKey(
        "governance.Side", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    filed_at = models.DateTimeField(_("filed"))
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.FILED)
    inadmissibility = models.CharField(
        _("ground of refusal"), max_length=20, choices=Inadmissibility, blank=True
    )
    proposed_disposition = models.CharField(
        _("proposed conclusion"), max_length=20, choices=Proposal, blank=True
    )
    disposition = models.CharField(_("disposition"), max_length=20, choices=Disposition, blank=True)
    disposition_reason_ru = models.TextField(_("ground in Russian"), blank=True)
    disposition_reason_en = models.TextField(_("ground in English"), blank=True)
    decided_by = models.CharField(_("decided"), max_length=20, choices=DecidedBy, blank=True)
    decided_in = models.ForeignKey(
        "governance.Ballot", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at_meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(_("decided on"), null=True, blank=True)

    history = HistoricalRecords()
    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.UniqueConstraint(
                name="an_amendment_code_occurs_once_per_matter",
                fields=["matter", "code"],
                violation_error_message=_("The matter already has an amendment with this code."),
            ),
            models.CheckConstraint(
                name="an_amendment_says_what_it_proposes_and_why",
                condition=~Q(proposal_ru="", proposal_en="") & ~Q(reason_ru="", reason_en=""),
                violation_error_message=_("An amendment needs a text and a reason."),
            ),
            models.CheckConstraint(
                name="an_amendment_has_its_digest",
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("An amendment needs its digest."),
            ),
            models.CheckConstraint(
                name="a_sub_amendment_has_a_parent_and_nothing_else_has",
                condition=Q(kind="sub_amendment", parent__isnull=False)
                | ~Q(kind="sub_amendment") & Q(parent__isnull=True),
                violation_error_message=_("A sub-amendment names the amendment it changes."),
            ),
            models.CheckConstraint(
                name="only_a_closed_amendment_has_a_disposition_and_with_a_ground",
                condition=(
                    Q(state__in=["filed", "admitted", "in_summary", "to_conciliation", "stale"])
                    & Q(disposition="", decided_by="", decided_at__isnull=True)
                )
                | (
                    Q(state__in=["not_admitted", "decided", "withdrawn"])
                    & ~Q(disposition="")
                    & ~Q(decided_by="")
                    & Q(decided_at__isnull=False)
                    & ~Q(disposition_reason_ru="", disposition_reason_en="")
                ),
                violation_error_message=_(
                    "A decided amendment has one disposition, with its ground."
                ),
            ),
            models.CheckConstraint(
                name="the_state_of_a_closed_amendment_fits_its_disposition",
                condition=(
                    ~Q(state__in=["not_admitted", "withdrawn", "decided"])
                    | Q(state="not_admitted", disposition="inadmissible")
                    | Q(state="withdrawn", disposition="withdrawn")
                    | Q(state="decided") & ~Q(disposition__in=["inadmissible", "withdrawn", ""])
                ),
                violation_error_message=_("The disposition does not fit the state."),
            ),
            models.CheckConstraint(
                name="a_refused_proposal_names_a_ground_from_the_list",
                condition=Q(state="not_admitted") & ~Q(inadmissibility="")
                | ~Q(state="not_admitted") & Q(inadmissibility=""),
                violation_error_message=_("Choose the ground from the list."),
            ),
            models.CheckConstraint(
                name="what_a_ballot_decided_names_the_ballot",
                condition=~Q(decided_by="ballot") | Q(decided_in__isnull=False),
                violation_error_message=_("A disposition made by a ballot names the ballot."),
            ),
            models.CheckConstraint(
                name="only_a_consultative_proposal_is_sponsored",
                condition=Q(side__isnull=True) | Q(sponsor_side__isnull=True),
                violation_error_message=_("A side's own proposal needs no sponsor."),
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_undecided(self) -> bool:
        return self.state in self.UNDECIDED

    @property
    def speaks_for(self) -> int | None:
        """The side that carries it to the vote, its own or its sponsor."""
        return self.side_id or self.sponsor_side_id


class CommentSummary(models.Model):
    """The frozen list of everything filed on a revision, with conclusions. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="summaries"
    )
    revision = models.OneToOneField(
        "negotiation.Revision", on_delete=models.PROTECT, related_name="summary"
    )
    rows = models.JSONField(_("rows"))
    sha256 = models.CharField(_("digest"), max_length=64)
    prepared_at = models.DateTimeField(_("prepared"))
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("comment summary")
        verbose_name_plural = _("comment summaries")

    def __str__(self) -> str:
        return f"{self.matter_id}: {self.sha256[:12]}"
