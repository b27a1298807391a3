"""The round of comments: its end, the comment summary, and new revisions of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from governance.papers import papers_of
from negotiation.forms.desk import RevisionForm
from negotiation.forms.proposals import ConfirmForm
from negotiation.models import Amendment
from negotiation.papers import papers_of_matter
from negotiation.services import rounds, texts
from negotiation.views.access import Standing, visible_matter
from negotiation.views.drafts import KeeperPage

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm


@login_required
@require_safe
def summary_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show the comment summary as it was frozen, or what is still missing for it."""
    matter = visible_matter(request.user, uid)
    frozen = matter.summaries.select_related("revision", "prepared_by").order_by("-pk").first()
    undecided = matter.amendments.undecided().select_related("clause", "side").order_by("pk")
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "summary": frozen,
        "papers": papers_of(papers_of_matter(matter)),
        "round": matter.rounds.order_by("-number").first(),
        "without_conclusion": [row for row in undecided if not row.proposed_disposition],
    }
    return render(request, "negotiation/summary.html", context)


class CloseRound(KeeperPage):
    """Close the round of comments, once its deadlines are over."""

    form_class = ConfirmForm
    title = _("Close the round of comments")
    intro = _("Nothing is taken any more. The comment summary follows.")
    submit = _("Close the round")

    def load(self, **kwargs: Any) -> None:
        """Find the open round."""
        super().load(**kwargs)
        self.round = self.matter.rounds.filter(closed_at=None).first()
        if self.round is None:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Close."""
        return rounds.close_round(round_=self.round, actor=self.request.user, at=at)


class SummaryForm(forms.Form):
    """Which proposals the summary decides by itself, because nobody objects."""

    without_objection = forms.ModelMultipleChoiceField(
        label=_("Decided by the summary, nobody objecting"),
        queryset=Amendment.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The others go to the table with their proposed conclusion."),
    )

    def __init__(self, *args: Any, amendments: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["without_objection"].queryset = amendments


class PrepareSummary(KeeperPage):
    """Freeze everything that was filed, with its conclusions."""

    form_class = SummaryForm
    title = _("Prepare the comment summary")
    intro = _(
        "Everything filed in the round appears once, with its proposed conclusion. "
        "The summary is frozen and goes to all sides."
    )
    submit = _("Freeze the summary")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer what is admitted and undecided."""
        rows = self.matter.amendments.filter(state=Amendment.State.ADMITTED).order_by("pk")
        return {**super().get_form_kwargs(), "amendments": rows}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Freeze."""
        return rounds.prepare_summary(
            matter=self.matter, actor=self.request.user, at=at, **form.cleaned_data
        )

    def where_next(self, result: Any) -> str:
        """Go on to the summary."""
        return reverse("negotiation:summary", args=[self.matter.uid])


class IssueRevision(KeeperPage):
    """Give the present state of the text a label."""

    form_class = RevisionForm
    title = _("Issue a revision of the text")
    intro = _(
        "A revision is the present state of all clauses under a label that everybody can refer to."
    )
    submit = _("Issue the revision")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Issue."""
        return texts.issue_revision(
            matter=self.matter, actor=self.request.user, at=at, **form.cleaned_data
        )
