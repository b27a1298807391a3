"""The whole log in one file that a stranger can check without us.

Inside lies what C2SP tlog-tiles names, `checkpoint` and `tile/…` with the entries, beside it the
`policy` that says which keys count, `acts.json` with the closed list of acts, and what other apps
add because entries bind it by its hash: charters, papers. `files` names all that lies beside the
log with its hash, under the log's signature: no bit of a bundle is free.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from typing import TYPE_CHECKING, BinaryIO

from audit import log, registry
from audit.domain.notes import signed
from audit.domain.tiles import HASH, WIDTH, bundle, needed, path
from audit.models import Checkpoint, Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from audit.domain.notes import Signer

    Attachment = tuple[str, bytes]
    Attachments = Callable[[], Iterator[Attachment]]

_sources: list[Attachments] = []
# Files of one record are the same bytes whenever they are packed.
_WHEN = (1980, 1, 1, 0, 0, 0)


class NothingRecorded(Exception):
    """The record is empty: there is nothing that could be proved."""


def attach(source: Attachments) -> None:
    """Let an app add files, by their paths in the bundle, to what is packed."""
    if source not in _sources:
        _sources.append(source)


def export(file: BinaryIO) -> Checkpoint:
    """Number and sign all that was committed, and pack it; return the checkpoint that covers it.

    Raises:
        NothingRecorded: no entry was ever written.
        HeldUp: a transaction stays open, so that not all could be numbered.
        RecordIsBroken: the stored record does not bear itself out.
    """
    log.catch_up()
    checkpoint = log.sign()
    if checkpoint is None:
        raise NothingRecorded
    beside: dict[str, bytes] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:

        def put(name: str, content: bytes) -> None:
            packed.writestr(zipfile.ZipInfo(name, _WHEN), content, zipfile.ZIP_DEFLATED)

        for name, content in _log(checkpoint):
            put(name, content)
        for name, content in _beside():
            put(name, content)
            beside[name] = hashlib.sha256(content).digest()
        put("files", listed(beside, checkpoint.size, log.signer()).encode())
    return checkpoint


def listed(beside: Mapping[str, bytes], size: int, signer: Signer) -> str:
    """Return the signed note that names files by their SHA-256, for a log of so many entries.

    Its first line is no origin of a log, so that it is never taken for a checkpoint.
    """
    lines = [f"{signer.name}/files", str(size)]
    lines += [f"{beside[name].hex()} {name}" for name in sorted(beside)]
    return signed("".join(f"{line}\n" for line in lines), signer)


def _log(checkpoint: Checkpoint) -> Iterator[Attachment]:
    yield "checkpoint", checkpoint.note.encode()
    for level, index, width in needed(checkpoint.size):
        hashes = Tile.objects.values_list("hashes", flat=True).get(level=level, index=index)
        yield path(level, index, width), bytes(hashes)[: width * HASH]
        if level == 0:
            first = index * WIDTH
            yield path("entries", index, width), bundle([*log.leaves(first, first + width)])


def _beside() -> Iterator[Attachment]:
    yield "policy", f"log {log.public_key()}\nquorum none\n".encode()
    yield "acts.json", json.dumps(registry.declared(), indent=1, sort_keys=True).encode()
    for source in _sources:
        yield from source()
