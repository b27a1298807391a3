"""What an entry may say.

An append-only table cannot forget, so facts are ids, codes, numbers and digests – never a
name, a contact or free text. A string is therefore ASCII without spaces: no Russian name
and no sentence passes, and `@` passes nowhere. Whatever else must be bound to an entry
goes in by its digest.
"""

from __future__ import annotations

import datetime
import enum
import hashlib
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

_CODE = re.compile(r"[A-Za-z0-9_.:;,/+=()\[\]*#-]{1,200}")


class NotAFact(ValueError):
    """The value may not enter the record."""


def plain(value: Any) -> Any:
    """Turn a value of the domain into one that the record holds.

    Ids and dates become text, fractions `p/q`, decimals their digits, bytes hexadecimal,
    aware times UTC with microseconds.

    Raises:
        NotAFact: the value is a float, a naive time, a free text or of an unknown kind.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        if not _CODE.fullmatch(value):
            raise NotAFact(f"{value!r} is not a code: no free text enters the record")
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(plain(item) for item in value)
    return _text_of(value)


def instant(moment: datetime.datetime) -> str:
    """Write an instant as the record does.

    Raises:
        NotAFact: the time does not say its zone.
    """
    if moment.tzinfo is None:
        raise NotAFact("a time without its zone is not an instant")
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def digest(text: str) -> str:
    """Bind a text to an entry without showing it: SHA-256 over its normal form C."""
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _text_of(value: Any) -> str:
    """Write an id, a date, a time, an exact number or bytes as text."""
    if isinstance(value, datetime.datetime):
        return instant(value)
    if isinstance(value, UUID | datetime.date):
        return str(value)
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return value.hex()
    raise NotAFact(f"{type(value).__name__} is not a fact")
