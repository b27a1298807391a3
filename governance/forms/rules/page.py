"""All rules of a charter as Django forms, and what the buttons beside them do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from governance.charter_mistakes import in_words
from governance.domain.charter import parse_charter
from governance.domain.documents import DocumentError

from .fields import (
    RESULTS_OF_MOTION,
    ConditionForm,
    HeadForm,
    RecodeForm,
    RuleForm,
    UnitForm,
    Vocabulary,
)
from .sheets import ALWAYS, EACH, IF, Sheet, put_together, recode_of, sheets_of, unit_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django import forms

    from .fields import Choices

MOST_RULES, MOST_CONDITIONS, MOST_RECODES, MOST_UNITS = 30, 30, 10, 5
Data = dict[str, Any]


class RuleList:
    """Ordered rules: those of the charter, or those by which a group of members votes.

    The names of all fields begin with `prefix`; `place` is the path of the list in the charter.
    """

    def __init__(
        self,
        prefix: str,
        words: Vocabulary,
        results: Choices,
        data: Mapping[str, Any] | None,
        sheet: Sheet | None,
    ) -> None:
        self.prefix = prefix
        given = sheet or Sheet()
        shape = _shape(data, prefix) if data is not None else list(map(len, given.conditions))
        self.rules = [
            RuleForm(
                data,
                prefix=f"{prefix}r{i}",
                results=results,
                initial=given.rules[i] if data is None else None,
            )
            for i in range(len(shape))
        ]
        self.conditions = [
            [
                ConditionForm(
                    data,
                    prefix=f"{prefix}r{i}c{j}",
                    words=words,
                    initial=given.conditions[i][j] if data is None else None,
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
        """All forms of the list."""
        return [*self.rules, *(one for held in self.conditions for one in held)]

    def are_sound(self) -> bool:
        """Say whether no rule has conditions that would be ignored."""
        for rule, held in self.rows:
            if held and rule.cleaned_data["when"] == ALWAYS:
                rule.add_error("when", _("A rule without condition has none: remove them first."))
                return False
        return True

    def put_together(self, place: str) -> tuple[list[dict[str, Any]], dict[str, tuple[int, int]]]:
        """Return the rules as a charter writes them, and where each path leads."""
        return put_together(
            Sheet(
                [rule.cleaned_data for rule in self.rules],
                [[one.cleaned_data for one in held] for held in self.conditions],
            ),
            place,
        )

    def blame(self, path: str, words: Any, place: str) -> bool:
        """Put a mistake at the field that it is about, else at its rule; say whether it is here."""
        paths = self.put_together(place)[1]
        for known in sorted(paths, key=len, reverse=True):
            if path.startswith(known):
                rule, number = paths[known]
                last = path.rpartition(".")[2]
                name = {
                    "of": "of",
                    "votes": "votes",
                    "side": "whose",
                    "at_least": "at_least",
                    "units": "units",
                }
                self.conditions[rule][number].add_error(name.get(last, "number"), words)
                return True
        if found := re.match(rf"{re.escape(place)}\[(\d+)\]", path):
            self.rules[int(found[1])].add_error("when", words)
            return True
        return False


class RulesForm:
    """The whole charter of counting as forms: bound to what was sent, or filled from a charter.

    `document` is the charter that is edited; what the forms do not know is kept from it.
    """

    def __init__(
        self,
        document: Mapping[str, Any],
        names: Mapping[str, str],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.document = document
        sheets = sheets_of(document)
        if sheets is None:
            raise ValueError("these rules are edited as text")
        self.names = names
        groups = [] if data is None else _groups(data)
        self.words = Vocabulary.of_charter(document, names, sheets, groups)
        roll = document.get("roll", {})
        self.head = HeadForm(
            data,
            prefix="head",
            initial={
                "title": document["title"],
                "seats": roll.get("seats"),
                "recused": roll.get("recused", "excluded"),
                "proxies": roll.get("proxies", {}).get("max_held"),
            },
        )
        recodes = len(sheets.recodes) if data is None else _count(data, "v{}-votes", MOST_RECODES)
        self.recodes = [
            RecodeForm(
                data,
                prefix=f"v{i}",
                words=self.words,
                initial=sheets.recodes[i] if data is None else None,
            )
            for i in range(recodes)
        ]
        self.main = RuleList("", self.words, RESULTS_OF_MOTION, data, sheets.rules)
        self.units = [
            (
                UnitForm(
                    data,
                    prefix=f"u{k}",
                    words=self.words,
                    initial=sheets.units[k][0] if data is None else None,
                ),
                RuleList(
                    f"u{k}",
                    self.words,
                    self.words.single,
                    data,
                    sheets.units[k][1] if data is None else None,
                ),
            )
            for k in range(len(sheets.units) if data is None else len(groups))
        ]

    @property
    def forms(self) -> list[forms.Form]:
        """All forms, for the summary of errors."""
        units = [form for head, rules in self.units for form in (head, *rules.forms)]
        return [self.head, *self.recodes, *units, *self.main.forms]

    def is_valid(self) -> bool:
        """Say whether everything is filled in and makes a charter; the errors name the place."""
        if not all([form.is_valid() for form in self.forms]):  # noqa: C419 -- all errors at once
            return False
        if not all(rules.are_sound() for rules in (self.main, *(held for _, held in self.units))):
            return False
        seen: set[str] = set()
        for head, _rules in self.units:
            if (name := head.cleaned_data["name"]) in seen:
                head.add_error("name", _("Two groupings have this name."))
                return False
            seen.add(name)
        try:
            parse_charter(self.result())
        except DocumentError as mistake:
            self._blame(mistake)
            return False
        return True

    def result(self) -> dict[str, Any]:
        """Return the charter with what was filled in."""
        head = self.head.cleaned_data
        made = {
            **self.document,
            "title": head["title"],
            "decide": self.main.put_together("$.decide")[0],
            "roll": self._roll(head),
            "ballot": {
                **self.document.get("ballot", {}),
                "recode": [recode_of(one.cleaned_data) for one in self.recodes],
            },
            "units": {
                head.cleaned_data["name"]: unit_of(head.cleaned_data, rules.put_together("")[0])
                for head, rules in self.units
            },
        }
        if not made["ballot"]["recode"] and "recode" not in self.document.get("ballot", {}):
            del made["ballot"]["recode"]
        # What is empty and was never written is not written now.
        return {
            key: value
            for key, value in made.items()
            if value or key in self.document or key not in ("roll", "ballot", "units")
        }

    def _roll(self, head: Mapping[str, Any]) -> dict[str, Any]:
        roll = dict(self.document.get("roll", {}))
        if head["recused"] != roll.get("recused", "excluded"):
            roll["recused"] = head["recused"]
        if head["seats"] != roll.get("seats"):
            roll["seats"] = head["seats"]
        if head["proxies"] != roll.get("proxies", {}).get("max_held"):
            limit = head["proxies"]
            roll["proxies"] = {"max_held": limit} if limit is not None else None
        used = {
            side
            for rules in (self.main, *(held for _head, held in self.units))
            for held in rules.conditions
            for one in held
            for side in one.cleaned_data["whose"].removeprefix(EACH).split(",")
            if side
        }
        missing = {side: {"side": side} for side in self.names if side in used}
        if missing.keys() - roll.get("sides", {}).keys():
            roll["sides"] = {**roll.get("sides", {}), **missing}
        return {key: value for key, value in roll.items() if value is not None}

    def _blame(self, mistake: DocumentError) -> None:
        """Put a mistake at the field that it is about, else above the form."""
        words = in_words(mistake)
        if self.main.blame(mistake.path, words, "$.decide"):
            return
        for head, rules in self.units:
            place = f"$.units.{head.cleaned_data['name']}"
            if rules.blame(mistake.path, words, f"{place}.vote"):
                return
            if mistake.path.startswith(place):
                head.add_error("by" if mistake.path.endswith(".by") else "name", words)
                return
        if found := re.match(r"\$\.ballot\.recode\[(\d+)\]\.?(\w*)", mistake.path):
            name = {"from": "votes", "to": "to", "unless": "unless"}.get(found[2], "where")
            self.recodes[int(found[1])].add_error(name, words)
        elif mistake.path.startswith("$.roll.proxies"):
            self.head.add_error("proxies", words)
        else:
            self.head.add_error(None, f"{mistake.path}: {words}")


def _count(data: Mapping[str, Any], name: str, most: int) -> int:
    """Count how many parts of one kind were sent, up to as many as there may be."""
    held = 0
    while name.format(held) in data and held < most:
        held += 1
    return held


def _shape(data: Mapping[str, Any], prefix: str) -> list[int]:
    """Read from what was sent how many rules a list has, and each how many conditions."""
    rules = _count(data, f"{prefix}r{{}}-then", MOST_RULES)
    return [_count(data, f"{prefix}r{i}c{{}}-votes", MOST_CONDITIONS) for i in range(rules)]


def _groups(data: Mapping[str, Any]) -> list[str]:
    return [data[f"u{k}-name"] for k in range(_count(data, "u{}-name", MOST_UNITS))]


def rearranged(data: Mapping[str, Any], action: str) -> Data:
    """Do what a button asks: add, remove, move. Everything else stays as typed.

    An action names its list before a slash where it is not the main one: `u0/drop_rule:1`.
    """
    kept = {key: value for key, value in data.items() if not _PART.match(key)}
    recodes = [_fields(data, f"v{i}-") for i in range(_count(data, "v{}-votes", MOST_RECODES))]
    units = [(_fields(data, f"u{k}-"), _list_of(data, f"u{k}")) for k in range(len(_groups(data)))]
    main = _list_of(data, "")
    scope, _slash, order = action.rpartition("/")
    name, *places = order.split(":")
    where = [int(place) for place in places if place.isdecimal()]
    if name == "add_recode" and len(recodes) < MOST_RECODES:
        recodes.append(dict(_NEW_RECODE))
    elif name == "drop_recode" and where and where[0] < len(recodes):
        recodes.pop(where[0])
    elif name == "add_unit" and len(units) < MOST_UNITS:
        units.append((dict.fromkeys(("name", "by", "where"), ""), _new_group_rules()))
    elif name == "drop_unit" and where and where[0] < len(units):
        units.pop(where[0])
    else:
        lists = {"": main} | {f"u{k}": rules for k, (_head, rules) in enumerate(units)}
        if scope in lists:
            _rearrange(lists[scope], name, where, new="no" if scope else "rejected")
    for i, fields in enumerate(recodes):
        kept |= {f"v{i}-{key}": value for key, value in fields.items()}
    for k, (head, rules) in enumerate(units):
        kept |= {f"u{k}-{key}": value for key, value in head.items()} | _flat(rules, f"u{k}")
    return kept | _flat(main, "")


Rules = list[tuple[Data, list[Data]]]


def _rearrange(rules: Rules, name: str, where: list[int], *, new: str) -> None:
    """Do it within one list of rules; what makes no sense is not done."""
    if name == "add_rule" and len(rules) < MOST_RULES:
        added = ({"then": new, "when": IF, "join": "all"}, [dict(_NEW_CONDITION)])
        rules.insert(max(len(rules) - 1, 0), added)
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


_PART = re.compile(r"(u\d+)?(r\d+(c\d+)?)?-|v\d+-")
_NEW_CONDITION = {"whose": "", "votes": "yes", "comparison": ">", "number": "1/2", "of": "members"}
_NEW_RECODE = {"votes": "absent", "to": "abstain", "where": "", "unless": ""}


def _new_group_rules() -> Rules:
    """A group votes for with more votes for than against; else it votes against."""
    more = {**_NEW_CONDITION, "number": "1", "of": "no"}
    for_ = {"then": "yes", "when": IF, "join": "all"}
    against = {"then": "no", "when": ALWAYS, "join": "all"}
    return [(for_, [more]), (against, [])]


def _list_of(data: Mapping[str, Any], prefix: str) -> Rules:
    return [
        (
            _fields(data, f"{prefix}r{i}-"),
            [_fields(data, f"{prefix}r{i}c{j}-") for j in range(held)],
        )
        for i, held in enumerate(_shape(data, prefix))
    ]


def _flat(rules: Rules, prefix: str) -> Data:
    found: Data = {}
    for i, (fields, held) in enumerate(rules):
        found |= {f"{prefix}r{i}-{key}": value for key, value in fields.items()}
        for j, one in enumerate(held):
            found |= {f"{prefix}r{i}c{j}-{key}": value for key, value in one.items()}
    return found


def _fields(data: Mapping[str, Any], prefix: str) -> Data:
    return {key.removeprefix(prefix): data[key] for key in data if key.startswith(prefix)}
