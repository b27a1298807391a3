"""The log over the entries of a real database: numbered after their commit, without a gap."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from audit import log
from audit.domain import notes, tree
from audit.domain.canonical import leaf_hash
from audit.models import Checkpoint, Entry, Leaf, Tile
from tests.audit.acts import do
from tests.audit.test_append_only import refused, run

committed = pytest.mark.django_db(transaction=True)
"""Numbered is what was committed: these tests cost an emptied database each."""


def root_over(entries: list[Entry]) -> bytes:
    return tree.over([leaf_hash(bytes(entry.leaf)) for entry in entries])


@contextmanager
def an_act_that_takes_its_time() -> Iterator[None]:
    """Let another connection write an entry at once, and commit it at the end of the block."""
    written, may_end = threading.Event(), threading.Event()

    def act() -> None:
        try:
            with transaction.atomic():
                do(code="slow", stream="thing:slow")
                written.set()
                may_end.wait(10)
        finally:
            connection.close()

    other = threading.Thread(target=act)
    other.start()
    assert written.wait(10)
    try:
        yield
    finally:
        may_end.set()
        other.join()


@committed
def test_entries_are_numbered_and_signed() -> None:
    log.catch_up()
    assert log.sign() is None
    entries = [do(code=str(number)) for number in range(3)]

    log.catch_up()
    signed = log.sign()

    assert signed is not None
    assert [leaf.entry for leaf in Leaf.objects.order_by("index")] == entries
    text, held = notes.opened(signed.note, {log.origin(): log.public_key()})
    assert held == [log.origin()]
    assert notes.Checkpoint.read(text) == notes.Checkpoint(log.origin(), 3, root_over(entries))
    assert log.sign() == signed


@committed
def test_what_commits_late_is_not_passed_over() -> None:
    # An installation names itself at its first act, and others wait for that.
    log.origin()
    with an_act_that_takes_its_time():
        fast = do(code="fast")
        assert log.sequence() == 0

    log.catch_up()
    slow, second = Leaf.objects.order_by("index")
    assert slow.entry.facts == {"code": "slow"}
    assert second.entry == fast


@committed
def test_the_tree_grows_over_full_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "BATCH", 100)
    entries: list[Entry] = []
    for several in (130, 127, 3):
        with transaction.atomic():
            entries += [do(code=str(number)) for number in range(several)]
        log.catch_up()
        signed = log.sign()
        assert signed is not None
        assert bytes(signed.root) == root_over(entries)

    widths = {(tile.level, tile.index): len(tile.hashes) // 32 for tile in Tile.objects.all()}
    assert widths == {(0, 0): 256, (0, 1): 4, (1, 0): 1}
    proof = tree.inclusion(log.stored_nodes(), 7, len(entries))
    hashed = leaf_hash(bytes(entries[7].leaf))
    tree.check_inclusion(hashed, 7, len(entries), proof, root_over(entries))


@committed
def test_nothing_is_signed_over_an_entry_that_was_changed() -> None:
    do()
    log.catch_up()
    with connection.as_owner():
        run("ALTER TABLE audit_entry DISABLE TRIGGER an_entry_is_never_changed")
        run("UPDATE audit_entry SET leaf = convert_to('{}', 'UTF8')")
        run("ALTER TABLE audit_entry ENABLE ALWAYS TRIGGER an_entry_is_never_changed")

    with pytest.raises(log.RecordIsBroken):
        log.sign()
    assert not Checkpoint.objects.exists()


CHANGES = {
    "a_place_in_the_log_is_never_changed": (
        "UPDATE audit_leaf SET index = index + 7",
        "DELETE FROM audit_leaf",
    ),
    "a_checkpoint_is_never_taken_back": (
        "UPDATE audit_checkpoint SET size = 9",
        "DELETE FROM audit_checkpoint",
    ),
    "a_tile_only_grows": ("UPDATE audit_tile SET hashes = sha256('x')",),
    "a_tile_is_never_taken_back": ("DELETE FROM audit_tile",),
    "the_log_is_numbered_without_gaps": (
        "INSERT INTO audit_leaf (index, entry_id) SELECT 8, max(id) FROM audit_entry",
    ),
    "a_checkpoint_covers_the_log_as_it_stands": (
        "INSERT INTO audit_checkpoint (size, root, note, signed_at) VALUES (7, '', '', now())",
    ),
}


@committed
def test_the_owner_may_not_rewrite_the_log() -> None:
    do()
    log.catch_up()
    log.sign()
    do()

    for name, changes in CHANGES.items():
        for change in changes:
            with connection.as_owner(), refused(DatabaseError, name):
                run(change)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_leaf", "audit_tile", "audit_checkpoint"])
def test_the_application_may_only_read_the_log(table: str) -> None:
    for statement in (f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM {table}"):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            run(statement)


@pytest.mark.django_db
def test_the_sequencer_may_write_nothing_but_the_log() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text, privilege_type FROM pg_class, aclexplode(relacl) AS granted"
            " WHERE granted.grantee = %s::regrole AND relkind = 'r' AND privilege_type <> 'SELECT'"
            " ORDER BY 1, 2",
            [log.ROLE],
        )
        assert cursor.fetchall() == [
            ("audit_checkpoint", "INSERT"),
            ("audit_leaf", "INSERT"),
            ("audit_tile", "INSERT"),
        ]
