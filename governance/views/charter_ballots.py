"""The ballot in which a body votes on its own charter: the text, the vote, the count."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.pages import ActPage, perform
from audit import clock
from calendars.domain import day_of
from governance import explanations
from governance.authority import Action, Evidence, examine
from governance.forms.ballots import AnnulForm, ApproveVoteForm, VoteForm
from governance.forms.charters import ConfirmForm
from governance.models import Ballot, CharterQuestion, RollEntry, Seat, SeatHolding, Vote
from governance.services import approvals, ballots, counts, votes
from governance.views.charter_drafts import draft_in_words
from governance.views.desk import body_or_404, keeps

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from accounts.models import Person


def question_or_404(
    person: Person, body: UUID, ballot: UUID, at: datetime.datetime
) -> CharterQuestion:
    """Return the question of a charter at a body that the person may see, or raise 404."""
    row = body_or_404(person, body, at)
    questions = CharterQuestion.objects.filter(draft__body=row).select_related(
        "draft__body", "ballot__meeting__body", "ballot__charter_version", "ballot__agenda_item"
    )
    return get_object_or_404(questions, ballot__uid=ballot)


def own_seat(person: Person, ballot: Ballot, at: datetime.datetime) -> RollEntry | None:
    """Return the entry of the roll for which the reader may have to vote."""
    held = SeatHolding.objects.of_body(ballot.meeting.body).filter(person=person).on(day_of(at))
    mine = set(held.values_list("seat_id", flat=True))
    mine |= set(
        person.mandates.filter(seat__body=ballot.meeting.body).values_list("seat_id", flat=True)
    )
    return ballot.roll.filter(seat_id__in=mine).select_related("seat__side").order_by("pk").first()


@login_required
@require_safe
def ballot_page(request: HttpRequest, body: UUID, ballot: UUID) -> HttpResponse:
    """Show the ballot to one reader: the text, what is at stake, the form, or the decision."""
    at = clock.now()
    question = question_or_404(request.user, body, ballot, at)
    return render(request, "governance/charter_ballot.html", _context(request, question, at))


def _context(
    request: HttpRequest,
    question: CharterQuestion,
    at: datetime.datetime,
    form: VoteForm | None = None,
) -> dict[str, Any]:
    ballot, person = question.ballot, request.user
    entry = own_seat(person, ballot, at)
    seat = entry.seat if entry else None
    body = ballot.meeting.body
    authority = examine(person, Action.VOTE, body=body, at=at, seat=seat) if seat else None
    may_vote = ballot.takes_votes(at) and isinstance(authority, Evidence)
    if may_vote and form is None and entry.standing == RollEntry.Standing.ENTITLED:
        form = VoteForm(initial={"seat": seat.uid, "text_sha256": ballot.text_sha256})
    is_keeper = keeps(person, body, at)
    presides = bool(examine(person, Action.PRESIDE, body=body, at=at))
    is_decided = ballot.is_final and hasattr(ballot, "decision")
    return {
        "body": body,
        "question": question,
        "draft": question.draft,
        "ballot": ballot,
        "edition": draft_in_words(question.draft),
        "roll_entry": entry,
        "authority_words": explanations.authority_in_words(authority) if authority else "",
        "votes_of_seat": list(ballot.votes.filter(seat=seat).order_by("pk")) if seat else [],
        "form": form,
        "consequences": explanations.consequences(ballot, seat.code) if seat else [],
        "holds_seat": _holds_seat(person, ballot, at),
        "turnout": _turnout(ballot),
        "runs": is_keeper if ballot.is_written else presides,
        "decision": ballot.decision if is_decided else None,
        "explained": explanations.explained(ballot.decision) if is_decided else None,
        "at": at,
        "is_overdue": ballot.is_overdue(at),
    }


def _holds_seat(person: Person, ballot: Ballot, at: datetime.datetime) -> bool:
    held = SeatHolding.objects.of_body(ballot.meeting.body).filter(person=person)
    return held.on(day_of(at)).exists()


def _turnout(ballot: Ballot) -> list[tuple[Any, int, int]]:
    """Return for each side how many entitled seats have a counted vote; how stays unsaid."""
    entitled = Counter(
        ballot.roll.filter(standing=RollEntry.Standing.ENTITLED).values_list("side_code", flat=True)
    )
    voted = Counter(ballot.votes.counted().values_list("seat__side__code", flat=True))
    sides = ballot.meeting.body.sides.order_by("position")
    return [(side, voted[side.code], entitled[side.code]) for side in sides]


@login_required
def cast_vote(request: HttpRequest, body: UUID, ballot: UUID) -> HttpResponse:
    """Take one vote, or show the ballot again with the reason."""
    if request.method != "POST":
        return redirect("governance:charter_ballot", body, ballot)
    at = clock.now()
    question = question_or_404(request.user, body, ballot, at)
    form = VoteForm(request.POST)
    if form.is_valid():
        seat = get_object_or_404(
            Seat, uid=form.cleaned_data["seat"], body=question.ballot.meeting.body
        )
        vote = perform(
            form,
            votes.cast_vote,
            ballot=question.ballot,
            seat=seat,
            choice=form.cleaned_data["choice"],
            text_sha256=form.cleaned_data["text_sha256"],
            channel=Vote.Channel.PLATFORM,
            actor=request.user,
        )
        if vote is not None:
            messages.success(request, _("Your vote is recorded, for exactly the text shown."))
            return redirect("governance:charter_ballot", body, ballot)
    context = _context(request, question, at, form)
    return render(request, "governance/charter_ballot.html", context, status=422)


class OfBallot(ActPage):
    """An act on the ballot about a charter."""

    template_name = "governance/charter_act.html"
    form_class = ConfirmForm

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        self.at = clock.now()
        self.question = question_or_404(
            self.request.user, kwargs["body"], kwargs["ballot"], self.at
        )
        self.ballot, self.body = self.question.ballot, self.question.draft.body
        if not self.is_allowed():
            raise Http404

    def is_allowed(self) -> bool:
        """On paper the secretary runs the ballot, in a hall the coordinator."""
        if self.ballot.is_written:
            return keeps(self.request.user, self.body, self.at)
        return bool(examine(self.request.user, Action.PRESIDE, body=self.body, at=self.at))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Name body and draft above the form."""
        return super().get_context_data(
            body=self.body, draft=self.question.draft, ballot=self.ballot, **kwargs
        )

    def where_next(self, result: Any) -> str:
        """Go back to the ballot."""
        return reverse("governance:charter_ballot", args=[self.body.uid, self.ballot.uid])


