"""What a choice came to, and every stage of the count that led there.

INVARIANT: `as_document` and `from_document` keep understanding every outcome ever stored. A key or
a code may be added; none is renamed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeAlias

from governance.domain.expressions import Number, whole
from governance.domain.outcome import TraceItem

Figure: TypeAlias = tuple[tuple[str, ...], Number]
"""A number with what it belongs to: an option, or an ordered pair of options."""


class ChoiceResult(StrEnum):
    """What a choice can come to, once its `decide` rules let it begin."""

    ELECTED = "elected"
    DEFAULT = "default"
    NO_MAJORITY = "no_majority"
    NO_CONDORCET_WINNER = "no_condorcet_winner"
    NO_VOTES = "no_votes"
    TIE = "tie"


class Step(StrEnum):
    """What happened in a stage of a count.

    `who` are those concerned, `figures` the numbers after the stage, `needed` what had to be
    reached, `rest` the votes that belong to nobody any more.
    """

    COUNTED = "counted"
    PAIRS = "pairs"
    PATHS = "paths"
    DROPPED = "dropped"
    FINALISTS = "finalists"
    RUN_OFF = "run_off"
    HIGHER_SCORE = "higher_score"
    CONDORCET_WINNER = "condorcet_winner"
    CYCLE = "cycle"
    REACHED = "reached"
    SURPLUS = "surplus"
    EXCLUDED = "excluded"
    EXCLUDED_TOGETHER = "excluded_together"
    AS_MANY_AS_SEATS = "as_many_as_seats"
    CANNOT_BE_OVERTAKEN = "cannot_be_overtaken"
    PASSED_OVER = "passed_over"
    EQUAL = "equal"
    BACKWARD = "backward"
    LOT = "lot"
    CASTING_VOTE = "casting_vote"
    ELECTED = "elected"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage with its exact numbers."""

    step: Step
    who: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    needed: Number | None = None
    rest: Number | None = None

    def as_document(self) -> dict[str, Any]:
        """Return the stage as JSON values; fractions become `p/q`."""
        return {
            "step": str(self.step),
            "who": list(self.who),
            "figures": [[list(names), str(number)] for names, number in self.figures],
            "needed": None if self.needed is None else str(self.needed),
            "rest": None if self.rest is None else str(self.rest),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Stage:
        """Read back what `as_document` wrote."""
        return cls(
            step=Step(document["step"]),
            who=tuple(document["who"]),
            figures=tuple(
                (tuple(names), whole(Fraction(number))) for names, number in document["figures"]
            ),
            needed=None if document["needed"] is None else whole(Fraction(document["needed"])),
            rest=None if document["rest"] is None else whole(Fraction(document["rest"])),
        )


@dataclass(frozen=True, slots=True)
class ChoiceOutcome:
    """The result of one choice under one charter.

    `winners` are those who are elected whatever becomes of a tie; `between` are the options that a
    tie leaves open. `order` is the whole ranking where the method makes one, equals in one group.
    `tests` are those of the charter's `decide` rules and of what each option needs.
    """

    charter: str
    result: str
    winners: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    order: tuple[tuple[str, ...], ...] = ()
    quota: int | None = None
    rule_index: int = 0
    why: str = ""
    next: str = ""
    tests: tuple[TraceItem, ...] = ()
    stages: tuple[Stage, ...] = ()

    def as_document(self) -> dict[str, Any]:
        """Return the outcome as JSON values, fit to be stored and hashed."""
        return {
            "charter": self.charter,
            "result": self.result,
            "winners": list(self.winners),
            "between": list(self.between),
            "order": [list(group) for group in self.order],
            "quota": self.quota,
            "rule_index": self.rule_index,
            "why": self.why,
            "next": self.next,
            "tests": [test.as_document() for test in self.tests],
            "stages": [stage.as_document() for stage in self.stages],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> ChoiceOutcome:
        """Read back what `as_document` wrote."""
        return cls(
            charter=document["charter"],
            result=document["result"],
            winners=tuple(document["winners"]),
            between=tuple(document["between"]),
            order=tuple(tuple(group) for group in document["order"]),
            quota=document["quota"],
            rule_index=document["rule_index"],
            why=document["why"],
            next=document["next"],
            tests=tuple(TraceItem.from_document(test) for test in document["tests"]),
            stages=tuple(Stage.from_document(stage) for stage in document["stages"]),
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """What a method found, with candidates as numbers. Equals that nothing decides are a tie."""

    winners: tuple[int, ...] = ()
    between: tuple[int, ...] = ()
    order: tuple[tuple[int, ...], ...] = ()
    quota: int | None = None
    failure: ChoiceResult | None = None

    @property
    def result(self) -> ChoiceResult:
        """The word for what was found."""
        if self.failure is not None:
            return self.failure
        return ChoiceResult.TIE if self.between else ChoiceResult.ELECTED


@dataclass(slots=True)
class Stages:
    """The stages of one count as they happen, with candidates given their names."""

    names: Sequence[str]
    stages: list[Stage] = field(default_factory=list)

    def add(
        self,
        step: Step,
        who: Iterable[int] = (),
        figures: Mapping[int, Number] | None = None,
        *,
        needed: Number | None = None,
        rest: Number | None = None,
    ) -> None:
        """Write down a stage with a number for each candidate."""
        named = [((self.names[one],), number) for one, number in (figures or {}).items()]
        self._append(step, who, named, needed, rest)

    def add_pairs(
        self, step: Step, figures: Mapping[tuple[int, int], Number], who: Iterable[int] = ()
    ) -> None:
        """Write down a stage with a number for each ordered pair of candidates."""
        named = [
            ((self.names[one], self.names[other]), number)
            for (one, other), number in figures.items()
        ]
        self._append(step, who, named, None, None)

    def _append(
        self,
        step: Step,
        who: Iterable[int],
        figures: Sequence[tuple[tuple[str, ...], Number]],
        needed: Number | None,
        rest: Number | None,
    ) -> None:
        named = tuple(self.names[one] for one in who)
        self.stages.append(Stage(step, named, tuple(figures), needed, rest))
