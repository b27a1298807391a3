"""Forms of those who endorse, approve, return, publish and apply."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from accounts.models import Person
from governance.models import Organisation
from licensing.models import ApprovalReturn, RequirementSet, RequirementVersion, VersionClause, Visa

if TYPE_CHECKING:
    from django.db.models import QuerySet

REMARK = 4_000


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


class SetForm(forms.Form):
    """A set of requirements: for what it binds, and on which basis."""

    code = forms.CharField(label=_("Code"), max_length=40)
    scope = forms.SlugField(
        label=_("Scope"),
        max_length=80,
        help_text=_(
            "In Latin letters, such as eng-5ax. Only one version binds in a scope on a day."
        ),
    )
    title_ru = RussianField(label=_("Title in Russian"))
    title_en = EnglishField(label=_("Title in English"))
    legal_basis = forms.ChoiceField(
        label=_("Legal basis"), choices=RequirementSet.LegalBasis.choices
    )


class SubmitForm(forms.Form):
    """The agreed text goes to the approving official under a label."""

    label = forms.CharField(label=_("Label of the version"), max_length=20, initial="1.0")


class UnitForm(forms.Form):
    """A unit of the ministry whose visa is asked, and its officer."""

    name_ru = RussianField(label=_("Unit in Russian"), max_length=300)
    name_en = EnglishField(label=_("Unit in English"), max_length=300)
    officer = forms.ModelChoiceField(
        label=_("Officer"), queryset=Person.objects.none(), to_field_name="uid"
    )
    valid_from = day_field(label=_("From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = Person.objects.order_by("name_ru", "pk")


class VisaForm(forms.Form):
    """What a unit thinks of the text it has read."""

    text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    result = forms.ChoiceField(
        label=_("Your visa"), choices=Visa.Result.choices, widget=forms.RadioSelect
    )
    remark_ru = RussianField(
        label=_("Remark in Russian"),
        lines=3,
        max_length=REMARK,
        required=False,
        help_text=_("Needed with a remark or a refusal."),
    )
    remark_en = EnglishField(label=_("Remark in English"), lines=3, max_length=REMARK)

    def clean(self) -> dict[str, Any]:
        """Ask for the remark that the chosen result announces."""
        data = super().clean() or {}
        result = data.get("result")
        if (
            result
            and result != Visa.Result.APPROVED
            and not data.get("remark_ru")
            and "remark_ru" not in self.errors
        ):
            self.add_error("remark_ru", _("Write the remark."))
        return data


class RemarkForm(forms.Form):
    """What became of a remark."""

    status = forms.ChoiceField(
        label=_("What became of the remark"),
        choices=Visa.RemarkStatus.choices,
        widget=forms.RadioSelect,
    )


class ApproveForm(forms.Form):
    """The order. The text is approved exactly as it was voted."""

    order_text_sha256 = forms.RegexField(regex=r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
    order_number = forms.CharField(label=_("Number of the order"), max_length=100)


class ReturnForm(forms.Form):
    """A return to the table: once, on one of four grounds, with a reason for each clause.

    For each chosen clause there is a reason of its own; the fields are made from the version.
    """

    ground = forms.ChoiceField(
        label=_("Ground"), choices=ApprovalReturn.Ground.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, version: RequirementVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.clauses = list(
            version.clauses.filter(origin="negotiated", kind="clause").order_by("position")
        )
        for clause in self.clauses:
            self.fields[self._name(clause)] = RussianField(
                label=_("Clause %(number)s: reason for the return, in Russian")
                % {"number": clause.number},
                lines=2,
                max_length=REMARK,
                required=False,
            )

    @staticmethod
    def _name(clause: VersionClause) -> str:
        return f"reason_{clause.pk}"

    def reasons(self) -> list[tuple[VersionClause, str]]:
        """Return the clauses that come back to the table, each with its reason."""
        return [
            (clause, words)
            for clause in self.clauses
            if (words := self.cleaned_data.get(self._name(clause)))
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for at least one clause."""
        data = super().clean() or {}
        if not self.errors and not self.reasons():
            raise forms.ValidationError(
                _("Write the reason at each clause that comes back to the table."), code="no_clause"
            )
        return data


class PublishForm(forms.Form):
    """Publication, and from when to when the version binds."""

    in_force_from = day_field(
        label=_("In force from"),
        help_text=_("1 March or 1 September, at least 90 days from today."),
    )
    last_day = day_field(label=_("Last day in force"), required=False)
    existing_permits_until = day_field(
        label=_("Earlier permits stand until, inclusive"), required=False
    )


class ApplicationForm(forms.Form):
    """An application for a module permit."""

    code = forms.CharField(label=_("Number"), max_length=40)
    applicant = forms.ModelChoiceField(
        label=_("Applicant"), queryset=Organisation.objects.none(), to_field_name="uid"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applicant"].queryset = Organisation.objects.order_by("name_ru", "pk")


class ChooseVersionForm(forms.Form):
    """The applicant's written choice of a new version as a whole."""

    version = forms.ModelChoiceField(
        label=_("Version, as a whole"),
        queryset=RequirementVersion.objects.none(),
        to_field_name="uid",
    )

    def __init__(self, *args: Any, versions: QuerySet[RequirementVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].queryset = versions


class EmptyForm(forms.Form):
    """Nothing to type: the button is the decision."""
