"""Forms of a silence procedure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.models import SilenceNotice

if TYPE_CHECKING:
    from django.db.models import QuerySet


class ObjectionForm(forms.Form):
    """An objection to exactly the text that the page showed."""

    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, if you wish to give one"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoticeChoice(forms.ModelChoiceField):
    """A notice, named by its seat and person."""

    def label_from_instance(self, notice: SilenceNotice) -> str:
        """Say whom it calls."""
        person = notice.person
        english = (get_language() or "ru").startswith("en")
        return f"{notice.seat.code}: {person.name_en if english else person.name_ru}"


class ReceiptForm(forms.Form):
    """By what it is proved that a notice was given to its person."""

    notice = NoticeChoice(
        label=_("Notice of"), queryset=SilenceNotice.objects.none(), to_field_name="uid"
    )
    proof = forms.ChoiceField(
        label=_("Proof of delivery"),
        choices=[
            choice
            for choice in SilenceNotice.Proof.choices
            if choice[0] != SilenceNotice.Proof.READ
        ],
    )

    def __init__(self, *args: Any, notices: QuerySet[SilenceNotice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].queryset = notices
