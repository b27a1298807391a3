"""The names of candidates, as votes and numbers refer to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from governance.domain.documents import DocumentError, Reader, shown
from governance.domain.expressions import Number
from governance.domain.rows import RollError

_READ = Reader(RollError)


@dataclass(frozen=True, slots=True)
class Names:
    """Candidates in the order of the ballot paper, with the number of each.

    `alone` holds the rank of each candidate who shares it with nobody: most ranks of most ballots,
    and so made once.
    """

    names: tuple[str, ...]
    places: dict[str, int] = field(init=False)
    alone: dict[str, tuple[int]] = field(init=False)

    def __post_init__(self) -> None:
        places = {name: place for place, name in enumerate(self.names)}
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "alone", {name: (place,) for name, place in places.items()})

    def place(self, name: str, path: str) -> int:
        """Return the number of a candidate.

        Raises:
            RollError: nobody of this name stands.

        """
        if name not in self.places:
            raise unknown_candidate(name, path)
        return self.places[name]

    def numbers(
        self, value: object, path: str, read: Callable[[object, str], Number]
    ) -> tuple[Number, ...]:
        """Read one number for each candidate; 0 for those who are not mentioned."""
        numbers: list[Number] = [0] * len(self.names)
        for name, number in _READ.mapping(value, path).items():
            numbers[self.place(name, path)] = read(number, f"{path}.{name}")
        return tuple(numbers)


def unknown_candidate(name: str, path: str) -> DocumentError:
    """Make the refusal of a name that nobody has."""
    return _READ.problem(
        path,
        f"{shown(name)} is not a candidate",
        code="unknown_candidate",
        remedy="name candidates only, as they are written under $.candidates",
    )
