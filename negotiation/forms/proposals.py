"""Forms of those who negotiate: amendments, positions, what is said in a room and in public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from negotiation.models import Amendment, Position

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

SHORT_TEXT = 4_000


class AmendmentForm(forms.Form):
    """An amendment or a comment to one clause."""

    OWN_KINDS = (
        Amendment.Kind.REPLACE_TEXT,
        Amendment.Kind.REPLACE_THRESHOLD,
        Amendment.Kind.ADD_TEXT,
        Amendment.Kind.DELETE_CLAUSE,
        Amendment.Kind.EDITORIAL,
        Amendment.Kind.COMMENT,
    )

    kind = forms.ChoiceField(
        label=_("What do you propose?"),
        choices=[(kind.value, kind.label) for kind in OWN_KINDS],
        widget=forms.RadioSelect,
        initial=Amendment.Kind.REPLACE_TEXT,
    )
    proposal_ru = RussianField(
        label=_("Proposal in Russian"),
        lines=4,
        help_text=_("Write the words that are to stand in the text, or which words they replace."),
    )
    proposal_en = EnglishField(label=_("Proposal in English"), lines=4)
    reason_ru = RussianField(
        label=_("Reason in Russian"),
        lines=3,
        max_length=SHORT_TEXT,
        help_text=_("The other sides read the reason before they answer."),
    )
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)


class NewClauseForm(forms.Form):
    """A proposal to add a clause."""

    proposed_number = forms.CharField(
        label=_("Number of the new clause"),
        max_length=20,
        help_text=_("Such as 5.4: the section, a full stop, the next number."),
    )
    proposal_ru = RussianField(label=_("Text of the new clause in Russian"), lines=5)
    proposal_en = EnglishField(label=_("Text of the new clause in English"), lines=5)
    reason_ru = RussianField(label=_("Reason in Russian"), lines=3, max_length=SHORT_TEXT)
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)


class SubAmendmentForm(forms.Form):
    """A change to an amendment that another side has filed."""

    proposal_ru = RussianField(label=_("Change to the amendment, in Russian"), lines=4)
    proposal_en = EnglishField(label=_("Change to the amendment, in English"), lines=4)
    reason_ru = RussianField(label=_("Reason in Russian"), lines=3, max_length=SHORT_TEXT)
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)


class AdmissibilityForm(forms.Form):
    """The secretary's answer to whether a proposal may enter the negotiation."""

    admit = forms.ChoiceField(
        label=_("Does the proposal enter the negotiation?"),
        choices=[("yes", _("Yes, admit it")), ("no", _("No, it is not admissible"))],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Ground, when it is not admitted"),
        choices=[("", "—"), *Amendment.Inadmissibility.choices],
        required=False,
    )
    reason_ru = RussianField(
        label=_("Why not, in Russian"),
        lines=3,
        max_length=SHORT_TEXT,
        required=False,
        help_text=_("Needed when the proposal is not admitted: the author reads it."),
    )
    reason_en = EnglishField(label=_("Why not, in English"), lines=3, max_length=SHORT_TEXT)

    def clean(self) -> dict[str, Any]:
        """Ask for ground and reason of a refusal."""
        data = super().clean() or {}
        if data.get("admit") == "no" and not data.get("ground"):
            self.add_error("ground", _("Choose the ground on which it is not admitted."))
        if (
            data.get("admit") == "no"
            and not data.get("reason_ru")
            and "reason_ru" not in self.errors
        ):
            self.add_error("reason_ru", _("Say why the proposal is not admitted."))
        return data


class DispositionForm(forms.Form):
    """The rapporteur's proposed conclusion, in the words of a comment summary."""

    disposition = forms.ChoiceField(
        label=_("Proposed conclusion"),
        choices=Amendment.Proposal.choices,
        widget=forms.RadioSelect,
    )
    reason_ru = RussianField(label=_("Ground in Russian"), lines=3, max_length=SHORT_TEXT)
    reason_en = EnglishField(label=_("Ground in English"), lines=3, max_length=SHORT_TEXT)


class ReasonForm(forms.Form):
    """A reason, in both languages."""

    reason_ru = RussianField(label=_("Reason in Russian"), lines=3, max_length=SHORT_TEXT)
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)


class ConfirmForm(forms.Form):
    """Nothing to type: the button is the decision."""


class PositionForm(forms.Form):
    """A side's stance on the wording that the person is reading."""

    wording = forms.UUIDField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(
        label=_("Position of your side on this wording"),
        choices=Position.Stance.choices,
        widget=forms.RadioSelect,
    )
    reason_ru = RussianField(
        label=_("Reason in Russian"),
        lines=3,
        max_length=SHORT_TEXT,
        required=False,
        help_text=_("An objection needs a reason."),
    )
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of an objection."""
        data = super().clean() or {}
        if (
            data.get("stance") == Position.Stance.OBJECT
            and not data.get("reason_ru")
            and "reason_ru" not in self.errors
        ):
            self.add_error("reason_ru", _("An objection needs a reason."))
        return data


class InnerApprovalForm(forms.Form):
    """A member's approval of what the coordinator will say for the side."""

    wording = forms.UUIDField(widget=forms.HiddenInput)
    stance = forms.ChoiceField(
        label=_("Position that the side may state"),
        choices=Position.Stance.choices,
        widget=forms.RadioSelect,
    )


class WordsForm(forms.Form):
    """A message in a room, or a remark in the open discussion."""

    text = forms.CharField(
        label=_("Your words"),
        max_length=SHORT_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ConflictForm(forms.Form):
    """A conflict of interest about one clause: one's own, or that of somebody else at the table."""

    seat = forms.ChoiceField(label=_("Whose interest?"))
    grounds_ru = RussianField(
        label=_("What is the interest? In Russian"),
        lines=4,
        max_length=SHORT_TEXT,
        help_text=_("For example: paid services in the last 36 months, authorship, a relative."),
    )
    grounds_en = EnglishField(
        label=_("What is the interest? In English"), lines=4, max_length=SHORT_TEXT
    )

    def __init__(self, *args: Any, seats: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = list(seats)


class StatementForm(forms.Form):
    """What a side wants written into the protocol of disagreements."""

    wording_ru = RussianField(
        label=_("Wording your side stands for, in Russian"), lines=4, required=False
    )
    wording_en = EnglishField(label=_("Wording your side stands for, in English"), lines=4)
    reason_ru = RussianField(label=_("Reason in Russian"), lines=3, max_length=SHORT_TEXT)
    reason_en = EnglishField(label=_("Reason in English"), lines=3, max_length=SHORT_TEXT)


class RebaseForm(forms.Form):
    """The author restates an amendment on the words that stand now."""

    proposal_ru = RussianField(label=_("Proposal in Russian"), lines=4)
    proposal_en = EnglishField(label=_("Proposal in English"), lines=4)


class SponsorForm(ConfirmForm):
    """A side takes a consultative proposal to the vote."""


class WordingForm(forms.Form):
    """A wording that the secretary or a rapporteur lays on the table."""

    text_ru = RussianField(label=_("Wording in Russian"), lines=6)
    text_en = EnglishField(label=_("Wording in English"), lines=6)
    amendments = forms.ModelMultipleChoiceField(
        label=_("Amendments that this wording takes up"),
        queryset=Amendment.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, amendments: QuerySet[Amendment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amendments"].queryset = amendments
        if not amendments:
            del self.fields["amendments"]
