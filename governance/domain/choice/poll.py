"""What was handed in at one poll, as the methods see it: candidates are numbers.

Read by `reading.parse_poll`. Each poll is given in one form – rankings, approvals, score cards, a
tally, pairs, or an aggregate of scores and run-offs – and a method that needs another form says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from governance.domain.documents import Reader
from governance.domain.expressions import Number
from governance.domain.rows import RollError

Ranking: TypeAlias = tuple[tuple[int, ...], ...]
"""Candidates from the first rank to the last, equals in one group."""

_READ = Reader(RollError)


class Form(StrEnum):
    """The key under which votes are given."""

    BALLOTS = "ballots"
    TALLY = "tally"
    PAIRWISE = "pairwise"
    AGGREGATE = "aggregate"


@dataclass(frozen=True, slots=True)
class Poll:
    """The votes of one poll, with all that was said about it.

    `valid` is the number of ballots that say something, `None` where only sums are known; `voters`
    is the number who voted, if it was given. `scores` hold one number for each candidate. `lot` is
    the published order of candidates, `casting_vote` the option of whoever has it, and `tags` the
    value of the capped tag for each candidate who has one.
    """

    candidates: tuple[str, ...]
    form: Form
    valid: int | None = None
    blank: int = 0
    rankings: tuple[tuple[Ranking, int], ...] = ()
    scores: tuple[tuple[Sequence[Number], int], ...] = ()
    totals: tuple[Number, ...] = ()
    pairs: Mapping[tuple[int, int], int] = field(default_factory=dict)
    voters: int | None = None
    members: int | None = None
    lot: tuple[int, ...] = ()
    casting_vote: int | None = None
    tags: Mapping[int, str] = field(default_factory=dict)

    @property
    def ballots(self) -> int | None:
        """How many ballots were handed in, blank ones with them."""
        if self.voters is not None:
            return self.voters
        return None if self.valid is None else self.valid + self.blank

    def sums(self) -> dict[int, Number]:
        """Return the total of each candidate."""
        if self.totals:
            return dict(enumerate(self.totals))
        totals: list[Number] = [0] * len(self.candidates)
        for scores, n in self.scores:
            for candidate, score in enumerate(scores):
                if score:
                    totals[candidate] += n * score
        return dict(enumerate(totals))

    def prefer(self, one: int, other: int) -> int:
        """Count those who score one candidate higher than another.

        Raises:
            RollError: only sums are known, and this run-off is not among those given.

        """
        if self.form is not Form.AGGREGATE:
            return sum(n for scores, n in self.scores if scores[one] > scores[other])
        if (one, other) in self.pairs:
            return self.pairs[one, other]
        name = f"{self.candidates[one]}>{self.candidates[other]}"
        raise _READ.problem(
            "$.aggregate.prefers",
            f"the run-off {name!r} is missing",
            code="missing_key",
            remedy="give how many voters prefer either of the two to the other",
        )
