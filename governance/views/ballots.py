"""A ballot as people meet it, whatever it is about: the question, the vote, the receipt, the run.

The way of one vote: `cast_vote` here → `governance.services.votes.cast_vote` →
`governance.authority` → `audit.services.record`.

What is asked belongs to other pages, and often to another app. Each kind of it says in an
`About` who may see it and where its pages lie; one set of pages serves all kinds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import ActPage, perform
from audit.models import Entry
from governance import explanations
from governance.authority import Action, Evidence, examine
from governance.forms.ballots import (
    AnnulForm,
    ApproveVoteForm,
    ConfirmForm,
    DissentForm,
    VoteForm,
)
from governance.lines import lines_of
from governance.models import Ballot, RollEntry, Seat, Side, Vote
from governance.services import approvals, counts, dissents, votes
from governance.services import ballots as acts

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from django.forms import BaseForm

    from documents.papers import Kind
    from governance.lines import Line
    from governance.models import DissentingOpinion
    from governance.pages import Standing


class About:
    """What a ballot is about, for one reader.

    `space` and a name together name an address, whose arguments are `home` and the ballot.
    Making one raises 404 where the reader may not see the ballot.
    """

    space: ClassVar[str]
    page: ClassVar[str]
    decision_page: ClassVar[str]
    act_page: ClassVar[str]
    crumbs: ClassVar[str]
    ballot: Ballot
    home: UUID
    standing: Standing

    def __init__(self, request: HttpRequest, **place: UUID) -> None:
        raise LookupError("each kind of question says how its ballot is found")

    def address(self, name: str, *args: UUID) -> str:
        """Return the address of a page of the ballot."""
        return reverse(f"{self.space}{name}", args=[self.home, self.ballot.uid, *args])

    def context(self) -> dict[str, Any]:
        """Return what every page of the ballot shows."""
        return {
            "about": self,
            "space": self.space,
            "home": self.home,
            "ballot": self.ballot,
            "body": self.ballot.meeting.body,
            "standing": self.standing,
        }

    def text(self) -> dict[str, Any]:
        """Return what the pages of the ballot and of its decision show besides: the exact text.

        `sees_body` says whether the pages of the body are there for the reader.
        """
        return {"sees_body": True}

    def beside(self) -> dict[str, Any]:
        """Return what the page of the ballot alone shows besides."""
        return {}

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """Put entries of the record on the ballot into words."""
        return lines_of(entries, self.ballot.meeting.body)

    def papers(self, dissent: list[DissentingOpinion]) -> list[tuple[Kind, Any]]:
        """Return what there are papers of about the decision and these opinions on it."""
        return []


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many entitled seats of a side have a counted vote. How they voted stays unsaid."""

    side: Side
    entitled: int
    voted: int


@login_required
@require_safe
def ballot_page(request: HttpRequest, about: type[About], **place: UUID) -> HttpResponse:
    """Show one ballot to one reader: what is asked, on what authority one votes, and the form."""
    return _page(request, about(request, **place))


def _page(
    request: HttpRequest, about: About, form: VoteForm | None = None, status: int = 200
) -> HttpResponse:
    context = {**about.context(), **about.text(), **about.beside(), **_as_seen(about, form)}
    return render(request, about.page, context, status=status)


def _as_seen(about: About, form: VoteForm | None) -> dict[str, Any]:
    """Collect what the page of a ballot shows to one person."""
    ballot, standing = about.ballot, about.standing
    entry = _own_entry(ballot, standing)
    seat = entry.seat if entry else None
    authority = (
        examine(standing.person, Action.VOTE, body=standing.body, at=standing.at, seat=seat)
        if seat
        else None
    )
    may_vote = ballot.takes_votes(standing.at) and isinstance(authority, Evidence)
    if may_vote and form is None and entry.standing == RollEntry.Standing.ENTITLED:
        form = VoteForm(initial={"seat": seat.uid, "text_sha256": ballot.text_sha256})
    return {
        "roll_entry": entry,
        "authority_words": explanations.authority_in_words(authority)
        if authority is not None
        else "",
        "votes_of_seat": list(ballot.votes.filter(seat=seat).order_by("pk")) if seat else [],
        "form": form,
        "consequences": explanations.consequences(ballot, seat.code) if seat else [],
        "needs_approval": seat is not None
        and explanations.speaks_with_one_voice(ballot, seat.side.code),
        "turnout": _turnout(ballot),
        "runs": runs(ballot, standing),
        "is_decided": ballot.is_final and hasattr(ballot, "decision"),
        "is_overdue": ballot.is_overdue(standing.at),
        "papers": _papers(ballot, standing),
    }


def runs(ballot: Ballot, standing: Standing) -> bool:
    """Say who opens and closes: on paper the secretary, in a hall the coordinator."""
    return standing.keeps if ballot.is_written else standing.presides


def _own_entry(ballot: Ballot, standing: Standing) -> RollEntry | None:
    """Return the entry of the roll for which the reader may have to vote."""
    mine = {holding.seat_id for holding in standing.holdings}
    papers = standing.person.mandates.filter(seat__body=standing.body)
    mine |= set(papers.values_list("seat_id", flat=True))
    return ballot.roll.filter(seat_id__in=mine).select_related("seat__side").order_by("pk").first()


def _turnout(ballot: Ballot) -> list[Turnout]:
    """Return the turnout of each side of an open or closed ballot."""
    entitled = Counter(
        ballot.roll.filter(standing=RollEntry.Standing.ENTITLED).values_list("side_code", flat=True)
    )
    voted = Counter(ballot.votes.counted().values_list("seat__side__code", flat=True))
    sides = ballot.meeting.body.sides.order_by("position")
    return [Turnout(side, entitled[side.code], voted[side.code]) for side in sides]


