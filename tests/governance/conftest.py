"""A table of four sides, at instants that the tests choose."""

from collections.abc import Iterator

import pytest

from tests.world import World, build_world, chosen_time


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Return a table that was set up on a Monday morning."""
    with chosen_time():
        yield build_world()
