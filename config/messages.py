"""Find every message of the interface, in Python and in templates, and what is not translated.

Babel reads Python; a template is first turned into Python-like text by Django, as `makemessages`
does it, so that no program of the system is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A message of the interface: its words, and the context that tells it from its homonyms."""

    msgid: str
    context: str = ""


def messages_of(project: Path, apps: list[str]) -> dict[Message, list[str]]:
    """Return every message of the apps with the files it stands in."""
    found: dict[Message, list[str]] = {}
    for app in apps:
        for file in sorted((project / app).rglob("*")):
            if file.suffix not in {".py", ".html", ".txt"} or "migrations" in file.parts:
                continue
            place = str(file.relative_to(project))
            for message in _messages_in(file):
                found.setdefault(message, []).append(place)
    return found


def translated(project: Path, language: str) -> set[Message]:
    """Return the messages that the catalogues of all apps translate completely."""
    found: set[Message] = set()
    for catalogue in sorted(project.glob(f"*/locale/{language}/LC_MESSAGES/django.po")):
        with catalogue.open("rb") as file:
            entries = read_po(file, locale=language)
        for entry in entries:
            words = entry.string if isinstance(entry.string, list | tuple) else [entry.string]
            if entry.id and all(words) and not entry.fuzzy:
                msgid = entry.id[0] if isinstance(entry.id, list | tuple) else entry.id
                found.add(Message(msgid, entry.context or ""))
    return found


def _messages_in(file: Path) -> Iterator[Message]:
    """Read the messages of one file."""
    source = file.read_text(encoding="utf-8")
    if file.suffix != ".py":
        # What is not a message becomes filler, indented as the template was.
        filler = templatize(source, origin=str(file))
        source = "\n".join(line.strip() for line in filler.splitlines())
    for _, words, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
        msgid = words[0] if isinstance(words, list | tuple) else words
        if msgid:
            yield Message(msgid, context or "")
