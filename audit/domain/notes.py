"""Signed notes and checkpoints: C2SP signed-note and tlog-checkpoint.

A checkpoint states the size and the root of the tree. What is signed is its text to the last line
break; a signature stands below on a line of its own, after a dash, with the signer's name and the
first four bytes of the hash of the key. The format leaves room for signatures of other kinds:
each kind of key has a byte of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LOG, WITNESS = 1, 4
"""The kinds of key: a log signs the text, a witness the text with the time of its look."""
_NAME = re.compile(r"[^\s+]+")
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f]")
_SIGNATURE = re.compile(r"— (\S+) (\S+)\n")


class BadNote(ValueError):
    """The text is not a note of this form, or a signature on it does not hold."""


@dataclass(frozen=True, slots=True)
class Key:
    """The public key of a log or of a witness, under its name."""

    name: str
    public: bytes
    kind: int = LOG

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature names its key."""
        named = self.name.encode() + b"\n" + self._material
        return hashlib.sha256(named).digest()[:4]

    def __str__(self) -> str:
        """Return the key as people exchange it: name, id, and kind with the key itself."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self._material).decode()}"

    @property
    def _material(self) -> bytes:
        return bytes([self.kind]) + self.public

    def verify(self, signature: bytes, text: str) -> None:
        """Check a signature on the text of a note (tlog-cosignature for a witness's).

        Raises:
            BadNote: it does not hold.
        """
        message = text
        if self.kind == WITNESS:
            moment, signature = int.from_bytes(signature[:8]), signature[8:]
            message = f"cosignature/v1\ntime {moment}\n{text}"
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message.encode())
        except InvalidSignature as error:
            raise BadNote(f"the signature of {self.name} does not hold") from error

    @classmethod
    def read(cls, text: str) -> Key:
        """Read a key as it is exchanged.

        Raises:
            BadNote: it is not one, or not of a kind that is known here.
        """
        name, _, rest = text.strip().partition("+")
        said, _, encoded = rest.partition("+")
        material = _decoded(encoded)
        if len(material) != 33 or material[0] not in {LOG, WITNESS}:  # noqa: PLR2004 -- of Ed25519
            raise BadNote(f"{text!r} is not an Ed25519 key")
        key = cls(name, material[1:], material[0])
        if not _NAME.fullmatch(name):
            raise BadNote(f"{text!r} has no name")
        if said != key.id.hex():
            raise BadNote(f"{text!r} does not bear its own id")
        return key


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under its name."""

    name: str
    private: Ed25519PrivateKey

    @property
    def key(self) -> Key:
        """Return the public part."""
        return Key(self.name, self.private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """Return the line that signs a text."""
        signature = self.key.id + self.private.sign(text.encode())
        return f"— {self.name} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states about itself: its origin, how many leaves, the root over them."""

    origin: str
    size: int
    root: bytes

    def __str__(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    def signed_by(self, *signers: Signer) -> str:
        """Return the note."""
        return signed(str(self), *signers)

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Read the text of a note as a checkpoint without further lines.

        Raises:
            BadNote: it is none.
        """
        try:
            origin, size, root = text.removesuffix("\n").split("\n")
            found = cls(origin, int(size), _decoded(root))
        except ValueError as error:
            raise BadNote(f"not a checkpoint: {error}") from error
        if str(found) != text or len(found.root) != 32:  # noqa: PLR2004 -- bytes of SHA-256
            raise BadNote("not a checkpoint in its one form")
        return found


def signed(text: str, *signers: Signer) -> str:
    """Return the note of a text, which ends with a line break, under signatures."""
    return f"{text}\n{''.join(signer.sign(text) for signer in signers)}"


def opened(note: str, keys: Mapping[str, Key]) -> tuple[str, list[str]]:
    """Return the text of a note, and the names whose signatures on it hold.

    Args:
        keys: those that are trusted, by their names.

    Raises:
        BadNote: it is no note, or a signature of a trusted key does not hold.
    """
    text, gap, below = note.rpartition("\n\n")
    lines = _SIGNATURE.findall(below)
    again = "".join(f"— {name} {said}\n" for name, said in lines)
    if _CONTROL.search(note) or not gap or not lines or again != below:
        raise BadNote("a text, an empty line and lines of signatures make a note")
    text += "\n"
    held: list[str] = []
    for name, said in lines:
        signature = _decoded(said)
        key = keys.get(name)
        if key is None or key.id != signature[:4]:
            continue
        key.verify(signature[4:], text)
        held.append(name)
    if not held:
        raise BadNote("nobody whose key is trusted signed")
    return text, held


def _decoded(text: str) -> bytes:
    """Read base64 in its one form."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote(f"{text!r} is not base64") from error
    if base64.b64encode(found).decode() != text:
        raise BadNote(f"{text!r} is not base64 in its one form")
    return found