class OpenBallot(OfBallot):
    """Open the ballot: the roll and the edition in force are frozen."""

    title = _("Open the ballot")
    intro = _("The roll, the charter and the text are frozen, and votes are taken.")
    submit = _("Open the ballot")
    done = _("Done. If a side had no quorum, the ballot was not opened and says so.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Open."""
        return ballots.open_ballot(ballot=self.ballot, actor=self.request.user, at=at)


class CloseBallot(OfBallot):
    """Close the ballot and count it by the rule for changes of the charter."""

    title = _("Close the ballot")
    intro = _("No vote is taken any more. The decision is computed and cannot be changed.")
    submit = _("Close and count")

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Close."""
        return counts.close_ballot(ballot=self.ballot, actor=self.request.user, at=at)


class Annul(OfBallot):
    """Stop the ballot; its votes are kept, and the draft may be put again."""

    form_class = AnnulForm
    title = _("Annul the ballot")
    intro = _("All who voted are told. The votes stay in the record and count for nothing.")
    submit = _("Annul")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Annul."""
        return ballots.annul_ballot(
            ballot=self.ballot, actor=self.request.user, at=at, **form.cleaned_data
        )


class ApproveVote(OfBallot):
    """A member approves what the coordinator will vote for the side."""

    form_class = ApproveVoteForm
    title = _("Approve the vote of your side")
    intro = _("The coordinator votes for the side only after this approval, and only as approved.")
    submit = _("Approve")
    done = _("Approved.")

    def is_allowed(self) -> bool:
        """For holders of a seat."""
        return _holds_seat(self.request.user, self.ballot, self.at)

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"text_sha256": self.ballot.text_sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Approve."""
        held = SeatHolding.objects.of_body(self.body).filter(person=self.request.user)
        holding = held.on(day_of(at)).select_related("seat__side").order_by("seat_id").first()
        return approvals.approve_inside_side(
            side=holding.seat.side,
            ballot=self.ballot,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )
