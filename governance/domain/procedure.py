"""The procedure of a body: the typed part of its charter that is not a rule of counting.

Terms, proxies, what may be adopted in part, when a text enters into force. A body works under one
version of its charter at a time, and a procedure that was opened keeps the version under which it
was opened. Where a charter says nothing the strict answer holds: no proxies, no adoption in part,
no silence procedure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .documents import DocumentError, Reader
from .silence import LEAST_WORKING_DAYS, NEVER
from .table import InnerRule, compose_table_charter


class ProcedureError(DocumentError):
    """A procedure that cannot be used."""


_READ = Reader(ProcedureError)


class Proxies(StrEnum):
    """Who may vote for the holder of a seat on a power of attorney."""

    FORBIDDEN = "forbidden"
    SAME_ORGANISATION = "same_organisation"
    EXCEPT_EXPERTS = "except_experts"
    ANY = "any"


class PartialAdoption(StrEnum):
    """Whether a text may be adopted without some of its clauses."""

    FORBIDDEN = "forbidden"
    SEVERABLE_CLAUSES = "severable_clauses"


class Tie(StrEnum):
    """What a tie inside a side leads to. Nobody has a casting vote at a table."""

    NOT_ADOPTED = "not_adopted"
    REPEAT = "repeat"


class Silence(StrEnum):
    """On which kind of question a silence procedure may be opened."""

    OFF = "off"
    EDITORIAL = "editorial"


MOST_MONTHS = 120
"""For how many months before a question independence can be asked at most."""


class Voice(StrEnum):
    """Whether a side speaks with one voice or with its seats."""

    SINGLE = "single"
    SEATS = "seats"


@dataclass(frozen=True, slots=True)
class SideProcedure:
    """How one side works inside.

    `inner_approvals` is how many holders of the side's other seats must approve before its
    coordinator may speak; it has a meaning for a single voice only. `independent_months` is for how
    long before a question nobody of the side may have had a position with another side unexamined
    (see `independence`); 0 where the side need not be independent.
    """

    inner_rule: InnerRule
    voice: Voice
    inner_approvals: int
    proxies_allowed: bool
    independent_months: int = 0


@dataclass(frozen=True, slots=True)
class Procedure:
    """The procedure of one charter version. Made by `parse_procedure` only.

    `max_proxies_held` is for how many other seats one person may vote at once, where proxies are
    allowed at all; where the charter says nothing, for one (as in TFEU, article 239).

    `entry_dates` are (month, day). All terms ending in `working_days` are counted by the working
    calendar.
    """

    sides: Mapping[str, SideProcedure]
    notice_working_days: int = 10
    materials_working_days: int = 3
    written_notice_working_days: int = 5
    comment_working_days: int = 20
    conciliation_working_days: int = 15
    remarks_working_days: int = 0
    dissent_working_days: int = 3
    publication_working_days: int = 10
    return_working_days: int = 10
    side_quorum: Fraction = Fraction(1, 2)
    proxy: Proxies = Proxies.FORBIDDEN
    max_proxies_held: int = 1
    partial_adoption: PartialAdoption = PartialAdoption.FORBIDDEN
    tie: Tie = Tie.NOT_ADOPTED
    silence: Silence = Silence.OFF
    silence_working_days: int = LEAST_WORKING_DAYS
    entry_dates: tuple[tuple[int, int], ...] = ((3, 1), (9, 1))
    min_days_after_publication: int = 90
    max_years: int = 6

    def may_use_proxy(self, side: str) -> bool:
        """Say whether a seat of the side may be represented by another person at all."""
        return self.proxy is not Proxies.FORBIDDEN and self.sides[side].proxies_allowed

    def rules_document(self, *, charter_id: str, title: str) -> dict[str, Any]:
        """Compose the rules of counting of this table as a `decision-charter/1` document."""
        return compose_table_charter(
            id=charter_id,
            title=title,
            sides={code: side.inner_rule for code, side in self.sides.items()},
            quorum=self.side_quorum,
        )

    @property
    def is_composed(self) -> bool:
        """Whether the rules of counting follow from the inner rules of the sides."""
        return all(side.inner_rule is not InnerRule.BY_RULES for side in self.sides.values())

    def ordered(self, codes: Iterable[str]) -> Procedure:
        """Return the same procedure with its sides in this order.

        A stored document keeps no order of its keys, and the rules composed from it name the sides
        one after the other.
        """
        return replace(self, sides={code: self.sides[code] for code in codes})

    def change_rules_document(self, *, charter_id: str, title: str) -> dict[str, Any]:
        """Compose the rules by which the table changes its own charter (DT-01).

        All sides agree, each with two thirds of those who take part and by its own rule as well:
        changing the rules is never easier than what they rule.
        """
        return compose_table_charter(
            id=charter_id,
            title=title,
            sides={code: side.inner_rule for code, side in self.sides.items()},
            quorum=self.side_quorum,
            at_least=InnerRule.TWO_THIRDS_PRESENT,
        )

    def as_document(self) -> dict[str, Any]:
        """Return the procedure as JSON with every term written out."""
        document: dict[str, Any] = {name: getattr(self, name) for name in _TERMS}
        return document | {
            "side_quorum": str(self.side_quorum),
            "proxy": str(self.proxy),
            "max_proxies_held": self.max_proxies_held,
            "partial_adoption": str(self.partial_adoption),
            "tie": str(self.tie),
            "silence": str(self.silence),
            "entry_dates": [list(entry) for entry in self.entry_dates],
            "sides": {
                code: {
                    "inner_rule": str(side.inner_rule),
                    "voice": str(side.voice),
                    "inner_approvals": side.inner_approvals,
                    "proxies_allowed": side.proxies_allowed,
                    "independent_months": side.independent_months,
                }
                for code, side in self.sides.items()
            },
        }


_TERMS = (
    "notice_working_days",
    "materials_working_days",
    "written_notice_working_days",
    "comment_working_days",
    "conciliation_working_days",
    "remarks_working_days",
    "dissent_working_days",
    "publication_working_days",
    "return_working_days",
    "silence_working_days",
    "min_days_after_publication",
    "max_years",
)


def parse_procedure(document: object) -> Procedure:
    """Read a procedure from its JSON document.

    Raises:
        ProcedureError: something is missing, unknown or contradicts the rest.

    """
    read = _READ.record(
        document,
        "$",
        required=("sides",),
        optional=(
            *_TERMS,
            "side_quorum",
            "proxy",
            "max_proxies_held",
            "partial_adoption",
            "tie",
            "silence",
            "entry_dates",
        ),
    )
    given: dict[str, Any] = {
        name: _READ.count(read[name], f"$.{name}") for name in _TERMS if name in read
    }
    if isinstance(read.get("silence"), str) and read["silence"] in NEVER:
        raise _READ.problem(
            "$.silence",
            f"silence is never consent where it is about {read['silence']}",
            code="never_by_silence",
            remedy="allow it for editorial questions, or not at all",
        )
    for name, kind in (
        ("proxy", Proxies),
        ("partial_adoption", PartialAdoption),
        ("tie", Tie),
        ("silence", Silence),
    ):
        if name in read:
            allowed: tuple[str, ...] = tuple(kind)
            given[name] = kind(_READ.one_of(read[name], allowed, f"$.{name}"))
    if "max_proxies_held" in read:
        path = "$.max_proxies_held"
        given["max_proxies_held"] = _READ.count(read["max_proxies_held"], path, least=1)
    if "side_quorum" in read:
        given["side_quorum"] = _quorum(read["side_quorum"])
    if "entry_dates" in read:
        given["entry_dates"] = _entry_dates(read["entry_dates"])
    procedure = Procedure(sides=_sides(read["sides"]), **given)
    _check_proxies(procedure)
    if procedure.silence_working_days < LEAST_WORKING_DAYS:
        raise _READ.problem(
            "$.silence_working_days",
            "the term of a silence procedure is too short",
            code="out_of_range",
            remedy=f"write {LEAST_WORKING_DAYS} or more",
        )
    return procedure


def _quorum(value: object) -> Fraction:
    quorum = _READ.fraction(value, "$.side_quorum")
    if not 0 <= quorum < 1:
        raise _READ.problem(
            "$.side_quorum",
            "the share is exceeded by those present, so it must be below 1",
            code="out_of_range",
            remedy="write a share from 0 up to but not including 1",
        )
    return quorum


def _sides(value: object) -> dict[str, SideProcedure]:
    sides = {code: _side(code, side) for code, side in _READ.mapping(value, "$.sides").items()}
    if not sides:
        raise _READ.problem(
            "$.sides", "no sides", code="empty", remedy="describe at least one side"
        )
    return sides


def _side(code: str, value: object) -> SideProcedure:
    path = f"$.sides.{code}"
    side = _READ.record(
        value,
        path,
        required=("inner_rule",),
        optional=("voice", "inner_approvals", "proxies_allowed", "independent_months"),
    )
    inner_rule = InnerRule(_READ.one_of(side["inner_rule"], tuple(InnerRule), f"{path}.inner_rule"))
    implied = Voice.SINGLE if inner_rule is InnerRule.SINGLE_VOICE else Voice.SEATS
    voice = Voice(_READ.one_of(side.get("voice", implied), tuple(Voice), f"{path}.voice"))
    if voice is not implied:
        raise _READ.problem(
            f"{path}.voice",
            f"{voice!s} does not fit the inner rule {inner_rule!s}",
            code="contradiction",
            remedy=f"write {str(implied)!r} or leave it out",
        )
    inner_approvals = _READ.count(side.get("inner_approvals", 0), f"{path}.inner_approvals")
    if inner_approvals and voice is not Voice.SINGLE:
        raise _READ.problem(
            f"{path}.inner_approvals",
            "only a side with a single voice needs approval before it speaks",
            code="contradiction",
            remedy="write 0 or leave it out",
        )
    return SideProcedure(
        inner_rule=inner_rule,
        voice=voice,
        inner_approvals=inner_approvals,
        proxies_allowed=_READ.flag(side.get("proxies_allowed", False), f"{path}.proxies_allowed"),
        independent_months=_months(side.get("independent_months", 0), path),
    )


def _months(value: object, path: str) -> int:
    months = _READ.count(value, f"{path}.independent_months")
    if months > MOST_MONTHS:
        raise _READ.problem(
            f"{path}.independent_months",
            "no record of positions reaches so far back",
            code="out_of_range",
            remedy=f"write a number of months up to {MOST_MONTHS}",
        )
    return months


def _entry_dates(value: object) -> tuple[tuple[int, int], ...]:
    entries: list[tuple[int, int]] = []
    for position, pair in enumerate(_READ.items(value, "$.entry_dates")):
        path = f"$.entry_dates[{position}]"
        numbers = [
            _READ.count(number, f"{path}[{place}]", least=1)
            for place, number in enumerate(_READ.items(pair, path))
        ]
        if len(numbers) != len(("month", "day")) or not _is_yearly(*numbers):
            raise _READ.problem(
                path,
                "not a date that every year has",
                code="out_of_range",
                remedy="write [month, day], for example [9, 1]",
            )
        entries.append((numbers[0], numbers[1]))
    if not entries:
        raise _READ.problem(
            "$.entry_dates", "no dates", code="empty", remedy="name at least one date"
        )
    return tuple(sorted(entries))


_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _is_yearly(month: int, day: int) -> bool:
    return month <= len(_DAYS) and day <= _DAYS[month - 1]


def _check_proxies(procedure: Procedure) -> None:
    allowed = [code for code, side in procedure.sides.items() if side.proxies_allowed]
    if procedure.proxy is Proxies.FORBIDDEN and allowed:
        raise _READ.problem(
            f"$.sides.{allowed[0]}.proxies_allowed",
            "the body forbids proxies",
            code="contradiction",
            remedy="write false, or allow proxies under $.proxy",
        )
    if procedure.proxy is Proxies.EXCEPT_EXPERTS and len(allowed) == len(procedure.sides):
        raise _READ.problem(
            "$.proxy",
            "no side is without proxies, so none is the side of experts",
            code="contradiction",
            remedy="write proxies_allowed: false at the side of experts",
        )
