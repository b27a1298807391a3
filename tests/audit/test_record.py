import hashlib
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction

from audit import clock, registry
from audit.domain.canonical import NotCanonical, decode, encode
from audit.domain.facts import NotAFact, digest, instant, plain
from audit.models import Entry, Installation
from audit.services import record
from tests.audit.acts import DONE, Actor, do, thing
from tests.connections import at_once


@pytest.mark.django_db
def test_an_entry_keeps_the_very_bytes_that_are_hashed() -> None:
    actor, subject = Actor(), thing()
    at = clock.now()
    entry = do(actor=actor, subject=subject, at=at, authority={"basis": "seat", "seat": "R1"})
    entry.refresh_from_db()

    leaf = bytes(entry.leaf)
    assert encode(decode(leaf)) == leaf
    assert bytes(entry.leaf_sha256) == hashlib.sha256(b"\x00" + leaf).digest()
    assert entry.digest == hashlib.sha256(b"\x00" + leaf).hexdigest()
    assert entry.members == {
        "v": 1,
        "log": Installation.objects.get().origin,
        "id": str(entry.uid),
        "type": DONE,
        "at": instant(at),
        "at_basis": "clock",
        "paper_reference": None,
        "recorded_at": instant(entry.recorded_at),
        "stream": "thing:1",
        "stream_seq": 1,
        "actor": {"subject": str(actor.uid)},
        "authz": {"basis": "seat", "seat": "R1"},
        "object": [{"type": "accounts.person", "id": str(subject.uid)}],
        "data": {"code": "a1"},
        "request": {"key": None},
    }


@pytest.mark.django_db
def test_columns_repeat_the_leaf() -> None:
    actor, subject = Actor(), thing()
    at = clock.now()
    entry = do(actor=actor, subject=subject, at=at)

    assert (entry.type, entry.at, entry.at_basis, entry.paper_reference) == (
        DONE,
        at,
        "clock",
        None,
    )
    assert (entry.actor_uid, entry.subject_type, entry.subject_uid) == (
        actor.uid,
        "accounts.person",
        subject.uid,
    )
    assert (entry.facts, entry.authority, entry.request_key) == ({"code": "a1"}, None, None)


@pytest.mark.django_db
def test_the_database_gives_time_and_transaction_and_an_id_that_sorts_by_time() -> None:
    before = clock.now()
    with transaction.atomic():
        first, second = do(), do()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_xact_id()::text")
            (xid,) = cursor.fetchone()

    assert before <= first.recorded_at <= second.recorded_at <= clock.now()
    assert first.xid == second.xid == int(xid)
    assert first.uid.version == 7
    assert first.uid.int >> 80 == int(first.recorded_at.timestamp() * 1000)


@pytest.mark.django_db
def test_the_system_acts_without_a_person() -> None:
    entry = do(actor=None)

    assert entry.actor_uid is None
    assert entry.members["actor"] == {"subject": "system"}


@pytest.mark.django_db
def test_entries_are_found_by_stream_subject_and_person() -> None:
    actor, subject = Actor(), thing()
    mine = do(actor=actor, subject=subject, stream="thing:1")
    other = do(actor=Actor(), stream="thing:2")

    assert list(Entry.objects.of_stream("thing:1")) == [mine]
    assert list(Entry.objects.of_subject(subject)) == [mine]
    assert list(Entry.objects.by(actor)) == [mine]
    assert set(Entry.objects.of_types(DONE)) == {mine, other}
    assert str(mine) == "thing:1#1 tests.thing_done"


@pytest.mark.django_db
def test_an_entry_is_written_in_the_transaction_of_its_act() -> None:
    with pytest.raises(LookupError), transaction.atomic():
        do()
        raise LookupError

    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_without_a_transaction_is_not_recorded() -> None:
    with pytest.raises(RuntimeError):
        record(
            type=DONE,
            actor=None,
            at=clock.now(),
            stream="thing:1",
            subject=thing(),
            facts={"code": "a1"},
        )


