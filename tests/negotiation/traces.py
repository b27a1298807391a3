"""A refused act leaves no trace, and two acts at once follow each other."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from audit.acts import ActRefused
from audit.models import Entry

PATIENCE_SECONDS = 20


def trace() -> dict[str, Any]:
    """Return everything that acts of a negotiation write."""
    written = {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in apps.get_app_config("negotiation").get_models()
    }
    return {**written, "entries": Entry.objects.count()}


@contextmanager
def refused(refusal: type[Exception], code: str | None = None) -> Iterator[Any]:
    """Expect a refusal, and that nothing at all was written."""
    before = trace()
    with pytest.raises(refusal) as caught:
        yield caught
    assert trace() == before
    if code is not None:
        assert isinstance(caught.value, ActRefused)
        assert caught.value.code == code


@contextmanager
def database_refuses(constraint: str) -> Iterator[None]:
    """Expect that the database refuses raw SQL by a constraint or trigger of this name."""
    from django.db import IntegrityError  # noqa: PLC0415 -- beside its only use

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    assert caught.value.__cause__.diag.constraint_name == constraint


def sql(statement: str, *values: Any) -> None:
    """Run raw SQL, as whoever goes round the services would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)


def while_uncommitted(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """Run the second act while the first is done but not committed.

    Returns what each returned or raised. The second must have had to wait: if it ended before
    the first was committed, the test fails.
    """
    done, release = threading.Event(), threading.Event()
    results: dict[str, Any] = {}

    def run_first() -> None:
        try:
            with transaction.atomic():
                results["first"] = first()
                done.set()
                release.wait(PATIENCE_SECONDS)
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            results["first"] = error
            done.set()
        finally:
            connection.close()

    def run_second() -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                (results["waiter"],) = cursor.fetchone()
            results["second"] = second()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            results["second"] = error
        finally:
            connection.close()

    holder, waiter = threading.Thread(target=run_first), threading.Thread(target=run_second)
    holder.start()
    assert done.wait(PATIENCE_SECONDS)
    waiter.start()
    try:
        _see_waiting(waiter, results)
    finally:
        release.set()
        holder.join(PATIENCE_SECONDS)
        waiter.join(PATIENCE_SECONDS)
    return results["first"], results["second"]


def _see_waiting(waiter: threading.Thread, results: dict[str, Any]) -> None:
    """Return once the waiter's connection waits for a lock."""
    pause = threading.Event()
    for _ in range(PATIENCE_SECONDS * 50):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE pid = %s AND NOT granted",
                [results.get("waiter", 0)],
            )
            (waiting,) = cursor.fetchone()
        if waiting:
            return
        assert waiter.is_alive(), f"the second act did not wait for the first: {results}"
        pause.wait(0.02)
    pytest.fail("nobody waited for a lock")
