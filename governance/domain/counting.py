"""Make the tests of a charter on one roll, and write each down with its numbers.

Every test of every rule is made and reported, also after the result is known: an auditor sees what
the other rules would have said. Weights are added up once for each side, vote and weight, as
integers as long as they are whole; nothing is ever rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .documents import Reader
from .expressions import (
    All,
    Any,
    Comparison,
    Each,
    Expression,
    Fixed,
    Not,
    Number,
    Parameter,
    Rational,
    Rule,
    Tally,
    Test,
    Value,
    same,
    share_of,
    whole,
)
from .outcome import TraceItem
from .rows import RollError, Row

_READ = Reader(RollError)
_LONGEST_DENOMINATOR = 4096
"""In bits. Real weights need a few dozen; without an end, a roll could be made to take for ever."""


@dataclass(slots=True)
class _Side:
    """The rows of a side by their votes, with the heads and the weights of each vote."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    heads: dict[str, int] = field(default_factory=dict)
    weights: dict[tuple[str, str], Number] = field(default_factory=dict)


@dataclass(slots=True)
class Roll:
    """Rows of one kind – members, or the groups of one `units` – laid out for counting."""

    rows: Sequence[Row]
    sides: Mapping[str, Mapping[str, Value]]
    _by_value: dict[str, dict[tuple[bool, Value | None], list[Row]]] = field(default_factory=dict)
    _by_side: dict[str, _Side] = field(default_factory=dict)

    def voting(self, votes: frozenset[str], side: str) -> Iterator[Row]:
        """Yield the rows of a side, or of all for no side, that gave one of the votes."""
        for vote, rows in self._side(side).rows.items():
            if vote in votes:
                yield from rows

    def weigh(self, votes: frozenset[str], side: str, weight: str, path: str) -> Number:
        """Add up the heads of a side with one of the votes, or what they weigh.

        Raises:
            RollError: a row that is counted here has no such weight, or it is not exact.

        """
        of = self._side(side)
        total: Number = 0
        if not weight:
            for vote, heads in of.heads.items():
                if vote in votes:
                    total += heads
            return total
        for vote, rows in of.rows.items():
            if vote in votes:
                if (weight, vote) not in of.weights:
                    of.weights[weight, vote] = _sum(rows, weight, path)
                total += of.weights[weight, vote]
        return total

    def _side(self, name: str) -> _Side:
        """Return the rows of a side. Rows of nobody are left out."""
        if name in self._by_side:
            return self._by_side[name]
        side = self._by_side[name] = _Side()
        for row in self._selected(self.sides[name]) if name else self.rows:
            if row.n:
                if row.vote not in side.heads:
                    side.rows[row.vote] = []
                    side.heads[row.vote] = 0
                side.rows[row.vote].append(row)
                side.heads[row.vote] += row.n
        return side

    def _selected(self, where: Mapping[str, Value]) -> Iterable[Row]:
        """Return the rows that match: sides mostly differ in one attribute, so sort by it once."""
        if not where:
            return self.rows
        (name, wanted), *others = where.items()
        if name not in self._by_value:
            by_value = self._by_value[name] = {}
            for row in self.rows:
                value = row.attribute(name)
                by_value.setdefault((isinstance(value, bool), value), []).append(row)
        rows = self._by_value[name].get((isinstance(wanted, bool), wanted), [])
        for other, value in others:
            rows = [row for row in rows if same(row.attribute(other), value)]
        return rows


def _sum(rows: Iterable[Row], weight: str, path: str) -> Number:
    total: Number = 0
    for row in rows:
        total += row.n * row.weight_by(weight, path)
        if total.denominator.bit_length() > _LONGEST_DENOMINATOR:
            raise _READ.problem(
                path,
                f"the weights {weight!r} have no common measure of a readable length",
                code="no_weight",
                remedy="give all of them in the same unit",
            )
    return whole(total)


