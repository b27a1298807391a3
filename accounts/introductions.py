"""What somebody is here, said beside a name.

Seats, duties and employers are kept by apps above this one. They register how to say them, so that
a list of people – the one from which a visitor of a demonstration picks – can tell people apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping, Sequence

    from accounts.models import Person

    Introduction: TypeAlias = Callable[[Sequence[Person], datetime.datetime], Mapping[int, str]]
    Place: TypeAlias = tuple[int, str, int]
    Grouping: TypeAlias = Callable[[Sequence[Person], datetime.datetime], Mapping[int, Place]]

_introductions: list[Introduction] = []
_groupings: list[Grouping] = []

_NOWHERE = (1_000_000, "", 0)
"""Where those stand about whom no grouping says anything: last, without a title."""


@dataclass(frozen=True, slots=True)
class Group:
    """People who belong together, each with what is said about them."""

    title: str
    people: list[tuple[Person, str]]


def introduce_with(introduction: Introduction) -> None:
    """Register what says, for people and an instant, what each of them is, by primary key.

    It is called once for a whole list and must not ask the database once per person.
    """
    if introduction not in _introductions:
        _introductions.append(introduction)


def group_with(grouping: Grouping) -> None:
    """Register what says where each of some people belongs.

    A place is that of the group, its title, and the rank inside it.
    """
    if grouping not in _groupings:
        _groupings.append(grouping)


def introduce(people: Sequence[Person], at: datetime.datetime) -> dict[int, str]:
    """Return for each person what the apps above say about them, joined."""
    told: dict[int, list[str]] = {}
    for introduction in _introductions:
        for key, words in introduction(people, at).items():
            if words:
                told.setdefault(key, []).append(words)
    return {key: " · ".join(words) for key, words in told.items()}


def in_groups(people: Sequence[Person], at: datetime.datetime) -> list[Group]:
    """Return the people in groups, by rank inside them and otherwise in the given order.

    The first grouping that knows a person decides; those whom none knows come last, untitled.
    """
    told = introduce(people, at)
    places: dict[int, Place] = {}
    for grouping in reversed(_groupings):
        places.update(grouping(people, at))
    placed = [(places.get(person.pk, _NOWHERE), person) for person in people]
    placed.sort(key=lambda each: each[0])
    found: dict[tuple[int, str], list[tuple[Person, str]]] = {}
    for (group, title, _), person in placed:
        found.setdefault((group, title), []).append((person, told.get(person.pk, "")))
    return [Group(title, members) for (_, title), members in found.items()]
