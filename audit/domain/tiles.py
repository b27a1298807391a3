"""How the tree lies in files that anybody may copy: C2SP tlog-tiles, version 1.

A tile holds up to 256 hashes of one level of the tree, eight levels apart: those of tile level 1
are the roots over the full tiles of level 0. A bundle holds the entries under one tile of level 0,
each after its length in two bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WIDTH = 256
"""How many hashes a full tile holds."""
HEIGHT = 8
"""How many levels of the tree a tile spans."""
HASH = 32
"""How many bytes a hash has."""


def path(level: int | str, index: int, width: int = WIDTH) -> str:
    """Return where a tile lies: its level or ``entries``, its index by thousands, its width.

    The index 1234067 is written ``x001/x234/067``; a tile that is not full adds ``.p/<width>``.
    """
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def needed(size: int) -> Iterator[tuple[int, int, int]]:
    """Return level, index and width of every tile of a tree with so many leaves."""
    level, hashes = 0, size
    while hashes:
        full, rest = divmod(hashes, WIDTH)
        for index in range(full):
            yield level, index, WIDTH
        if rest:
            yield level, full, rest
        level, hashes = level + 1, full


def bundle(entries: Sequence[bytes]) -> bytes:
    """Lay entries one after another, each after its length in two bytes."""
    return b"".join(len(entry).to_bytes(2) + entry for entry in entries)
