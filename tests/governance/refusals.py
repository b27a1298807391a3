"""Expect a refusal, and that a refused act leaves no trace."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audit.acts import ActRefused
from audit.models import Entry


@contextmanager
def refused(kind: type[ActRefused], code: str = "") -> Iterator[Any]:
    """Expect an act to be refused, with this code if one is named, and nothing recorded."""
    before = Entry.objects.count()
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught
    assert Entry.objects.count() == before
    if code:
        assert caught.value.code == code
    assert str(caught.value)


@contextmanager
def broken(constraint: str) -> Iterator[None]:
    """Expect the database to refuse, under this name of a constraint."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        yield
    diagnosis = caught.value.__cause__.diag  # type: ignore[union-attr]
    assert diagnosis.constraint_name == constraint
