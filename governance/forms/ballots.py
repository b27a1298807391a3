"""Forms of those who vote and of those who run a ballot, whatever it is about."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.fields import RussianField
from governance.models import Ballot, Vote

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
