"""Forms of the secretary's desk that concern a negotiated text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from governance.models import AgendaItem, Ballot, Body, Side
from negotiation.models import Amendment, Clause, Matter, Question

if TYPE_CHECKING:
    from django.db.models import QuerySet

MAX_FILE = 10 * 1024 * 1024
"""Bytes of the largest draft that is read, as `documents.importing` limits it too."""


class MatterForm(forms.Form):
    """A new matter: what is to be negotiated, by which body, on whose initiative."""

    body = forms.ModelChoiceField(
        label=_("Body"), queryset=Body.objects.none(), to_field_name="uid"
    )
    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("As in your register, such as ЛТ-МШ-05.")
    )
    title_ru = RussianField(label=_("Title in Russian"))
    title_en = EnglishField(label=_("Title in English"))
    initiator_side = forms.ModelChoiceField(
        label=_("On the initiative of"), queryset=Side.objects.none(), to_field_name="uid"
    )
    legal_basis = forms.ChoiceField(label=_("Legal basis"), choices=Matter.LegalBasis.choices)

    def __init__(self, *args: Any, bodies: QuerySet[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies
        sides = Side.objects.filter(body__in=bodies).select_related("body")
        self.fields["initiator_side"].queryset = sides.order_by("body", "position")

    def clean(self) -> dict[str, Any]:
        """See that the side sits at the chosen table."""
        data = super().clean() or {}
        body, side = data.get("body"), data.get("initiator_side")
        if body and side and side.body_id != body.pk:
            self.add_error("initiator_side", _("This side does not sit at the chosen body."))
        return data


class ImportForm(forms.Form):
    """A draft, pasted or as a file, clause by clause."""

    file = forms.FileField(
        label=_("Word or text file"),
        required=False,
        help_text=_("A .docx or .txt file of at most 10 MB."),
    )
    text = forms.CharField(
        label=_("or the text itself"),
        required=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 14, "lang": "ru"}),
        help_text=_(
            "A line “1. Title” begins a section, “1.1. Title” a clause; "
            "the lines below are the words of the clause."
        ),
    )

    def clean_file(self) -> Any:
        """Refuse what cannot be a draft before anything reads it."""
        file = self.cleaned_data.get("file")
        if file and file.size > MAX_FILE:
            raise ValidationError(_("The file is larger than 10 MB."), code="too_large")
        if file and not file.name.lower().endswith((".docx", ".txt")):
            raise ValidationError(
                _("Choose a .docx or .txt file; save older formats as .docx first."),
                code="wrong_kind",
            )
        return file

    def clean(self) -> dict[str, Any]:
        """Ask for one source and only one."""
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool((data.get("text") or "").strip()):
            raise ValidationError(
                _("Choose a file or paste the text: one of the two."), code="one_source"
            )
        return data


class ClauseForm(forms.Form):
    """One clause of a draft, with the terms by which it is checked."""

    number = forms.CharField(label=_("Number"), max_length=20)
    title_ru = RussianField(label=_("Title in Russian"))
    title_en = EnglishField(label=_("Title in English"))
    text_ru = RussianField(label=_("Text in Russian"), lines=6)
    text_en = EnglishField(label=_("Text in English"), lines=6)
    origin = forms.ChoiceField(
        label=_("Origin"), choices=Clause.Origin.choices, widget=forms.RadioSelect
    )
    severable = forms.BooleanField(
        label=_("The text can stand without this clause"), required=False
    )


class CirculationForm(forms.Form):
    """The draft goes to the sides, with the deadlines for their answers."""

    label = forms.CharField(label=_("Label of the draft"), max_length=20, initial="0.5")
    comments_until = forms.DateField(
        label=_("Comments until, inclusive"), widget=forms.DateInput(attrs={"type": "date"})
    )
    sub_amendments_until = forms.DateField(
        label=_("Sub-amendments until, inclusive"), widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """See that the second deadline does not come before the first."""
        data = super().clean() or {}
        first, second = data.get("comments_until"), data.get("sub_amendments_until")
        if first and second and second < first:
            self.add_error(
                "sub_amendments_until", _("Sub-amendments are taken at least as long as comments.")
            )
        return data


class RevisionForm(forms.Form):
    """A new labelled state of the text."""

    label = forms.CharField(label=_("Label"), max_length=20)
    note_ru = RussianField(label=_("Note in Russian"), required=False)
    note_en = EnglishField(label=_("Note in English"))


class QuestionForm(forms.Form):
    """A question for a ballot: what exactly is voted, at which meeting, under which item."""

    code = forms.CharField(label=_("Code of the ballot"), max_length=40)
    agenda_item = forms.ModelChoiceField(
        label=_("Agenda item"), queryset=AgendaItem.objects.none(), to_field_name="uid"
    )
    question_ru = RussianField(label=_("Question in Russian"))
    question_en = EnglishField(label=_("Question in English"))
    basis = forms.ChoiceField(
        label=_("What is put to the vote"),
        choices=[
            choice for choice in Question.Basis.choices if choice[0] != Question.Basis.CONFIRMATION
        ],
        widget=forms.RadioSelect,
        initial=Question.Basis.CLAUSE_WORDING,
    )
    clauses = forms.ModelMultipleChoiceField(
        label=_("Clauses, in their wording on the table"),
        queryset=Clause.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    amendments = forms.ModelMultipleChoiceField(
        label=_("Amendments that the ballot decides"),
        queryset=Amendment.objects.none(),
        to_field_name="uid",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    repeats = forms.ModelChoiceField(
        label=_("Earlier ballot that is repeated"),
        queryset=Ballot.objects.none(),
        to_field_name="uid",
        required=False,
        empty_label=_("None: the question is new"),
        help_text=_(
            "One that was not held, was annulled, or was tied. Its edition of the charter holds."
        ),
    )
    repeat_note = RussianField(
        label=_("Why it is repeated with another text"), max_length=500, required=False
    )

    def __init__(
        self,
        *args: Any,
        items: QuerySet[AgendaItem],
        clauses: QuerySet[Clause],
        amendments: QuerySet[Amendment],
        repeatable: QuerySet[Ballot],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agenda_item"].queryset = items
        self.fields["repeats"].queryset = repeatable
        self.fields["clauses"].queryset = clauses
        self.fields["amendments"].queryset = amendments

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen kind of question needs."""
        data = super().clean() or {}
        basis = data.get("basis")
        if basis == Question.Basis.CLAUSE_WORDING and not data.get("clauses"):
            self.add_error("clauses", _("Choose the clauses that are put to the vote."))
        if basis == Question.Basis.AMENDMENT and not data.get("amendments"):
            self.add_error("amendments", _("Choose the amendments that are put to the vote."))
        return data


class RecommendationForm(forms.Form):
    """What a conciliation meeting says about one clause."""

    clause = forms.ModelChoiceField(
        label=_("Clause"), queryset=Clause.objects.none(), to_field_name="uid"
    )
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("wording", _("We recommend a wording")),
            ("no_agreement", _("The disagreement remains")),
        ],
        widget=forms.RadioSelect,
    )
    text_ru = RussianField(label=_("Recommended wording in Russian"), lines=5, required=False)
    text_en = EnglishField(label=_("Recommended wording in English"), lines=5)

    def __init__(self, *args: Any, clauses: QuerySet[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].queryset = clauses

    def clean(self) -> dict[str, Any]:
        """Ask for the wording that is recommended."""
        data = super().clean() or {}
        if (
            data.get("outcome") == "wording"
            and not data.get("text_ru")
            and "text_ru" not in self.errors
        ):
            self.add_error("text_ru", _("Write the wording that the meeting recommends."))
        return data
