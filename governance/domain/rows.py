"""The roll with its votes, as a count sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from .documents import DocumentError, Reader, shown
from .expressions import Value, same

_WEIGHT = re.compile(r"[0-9]{1,50}(/[1-9][0-9]{0,49})?")
_HEAVIEST = 10**50


class RollError(DocumentError):
    """A roll that this charter cannot count."""


_READ = Reader(RollError)


@dataclass(frozen=True, slots=True)
class Row:
    """One member of the roll, or `n` equal members, with the vote they gave.

    At a table `id` is the code of the seat. A row without an id is counted but cannot be named; the
    id of a row with `n` above 1 names the group.
    `side` and `weight` are attributes like any other; they have fields of their own because nearly
    every roll has them. A charter counts heads unless its test names a weight.
    """

    id: str
    vote: str
    side: str = ""
    weight: int | str | Fraction = 1
    n: int = 1
    attributes: Mapping[str, Value] = field(default_factory=dict)

    def attribute(self, name: str) -> Value | None:
        """Return the value of an attribute, or `None` where the row has none of that name."""
        if name in self.attributes:
            return self.attributes[name]
        if name == "side":
            return self.side or None
        return self.weight if name == "weight" else None

    def matches(self, where: Mapping[str, Value]) -> bool:
        """Say whether every named attribute has exactly the wanted value."""
        return all(same(self.attribute(name), wanted) for name, wanted in where.items())

    def weight_by(self, name: str, path: str) -> int | Fraction:
        """Return the weight of one member of this row under the named attribute; 1 for no name.

        Raises:
            RollError: the member has no such weight, or it is negative or not exact.

        """
        if not name:
            return 1
        weight = self.attribute(name)
        if type(weight) is int and 0 <= weight < _HEAVIEST:
            return weight
        if isinstance(weight, Fraction) and weight >= 0:
            return weight
        if isinstance(weight, str) and _WEIGHT.fullmatch(weight):
            return Fraction(weight)
        raise _READ.problem(
            path,
            f"{self.id or 'a member'} has no weight {name!r} (found {shown(weight)})",
            code="no_weight",
            remedy="give every member of the base an integer or 'p/q'",
        )


def parse_rows(document: object) -> tuple[Row, ...]:
    """Read rows from JSON: `vote`, optional `id` and `n`, and any other keys as attributes.

    Raises:
        RollError: a row is malformed; its path is reported.

    """
    return tuple(
        _parse_row(value, f"$.rows[{position}]")
        for position, value in enumerate(_READ.items(document, "$.rows"))
    )


def _parse_row(value: object, path: str) -> Row:
    row = _READ.mapping(value, path)
    if "vote" not in row:
        raise _READ.problem(path, "'vote' is missing", code="missing_key", remedy="add 'vote'")
    return Row(
        id=_READ.name(row["id"], f"{path}.id") if "id" in row else "",
        vote=_READ.text(row["vote"], f"{path}.vote"),
        n=_READ.count(row.get("n", 1), f"{path}.n"),
        attributes=parse_attributes(
            {name: row[name] for name in row if name not in ("id", "vote", "n")}, path
        ),
    )


def parse_attributes(value: object, path: str) -> dict[str, Value]:
    """Read the attributes of a member or of a group. One that is `null` is not there.

    Raises:
        RollError: a value is neither a word, an integer, a flag nor an exact fraction.

    """
    read: dict[str, Value] = {}
    for name, attribute in _READ.mapping(value, path).items():
        if attribute is None:
            continue
        if not isinstance(attribute, str | int | Fraction):
            raise _READ.problem(
                f"{path}.{name}",
                f"{shown(attribute)} is not exact",
                code="wrong_type",
                remedy="write a word, an integer, 'p/q', true or false",
            )
        read[name] = attribute
    return read
