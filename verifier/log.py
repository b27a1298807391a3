"""The log in a bundle: its files, signatures, tiles and root. Knows nothing of what entries say.

Formats: RFC 6962 (the tree), C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-policy and
tlog-tiles.
"""

import base64
import binascii
import hashlib
import re
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG_KEY, WITNESS_KEY = 1, 4
WIDTH, HASH = 256, 32


class Refuted(Exception):
    """Something is not what it says it is; the code is that of a sentence in `words.json`."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


def read_bundle(path: Path) -> dict[str, bytes]:
    """Return the files of a bundle, a ZIP archive or a folder, by their names."""
    try:
        if path.is_dir():
            files = (file for file in sorted(path.rglob("*")) if file.is_file())
            return {file.relative_to(path).as_posix(): file.read_bytes() for file in files}
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            if len(set(names)) != len(names):
                raise Refuted("bundle_repeats_a_file")
            return {name: packed.read(name) for name in names if not name.endswith("/")}
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refuted("bundle_unreadable", reason=str(error)) from error


@dataclass(frozen=True)
class Key:
    """A public key under a name; its kind says whether a log or a witness signs with it."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the first four bytes of the hash over name, kind and key."""
        named = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(named).digest()[:4]


def read_key(text: str) -> Key:
    """Read ``name+id+base64``."""
    name, _, rest = text.partition("+")
    said, _, encoded = rest.partition("+")
    material = _base64(encoded)
    if not name or len(material) != 33 or material[0] not in {LOG_KEY, WITNESS_KEY}:
        raise Refuted("not_a_key", text=text)
    key = Key(name, material[0], material[1:])
    if key.id.hex() != said:
        raise Refuted("not_a_key", text=text)
    return key


