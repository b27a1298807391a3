"""Ballots as people meet them: the question, the vote, the receipt, the decision.

The way of one vote: `CastVote` here → `governance.services.votes.cast_vote` →
`governance.authority` → `audit.services.record`.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import Person
from accounts.pages import perform
from audit.models import Entry
from documents.papers import Kind
from governance import explanations
from governance.authority import Action, Evidence, examine
from governance.models import (
    AgendaItem,
    Ballot,
    Body,
    Decision,
    DissentingOpinion,
    Meeting,
    RollEntry,
    Seat,
    Side,
    Vote,
)
from governance.papers import papers_of
from governance.services import approvals, counts, dissents, votes
from governance.services import ballots as acts_of_ballots
from negotiation.forms.ballots import (
    AnnulForm,
    ApproveVoteForm,
    DissentForm,
    PaperVoteForm,
    VoteForm,
)
from negotiation.forms.desk import QuestionForm
from negotiation.forms.proposals import ConfirmForm
from negotiation.models import (
    Amendment,
    Clause,
    Question,
    QuestionAmendment,
    QuestionWording,
)
from negotiation.services import questions, whole
from negotiation.views.access import MatterActPage, Standing, visible_matter
from negotiation.views.names import lines_of
from negotiation.views.silence_panel import silence_context

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from negotiation.models import Matter


def visible_question(matter: Matter, uid: UUID) -> Question:
    """Return the question of a ballot on this matter, with its texts, or raise 404."""
    wordings = QuestionWording.objects.select_related("wording", "clause__draft_wording")
    amendments = QuestionAmendment.objects.select_related("amendment__side")
    rows = matter.questions.select_related(
        "ballot__meeting__body",
        "ballot__meeting__protocol",
        "ballot__charter_version",
        "ballot__agenda_item",
        "ballot__silence__objection__seat",
        "ballot__repeated_by",
    ).defer("ballot__meeting__protocol__content")
    return get_object_or_404(
        rows.prefetch_related(
            Prefetch("wordings", wordings.order_by("position")),
            Prefetch("amendments", amendments.order_by("position")),
        ),
        ballot__uid=uid,
    )


@login_required
@require_safe
def ballot_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the ballots on a matter, in the order in which they were put."""
    matter = visible_matter(request.user, uid)
    rows = (
        matter.questions.select_related("ballot__meeting", "ballot__decision")
        .prefetch_related("wordings__clause", "amendments__amendment")
        .order_by("ballot__opened_at", "pk")
    )
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "questions": rows,
    }
    return render(request, "negotiation/ballots.html", context)


@login_required
@require_safe
def ballot_page(request: HttpRequest, uid: UUID, ballot: UUID) -> HttpResponse:
    """Show one ballot to one reader: what is asked, on what authority one votes, and the form."""
    matter = visible_matter(request.user, uid)
    question = visible_question(matter, ballot)
    return render(request, "negotiation/ballot.html", _ballot_context(request, matter, question))


def _ballot_context(
    request: HttpRequest, matter: Matter, question: Question, form: VoteForm | None = None
) -> dict[str, Any]:
    """Collect what the page of a ballot shows to one person."""
    ballot = question.ballot
    standing = Standing(request, matter)
    person = standing.person
    entry = _own_entry(person, ballot, standing)
    seat = entry.seat if entry else None
    authority = (
        examine(person, Action.VOTE, body=matter.body, at=standing.at, seat=seat) if seat else None
    )
    own = list(ballot.votes.filter(seat=seat).order_by("pk")) if seat else []
    may_vote = ballot.takes_votes(standing.at) and isinstance(authority, Evidence)
    if may_vote and form is None and entry.standing == RollEntry.Standing.ENTITLED:
        form = VoteForm(initial={"seat": seat.uid, "text_sha256": ballot.text_sha256})
    return {
        "matter": matter,
        "standing": standing,
        "question": question,
        "ballot": ballot,
        "roll_entry": entry,
        "authority": authority,
        "authority_words": explanations.authority_in_words(authority)
        if authority is not None
        else "",
        "votes_of_seat": own,
        "form": form,
        "consequences": explanations.consequences(ballot, seat.code) if seat else [],
        "needs_approval": seat is not None
        and explanations.speaks_with_one_voice(ballot, seat.side.code),
        "turnout": _turnout(ballot),
        "runs": standing.keeps or (standing.presides and not ballot.is_written),
        "sees_body": _sees_body(request, matter),
        "is_decided": ballot.is_final and hasattr(ballot, "decision"),
        "is_overdue": ballot.is_overdue(standing.at),
        "chain": chain_of(question),
        **silence_context(question, standing),
    }


