"""Forms about doubts: what came to light about a vote, and how it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from governance.models import AgendaItem, Ballot, Challenge, Vote

if TYPE_CHECKING:
    from django.db.models import QuerySet


class VoteField(forms.ModelChoiceField):
    """Votes by the seats they came from; how each voted is on the page of the decision."""

    def label_from_instance(self, obj: Vote) -> str:
        return obj.seat.code


class ChallengeForm(forms.Form):
    """What came to light, about which vote, and since when it is known."""

    vote = VoteField(label=_("Vote of the seat"), queryset=Vote.objects.none(), to_field_name="uid")
    reason = forms.ChoiceField(
        label=_("What came to light"),
        choices=Challenge.Reason.choices,
        widget=forms.RadioSelect,
    )
    known_on = forms.DateField(
        label=_("On which day you learnt of it"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        help_text=_("A decision can be challenged within six months from this day."),
    )

    def __init__(self, *args: Any, votes: QuerySet[Vote], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["vote"].queryset = votes


class BallotField(forms.ModelChoiceField):
    """Ballots by their codes and questions."""

    def label_from_instance(self, obj: Ballot) -> str:
        return f"{obj.code}: {obj.question_ru}"


class SettleForm(forms.Form):
    """How a doubt ended, and why."""

    settlement = forms.ChoiceField(
        label=_("How the doubt ended"),
        choices=Challenge.Settlement.choices,
        widget=forms.RadioSelect,
    )
    decided_in = BallotField(
        label=_("Ballot in which it was decided again"),
        queryset=Ballot.objects.none(),
        to_field_name="uid",
        required=False,
        help_text=_("Only where the body decided again."),
    )
    note = forms.CharField(
        label=_("Explanation"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The letter of the principal, or what was found."),
    )

    def __init__(self, *args: Any, ballots: QuerySet[Ballot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decided_in"].queryset = ballots


class ConfirmationForm(forms.Form):
    """The question whether the body confirms a decision of its own."""

    code = forms.CharField(label=_("Code of the ballot"), max_length=40)
    agenda_item = forms.ModelChoiceField(
        label=_("Agenda item"),
        queryset=AgendaItem.objects.none(),
        to_field_name="uid",
        help_text=_(
            "An item of a meeting to come or under way that covers what was decided. If there is"
            " none, put one on the agenda first."
        ),
    )
    question_ru = RussianField(label=_("Question in Russian"))
    question_en = EnglishField(label=_("Question in English"))
    reason = RussianField(label=_("Why it is confirmed"), max_length=500)

    def __init__(self, *args: Any, items: QuerySet[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agenda_item"].queryset = items