@dataclass
class Policy:
    """Which keys count, and which witnesses have to agree."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str = "none"

    def met_by(self, present: set[str], name: str | None = None) -> bool:
        """Say whether the witnesses that signed are enough."""
        name = name or self.quorum
        if name == "none":
            return True
        if name in self.witnesses:
            return name in present
        needed, members = self.groups[name]
        return sum(self.met_by(present, member) for member in members) >= needed


def read_policy(text: str) -> Policy:
    """Read a policy: lines ``log``, ``witness``, ``group`` and one ``quorum``."""
    policy = Policy()
    said_quorum = False
    for line in text.splitlines():
        word, *rest = line.split() or ["#"]
        known = {*policy.witnesses, *policy.groups}
        if word.startswith("#"):
            continue
        if word == "log" and rest:
            policy.logs.append(read_key(rest[0]))
        elif word == "witness" and len(rest) > 1 and rest[0] not in known:
            policy.witnesses[rest[0]] = read_key(rest[1])
        elif word == "group" and len(rest) > 2 and rest[0] not in known and known >= {*rest[2:]}:
            among = rest[2:]
            number = {"any": 1, "all": len(among)}.get(rest[1]) or int(rest[1])
            policy.groups[rest[0]] = (number, among)
        elif (
            word == "quorum" and len(rest) == 1 and not said_quorum and rest[0] in {*known, "none"}
        ):
            policy.quorum, said_quorum = rest[0], True
        else:
            raise Refuted("bad_policy", line=line)
    if not said_quorum or not policy.logs:
        raise Refuted("bad_policy", line="quorum, log")
    return policy


def read_checkpoint(note: bytes, policy: Policy) -> tuple[str, int, bytes, set[str]]:
    """Check a signed checkpoint; return its origin, size and root, and who witnessed it."""
    text, signed_by, present = _opened(note, policy)
    parts = text.split("\n")
    if len(parts) != 4 or not re.fullmatch(r"0|[1-9]\d{0,18}", parts[1]):
        raise Refuted("bad_checkpoint")
    origin, size, root = parts[0], int(parts[1]), _base64(parts[2])
    if origin not in signed_by:
        raise Refuted("not_signed_by_log", name=origin)
    return origin, size, root, present


def check_files(files: dict[str, bytes], policy: Policy, origin: str, size: int) -> list[str]:
    """Compare what lies beside the log with the list that its key signed.

    Returns the paths that are listed and missing.
    """
    text, signed_by, _ = _opened(files["files"], policy)
    head, listed = text.splitlines()[:2], {}
    for line in text.splitlines()[2:]:
        sha256, _, path = line.partition(" ")
        listed[path] = sha256
    if origin not in signed_by or head != [f"{origin}/files", str(size)]:
        raise Refuted("not_signed_by_log", name=origin)
    found = {path for path in files if not path.startswith("tile/")} - {"checkpoint", "files"}
    for path in sorted(found):
        if listed.get(path) != hashlib.sha256(files[path]).hexdigest():
            raise Refuted("file_not_listed", path=path)
    return sorted(listed.keys() - found)


def _opened(note: bytes, policy: Policy) -> tuple[str, set[str], set[str]]:
    """Check every signature of a note; return its text, which logs signed it and who witnessed."""
    try:
        text, gap, below = note.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise Refuted("bad_checkpoint") from error
    text += "\n"
    lines = re.findall(r"— (\S+) (\S+)\n", below)
    again = "".join(f"— {name} {said}\n" for name, said in lines)
    if not gap or again != below or re.search("[\0-\x09\x0b-\x1f]", text):
        raise Refuted("bad_checkpoint")
    signed_by: set[str] = set()
    present: set[str] = set()
    witnesses = {key: name for name, key in policy.witnesses.items()}
    for name, said in lines:
        signature = _base64(said)
        keys = [*policy.logs, *policy.witnesses.values()]
        key = next((k for k in keys if k.name == name and k.id == signature[:4]), None)
        if key is None:
            raise Refuted("unknown_signature", name=name)
        message, proof = text, signature[4:]
        if key.kind == WITNESS_KEY:
            moment, proof = int.from_bytes(proof[:8]), proof[8:]
            message = f"cosignature/v1\ntime {moment}\n{text}"
            present.add(witnesses.get(key, ""))
        else:
            signed_by.add(name)
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(proof, message.encode())
        except InvalidSignature as error:
            raise Refuted("bad_signature", name=name) from error
    return text, signed_by, present


def read_entries(files: dict[str, bytes], size: int) -> list[bytes]:
    """Return the entries of the bundle, exactly as many as the checkpoint says."""
    entries: list[bytes] = []
    for index in range(-(-size // WIDTH)):
        width = min(WIDTH, size - index * WIDTH)
        content, place, found = _file(files, "entries", index, width), 0, 0
        while place < len(content):
            length = int.from_bytes(content[place : place + 2])
            entries.append(content[place + 2 : place + 2 + length])
            place, found = place + 2 + length, found + 1
        if place != len(content) or found != width:
            raise Refuted("bad_entries", path=_path("entries", index, width))
    return entries


def check_tree(files: dict[str, bytes], entries: list[bytes], root: bytes) -> None:
    """Build the tree over the entries anew, and compare every tile and the root with it."""
    hashes = [hashlib.sha256(b"\0" + entry).digest() for entry in entries]
    level, needed = 0, {"checkpoint"}
    whole = hashes
    while hashes:
        for index in range(-(-len(hashes) // WIDTH)):
            tile = hashes[index * WIDTH : (index + 1) * WIDTH]
            if _file(files, level, index, len(tile)) != b"".join(tile):
                first = index * WIDTH ** (level + 1)
                raise Refuted("tile_differs", path=_path(level, index, len(tile)), index=first)
            needed.add(_path(level, index, len(tile)))
            if level == 0:
                needed.add(_path("entries", index, len(tile)))
        full = len(hashes) // WIDTH
        hashes = [_over(hashes[i * WIDTH : (i + 1) * WIDTH]) for i in range(full)]
        level += 1
    for name in files:
        if name.startswith("tile/") and name not in needed:
            raise Refuted("file_too_many", path=name)
    if (_over(whole) if whole else hashlib.sha256().digest()) != root:
        raise Refuted("root_differs")


def _over(hashes: list[bytes]) -> bytes:
    """Return the root over hashes (RFC 6962, section 2.1)."""
    if len(hashes) == 1:
        return hashes[0]
    middle = 1 << (len(hashes) - 1).bit_length() - 1
    left, right = _over(hashes[:middle]), _over(hashes[middle:])
    return hashlib.sha256(b"\1" + left + right).digest()


def _path(level: int | str, index: int, width: int) -> str:
    number = f"{index % 1000:03d}"
    while index := index // 1000:
        number = f"x{index % 1000:03d}/{number}"
    return f"tile/{level}/{number}" + ("" if width == WIDTH else f".p/{width}")


def _file(files: dict[str, bytes], level: int | str, index: int, width: int) -> bytes:
    path = _path(level, index, width)
    if path not in files:
        raise Refuted("file_missing", path=path)
    return files[path]


def _base64(text: str) -> bytes:
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refuted("not_base64", text=text) from error
    if base64.b64encode(found).decode() != text:
        raise Refuted("not_base64", text=text)
    return found
