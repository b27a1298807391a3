"""Decide a motion: a charter and a roll with votes in, an explained outcome out.

Pure and exact. The same arguments give the same outcome for ever, so anyone who holds the inputs of
a recorded decision can derive it again. Four conventions on which real rules hang:

1. Nothing is not a share of nothing: `0 >= p/q of 0` and `0 == 0` are false. Otherwise a side whose
   members are all recused would agree.
2. The order of rules is meaning: the first that fires names the result.
3. Votes are recoded before anything is counted; each vote at most once, by the first recoding that
   fits it.
4. Blame: a blocked result names the members whose votes made the veto test true, or the sides that
   failed.

Every test of every rule is made and reported, also after the result is known: an auditor sees
what the other rules would have said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TypeAlias

from .charter import Charter
from .documents import Reader
from .expressions import (
    All,
    Any,
    Comparison,
    Each,
    Expression,
    Fixed,
    Not,
    Parameter,
    Rational,
    Result,
    Rule,
    Tally,
    Test,
    Units,
    Value,
)
from .outcome import Outcome, TraceItem, UnitVote
from .rows import RollError, Row

Groups: TypeAlias = Mapping[str, Mapping[str, Mapping[str, Value]]]
"""For each `units` of the charter, the attributes of each group by its key."""

_READ = Reader(RollError)


def decide(
    charter: Charter,
    rows: Iterable[Row],
    *,
    params: Mapping[str, int | str | Fraction] | None = None,
    units: Groups | None = None,
    seats: int | None = None,
) -> Outcome:
    """Count the roll under the charter.

    `params` replaces numbers named by the charter; `units` gives the weights of groups, and the
    vote of a group whose own count is unknown; `seats` replaces the fixed number of seats.

    Raises:
        RollError: the roll cannot be counted under this charter. No vote is ever guessed.

    """
    members = tuple(_recoded(row, charter) for row in _checked(rows, charter))
    known = _parameters(charter, params or {})
    fixed = charter.seats if seats is None else seats
    trace: list[TraceItem] = []
    groups, unit_votes = _groups(
        charter, members, params=known, given=units or {}, seats=fixed, trace=trace
    )
    count = _Count(charter, members, known, fixed, trace, groups)
    index, rule, blame = count.first(charter.rules)
    is_blocked = rule.then == Result.BLOCKED
    return Outcome(
        charter=charter.id,
        result=rule.then,
        rule_index=index,
        why=rule.why,
        next=rule.next,
        blocking_sides=tuple(side for side in charter.sides if side in blame.sides)
        if is_blocked
        else (),
        blocking_rows=tuple(sorted(blame.rows)) if is_blocked else (),
        trace=tuple(trace),
        unit_votes=tuple(unit_votes),
    )


def _checked(rows: Iterable[Row], charter: Charter) -> Iterable[Row]:
    seen: set[str] = set()
    for position, row in enumerate(rows):
        path = f"$.rows[{position}]"
        _check_vote(row.vote, charter, f"{path}.vote")
        _READ.count(row.n, f"{path}.n")
        if row.id and row.id in seen:
            raise _READ.problem(
                f"{path}.id",
                f"{row.id!r} is on the roll twice",
                code="duplicate",
                remedy="count one vote for each member",
            )
        seen.add(row.id)
        yield row


def _check_vote(vote: object, charter: Charter, path: str) -> None:
    if not isinstance(vote, str) or charter.votes.get(vote) != frozenset({vote}):
        known = sorted(name for name, votes in charter.votes.items() if votes == {name})
        raise _READ.problem(
            path,
            f"unknown vote {vote!r}",
            code="unknown_vote",
            remedy=f"write one of {', '.join(known)}",
        )


def _recoded(row: Row, charter: Charter) -> Row:
    for recode in charter.recodes:
        if (
            row.vote in recode.votes
            and row.matches(recode.where)
            and not (recode.unless and row.attribute(recode.unless) is True)
        ):
            return replace(row, vote=recode.to)
    return row


def _parameters(charter: Charter, given: Mapping[str, int | str | Fraction]) -> dict[str, Fraction]:
    known = dict(charter.params)
    for name, value in given.items():
        if name not in known:
            raise _READ.problem(
                f"$.params.{name}",
                "the charter has no such parameter",
                code="unknown_parameter",
                remedy=f"known are {', '.join(sorted(known)) or 'none'}",
            )
        known[name] = (
            value if isinstance(value, Fraction) else _READ.fraction(value, f"$.params.{name}")
        )
    return known


def _groups(
    charter: Charter,
    members: tuple[Row, ...],
    *,
    params: Mapping[str, Fraction],
    given: Groups,
    seats: int | None,
    trace: list[TraceItem],
) -> tuple[dict[str, tuple[Row, ...]], list[UnitVote]]:
    """Let every group cast its vote by its own rules, unless its vote is given."""
    for name in given:
        if name not in charter.units:
            raise _READ.problem(
                f"$.units.{name}",
                "the charter has no such units",
                code="unknown_units",
                remedy=f"known are {', '.join(charter.units) or 'none'}",
            )
    groups: dict[str, tuple[Row, ...]] = {}
    votes: list[UnitVote] = []
    for name, units in charter.units.items():
        rows: list[Row] = []
        for key, attributes, within in _grouped(units, members, given.get(name, {})):
            path = f"$.units.{name}.{key}"
            is_given = "vote" in attributes
            if is_given and within:
                raise _READ.problem(
                    f"{path}.vote",
                    "the vote of the group is given and its members are on the roll as well",
                    code="two_votes",
                    remedy="leave out one of them",
                )
            if is_given:
                _check_vote(attributes["vote"], charter, f"{path}.vote")
                vote = str(attributes["vote"])
            else:
                inside = _Count(charter, within, params, seats, trace, {}, unit=f"{name}/{key}")
                vote = inside.first(units.vote)[1].then
            votes.append(UnitVote(name, key, vote, is_given))
            rows.append(Row(id=key, vote=vote, attributes={units.by: key, **attributes}))
        groups[name] = tuple(rows)
    return groups, votes


def _grouped(
    units: Units, members: tuple[Row, ...], given: Mapping[str, Mapping[str, Value]]
) -> Iterable[tuple[str, Mapping[str, Value], tuple[Row, ...]]]:
    """Yield each group: its key, its attributes, its members; in an order that rows cannot move."""
    within: dict[str, list[Row]] = {key: [] for key in given}
    for row in members:
        key = row.attribute(units.by)
        if key is not None and row.matches(units.where):
            within.setdefault(str(key), []).append(row)
    for key in (*given, *sorted(within.keys() - given.keys())):
        yield key, given.get(key, {}), tuple(within[key])


@dataclass(frozen=True, slots=True)
class _Finding:
    """Whether an expression holds, and whom that is owed to."""

    holds: bool
    rows: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()

    @staticmethod
    def joined(parts: Iterable[_Finding], *, holds: bool) -> _Finding:
        rows: frozenset[str] = frozenset()
        sides: frozenset[str] = frozenset()
        for part in parts:
            rows |= part.rows
            sides |= part.sides
        return _Finding(holds, rows, sides)


@dataclass(slots=True)
class _Count:
    """One roll under one charter. Tests are written to `trace` in the order of the charter."""

    charter: Charter
    members: tuple[Row, ...]
    params: Mapping[str, Fraction]
    seats: int | None
    trace: list[TraceItem]
    groups: Mapping[str, tuple[Row, ...]]
    unit: str = ""
    _selected: dict[tuple[str, str], tuple[Row, ...]] = field(default_factory=dict)

    def first(self, rules: tuple[Rule, ...]) -> tuple[int, Rule, _Finding]:
        """Make every test of every rule and return the first rule that fires, with its blame."""
        fired: tuple[int, Rule, _Finding] | None = None
        for index, rule in enumerate(rules):
            condition = self._finding(rule.condition, rule, holds_when_absent=True)
            exception = self._finding(rule.exception, rule, holds_when_absent=False)
            if fired is None and condition.holds and not exception.holds:
                fired = index, rule, _Finding.joined((condition, exception), holds=True)
        if fired is None:  # pragma: no cover - `parse_charter` demands an unconditional last rule
            raise AssertionError(self.charter.id)
        return fired

    def _finding(
        self, expression: Expression | None, rule: Rule, *, holds_when_absent: bool
    ) -> _Finding:
        if expression is None:
            return _Finding(holds_when_absent)
        return self._evaluated(expression, rule, side="")

    def _evaluated(self, expression: Expression, rule: Rule, side: str) -> _Finding:
        match expression:
            case Test():
                return self._tested(expression, rule, side)
            case All(parts):
                found = [self._evaluated(part, rule, side) for part in parts]
                holds = all(part.holds for part in found)
                return _Finding.joined((part for part in found if part.holds == holds), holds=holds)
            case Any(parts):
                found = [self._evaluated(part, rule, side) for part in parts]
                holds = any(part.holds for part in found)
                return _Finding.joined((part for part in found if part.holds == holds), holds=holds)
            case Not(part):
                inner = self._evaluated(part, rule, side)
                return _Finding(not inner.holds, inner.rows, inner.sides)
            case Each(sides, part, at_least):
                by_side = {name: self._evaluated(part, rule, name) for name in sides}
                holds = sum(one.holds for one in by_side.values()) >= at_least
                owed = frozenset(name for name, one in by_side.items() if one.holds == holds)
                return _Finding(holds, sides=owed)

    def _tested(self, test: Test, rule: Rule, side: str) -> _Finding:
        side = test.counted.side or side
        rows, left = self._weighed(test.counted, test.counted, side, test.path)
        share = self._number(test.share)
        plus = self._number(test.plus)
        base: Fraction | None = None
        right = share
        if test.base is not None:
            base = self._based(test.base, test.counted, side, test.path)
            right = _signed_square(share) * base if test.is_root else share * base + plus
        compared = _signed_square(left - plus) if test.is_root else left
        is_of_nothing = left == 0 and right == 0 and not base
        holds = test.comparison.holds(compared, right) and not (
            is_of_nothing and test.comparison in (Comparison.AT_LEAST, Comparison.EQUAL)
        )
        self.trace.append(
            TraceItem(
                path=f"{test.path}@{self.unit}" if self.unit else test.path,
                why=rule.why,
                side=side,
                unit=self.unit,
                counted=test.counted.named,
                weight=test.counted.weight,
                left=left,
                comparison=test.comparison,
                share=share,
                of=_names(test.base),
                base=base,
                plus=plus,
                is_root=test.is_root,
                right=right,
                holds=holds,
            )
        )
        return _Finding(holds, *_blame(test.comparison, holds=holds, side=side, rows=rows))

    def _weighed(
        self, tally: Tally, test: Tally, side: str, path: str
    ) -> tuple[list[Row], Fraction]:
        weight = tally.weight or test.weight
        units = tally.units or test.units
        rows = [row for row in self._select(units, side) if row.vote in tally.votes and row.n]
        total: int | Fraction = 0
        for row in rows:
            total += row.n * row.weight_by(weight, path)
        return rows, Fraction(total)

    def _based(self, base: Tally | Fixed, test: Tally, side: str, path: str) -> Fraction:
        if isinstance(base, Tally):
            return self._weighed(base, test, base.side or side, path)[1]
        if self.seats is None:
            raise _READ.problem(
                path,
                "the number of seats is not known",
                code="seats_unknown",
                remedy="write it under $.roll.seats or give it with the roll",
            )
        return Fraction(self.seats)

    def _select(self, units: str, side: str) -> tuple[Row, ...]:
        if (units, side) not in self._selected:
            rows = self.groups[units] if units else self.members
            if side:
                where = self.charter.sides[side]
                rows = tuple(row for row in rows if row.matches(where))
            self._selected[units, side] = rows
        return self._selected[units, side]

    def _number(self, number: Rational) -> Fraction:
        return self.params[number.name] if isinstance(number, Parameter) else number


def _blame(
    comparison: Comparison, *, holds: bool, side: str, rows: list[Row]
) -> tuple[frozenset[str], frozenset[str]]:
    """Say to which members or to which side the truth of a test is owed.

    A test that holds because there was enough on its left is owed to those who gave it: a veto to
    those who cast it. A test of a side that fails is owed to the side. Where there was too little,
    nobody in particular withheld it.
    """
    asks_for_more = comparison not in (Comparison.LESS, Comparison.AT_MOST)
    is_owed_to_members = holds == asks_for_more and (holds or not side)
    if is_owed_to_members:
        return frozenset(row.id for row in rows if row.id), frozenset()
    return frozenset(), frozenset({side} if side else ())


def _names(base: Tally | Fixed | None) -> tuple[str, ...]:
    match base:
        case None:
            return ()
        case Tally(named):
            return named
        case Fixed():
            return (base.value,)


def _signed_square(number: Fraction) -> Fraction:
    """Square and keep the sign, so that comparing squares is comparing the numbers."""
    return number * abs(number)
