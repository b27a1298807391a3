"""Form fields that every app uses: the two languages, with limits that say themselves."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONG_TEXT = 20_000
"""Characters of the longest text that a form takes; a clause of the demonstration has about 600."""

_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LATIN = re.compile(r"[A-Za-z]")
_DISPLAY_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")


def is_russian(text: str) -> None:
    """Refuse a text in which Latin letters outnumber Cyrillic ones.

    Terms and abbreviations in Latin letters are common in Russian texts, so only a text
    that is mostly Latin is taken for the wrong language.
    """
    if len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text)):
        raise ValidationError(
            _(
                "This looks like English. "
                "Write the Russian text here, the English one in its field."
            ),
            code="wrong_language",
        )


def is_english(text: str) -> None:
    """Refuse a text in which Cyrillic letters outnumber Latin ones."""
    if len(_CYRILLIC.findall(text)) > len(_LATIN.findall(text)):
        raise ValidationError(
            _(
                "This looks like Russian. "
                "Write the English text here, the Russian one in its field."
            ),
            code="wrong_language",
        )


def is_plain(text: str) -> None:
    """Refuse characters that change how a text is shown without being seen."""
    if _DISPLAY_CONTROLS.search(text):
        raise ValidationError(
            _(
                "The text contains invisible characters that turn the reading direction. "
                "Remove them."
            ),
            code="invisible_characters",
        )


class _Language(forms.CharField):
    """A text in one language; several lines where `lines` says so."""

    lang = ""

    def __init__(self, *, lines: int = 1, max_length: int | None = None, **kwargs: Any) -> None:
        limit = max_length or (500 if lines == 1 else LONG_TEXT)
        attrs = {"lang": self.lang}
        widget = (
            forms.Textarea(attrs={**attrs, "rows": lines}) if lines > 1 else forms.TextInput(attrs)
        )
        super().__init__(max_length=limit, widget=widget, **kwargs)
        self.validators.append(is_plain)

    def to_python(self, value: Any) -> str:
        """Return the text in the composed form, in which equal texts have equal bytes."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class RussianField(_Language):
    """A text in Russian, the authoritative language."""

    lang = "ru"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(is_russian)


class EnglishField(_Language):
    """A text in English; a translation is never obligatory in a form."""

    lang = "en"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)
        self.validators.append(is_english)
