"""Votes that came on paper: one person enters them, another compares each with its paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from accounts.models import Person
from audit.models import Entry
from governance.forms.ballots import CheckPaperForm, PaperVoteForm
from governance.models import PaperCheck, RollEntry, Seat, Vote
from governance.services import paper_checks, votes
from governance.views.ballots import BallotAct

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm


class PaperVote(BallotAct):
    """The secretary carries over a vote that came on paper."""

    form_class = PaperVoteForm
    title = _("Enter a vote from paper")
    intro = _("You only transmit it: the vote is that of the person who signed the paper.")
    submit = _("Enter the vote")

    def is_allowed(self) -> bool:
        """For the secretary alone."""
        return self.standing.keeps

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seats on the roll."""
        seats = Seat.objects.filter(
            roll_entries__ballot=self.ballot,
            roll_entries__standing=RollEntry.Standing.ENTITLED,
        )
        signers = Person.objects.filter(mandates__seat__body=self.standing.body).distinct()
        return {
            **super().get_form_kwargs(),
            "seats": seats.order_by("side__position", "number"),
            "signers": signers.order_by("name_ru", "pk"),
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Vote:
        """Enter it with the time of the paper, which the record marks as transcribed."""
        words = form.cleaned_data
        return votes.record_paper_vote(
            ballot=self.ballot,
            seat=words["seat"],
            signer=words["signer"],
            choice=words["choice"],
            text_sha256=self.ballot.text_sha256,
            paper=words["paper"],
            received_at=words["received_at"],
            actor=self.request.user,
        )


class CheckPaper(BallotAct):
    """A second person says whether a vote was entered as its paper bears it."""

    form_class = CheckPaperForm
    title = _("Check a vote against its paper")
    intro = _(
        "Take the paper itself and compare. The ballot is counted only when another person than"
        " the one who entered a vote has seen its paper."
    )
    submit = _("Keep the finding")
    done = _("The finding is kept.")

    def load(self, **kwargs: Any) -> None:
        """For those who may compare this paper; for others the page does not exist."""
        uid = kwargs.pop("vote")
        super().load(**kwargs)
        came = self.ballot.votes.counted().filter(channel=Vote.Channel.PAPER, paper_check=None)
        self.vote = get_object_or_404(
            came.select_related("ballot__meeting__body", "seat__side", "person", "entered_by"),
            uid=uid,
        )
        if not paper_checks.may_check(self.vote, self.request.user, self.standing.at):
            raise Http404

    def is_allowed(self) -> bool:
        """For whom may compare the paper, which `load` asks when it knows the vote."""
        return self.standing.keeps or self.standing.presides

    def get_template_names(self) -> list[str]:
        """Show what was entered above the form."""
        return ["governance/check_paper.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what was entered, and by which number the paper is found."""
        entry = Entry.objects.of_subject(self.vote).order_by("pk").first()
        return super().get_context_data(
            vote=self.vote,
            paper=entry.paper_reference if entry else "",
            back=self.about.address("ballot"),
            **kwargs,
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> PaperCheck:
        """Keep it."""
        return paper_checks.check_paper_vote(
            vote=self.vote, actor=self.request.user, at=at, **form.cleaned_data
        )
