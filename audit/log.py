"""The log: entries numbered, laid into the tree, and signed.

Acts write entries and do not wait for this. One sequencer at a time gives each committed entry the
next index, in an order that skips none: by transaction, below the oldest that still runs. Whoever
numbers by the id alone passes over what commits late. The tree grows by tiles; a checkpoint is
signed when the tiles, read again, give the root over the leaves, hashed again.
"""

from __future__ import annotations

import hashlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from audit import clock
from audit.domain import tree
from audit.domain.canonical import leaf_hash
from audit.domain.notes import Checkpoint, Key, Signer
from audit.domain.tiles import HASH, HEIGHT, WIDTH
from audit.models import Checkpoint as Signed
from audit.models import Entry, Installation, Leaf, Tile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.utils import CursorWrapper

BATCH = 4096
"""How many entries are numbered in one transaction."""

LOCK = 0x6C6F67
"""The advisory lock of the one sequencer of a database."""

PAUSE_SECONDS = 0.1
"""Between two looks whether a transaction that holds the numbering up has ended."""

ROLE = "veche_sequencer"
"""The role that may number entries, grow tiles and keep checkpoints, and nothing else."""

_NUMBER = """
WITH last AS (
    SELECT entry.xid, entry.id, leaf.index FROM audit_leaf AS leaf
      JOIN audit_entry AS entry ON entry.id = leaf.entry_id ORDER BY leaf.index DESC LIMIT 1
), coming AS (
    SELECT id, row_number() OVER (ORDER BY xid, id) AS number FROM audit_entry
     WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
       AND (xid, id) > (COALESCE((SELECT xid FROM last), '0'), COALESCE((SELECT id FROM last), 0))
     ORDER BY xid, id LIMIT %s
)
INSERT INTO audit_leaf (index, entry_id)
SELECT COALESCE((SELECT index FROM last), -1) + number, id FROM coming ORDER BY number
RETURNING index
"""

_GROW = """
INSERT INTO audit_tile (level, index, hashes) VALUES (%s, %s, %s)
    ON CONFLICT (level, index) DO UPDATE SET hashes = audit_tile.hashes || EXCLUDED.hashes
RETURNING hashes
"""


class RecordIsBroken(Exception):
    """What is stored does not give what was computed from it. Nothing is signed over it."""


class HeldUp(Exception):
    """A transaction that stays open keeps later entries from being numbered."""


def signer() -> Signer:
    """Return the log's own signer: its name is the origin of the record."""
    seed = hashlib.sha256(b"veche log key\n" + str(settings.RECORD_KEY).encode()).digest()
    return Signer(origin(), Ed25519PrivateKey.from_private_bytes(seed))


def public_key() -> Key:
    """Return the key that the signatures of the log are checked with."""
    return signer().key


def origin() -> str:
    """Return the name of this record; an installation names itself when it is first asked."""
    found = Installation.objects.values_list("origin", flat=True).first()
    if found is None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT audit_origin()")
            (found,) = cursor.fetchone()
    return str(found)


def sequence() -> int:
    """Number what was committed and lay it into the tree; return how many entries that was.

    Returns 0 too if another sequencer is at work.

    Raises:
        RecordIsBroken: an entry's bytes do not have the hash that was stored with them.
    """
    numbered = 0
    while batch := _sequence_batch():
        numbered += batch
    return numbered


def catch_up(*, seconds: float = 300) -> None:
    """Number everything that is committed now, waiting for older transactions that still run.

    They may belong to another database of the server: transactions are numbered for all of them.

    Raises:
        HeldUp: one of them is still open after so many seconds.
    """
    newest = Entry.objects.aggregate(newest=Max("id"))["newest"] or 0
    until = time.monotonic() + seconds
    sequence()
    while Entry.objects.filter(place=None, id__lte=newest).exists():
        if time.monotonic() > until:
            raise HeldUp
        time.sleep(PAUSE_SECONDS)
        sequence()


