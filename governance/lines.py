"""Entries of the record as lines that people read.

An entry holds uids. Who reads a history wants to know which side, which seat, which person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import Person
from audit.sentences import sentence
from governance.models import Ballot, Meeting, Seat, Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from audit.models import Entry
    from governance.models import Body

    Names = Callable[[set[UUID]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Line:
    """One act in words, with the entry that proves it."""

    entry: Entry
    words: str
    actor: str


def lines_of(entries: Iterable[Entry], body: Body, others: Names | None = None) -> list[Line]:
    """Put entries into words, with names for the uids in them, in few queries.

    Args:
        others: finds the names of what belongs to another app.
    """
    rows = list(entries)
    uids = {found for entry in rows for found in _uids(entry)}
    names = {**_names(uids, body), **(others(uids) if others else {})}
    return [
        Line(
            entry=entry,
            words=sentence(entry, names),
            actor=names.get(str(entry.actor_uid), "") if entry.actor_uid else _("the clock"),
        )
        for entry in rows
    ]


def _names(uids: set[UUID], body: Body) -> dict[str, Any]:
    """Find what uids stand for: one query for each kind of thing."""
    english = (get_language() or "ru").startswith("en")
    names: dict[str, Any] = {}
    for person in Person.objects.filter(uid__in=uids):
        names[str(person.uid)] = person.name_en if english else person.name_ru
    for side in Side.objects.filter(body=body, uid__in=uids):
        names[str(side.uid)] = (side.name_en if english else "") or side.name_ru
    for seat in Seat.objects.filter(body=body, uid__in=uids):
        names[str(seat.uid)] = seat.code
    for model in (Ballot, Meeting):
        for row in model.objects.filter(uid__in=uids):
            names[str(row.uid)] = row.code
    return names


def _uids(entry: Entry) -> set[UUID]:
    """Return every uid that an entry mentions."""
    found = {entry.subject_uid}
    if entry.actor_uid:
        found.add(entry.actor_uid)
    for value in entry.facts.values():
        for item in value if isinstance(value, list) else [value]:
            try:
                found.add(UUID(str(item)))
            except ValueError:
                continue
    return found
