"""Forms about people and their sign-in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordMixin
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from accounts.models import Person

NAME_LENGTH = 200


class NameForm(forms.Form):
    """How a person is called."""

    name_ru = RussianField(
        label=_("Name in Russian"),
        max_length=NAME_LENGTH,
        help_text=_(
            "Surname, first name, patronymic, as in the document that appoints the person."
        ),
    )
    name_en = EnglishField(
        label=_("Name in English"),
        max_length=NAME_LENGTH,
        required=True,
        help_text=_("Petrova A. S."),
    )


class PersonForm(NameForm):
    """Somebody who becomes known here."""

    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("The invitation goes there. Somebody who never signs in needs none."),
    )
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=Person.Language.choices,
        initial=Person.Language.RUSSIAN,
    )


class RenameForm(NameForm):
    """A new name, from a day on."""

    valid_from = forms.DateField(
        label=_("The new name is borne from"), widget=forms.DateInput(attrs={"type": "date"})
    )


class AddressForm(forms.Form):
    """Another address."""

    email = forms.EmailField(label=_("E-mail address"), required=False)


class LanguageForm(forms.Form):
    """The language of letters."""

    language = forms.ChoiceField(
        label=_("Language"), choices=Person.Language.choices, widget=forms.RadioSelect
    )


class ConfirmationForm(forms.Form):
    """A press of a button: nothing is asked, and a refusal has a place to be shown."""


class PersonFilterForm(forms.Form):
    """Looking for people."""

    q = forms.CharField(label=_("Name or address"), max_length=100, required=False)
    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("any")), *Person.State.choices], required=False
    )


class PasswordForm(SetPasswordMixin, forms.Form):
    """A first password, typed twice."""

    password1, password2 = SetPasswordMixin.create_password_fields(
        label1=_("Password"), label2=_("The same password again")
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person or Person()

    def clean(self) -> dict[str, Any]:
        """See that both are the same and that the password is not easily guessed."""
        data = super().clean() or {}
        self.validate_passwords("password1", "password2")
        self.validate_password_for_user(self.person, "password1")
        return data


class FirstAdministratorForm(PasswordForm, NameForm):
    """The person who opens an empty installation."""

    email = forms.EmailField(label=_("E-mail address"), help_text=_("You sign in with it."))
    language = forms.ChoiceField(
        label=_("Language of letters"),
        choices=Person.Language.choices,
        initial=Person.Language.RUSSIAN,
    )

    field_order = ("name_ru", "name_en", "email", "language", "password1", "password2")

    def clean(self) -> dict[str, Any]:
        """Compare the password with the name and the address before judging it."""
        for name in ("name_ru", "name_en", "email"):
            setattr(self.person, name, self.cleaned_data.get(name, ""))
        return super().clean()


class DemonstrationSignInForm(forms.Form):
    """Pick somebody fictional."""

    person = forms.ModelChoiceField(
        label=_("Person"), queryset=Person.objects.none(), to_field_name="uid"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 -- says so to the type checker
        field.queryset = Person.objects.for_demonstration()