def sign() -> Signed | None:
    """Sign the tree as it stands, if it grew since the last checkpoint; return the newest one.

    None: there is nothing to sign.

    Raises:
        RecordIsBroken: the stored tiles do not give the root over the stored leaves.
    """
    newest = Signed.objects.order_by("-size").first()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        grown = size()
        if grown == (newest.size if newest else 0):
            return newest
        _check_growth(newest.size if newest else 0, grown)
        root = tree.root(stored_nodes(), grown)
        note = Checkpoint(origin(), grown, root).signed_by(signer())
        cursor.execute(
            "INSERT INTO audit_checkpoint (size, root, note, signed_at) VALUES (%s, %s, %s, %s)",
            [grown, root, note, clock.now()],
        )
    return Signed.objects.get(size=grown)


def size() -> int:
    """Return how many entries have an index."""
    newest = Leaf.objects.order_by("-index").values_list("index", flat=True).first()
    return 0 if newest is None else newest + 1


def leaves(low: int, high: int) -> Iterator[bytes]:
    """Return the bytes of the entries with the indices from `low` to below `high`."""
    found = Leaf.objects.filter(index__gte=low, index__lt=high).order_by("index")
    for leaf in found.values_list("entry__leaf", flat=True).iterator(chunk_size=BATCH):
        yield bytes(leaf)


def stored_nodes() -> tree.Nodes:
    """Return the complete subtrees that the stored tiles hold, each tile read once."""

    @lru_cache(maxsize=256)
    def hashes(level: int, index: int) -> bytes:
        return bytes(Tile.objects.values_list("hashes", flat=True).get(level=level, index=index))

    def node(level: int, index: int) -> bytes:
        tile_level, within = divmod(level, HEIGHT)
        first = index << within
        tile, place = divmod(first, WIDTH)
        found = hashes(tile_level, tile)[place * HASH : (place + (1 << within)) * HASH]
        return tree.over(_apart(found))

    return node


def _sequence_batch() -> int:
    """Number one batch, and grow the tiles over it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(_NUMBER, [BATCH])
        indices = sorted(index for (index,) in cursor.fetchall())
        if indices:
            _grow(cursor, 0, indices[0], _hashes(indices[0], indices[-1] + 1))
        return len(indices)


def _hashes(low: int, high: int) -> list[bytes]:
    """Hash the stored bytes of entries anew, and compare with what was stored beside them."""
    found = Leaf.objects.filter(index__gte=low, index__lt=high).order_by("index")
    hashes = []
    for index, leaf, stored in found.values_list("index", "entry__leaf", "entry__leaf_sha256"):
        computed = leaf_hash(bytes(leaf))
        if computed != bytes(stored):
            raise RecordIsBroken(f"the entry with the index {index} does not have its hash")
        hashes.append(computed)
    return hashes


def _grow(cursor: CursorWrapper, level: int, start: int, hashes: Sequence[bytes]) -> None:
    """Add hashes to the tiles of a level, and the roots of those that are full to the next."""
    roots: list[bytes] = []
    first_full = None
    place = 0
    while place < len(hashes):
        tile, filled = divmod(start + place, WIDTH)
        piece = hashes[place : place + WIDTH - filled]
        cursor.execute(_GROW, [level, tile, b"".join(piece)])
        (grown,) = cursor.fetchone()
        if len(grown) == WIDTH * HASH:
            first_full = tile if first_full is None else first_full
            roots.append(tree.over(_apart(bytes(grown))))
        place += len(piece)
    if first_full is not None:
        _grow(cursor, level + 1, first_full, roots)


def _check_growth(low: int, high: int) -> None:
    """Compare the tiles with the leaves that came since the last signature, both read again."""
    node = stored_nodes()
    for index, computed in enumerate(_hashes(low, high), start=low):
        if node(0, index) != computed:
            raise RecordIsBroken(f"the tile over the index {index} does not hold its hash")


def _apart(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH] for at in range(0, len(hashes), HASH)]
