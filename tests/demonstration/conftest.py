"""Where the tests of the demonstration stand: in the play, or in a copy of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.demonstration import plays
from tests.demonstration.plays import Change, Copy


@pytest.fixture
def played(copies: None, django_db_blocker: Any) -> Iterator[None]:
    """Stand in the database of the finished play; whatever a test does there is undone."""
    with django_db_blocker.unblock(), plays.using(plays.PLAYED), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def a_copy_of_the_play(copies: None, django_db_blocker: Any) -> Iterator[None]:
    """Stand in a copy of the finished play that commits what a test does, and is thrown away."""
    with django_db_blocker.unblock(), plays.copy_of(plays.PLAYED):
        yield


@pytest.fixture
def replay(copies: None, django_db_blocker: Any, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    """Return a function that plays a changed file on from a copy and returns the report."""

    def play_on(copied: Copy, change: Change, until: str | None = None) -> dict[str, Any]:
        with django_db_blocker.unblock():
            return plays.replay(copied, change, tmp_path, until=until)

    return play_on
