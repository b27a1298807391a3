"""Decide one motion at a table of four sides and sixteen seats, with the trace of all tests."""
# ruff: noqa: INP001 - the scripts here are modules to run, not a package to import

from __future__ import annotations

from fractions import Fraction

from benchmarks.clock import best_of, show
from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.rows import Row
from governance.domain.table import InnerRule, compose_table_charter

SIDES = {
    "MIN": InnerRule.SINGLE_VOICE,
    "EMP": InnerRule.MAJORITY_OF_ENTITLED,
    "PUB": InnerRule.MAJORITY_OF_PRESENT,
    "EXP": InnerRule.TWO_THIRDS_PRESENT,
}
VOTES = {
    "MIN": ["yes"],
    "EMP": ["yes", "yes", "yes", "no", "absent"],
    "PUB": ["yes", "yes", "yes", "no", "abstain"],
    "EXP": ["yes", "yes", "yes", "yes", "no"],
}
ROWS = tuple(
    Row(id=f"{side}-{number}", vote=vote, side=side)
    for side, votes in VOTES.items()
    for number, vote in enumerate(votes)
)
CHARTER = parse_charter(compose_table_charter(id="table", title="Table", sides=SIDES))


def plainly() -> str:
    """Decide the same question by hand, exactly, and say nothing but the result."""
    agreed = {}
    for side, rule in SIDES.items():
        votes = [row.vote for row in ROWS if row.side == side]
        members = len(votes) - votes.count("recused")
        present = members - votes.count("absent")
        if not present > Fraction(1, 2) * members:
            return "no_quorum"
        in_favour = votes.count("yes")
        agreed[side] = {
            InnerRule.SINGLE_VOICE: bool(members) and in_favour == members,
            InnerRule.MAJORITY_OF_ENTITLED: in_favour > Fraction(1, 2) * members,
            InnerRule.MAJORITY_OF_PRESENT: in_favour > Fraction(1, 2) * present,
            InnerRule.TWO_THIRDS_PRESENT: in_favour >= Fraction(2, 3) * present,
        }[rule]
    return "adopted" if all(agreed.values()) else "blocked"


def main() -> None:
    """Measure both and compare."""
    ours, outcome = best_of(7, lambda: decide(CHARTER, ROWS), times=1000)
    plain, result = best_of(7, plainly, times=1000)
    if outcome.result != result:
        raise SystemExit(f"they differ: {outcome.result} and {result}")
    show("one motion, 4 sides, 16 seats", "in a second", "microseconds")
    show(f"decide, {len(outcome.trace)} tests traced", f"{1 / ours:,.0f}", f"{ours * 1e6:.0f}")
    show("by hand, the result alone", f"{1 / plain:,.0f}", f"{plain * 1e6:.0f}")
    show("ratio", f"{ours / plain:.2f}")


if __name__ == "__main__":
    main()
