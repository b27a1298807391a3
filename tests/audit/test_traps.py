"""A trap that other systems fell into, at the record. `docs/traps.md` has the list."""

import pytest
from django.db import IntegrityError

from audit.models import Entry
from tests.audit.acts import do
from tests.audit.test_append_only import as_owner, refused, run
from tests.connections import at_once

__all__ = ["as_owner"]


@pytest.mark.django_db(transaction=True)
def test_trap_27_entries_written_at_once_make_one_line() -> None:
    def several() -> None:
        for _ in range(5):
            do(stream="thing:busy")

    assert at_once(several, several, several) == [None, None, None]
    numbers = Entry.objects.of_stream("thing:busy").order_by("stream_seq")
    assert list(numbers.values_list("stream_seq", flat=True)) == list(range(1, 16))


def test_trap_27_the_tail_is_not_cut_off(as_owner: None) -> None:
    """The last entry goes no more than any other, not even by the owner of the database."""
    do(stream="thing:1")
    last = do(stream="thing:1")
    for sql in (
        f"DELETE FROM audit_entry WHERE id = {last.pk}",
        f"UPDATE audit_entry SET stream = 'thing:2', stream_seq = 1 WHERE id = {last.pk}",
    ):
        with refused(IntegrityError, "an_entry_is_never_changed"):
            run(sql)
    # Nor does a number stay free for one that was left out.
    assert do(stream="thing:1").stream_seq == 3
