"""The single transferable vote by the weighted inclusive Gregory method.

Scottish Local Government Elections Order 2011, schedule 1 rules 46 to 52; with the fraction of the
surplus cut first, Minneapolis Code of Ordinances 167.20 and 167.70. All values are integers of
10^−places: what a rule cuts off is lost, and how many places it keeps is part of the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from governance.domain.expressions import Number, whole

from .outcome import ChoiceResult, Finding, Stages, Step
from .papers import Paper
from .ties import Ties

_Parcel: TypeAlias = tuple[Paper, int, int, int]
"""Equal papers: their order, where in it to go on, how many they are, what each is worth."""


@dataclass(frozen=True, slots=True)
class Transfers:
    """The parameters of one rule: the places kept, and how the last vacancy is filled."""

    places: int
    fraction_places: int | None
    is_last_vacancy_short: bool


def single_transferable_vote(
    papers: Iterable[tuple[Paper, int]],
    candidates: int,
    *,
    seats: int,
    rule: Transfers,
    ties: Ties,
    stages: Stages,
) -> Finding:
    """Elect by quota, transferring surpluses and then the votes of the lowest.

    Where nobody has a vote, nobody is elected by lot; as many candidates as seats need no vote.
    The winners are named in the order of the ballot paper; the stages tell who was elected when.
    """
    count = _Count(papers, candidates, seats, rule, ties, stages)
    count.begin()
    if candidates > seats and not any(count.votes):
        return Finding(failure=ChoiceResult.NO_VOTES, quota=count.quota_in_votes)
    open_between = count.run()
    return Finding(
        winners=tuple(sorted(count.elected)), between=open_between, quota=count.quota_in_votes
    )


@dataclass(slots=True)
class _Count:
    """The state of a count: whose papers lie where, and who is still in the running."""

    papers: Iterable[tuple[Paper, int]]
    candidates: int
    seats: int
    rule: Transfers
    ties: Ties
    stages: Stages
    unit: int = 0
    quota: int = 0
    quota_in_votes: int = 0
    lost: int = 0
    running: set[int] = field(default_factory=set)
    elected: list[int] = field(default_factory=list)
    surpluses: dict[int, int] = field(default_factory=dict)
    piles: list[list[_Parcel]] = field(default_factory=list)
    votes: list[int] = field(default_factory=list)
    history: list[dict[int, Number]] = field(default_factory=list)

    def run(self) -> tuple[int, ...]:
        """Count on to the end; return those between whom a tie is left open, if any."""
        while True:
            self._elect_with_quota()
            vacancies = self.seats - len(self.elected)
            if not vacancies or self._fill_last(vacancies):
                return ()
            open_between = (
                self._transfer_surplus() if self.surpluses else self._exclude_lowest(vacancies)
            )
            if open_between:
                return open_between

    def begin(self) -> None:
        """Give every paper to its first preference, and find the quota."""
        self.unit = 10**self.rule.places
        self.running = set(range(self.candidates))
        self.piles = [[] for _ in range(self.candidates)]
        self.votes = [0] * self.candidates
        valid = 0
        for paper, n in self.papers:
            if paper:
                valid += n
                self._give(paper, 0, n, self.unit)
        self.quota_in_votes = valid // (self.seats + 1) + 1
        self.quota = self.quota_in_votes * self.unit
        self._end_stage(Step.COUNTED, ())

    def _give(self, paper: Paper, start: int, n: int, value: int) -> None:
        """Pass papers on to the next candidate who is still running."""
        for place in range(start, len(paper)):
            candidate = paper[place]
            if candidate in self.running:
                self.piles[candidate].append((paper, place + 1, n, value))
                self.votes[candidate] += n * value
                return
        self.lost += n * value

    def _end_stage(self, step: Step, who: Iterable[int]) -> None:
        self.history.append(dict(enumerate(self.votes)))
        self.stages.add(
            step,
            who,
            {candidate: self._in_votes(votes) for candidate, votes in enumerate(self.votes)},
            needed=self.quota_in_votes,
            rest=self._in_votes(self.lost),
        )

    def _in_votes(self, value: int) -> Number:
        return whole(Fraction(value, self.unit))

    def _elect_with_quota(self) -> None:
        reached = [one for one in sorted(self.running) if self.votes[one] >= self.quota]
        reached.sort(key=lambda one: -self.votes[one])
        for candidate in reached:
            if self.votes[candidate] > self.quota:
                self.surpluses[candidate] = self.votes[candidate] - self.quota
        if reached:
            self._elect(Step.REACHED, reached)

    def _elect(self, step: Step, candidates: list[int]) -> None:
        self.elected.extend(candidates)
        self.running.difference_update(candidates)
        self.stages.add(step, candidates)

    def _fill_last(self, vacancies: int) -> bool:
        """Elect without further transfers where they can change nothing (rule 52)."""
        if len(self.running) <= vacancies:
            self._elect(Step.AS_MANY_AS_SEATS, sorted(self.running))
            return True
        if not self.rule.is_last_vacancy_short or vacancies > 1:
            return False
        leader = max(sorted(self.running), key=self.votes.__getitem__)
        others = sum(self.votes[one] for one in self.running if one != leader)
        if self.votes[leader] < others + sum(self.surpluses.values()):
            return False
        if any(self.votes[one] == self.votes[leader] for one in self.running - {leader}):
            # Two equals with nothing else to come: which of them leads is a tie.
            return False
        self._elect(Step.CANNOT_BE_OVERTAKEN, [leader])
        return True

    def _transfer_surplus(self) -> tuple[int, ...]:
        """Transfer the largest surplus: all papers of the candidate, each worth its share of it."""
        largest = max(self.surpluses.values())
        equals = tuple(one for one, surplus in self.surpluses.items() if surplus == largest)
        candidate: int | None = equals[0]
        if len(equals) > 1:
            candidate = self.ties.first(equals, self.history, self.stages)
        if candidate is None:
            return equals
        surplus, total = self.surpluses.pop(candidate), self.votes[candidate]
        parcels, self.piles[candidate] = self.piles[candidate], []
        lost_before, given_before = self.lost, sum(self.votes)
        for paper, start, n, value in parcels:
            self._give(paper, start, n, self._share(value, surplus, total))
        # What was cut off belongs to nobody, as do papers without a further preference.
        self.lost = lost_before + surplus - (sum(self.votes) - given_before)
        self.votes[candidate] = self.quota
        self._end_stage(Step.SURPLUS, [candidate])
        return ()

    def _share(self, value: int, surplus: int, total: int) -> int:
        if self.rule.fraction_places is None:
            return surplus * value // total
        precision: int = 10**self.rule.fraction_places
        return value * (surplus * precision // total) // precision

    def _exclude_lowest(self, vacancies: int) -> tuple[int, ...]:
        """Exclude the lowest; candidates without any vote together, if all of them must go."""
        fewest = min(self.votes[one] for one in self.running)
        lowest = tuple(one for one in sorted(self.running) if self.votes[one] == fewest)
        if not fewest and len(lowest) > 1 and len(self.running) - len(lowest) >= vacancies:
            self.running.difference_update(lowest)
            self._end_stage(Step.EXCLUDED_TOGETHER, lowest)
            return ()
        last: int | None = lowest[0]
        if len(lowest) > 1:
            last = self.ties.last(lowest, self.history, self.stages)
        if last is None:
            return lowest
        self.running.discard(last)
        parcels, self.piles[last] = self.piles[last], []
        self.votes[last] = 0
        for paper, start, n, value in parcels:
            self._give(paper, start, n, value)
        self._end_stage(Step.EXCLUDED, [last])
        return ()
