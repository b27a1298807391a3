"""The fields of a charter's rules, and the words that they offer."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.charter_wording import BASES, reason, reason_code
from governance.domain.expressions import Comparison, Vote
from governance.wording import COUNTED, RESULTS

from .sheets import ALWAYS, EACH, EVERYBODY, IF, UNLESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .sheets import Sheets

COMPARISONS = {
    Comparison.MORE: pgettext_lazy("comparison of a form", "more than"),
    Comparison.AT_LEAST: pgettext_lazy("comparison of a form", "at least"),
    Comparison.LESS: pgettext_lazy("comparison of a form", "less than"),
    Comparison.AT_MOST: pgettext_lazy("comparison of a form", "at most"),
    Comparison.EQUAL: pgettext_lazy("comparison of a form", "exactly"),
}
WHEN = {
    IF: pgettext_lazy("rule", "if …"),
    UNLESS: pgettext_lazy("rule", "unless …"),
    ALWAYS: pgettext_lazy("rule", "in all other cases"),
}
JOIN = {"all": _("all conditions hold"), "any": _("at least one condition holds")}
BLOCKS = {
    "": _("by itself"),
    "all-1": _("block 1: all of it"),
    "any-1": _("block 1: one of it"),
    "all-2": _("block 2: all of it"),
    "any-2": _("block 2: one of it"),
    "all-3": _("block 3: all of it"),
    "any-3": _("block 3: one of it"),
}
_CODE = r"^[A-Za-z_][A-Za-z0-9_.-]*$"
_NOT_HERE = ("above_default", "below_default", "level_with_default")
_COUNTS = tuple(name for name in COUNTED if name not in (*_NOT_HERE, "seats"))

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What may be chosen, with everything that the charter already names."""

    whose: Choices
    votes: Choices
    single: Choices
    of: Choices
    where: Choices
    units: Choices

    @classmethod
    def of_charter(
        cls,
        document: Mapping[str, Any],
        names: Mapping[str, str],
        sheets: Sheets,
        groups: Iterable[str] = (),
    ) -> Vocabulary:
        """Collect it. `names` are the sides of the body, `groups` the groups on the form."""
        declared = list(document.get("roll", {}).get("sides", {}))
        sides = list(dict.fromkeys([*names, *declared]))
        rules = [sheets.rules, *(sheet for _head, sheet in sheets.units)]
        used = [one for sheet in rules for held in sheet.conditions for one in held]
        lists = [EACH + ",".join(names)] if names else []
        lists += [one["whose"] for one in used if one["whose"].startswith(EACH)]
        own = document.get("ballot", {}).get("values", [])
        spoken = [one["votes"] for one in [*used, *sheets.recodes]]
        votes = dict.fromkeys([*_COUNTS, *own, *spoken])
        places = {json.dumps({"side": side}): _side_words(side, names) for side in sides}
        heads = [head for head, _sheet in sheets.units]
        places |= {
            one["where"]: _where_words(one["where"])
            for one in [*sheets.recodes, *heads]
            if one["where"] and one["where"] not in places
        }
        return cls(
            whose=[
                (EVERYBODY, _("everybody’s")),
                *((one, _each_words(one, names)) for one in dict.fromkeys(lists)),
                *((side, _side_words(side, names)) for side in sides),
            ],
            votes=[(vote, _votes_words(vote)) for vote in votes],
            single=[(vote, COUNTED.get(vote, vote)) for vote in [*map(str, Vote), *own]],
            of=[
                ("", _("– (a plain number)")),
                *((base, BASES[base]) for base in BASES if base not in _NOT_HERE),
                *((vote, vote) for vote in own),
            ],
            where=[("", _("everybody’s")), *places.items()],
            units=[
                ("", _("members one by one")),
                *((name, name) for name in dict.fromkeys([*(h["name"] for h in heads), *groups])),
            ],
        )


def _votes_words(votes: str) -> Any:
    return " + ".join(str(COUNTED.get(vote, vote)) for vote in votes.split("+"))


def _where_words(where: str) -> str:
    return ", ".join(f"{name} = {value}" for name, value in json.loads(where).items())


def _side_words(side: str, names: Mapping[str, str]) -> Any:
    return names.get(side) or _("%(side)s (not at this table)") % {"side": side}


