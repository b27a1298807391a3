"""The Merkle tree over the entries, as RFC 6962 (section 2.1) defines it.

A tree is known by the hashes of its complete subtrees: `Nodes` gives the one that stands over the
leaves ``[index << level, (index + 1) << level)``. Everything else – the root, a proof that a leaf
is in the tree, a proof that a larger tree continues a smaller one – is folded from these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

Nodes = Callable[[int, int], bytes]
"""Return the hash of a complete subtree by its level (0: a leaf) and its index on that level."""

EMPTY = hashlib.sha256().digest()
"""The root of the tree without leaves."""


class NotProven(ValueError):
    """The proof does not show what it was given for."""


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node: SHA-256 over a one byte and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def over(hashes: Sequence[bytes]) -> bytes:
    """Return the root over the hashes of leaves, or of complete subtrees of one size."""
    if not hashes:
        return EMPTY

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        return node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return root(node, len(hashes))


def root(nodes: Nodes, size: int) -> bytes:
    """Return the root of the tree with so many leaves."""
    return _range(nodes, 0, size) if size else EMPTY


def inclusion(nodes: Nodes, index: int, size: int) -> list[bytes]:
    """Return the proof that the leaf at an index is in the tree of a size, from the leaf upwards.

    Raises:
        NotProven: there is no such leaf.
    """
    if not 0 <= index < size:
        raise NotProven(f"a tree of {size} leaves has none with the index {index}")
    path: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(_range(nodes, middle, high))
            high = middle
        else:
            path.append(_range(nodes, low, middle))
            low = middle
    return path[::-1]


def consistency(nodes: Nodes, smaller: int, larger: int) -> list[bytes]:
    """Return the proof that the larger tree begins with the leaves of the smaller.

    Raises:
        NotProven: the sizes are not in order.
    """
    if not 0 < smaller <= larger:
        raise NotProven(f"a tree of {larger} leaves does not continue one of {smaller}")
    if smaller == larger:
        return []
    path: list[bytes] = []
    low, high, is_known = 0, larger, True
    while smaller != high:
        middle = low + _split(high - low)
        if smaller <= middle:
            path.append(_range(nodes, middle, high))
            high = middle
        else:
            path.append(_range(nodes, low, middle))
            low, is_known = middle, False
    if not is_known:
        path.append(_range(nodes, low, high))
    return path[::-1]


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], top: bytes) -> None:
    """Check that a leaf's hash stands at an index of the tree with this root (RFC 9162, 2.1.3.2).

    Raises:
        NotProven: it does not, or the proof is not one for such a tree.
    """
    if not 0 <= index < size or len(leaf) != len(EMPTY):
        raise NotProven(f"a tree of {size} leaves has no such leaf with the index {index}")
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise NotProven("the proof is longer than the tree is high")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while place & 1 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            found = node_hash(found, sibling)
        place >>= 1
        last >>= 1
    if last != 0 or found != top:
        raise NotProven("the proof does not lead to the root")


def check_consistency(
    smaller: int, larger: int, old: bytes, new: bytes, proof: Sequence[bytes]
) -> None:
    """Check that the tree with the new root continues that with the old (RFC 9162, 2.1.4.2).

    Raises:
        NotProven: it does not, or the proof is not one for such trees. That a tree continues the
            empty one proves nothing, and is refused.
    """
    if not 0 < smaller <= larger:
        raise NotProven(f"a tree of {larger} leaves does not continue one of {smaller}")
    if smaller == larger:
        if proof or old != new:
            raise NotProven("trees of one size differ, or the proof is not empty")
        return
    steps = list(proof)
    if smaller & (smaller - 1) == 0:
        steps.insert(0, old)
    if not steps:
        raise NotProven("the proof is empty")
    place, last = smaller - 1, larger - 1
    while place & 1:
        place >>= 1
        last >>= 1
    before = after = steps[0]
    for sibling in steps[1:]:
        if last == 0:
            raise NotProven("the proof is longer than the tree is high")
        if place & 1 or place == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while place & 1 == 0 and place != 0:
                place >>= 1
                last >>= 1
        else:
            after = node_hash(after, sibling)
        place >>= 1
        last >>= 1
    if last != 0 or before != old or after != new:
        raise NotProven("the proof does not lead from one root to the other")


def _split(size: int) -> int:
    """Return the largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def _range(nodes: Nodes, low: int, high: int) -> bytes:
    """Return the hash over the leaves of a range that is a subtree, complete or at the right."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range(nodes, low, middle), _range(nodes, middle, high))
