"""Amendments and comments: filing, admitting, backing, concluding, withdrawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from negotiation.forms.proposals import (
    AdmissibilityForm,
    AmendmentForm,
    ConfirmForm,
    DispositionForm,
    NewClauseForm,
    ReasonForm,
    RebaseForm,
    SubAmendmentForm,
)
from negotiation.models import Amendment
from negotiation.services import admission, amendments, conclusions
from negotiation.views.access import (
    AmendmentActPage,
    ClauseActPage,
    MatterActPage,
    Standing,
    visible_amendment,
    visible_matter,
)

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.forms import BaseForm

    from governance.models import Side


@login_required
@require_safe
def amendment_list(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Show everything filed on a matter, with conclusions where there are some."""
    matter = visible_matter(request.user, uid)
    rows = matter.amendments.select_related(
        "author", "side", "sponsor_side", "clause", "decided_in", "parent"
    ).order_by("pk")
    context = {
        "matter": matter,
        "standing": Standing(request, matter),
        "amendments": rows,
    }
    return render(request, "negotiation/amendments.html", context)


@login_required
@require_safe
def amendment_page(request: HttpRequest, uid: UUID, amendment: UUID) -> HttpResponse:
    """Show one amendment: its words, its base, its reason, its fate."""
    matter = visible_matter(request.user, uid)
    row = visible_amendment(matter, amendment)
    standing = Standing(request, matter)
    context = {
        "matter": matter,
        "standing": standing,
        "amendment": row,
        "clause": row.clause,
        "children": row.sub_amendments.select_related("author", "side").order_by("pk"),
        "grounds_against": admission.grounds_against(row)
        if standing.keeps and row.state == Amendment.State.FILED
        else [],
    }
    return render(request, "negotiation/amendment.html", context)


class FilingMixin:
    """Who files: for a side where the person speaks for one, otherwise in a consultative voice."""

    def load(self, **kwargs: Any) -> None:
        """A page without a voice does not exist."""
        super().load(**kwargs)
        if not self.standing.may_propose:
            raise Http404

    @property
    def filed_for(self) -> dict[str, Any]:
        """Say for whom."""
        side: Side | None = self.standing.side if self.standing.negotiates else None
        return {"side": side, "actor": self.request.user}

    def where_next(self, result: Amendment) -> str:
        """Go on to the amendment."""
        return reverse("negotiation:amendment", args=[self.matter.uid, result.uid])


class FileAmendment(FilingMixin, ClauseActPage):
    """Propose a change to a clause, or comment on it."""

    form_class = AmendmentForm
    title = _("Propose an amendment")
    submit = _("File the amendment")
    done = _("Filed. The secretary checks whether it is admissible; the other sides can read it.")

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """File."""
        words = form.cleaned_data
        return amendments.file_amendment(
            matter=self.matter,
            clause=self.clause,
            kind=Amendment.Kind(words.pop("kind")),
            at=at,
            **self.filed_for,
            **words,
        )


class FileNewClause(FilingMixin, MatterActPage):
    """Propose a clause that the draft does not have."""

    form_class = NewClauseForm
    title = _("Propose a new clause")
    submit = _("File the proposal")

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """File."""
        return amendments.file_amendment(
            matter=self.matter,
            kind=Amendment.Kind.ADD_CLAUSE,
            at=at,
            **self.filed_for,
            **form.cleaned_data,
        )


class FileSubAmendment(FilingMixin, AmendmentActPage):
    """Propose a change to somebody's amendment."""

    form_class = SubAmendmentForm
    title = _("Propose a sub-amendment")
    intro = _("A sub-amendment is voted before the amendment it changes.")
    submit = _("File the sub-amendment")

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """File."""
        return amendments.file_amendment(
            matter=self.matter,
            clause=self.amendment.clause,
            parent=self.amendment,
            kind=Amendment.Kind.SUB_AMENDMENT,
            at=at,
            **self.filed_for,
            **form.cleaned_data,
        )


class OnAmendment(AmendmentActPage):
    """An act after which one reads the amendment again."""

    def where_next(self, result: Any) -> str:
        """Go back to the amendment."""
        return reverse("negotiation:amendment", args=[self.matter.uid, self.amendment.uid])


