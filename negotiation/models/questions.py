"""What exactly a ballot asks: the wordings or amendments behind its one digest."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Question(models.Model):
    """The text behind a ballot. Frozen from the moment the ballot opens."""

    class Basis(models.TextChoices):
        CLAUSE_WORDING = "clause_wording", pgettext_lazy("question", "wording of clauses")
        AMENDMENT = "amendment", pgettext_lazy("question", "amendments")
        WHOLE = "whole", pgettext_lazy("question", "the text as a whole")
        CONFIRMATION = "confirmation", pgettext_lazy("question", "a decision taken before")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    ballot = models.OneToOneField(
        "governance.Ballot", on_delete=models.PROTECT, related_name="question"
    )
    matter = models.ForeignKey(
        "negotiation.Matter", on_delete=models.PROTECT, related_name="questions"
    )
    basis = models.CharField(_("basis"), max_length=20, choices=Basis)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")

    def __str__(self) -> str:
        return f"{self.matter_id}: {self.get_basis_display()}"

    @property
    def asked(self) -> Question:
        """The question whose texts are voted: that of the decision, where one is confirmed."""
        if self.basis != self.Basis.CONFIRMATION or self.ballot.confirms is None:
            return self
        return self.ballot.confirms.ballot.question


class QuestionWording(models.Model):
    """A wording put to the vote, in its place."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="wordings")
    position = models.PositiveIntegerField(_("position"))
    clause = models.ForeignKey(
        "negotiation.Clause", on_delete=models.PROTECT, related_name="question_wordings"
    )
    wording = models.ForeignKey(
        "negotiation.Wording", on_delete=models.PROTECT, related_name="question_wordings"
    )

    class Meta:
        verbose_name = _("wording of a question")
        verbose_name_plural = _("wordings of a question")
        constraints = [
            models.UniqueConstraint(
                name="a_question_asks_about_a_clause_once",
                fields=["question", "clause"],
                violation_error_message=_("A question holds one wording of each clause."),
            ),
            models.UniqueConstraint(
                name="wordings_of_a_question_stand_in_one_order",
                fields=["question", "position"],
                violation_error_message=_("Two wordings cannot stand in the same place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.position}"


class QuestionAmendment(models.Model):
    """An amendment that the ballot decides or disposes of, in its place."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="amendments")
    position = models.PositiveIntegerField(_("position"))
    amendment = models.ForeignKey(
        "negotiation.Amendment", on_delete=models.PROTECT, related_name="question_amendments"
    )

    class Meta:
        verbose_name = _("amendment of a question")
        verbose_name_plural = _("amendments of a question")
        constraints = [
            models.UniqueConstraint(
                name="a_question_asks_about_an_amendment_once",
                fields=["question", "amendment"],
                violation_error_message=_("A question names each amendment once."),
            ),
            models.UniqueConstraint(
                name="amendments_of_a_question_stand_in_one_order",
                fields=["question", "position"],
                violation_error_message=_("Two amendments cannot stand in the same place."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.position}"


class SeparateVoteDemand(models.Model):
    """A side's demand: not in a package, not without a vote. Never changes."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    side = models.ForeignKey("governance.Side", on_delete=models.PROTECT, related_name="+")
    clause = models.ForeignKey(
        "negotiation.Clause",
        on_delete=models.PROTECT,
        related_name="separate_vote_demands",
        null=True,
        blank=True,
    )
    amendment = models.ForeignKey(
        "negotiation.Amendment",
        on_delete=models.PROTECT,
        related_name="separate_vote_demands",
        null=True,
        blank=True,
    )
    demanded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    demanded_at = models.DateTimeField(_("demanded"))

    class Meta:
        verbose_name = _("demand for a separate vote")
        verbose_name_plural = _("demands for a separate vote")
        constraints = [
            models.CheckConstraint(
                name="a_demand_is_about_a_clause_or_an_amendment",
                condition=Q(clause__isnull=False, amendment__isnull=True)
                | Q(clause__isnull=True, amendment__isnull=False),
                violation_error_message=_("Name a clause or an amendment."),
            ),
            models.UniqueConstraint(
                name="a_side_demands_a_separate_vote_on_a_clause_once",
                fields=["side", "clause"],
                condition=Q(clause__isnull=False),
                violation_error_message=_("Your side has already asked for a separate vote."),
            ),
            models.UniqueConstraint(
                name="a_side_demands_a_vote_on_an_amendment_once",
                fields=["side", "amendment"],
                condition=Q(amendment__isnull=False),
                violation_error_message=_("Your side has already asked for a separate vote."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side_id}: {self.clause_id or self.amendment_id}"
