from datetime import timedelta
from threading import Event

import pytest
from django.db import IntegrityError, connection, transaction

from audit import clock, times
from audit.acts import NotADemonstration, NotTheTime
from audit.models import Entry
from audit.services import mark_demonstration
from tests.audit.acts import do
from tests.connections import at_once

pytestmark = pytest.mark.django_db

LONG_AGO = timedelta(days=200)


@pytest.mark.parametrize("distance", [timedelta(minutes=6), timedelta(minutes=-6), LONG_AGO])
def test_an_act_by_the_clock_is_recorded_within_five_minutes(distance: timedelta) -> None:
    with pytest.raises(NotTheTime), transaction.atomic():
        do(at=clock.now() - distance)
    assert not Entry.objects.exists()

    do(at=clock.now() - timedelta(minutes=4))
    do(at=clock.now() + timedelta(minutes=4))


def test_a_demonstration_may_set_its_own_times() -> None:
    mark_demonstration()
    at = clock.now() - LONG_AGO
    with times.transcribed(basis="demonstration"):
        entry = do(at=at)

    assert (entry.at, entry.at_basis) == (at, "demonstration")
    assert clock.now() - entry.recorded_at < timedelta(minutes=1)


def test_a_real_installation_refuses_the_times_of_a_demonstration() -> None:
    with (
        pytest.raises(NotADemonstration),
        times.transcribed(basis="demonstration"),
        transaction.atomic(),
    ):
        do()
    assert not Entry.objects.exists()


def test_a_paper_act_names_its_paper() -> None:
    at = clock.now() - LONG_AGO
    with times.transcribed(basis="paper", reference="ПР-7/2026"):
        entry = do(at=at)

    assert (entry.at, entry.at_basis, entry.paper_reference) == (at, "paper", "ПР-7/2026")
    assert entry.members["paper_reference"] == "ПР-7/2026"


@pytest.mark.parametrize(
    "basis",
    [
        {"basis": "paper"},
        {"basis": "demonstration", "reference": "ПР-7"},
        {"basis": "clock", "reference": "ПР-7"},
        {"basis": "memory"},
    ],
)
def test_a_basis_that_makes_no_sense_is_refused(basis: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"paper|memory"), times.transcribed(**basis):
        pytest.fail("the block was entered")


def test_the_basis_ends_with_its_block() -> None:
    with pytest.raises(LookupError), times.transcribed(basis="paper", reference="1"):
        raise LookupError

    assert times.current() == times.TimeBasis()


def test_the_database_keeps_the_rules_by_itself() -> None:
    """Whoever calls the function without our service meets the same refusals."""
    body = (
        '{"actor":{"subject":"system"},"at":"2020-01-01T00:00:00.000000Z","at_basis":"%s",'
        '"authz":null,"data":{},"object":[{"id":"3f8c1c52-6f0e-4a53-9a55-1f4a1c9a7d10",'
        '"type":"a.b"}],"paper_reference":null,"request":{"key":null},"stream":"thing:1",'
        '"type":"tests.thing_done","v":1}'
    )
    for basis, name in {
        "clock": "an_act_by_the_clock_is_recorded_within_five_minutes",
        "demonstration": "times_of_a_demonstration_need_a_demonstration",
        "paper": "only_a_paper_act_names_its_paper",
        "memory": "the_basis_of_a_time_is_known",
    }.items():
        with (
            pytest.raises(IntegrityError) as caught,
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute("SELECT audit_append(%s)", [body % basis])
        assert caught.value.__cause__.diag.constraint_name == name
    assert not Entry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_marking_waits_for_an_act_under_way_on_another_connection() -> None:
    with connection.cursor() as cursor:
        # The installation is known already, so that nothing waits for its row.
        cursor.execute("SELECT audit_origin()")
    recorded = Event()

    def act() -> None:
        with transaction.atomic():
            do()
            recorded.set()
            # Long enough for the other connection to arrive at the lock.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.3)")

    def mark() -> None:
        recorded.wait(10)
        mark_demonstration()

    done, refusal = at_once(act, mark)

    assert done is None
    assert getattr(refusal, "code", None) == "record_is_not_empty"
