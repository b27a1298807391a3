"""Ballots on a negotiated text: how they are put, what they ask, and what was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from documents.papers import Kind
from governance.models import AgendaItem, Ballot, Body, DissentingOpinion, Meeting
from governance.views.ballots import About
from negotiation.forms.desk import QuestionForm
from negotiation.models import Amendment, Clause, Question, QuestionAmendment, QuestionWording
from negotiation.services import questions, whole
from negotiation.views.access import MatterActPage, Standing, visible_matter
from negotiation.views.names import lines_of
from negotiation.views.silence_panel import silence_context

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from django.forms import BaseForm

    from audit.models import Entry
    from governance.lines import Line
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


class AboutMatter(About):
    """A ballot on words of a negotiated text."""

    space = "negotiation:"
    page = "negotiation/ballot.html"
    decision_page = "negotiation/decision.html"
    act_page = "negotiation/act.html"
    crumbs = "negotiation/_ballot_crumbs.html"

    def __init__(self, request: HttpRequest, *, uid: UUID, ballot: UUID) -> None:
        self.home = uid
        self.bodies = Body.objects.visible_to(request.user)
        self.matter = visible_matter(request.user, uid)
        self.question = visible_question(self.matter, ballot)
        self.ballot = self.question.ballot
        self.standing = Standing(request, self.matter)

    def context(self) -> dict[str, Any]:
        """Lead back to the matter."""
        return {**super().context(), "matter": self.matter, "question": self.question}

    def text(self) -> dict[str, Any]:
        """Say whether the charter of the body is there to be read, and what was held before."""
        return {
            "sees_body": self.bodies.filter(pk=self.matter.body_id).exists(),
            "chain": chain_of(self.question),
        }

    def beside(self) -> dict[str, Any]:
        """Show the silence procedure on the question."""
        return silence_context(self.question, self.standing)

    def lines(self, entries: Iterable[Entry]) -> list[Line]:
        """Name clauses and amendments too."""
        return lines_of(entries, self.matter)

    def papers(self, dissent: list[DissentingOpinion]) -> list[tuple[Kind, Any]]:
        """Name the extract of the protocol, and the dissenting opinions."""
        drawn_up = hasattr(self.ballot.meeting, "protocol")
        return [
            *([(Kind.EXTRACT, self.question)] if drawn_up else []),
            *((Kind.DISSENT, opinion) for opinion in dissent),
        ]


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