@dataclass(frozen=True, slots=True)
class PaperOfVote:
    """A vote that was entered from paper, and whether the reader may compare it."""

    vote: Vote
    may_check: bool


def _papers(ballot: Ballot, standing: Standing) -> list[PaperOfVote]:
    """Return what came on paper, for those who keep, lead or audit the body."""
    if not (standing.keeps or standing.presides or standing.audits):
        return []
    came = ballot.votes.filter(channel=Vote.Channel.PAPER).order_by("pk")
    return [
        PaperOfVote(vote, _may_check(vote, ballot, standing))
        for vote in came.select_related("seat", "person", "entered_by", "paper_check__checked_by")
    ]


def _may_check(vote: Vote, ballot: Ballot, standing: Standing) -> bool:
    is_own = standing.person.pk in {vote.entered_by_id, vote.person_id}
    waits = (
        vote.is_counted and ballot.state == Ballot.State.OPEN and not hasattr(vote, "paper_check")
    )
    return waits and not is_own and (standing.keeps or standing.presides)


@login_required
def cast_vote(request: HttpRequest, about: type[About], **place: UUID) -> HttpResponse:
    """Take one vote and answer with its receipt, or show the ballot again with the reason."""
    asked = about(request, **place)
    if request.method != "POST":
        return redirect(asked.address("ballot"))
    form = VoteForm(request.POST)
    if form.is_valid():
        seat = get_object_or_404(Seat, uid=form.cleaned_data["seat"], body=asked.standing.body)
        vote = perform(
            form,
            votes.cast_vote,
            ballot=asked.ballot,
            seat=seat,
            choice=form.cleaned_data["choice"],
            text_sha256=form.cleaned_data["text_sha256"],
            channel=Vote.Channel.PLATFORM,
            actor=request.user,
        )
        if vote is not None:
            return redirect(asked.address("receipt", vote.uid))
    return _page(request, asked, form, status=422)


@login_required
@require_safe
def receipt(request: HttpRequest, about: type[About], vote: UUID, **place: UUID) -> HttpResponse:
    """Show what was recorded of a vote: for which text, when, and whether it counts."""
    asked = about(request, **place)
    row = get_object_or_404(
        asked.ballot.votes.select_related("seat__side", "mandate", "person"), uid=vote
    )
    if row.person_id != request.user.pk:
        raise Http404
    entry = Entry.objects.of_subject(row).order_by("pk").first()
    context = {**asked.context(), "vote": row, "entry": entry, "back": asked.address("ballot")}
    return render(request, "governance/receipt.html", context)


class BallotAct(ActPage):
    """An act on one ballot. For those who could not do it the page does not exist."""

    form_class = ConfirmForm
    about: About

    def load(self, **kwargs: Any) -> None:
        """Fetch the ballot and what it is about."""
        about: type[About] = kwargs.pop("about")
        self.about = about(self.request, **kwargs)
        self.ballot, self.standing = self.about.ballot, self.about.standing
        if not self.is_allowed():
            raise Http404

    def is_allowed(self) -> bool:
        """Say for whom the page exists: whoever runs the ballot, unless the act says otherwise."""
        return runs(self.ballot, self.standing)

    def get_template_names(self) -> list[str]:
        """Look like the other acts on what the ballot is about."""
        return [self.about.act_page]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show what the ballot is about beside the form."""
        return super().get_context_data(**self.about.context(), **kwargs)

    def where_next(self, result: Any) -> str:
        """Go back to the ballot."""
        return self.about.address("ballot")


class OpenBallot(BallotAct):
    """Open the ballot: the roll, the charter and the text are frozen."""

    title = _("Open the ballot")
    intro = _("The roll, the charter and the text are frozen, and votes are taken.")
    submit = _("Open the ballot")
    done = _("Done. If a side had no quorum, the ballot was not opened and says so.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Open."""
        return acts.open_ballot(ballot=self.ballot, actor=self.request.user, at=at)


class CloseBallot(BallotAct):
    """Close the ballot, count and decide."""

    title = _("Close the ballot")
    intro = _("No vote is taken any more. The decision is computed and cannot be changed.")
    submit = _("Close and count")

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Close."""
        return counts.close_ballot(ballot=self.ballot, actor=self.request.user, at=at)

    def where_next(self, result: Ballot) -> str:
        """Go on to the decision."""
        return self.about.address("decision")


class Annul(BallotAct):
    """Stop a ballot whose text changed or that went wrong; its votes are kept."""

    form_class = AnnulForm
    title = _("Annul the ballot")
    intro = _("All who voted are told. The votes stay in the record and count for nothing.")
    submit = _("Annul")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Annul."""
        return acts.annul_ballot(
            ballot=self.ballot, actor=self.request.user, at=at, **form.cleaned_data
        )


class OfMember(BallotAct):
    """An act of whoever holds a seat."""

    def is_allowed(self) -> bool:
        """For holders of a seat."""
        return bool(self.standing.holdings)


class ApproveVote(OfMember):
    """A member approves what the coordinator will vote for the side."""

    form_class = ApproveVoteForm
    title = _("Approve the vote of your side")
    intro = _("The coordinator votes for the side only after this approval, and only as approved.")
    submit = _("Approve")
    done = _("Approved.")

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"text_sha256": self.ballot.text_sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Approve."""
        return approvals.approve_inside_side(
            side=self.standing.holdings[0].seat.side,
            ballot=self.ballot,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )


class Dissent(OfMember):
    """File a dissenting opinion."""

    form_class = DissentForm
    title = _("File a dissenting opinion")
    intro = _("It is attached to the decision. It changes no result, and nobody can refuse it.")
    submit = _("File the opinion")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """File."""
        return dissents.file_dissent(
            ballot=self.ballot,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )
