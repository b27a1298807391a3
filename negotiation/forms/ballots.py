"""Forms of those who vote, and of the secretary who enters papers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from accounts.models import Person
from governance.forms.ballots import CHOICES, AnnulForm, ApproveVoteForm, VoteForm
from governance.models import Seat

if TYPE_CHECKING:
    from django.db.models import QuerySet

__all__ = [
    "AnnulForm",
    "ApproveVoteForm",
    "DissentForm",
    "PaperVoteForm",
    "VoteForm",
]


class PaperVoteForm(forms.Form):
    """A vote that came on paper; the secretary only carries it over."""

    seat = forms.ModelChoiceField(
        label=_("Seat"), queryset=Seat.objects.none(), to_field_name="uid"
    )
    signer = forms.ModelChoiceField(
        label=_("Signed by"), queryset=Person.objects.none(), to_field_name="uid"
    )
    choice = forms.ChoiceField(
        label=_("Vote on the paper"), choices=CHOICES, widget=forms.RadioSelect
    )
    received_at = forms.DateTimeField(
        label=_("Paper received at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("Krasnoyarsk time."),
    )
    paper = forms.CharField(
        label=_("Number of the paper"),
        max_length=60,
        help_text=_("By which the paper is found in your files."),
    )

    def __init__(
        self, *args: Any, seats: QuerySet[Seat], signers: QuerySet[Person], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].queryset = seats
        self.fields["signer"].queryset = signers


class DissentForm(forms.Form):
    """A dissenting opinion: it changes no result, and nobody can refuse it."""

    text_ru = RussianField(label=_("Your opinion in Russian"), lines=6)
    text_en = EnglishField(label=_("Your opinion in English"), lines=6)
