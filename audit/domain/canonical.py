"""The one encoding of an entry: RFC 8785 (JCS) under a stricter profile.

JCS alone accepts, or silently changes, values on which two implementations may differ.
Whatever is refused here would one day make an honest record look forged: floats, keys
given twice, texts that look alike and are not (Unicode that is not NFC, bidirectional
controls), times in another zone. Inside the profile the bytes of JCS and those of Python's
sorted compact JSON are the same.

INVARIANT: `encode` never changes for data that is already stored. Every hash depends on
its bytes. A new encoding is a new format version beside this one.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_BYTES = 64 * 1024
MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z0-9_]{1,64}")
_BEGINS_LIKE_A_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}")
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
_FORBIDDEN = re.compile("[\x00\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


class NotCanonical(ValueError):
    """The value cannot be encoded so that everybody gets the same bytes."""


def encode(value: Any) -> bytes:
    """Return the canonical bytes of a value.

    Raises:
        NotCanonical: the value holds a float, a key or a text outside the profile, is
            nested deeper than 32 levels or is larger than 64 KiB. Send decimals and
            fractions as strings, and a digest in place of what is large.
    """
    _examine(value, depth=1)
    encoded = json.dumps(
        value, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True
    ).encode()
    if len(encoded) > MAX_BYTES:
        raise NotCanonical(f"{len(encoded)} bytes are more than {MAX_BYTES}")
    return encoded


def decode(encoded: bytes) -> Any:
    """Return the value of canonical bytes.

    Raises:
        NotCanonical: the bytes are not exactly what `encode` gives for the value.
    """
    try:
        value = json.loads(
            encoded.decode(),
            object_pairs_hook=_object_of_distinct_keys,
            parse_float=_refuse_number,
            parse_constant=_refuse_number,
        )
    except (UnicodeDecodeError, RecursionError, json.JSONDecodeError) as error:
        raise NotCanonical(str(error)) from error
    if encode(value) != encoded:
        raise NotCanonical("the bytes are not the canonical ones of this value")
    return value


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf as RFC 6962 takes it: SHA-256 over a zero byte and the leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def _examine(value: Any, *, depth: int) -> None:
    """Refuse whatever lies outside the profile."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, int):
        if abs(value) > MAX_INTEGER:
            raise NotCanonical(f"{value} does not survive other readers of JSON")
        return
    if isinstance(value, str):
        _examine_text(value)
        return
    if not isinstance(value, dict | list):
        raise NotCanonical(f"{type(value).__name__} is not a value of the record")
    if depth > MAX_DEPTH:
        raise NotCanonical(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, list):
        for item in value:
            _examine(item, depth=depth + 1)
        return
    for key, item in value.items():
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            raise NotCanonical(f"{key!r} is not a key of the record")
        _examine(item, depth=depth + 1)


def _examine_text(text: str) -> None:
    if _FORBIDDEN.search(text):
        raise NotCanonical("a text holds characters that cannot be seen or compared")
    if not unicodedata.is_normalized("NFC", text):
        raise NotCanonical("a text is not in normal form C")
    if _BEGINS_LIKE_A_TIME.match(text) and not _TIME.fullmatch(text):
        raise NotCanonical(f"{text} is not a time in UTC with microseconds")


def _object_of_distinct_keys(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a key given twice."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotCanonical(f"{key!r} is given twice")
        found[key] = value
    return found


def _refuse_number(text: str) -> NoReturn:
    raise NotCanonical(f"{text} is not an integer")
