"""What every entry has to be, whatever it says: its form, its kind, its number, its times."""

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from log import Refuted

Entry = dict[str, Any]

MEMBERS = {
    *("actor", "at", "at_basis", "authz", "data", "id", "log", "object", "paper_reference"),
    *("recorded_at", "request", "stream", "stream_seq", "type", "v"),
}
KEY = re.compile(r"[a-z0-9_]{1,64}")
LIKE_A_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}")
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z")
HIDDEN = re.compile("[\x00\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
BY_THE_CLOCK = timedelta(minutes=5)
DEMONSTRATION = "veche.demonstration/"


def read(leaves: Iterable[bytes], origin: str, acts: dict[str, list[str]]) -> list[Entry]:
    """Read the entries in the order of the log; each is checked by itself."""
    entries = []
    for index, leaf in enumerate(leaves):
        entry = _canonical(leaf, index)
        if entry.keys() != MEMBERS or entry["v"] != 1 or entry["log"] != origin:
            raise Refuted("entry_of_another_form", index=index)
        if entry["type"] not in acts:
            raise Refuted("act_unknown", index=index, act=entry["type"])
        if sorted(entry["data"]) != sorted(acts[entry["type"]]):
            raise Refuted("facts_differ", index=index, act=entry["type"])
        _check_times(entry, index, origin)
        entries.append(entry | {"index": index})
    return entries


def in_order(entries: list[Entry]) -> list[Entry]:
    """Check that streams are numbered without gaps, and ids and requests used once.

    Returns the entries in the order of their recording. The log numbers what was committed, by
    transaction; the numbers in a stream and the times at which they were given go together.
    """
    streams: dict[str, dict[int, Entry]] = defaultdict(dict)
    seen: dict[str, int] = {}
    for entry in entries:
        names = [entry["id"]]
        if entry["request"]["key"]:
            names.append(f"request {entry['request']['key']}")
        for name in names:
            if name in seen:
                raise Refuted("entry_twice", index=entry["index"], other=seen[name])
            seen[name] = entry["index"]
        numbers = streams[entry["stream"]]
        if entry["stream_seq"] in numbers:
            raise Refuted("number_twice", index=entry["index"], stream=entry["stream"])
        numbers[entry["stream_seq"]] = entry
    for stream, numbers in streams.items():
        if sorted(numbers) != list(range(1, len(numbers) + 1)):
            raise Refuted("stream_has_a_gap", stream=stream)
        before = ""
        for number in range(1, len(numbers) + 1):
            if numbers[number]["recorded_at"] < before:
                raise Refuted("time_runs_back", index=numbers[number]["index"], stream=stream)
            before = numbers[number]["recorded_at"]
    return sorted(entries, key=lambda entry: (entry["recorded_at"], entry["id"]))


def _check_times(entry: Entry, index: int, origin: str) -> None:
    try:
        at, recorded = (datetime.fromisoformat(entry[name]) for name in ("at", "recorded_at"))
        made = UUID(entry["id"]).int >> 80
    except (TypeError, ValueError) as error:
        raise Refuted("entry_of_another_form", index=index) from error
    if made != int(recorded.timestamp() * 1000):
        raise Refuted("id_of_another_time", index=index)
    basis, paper = entry["at_basis"], entry["paper_reference"]
    fits = {
        "clock": abs(at - recorded) <= BY_THE_CLOCK and paper is None,
        "demonstration": origin.startswith(DEMONSTRATION) and paper is None,
        "paper": bool(paper),
    }
    if not fits.get(basis, False):
        raise Refuted("time_without_basis", index=index)


def _canonical(leaf: bytes, index: int) -> Entry:
    """Read one canonical JSON object: RFC 8785 under the record's stricter profile."""
    try:
        value = json.loads(
            leaf.decode(),
            object_pairs_hook=_once,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
        _examine(value, 1)
        encoded = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except (ValueError, RecursionError) as error:
        raise Refuted("not_canonical", index=index, reason=str(error)) from error
    if not isinstance(value, dict) or encoded.encode() != leaf:
        raise Refuted("not_canonical", index=index, reason="other bytes")
    return value


def _examine(value: Any, depth: int) -> None:
    if isinstance(value, dict | list) and depth > 32:
        raise ValueError("nested too deep")
    if isinstance(value, dict):
        for key, item in value.items():
            if not KEY.fullmatch(key):
                raise ValueError(f"{key!r} is no key of the record")
            _examine(item, depth + 1)
    elif isinstance(value, list):
        for item in value:
            _examine(item, depth + 1)
    elif isinstance(value, str):
        if HIDDEN.search(value) or not unicodedata.is_normalized("NFC", value):
            raise ValueError("a text that cannot be compared")
        if LIKE_A_TIME.match(value) and not TIME.fullmatch(value):
            raise ValueError(f"{value} is no time of the record")
    elif isinstance(value, int) and abs(value) >= 2**53:
        raise ValueError("a number too large")


def _once(pairs: list[tuple[str, Any]]) -> Entry:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no integer")
