"""What changed between two wordings, word by word.

The comparison runs over words, not letters: «п{+е+}ред» is true and unreadable. Each distinct word
becomes one character, and diff-match-patch compares the two strings – its time grows with the
number of changes, where `difflib` needs minutes for a long text that repeats itself.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TypeAlias

from diff_match_patch import diff_match_patch

Change: TypeAlias = "tuple[int, str]"

SECONDS = 1.0
"""After this long the comparison goes on with a coarser difference, which is true as well."""

# A word with its hyphens, points of numbers and apostrophes; a run of spaces; one of the rest.
_TOKEN = re.compile(r"\w+(?:[-.,’']\w+)*|\s+|[^\w\s]")

# Characters of two private planes of Unicode, then of the rest beyond the surrogates.
_FIRST_CHARACTER = 0xF0000
_PRIVATE = 0x10FFFF - _FIRST_CHARACTER + 1
_LOWER_PLANES = 0xE000


class Operation(IntEnum):
    """What happened to a piece of text."""

    DELETED = -1
    KEPT = 0
    INSERTED = 1


def redline(before: str, after: str) -> list[Change]:
    """Return the pieces of both texts in reading order, each with what happened to it.

    Joining the pieces that are kept or deleted gives `before` exactly; joining those kept or
    inserted gives `after`. The operations compare equal to -1, 0 and 1.
    """
    if before == after:
        return [(Operation.KEPT, before)] if before else []
    words: list[str] = []
    numbers: dict[str, int] = {}
    comparison = diff_match_patch()
    comparison.Diff_Timeout = SECONDS
    changes = comparison.diff_main(
        _as_characters(before, numbers, words),
        _as_characters(after, numbers, words),
        checklines=False,
    )
    comparison.diff_cleanupSemantic(changes)
    return [
        (Operation(operation), "".join(words[_number(character)] for character in characters))
        for operation, characters in changes
    ]


def _as_characters(text: str, numbers: dict[str, int], words: list[str]) -> str:
    """Write a text with one character for each word, adding new words to the tables."""
    characters = []
    for word in _TOKEN.findall(text):
        number = numbers.setdefault(word, len(words))
        if number == len(words):
            words.append(word)
        characters.append(_character(number))
    return "".join(characters)


def _character(number: int) -> str:
    """Return the character that stands for a word.

    Raises:
        ValueError: the texts have more than a million distinct words.
    """
    if number < _PRIVATE:
        return chr(_FIRST_CHARACTER + number)
    if (code := _LOWER_PLANES + number - _PRIVATE) < _FIRST_CHARACTER:
        return chr(code)
    raise ValueError("the texts have too many distinct words to be compared")


def _number(character: str) -> int:
    """Return which word a character stands for."""
    code = ord(character)
    return code - _FIRST_CHARACTER if code >= _FIRST_CHARACTER else code - _LOWER_PLANES + _PRIVATE
