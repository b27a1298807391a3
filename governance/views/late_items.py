"""A question outside the agenda: what each seat says to it, and whether it may be taken up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from audit import clock
from calendars.domain import day_of
from governance import selectors
from governance.models import AgendaItem, Meeting, Seat
from governance.services import late_items
from governance.views.desk import keeps_any
from governance.views.meetings import MeetingPage, presides, visible_meeting

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.db.models import QuerySet
    from django.forms import BaseForm

    from accounts.models import Person
    from governance.models import AgendaConsent


class AnswerForm(forms.Form):
    """What a seat says to a question that was not on the agenda that was sent."""

    seat = forms.ModelChoiceField(
        label=_("Seat"), queryset=Seat.objects.none(), to_field_name="uid", empty_label=None
    )
    agrees = forms.TypedChoiceField(
        label=_("May the question be taken up?"),
        choices=[
            ("yes", pgettext_lazy("late item", "I agree that it is taken up")),
            ("no", pgettext_lazy("late item", "I object")),
        ],
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, seats: QuerySet[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats


@login_required
@require_safe
def late_item_page(request: HttpRequest, meeting: UUID, item: UUID) -> HttpResponse:
    """Show a late item: who is there, who has answered what, and what is wanting."""
    person, at = cast("Person", request.user), clock.now()
    row = visible_meeting(person, meeting)
    late = _late_item(row, item)
    consents = {one.seat_id: one for one in late.consents.select_related("person")}
    waits = late.standing == AgendaItem.Standing.PROPOSED and row.state == Meeting.State.OPENED
    own = set(seats_of(person, row, at).values_list("pk", flat=True)) if waits else set()
    hall = selectors.presence(row, at)
    context = {
        "meeting": row,
        "body": row.body,
        "item": late,
        "waits": waits,
        "answers": late_items.answers_about(late, at),
        "sides": [
            (side.side, [(line, consents.get(line.seat.pk)) for line in side.seats])
            for side in hall
        ],
        "agreed": sum(one.agrees for one in consents.values()),
        "seats": sum(len(side.seats) for side in hall),
        "may_answer": bool(own - consents.keys()),
        "presides": presides(person, row, at),
        "is_keeper": keeps_any(person, at),
    }
    return render(request, "governance/late_item.html", context)


def _late_item(meeting: Meeting, uid: UUID) -> AgendaItem:
    """Return an item of the meeting that was not on the agenda that was sent, or raise 404."""
    late = AgendaItem.objects.exclude(standing=AgendaItem.Standing.LISTED)
    return get_object_or_404(late.select_related("meeting__body"), uid=uid, meeting=meeting)


def seats_of(person: Person, meeting: Meeting, at: datetime.datetime) -> QuerySet[Seat]:
    """Return the seats for which a person may want to answer: held today, or occupied now."""
    occupied = meeting.attendance.at(at).filter(person=person).values("seat_id")
    held = person.seat_holdings.on(day_of(at)).values("seat_id")
    seats = meeting.body.seats.filter(Q(pk__in=occupied) | Q(pk__in=held))
    return seats.order_by("side__position", "number")


class LateItemPage(MeetingPage):
    """An act about one late item."""

    template_name = "governance/act.html"

    def load(self, **kwargs: Any) -> None:
        """Fetch the item."""
        super().load(**kwargs)
        self.item = _late_item(self.meeting, kwargs["item"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Show the question above the form."""
        return super().get_context_data(late_item=self.item, back=self.where_next(None), **kwargs)

    def where_next(self, result: Any) -> str:
        """Go back to the item."""
        return reverse("governance:late_item", args=[self.meeting.uid, self.item.uid])


class AnswerLateItem(LateItemPage):
    """A seat says whether the question may be taken up."""

    form_class = AnswerForm
    title = _("A question outside the agenda")
    intro = _(
        "It is taken up only if every seat of the body is present and every one agrees. One "
        "objection is enough to leave it to another meeting. A seat answers once."
    )
    submit = _("Answer")

    def may(self, at: datetime.datetime) -> bool:
        """Let whoever has a seat here; whether it may be answered for says the act."""
        return seats_of(cast("Person", self.request.user), self.meeting, at).exists()

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the person's seats."""
        seats = seats_of(cast("Person", self.request.user), self.meeting, clock.now())
        return {**super().get_form_kwargs(), "seats": seats}

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaConsent:
        """Answer."""
        return late_items.answer_late_item(
            item=self.item, actor=self.request.user, at=at, **form.cleaned_data
        )


class AddLateItem(LateItemPage):
    """Add the question to the agenda, as everybody takes part and agrees."""

    title = _("Add the question to the agenda")
    intro = _("Every seat of the body must be present and agree; then ballots may be held on it.")
    submit = _("Add it")

    def may(self, at: datetime.datetime) -> bool:
        """Let the coordinator."""
        return presides(cast("Person", self.request.user), self.meeting, at)

    def act(self, form: BaseForm, at: datetime.datetime) -> AgendaItem:
        """Add it."""
        return late_items.decide_to_add_item(item=self.item, actor=self.request.user, at=at)
