"""Words in two languages, and dates as a paper writes them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.utils import dateformat, translation
from django.utils.translation import pgettext

from calendars.domain import KRASNOYARSK


@dataclass(frozen=True, slots=True)
class Text:
    """What the record says, in Russian and, where somebody translated it, in English."""

    ru: str
    en: str = ""

    def __str__(self) -> str:
        """Return it in the language of the moment; Russian where there is nothing else."""
        return self.ru if _in_russian() else self.en or self.ru

    def __bool__(self) -> bool:
        return bool(self.ru or self.en)

    @classmethod
    def of(cls, row: Any, name: str) -> Text:
        """Read the two columns, or the two keys, that hold it: `name_ru` and `name_en`."""
        if isinstance(row, dict):
            return cls(row.get(f"{name}_ru") or "", row.get(f"{name}_en") or "")
        return cls(getattr(row, f"{name}_ru"), getattr(row, f"{name}_en"))


def both(lazy: Any) -> Text:
    """Return a lazily translated label in both languages."""
    with in_language("ru"):
        ru = str(lazy)
    with in_language("en"):
        return Text(ru, str(lazy))


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Compose inside in a language, whatever the reader's is."""
    with translation.override(language):
        yield


def initialled(name: Text) -> str:
    """Write a name as it stands beside a signature: А.Д. Ковригина (ГОСТ Р 7.0.97, 5.22).

    Only a full Russian name has a patronymic to shorten; any other stays as it is.
    """
    parts = name.ru.split()
    if not _in_russian() or len(parts) != 3:  # noqa: PLR2004 -- surname, name, patronymic
        return str(name)
    surname, first, patronymic = parts
    return f"{first[0]}.{patronymic[0]}. {surname}"


def quoted(text: Text) -> str:
    """Put a title in quotation marks, with the inner kind inside: «… „…“», “… ‘…’”."""
    words = str(text)
    if _in_russian():
        return f"«{words.replace('«', '„').replace('»', '“')}»"
    # Typed with straight marks, a name within keeps to the pair that belongs inside.
    words = re.sub(r"""(?<!\w)(["'])(.+?)\1(?!\w)""", r"‘\2’", words)
    for outer, inner in (("“", "‘"), ("”", "’"), ('"', "'")):
        words = words.replace(outer, inner)
    return f"“{words}”"


def long_day(day: datetime.date) -> str:
    """Write a date in words: 27 марта 2026 г., 27 March 2026."""
    if isinstance(day, datetime.datetime):
        day = day.astimezone(KRASNOYARSK).date()
    return dateformat.format(day, r"j E Y \г." if _in_russian() else "j F Y").replace(" ", "\xa0")


def short_day(day: datetime.date) -> str:
    """Write a date for a table: 27.03.2026 in both languages' papers."""
    if isinstance(day, datetime.datetime):
        day = day.astimezone(KRASNOYARSK).date()
    return dateformat.format(day, "d.m.Y" if _in_russian() else "j M Y").replace(" ", "\xa0")


def moment(at: datetime.datetime) -> str:
    """Write an instant in the time of Krasnoyarsk, whose clock ends the terms."""
    return f"{short_day(at)}, {clock(at)}"


def clock(at: datetime.datetime) -> str:
    """Write the time of day."""
    return dateformat.format(at.astimezone(KRASNOYARSK), "H:i")


def names(texts: Any) -> str:
    """Write a list of names, or a dash for nobody."""
    return ", ".join(str(text) for text in texts) or "–"


def yes_or_no(holds: bool) -> str:  # noqa: FBT001 -- it is the value that is written
    """Write a fact that holds or does not."""
    return pgettext("paper", "yes") if holds else pgettext("paper", "no")


def _in_russian() -> bool:
    return (translation.get_language() or "ru").startswith("ru")
