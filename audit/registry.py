"""The closed list of acts.

Each app declares its acts in `<app>/acts.py`, imported when Django starts. An entry of an
unknown type, or with other facts than declared, is refused: what a type says is fixed
for as long as the record exists.

INVARIANT: types and their facts are stored data. They are added, never renamed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NAME = re.compile(r"[a-z]+(\.[a-z]+(_[a-z]+)*)+")


class UndeclaredAct(LookupError):
    """The type is not in the list, or the facts are not those it declares."""


@dataclass(frozen=True, slots=True)
class ActType:
    """A type of entry and the names of its facts."""

    name: str
    facts: frozenset[str]


_acts: dict[str, ActType] = {}


def register(type: str, *, facts: Iterable[str] = ()) -> ActType:  # noqa: A002 -- the record's word
    """Declare an act: its dotted type in the past tense, and the facts each entry has.

    Declaring the same act twice in the same words is harmless, because modules may be
    imported twice.

    Raises:
        ValueError: the name is not dotted lower case, or is declared with other facts.
    """
    if not _NAME.fullmatch(type):
        raise ValueError(f"{type} is not a name like app.thing_happened")
    act = ActType(type, frozenset(facts))
    if _acts.setdefault(type, act) != act:
        raise ValueError(f"{type} is already declared with {sorted(_acts[type].facts)}")
    return act


def known(type: str) -> ActType:  # noqa: A002 -- the record's word
    """Return the declaration of an act.

    Raises:
        UndeclaredAct: nobody declared it.
    """
    try:
        return _acts[type]
    except KeyError:
        raise UndeclaredAct(f"{type} is not declared by any app") from None


def examine(type: str, facts: Mapping[str, Any]) -> None:  # noqa: A002 -- the record's word
    """Compare the facts of an entry with its declaration.

    Raises:
        UndeclaredAct: the type is unknown, a fact is missing, or one is not declared.
    """
    declared = known(type).facts
    if missing := declared - facts.keys():
        raise UndeclaredAct(f"{type} lacks {sorted(missing)}")
    if strangers := facts.keys() - declared:
        raise UndeclaredAct(f"{type} does not declare {sorted(strangers)}")


def all_types() -> list[str]:
    """Return the names of all declared acts, in order."""
    return sorted(_acts)


def declared() -> dict[str, list[str]]:
    """Return every declared act with the names of its facts, both in order."""
    return {name: sorted(_acts[name].facts) for name in all_types()}
