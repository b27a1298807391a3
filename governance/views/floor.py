"""The floor of a meeting: which item is taken up, who asks to speak, who speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.models import AgendaItem, FloorRequest, Seat
from governance.services import floor
from governance.views.meetings import MeetingPage

if TYPE_CHECKING:
    import datetime

    from django.db.models import QuerySet
    from django.forms import BaseForm

    from accounts.models import Person
    from governance.models import Attendance


class FloorForm(forms.Form):
    """For whom the floor is asked: for oneself, or for a seat whose hand is up."""

    seat = forms.ModelChoiceField(
        label=_("Seat"),
        queryset=Seat.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("for myself"),
    )

    def __init__(self, *args: Any, seats: QuerySet[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats


class FloorPage(MeetingPage):
    """An act on the floor of a meeting."""

    def where_next(self, result: Any) -> str:
        """Go back to the meeting as it goes on."""
        return reverse("negotiation:live_meeting", args=[self.meeting.uid])


class TakeUpItem(FloorPage):
    """Take up an item of the agenda."""

    title = _("Take up the item")
    intro = _("The item under discussion is shown to everybody; the one before ends with it.")
    submit = _("Take up")

    def load(self, **kwargs: Any) -> None:
        """Fetch the item."""
        super().load(**kwargs)
        self.item = get_object_or_404(AgendaItem, uid=kwargs["item"], meeting=self.meeting)

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Take it up."""
        return floor.take_up_item(item=self.item, actor=self.request.user, at=at)


class AskForTheFloor(FloorPage):
    """Ask for the floor, or note the hand of somebody in the hall."""

    form_class = FloorForm
    title = _("Ask for the floor")
    submit = _("Ask for the floor")

    def may(self, at: datetime.datetime) -> bool:
        """Let whoever sees the meeting try: a voice is asked for by the act."""
        return True

    def get_form_kwargs(self) -> dict[str, Any]:
        """Offer the seats that are occupied."""
        present = self.meeting.attendance.filter(left_at=None).values("seat_id")
        seats = self.meeting.body.seats.filter(pk__in=present)
        return {**super().get_form_kwargs(), "seats": seats.order_by("side__position", "number")}

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Ask for whoever sits on the seat that is named, or for oneself."""
        person = cast("Person", self.request.user)
        present = self.meeting.attendance.at(at).select_related("seat", "person")
        seat: Seat | None = form.cleaned_data["seat"]
        stay: Attendance | None
        if seat is not None:
            stay = present.filter(seat=seat).order_by("pk").first()
            person = stay.person if stay else person
        else:
            stay = present.filter(person=person).order_by("pk").first()
            seat = stay.seat if stay else None
        return floor.ask_for_the_floor(
            meeting=self.meeting, seat=seat, person=person, actor=self.request.user, at=at
        )


class RequestPage(FloorPage):
    """An act on one request for the floor."""

    def load(self, **kwargs: Any) -> None:
        """Fetch the request."""
        super().load(**kwargs)
        self.floor_request = get_object_or_404(
            FloorRequest, uid=kwargs["request_uid"], meeting=self.meeting
        )


class GiveTheFloor(RequestPage):
    """Let a person speak."""

    title = _("Give the floor")
    submit = _("Give the floor")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Give it."""
        return floor.give_the_floor(request=self.floor_request, actor=self.request.user, at=at)


class LetSpeakEarlier(RequestPage):
    """Let a person speak before the one who stands before in the list."""

    title = _("Let speak earlier")
    submit = _("Let speak earlier")

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Change the order."""
        return floor.let_speak_earlier(request=self.floor_request, actor=self.request.user, at=at)


class EndSpeech(RequestPage):
    """End a speech."""

    title = _("End the speech")
    submit = _("End the speech")

    def may(self, at: datetime.datetime) -> bool:
        """Let whoever sees the meeting try: speakers end their own speech."""
        return True

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """End it."""
        return floor.end_speech(request=self.floor_request, actor=self.request.user, at=at)


class WithdrawRequest(RequestPage):
    """Take a person off the speakers' list."""

    title = _("Withdraw the request for the floor")
    submit = _("Withdraw")

    def may(self, at: datetime.datetime) -> bool:
        """Let whoever sees the meeting try: everybody withdraws their own request."""
        return True

    def act(self, form: BaseForm, at: datetime.datetime) -> Any:
        """Withdraw it."""
        return floor.withdraw_request(request=self.floor_request, actor=self.request.user, at=at)