def _each_words(each: str, names: Mapping[str, str]) -> Any:
    sides = [names.get(side, side) for side in each.removeprefix(EACH).split(",")]
    return _("in each of: %(sides)s") % {"sides": ", ".join(sides)}


class HeadForm(forms.Form):
    """What stands before the rules."""

    title = forms.CharField(label=_("Name of the rules"), max_length=300)
    seats = forms.IntegerField(
        label=_("Number of seats, vacant ones with them"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Only for rules that count from all seats."),
    )
    recused = forms.ChoiceField(
        label=_("The recused"),
        choices=[
            ("excluded", _("are outside every base")),
            ("counted", _("stay among the entitled")),
        ],
    )
    proxies = forms.IntegerField(
        label=_("For how many others one member may vote"),
        min_value=0,
        max_value=1000,
        required=False,
        help_text=_("Empty where the terms of procedure say who may vote for whom."),
    )


class OfVocabulary(forms.Form):
    """A part of a charter whose choices depend on what the charter names."""

    offered: tuple[str, ...] = ()

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.offered:
            self.fields[name].choices = getattr(words, name)


class RecodeForm(OfVocabulary):
    """One recoding: which votes are read as which, before anything is counted."""

    offered = ("votes", "where")
    votes = forms.ChoiceField(label=_("Which votes are read otherwise"))
    to = forms.ChoiceField(label=_("As what"))
    where = forms.ChoiceField(label=_("Whose votes"), required=False)
    unless = forms.CharField(
        label=_("Unless they are marked"),
        max_length=60,
        required=False,
        help_text=_("A mark that somebody gives by name, such as “reason”."),
    )

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, words=words, **kwargs)
        self.fields["to"].choices = words.single


class UnitForm(OfVocabulary):
    """A grouping of members: each group casts one vote by rules of its own."""

    offered = ("where",)
    name = forms.RegexField(
        label=_("Name of the grouping"),
        regex=_CODE,
        max_length=60,
        help_text=_("By which conditions refer to it; Latin letters."),
    )
    by = forms.RegexField(
        label=_("Grouped by"),
        regex=_CODE,
        max_length=60,
        help_text=_("What the members of a group have in common, such as “state”."),
    )
    where = forms.ChoiceField(label=_("Whose votes"), required=False)


class RuleForm(forms.Form):
    """One rule: its result and when it applies."""

    then = forms.ChoiceField(label=_("Result"))
    when = forms.ChoiceField(label=_("When"), choices=list(WHEN.items()))
    join = forms.ChoiceField(label=_("It applies when"), choices=list(JOIN.items()))
    why = forms.CharField(
        label=_("Why, in a few words"),
        max_length=200,
        required=False,
        help_text=_("Shown to everybody when the rule applies."),
    )
    next = forms.CharField(
        label=_("What follows"), max_length=100, required=False, widget=forms.HiddenInput
    )

    def __init__(
        self, *args: Any, results: Choices, initial: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        shown = initial and {**initial, "why": reason(initial["why"])}
        super().__init__(*args, initial=shown, **kwargs)
        self.fields["then"].choices = results

    def clean_why(self) -> str:
        """Keep the reasons of composed rules as codes, which are read in either language."""
        return reason_code(self.cleaned_data["why"])


RESULTS_OF_MOTION: Choices = [(str(result), words) for result, words in RESULTS.items()]


class ConditionForm(OfVocabulary):
    """One condition: whose votes, which votes, how many of what."""

    offered = ("whose", "votes", "of", "units")
    whose = forms.ChoiceField(label=_("Whose votes"), required=False)
    votes = forms.ChoiceField(label=_("Which votes"))
    comparison = forms.ChoiceField(label=_("Comparison"), choices=list(COMPARISONS.items()))
    number = forms.CharField(
        label=_("Number or share"), max_length=60, help_text=_("Such as 2/3, or 1.")
    )
    of = forms.ChoiceField(label=_("Of what"), required=False)
    at_least = forms.IntegerField(
        label=_("In how many sides"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("For “in each side”; empty means in all."),
    )
    block = forms.ChoiceField(
        label=_("Joined with others"), choices=list(BLOCKS.items()), required=False
    )
    units = forms.ChoiceField(label=_("Who is counted"), required=False)
    weight = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    @property
    def says_more(self) -> bool:
        """Whether a field is filled in that few conditions need, or has a mistake."""
        more = ("at_least", "block", "units")
        return any(self[name].value() or self[name].errors for name in more)
