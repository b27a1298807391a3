"""Who sits at a table: organisations, bodies, sides, seats, duties, mandates, charters."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from accounts.models import Person
from accounts.words import localised
from governance.domain.procedure import PartialAdoption, Proxies, Silence, Tie
from governance.domain.table import InnerRule
from governance.models import Appointment, Body, Mandate, Organisation, Seat, Side

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

MAX_DOCUMENT = 10 * 1024 * 1024
"""Bytes of the largest scanned document that is kept."""

SINGLE_VOICE = InnerRule.SINGLE_VOICE

INNER_RULES = {
    InnerRule.SINGLE_VOICE: _("One voice: the coordinator speaks after inner approval"),
    InnerRule.MAJORITY_OF_ENTITLED: _("More than half of the seats that are not recused"),
    InnerRule.MAJORITY_OF_PRESENT: _("More than half of those who take part"),
    InnerRule.TWO_THIRDS_PRESENT: _("At least two thirds of those who take part"),
    InnerRule.CONSENSUS: _("Consensus: at least one for and nobody against"),
}

PROXIES = {
    Proxies.FORBIDDEN: _("Nobody"),
    Proxies.SAME_ORGANISATION: _("A person of the same organisation"),
    Proxies.EXCEPT_EXPERTS: _("Anybody, but never on a side of experts"),
    Proxies.ANY: _("Anybody with a mandate"),
}

PARTIAL = {
    PartialAdoption.FORBIDDEN: _("Never"),
    PartialAdoption.SEVERABLE_CLAUSES: _("Yes, if the clauses left out are severable"),
}
TIES = {
    Tie.NOT_ADOPTED: _("The side has not agreed"),
    Tie.REPEAT: _("One more ballot, then the side has not agreed"),
}
SILENCES = {
    Silence.OFF: _("Never"),
    Silence.EDITORIAL: _("Yes, to editorial amendments that nobody objects to"),
}


def day_field(**kwargs: Any) -> forms.DateField:
    """Return a field for a day, with the browser's own calendar."""
    return forms.DateField(
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs
    )


def moment_field(**kwargs: Any) -> forms.DateTimeField:
    """Return a field for a moment in Krasnoyarsk time."""
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d.%m.%Y %H:%M", "%Y-%m-%d %H:%M"],
        help_text=_("Krasnoyarsk time."),
        **kwargs,
    )


class PeriodMixin:
    """A period that people give by its first and last day."""

    def clean(self) -> dict[str, Any]:
        """See that it does not end before it begins."""
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day comes before the first."))
        return data


class OrganisationForm(forms.Form):
    """An organisation that sends people to a table."""

    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=Organisation.Kind.choices)
    name_ru = RussianField(label=_("Full name in Russian"), max_length=300)
    name_en = EnglishField(label=_("Full name in English"), max_length=300)
    town = forms.CharField(label=_("Town"), max_length=100, required=False)
    affiliation_group = forms.CharField(
        label=_("Group of persons"),
        max_length=40,
        required=False,
        help_text=_("Organisations of one group count once among independent employers."),
    )


class NewNameForm(forms.Form):
    """A new name from a day on; earlier papers keep the earlier one."""

    name_ru = RussianField(label=_("New name in Russian"), max_length=300)
    name_en = EnglishField(label=_("New name in English"), max_length=300)
    valid_from = day_field(label=_("From"))


