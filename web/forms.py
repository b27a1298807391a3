"""Forms of the public pages. They ask, they never change anything."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from licensing.models import RequirementVersion

if TYPE_CHECKING:
    from django.db.models import QuerySet

FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayField(forms.DateField):
    """A day, chosen in the browser or written as in either language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"],
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={
                "invalid": _("There is no such date. Write it as 2026-09-01 or 01.09.2026.")
            },
            **kwargs,
        )

    def validate(self, value: datetime.date | None) -> None:
        """Refuse years in which nothing can be in force."""
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(
                _("Give a year from %(first)s to %(last)s."),
                params={"first": FIRST_YEAR, "last": LAST_YEAR},
            )


class OnDayForm(forms.Form):
    """What was or will be in force on a day, as known today or on an earlier day."""

    on = DayField(label=_("In force on"), required=False)
    known = DayField(
        label=_("As it was known on"),
        required=False,
        help_text=_(
            "What the register said at the end of that day. Later corrections are left out."
        ),
    )


class VersionField(forms.ModelChoiceField):
    """A published version, named by its set and its label."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.requirement_set.code}, {obj.label}"


class DifferencesForm(forms.Form):
    """Two published versions to compare."""

    before = VersionField(
        label=_("Earlier version"),
        queryset=RequirementVersion.objects.none(),
        to_field_name="uid",
        empty_label=None,
    )
    after = VersionField(
        label=_("Later version"),
        queryset=RequirementVersion.objects.none(),
        to_field_name="uid",
        empty_label=None,
    )

    def __init__(self, *args: Any, versions: QuerySet[RequirementVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            field = cast("VersionField", self.fields[name])
            field.queryset = versions

    def clean(self) -> dict[str, Any]:
        """Put the earlier version first, whichever field it was chosen in."""
        data = super().clean() or self.cleaned_data
        before, after = data.get("before"), data.get("after")
        if before and after:
            if before == after:
                raise ValidationError(_("Choose two different versions."))
            data["before"], data["after"] = sorted([before, after], key=_starts)
        return data


def _starts(version: RequirementVersion) -> tuple[datetime.date, int]:
    """Order versions by the day they enter into force; what has no day yet comes last."""
    return (version.in_force_from or datetime.date.max, version.pk)