@dataclass(slots=True)
class Count:
    """One roll under one charter. Tests are written to `trace` in the order of the charter."""

    members: Roll
    params: Mapping[str, Number]
    seats: int | None
    trace: list[TraceItem]
    groups: Mapping[str, Roll] = field(default_factory=dict)
    unit: str = ""
    _held: dict[tuple[str, str], bool] = field(default_factory=dict)

    def first(self, rules: tuple[Rule, ...]) -> tuple[int, Rule]:
        """Make every test of every rule and return the first rule that fires."""
        fired: tuple[int, Rule] | None = None
        for index, rule in enumerate(rules):
            condition = rule.condition is None or self.holds(rule.condition, rule.why)
            exception = rule.exception is not None and self.holds(rule.exception, rule.why)
            if fired is None and condition and not exception:
                fired = index, rule
        if fired is None:  # pragma: no cover - the reader demands an unconditional last rule
            raise AssertionError(self.unit)
        return fired

    def holds(self, expression: Expression, why: str, side: str = "") -> bool:
        """Say whether an expression holds, making all its tests, of `side` where they name none."""
        match expression:
            case Test():
                return self._tested(expression, why, side)
            case All(parts):
                held = [self.holds(part, why, side) for part in parts]
                return all(held)
            case Any(parts):
                held = [self.holds(part, why, side) for part in parts]
                return any(held)
            case Not(part):
                return not self.holds(part, why, side)
            case Each(sides, part, at_least):
                return sum([self.holds(part, why, name) for name in sides]) >= at_least

    def _tested(self, test: Test, why: str, side: str) -> bool:
        counted = test.counted
        side = counted.side or side
        left = self._roll(counted.units).weigh(counted.votes, side, counted.weight, test.path)
        share = self._number(test.share)
        plus = self._number(test.plus)
        base: Number | None = None
        right = share
        compared = left
        if test.base is not None:
            base = self._based(test.base, counted, side, test.path)
            if test.is_root:
                right = share_of(_signed_square(share), base)
                compared = _signed_square(left - plus)
            else:
                right = share_of(share, base)
                right = whole(right + plus) if plus else right
        is_of_nothing = not left and not right and not base
        holds = test.comparison.holds(compared, right) and not (
            is_of_nothing and test.comparison in (Comparison.AT_LEAST, Comparison.EQUAL)
        )
        self._held[test.path, side] = holds
        self.trace.append(
            TraceItem(
                path=f"{test.path}@{self.unit}" if self.unit else test.path,
                why=why,
                side=side,
                unit=self.unit,
                counted=counted.named,
                weight=counted.weight,
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
        return holds

    def _based(self, base: Tally | Fixed, test: Tally, side: str, path: str) -> Number:
        if isinstance(base, Tally):
            roll = self._roll(base.units or test.units)
            return roll.weigh(base.votes, base.side or side, base.weight or test.weight, path)
        if self.seats is None:
            raise _READ.problem(
                path,
                "the number of seats is not known",
                code="seats_unknown",
                remedy="write it under $.roll.seats or give it with the roll",
            )
        return self.seats

    def _roll(self, units: str) -> Roll:
        return self.groups[units] if units else self.members

    def _number(self, number: Rational) -> Number:
        return self.params[number.name] if isinstance(number, Parameter) else number

    def blame(self, rule: Rule) -> Blame:
        """Say to whom it is owed that a rule fired, once its tests have been made."""
        parts = []
        if rule.condition is not None:
            parts.append(self._blame(rule.condition, ""))
        if rule.exception is not None:
            parts.append(self._blame(rule.exception, ""))
        return Blame.joined(parts)

    def _blame(self, expression: Expression, side: str) -> Blame:
        match expression:
            case Test():
                return self._blame_of_test(expression, expression.counted.side or side)
            case All(parts) | Any(parts):
                held = self._held_before(expression, side)
                return Blame.joined(
                    self._blame(part, side)
                    for part in parts
                    if self._held_before(part, side) == held
                )
            case Not(part):
                return self._blame(part, side)
            case Each(sides, part):
                held = self._held_before(expression, side)
                return Blame(
                    sides=frozenset(name for name in sides if self._held_before(part, name) == held)
                )

    def _held_before(self, expression: Expression, side: str) -> bool:
        """Say whether an expression held, from the tests that were made."""
        match expression:
            case Test():
                return self._held[expression.path, expression.counted.side or side]
            case All(parts):
                return all(self._held_before(part, side) for part in parts)
            case Any(parts):
                return any(self._held_before(part, side) for part in parts)
            case Not(part):
                return not self._held_before(part, side)
            case Each(sides, part, at_least):
                return sum(self._held_before(part, name) for name in sides) >= at_least

    def _blame_of_test(self, test: Test, side: str) -> Blame:
        """Say to which members or to which side the truth of a test is owed.

        A test that holds because there was enough on its left is owed to those who gave it: a veto
        to those who cast it. A test of a side that fails is owed to the side. Where there was too
        little, nobody in particular withheld it.
        """
        holds = self._held[test.path, side]
        asks_for_more = test.comparison not in (Comparison.LESS, Comparison.AT_MOST)
        if holds == asks_for_more and (holds or not side):
            rows = self._roll(test.counted.units).voting(test.counted.votes, side)
            return Blame(rows=frozenset(row.id for row in rows if row.id))
        return Blame(sides=frozenset({side} if side else ()))


@dataclass(frozen=True, slots=True)
class Blame:
    """Those to whom a result is owed: members by their ids, and sides."""

    rows: frozenset[str] = frozenset()
    sides: frozenset[str] = frozenset()

    @classmethod
    def joined(cls, parts: Iterable[Blame]) -> Blame:
        """Put the blame of several tests together."""
        rows: frozenset[str] = frozenset()
        sides: frozenset[str] = frozenset()
        for part in parts:
            rows |= part.rows
            sides |= part.sides
        return cls(rows, sides)


def _names(base: Tally | Fixed | None) -> tuple[str, ...]:
    match base:
        case None:
            return ()
        case Tally(named):
            return named
        case Fixed():
            return (base.value,)


def _signed_square(number: Number) -> Number:
    """Square and keep the sign, so that comparing squares is comparing the numbers."""
    return number * number if number > 0 else -number * number