class Admit(OnAmendment):
    """The secretary admits a proposal or answers why not."""

    form_class = AdmissibilityForm
    title = _("Check admissibility")
    submit = _("Record the answer")

    def load(self, **kwargs: Any) -> None:
        """For the secretary alone."""
        super().load(**kwargs)
        if not self.standing.keeps:
            raise Http404

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """List what the rules already say against it."""
        return super().get_context_data(
            grounds_against=admission.grounds_against(self.amendment), **kwargs
        )

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """Admit or refuse."""
        words = form.cleaned_data
        if words["admit"] == "yes":
            return admission.admit_amendment(
                amendment=self.amendment, actor=self.request.user, at=at
            )
        return admission.refuse_admission(
            amendment=self.amendment,
            ground=Amendment.Inadmissibility(words["ground"]),
            reason_ru=words["reason_ru"],
            reason_en=words["reason_en"],
            actor=self.request.user,
            at=at,
        )


class Sponsor(OnAmendment):
    """A side stands behind a consultative proposal, so that it may go to the vote."""

    form_class = ConfirmForm
    title = _("Sponsor the proposal")
    intro = _("Your side takes the proposal to the vote. Its author stays its author.")
    submit = _("Sponsor")

    def load(self, **kwargs: Any) -> None:
        """For those who speak for a side."""
        super().load(**kwargs)
        if not self.standing.negotiates:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """Sponsor."""
        return amendments.sponsor_amendment(
            amendment=self.amendment, side=self.standing.side, actor=self.request.user, at=at
        )


class ProposeDisposition(OnAmendment):
    """The rapporteur proposes one of the standard conclusions."""

    form_class = DispositionForm
    title = _("Propose a conclusion")
    submit = _("Propose")

    def load(self, **kwargs: Any) -> None:
        """For the secretary and rapporteurs."""
        super().load(**kwargs)
        if not (self.standing.reports or self.standing.negotiates):
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """Propose."""
        words = form.cleaned_data
        return conclusions.propose_disposition(
            amendment=self.amendment,
            disposition=Amendment.Proposal(words["disposition"]),
            reason_ru=words["reason_ru"],
            reason_en=words["reason_en"],
            actor=self.request.user,
            at=at,
        )


class DemandVote(OnAmendment):
    """A side wants a vote where the summary would decide without one."""

    form_class = ConfirmForm
    title = _("Demand a vote on the proposal")
    intro = _("The comment summary may then not decide it.")
    submit = _("Demand a vote")

    def load(self, **kwargs: Any) -> None:
        """For those who speak for a side."""
        super().load(**kwargs)
        if not self.standing.negotiates:
            raise Http404

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Demand."""
        return conclusions.object_to_disposition(
            amendment=self.amendment, side=self.standing.side, actor=self.request.user, at=at
        )


class ByAuthor(OnAmendment):
    """An act of the author alone."""

    def load(self, **kwargs: Any) -> None:
        """For others the page does not exist."""
        super().load(**kwargs)
        if self.amendment.author_id != self.request.user.pk:
            raise Http404


class Withdraw(ByAuthor):
    """The author takes the proposal back."""

    form_class = ReasonForm
    title = _("Withdraw the amendment")
    intro = _("It stays in the record as withdrawn. This is possible until the vote on it opens.")
    submit = _("Withdraw")
    dangerous = True

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """Withdraw."""
        return amendments.withdraw_amendment(
            amendment=self.amendment, actor=self.request.user, at=at, **form.cleaned_data
        )


class Rebase(ByAuthor):
    """The author puts the proposal on the words that stand now."""

    form_class = RebaseForm
    title = _("Restate the amendment on the present words")
    submit = _("Restate")

    def get_initial(self) -> dict[str, Any]:
        """Start from the words as they were."""
        return {
            "proposal_ru": self.amendment.proposal_ru,
            "proposal_en": self.amendment.proposal_en,
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Amendment:
        """Restate."""
        return amendments.rebase_amendment(
            amendment=self.amendment, actor=self.request.user, at=at, **form.cleaned_data
        )
