"""Doubts about votes that were counted, and what a decision is worth with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import services
from governance.models import Ballot, Challenge, Decision, Vote
from negotiation.forms.proposals import ConfirmForm
from negotiation.forms.validity import ChallengeForm, SettleForm
from negotiation.views.ballots import BallotActPage, doors_of_validity

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm

    from governance.models import ValidityReport


class ValidityPage(BallotActPage):
    """An act on the validity of a decision. For those who may not do it the page does not exist."""

    door = ""

    def load(self, **kwargs: Any) -> None:
        """Fetch the decision."""
        super().load(**kwargs)
        self.decision = get_object_or_404(Decision, ballot=self.ballot)
        if not doors_of_validity(self.standing)[self.door]:
            raise Http404

    def where_next(self, result: Any) -> str:
        """Go back to the decision."""
        return reverse("negotiation:decision", args=[self.matter.uid, self.ballot.uid])


class RaiseDoubt(ValidityPage):
    """Say what came to light about a vote that was counted."""

    door = "may_challenge"
    form_class = ChallengeForm
    title = _("Raise a doubt about a vote")
    intro = _(
        "The vote stays as it is. It is computed whether the result could change without it, and "
        "an officer of the body says how the doubt ends."
    )
    submit = _("Raise the doubt")
    done = _("The doubt is on record, and the decision was examined with it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the votes that were counted."""
        counted = Vote.objects.counted().filter(ballot=self.ballot).select_related("seat")
        return {
            **super().get_form_kwargs(),
            "votes": counted.order_by("seat__side__position", "seat__number"),
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Challenge:
        """Raise it."""
        return services.raise_challenge(actor=self.request.user, at=at, **form.cleaned_data)


class Settle(ValidityPage):
    """Say how a doubt ended."""

    door = "may_settle"
    form_class = SettleForm
    title = _("Settle a doubt about a vote")
    intro = _("The vote and the earlier reports stay; the decision is examined once more.")
    submit = _("Settle the doubt")
    done = _("The doubt is settled, and the decision was examined again.")

    def load(self, **kwargs: Any) -> None:
        """Fetch the doubt."""
        super().load(**kwargs)
        doubts = Challenge.objects.filter(vote__ballot=self.ballot)
        self.challenge = get_object_or_404(doubts, uid=kwargs["challenge"])

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the later counts of the same body."""
        later = Ballot.objects.filter(
            meeting__body=self.matter.body,
            state=Ballot.State.CERTIFIED,
            opened_at__gt=self.ballot.opened_at or self.decision.decided_at,
            topics__contains=self.ballot.topics,
        )
        return {**super().get_form_kwargs(), "ballots": later.order_by("opened_at", "pk")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Challenge:
        """Settle it."""
        return services.settle_challenge(
            challenge=self.challenge, actor=self.request.user, at=at, **form.cleaned_data
        )


class Examine(ValidityPage):
    """Examine a decision by what is known now."""

    door = "may_examine"
    form_class = ConfirmForm
    title = _("Examine the validity again")
    intro = _(
        "All eleven points are checked by what is known today. The report becomes the next "
        "edition; earlier ones stay."
    )
    submit = _("Examine")
    done = _("Examined. The new edition stands on the page of the decision.")

    def act(self, form: BaseForm, at: datetime.datetime) -> ValidityReport:
        """Examine."""
        return services.examine_validity(decision=self.decision, actor=self.request.user, at=at)
