"""Putting a matter on the agenda of a meeting: its clauses, or the text as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from governance.models import Meeting
from governance.services import meetings
from negotiation.models import Clause
from negotiation.views.drafts import KeeperPage

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.forms import BaseForm

    from governance.models import AgendaItem


class AgendaForm(forms.Form):
    """An item of an agenda: nothing outside it is decided."""

    meeting = forms.ModelChoiceField(
        label=_("Meeting"), queryset=Meeting.objects.none(), to_field_name="uid"
    )
    title_ru = RussianField(label=_("Title in Russian"))
    title_en = EnglishField(label=_("Title in English"))
    whole = forms.BooleanField(label=_("The text as a whole"), required=False)
    clauses = forms.ModelMultipleChoiceField(
        label=_("Clauses"),
        queryset=Clause.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        meetings: QuerySet[Meeting],
        clauses: QuerySet[Clause],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
        self.fields["clauses"].queryset = clauses

    def clean(self) -> dict[str, Any]:
        """Ask for something to decide about."""
        data = super().clean() or {}
        if not data.get("whole") and not data.get("clauses") and "clauses" not in self.errors:
            self.add_error("clauses", _("Choose clauses, or the text as a whole."))
        return data


class PutOnAgenda(KeeperPage):
    """Put questions of this matter on the agenda of a planned meeting."""

    form_class = AgendaForm
    title = _("Put the matter on an agenda")
    intro = _("The agenda is locked when the meeting is convened; nothing outside it is decided.")
    submit = _("Put it on the agenda")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the planned meetings of the body and the negotiated clauses of the text."""
        planned = Meeting.objects.filter(body=self.matter.body, state=Meeting.State.PLANNED)
        clauses = Clause.objects.of_matter(self.matter).filter(origin=Clause.Origin.NEGOTIATED)
        return {
            **super().get_form_kwargs(),
            "meetings": planned.order_by("planned_for", "pk"),
            "clauses": clauses.in_force_of_the_text().in_order(),
        }

    def get_initial(self) -> dict[str, Any]:
        """Suggest the title of the matter."""
        return {"title_ru": self.matter.title_ru, "title_en": self.matter.title_en}

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaItem:
        """Put it on the agenda: a clause is named by its uid, the whole by the matter's."""
        words = form.cleaned_data
        topics = [clause.uid for clause in words["clauses"]]
        if words["whole"]:
            topics.append(self.matter.uid)
        return meetings.add_agenda_item(
            meeting=words["meeting"],
            title_ru=words["title_ru"],
            title_en=words["title_en"],
            topics=topics,
            actor=self.request.user,
            at=at,
        )

    def where_next(self, result: AgendaItem) -> str:
        """Go on to the meeting."""
        return reverse("governance:meeting", args=[result.meeting.uid])
