"""A decision on one page: rule, roll, votes, arithmetic, validity; and doubts about its votes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from audit.models import Entry
from governance import explanations, services
from governance.forms.validity import ChallengeForm, SettleForm
from governance.models import Ballot, Challenge, Decision, Vote
from governance.papers import papers_of
from governance.services.counts import rules_of
from governance.views.ballots import BallotAct

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from governance.models import ValidityReport
    from governance.pages import Standing
    from governance.views.ballots import About


@login_required
@require_safe
def decision_page(request: HttpRequest, about: type[About], **place: UUID) -> HttpResponse:
    """Show one decision on one page: rule, roll, votes and mandates, arithmetic, validity."""
    asked = about(request, **place)
    ballot = asked.ballot
    decision = get_object_or_404(Decision, ballot=ballot)
    decision.ballot = ballot
    opinions = ballot.dissenting_opinions.select_related("person", "seat", "ballot")
    dissent = list(opinions.order_by("pk"))
    context = {
        **asked.context(),
        **asked.text(),
        "decision": decision,
        "explained": explanations.explained(decision),
        "validity": explanations.validity_of(decision),
        **doors_of_validity(asked.standing),
        "lines": asked.lines(Entry.objects.of_subject(ballot).order_by("pk")),
        "rule": json.dumps(rules_of(ballot), ensure_ascii=False, indent=2)
        if ballot.charter_version
        else "",
        "papers": papers_of(asked.papers(dissent)),
        "dissent": dissent,
    }
    return render(request, asked.decision_page, context)


def doors_of_validity(standing: Standing) -> dict[str, bool]:
    """Say which acts on the validity of a decision are worth showing to the reader."""
    officer = standing.keeps or standing.presides
    return {
        "may_challenge": officer or standing.audits or standing.negotiates is not None,
        "may_examine": officer or standing.audits,
        "may_settle": officer,
    }


class ValidityPage(BallotAct):
    """An act on the validity of a decision."""

    door = ""

    def load(self, **kwargs: Any) -> None:
        """Fetch the decision."""
        super().load(**kwargs)
        self.decision = get_object_or_404(Decision, ballot=self.ballot)

    def is_allowed(self) -> bool:
        """For those who may do it."""
        return doors_of_validity(self.standing)[self.door]

    def where_next(self, result: Any) -> str:
        """Go back to the decision."""
        return self.about.address("decision")


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
        challenge = kwargs.pop("challenge")
        super().load(**kwargs)
        doubts = Challenge.objects.filter(vote__ballot=self.ballot)
        self.challenge = get_object_or_404(doubts, uid=challenge)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the later counts of the same body."""
        later = Ballot.objects.filter(
            meeting__body=self.standing.body,
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
