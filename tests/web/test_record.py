"""The log of the record as it is shown to everybody."""

from __future__ import annotations

import pytest
from django.test import Client

from audit import log
from audit.domain import notes, tree
from audit.domain.canonical import leaf_hash
from tests.audit.acts import do


@pytest.mark.django_db(transaction=True)
def test_the_files_of_the_log_bear_each_other_out(client: Client) -> None:
    entries = [do(code=str(number)) for number in range(3)]
    log.catch_up()
    log.sign()
    hashes = [leaf_hash(bytes(entry.leaf)) for entry in entries]

    note = client.get("/record/checkpoint").content.decode()
    text, _ = notes.opened(note, {log.origin(): log.public_key()})

    assert notes.Checkpoint.read(text).root == tree.over(hashes)
    assert client.get("/record/tile/0/000.p/3").content == b"".join(hashes)
    assert client.get("/record/tile/0/000.p/2").content == b"".join(hashes[:2])
    assert "не засвидетельствовано" in client.get("/record/").text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        *("checkpoint", "tile/0/000", "tile/0/000.p/0", "tile/0/000.p/257", "tile/0/1"),
        *("tile/0/x001/000", "tile/7/000.p/1", "tile/0/999999", "tile/99999999/000"),
        *("tile/entries/000", "tile/0/000.p/99999999999999999999"),
        "tile/99999999999999999999/x999/x999/x999/x999/x999/x999/x999/999",
    ],
)
def test_what_is_not_in_the_log_is_not_found(client: Client, address: str) -> None:
    assert client.get(f"/record/{address}").status_code == 404


@pytest.mark.django_db
def test_the_page_says_that_nothing_is_signed(client: Client) -> None:
    assert "Пока ничего не подписано" in client.get("/record/").text
