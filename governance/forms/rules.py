"""The ordered rules of a charter as a form, and back again.

The form knows rules whose conditions are tests, tests in each side, and blocks of tests. Whether it
can hold a charter is not claimed but tried: the charter is taken apart, put together, and compared.
What does not come back the same is edited as text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.charter_mistakes import in_words
from governance.charter_wording import BASES
from governance.domain.charter import Kind, parse_charter
from governance.domain.documents import DocumentError
from governance.domain.expressions import Comparison
from governance.wording import COUNTED, RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYBODY, EACH = "", "each:"
COMPARISONS = {
    Comparison.MORE: pgettext_lazy("comparison of a form", "more than"),
    Comparison.AT_LEAST: pgettext_lazy("comparison of a form", "at least"),
    Comparison.LESS: pgettext_lazy("comparison of a form", "less than"),
    Comparison.AT_MOST: pgettext_lazy("comparison of a form", "at most"),
    Comparison.EQUAL: pgettext_lazy("comparison of a form", "exactly"),
}
ALWAYS, IF, UNLESS = "always", "if", "unless"
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
_WHOLE = re.compile(r"-?[0-9]+")
MOST_RULES, MOST_CONDITIONS = 30, 30


@dataclass(slots=True)
class Sheet:
    """The rules taken apart: for each its fields, and the fields of its conditions."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[list[dict[str, Any]]] = field(default_factory=list)


def sheet_of(document: Mapping[str, Any]) -> Sheet | None:
    """Take the rules of a charter apart; nothing where the form cannot hold them."""
    if document.get("kind") != Kind.MOTION:
        return None
    sheet = Sheet()
    try:
        for rule in document["decide"]:
            _take_apart(rule, sheet)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return None
    return sheet if put_together(sheet)[0] == document["decide"] else None


def _take_apart(rule: Mapping[str, Any], sheet: Sheet) -> None:
    when = next((key for key in (IF, UNLESS) if key in rule), ALWAYS)
    expression = rule.get(when)
    join, conditions = "all", []
    if expression is not None:
        join = next((key for key in JOIN if key in expression), "")
        parts = expression[join] if join else [expression]
        blocks = 0
        for part in parts:
            inner = next((key for key in JOIN if key in part), "")
            blocks += bool(inner)
            block = f"{inner}-{blocks}" if inner else ""
            conditions += [
                {**_condition(one), "block": block} for one in (part[inner] if inner else [part])
            ]
    sheet.rules.append(
        {
            "then": rule["then"],
            "when": when,
            "join": join or "all",
            "why": rule.get("why", ""),
            "next": rule.get("next", ""),
        }
    )
    sheet.conditions.append(conditions)


def _condition(part: Mapping[str, Any]) -> dict[str, Any]:
    whose, at_least, test = part.get("side", EVERYBODY), None, part
    if "each" in part:
        whose, at_least, test = EACH + ",".join(part["each"]), part.get("at_least"), part["is"]
    comparison = next(str(one) for one in Comparison if str(one) in test)
    votes = test.get("votes", "yes")
    return {
        "whose": whose,
        "at_least": at_least,
        "votes": votes if isinstance(votes, str) else "+".join(votes),
        "comparison": comparison,
        "number": str(test[comparison]),
        "of": test.get("of", ""),
        "weight": test.get("weight", ""),
        "units": test.get("units", ""),
    }


def put_together(sheet: Sheet) -> tuple[list[dict[str, Any]], dict[str, tuple[int, int]]]:
    """Return the rules, and the rule and condition to which each path of a test leads."""
    rules: list[dict[str, Any]] = []
    paths: dict[str, tuple[int, int]] = {}
    for place, (fields, conditions) in enumerate(zip(sheet.rules, sheet.conditions, strict=True)):
        rule: dict[str, Any] = {"then": fields["then"]}
        if fields["when"] != ALWAYS and conditions:
            path = f"$.decide[{place}].{fields['when']}"
            rule[fields["when"]] = _joined(fields["join"], conditions, path, place, paths)
        rule |= {key: fields[key] for key in ("why", "next") if fields[key]}
        rules.append(rule)
    return rules, paths


def _joined(
    join: str,
    conditions: list[dict[str, Any]],
    path: str,
    place: int,
    paths: dict[str, tuple[int, int]],
) -> dict[str, Any]:
    parts: list[tuple[str, list[tuple[int, dict[str, Any]]]]] = []
    for number, one in enumerate(conditions):
        known = next((held for block, held in parts if block and block == one["block"]), None)
        if known is not None:
            known.append((number, one))
        else:
            parts.append((one["block"], [(number, one)]))
    is_bare = len(parts) == 1 and (not parts[0][0])
    made = []
    for index, (block, held) in enumerate(parts):
        here = path if is_bare else f"{path}.{join}[{index}]"
        inner = block.partition("-")[0]
        for within, (number, _one) in enumerate(held):
            paths[f"{here}.{inner}[{within}]" if inner else here] = (place, number)
        tests = [_test(one) for _number, one in held]
        made.append({inner: tests} if inner else tests[0])
    return made[0] if is_bare else {join: made}


