import hashlib
import json
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from audit.domain.canonical import MAX_BYTES, NotCanonical, decode, encode, leaf_hash

# What the encoding of a stored entry looks like, for ever. A change here means that the
# digests of every entry written before it no longer match.
GOLDEN = {
    "v": 1,
    "type": "governance.vote_cast",
    "at": "2026-03-27T04:15:00.000000Z",
    "actor": {"subject": "3f8c1c52-6f0e-4a53-9a55-1f4a1c9a7d10"},
    "data": {"choice": "for", "seat": "R1", "share": "2/3", "order": "№ 7", "note": 'a"\\\t\u007f'},
    "request": {"key": None},
    "counted": True,
    "stream_seq": 9007199254740991,
}
GOLDEN_BYTES = (
    '{"actor":{"subject":"3f8c1c52-6f0e-4a53-9a55-1f4a1c9a7d10"},'
    '"at":"2026-03-27T04:15:00.000000Z","counted":true,'
    '"data":{"choice":"for","note":"a\\"\\\\\\t\u007f","order":"№ 7","seat":"R1","share":"2/3"},'
    '"request":{"key":null},"stream_seq":9007199254740991,"type":"governance.vote_cast","v":1}'
).encode()
GOLDEN_LEAF_HASH = "6e9ebe5ae4219ce0c58198e0894b8fbfac959b6843c757ef0efc0fa0e1149d40"


def test_the_bytes_of_a_known_value_never_change() -> None:
    assert encode(GOLDEN) == GOLDEN_BYTES
    assert leaf_hash(GOLDEN_BYTES).hex() == GOLDEN_LEAF_HASH


def test_a_leaf_is_hashed_as_rfc_6962_says() -> None:
    assert leaf_hash(b"{}") == hashlib.sha256(b"\x00{}").digest()


REFUSED = {
    "float": b'{"amount":1.5}',
    "integer beyond 2^53-1": b'{"n":9007199254740993}',
    "key given twice": b'{"a":1,"a":2}',
    "lone surrogate": b'{"s":"\\ud800"}',
    "NaN": b'{"n":NaN}',
    "infinity": b'{"n":-Infinity}',
    "not NFC": '{"s":"и\u0306"}'.encode(),
    "time in another zone": b'{"at":"2026-11-23T13:00:00+03:00"}',
    "time without microseconds": b'{"at":"2026-11-23T10:00:00Z"}',
    "byte order mark": b"\xef\xbb\xbf{}",
    "something after the value": b"{} {}",
    "negative zero": b'{"n":-0}',
    "exponent": b'{"n":1e3}',
    "U+0000": b'{"s":"\\u0000"}',
    "bidirectional control": '{"title":"abc\u202edef"}'.encode(),
    "33 levels": b"[" * 33 + b"]" * 33,
    "thousands of levels": b"[" * 100_000 + b"]" * 100_000,
    "spaces": b'{"a": 1}',
    "keys in another order": b'{"b":1,"a":2}',
    "key in capitals": b'{"A":1}',
    "key longer than 64": b'{"' + b"a" * 65 + b'":1}',
    "escape that is not needed": b'{"s":"\\u0041"}',
    "not UTF-8": b'{"s":"\xff"}',
    "nothing": b"",
}


@pytest.mark.parametrize("raw", REFUSED.values(), ids=REFUSED)
def test_bytes_that_are_not_canonical_are_refused(raw: bytes) -> None:
    with pytest.raises(NotCanonical):
        decode(raw)


UNENCODABLE: dict[str, Any] = {
    "float": {"amount": 1.5},
    "float without a fraction": {"amount": 1.0},
    "large integer": {"n": 2**53},
    "key that is no text": {1: "a"},
    "set": {"a": {1}},
    "bytes": {"a": b"1"},
    "33 levels": json.loads("[" * 33 + "]" * 33),
    "more than 64 KiB": {"s": "a" * MAX_BYTES},
    "lone surrogate": {"s": "\ud800"},
}


@pytest.mark.parametrize("value", UNENCODABLE.values(), ids=UNENCODABLE)
def test_values_outside_the_profile_are_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        encode(value)


def _is_encodable(text: str) -> bool:
    try:
        encode(text)
    except NotCanonical:
        return False
    return True


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(_is_encodable)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.from_regex(r"[a-z0-9_]{1,12}", fullmatch=True), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(VALUES)
def test_inside_the_profile_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert encode(value) == rfc8785.dumps(value)


@settings(deadline=None)
@given(VALUES)
def test_what_is_encoded_can_be_read_back(value: Any) -> None:
    assert decode(encode(value)) == value
