"""Read a charter (`decision-charter/1`) and refuse everything that could not be computed.

A charter is data that people write and version. The reader knows every key, checks that every name
is declared, and says where a mistake is and what to write instead. Charters of kind `motion` are
read here; one of kind `choice` is refused by name, and read by `choice.charter`.

INVARIANT: a `Charter` made here never fails in `decide` for a reason of its own; only the roll may
still be wrong.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .documents import Reader, shown
from .expressions import Number, Recode, Result, Rule, Units, Value, Vote, whole
from .reading import CharterError, Terms, read_attributes, read_rules, read_votes

__all__ = ["SCHEMA", "Charter", "CharterError", "Kind", "parse_charter", "read_kind"]

SCHEMA = "decision-charter/1"


class Kind(StrEnum):
    """What a charter decides: whether, or which."""

    MOTION = "motion"
    CHOICE = "choice"


_CAST: frozenset[str] = frozenset({Vote.YES, Vote.NO})
_COUNTS = ("cast", "valid", "ballots", "present", "members", "not_yes", "not_no", "seats")


_READ = Reader(CharterError)


@dataclass(frozen=True, slots=True)
class Charter:
    """A motion charter that is known to be computable. Made by `parse_charter` only.

    `votes` gives every vote and every count (`cast`, `members`, …) its set of votes; `choices` are
    the votes that one member can give. `max_proxies` is how many others one member may vote for,
    `None` where the charter does not allow it.
    """

    id: str
    title: str
    rules: tuple[Rule, ...]
    sides: Mapping[str, Mapping[str, Value]]
    seats: int | None
    recused_are_counted: bool
    max_proxies: int | None
    votes: Mapping[str, frozenset[str]]
    choices: frozenset[str]
    recodes: tuple[Recode, ...]
    units: Mapping[str, Units]
    params: Mapping[str, Number]


def parse_charter(document: object) -> Charter:
    """Read a charter from its JSON document.

    Raises:
        CharterError: the document is not a motion charter that can be computed.

    """
    charter = _READ.record(
        document,
        "$",
        required=("schema", "id", "title", "kind", "decide"),
        optional=("source", "catalogue", "params", "roll", "ballot", "units", "choose"),
    )
    _check_kind(charter)
    params = read_params(charter.get("params", {}), "$.params")
    roll = _READ.record(
        charter.get("roll", {}), "$.roll", optional=("sides", "seats", "recused", "proxies")
    )
    sides = {
        name: read_attributes(where, f"$.roll.sides.{name}")
        for name, where in _READ.mapping(roll.get("sides", {}), "$.roll.sides").items()
    }
    recused = _READ.one_of(
        roll.get("recused", "excluded"), ("excluded", "counted"), "$.roll.recused"
    )
    proxies = _READ.record(roll.get("proxies", {}), "$.roll.proxies", optional=("max_held",))
    ballot = _READ.record(
        charter.get("ballot", {}),
        "$.ballot",
        optional=("type", "values", "recode"),
    )
    _READ.one_of(ballot.get("type", "single"), ("single",), "$.ballot.type")
    own_votes = _READ.words(ballot.get("values", []), "$.ballot.values")
    votes = _vocabulary(own_votes, recused_are_counted=recused == "counted")
    units = _READ.mapping(charter.get("units", {}), "$.units")
    terms = Terms(votes, frozenset(sides), frozenset(units), frozenset(params))
    recodes = _READ.items(ballot.get("recode", []), "$.ballot.recode")
    held = "max_held"
    return Charter(
        id=_READ.text(charter["id"], "$.id"),
        title=_READ.text(charter["title"], "$.title"),
        rules=read_rules(charter["decide"], "$.decide", terms, tuple(Result)),
        sides=sides,
        seats=_READ.count(roll["seats"], "$.roll.seats") if "seats" in roll else None,
        recused_are_counted=recused == "counted",
        max_proxies=(
            _READ.count(proxies[held], f"$.roll.proxies.{held}") if held in proxies else None
        ),
        votes=votes,
        choices=frozenset(terms.single_votes),
        recodes=tuple(
            _recode(recode, f"$.ballot.recode[{position}]", terms)
            for position, recode in enumerate(recodes)
        ),
        units={name: _unit(name, unit, terms) for name, unit in units.items()},
        params=params,
    )


def read_kind(charter: Mapping[str, object]) -> Kind:
    """Read of which kind a charter of this schema is.

    Raises:
        CharterError: it is of another schema, or of no kind.

    """
    if charter.get("schema") != SCHEMA:
        raise _READ.problem(
            "$.schema",
            f"unknown schema {shown(charter.get('schema'))}",
            code="unknown_schema",
            remedy=f"write {SCHEMA!r}",
        )
    return Kind(_READ.one_of(charter.get("kind"), tuple(Kind), "$.kind"))


def read_params(value: object, path: str) -> dict[str, Number]:
    """Read named numbers."""
    return {
        name: whole(_READ.fraction(number, f"{path}.{name}"))
        for name, number in _READ.mapping(value, path).items()
    }


def _check_kind(charter: Mapping[str, object]) -> None:
    if read_kind(charter) is Kind.CHOICE:
        raise _READ.problem(
            "$.kind",
            "a choice between several options is not a motion",
            code="choice_not_supported",
            remedy="put each option to the vote as a motion",
        )
    if "choose" in charter:
        raise _READ.problem(
            "$.choose", "a motion chooses nothing", code="unknown_key", remedy="remove the key"
        )


def _vocabulary(own: tuple[str, ...], *, recused_are_counted: bool) -> dict[str, frozenset[str]]:
    """Give every vote and every count its set of votes.

    A vote that the charter adds (`discuss`, `no_objection`) is a position taken: it is a valid
    ballot and presence, but neither for nor against, hence not `cast`.
    """
    for word in own:
        if word in {*Vote, *_COUNTS}:
            raise _READ.problem(
                "$.ballot.values",
                f"{word!r} already has a meaning",
                code="duplicate",
                remedy="choose another word",
            )
    valid: set[str] = {*_CAST, Vote.ABSTAIN, *own}
    ballots = {*valid, Vote.VOID}
    present = {*ballots, Vote.SILENT}
    members = {*present, Vote.ABSENT}
    if recused_are_counted:
        members.add(Vote.RECUSED)
    counts: dict[str, Collection[str]] = {
        "cast": _CAST,
        "valid": valid,
        "ballots": ballots,
        "present": present,
        "members": members,
        "not_yes": members - {Vote.YES},
        "not_no": members - {Vote.NO},
    }
    return {str(vote): frozenset({str(vote)}) for vote in (*Vote, *own)} | {
        name: frozenset(str(vote) for vote in votes) for name, votes in counts.items()
    }


def _recode(value: object, path: str, terms: Terms) -> Recode:
    recode = _READ.record(value, path, required=("from", "to"), optional=("where", "unless"))
    return Recode(
        votes=read_votes(recode["from"], f"{path}.from", terms)[1],
        to=_READ.one_of(recode["to"], terms.single_votes, f"{path}.to"),
        where=read_attributes(recode.get("where", {}), f"{path}.where"),
        unless=_READ.text(recode["unless"], f"{path}.unless") if "unless" in recode else "",
    )


def _unit(name: str, value: object, terms: Terms) -> Units:
    path = f"$.units.{name}"
    unit = _READ.record(value, path, required=("by", "vote"), optional=("where",))
    inside = Terms(terms.votes, terms.sides, frozenset(), terms.params)
    return Units(
        name=name,
        by=_READ.text(unit["by"], f"{path}.by"),
        where=read_attributes(unit.get("where", {}), f"{path}.where"),
        vote=read_rules(unit["vote"], f"{path}.vote", inside, terms.single_votes),
    )
