"""Bundles of the record with one thing wrong in each: the verifier may prove none of them.

    python -m tests.mutated_bundles BUNDLE --n 10000

What is changed and how is chosen by number, so that a failure can be looked at again.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import random
import sys
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.domain import notes

Files = dict[str, bytes]

VERIFIER = Path(__file__).resolve().parent.parent / "verifier"


def verified(files: Files, trust: Path) -> int:
    """Let the verifier look at files, and return its exit status."""
    verify = _verifier()
    with contextlib.redirect_stdout(io.StringIO()):
        status: int = verify.run(lambda: files, trust, verify.Report("en"))
    return status


def _verifier() -> Any:
    """Import the verifier as it is run: its folder first, none of ours."""
    if str(VERIFIER) not in sys.path:
        sys.path.insert(0, str(VERIFIER))
    return importlib.import_module("verify")


def bit(files: Files, chosen: random.Random) -> Files:
    """Turn one bit over, anywhere."""
    name = chosen.choice(sorted(files))
    changed = bytearray(files[name])
    changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
    return {**files, name: bytes(changed)}


def swap(files: Files, chosen: random.Random) -> Files:
    """Let two files change places."""
    one, other = chosen.sample(sorted(files), 2)
    return {**files, one: files[other], other: files[one]}


def drop(files: Files, chosen: random.Random) -> Files:
    """Leave a file out."""
    left = chosen.choice(sorted(files))
    return {name: content for name, content in files.items() if name != left}


def duplicate(files: Files, chosen: random.Random) -> Files:
    """Lay a file down a second time, beside or in the place of another."""
    name = chosen.choice(sorted(files))
    folder = name.rpartition("/")[0]
    return {**files, f"{folder}/again" if folder else "again": files[name]}


def reorder(files: Files, chosen: random.Random) -> Files:
    """Let two entries of a tile change places."""
    name = chosen.choice(sorted(name for name in files if name.startswith("tile/entries/")))
    entries = _apart(files[name])
    one, other = chosen.sample(range(len(entries)), 2)
    entries[one], entries[other] = entries[other], entries[one]
    return {**files, name: b"".join(entries)}


def truncate(files: Files, chosen: random.Random) -> Files:
    """Cut the end of a file off, or the last entries of a tile."""
    name = chosen.choice(sorted(files))
    return {**files, name: files[name][: chosen.randrange(len(files[name]))]}


def other_key(files: Files, chosen: random.Random) -> Files:
    """Sign with a key of one's own, under the log's name."""
    text = files["checkpoint"].decode().partition("\n\n")[0] + "\n"
    return _signed_anew(files, text, text.partition("\n")[0], chosen)


def other_origin(files: Files, chosen: random.Random) -> Files:
    """Call the log by another name, and sign under it."""
    origin, gap, rest = files["checkpoint"].decode().partition("\n\n")[0].partition("\n")
    named = f"{origin}{chosen.randrange(10)}"
    return _signed_anew(files, f"{named}{gap}{rest}\n", named, chosen)


CHANGES: tuple[Callable[[Files, random.Random], Files], ...] = (
    bit,
    swap,
    drop,
    duplicate,
    reorder,
    truncate,
    other_key,
    other_origin,
)


def mutated(files: Files, number: int) -> tuple[str, Files]:
    """Return the bundle of this number, with the name of what was done to it."""
    chosen = random.Random(number)  # noqa: S311 - a choice of places, no secret
    while True:
        change = CHANGES[number % len(CHANGES)]
        changed = change(files, chosen)
        # Two empty files may change places, and nothing is wrong.
        if changed != files:
            return change.__name__, changed


def _apart(content: bytes) -> list[bytes]:
    place, entries = 0, []
    while place < len(content):
        end = place + 2 + int.from_bytes(content[place : place + 2])
        entries.append(content[place:end])
        place = end
    return entries


def _signed_anew(files: Files, text: str, name: str, chosen: random.Random) -> Files:
    signer = notes.Signer(name, Ed25519PrivateKey.from_private_bytes(chosen.randbytes(32)))
    policy = f"log {signer.key}\nquorum none\n".encode()
    again = {"policy": policy} if chosen.randrange(2) else {}
    return {**files, **again, "checkpoint": notes.signed(text, signer).encode()}


def main() -> None:
    """Change the bundle of the command line in many ways, and say how many were proven."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("bundle", type=Path)
    options.add_argument("--n", type=int, default=10_000)
    options.add_argument("--trust", type=Path, required=True)
    asked = options.parse_args()
    with zipfile.ZipFile(asked.bundle) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    if verified(files, asked.trust) != 0:
        raise SystemExit("the bundle itself is not proven")
    found: Counter[tuple[str, int]] = Counter()
    for number in range(asked.n):
        name, changed = mutated(files, number)
        status = verified(changed, asked.trust)
        found[name, status] += 1
        if status == 0:
            sys.stdout.write(f"number {number} ({name}) is proven\n")
    for (name, status), times in sorted(found.items()):
        said = ("proven", "refuted", "incomplete")[status]
        sys.stdout.write(f"{name:14} {said:10} {times:6}\n")
    sys.exit(any(status == 0 for _, status in found))


if __name__ == "__main__":
    main()