def chain_of(question: Question) -> list[Ballot]:
    """Return the ballots that were held one for the other, this one among them, the first first.

    Nothing if the ballot stands alone.
    """
    ballot = question.ballot
    if ballot.repeats_id is None and not hasattr(ballot, "repeated_by"):
        return []
    every = {
        ballot.pk: ballot
        for ballot in Ballot.objects.filter(question__matter=question.matter_id)
        .in_chains()
        .select_related("decision")
    }
    chain = [found] if (found := every.get(question.ballot_id)) else []
    while chain and chain[0].repeats_id in every:
        chain.insert(0, every[chain[0].repeats_id])
    following = {ballot.repeats_id: ballot for ballot in every.values()}
    while chain and chain[-1].pk in following:
        chain.append(following[chain[-1].pk])
    return chain


def _sees_body(request: HttpRequest, matter: Matter) -> bool:
    """Say whether the charter of the body, read in words, exists for the reader."""
    return Body.objects.visible_to(request.user).filter(pk=matter.body_id).exists()


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many entitled seats of a side have a counted vote. How they voted stays unsaid."""

    side: Side
    entitled: int
    voted: int


def _turnout(ballot: Ballot) -> list[Turnout]:
    """Return the turnout of each side of an open or closed ballot."""
    entitled = Counter(
        ballot.roll.filter(standing=RollEntry.Standing.ENTITLED).values_list("side_code", flat=True)
    )
    voted = Counter(ballot.votes.counted().values_list("seat__side__code", flat=True))
    sides = ballot.meeting.body.sides.order_by("position")
    return [Turnout(side, entitled[side.code], voted[side.code]) for side in sides]


def _own_entry(person: Any, ballot: Ballot, standing: Standing) -> RollEntry | None:
    """Return the entry of the roll for which the reader may have to vote."""
    mine = {holding.seat_id for holding in standing.holdings}
    mine |= set(
        person.mandates.filter(seat__body=ballot.meeting.body).values_list("seat_id", flat=True)
    )
    rows = ballot.roll.filter(seat_id__in=mine).select_related("seat__side").order_by("pk")
    return rows.first()


@login_required
def cast_vote(request: HttpRequest, uid: UUID, ballot: UUID) -> HttpResponse:
    """Take one vote and answer with its receipt, or show the ballot again with the reason."""
    if request.method != "POST":
        return redirect("negotiation:ballot", uid, ballot)
    matter = visible_matter(request.user, uid)
    question = visible_question(matter, ballot)
    form = VoteForm(request.POST)
    if form.is_valid():
        seat = get_object_or_404(Seat, uid=form.cleaned_data["seat"], body=matter.body)
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
            return redirect("negotiation:receipt", uid, ballot, vote.uid)
    context = _ballot_context(request, matter, question, form)
    return render(request, "negotiation/ballot.html", context, status=422)


@login_required
@require_safe
def receipt(request: HttpRequest, uid: UUID, ballot: UUID, vote: UUID) -> HttpResponse:
    """Show what was recorded of a vote: for which text, when, and whether it counts."""
    matter = visible_matter(request.user, uid)
    question = visible_question(matter, ballot)
    row = get_object_or_404(
        question.ballot.votes.select_related("seat__side", "mandate", "person"), uid=vote
    )
    if row.person_id != request.user.pk:
        raise Http404
    context = {
        "matter": matter,
        "question": question,
        "ballot": question.ballot,
        "vote": row,
        "entry": Entry.objects.of_subject(row).order_by("pk").first(),
    }
    return render(request, "negotiation/receipt.html", context)


@login_required
@require_safe
def decision_page(request: HttpRequest, uid: UUID, ballot: UUID) -> HttpResponse:
    """Show one decision on one page: rule, roll, votes and mandates, arithmetic, validity."""
    matter = visible_matter(request.user, uid)
    question = visible_question(matter, ballot)
    decision = get_object_or_404(Decision, ballot=question.ballot)
    decision.ballot = question.ballot
    standing = Standing(request, matter)
    dissent = list(
        question.ballot.dissenting_opinions.select_related("person", "seat", "ballot").order_by(
            "pk"
        )
    )
    context = {
        "matter": matter,
        "standing": standing,
        "question": question,
        "ballot": question.ballot,
        "chain": chain_of(question),
        "decision": decision,
        "explained": explanations.explained(decision),
        "validity": explanations.validity_of(decision),
        **doors_of_validity(standing),
        "lines": lines_of(Entry.objects.of_subject(question.ballot).order_by("pk"), matter),
        "sees_body": _sees_body(request, matter),
        "rule": json.dumps(question.ballot.charter_version.rules, ensure_ascii=False, indent=2)
        if question.ballot.charter_version
        else "",
        "papers": papers_of(_papers(question, dissent)),
        "dissent": dissent,
    }
    return render(request, "negotiation/decision.html", context)


def doors_of_validity(standing: Standing) -> dict[str, bool]:
    """Say which acts on the validity of a decision are worth showing to the reader."""
    officer = standing.keeps or standing.presides
    return {
        "may_challenge": officer or standing.audits or standing.negotiates is not None,
        "may_examine": officer or standing.audits,
        "may_settle": officer,
    }


def _papers(question: Question, dissent: list[DissentingOpinion]) -> list[tuple[Kind, Any]]:
    """Return what there are papers of about one decision."""
    drawn_up = hasattr(question.ballot.meeting, "protocol")
    return [
        *([(Kind.EXTRACT, question)] if drawn_up else []),
        *((Kind.DISSENT, opinion) for opinion in dissent),
    ]


class BallotActPage(MatterActPage):
    """An act on one ballot."""

    question: Question

    def load(self, **kwargs: Any) -> None:
        """Fetch the ballot and its question."""
        super().load(**kwargs)
        self.question = visible_question(self.matter, kwargs["ballot"])
        self.ballot = self.question.ballot

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the question above the form."""
        return super().get_context_data(question=self.question, ballot=self.ballot, **kwargs)

    def where_next(self, result: Any) -> str:
        """Go back to the ballot."""
        return reverse("negotiation:ballot", args=[self.matter.uid, self.ballot.uid])


