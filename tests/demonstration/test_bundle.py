"""The record of the demonstration, packed and checked by a program that knows nothing of us."""

from __future__ import annotations

import hashlib
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit import bundles
from audit.domain import canonical, notes, tiles, tree
from tests import mutated_bundles
from tests.demonstration import plays

Files = dict[str, bytes]
Entry = dict[str, Any]


@pytest.fixture(scope="module")
def bundle(copies: None, django_db_blocker: Any) -> Files:
    """Return the files of the packed record of the finished play."""
    with django_db_blocker.unblock(), plays.copy_of(plays.PLAYED):
        packed = io.BytesIO()
        bundles.export(packed)
        with zipfile.ZipFile(packed) as opened:
            return {name: opened.read(name) for name in opened.namelist()}


@pytest.fixture(scope="module")
def verifier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the verifier in a folder of its own, away from the product."""
    copied = tmp_path_factory.mktemp("elsewhere") / "verifier"
    shutil.copytree(settings.BASE_DIR / "verifier", copied)
    return copied / "verify.py"


@pytest.fixture
def verify(verifier: Path, tmp_path: Path) -> Callable[..., tuple[int, str]]:
    """Return a function that packs files, has them checked, and returns exit status and words."""

    def check(files: Files, *options: str) -> tuple[int, str]:
        path = tmp_path / "log.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name, content in files.items():
                packed.writestr(name, content)
        done = subprocess.run(
            [sys.executable, str(verifier), str(path), *options],
            cwd=tmp_path,
            env={"PYTHONUTF8": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert not done.stderr
        return done.returncode, done.stdout

    return check


def entries_of(files: Files) -> Iterator[Entry]:
    """Read the entries of a bundle."""
    for name in sorted(name for name in files if name.startswith("tile/entries/")):
        content, place = files[name], 0
        while place < len(content):
            length = int.from_bytes(content[place : place + 2])
            yield json.loads(content[place + 2 : place + 2 + length])
            place += 2 + length


def signed_again(files: Files, entries: list[Entry]) -> Files:
    """Write the log anew over other entries: what whoever holds its key could do."""
    origin = entries[0]["log"]
    signer = notes.Signer(origin, Ed25519PrivateKey.from_private_bytes(b"k" * 32))
    leaves = [canonical.encode(entry) for entry in entries]
    hashes = [canonical.leaf_hash(leaf) for leaf in leaves]
    forged = {name: content for name, content in files.items() if not name.startswith("tile/")}
    levels = [hashes]
    while len(levels[-1]) >= tiles.WIDTH:
        full = len(levels[-1]) // tiles.WIDTH
        levels.append([tree.over(levels[-1][i * 256 : (i + 1) * 256]) for i in range(full)])
    for level, index, width in tiles.needed(len(leaves)):
        first = index * tiles.WIDTH
        tile = levels[level][first : first + width]
        forged[tiles.path(level, index, width)] = b"".join(tile)
        if level == 0:
            bundle = tiles.bundle(leaves[first : first + width])
            forged[tiles.path("entries", index, width)] = bundle
    checkpoint = notes.Checkpoint(origin, len(leaves), tree.over(hashes))
    forged["checkpoint"] = checkpoint.signed_by(signer).encode()
    forged["policy"] = f"log {signer.key}\nquorum none\n".encode()
    return listed_again(forged, signer)


def listed_again(files: Files, signer: notes.Signer) -> Files:
    """Sign the list of what lies beside the log anew."""
    beside = {
        name: hashlib.sha256(content).digest()
        for name, content in files.items()
        if name not in {"checkpoint", "files"} and not name.startswith("tile/")
    }
    size = int(files["checkpoint"].split(b"\n")[1])
    return {**files, "files": bundles.listed(beside, size, signer).encode()}


def renumbered(entries: list[Entry]) -> list[Entry]:
    """Close the gaps that left-out entries leave in their streams."""
    counts: dict[str, int] = {}
    for entry in sorted(entries, key=lambda one: one["stream_seq"]):
        counts[entry["stream"]] = entry["stream_seq"] = counts.get(entry["stream"], 0) + 1
    return entries


def find(entries: list[Entry], kind: str, **facts: Any) -> Entry:
    return next(
        entry
        for entry in entries
        if entry["type"] == f"governance.{kind}" and entry["data"].items() >= facts.items()
    )


def test_the_record_of_the_demonstration_is_proven(
    bundle: Files, verify: Callable[..., tuple[int, str]]
) -> None:
    status, words = verify(bundle, "--lang", "ru")

    assert (status, words.splitlines()[-1]) == (0, "ДОКАЗАНО")
    assert "ВНИМАНИЕ: ключи взяты из самого проверяемого файла" in words
    assert "Подсчитано заново голосований: 3" in words


def test_only_trusted_keys_count(
    bundle: Files, verify: Callable[..., tuple[int, str]], tmp_path: Path
) -> None:
    keys = tmp_path / "keys"
    keys.write_text(bundle["policy"].decode().split()[1])
    assert verify(bundle, "--trust", str(keys))[0] == 0

    other = notes.Signer(origin_of(bundle), Ed25519PrivateKey.from_private_bytes(b"o" * 32))
    keys.write_text(str(other.key))
    assert verify(bundle, "--trust", str(keys))[0] == 1


def origin_of(files: Files) -> str:
    return files["checkpoint"].decode().splitlines()[0]


def test_a_changed_bit_is_found(bundle: Files, verify: Callable[..., tuple[int, str]]) -> None:
    chosen = random.Random(4)  # noqa: S311 - a choice of places, no secret
    for name in [*chosen.sample(sorted(bundle), 7), "checkpoint", "files", "policy", "sides.json"]:
        changed = bytearray(bundle[name])
        changed[chosen.randrange(len(changed))] ^= 1 << chosen.randrange(8)
        assert verify({**bundle, name: bytes(changed)})[0] == 1, name


def test_no_bundle_with_something_wrong_is_proven(bundle: Files, tmp_path: Path) -> None:
    """A few of many: `make mutated-bundles` tries as many as one likes."""
    keys = tmp_path / "keys"
    keys.write_text(bundle["policy"].decode().split()[1])
    assert mutated_bundles.verified(bundle, keys) == 0

    for number in range(5 * len(mutated_bundles.CHANGES)):
        name, changed = mutated_bundles.mutated(bundle, number)
        assert mutated_bundles.verified(changed, keys) != 0, (number, name)


def one_changed_vote(entries: list[Entry]) -> str:
    """Let the ministry, which speaks with one voice, have said no where its yes carried."""
    first = {e["object"][0]["id"] for e in entries if e["data"].get("position") == 1}
    its = {e["object"][0]["id"] for e in entries if e["data"].get("side") in first}
    agreed = {e["object"][0]["id"] for e in entries if e["data"].get("result") == "agreed"}
    vote = next(
        e["data"]
        for e in entries
        if e["type"] == "governance.vote_cast" and e["data"]["seat"] in its
        if e["data"]["ballot"] in agreed
    )
    vote["choice"] = "against"
    return "was not counted as its votes demand (result)"


def one_dropped_mandate(entries: list[Entry]) -> str:
    voted = find(entries, "vote_cast")["data"]["mandate"]
    entries[:] = [entry for entry in entries if entry["object"][0]["id"] != voted]
    renumbered(entries)
    return "the authority does not stand. Stated “valid”, by the papers “not_found”"


def one_swapped_wording(entries: list[Entry]) -> str:
    find(entries, "vote_cast")["data"]["text_sha256"] = "0" * 64
    return "was not counted as its votes demand (text)"


def one_entry_left_out(entries: list[Entry]) -> str:
    entries.remove(find(entries, "vote_rejected"))
    return "lacks an entry"


FORGERIES = [one_changed_vote, one_dropped_mandate, one_swapped_wording, one_entry_left_out]


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_what_the_holder_of_the_key_forges_is_found(
    forge: Callable[[list[Entry]], str], bundle: Files, verify: Callable[..., tuple[int, str]]
) -> None:
    entries = [*entries_of(bundle)]
    words = forge(entries)

    status, said = verify(signed_again(bundle, entries), "--lang", "en")

    assert status == 1
    assert words in said


def test_another_charter_is_not_the_one_that_was_adopted(
    bundle: Files, verify: Callable[..., tuple[int, str]]
) -> None:
    name = next(name for name in bundle if name.startswith("charters/"))
    changed = bundle[name].replace(b'"2/3"', b'"1/3"')
    assert changed != bundle[name]
    assert verify({**bundle, name: changed})[0] == 1


def test_what_is_missing_is_not_proven(
    bundle: Files, verify: Callable[..., tuple[int, str]]
) -> None:
    without = {name: content for name, content in bundle.items() if "charters/" not in name}
    status, words = verify(without, "--lang", "en")

    assert (status, words.splitlines()[-1]) == (2, "INCOMPLETE")
    assert verify({**bundle, "policy": bundle["policy"].replace(b"none", b"all")})[0] == 1
