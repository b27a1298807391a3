"""The canonical form of texts and terms, and the digests over it.

Two people who see the same words must hold the same digest. So a text is normalised before it is
stored, shown or hashed: Unicode normal form C, every run of spaces one space, lines trimmed, empty
lines gone, characters that nobody can see removed. Lines stay lines: an enumeration is not a
sentence.

INVARIANT: the digests below never change for data that is already stored. Ballots, visas and orders
rest on them. A new form would be a new function beside these.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any


class NotExact(ValueError):
    """A value has no exact form, so no digest can stand for it."""


# Characters that take no place: word processors leave them behind, and an attacker can turn a
# sentence round with the directional ones.
_UNSEEN = frozenset(
    "\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)


def canonical_text(text: str) -> str:
    """Return the one form in which a text is stored, shown and hashed.

    Any string has one; what cannot be stored at all (control characters, half surrogates) is
    dropped.
    """
    lines = (" ".join("".join(_seen(line)).split()) for line in text.splitlines())
    # Composed last: dropping a character may bring together two that belong to one letter.
    return unicodedata.normalize("NFC", "\n".join(line for line in lines if line))


def _seen(line: str) -> Iterable[str]:
    for character in line:
        if character.isspace():
            yield " "
        elif character not in _UNSEEN and unicodedata.category(character) not in ("Cc", "Cs"):
            yield character


def text_sha256(text: str) -> str:
    """Return the digest of the canonical form of a text."""
    return _sha256(canonical_text(text))


def wording_sha256(*, number: str, text_ru: str, text_en: str, terms: Mapping[str, Any]) -> str:
    """Return the digest of a wording: its clause number, both texts and its terms together.

    Raises:
        NotExact: the terms hold a float or a value that JSON does not have.

    """
    return json_sha256(
        {
            "number": number,
            "terms": terms,
            "text_en": canonical_text(text_en),
            "text_ru": canonical_text(text_ru),
        }
    )


def combined_sha256(digests: Iterable[str]) -> str:
    """Return the digest over digests in their order: of a ballot, of a whole text.

    The order is part of the question: the same wordings in another order are another text.
    """
    return _sha256("".join(digests))


def json_sha256(value: object) -> str:
    """Return the digest of a value in canonical JSON.

    Raises:
        NotExact: the value holds a float or something that JSON does not have.

    """
    return _sha256(canonical_json(value))


def canonical_json(value: object) -> str:
    """Write a value as JSON in one way only: sorted keys, no spaces, no floats.

    A decimal and a fraction are written as strings, as they are stored: `"33.33"`, `"1/3"`. A
    digest taken before storing is the same after reading back.

    Raises:
        NotExact: the value holds a float or something that JSON does not have.

    """
    return json.dumps(_exact(value, "$"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _exact(value: object, path: str) -> object:
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal() if value.is_finite():
            return str(value)
        case Fraction():
            return str(value)
        case Mapping():
            return {_key(key, path): _exact(item, f"{path}.{key}") for key, item in value.items()}
        case list() | tuple():
            return [_exact(item, f"{path}[{place}]") for place, item in enumerate(value)]
        case _:
            raise NotExact(f"{path}: {value!r} has no exact form")


def _key(key: object, path: str) -> str:
    if isinstance(key, str):
        return key
    raise NotExact(f"{path}: the key {key!r} is not a string")


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def translation_is_stale(*, translates_sha256: str, sha256_ru: str) -> bool:
    """Say whether a translation was made for another Russian text than the one that stands."""
    return translates_sha256 != sha256_ru
