"""The tree, its tiles and signed notes, on vectors of our own and on those of others."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from audit.domain import canonical, notes, tiles, tree

HERE = Path(__file__).with_name("vectors")
OURS: dict[str, Any] = json.loads((HERE / "ledger_vectors.json").read_text(encoding="utf-8"))
LEAVES = [bytes.fromhex(entry["canonical_hex"]) for entry in OURS["entries"]]
HASHES = [canonical.leaf_hash(leaf) for leaf in LEAVES]
# Published by other projects under their own licences: they lie beside the project, if at all.
THEIRS = settings.BASE_DIR.parent / "shared" / "vectors" / "third_party"


def decoded(texts: list[str] | None) -> list[bytes]:
    return [base64.b64decode(text) for text in texts or []]


def nodes(hashes: list[bytes]) -> tree.Nodes:
    """Return complete subtrees by folding the leaves, the plain way."""

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return hashes[index]
        return tree.node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))

    return node


def naive_root(hashes: list[bytes]) -> bytes:
    """Return the root as RFC 6962 writes it down."""
    if len(hashes) < 2:
        return hashes[0] if hashes else tree.EMPTY
    split = 1
    while split * 2 < len(hashes):
        split *= 2
    return tree.node_hash(naive_root(hashes[:split]), naive_root(hashes[split:]))


def test_leaves_of_the_vectors_have_their_hashes() -> None:
    for entry, hashed in zip(OURS["entries"], HASHES, strict=True):
        assert hashed.hex() == entry["leaf_hash_hex"]


def test_roots_of_the_vectors() -> None:
    for root in OURS["roots"]:
        assert tree.root(nodes(HASHES), root["size"]).hex() == root["root_hex"]
        assert tree.over(HASHES[: root["size"]]).hex() == root["root_hex"]


def test_proofs_of_the_vectors() -> None:
    for case in OURS["inclusion"]:
        index, size = case["index"], case["size"]
        proof = tree.inclusion(nodes(HASHES), index, size)
        assert proof == decoded(case["proof"])
        tree.check_inclusion(HASHES[index], index, size, proof, naive_root(HASHES[:size]))
    for case in OURS["consistency"]:
        old, new = case["size1"], case["size2"]
        proof = tree.consistency(nodes(HASHES), old, new)
        assert proof == decoded(case["proof"])
        tree.check_consistency(old, new, naive_root(HASHES[:old]), naive_root(HASHES[:new]), proof)


@given(st.integers(1, 70), st.data())
def test_a_proof_holds_for_its_leaf_and_no_other(size: int, data: st.DataObject) -> None:
    hashes = [bytes([number]) * 32 for number in range(size)]
    index = data.draw(st.integers(0, size - 1))
    smaller = data.draw(st.integers(1, size))
    root = naive_root(hashes)
    proof = tree.inclusion(nodes(hashes), index, size)

    tree.check_inclusion(hashes[index], index, size, proof, root)
    with pytest.raises(tree.NotProven):
        tree.check_inclusion(b"\xff" * 32, index, size, proof, root)
    with pytest.raises(tree.NotProven):
        tree.check_inclusion(hashes[index], index, size, [*proof, root], root)
    continued = tree.consistency(nodes(hashes), smaller, size)
    tree.check_consistency(smaller, size, naive_root(hashes[:smaller]), root, continued)
    with pytest.raises(tree.NotProven):
        tree.check_consistency(smaller, size, b"\xff" * 32, root, continued)


def test_notes_of_the_vectors() -> None:
    for case in OURS["notes"]:
        keys = {key.name: key for key in map(notes.Key.read, case["vkeys"])}
        if case["valid"]:
            text, held = notes.opened(case["note"], keys)
            assert held == [*keys]
            assert str(notes.Checkpoint.read(text)) == text
        else:
            with pytest.raises(notes.BadNote):
                notes.Checkpoint.read(notes.opened(case["note"], keys)[0])


def test_a_tile_lies_where_tlog_tiles_says() -> None:
    assert tiles.path(0, 0) == "tile/0/000"
    assert tiles.path(1, 1234067) == "tile/1/x001/x234/067"
    assert tiles.path("entries", 5, 12) == "tile/entries/005.p/12"
    assert [*tiles.needed(0)] == []
    assert [*tiles.needed(70000)] == [
        *((0, index, 256) for index in range(273)),
        (0, 273, 112),
        (1, 0, 256),
        (1, 1, 17),
        (2, 0, 1),
    ]


def test_texts_outside_the_profile_are_refused() -> None:
    cases = json.loads((HERE / "json_profile_reject.json").read_text(encoding="utf-8"))
    for _what, text in cases["reject"]:
        with pytest.raises(canonical.NotCanonical):
            canonical.decode(text.encode(errors="surrogatepass"))


def published(folder: str) -> list[Path]:
    return sorted((THEIRS / "merkle_transparency-dev" / "testdata" / folder).rglob("*.json"))


@pytest.mark.parametrize("path", published("inclusion"), ids=lambda path: path.stem)
def test_inclusion_as_others_check_it(path: Path) -> None:
    case = json.loads(path.read_text())
    (leaf,), (root,) = decoded([case["leafHash"] or ""]), decoded([case["root"] or ""])

    def check() -> None:
        proof = decoded(case["proof"])
        tree.check_inclusion(leaf, case["leafIdx"], case["treeSize"], proof, root)

    if case["wantErr"]:
        with pytest.raises(tree.NotProven):
            check()
    else:
        check()


@pytest.mark.parametrize("path", published("consistency"), ids=lambda path: path.stem)
def test_consistency_as_others_check_it(path: Path) -> None:
    case = json.loads(path.read_text())
    (old,), (new,) = decoded([case["root1"] or ""]), decoded([case["root2"] or ""])

    def check() -> None:
        proof = decoded(case["proof"])
        tree.check_consistency(case["size1"], case["size2"], old, new, proof)

    if case["wantErr"]:
        with pytest.raises(tree.NotProven):
            check()
    else:
        check()
