"""Meetings: planning, attendance, protocols, conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from governance.forms.tables import moment_field
from governance.models import (
    ConflictDeclaration,
    CorrectionRecord,
    Meeting,
    MeetingNotice,
    ProtocolRemark,
    Seat,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet


class MeetingForm(forms.Form):
    """A meeting, a written ballot, or a conciliation meeting."""

    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("How"), choices=Meeting.Kind.choices, widget=forms.RadioSelect)
    planned_for = moment_field(label=_("Begins"))
    closes_at = moment_field(label=_("Papers are taken until (written ballot)"), required=False)
    place_ru = RussianField(label=_("Place in Russian"), max_length=300, required=False)
    place_en = EnglishField(label=_("Place in English"), max_length=300)

    def clean(self) -> dict[str, Any]:
        """Ask for the last instant of a written ballot, and only of a written ballot."""
        data = super().clean() or {}
        kind, begins, until = data.get("kind"), data.get("planned_for"), data.get("closes_at")
        if kind == Meeting.Kind.WRITTEN and not until and "closes_at" not in self.errors:
            self.add_error("closes_at", _("Say until when papers are taken."))
        if kind and kind != Meeting.Kind.WRITTEN and until:
            self.add_error("closes_at", _("Only a written ballot has this term. Leave it empty."))
        if begins and until and until <= begins:
            self.add_error("closes_at", _("This must come after the beginning."))
        return data


class SeatChoiceForm(forms.Form):
    """Which seat comes or leaves."""

    seat = forms.ModelChoiceField(
        label=_("Seat"), queryset=Seat.objects.none(), to_field_name="uid"
    )

    def __init__(self, *args: Any, seats: QuerySet[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats


class DeliveryForm(forms.Form):
    """By what it is proved that a notice was delivered."""

    proof = forms.ChoiceField(label=_("Proof of delivery"), choices=MeetingNotice.Proof.choices)


class NoteForm(forms.Form):
    """A word of explanation."""

    note = RussianField(label=_("Explanation"), max_length=500)


class ProtocolForm(forms.Form):
    """The minutes of a meeting."""

    number = forms.CharField(label=_("Number of the minutes"), max_length=20)


class SignatureForm(forms.Form):
    """A signature under exactly the minutes that were read."""

    sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class CorrectionForm(forms.Form):
    """A slip of the pen in signed minutes: both readings stay visible."""

    ground = forms.ChoiceField(label=_("Kind of slip"), choices=CorrectionRecord.Ground.choices)
    place = forms.CharField(label=_("Place in the minutes"), max_length=200)
    was = forms.CharField(label=_("Printed"), max_length=1000)
    becomes = forms.CharField(label=_("To be read"), max_length=1000)
    reason = RussianField(label=_("Explanation"), max_length=1000)


class RemarkForm(forms.Form):
    """What a member remarks on draft minutes."""

    text = RussianField(label=_("Remark"), max_length=2000)


class AnswerForm(forms.Form):
    """What became of a remark, and why."""

    disposition = forms.ChoiceField(
        label=_("Conclusion"), choices=ProtocolRemark.Disposition.choices, widget=forms.RadioSelect
    )
    answer = RussianField(label=_("Reason"), max_length=2000)


class ConflictDecisionForm(forms.Form):
    """What follows from a declared conflict of interest."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=ConflictDeclaration.Decision.choices,
        widget=forms.RadioSelect,
    )
    basis_ru = RussianField(label=_("Why, in Russian"), max_length=500)
    basis_en = EnglishField(label=_("Why, in English"), max_length=500)


class EmptyForm(forms.Form):
    """Nothing to type: the button is the decision."""