class RunningTheBallot(BallotActPage):
    """An act of the coordinator; of the secretary where the ballot is written."""

    form_class = ConfirmForm

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        super().load(**kwargs)
        runs = self.standing.keeps if self.ballot.is_written else self.standing.presides
        if not (runs or self.standing.keeps):
            raise Http404


class OpenBallot(RunningTheBallot):
    """Open the ballot: the roll, the charter and the text are frozen."""

    title = _("Open the ballot")
    intro = _("The roll, the charter and the text are frozen, and votes are taken.")
    submit = _("Open the ballot")
    done = _("Done. If a side had no quorum, the ballot was not opened and says so.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Open."""
        return acts_of_ballots.open_ballot(ballot=self.ballot, actor=self.request.user, at=at)


class CloseBallot(RunningTheBallot):
    """Close the ballot, count, decide, and let the text follow."""

    title = _("Close the ballot")
    intro = _("No vote is taken any more. The decision is computed and cannot be changed.")
    submit = _("Close and count")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Close."""
        return counts.close_ballot(ballot=self.ballot, actor=self.request.user, at=at)

    def where_next(self, result: Any) -> str:
        """Go on to the decision."""
        return reverse("negotiation:decision", args=[self.matter.uid, self.ballot.uid])


class Annul(RunningTheBallot):
    """Stop a ballot whose text changed or that went wrong; its votes are kept."""

    form_class = AnnulForm
    title = _("Annul the ballot")
    intro = _("All who voted are told. The votes stay in the record and count for nothing.")
    submit = _("Annul")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Ballot:
        """Annul."""
        return acts_of_ballots.annul_ballot(
            ballot=self.ballot, actor=self.request.user, at=at, **form.cleaned_data
        )


class PaperVote(BallotActPage):
    """The secretary carries over a vote that came on paper."""

    form_class = PaperVoteForm
    title = _("Enter a vote from paper")
    intro = _("You only transmit it: the vote is that of the person who signed the paper.")
    submit = _("Enter the vote")

    def load(self, **kwargs: Any) -> None:
        """For the secretary alone."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seats on the roll."""
        seats = Seat.objects.filter(
            roll_entries__ballot=self.ballot,
            roll_entries__standing=RollEntry.Standing.ENTITLED,
        )
        signers = Person.objects.filter(mandates__seat__body=self.matter.body).distinct()
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


class ApproveVote(BallotActPage):
    """A member approves what the coordinator will vote for the side."""

    form_class = ApproveVoteForm
    title = _("Approve the vote of your side")
    intro = _("The coordinator votes for the side only after this approval, and only as approved.")
    submit = _("Approve")
    done = _("Approved.")

    def load(self, **kwargs: Any) -> None:
        """For holders of a seat."""
        super().load(**kwargs)
        if not self.standing.holdings:
            raise Http404

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


class Dissent(BallotActPage):
    """File a dissenting opinion."""

    form_class = DissentForm
    title = _("File a dissenting opinion")
    intro = _("It is attached to the decision. It changes no result, and nobody can refuse it.")
    submit = _("File the opinion")

    def load(self, **kwargs: Any) -> None:
        """For holders of a seat."""
        super().load(**kwargs)
        if not self.standing.holdings:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """File."""
        return dissents.file_dissent(
            ballot=self.ballot,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )


class PutQuestion(MatterActPage):
    """Put a question: which words, at which meeting, under which item of its agenda."""

    form_class = QuestionForm
    title = _("Put a question to the vote")
    intro = _("The ballot will carry the digest of exactly the words chosen here.")
    submit = _("Prepare the ballot")

    def load(self, **kwargs: Any) -> None:
        """For the secretary and the coordinator."""
        super().load(**kwargs)
        if not (self.standing.keeps or self.standing.presides):
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agenda ahead, the open clauses and the undecided amendments."""
        clauses = Clause.objects.of_matter(self.matter).exclude(state__in=Clause.LOCKED)
        undecided = self.matter.amendments.undecided().exclude(state=Amendment.State.FILED)
        return {
            **super().get_form_kwargs(),
            "items": AgendaItem.objects.filter(
                meeting__body=self.matter.body,
                meeting__state__in=[Meeting.State.CONVENED, Meeting.State.OPENED],
                standing__in=[AgendaItem.Standing.LISTED, AgendaItem.Standing.ADDED],
            )
            .select_related("meeting")
            .order_by("meeting__planned_for", "number"),
            "clauses": clauses.in_order(),
            "amendments": undecided.order_by("pk"),
            "repeatable": Ballot.objects.filter(question__matter=self.matter)
            .repeatable()
            .order_by("prepared_at", "pk"),
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Put the question, or the text as a whole."""
        words = dict(form.cleaned_data)
        basis = Question.Basis(words.pop("basis"))
        clauses, amendments = list(words.pop("clauses")), list(words.pop("amendments"))
        meeting = words["agenda_item"].meeting
        common = {
            "matter": self.matter,
            "meeting": meeting,
            "mode": Ballot.Mode.WRITTEN if meeting.is_written else Ballot.Mode.IN_PERSON,
            "actor": self.request.user,
            "at": at,
            **words,
        }
        if basis == Question.Basis.WHOLE:
            return whole.put_whole(**common)
        return questions.put_question(
            basis=basis,
            wordings=[clause.on_the_table for clause in clauses if clause.on_the_table]
            if basis == Question.Basis.CLAUSE_WORDING
            else [],
            amendments=amendments,
            **common,
        )

    def where_next(self, result: Any) -> str:
        """Go on to the ballot."""
        return reverse("negotiation:ballot", args=[self.matter.uid, result.ballot.uid])