WRONG: dict[str, tuple[dict[str, Any], type[Exception]]] = {
    "unknown type": ({"type": "tests.thing_undone"}, registry.UndeclaredAct),
    "missing fact": ({"facts": {}}, registry.UndeclaredAct),
    "undeclared fact": ({"facts": {"code": "a1", "more": 1}}, registry.UndeclaredAct),
    "float": ({"code": 0.5}, NotAFact),
    "name in Russian": ({"code": "Иванов"}, NotAFact),
    "sentence": ({"code": "two words"}, NotAFact),
    "address": ({"code": "ivanov@example.org"}, NotAFact),
    "unknown kind": ({"code": object()}, NotAFact),
    "naive time": ({"at": datetime(2026, 1, 1)}, NotAFact),  # noqa: DTZ001 -- that is the case
    "large integer": ({"code": 2**53}, NotCanonical),
    "strange key inside": ({"code": {"Key": 1}}, NotCanonical),
    "more than 64 KiB": ({"code": ["a" * 200] * 400}, NotCanonical),
    "name among the authority": ({"authority": {"name": "Иванов"}}, NotAFact),
    "stream without a colon": ({"stream": "thing"}, ValueError),
    "stream with a name": ({"stream": "thing:Иванов"}, ValueError),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("change", "refusal"), WRONG.values(), ids=WRONG)
def test_what_may_not_enter_the_record_is_refused_and_leaves_no_trace(
    change: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        do(**change)
    assert not Entry.objects.exists()

    # The same call without the change passes, so nothing else refused it.
    do()
    assert Entry.objects.count() == 1


def test_values_of_the_domain_become_plain() -> None:
    moment = datetime(2026, 3, 27, 11, 15, tzinfo=timezone(timedelta(hours=7)))
    uid = UUID("3f8c1c52-6f0e-4a53-9a55-1f4a1c9a7d10")

    assert plain(
        {
            "uid": uid,
            "share": Fraction(2, 3),
            "price": Decimal("1.50"),
            "digest": b"\x00\xff",
            "day": moment.date(),
            "at": moment,
            "codes": {"b", "a"},
            "pair": (1, None),
            "held": True,
        }
    ) == {
        "uid": str(uid),
        "share": "2/3",
        "price": "1.50",
        "digest": "00ff",
        "day": "2026-03-27",
        "at": "2026-03-27T04:15:00.000000Z",
        "codes": ["a", "b"],
        "pair": [1, None],
        "held": True,
    }


def test_a_text_is_bound_by_its_digest_however_it_is_composed() -> None:
    assert digest("й") == digest("и\u0306")
    assert digest("й") != digest("и")


def test_the_clock_is_the_database_and_knows_its_zone(at: datetime) -> None:
    assert at.utcoffset() == timedelta(hours=7)
    assert abs(datetime.now(UTC) - at) < timedelta(minutes=1)


@pytest.mark.django_db(transaction=True)
def test_a_stream_is_numbered_without_gaps_on_many_connections() -> None:
    def several() -> None:
        for _ in range(10):
            do(stream="thing:busy")

    def failing() -> None:
        for _ in range(10):
            with transaction.atomic():
                do(stream="thing:busy")
                transaction.set_rollback(True)

    assert at_once(several, failing, several) == [None, None, None]

    numbers = Entry.objects.of_stream("thing:busy").order_by("stream_seq")
    assert list(numbers.values_list("stream_seq", flat=True)) == list(range(1, 21))


@pytest.mark.django_db(transaction=True)
def test_later_numbers_have_later_times_on_many_connections() -> None:
    def several() -> None:
        for _ in range(10):
            do(stream="thing:busy")

    at_once(several, several)

    entries = list(Entry.objects.of_stream("thing:busy").order_by("stream_seq"))
    assert entries == sorted(entries, key=lambda entry: entry.recorded_at)


@pytest.mark.django_db(transaction=True)
def test_different_streams_do_not_wait_for_each_other() -> None:
    do(stream="thing:1")
    with transaction.atomic():
        do(stream="thing:1")
        # This connection holds the lock of its stream until the end of the block.
        [entry] = at_once(lambda: do(stream="thing:2"))

    assert entry.stream_seq == 1
