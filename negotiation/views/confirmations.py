"""The page on which a body is asked to confirm a voidable decision of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.forms.validity import ConfirmationForm
from governance.models import AgendaItem, Meeting
from governance.views.decisions import ValidityPage
from negotiation.services import confirmations

if TYPE_CHECKING:
    import datetime

    from django.forms import BaseForm

    from negotiation.models import Question
    from negotiation.views.ballots import AboutMatter


class PutConfirmation(ValidityPage):
    """Put the question whether the body confirms a voidable decision."""

    about: AboutMatter
    form_class = ConfirmationForm
    title = _("Put the confirmation of the decision to the vote")
    intro = _(
        "The same body decides by the same rule on the same text. If it confirms the decision"
        " before a court has ruled on it, defects of procedure are cured; a void decision is not"
        " confirmed but taken anew."
    )
    submit = _("Prepare the ballot")

    def is_allowed(self) -> bool:
        """For whoever prepares ballots."""
        return self.standing.keeps

    def get_template_names(self) -> list[str]:
        """Show what would be confirmed beside the form."""
        return ["negotiation/confirm.html"]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the agenda items that cover what was decided."""
        items = AgendaItem.objects.filter(
            meeting__body=self.standing.body,
            meeting__state__in=[
                Meeting.State.PLANNED,
                Meeting.State.CONVENED,
                Meeting.State.OPENED,
            ],
            topics__contains=self.ballot.topics,
        )
        return {
            **super().get_form_kwargs(),
            "items": items.select_related("meeting").order_by("meeting__planned_for", "number"),
        }

    def act(self, form: BaseForm, at: datetime.datetime) -> Question:
        """Put it."""
        return confirmations.put_confirmation(
            matter=self.about.matter,
            decision=self.decision,
            actor=self.request.user,
            at=at,
            **form.cleaned_data,
        )

    def where_next(self, result: Question) -> str:
        """Go on to the new ballot."""
        return reverse("negotiation:ballot", args=[self.about.home, result.ballot.uid])
