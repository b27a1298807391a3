"""Forms of those who vote and of those who run a ballot, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import EnglishField, RussianField
from accounts.models import Person
from governance.models import Ballot, PaperCheck, Seat, Vote

if TYPE_CHECKING:
    from django.db.models import QuerySet

CHOICES = [
    (Vote.Choice.FOR, pgettext_lazy("ballot paper", "For")),
    (Vote.Choice.AGAINST, pgettext_lazy("ballot paper", "Against")),
    (Vote.Choice.ABSTAIN, pgettext_lazy("ballot paper", "I abstain")),
]


class VoteForm(forms.Form):
    """One vote, on exactly the text that the page showed."""

    seat = forms.UUIDField(widget=forms.HiddenInput)
    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("Your vote"),
        choices=CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three.")},
    )


class ApproveVoteForm(forms.Form):
    """A member's approval of what the coordinator will vote."""

    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    choice = forms.ChoiceField(
        label=_("Vote that the coordinator may cast"), choices=CHOICES, widget=forms.RadioSelect
    )


class AnnulForm(forms.Form):
    """Why a ballot is stopped."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Ballot.AnnulReason.choices)
    note = RussianField(label=_("Explanation"), max_length=500)


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


class CheckPaperForm(forms.Form):
    """What somebody found who compared an entered vote with its paper."""

    finding = forms.ChoiceField(
        label=_("What did you find?"),
        choices=PaperCheck.Finding.choices,
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("What the paper bears"),
        max_length=500,
        required=False,
        help_text=_("Needed if it differs: the entry counts no more, and is made again."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the paper differs."""
        data = super().clean() or {}
        if data.get("finding") == PaperCheck.Finding.DISPUTED and not data.get("note"):
            self.add_error("note", _("Say what the paper bears."))
        return data


class DissentForm(forms.Form):
    """A dissenting opinion: it changes no result, and nobody can refuse it."""

    text_ru = RussianField(label=_("Your opinion in Russian"), lines=6)
    text_en = EnglishField(label=_("Your opinion in English"), lines=6)


class ConfirmForm(forms.Form):
    """Nothing to fill in: pressing the button is the act."""
