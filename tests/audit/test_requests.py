from uuid import uuid4

import pytest
from django.db import transaction

from audit import requests
from audit.acts import ActRefused, AlreadyDone
from audit.models import Entry
from tests.audit.acts import Actor, do
from tests.connections import at_once

pytestmark = pytest.mark.django_db


def test_the_first_entry_of_a_request_bears_its_key() -> None:
    key, actor = uuid4(), Actor()
    with requests.once(key, actor=actor):
        first, second = do(actor=actor), do(actor=actor)
    afterwards = do(actor=actor)

    assert (first.request_key, second.request_key, afterwards.request_key) == (key, None, None)
    assert first.members["request"] == {"key": str(key)}
    assert requests.already_recorded(key, actor) == first


def test_a_request_is_carried_out_once() -> None:
    key, actor = uuid4(), Actor()
    with requests.once(key, actor=actor):
        entry = do(actor=actor)

    with pytest.raises(AlreadyDone) as refusal, requests.once(key, actor=actor):
        do(actor=actor)

    assert refusal.value.params == {"entry": str(entry.uid)}
    assert Entry.objects.get() == entry


def test_a_key_tells_nothing_to_somebody_else() -> None:
    key, actor, other = uuid4(), Actor(), Actor()
    with requests.once(key, actor=actor):
        do(actor=actor)

    with pytest.raises(AlreadyDone) as refusal, requests.once(key, actor=other):
        do(actor=other)

    assert refusal.value.params == {"entry": None}
    assert requests.already_recorded(key, other) is None


def test_a_refused_act_leaves_its_key_free() -> None:
    key, actor = uuid4(), Actor()
    with pytest.raises(ActRefused), requests.once(key, actor=actor):
        do(actor=actor)
        raise ActRefused
    assert not Entry.objects.exists()

    with requests.once(key, actor=actor):
        do(actor=actor)
    assert Entry.objects.get().request_key == key


@pytest.mark.django_db(transaction=True)
def test_a_double_click_does_one_thing_on_two_connections() -> None:
    key, actor = uuid4(), Actor()

    def click() -> None:
        with requests.once(key, actor=actor):
            do(actor=actor)

    results = at_once(click, click, click)

    assert sorted(type(result).__name__ for result in results) == [
        "AlreadyDone",
        "AlreadyDone",
        "NoneType",
    ]
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_second_click_waits_and_does_not_run_into_the_first() -> None:
    """The act itself runs once: it does not even see what the first one did."""
    key, actor = uuid4(), Actor()
    runs: list[int] = []

    def click() -> None:
        with requests.once(key, actor=actor):
            runs.append(1)
            do(actor=actor)

    at_once(click, click)

    assert runs == [1]


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_a_key_be_borne_once() -> None:
    """Without the waiting too: the constraint is the last line."""
    key, actor = uuid4(), Actor()

    def click() -> None:
        token = requests._current.set(requests._Request(key))
        try:
            with transaction.atomic():
                do(actor=actor)
        finally:
            requests._current.reset(token)

    results = at_once(click, click)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyDone", "NoneType"]
    assert Entry.objects.count() == 1
