"""Text as a paper can show it.

What people sign must look like what it says. A character that turns the order of letters, hides,
moves the cursor or has no glyph in our fonts is written by its code, `[U+202E]`: nothing is
dropped silently, and nothing reads otherwise than it is stored.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTFont

DIRECTORY: Path = settings.BASE_DIR / "node_modules" / "@expo-google-fonts" / "tinos"
"""Tinos has the measures of Times New Roman, which the offices use, and an open licence."""

FACES = ("400Regular", "700Bold")
"""The faces that papers are set in."""

_BREAKS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n"}
_SOFT_HYPHEN = "\xad"


def font_files() -> list[Path]:
    """Return the files of the faces.

    Raises:
        FileNotFoundError: `make setup` did not fetch them.
    """
    files = [DIRECTORY / face / f"Tinos_{face}.ttf" for face in FACES]
    for file in files:
        if not file.is_file():
            raise FileNotFoundError(f"{file} is missing: make setup fetches the fonts")
    return files


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """Return the characters that every face has a glyph for."""
    maps = []
    for file in font_files():
        with TTFont(file, lazy=True) as font:
            maps.append(frozenset(font.getBestCmap()))
    return frozenset.intersection(*maps)


def legible(text: str) -> str:
    """Return a text in which every character shows: composed, lines broken in one way."""
    composed = unicodedata.normalize("NFC", text)
    for mark, line in _BREAKS.items():
        composed = composed.replace(mark, line)
    return "".join(map(_shown, composed))


@lru_cache(maxsize=4096)
def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if character in {"\n", _SOFT_HYPHEN}:
        return character
    if character == "\t" or (category == "Zs" and ord(character) not in covered()):
        return " "
    if category in {"Cc", "Cf", "Co", "Cn", "Cs"} or ord(character) not in covered():
        return f"[U+{ord(character):04X}]"
    return character
