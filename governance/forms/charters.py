"""Forms of those who write a draft of their charter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.fields import EnglishField, RussianField
from accounts.words import localised
from governance import charter_mistakes, library
from governance.domain.charter import parse_charter
from governance.domain.documents import DocumentError
from governance.domain.procedure import MOST_MONTHS, Voice, parse_procedure
from governance.domain.table import InnerRule
from governance.forms.tables import INNER_RULES, CharterForm, day_field
from governance.models import AgendaItem, Meeting
from governance.what_if import CHOSEN
from governance.wording import COUNTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from governance.domain.expressions import Vote

IN_FORCE = "in_force"
INDEPENDENCE = _("How many months without a position with another side does “%(side)s” need?")
_LONGEST = 200_000


class BeginDraftForm(forms.Form):
    """From what a draft begins."""

    source = forms.ChoiceField(label=_("Begin from"))
    document_ru = RussianField(label=_("Document in Russian"), max_length=300)
    document_en = EnglishField(label=_("Document in English"), max_length=300)
    effective_from = day_field(
        label=_("In force from"),
        help_text=_("At the earliest from the day of the vote."),
    )

    def __init__(self, *args: Any, has_edition: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        motions = [one for one in library.templates().values() if not one.is_choice]
        own = [(IN_FORCE, _("the edition in force"))] if has_edition else []
        self.fields["source"].choices = [*own, *((one.id, one.title) for one in motions)]


class TermsForm(CharterForm):
    """Names, reasons, the day of effect, the terms of procedure, how each side decides inside."""

    reasons_ru = RussianField(label=_("Why this change, in Russian"), lines=4, required=False)
    reasons_en = EnglishField(label=_("Why this change, in English"), lines=4)
    side_quorum = forms.CharField(
        label=_("Share of a side’s seats that must be exceeded by those taking part"),
        max_length=20,
        help_text=_("A fraction such as 1/2 or 2/3; 0 asks for nobody."),
    )
    field_order = (
        *("document_ru", "document_en", "reasons_ru", "reasons_en", "effective_from"),
        *("side_quorum", "proxy", "max_proxies_held", "partial_adoption", "tie", "silence"),
    )

    def __init__(self, *args: Any, kept: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept = kept
        for name in ("number", "adopted_on"):
            del self.fields[name]
        by_rules = (str(InnerRule.BY_RULES), _("As the written rules of counting say"))
        for side in self.sides:
            self.fields[f"rule_{side.code}"].choices = [*INNER_RULES.items(), by_rules]
            self.fields[f"independent_{side.code}"] = forms.IntegerField(
                label=_(
                    "How many months without a position with another side does “%(side)s” need?"
                )
                % {"side": localised(side, "name")},
                help_text=_("0: the side need not be independent of the others."),
                min_value=0,
                max_value=MOST_MONTHS,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """See that the terms can be read together."""
        data = super().clean() or {}
        if not self.errors:
            try:
                parse_procedure(self.procedure())
            except DocumentError as mistake:
                name = "side_quorum" if "quorum" in mistake.path else None
                self.add_error(name, charter_mistakes.said(mistake))
        return data

    def procedure(self) -> dict[str, Any]:
        """Return the procedure: what the form asks for, the rest as it was."""
        made = super().procedure()
        sides = self.kept.get("sides", {})
        for code, side in made["sides"].items():
            was = sides.get(code, {})
            if side["voice"] == Voice.SINGLE and was.get("inner_approvals"):
                side["inner_approvals"] = was["inner_approvals"]
            side["independent_months"] = self.cleaned_data[f"independent_{code}"] or 0
            if side["proxies_allowed"] and was.get("inner_rule") == side["inner_rule"]:
                before = self.kept.get("proxy") != "forbidden"
                side["proxies_allowed"] = was.get("proxies_allowed", True) if before else True
        return {**self.kept, **made, "side_quorum": self.cleaned_data["side_quorum"].strip()}


class RulesTextForm(forms.Form):
    """The whole charter of counting as text."""

    text = forms.CharField(
        label=_("The rules of counting as data (decision-charter/1)"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "v-code"}),
        help_text=_("Every rule of the schema may be written here; docs/charters.md describes it."),
    )

    def clean_text(self) -> str:
        """Read the text as a charter, and say where it cannot be read."""
        text: str = self.cleaned_data["text"]
        try:
            self.document = json.loads(text, parse_constant=_refuse)
            stored = json.dumps(self.document, ensure_ascii=False)
            stored.encode()
        except (ValueError, RecursionError) as wrong:
            where = (
                _(" Line %(line)s, column %(column)s.")
                % {"line": wrong.lineno, "column": wrong.colno}
                if isinstance(wrong, json.JSONDecodeError)
                else ""
            )
            sentence = str(charter_mistakes.SENTENCES["not_json"])
            raise ValidationError(f"{sentence}{where}") from wrong
        if "\x00" in stored or "\\u0000" in stored:
            raise ValidationError(_("The text contains an invisible null character. Remove it."))
        try:
            parse_charter(self.document)
        except DocumentError as mistake:
            raise ValidationError(charter_mistakes.said(mistake)) from mistake
        except RecursionError as deep:
            raise ValidationError(str(charter_mistakes.SENTENCES["too_deep"])) from deep
        return text


def _refuse(constant: str) -> None:
    raise ValueError(constant)


class TallyForm(forms.Form):
    """How many seats of each side are for, against, abstain, stay away."""

    def __init__(self, *args: Any, sides: Sequence[tuple[str, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sides = sides
        for code, name, size in sides:
            for vote in CHOSEN:
                self.fields[f"{code}-{vote}"] = forms.IntegerField(
                    label=f"{name}: {COUNTED[vote]}",
                    min_value=0,
                    max_value=1000,
                    initial=size if vote == CHOSEN[0] else 0,
                )
                self.fields[f"{code}-{vote}"].short = COUNTED[vote]

    def rows(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Return the fields side by side, for a table."""
        return [
            (name, [self[f"{code}-{vote}"] for vote in CHOSEN]) for code, name, _n in self.sides
        ]

    def votes(self) -> dict[str, dict[Vote, int]]:
        """Return the votes of each side."""
        return {
            code: {vote: self.cleaned_data[f"{code}-{vote}"] for vote in CHOSEN}
            for code, _name, _size in self.sides
        }


class PutCharterForm(forms.Form):
    """At which meeting, under which item, the draft is put to the vote."""

    item = forms.ModelChoiceField(
        label=_("Item of the agenda"), queryset=AgendaItem.objects.none(), to_field_name="uid"
    )
    code = forms.CharField(label=_("Code of the ballot"), max_length=40)
    question_ru = RussianField(label=_("Question in Russian"), max_length=1000)
    question_en = EnglishField(label=_("Question in English"), max_length=1000)

    def __init__(self, *args: Any, items: QuerySet[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["item"]
        field.queryset = items
        field.label_from_instance = lambda item: (
            f"{item.meeting.code}, {item.number}. {item.title_ru}"
        )


def _item_words(item: AgendaItem) -> str:
    return f"{item.meeting.code}, {item.number}. {item.title_ru}"


class CharterAgendaForm(forms.Form):
    """On the agenda of which planned meeting the draft stands."""

    meeting = forms.ModelChoiceField(
        label=_("Meeting"), queryset=Meeting.objects.none(), to_field_name="uid"
    )
    title_ru = RussianField(label=_("Title in Russian"), max_length=300)
    title_en = EnglishField(label=_("Title in English"), max_length=300)

    def __init__(self, *args: Any, meetings: QuerySet[Meeting], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meeting"].queryset = meetings
