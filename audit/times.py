"""On what the time of an act rests.

`at` is when an act was done, `recorded_at` the database's clock. On the web they are
the same; the two exceptions are declared for a stretch of code and stored in each entry
written there: a demonstration, and an act transcribed from paper.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class Basis(StrEnum):
    """Why the time of an act is believed."""

    CLOCK = "clock"
    DEMONSTRATION = "demonstration"
    PAPER = "paper"


@dataclass(frozen=True, slots=True)
class TimeBasis:
    """A basis and, for a paper, the digest or number by which the paper is found."""

    basis: Basis = Basis.CLOCK
    reference: str | None = None

    def __post_init__(self) -> None:
        if (self.basis is Basis.PAPER) != (self.reference is not None):
            raise ValueError("a paper act names its paper, and no other act does")


_BY_THE_CLOCK = TimeBasis()
_current: ContextVar[TimeBasis] = ContextVar("audit_time_basis", default=_BY_THE_CLOCK)


def current() -> TimeBasis:
    """Return the basis of the acts recorded here and now."""
    return _current.get()


@contextmanager
def transcribed(*, basis: str, reference: str | None = None) -> Iterator[None]:
    """Record the acts inside with times that are not the clock's.

    Args:
        basis: `demonstration`, which the database accepts only where the installation is
            marked as one, or `paper`.
        reference: for `paper` the digest or the number of the document; it is part of
            every entry written inside.

    Raises:
        ValueError: the basis is unknown, or a paper is not named.
    """
    token = _current.set(TimeBasis(Basis(basis), reference))
    try:
        yield
    finally:
        _current.reset(token)
