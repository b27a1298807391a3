"""Rules of a charter taken apart into the fields of a form, and put together again.

The form knows rules whose conditions are tests, tests in each side, and blocks of tests. Whether it
can hold a charter is not claimed but tried: the charter is taken apart, put together, and compared.
What does not come back the same is edited as text.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from governance.domain.charter import Kind
from governance.domain.expressions import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERYBODY, EACH = "", "each:"
ALWAYS, IF, UNLESS = "always", "if", "unless"
JOINS = ("all", "any")
_WHOLE = re.compile(r"-?[0-9]+")
Paths = dict[str, tuple[int, int]]
"""The rule and the condition to which each path of a test leads."""


@dataclass(slots=True)
class Sheet:
    """A list of rules taken apart: for each its fields, and the fields of its conditions."""

    rules: list[dict[str, Any]] = field(default_factory=list)
    conditions: list[list[dict[str, Any]]] = field(default_factory=list)


@dataclass(slots=True)
class Sheets:
    """All that a form holds of a charter: its rules, what is recoded before, groups that vote."""

    rules: Sheet
    recodes: list[dict[str, Any]]
    units: list[tuple[dict[str, Any], Sheet]]


def sheets_of(document: Mapping[str, Any]) -> Sheets | None:
    """Take a charter apart; nothing where the form cannot hold it."""
    if document.get("kind") != Kind.MOTION:
        return None
    try:
        found = Sheets(
            take_apart(document["decide"]),
            [_recode_apart(one) for one in document.get("ballot", {}).get("recode", [])],
            [
                (
                    {"name": name, "by": unit["by"], "where": _written(unit.get("where", {}))},
                    take_apart(unit["vote"]),
                )
                for name, unit in document.get("units", {}).items()
            ],
        )
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return None
    return found if _put_back(found) == _parts_of(document) else None


def _parts_of(document: Mapping[str, Any]) -> tuple[Any, ...]:
    ballot = document.get("ballot", {})
    return document["decide"], ballot.get("recode", []), document.get("units", {})


def _put_back(sheets: Sheets) -> tuple[Any, ...]:
    units = {head["name"]: unit_of(head, put_together(sheet)[0]) for head, sheet in sheets.units}
    return put_together(sheets.rules)[0], [recode_of(one) for one in sheets.recodes], units


def take_apart(rules: list[dict[str, Any]]) -> Sheet:
    """Take a list of rules apart.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, StopIteration: a form cannot hold them.
    """
    sheet = Sheet()
    for rule in rules:
        _take_apart(rule, sheet)
    return sheet


def _take_apart(rule: Mapping[str, Any], sheet: Sheet) -> None:
    when = next((key for key in (IF, UNLESS) if key in rule), ALWAYS)
    expression = rule.get(when)
    join, conditions = "all", []
    if expression is not None:
        join = next((key for key in JOINS if key in expression), "")
        parts = expression[join] if join else [expression]
        blocks = 0
        for part in parts:
            inner = next((key for key in JOINS if key in part), "")
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
    return {
        "whose": whose,
        "at_least": at_least,
        "votes": _votes_written(test.get("votes", "yes")),
        "comparison": comparison,
        "number": str(test[comparison]),
        "of": test.get("of", ""),
        "weight": test.get("weight", ""),
        "units": test.get("units", ""),
    }


def _recode_apart(recode: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "votes": _votes_written(recode["from"]),
        "to": recode["to"],
        "where": _written(recode.get("where", {})),
        "unless": recode.get("unless", ""),
    }


def _written(where: Mapping[str, Any]) -> str:
    """Write what members are told apart by as the value of a choice."""
    return json.dumps(where, ensure_ascii=False, sort_keys=True) if where else ""


def _votes_written(votes: Any) -> str:
    return votes if isinstance(votes, str) else "+".join(votes)


def _votes_read(votes: str) -> str | list[str]:
    return votes.split("+") if "+" in votes else votes


def recode_of(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a recoding as a charter writes it."""
    recode: dict[str, Any] = {"from": _votes_read(one["votes"]), "to": one["to"]}
    if one["where"]:
        recode["where"] = json.loads(one["where"])
    return recode | ({"unless": one["unless"]} if one["unless"] else {})


def unit_of(head: Mapping[str, Any], rules: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a grouping as a charter writes it."""
    where = {"where": json.loads(head["where"])} if head["where"] else {}
    return {"by": head["by"], **where, "vote": rules}


def put_together(sheet: Sheet, place: str = "$.decide") -> tuple[list[dict[str, Any]], Paths]:
    """Return the rules that stand at a place of the charter, and where each of its paths leads."""
    rules: list[dict[str, Any]] = []
    paths: Paths = {}
    for number, (fields, conditions) in enumerate(zip(sheet.rules, sheet.conditions, strict=True)):
        rule: dict[str, Any] = {"then": fields["then"]}
        if fields["when"] != ALWAYS and conditions:
            path = f"{place}[{number}].{fields['when']}"
            rule[fields["when"]] = _joined(fields["join"], conditions, path, number, paths)
        rule |= {key: fields[key] for key in ("why", "next") if fields[key]}
        rules.append(rule)
    return rules, paths


def _joined(
    join: str, conditions: list[dict[str, Any]], path: str, place: int, paths: Paths
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
        test["votes"] = _votes_read(one["votes"])
    test |= {key: one[key] for key in ("weight", "units") if one[key]}
    written = one["number"].strip()
    test[one["comparison"]] = int(written) if _WHOLE.fullmatch(written) else written
    if one["of"]:
        test["of"] = one["of"]
    if one["whose"].startswith(EACH):
        each: dict[str, Any] = {"each": one["whose"].removeprefix(EACH).split(","), "is": test}
        return each | ({"at_least": one["at_least"]} if one["at_least"] else {})
    return test | ({"side": one["whose"]} if one["whose"] else {})
