"""A refused act leaves no trace, and the database refuses by name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from audit.acts import ActRefused
from audit.models import Entry


def trace() -> dict[str, Any]:
    """Return everything that acts of licensing write, the text and the process besides."""
    models = [
        *apps.get_app_config("licensing").get_models(),
        apps.get_model("negotiation", "Matter"),
        apps.get_model("negotiation", "Clause"),
        apps.get_model("viewflow", "Task"),
    ]
    written = {
        model._meta.label: list(model._base_manager.order_by("pk").values_list())
        for model in models
    }
    return {**written, "entries": Entry.objects.count()}


@contextmanager
def refused(refusal: type[ActRefused], code: str | None = None) -> Iterator[Any]:
    """Expect a refusal with words for people, and that nothing at all was written."""
    before = trace()
    with pytest.raises(refusal) as caught, transaction.atomic():
        yield caught
    assert trace() == before
    assert str(caught.value)
    if code is not None:
        assert caught.value.code == code


@contextmanager
def broken(rule: str) -> Iterator[None]:
    """Expect the database to refuse by a constraint or trigger of this name.

    What is checked at the end of a transaction is checked here.
    """
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    assert caught.value.__cause__ is not None
    assert caught.value.__cause__.diag.constraint_name == rule  # type: ignore[attr-defined]


def sql(statement: str, *values: Any) -> None:
    """Run raw SQL, as whoever goes round the services would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