def _test(one: Mapping[str, Any]) -> dict[str, Any]:
    test: dict[str, Any] = {}
    if one["votes"] != "yes":
        test["votes"] = one["votes"].split("+") if "+" in one["votes"] else one["votes"]
    test |= {key: one[key] for key in ("weight", "units") if one[key]}
    written = one["number"].strip()
    test[one["comparison"]] = int(written) if _WHOLE.fullmatch(written) else written
    if one["of"]:
        test["of"] = one["of"]
    if one["whose"].startswith(EACH):
        each: dict[str, Any] = {"each": one["whose"].removeprefix(EACH).split(","), "is": test}
        return each | ({"at_least": one["at_least"]} if one["at_least"] else {})
    return test | ({"side": one["whose"]} if one["whose"] else {})


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


class RuleForm(forms.Form):
    """One rule: its result and when it applies."""

    then = forms.ChoiceField(
        label=_("Result"), choices=[(str(result), words) for result, words in RESULTS.items()]
    )
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


class ConditionForm(forms.Form):
    """One condition: whose votes, which votes, how many of what."""

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
    weight = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    units = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, words: Vocabulary, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("whose", "votes", "of"):
            self.fields[name].choices = getattr(words, name)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The choices of a condition, with everything that the charter already names."""

    whose: list[tuple[str, Any]]
    votes: list[tuple[str, Any]]
    of: list[tuple[str, Any]]

    @classmethod
    def of_charter(
        cls, document: Mapping[str, Any], names: Mapping[str, str], sheet: Sheet | None
    ) -> Vocabulary:
        """Collect them. `names` are the sides of the body."""
        declared = list(document.get("roll", {}).get("sides", {}))
        sides = list(dict.fromkeys([*names, *declared]))
        used = [one for held in (sheet.conditions if sheet else []) for one in held]
        lists = [EACH + ",".join(names)] if names else []
        lists += [one["whose"] for one in used if one["whose"].startswith(EACH)]
        own = document.get("ballot", {}).get("values", [])
        votes = list(dict.fromkeys([*_COUNTS, *own, *(one["votes"] for one in used)]))
        return cls(
            whose=[
                (EVERYBODY, _("everybody’s")),
                *((one, _each_words(one, names)) for one in dict.fromkeys(lists)),
                *((side, _side_words(side, names)) for side in sides),
            ],
            votes=[(vote, COUNTED.get(vote, vote)) for vote in votes],
            of=[
                ("", _("– (a plain number)")),
                *((base, BASES[base]) for base in BASES if base not in _NOT_HERE),
                *((vote, vote) for vote in own),
            ],
        )


_NOT_HERE = ("above_default", "below_default", "level_with_default")
_COUNTS = tuple(name for name in COUNTED if name not in (*_NOT_HERE, "seats"))


def _side_words(side: str, names: Mapping[str, str]) -> Any:
    return names.get(side) or _("%(side)s (not at this table)") % {"side": side}


def _each_words(each: str, names: Mapping[str, str]) -> Any:
    sides = [names.get(side, side) for side in each.removeprefix(EACH).split(",")]
    return _("in each of: %(sides)s") % {"sides": ", ".join(sides)}


class RulesForm:
    """The whole sheet as Django forms: bound to what was sent, or filled from a charter.

    `document` is the charter that is edited; what the form does not know is kept from it.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        names: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.document = document
        sheet = sheet_of(document)
        if sheet is None:
            raise ValueError("these rules are edited as text")
        self.words = Vocabulary.of_charter(document, names, sheet)
        self.names = names
        roll = document.get("roll", {})
        self.head = HeadForm(
            data,
            prefix="head",
            initial={
                "title": document["title"],
                "seats": roll.get("seats"),
                "recused": roll.get("recused", "excluded"),
            },
        )
        shape = [len(held) for held in sheet.conditions] if data is None else _shape(data)
        self.rules = [
            RuleForm(data, prefix=f"r{i}", initial=sheet.rules[i] if data is None else None)
            for i in range(len(shape))
        ]
        self.conditions = [
            [
                ConditionForm(
                    data,
                    prefix=f"r{i}c{j}",
                    words=self.words,
                    initial=sheet.conditions[i][j] if data is None else None,
                )
                for j in range(held)
            ]
            for i, held in enumerate(shape)
        ]

    @property
    def rows(self) -> list[tuple[RuleForm, list[ConditionForm]]]:
        """The rules with their conditions, as the page shows them."""
        return list(zip(self.rules, self.conditions, strict=True))

    @property
    def forms(self) -> list[forms.Form]:
        """All forms, for the summary of errors."""
        return [self.head, *self.rules, *(one for held in self.conditions for one in held)]

    def is_valid(self) -> bool:
        """Say whether everything is filled in and makes a charter; the errors name the place."""
        if not all([form.is_valid() for form in self.forms]):  # noqa: C419 -- all errors at once
            return False
        for rule, held in self.rows:
            if held and rule.cleaned_data["when"] == ALWAYS:
                rule.add_error("when", _("A rule without condition has none: remove them first."))
                return False
        try:
            parse_charter(self.result())
        except DocumentError as mistake:
            self._blame(mistake)
            return False
        return True

    def result(self) -> dict[str, Any]:
        """Return the charter with what was filled in."""
        rules, _paths = put_together(self._sheet())
        made = {**self.document, "title": self.head.cleaned_data["title"], "decide": rules}
        roll = dict(self.document.get("roll", {}))
        recused, seats = self.head.cleaned_data["recused"], self.head.cleaned_data["seats"]
        if recused != roll.get("recused", "excluded"):
            roll["recused"] = recused
        if seats != roll.get("seats"):
            roll["seats"] = seats
        roll = {key: value for key, value in roll.items() if value is not None}
        used = {
            side
            for held in self.conditions
            for one in held
            for side in one.cleaned_data["whose"].removeprefix(EACH).split(",")
            if side
        }
        missing = {side: {"side": side} for side in self.names if side in used}
        if missing.keys() - roll.get("sides", {}).keys():
            roll["sides"] = {**roll.get("sides", {}), **missing}
        return {**made, "roll": roll} if roll else made

    def _sheet(self) -> Sheet:
        return Sheet(
            [rule.cleaned_data for rule in self.rules],
            [[one.cleaned_data for one in held] for held in self.conditions],
        )

    def _blame(self, mistake: DocumentError) -> None:
        """Put a mistake at the field that it is about, else at its rule, else above the form."""
        _rules, paths = put_together(self._sheet())
        words = in_words(mistake)
        for path in sorted(paths, key=len, reverse=True):
            if mistake.path.startswith(path):
                rule, number = paths[path]
                last = mistake.path.rpartition(".")[2]
                name = {"of": "of", "votes": "votes", "side": "whose", "at_least": "at_least"}
                self.conditions[rule][number].add_error(name.get(last, "number"), words)
                return
        if found := re.match(r"\$\.decide\[(\d+)\]", mistake.path):
            self.rules[int(found[1])].add_error("when", words)
            return
        self.head.add_error(None, f"{mistake.path}: {words}")


