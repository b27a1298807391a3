"""Count a case: a charter by name, the votes as JSON, an outcome.

A case is how votes are exchanged outside the database: with other implementations, with published
results, with a side that wants to count again. Keys that only describe a case are left alone. A key
that belongs to the other kind of charter is refused, and so is a misspelt one. Another that nobody
knows is somebody's note: it is not counted, and `ignored_keys` names it, so that all can see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from typing import TypeAlias

from .charter import Charter, Kind, parse_charter, read_kind
from .choice.charter import ChoiceCharter, parse_choice
from .choice.choose import choose
from .choice.outcome import ChoiceOutcome
from .choice.reading import POLL_KEYS, parse_poll
from .decide import decide
from .documents import DocumentError, Reader, shown
from .expressions import Value
from .outcome import Outcome
from .rows import parse_attributes, parse_rows

AnyOutcome: TypeAlias = Outcome | ChoiceOutcome

_DESCRIPTION = (
    *("title", "official", "expected", "source", "provenance", "tags", "known_disagreement"),
    *("candidate_names", "raw", "note", "notes", "date", "url"),
)
_COMMON = ("id", "charter", "params", "seats")
_OF_MOTIONS = ("rows", "units")
_OF_CHOICES = ("choose", *POLL_KEYS)
_COUNTING = (*_COMMON, *_OF_MOTIONS, *_OF_CHOICES)
_KNOWN = frozenset((*_COUNTING, *_DESCRIPTION))
_ALIKE = 0.8
"""Two words with one letter too many, too few or exchanged are alike: `seat` and `seats`."""


class CaseError(DocumentError):
    """A case that names no charter that could be used."""


_READ = Reader(CaseError)


@dataclass(slots=True)
class Library:
    """Charters by their ids, each read when it is first used."""

    documents: Mapping[str, Mapping[str, object]]
    _motions: dict[str, Charter] = field(default_factory=dict)
    _choices: dict[str, ChoiceCharter] = field(default_factory=dict)

    @classmethod
    def from_document(cls, document: object) -> Library:
        """Take charters from a list of them. Mistakes inside one show when it is used.

        Raises:
            CaseError: it is not a list of charters with ids of their own.

        """
        documents: dict[str, Mapping[str, object]] = {}
        for place, value in enumerate(_READ.items(document, "$")):
            charter = _READ.mapping(value, f"$[{place}]")
            name = _READ.text(charter.get("id"), f"$[{place}].id")
            if name in documents:
                raise _READ.problem(
                    f"$[{place}].id",
                    f"there are two charters {shown(name)}",
                    code="duplicate",
                    remedy="give each an id of its own",
                )
            documents[name] = charter
        return cls(documents)

    def kind(self, name: str) -> Kind:
        """Say whether a charter decides a motion or a choice."""
        return read_kind(self.documents[name])

    def motion(self, name: str) -> Charter:
        """Return a charter of a motion."""
        if name not in self._motions:
            self._motions[name] = parse_charter(self.documents[name])
        return self._motions[name]

    def choice(self, name: str, overrides: object = None) -> ChoiceCharter:
        """Return a charter of a choice, with the parameters that one poll replaces."""
        if name not in self._choices:
            self._choices[name] = parse_choice(self.documents[name])
        if overrides is None:
            return self._choices[name]
        return parse_choice(self.documents[name], overrides)


def count_case(document: object, library: Library) -> AnyOutcome:
    """Count one case under the charter of the library that it names.

    Raises:
        DocumentError: the case or its charter has a mistake. Nothing is counted half.

    """
    case = _READ.mapping(document, "$")
    name = _READ.text(case.get("charter"), "$.charter")
    if name not in library.documents:
        raise _READ.problem(
            "$.charter",
            f"there is no charter {shown(name)}",
            code="unknown_charter",
            remedy="name one of the library",
        )
    if _kind(library, name) is Kind.CHOICE:
        return _count_choice(case, name, library)
    return _count_motion(case, name, library)


def ignored_keys(case: Mapping[str, object]) -> tuple[str, ...]:
    """Return the keys of a case that neither count nor are known to describe it."""
    return tuple(key for key in case if key not in _KNOWN)


def _counted(
    case: Mapping[str, object], required: tuple[str, ...], optional: tuple[str, ...]
) -> Mapping[str, object]:
    """Read the keys that count, and refuse those of the other kind of charter and misspelt ones."""
    notes = ignored_keys(case)
    for key in notes:
        for meant in get_close_matches(key, _COUNTING, n=1, cutoff=_ALIKE):
            raise _READ.problem(
                f"$.{key}", "unknown key", code="unknown_key", remedy=f"did you mean {meant!r}?"
            )
    left_alone = {*_DESCRIPTION, *notes}
    given = {key: value for key, value in case.items() if key not in left_alone}
    keys = ("id", "charter", *required)
    return _READ.record(given, "$", required=keys, optional=(*_COMMON, *optional))


def _kind(library: Library, name: str) -> Kind:
    """Read the charter before anything else, so that its mistakes are not taken for the case's."""
    try:
        kind = library.kind(name)
        if kind is Kind.CHOICE:
            library.choice(name)
        else:
            library.motion(name)
    except DocumentError as error:
        raise _READ.problem(
            "$.charter",
            f"the charter {shown(name)} has a mistake at {error.path}: {error.message}",
            code=error.code,
            remedy=error.remedy,
        ) from error
    return kind


def _count_motion(case: Mapping[str, object], name: str, library: Library) -> Outcome:
    # Where the votes of all groups are given, there may be no members to list.
    required = () if "units" in case else ("rows",)
    read = _counted(case, required, _OF_MOTIONS)
    units: dict[str, dict[str, dict[str, Value]]] = {}
    for unit, groups in _READ.mapping(read.get("units", {}), "$.units").items():
        path = f"$.units.{unit}"
        units[unit] = {
            key: parse_attributes(attributes, f"{path}.{key}")
            for key, attributes in _READ.mapping(groups, path).items()
        }
    return decide(
        library.motion(name),
        parse_rows(read.get("rows", [])),
        params=_read_params(read),
        units=units,
        seats=_read_seats(read),
    )


def _count_choice(case: Mapping[str, object], name: str, library: Library) -> ChoiceOutcome:
    read = _counted(case, ("candidates",), _OF_CHOICES)
    charter = library.choice(name, read.get("choose"))
    poll = parse_poll(read, charter)
    return choose(charter, poll, params=_read_params(read), seats=_read_seats(read))


def _read_params(case: Mapping[str, object]) -> dict[str, Fraction]:
    return {
        name: _READ.fraction(value, f"$.params.{name}")
        for name, value in _READ.mapping(case.get("params", {}), "$.params").items()
    }


def _read_seats(case: Mapping[str, object]) -> int | None:
    return _READ.count(case["seats"], "$.seats") if "seats" in case else None
