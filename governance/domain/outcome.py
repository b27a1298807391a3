"""What a count came to, and every comparison that was made on the way.

An outcome is its own explanation: the result, the rule that gave it, who stood in the way, and the
trace of all tests with both sides of each comparison. It is stored with the decision and can be
read back, so that pages show what was decided and never decide again.

INVARIANT: `as_document` and `from_document` keep understanding every outcome ever stored. A key may
be added; none is renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple

from .expressions import Comparison, Number


class TraceItem(NamedTuple):
    """One test with its numbers. A tuple: it is made six times as fast as a frozen dataclass.

    `left` is the weight of the votes `counted`; `right` is `share` · `base` + `plus`. Where
    `is_root` is set the base stands under a square root: then `right` is `share`² · `base` and it
    was (`left` − `plus`)² that was compared with it, so the comparison stayed exact. `base` is
    `None` where the rule names a plain number.
    """

    path: str
    why: str
    side: str
    unit: str
    counted: tuple[str, ...]
    weight: str
    left: Number
    comparison: Comparison
    share: Number
    of: tuple[str, ...]
    base: Number | None
    plus: Number
    is_root: bool
    right: Number
    holds: bool

    def as_document(self) -> dict[str, Any]:
        """Return the item as JSON values; fractions become `p/q`."""
        return {
            "path": self.path,
            "why": self.why,
            "side": self.side,
            "unit": self.unit,
            "counted": list(self.counted),
            "weight": self.weight,
            "left": str(self.left),
            "comparison": str(self.comparison),
            "share": str(self.share),
            "of": list(self.of),
            "base": None if self.base is None else str(self.base),
            "plus": str(self.plus),
            "is_root": self.is_root,
            "right": str(self.right),
            "holds": self.holds,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> TraceItem:
        """Read back what `as_document` wrote."""
        return cls(
            path=document["path"],
            why=document["why"],
            side=document["side"],
            unit=document["unit"],
            counted=tuple(document["counted"]),
            weight=document["weight"],
            left=Fraction(document["left"]),
            comparison=Comparison(document["comparison"]),
            share=Fraction(document["share"]),
            of=tuple(document["of"]),
            base=None if document["base"] is None else Fraction(document["base"]),
            plus=Fraction(document["plus"]),
            is_root=document["is_root"],
            right=Fraction(document["right"]),
            holds=document["holds"],
        )


@dataclass(frozen=True, slots=True)
class UnitVote:
    """How one group voted in an indirect vote. `is_given` when its own count was not known."""

    units: str
    unit: str
    vote: str
    is_given: bool

    def as_document(self) -> dict[str, Any]:
        """Return the vote of the group as JSON values."""
        return {
            "units": self.units,
            "unit": self.unit,
            "vote": self.vote,
            "is_given": self.is_given,
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of one count under one charter.

    `blocking_sides` and `blocking_rows` are empty unless the result is `blocked`. `next` names the
    charter of a following vote, if the rule names one.
    """

    charter: str
    result: str
    rule_index: int
    why: str
    next: str
    blocking_sides: tuple[str, ...]
    blocking_rows: tuple[str, ...]
    trace: tuple[TraceItem, ...]
    unit_votes: tuple[UnitVote, ...] = ()

    @property
    def blocked_by(self) -> tuple[str, ...]:
        """Who stood in the way: sides in the order of the charter, then members by their ids."""
        return self.blocking_sides + self.blocking_rows

    def as_document(self) -> dict[str, Any]:
        """Return the outcome as JSON values, fit to be stored and hashed."""
        return {
            "charter": self.charter,
            "result": self.result,
            "rule_index": self.rule_index,
            "why": self.why,
            "next": self.next,
            "blocking_sides": list(self.blocking_sides),
            "blocking_rows": list(self.blocking_rows),
            "trace": [item.as_document() for item in self.trace],
            "unit_votes": [vote.as_document() for vote in self.unit_votes],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Outcome:
        """Read back what `as_document` wrote."""
        return cls(
            charter=document["charter"],
            result=document["result"],
            rule_index=document["rule_index"],
            why=document["why"],
            next=document["next"],
            blocking_sides=tuple(document["blocking_sides"]),
            blocking_rows=tuple(document["blocking_rows"]),
            trace=tuple(TraceItem.from_document(item) for item in document["trace"]),
            unit_votes=tuple(UnitVote(**vote) for vote in document["unit_votes"]),
        )
