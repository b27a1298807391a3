"""Putting a matter on the agenda of a meeting: its clauses, or the text as a whole.

Before the notices are sent the secretary does; at the meeting itself the coordinator proposes, and
every seat has to agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from governance.models import Meeting
from governance.services import late_items, meetings
from negotiation.models import Clause
from negotiation.views.access import MatterActPage
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


class AgendaPage(MatterActPage):
    """A page on which something of a matter is put on an agenda."""

    form_class = AgendaForm

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the meetings of the page and the negotiated clauses of the text."""
        clauses = Clause.objects.of_matter(self.matter).filter(origin=Clause.Origin.NEGOTIATED)
        return {
            **super().get_form_kwargs(),
            "meetings": self.meetings().filter(body=self.matter.body).order_by("planned_for", "pk"),
            "clauses": clauses.in_force_of_the_text().in_order(),
        }

    def meetings(self) -> QuerySet[Meeting]:
        """Return the meetings on whose agenda the page can put something."""
        raise LookupError("a page of an agenda says of which meetings")

    def get_initial(self) -> dict[str, Any]:
        """Suggest the title of the matter."""
        return {"title_ru": self.matter.title_ru, "title_en": self.matter.title_en}

    def item(self, form: BaseForm) -> dict[str, Any]:
        """Return what the act asks for: a clause is named by its uid, the whole by the matter's."""
        words = form.cleaned_data
        topics = [clause.uid for clause in words["clauses"]]
        if words["whole"]:
            topics.append(self.matter.uid)
        named = {name: words[name] for name in ("meeting", "title_ru", "title_en")}
        return {**named, "topics": topics, "actor": self.request.user}


class PutOnAgenda(AgendaPage, KeeperPage):
    """Put questions of this matter on the agenda of a planned meeting."""

    title = _("Put the matter on an agenda")
    intro = _("The agenda is locked when the meeting is convened; nothing outside it is decided.")
    submit = _("Put it on the agenda")

    def meetings(self) -> QuerySet[Meeting]:
        """Offer those whose notices are not sent."""
        return Meeting.objects.filter(state=Meeting.State.PLANNED)

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaItem:
        """Put it on the agenda."""
        return meetings.add_agenda_item(**self.item(form), at=at)

    def where_next(self, result: AgendaItem) -> str:
        """Go on to the meeting."""
        return reverse("governance:meeting", args=[result.meeting.uid])


class ProposeLateItem(AgendaPage):
    """Propose a question of this matter at a meeting whose agenda is locked."""

    title = _("Propose a question outside the agenda")
    intro = _(
        "Every seat of the body has to be present and to agree before it is taken up: one absence "
        "or one objection leaves it to another meeting."
    )
    submit = _("Propose it")

    def load(self, **kwargs: Any) -> None:
        """For the coordinator alone; for others the page does not exist."""
        super().load(**kwargs)
        if not self.standing.presides:
            raise Http404

    def meetings(self) -> QuerySet[Meeting]:
        """Offer those under way at which people are together."""
        together = [kind for kind in Meeting.Kind if Meeting(kind=kind).has_attendance]
        return Meeting.objects.filter(state=Meeting.State.OPENED, kind__in=together)

    def get_initial(self) -> dict[str, Any]:
        """Choose the meeting that is under way: as a rule there is one."""
        here = self.meetings().filter(body=self.matter.body).order_by("planned_for", "pk")
        return {**super().get_initial(), "meeting": here.first()}

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaItem:
        """Propose it."""
        return late_items.propose_late_item(**self.item(form), at=at)

    def where_next(self, result: AgendaItem) -> str:
        """Go on to the answers."""
        return reverse("governance:late_item", args=[result.meeting.uid, result.uid])