class AffiliationForm(PeriodMixin, forms.Form):
    """Where a person works and as what."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), to_field_name="uid"
    )
    position_ru = RussianField(label=_("Position in Russian"), max_length=300)
    position_en = EnglishField(label=_("Position in English"), max_length=300)
    valid_from = day_field(label=_("From"))
    last_day = day_field(label=_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.order_by("name_ru", "pk")


class BodyForm(forms.Form):
    """A table at which sides decide together."""

    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(label=_("Kind"), choices=Body.Kind.choices)
    name_ru = RussianField(label=_("Name in Russian"), max_length=300)
    name_en = EnglishField(label=_("Name in English"), max_length=300)


class SideForm(forms.Form):
    """One of the sides of a body."""

    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Short, in capital letters: MIN, EMP, PUB, EXP."),
    )
    name_ru = RussianField(label=_("Name in Russian"), max_length=200)
    name_en = EnglishField(label=_("Name in English"), max_length=200)


class SeatForm(forms.Form):
    """A seat on a side."""

    code = forms.CharField(label=_("Code"), max_length=20, help_text=_("Such as EMP-1."))
    duty = forms.ChoiceField(
        label=_("Duty"),
        choices=Seat.Duty.choices,
        widget=forms.RadioSelect,
        initial=Seat.Duty.MEMBER,
    )


class HoldingForm(PeriodMixin, forms.Form):
    """Who holds a seat, on what basis, for how long."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), to_field_name="uid"
    )
    basis_ru = RussianField(label=_("Basis in Russian"), max_length=300)
    basis_en = EnglishField(label=_("Basis in English"), max_length=300)
    valid_from = day_field(label=_("From"))
    last_day = day_field(label=_("Last day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.order_by("name_ru", "pk")


class AppointmentForm(HoldingForm):
    """A duty at a body without a seat."""

    role = forms.ChoiceField(label=_("Duty"), choices=Appointment.Role.choices)
    field_order = ("role", "person")


class EndForm(forms.Form):
    """The last day of something that ends."""

    last_day = day_field(label=_("Last day"))


class MandateForm(PeriodMixin, forms.Form):
    """A document that lets a person act for a seat."""

    code = forms.CharField(label=_("Code"), max_length=40)
    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), to_field_name="uid"
    )
    kind = forms.ChoiceField(label=_("Kind of document"), choices=Mandate.Kind.choices)
    principal = forms.ModelChoiceField(
        label=_("Organisation represented"),
        queryset=Organisation.objects.none(),
        to_field_name="uid",
        required=False,
        help_text=_("Not for a personal appointment."),
    )
    document_ru = RussianField(
        label=_("Document, as it is cited in Russian"),
        max_length=300,
        help_text=_("Such as: доверенность № 7/26."),
    )
    document_en = EnglishField(label=_("Document, as it is cited in English"), max_length=300)
    document = forms.FileField(label=_("Scanned document"), required=False)
    issued_on = day_field(
        label=_("Date of issue"),
        required=False,
        help_text=_("A mandate without a date of issue is kept and cannot be used."),
    )
    valid_from = day_field(label=_("Valid from"))
    last_day = day_field(
        label=_("Valid until, inclusive"),
        required=False,
        help_text=_("Without a term a mandate ends one year after its issue."),
    )
    scope = forms.MultipleChoiceField(
        label=_("What it allows"),
        choices=Mandate.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    parent = forms.ModelChoiceField(
        label=_("Mandate that this substitution rests on"),
        queryset=Mandate.objects.none(),
        to_field_name="uid",
        required=False,
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.order_by("name_ru", "pk")
        self.fields["principal"].queryset = Organisation.objects.order_by("name_ru", "pk")
        self.fields["parent"].queryset = seat.mandates.order_by("-valid_from", "pk")

    def clean_document(self) -> UploadedFile | None:
        """Refuse a file that is too large to be a scan."""
        file = self.cleaned_data.get("document")
        if file and file.size > MAX_DOCUMENT:
            raise ValidationError(_("The file is larger than 10 MB."), code="too_large")
        return file or None


class RevocationForm(forms.Form):
    """The principal takes a mandate back."""

    revoked_on = day_field(label=_("Revoked from"))


class CharterForm(forms.Form):
    """An edition of a body's rules of procedure, side by side with what they mean.

    The fields for the sides are made from the sides that the body has.
    """

    number = forms.IntegerField(label=_("Edition"), min_value=1, max_value=999)
    document_ru = RussianField(label=_("Document in Russian"), max_length=300)
    document_en = EnglishField(label=_("Document in English"), max_length=300)
    adopted_on = day_field(label=_("Adopted on"))
    effective_from = day_field(label=_("In force from"))
    notice_working_days = forms.IntegerField(
        label=_("Notice of a meeting, working days"), min_value=0, max_value=60, initial=10
    )
    written_notice_working_days = forms.IntegerField(
        label=_("Notice of a written ballot, working days"), min_value=0, max_value=60, initial=5
    )
    materials_working_days = forms.IntegerField(
        label=_("Texts before a meeting, working days"), min_value=0, max_value=60, initial=3
    )
    comment_working_days = forms.IntegerField(
        label=_("Comments on a draft, working days at least"),
        min_value=0,
        max_value=120,
        initial=20,
    )
    proxy = forms.ChoiceField(
        label=_("Who may vote for a holder of a seat?"),
        choices=list(PROXIES.items()),
        initial=Proxies.FORBIDDEN,
    )
    max_proxies_held = forms.IntegerField(
        label=_("For how many others may one person vote?"),
        help_text=_("Where the charter says nothing, for one."),
        min_value=1,
        max_value=99,
        required=False,
    )
    partial_adoption = forms.ChoiceField(
        label=_("May a text be adopted without some clauses?"),
        choices=list(PARTIAL.items()),
        initial=PartialAdoption.SEVERABLE_CLAUSES,
    )

    tie = forms.ChoiceField(
        label=_("What does a tie inside a side lead to?"),
        choices=list(TIES.items()),
        initial=Tie.NOT_ADOPTED,
        required=False,
    )
    silence = forms.ChoiceField(
        label=_("May no answer mean consent?"),
        choices=list(SILENCES.items()),
        initial=Silence.OFF,
        required=False,
        help_text=_(
            "A silence procedure is opened by an act of its own and lasts five working days at"
            " least; one objection sends the question to a vote."
        ),
    )

    def __init__(self, *args: Any, sides: QuerySet[Side], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = list(sides)
        for side in self.sides:
            self.fields[f"rule_{side.code}"] = forms.ChoiceField(
                label=_("How does the side “%(side)s” decide inside?")
                % {"side": localised(side, "name")},
                choices=list(INNER_RULES.items()),
                initial=InnerRule.MAJORITY_OF_PRESENT,
            )

    def procedure(self) -> dict[str, Any]:
        """Return the procedure as the charter stores it."""
        data = self.cleaned_data
        terms = (
            "notice_working_days",
            "written_notice_working_days",
            "materials_working_days",
            "comment_working_days",
        )
        proxies = data["proxy"] != Proxies.FORBIDDEN
        return {
            **{term: data[term] for term in terms},
            "proxy": data["proxy"],
            "max_proxies_held": data["max_proxies_held"] or 1,
            "partial_adoption": data["partial_adoption"],
            "tie": data.get("tie") or str(Tie.NOT_ADOPTED),
            "silence": data.get("silence") or str(Silence.OFF),
            "sides": {
                side.code: self._side(InnerRule(data[f"rule_{side.code}"]), proxies=proxies)
                for side in self.sides
            },
        }

    def _side(self, rule: InnerRule, *, proxies: bool) -> dict[str, Any]:
        """Return how one side works inside."""
        single = rule is InnerRule.SINGLE_VOICE
        return {
            "inner_rule": str(rule),
            "voice": "single" if single else "seats",
            "inner_approvals": 1 if single else 0,
            "proxies_allowed": proxies and not single,
        }


def after(last_day: datetime.date | None) -> datetime.date | None:
    """Turn the last day that people give into the excluded end that rows keep."""
    return None if last_day is None else last_day + datetime.timedelta(days=1)
