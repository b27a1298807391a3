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
from dataclasses import replace
from fractions import Fraction
from typing import TypeAlias

from .charter import Charter
from .counting import Blame, Count, Roll
from .documents import DocumentError, Reader
from .expressions import Number, Result, Units, Value, whole
from .outcome import Outcome, TraceItem, UnitVote
from .proxies import check_proxies
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
    members = _checked(rows, charter)
    check_proxies(members, charter.max_proxies)
    if charter.recodes:
        members = [_recoded(row, charter) for row in members]
    known = replaced(charter.params, params or {})
    fixed = charter.seats if seats is None else seats
    trace: list[TraceItem] = []
    groups, unit_votes = _groups(
        charter, members, params=known, given=units or {}, seats=fixed, trace=trace
    )
    count = Count(Roll(members, charter.sides), known, fixed, trace, groups)
    index, rule = count.first(charter.rules)
    blame = count.blame(rule) if rule.then == Result.BLOCKED else Blame()
    return Outcome(
        charter=charter.id,
        result=rule.then,
        rule_index=index,
        why=rule.why,
        next=rule.next,
        blocking_sides=tuple(side for side in charter.sides if side in blame.sides),
        blocking_rows=tuple(sorted(blame.rows)),
        trace=tuple(trace),
        unit_votes=tuple(unit_votes),
    )


def _checked(rows: Iterable[Row], charter: Charter) -> list[Row]:
    checked: list[Row] = []
    seen: set[str] = set()
    for position, row in enumerate(rows):
        if row.vote not in charter.choices:
            raise _unknown_vote(row.vote, charter, f"$.rows[{position}].vote")
        if type(row.n) is not int or row.n < 0:
            _READ.count(row.n, f"$.rows[{position}].n")
        if row.id and row.id in seen:
            raise _READ.problem(
                f"$.rows[{position}].id",
                f"{row.id!r} is on the roll twice",
                code="duplicate",
                remedy="count one vote for each member",
            )
        seen.add(row.id)
        checked.append(row)
    return checked


def _unknown_vote(vote: object, charter: Charter, path: str) -> DocumentError:
    return _READ.problem(
        path,
        f"unknown vote {vote!r}",
        code="unknown_vote",
        remedy=f"write one of {', '.join(sorted(charter.choices))}",
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


def replaced(
    params: Mapping[str, Number], given: Mapping[str, int | str | Fraction]
) -> Mapping[str, Number]:
    """Return the numbers of a charter with those given for one count in their place.

    Raises:
        RollError: the charter knows no such number, or it is not exact.

    """
    if not given:
        return params
    known = dict(params)
    for name, value in given.items():
        if name not in known:
            raise _READ.problem(
                f"$.params.{name}",
                "the charter has no such parameter",
                code="unknown_parameter",
                remedy=f"known are {', '.join(sorted(known)) or 'none'}",
            )
        known[name] = whole(
            value if isinstance(value, Fraction) else _READ.fraction(value, f"$.params.{name}")
        )
    return known


def _groups(
    charter: Charter,
    members: Iterable[Row],
    *,
    params: Mapping[str, Number],
    given: Groups,
    seats: int | None,
    trace: list[TraceItem],
) -> tuple[dict[str, Roll], list[UnitVote]]:
    """Let every group cast its vote by its own rules, unless its vote is given."""
    for name in given:
        if name not in charter.units:
            raise _READ.problem(
                f"$.units.{name}",
                "the charter has no such units",
                code="unknown_units",
                remedy=f"known are {', '.join(charter.units) or 'none'}",
            )
    groups: dict[str, Roll] = {}
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
                vote = str(attributes["vote"])
                if attributes["vote"] not in charter.choices:
                    raise _unknown_vote(attributes["vote"], charter, f"{path}.vote")
            else:
                roll = Roll(within, charter.sides)
                inside = Count(roll, params, seats, trace, unit=f"{name}/{key}")
                vote = inside.first(units.vote)[1].then
            votes.append(UnitVote(name, key, vote, is_given))
            rows.append(Row(id=key, vote=vote, attributes={units.by: key, **attributes}))
        groups[name] = Roll(rows, charter.sides)
    return groups, votes


def _grouped(
    units: Units, members: Iterable[Row], given: Mapping[str, Mapping[str, Value]]
) -> Iterable[tuple[str, Mapping[str, Value], tuple[Row, ...]]]:
    """Yield each group: its key, its attributes, its members; in an order that rows cannot move."""
    within: dict[str, list[Row]] = {key: [] for key in given}
    for row in members:
        key = row.attribute(units.by)
        if key is not None and row.matches(units.where):
            within.setdefault(str(key), []).append(row)
    for key in (*given, *sorted(within.keys() - given.keys())):
        yield key, given.get(key, {}), tuple(within[key])
