"""Turn an outcome into statements: codes with exact numbers, in the order in which people ask.

What is the result, why, who stood in the way, what was still needed, and then every test. No words
are made here; `governance.wording` turns each statement into a Russian or English sentence. Nothing
is decided here either: statements are read from the outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil

from .expressions import Comparison, Result
from .outcome import Outcome, TraceItem
from .stakes import Swing
from .table import SIDE_AGREES, SIDE_QUORUM, Needed, is_table, table_result


class Said(StrEnum):
    """The kinds of statement. `governance.wording` has a sentence for every one."""

    RESULT = "result"
    TABLE_RESULT = "table_result"
    ALL_SIDES_AGREED = "all_sides_agreed"
    SIDE_HAD_NO_QUORUM = "side_had_no_quorum"
    SIDE_DID_NOT_AGREE = "side_did_not_agree"
    RULE_APPLIED = "rule_applied"
    BLOCKED_BY_SIDES = "blocked_by_sides"
    BLOCKED_BY_MEMBERS = "blocked_by_members"
    VOTES_NEEDED = "votes_needed"
    NOTHING_WOULD_DO = "nothing_would_do"
    NEEDED_TOGETHER = "needed_together"
    WOULD_HAVE_CHANGED = "would_have_changed"
    ENOUGH_TO_CHANGE = "enough_to_change"
    CHANGE_NOT_FOUND = "change_not_found"
    NEXT_VOTE = "next_vote"


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing to be said. Only the fields that its kind needs are filled."""

    said: Said
    result: str = ""
    side: str = ""
    names: tuple[str, ...] = ()
    why: str = ""
    votes: int = 0
    test: TraceItem | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """All statements about one outcome."""

    result: Statement
    reasons: tuple[Statement, ...]
    blocked_by: tuple[Statement, ...]
    needed: tuple[Statement, ...]
    changes: tuple[Statement, ...]
    tests: tuple[TraceItem, ...]


def explain(
    outcome: Outcome, needed: Iterable[Needed] = (), swings: Iterable[Swing] = ()
) -> Explanation:
    """Return the statements that explain the outcome.

    `needed` is what `table.votes_needed` computed for the same roll, `swings` what
    `stakes.swings` did; an outcome alone does not know the votes that might have been.
    """
    lacking = tuple(needed)
    reasons = [_result_reason(outcome)] if not is_table(outcome) else _table_reasons(outcome)
    if outcome.next:
        reasons.append(Statement(Said.NEXT_VOTE, why=outcome.next))
    return Explanation(
        result=_result(outcome),
        reasons=tuple(reasons),
        blocked_by=tuple(_blocked_by(outcome)),
        needed=tuple(
            Statement(Said.NOTHING_WOULD_DO, side=one.side)
            if one.votes is None
            else Statement(Said.VOTES_NEEDED, side=one.side, votes=one.votes)
            for one in lacking
        )
        + tuple(_together(lacking)),
        changes=tuple(_change(one) for one in swings if one.votes is not None or not one.is_known),
        tests=outcome.trace,
    )


def _change(swing: Swing) -> Statement:
    """Say how many votes would have changed the result, and where that was not found out."""
    if swing.votes is None:
        return Statement(Said.CHANGE_NOT_FOUND, side=swing.side)
    said = Said.WOULD_HAVE_CHANGED if swing.is_known else Said.ENOUGH_TO_CHANGE
    return Statement(said, side=swing.side, votes=swing.votes)


def _together(needed: tuple[Needed, ...]) -> Iterable[Statement]:
    """Say the sum where several sides lacked votes: each has to agree, so none makes up for one."""
    votes = [one.votes for one in needed if one.votes is not None]
    if len(votes) > 1 and len(votes) == len(needed):
        yield Statement(Said.NEEDED_TOGETHER, votes=sum(votes))


def _result(outcome: Outcome) -> Statement:
    if is_table(outcome):
        return Statement(Said.TABLE_RESULT, result=table_result(outcome))
    return Statement(Said.RESULT, result=outcome.result)


def _result_reason(outcome: Outcome) -> Statement:
    return Statement(Said.RULE_APPLIED, votes=outcome.rule_index + 1, why=outcome.why)


def _table_reasons(outcome: Outcome) -> list[Statement]:
    if outcome.result == Result.ADOPTED:
        return [Statement(Said.ALL_SIDES_AGREED)]
    is_quorum = outcome.result == Result.NO_QUORUM
    why = SIDE_QUORUM if is_quorum else SIDE_AGREES
    said = Said.SIDE_HAD_NO_QUORUM if is_quorum else Said.SIDE_DID_NOT_AGREE
    return [
        Statement(said, side=item.side, test=item)
        for item in outcome.trace
        if item.why == why and not item.holds
    ]


def _blocked_by(outcome: Outcome) -> Iterable[Statement]:
    if outcome.blocking_sides:
        yield Statement(Said.BLOCKED_BY_SIDES, names=outcome.blocking_sides)
    if outcome.blocking_rows:
        yield Statement(Said.BLOCKED_BY_MEMBERS, names=outcome.blocking_rows)


def least_that_passes(test: TraceItem) -> Fraction | None:
    """Return the smallest whole weight on the left that the test would have passed with.

    `None` where more on the left does not help, where the base is nothing, where votes may be
    fractions (a weight is named) or where a root has to be taken. The base is taken as it was:
    a vote that also enlarges the base is the business of `table.votes_needed`.
    """
    asks_for_less = test.comparison in (Comparison.LESS, Comparison.AT_MOST)
    if asks_for_less or test.is_root or test.weight or test.base == 0:
        return None
    least = Fraction(ceil(test.right))
    return least + 1 if test.comparison is Comparison.MORE and least == test.right else least