def _shape(data: Mapping[str, Any]) -> list[int]:
    """Read from what was sent how many rules there are, and how many conditions each has."""
    shape: list[int] = []
    while f"r{len(shape)}-then" in data and len(shape) < MOST_RULES:
        i, held = len(shape), 0
        while f"r{i}c{held}-votes" in data and held < MOST_CONDITIONS:
            held += 1
        shape.append(held)
    return shape


def rearranged(data: Mapping[str, Any], action: str) -> dict[str, Any]:
    """Do what a button beside a rule asks: add, remove, move. Everything else stays as typed."""
    kept = {key: value for key, value in data.items() if not re.match(r"r\d+(c\d+)?-", key)}
    rules = [
        (_fields(data, f"r{i}-"), [_fields(data, f"r{i}c{j}-") for j in range(held)])
        for i, held in enumerate(_shape(data))
    ]
    name, *places = action.split(":")
    where = [int(place) for place in places if place.isdecimal()]
    if name == "add_rule" and len(rules) < MOST_RULES:
        new = ({"then": "rejected", "when": IF, "join": "all"}, [dict(_NEW_CONDITION)])
        rules.insert(max(len(rules) - 1, 0), new)
    elif where and where[0] < len(rules):
        i = where[0]
        if name == "drop_rule":
            rules.pop(i)
        elif name == "up" and i:
            rules[i - 1], rules[i] = rules[i], rules[i - 1]
        elif name == "add_condition" and len(rules[i][1]) < MOST_CONDITIONS:
            rules[i][1].append(dict(_NEW_CONDITION))
        elif name == "drop_condition" and len(where) > 1 and where[1] < len(rules[i][1]):
            rules[i][1].pop(where[1])
    for i, (fields, held) in enumerate(rules):
        kept |= {f"r{i}-{key}": value for key, value in fields.items()}
        for j, one in enumerate(held):
            kept |= {f"r{i}c{j}-{key}": value for key, value in one.items()}
    return kept


_NEW_CONDITION = {"whose": "", "votes": "yes", "comparison": ">", "number": "1/2", "of": "members"}


def _fields(data: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}
