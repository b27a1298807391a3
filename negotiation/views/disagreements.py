"""Disagreements: what blocked, what conciliation recommends, what is recorded and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.fields import EnglishField, RussianField
from governance.models import Meeting
from governance.papers import papers_of
from negotiation.forms.desk import RecommendationForm
from negotiation.forms.proposals import StatementForm
from negotiation.models import Clause, Disagreement, ProtocolOfDisagreements
from negotiation.papers import papers_of_matter
from negotiation.services import conciliation, disagreements
from negotiation.views.access import MatterActPage, Standing, visible_matter

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm


@login_required
@require_safe
def disagreement_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show what was not agreed, side by side, and the protocols that say so."""
    matter = visible_matter(request.user, uid)
    rows = (
        matter.disagreements.select_related("clause", "raised_in", "settled_in", "protocol")
        .prefetch_related("statements__side")
        .order_by("pk")
    )
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "disagreements": rows,
        "papers": papers_of(papers_of_matter(matter)),
        "protocols": matter.protocols_of_disagreements.prefetch_related(
            "signatures__side"
        ).order_by("pk"),
        "conciliation": Meeting.objects.filter(
            body=matter.body, kind=Meeting.Kind.CONCILIATION, state=Meeting.State.OPENED
        )
        .order_by("-pk")
        .first(),
    }
    return render(request, "negotiation/disagreements.html", context)


class OnDisagreements(MatterActPage):
    """An act after which one reads the list of disagreements again."""

    def where_next(self, result: Any) -> str:
        """Go back to the list."""
        return reverse("negotiation:disagreements", args=[self.matter.uid])


class OnDisagreement(OnDisagreements):
    """An act on one disagreement."""

    disagreement: Disagreement

    def load(self, **kwargs: Any) -> None:
        """Fetch it, with its clause."""
        super().load(**kwargs)
        rows = self.matter.disagreements.select_related("clause")
        self.disagreement = get_object_or_404(rows, uid=kwargs["disagreement"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the clause beside the form."""
        return super().get_context_data(clause=self.disagreement.clause, **kwargs)


class StateReasons(OnDisagreement):
    """A side says what the protocol of disagreements is to hold for it."""

    form_class = StatementForm
    title = _("State wording and reasons of your side")
    intro = _("They stand in the protocol of disagreements as you write them here.")
    submit = _("State them")

    def load(self, **kwargs: Any) -> None:
        """For those who speak for a side."""
        super().load(**kwargs)
        if not self.standing.negotiates:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """State them."""
        return disagreements.state_reasons(
            disagreement=self.disagreement,
            side=self.standing.side,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )


class FollowUpForm(forms.Form):
    """What is to be done about a disagreement that stays."""

    follow_up_ru = RussianField(label=_("What follows, in Russian"), lines=3, required=False)
    follow_up_en = EnglishField(label=_("What follows, in English"), lines=3)


class RecordDisagreement(OnDisagreement):
    """Close the attempts: the disagreement goes into a protocol."""

    form_class = FollowUpForm
    title = _("Record the disagreement")
    intro = _(
        "The attempts are closed; the disagreement will stand in a protocol of disagreements."
    )
    submit = _("Record it")

    def load(self, **kwargs: Any) -> None:
        """For the secretary and the coordinator."""
        super().load(**kwargs)
        if not (self.standing.keeps or self.standing.presides):
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Record it."""
        return disagreements.record_disagreement(
            disagreement=self.disagreement, actor=self.request.user, at=at, **form.cleaned_data
        )


class Recommend(OnDisagreements):
    """A conciliation meeting recommends a wording, or finds none."""

    form_class = RecommendationForm
    title = _("What the conciliation meeting recommends")
    intro = _("A recommendation replaces no vote: the wording lies on the table and is voted anew.")
    submit = _("Record the recommendation")

    def load(self, **kwargs: Any) -> None:
        """Find the open conciliation meeting."""
        super().load(**kwargs)
        self.meeting = (
            Meeting.objects.filter(
                body=self.matter.body, kind=Meeting.Kind.CONCILIATION, state=Meeting.State.OPENED
            )
            .order_by("-pk")
            .first()
        )
        if self.meeting is None or not (self.standing.keeps or self.standing.presides):
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the clauses in disagreement."""
        return {**super().get_form_kwargs(), "clauses": self._clauses().in_order()}

    def _clauses(self) -> QuerySet[Clause]:
        open_ones = self.matter.disagreements.under_discussion()
        return Clause.objects.filter(disagreements__in=open_ones)

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Record it."""
        words = form.cleaned_data
        clause = words["clause"]
        common = {"meeting": self.meeting, "clause": clause, "actor": self.request.user, "at": at}
        if words["outcome"] == "no_agreement":
            return conciliation.note_no_agreement(**common)
        wording = clause.on_the_table
        return conciliation.recommend(
            text_ru=words["text_ru"],
            text_en=words["text_en"] or None,
            terms=wording.terms if wording else {},
            **common,
        )


class ProtocolForm(forms.Form):
    """The protocol of disagreements: under which meeting and number."""

    meeting = forms.ModelChoiceField(
        label=_("Attached to the minutes of"), queryset=Meeting.objects.none(), to_field_name="uid"
    )
    number = forms.CharField(label=_("Number"), max_length=20)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings


class DrawUpProtocol(OnDisagreements):
    """Freeze the recorded disagreements, side by side."""

    form_class = ProtocolForm
    title = _("Draw up the protocol of disagreements")
    submit = _("Draw it up")

    def load(self, **kwargs: Any) -> None:
        """For the secretary."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the meetings that took place."""
        meetings = Meeting.objects.filter(
            body=self.matter.body, state__in=[Meeting.State.OPENED, Meeting.State.CLOSED]
        )
        return {**super().get_form_kwargs(), "meetings": meetings.order_by("-planned_for", "-pk")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Draw it up."""
        return disagreements.draw_up_protocol_of_disagreements(
            matter=self.matter, actor=self.request.user, at=at, **form.cleaned_data
        )


class SignForm(forms.Form):
    """A signature under exactly the text that was read."""

    sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class SignProtocol(OnDisagreements):
    """A side signs the protocol of disagreements."""

    form_class = SignForm
    title = _("Sign the protocol of disagreements")
    intro = _("You sign for your side exactly the text whose checksum you see.")
    submit = _("Sign")

    def load(self, **kwargs: Any) -> None:
        """For those who speak for a side."""
        super().load(**kwargs)
        if not self.standing.holdings:
            raise Http404
        self.protocol = get_object_or_404(
            ProtocolOfDisagreements, uid=kwargs["protocol"], matter=self.matter
        )

    def get_initial(self) -> dict[str, Any]:
        """Bind the form to the text that is shown."""
        return {"sha256": self.protocol.sha256}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Sign."""
        return disagreements.sign_protocol_of_disagreements(
            protocol=self.protocol,
            side=self.standing.holdings[0].seat.side,
            sha256=form.cleaned_data["sha256"],
            actor=self.request.user,
            at=at,
        )
