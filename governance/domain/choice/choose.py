"""Choose: a charter and a poll in, an explained outcome out. Pure and exact, like `decide`.

First the `decide` rules: a quorum, say, over the ballots handed in. Then options that fail what the
charter asks of each against the default are dropped, then the method counts those left. A tie that
nothing in the charter decides is the result `tie`, never a winner by chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from governance.domain.counting import Count, Roll
from governance.domain.decide import replaced
from governance.domain.documents import Reader
from governance.domain.expressions import All, Number
from governance.domain.outcome import TraceItem
from governance.domain.rows import RollError

from . import pairs as paired
from .charter import ChoiceCharter
from .methods import ABOVE, BELOW, CHOOSE, LEVEL, VALID, Method
from .outcome import ChoiceOutcome, ChoiceResult, Finding, Stages, Step
from .papers import papers_of
from .poll import Form, Poll
from .runoff import instant_runoff
from .seats import Seats
from .star import score_then_run_off
from .ties import Ties
from .totals import borda_points, most_votes
from .transfer import Transfers, single_transferable_vote
from .voters import rows_of

_READ = Reader(RollError)


def choose(
    charter: ChoiceCharter,
    poll: Poll,
    *,
    params: Mapping[str, int | str | Fraction] | None = None,
    seats: int | None = None,
) -> ChoiceOutcome:
    """Count a poll under a charter.

    `params` replaces numbers named by the charter; `seats` is the fixed number of those entitled
    to vote. Where neither it nor the charter says so, it is the number of members.

    Raises:
        RollError: the poll cannot be counted under this charter. Nothing is ever guessed.

    """
    fixed = next((n for n in (seats, charter.roll_seats, poll.members) if n is not None), None)
    choice = _Choice(charter, poll, replaced(charter.params, params or {}), fixed)
    return choice.outcome()


@dataclass(slots=True)
class _Choice:
    """One poll under one charter, with the tests and stages as they are made."""

    charter: ChoiceCharter
    poll: Poll
    params: Mapping[str, Number]
    fixed: int | None
    tests: list[TraceItem] = field(default_factory=list)
    stages: Stages = field(init=False)

    def __post_init__(self) -> None:
        self.stages = Stages(self.poll.candidates)

    def outcome(self) -> ChoiceOutcome:
        """Apply the rules, drop options, count, and let a casting vote decide what it may."""
        default = self._default()
        index, rule = self._count_of_ballots().first(self.charter.rules)
        finding, result = Finding(), rule.then
        if rule.then == CHOOSE:
            finding = self._with_casting_vote(self._found(default))
            result = str(finding.result)
            if default is not None and finding.winners == (default,):
                result = str(ChoiceResult.DEFAULT)
        return ChoiceOutcome(
            charter=self.charter.id,
            result=result,
            winners=self._named(finding.winners),
            between=self._named(finding.between),
            order=tuple(self._named(group) for group in finding.order),
            quota=finding.quota,
            rule_index=index,
            why=rule.why,
            next=rule.next,
            tests=tuple(self.tests),
            stages=tuple(self.stages.stages),
        )

    def _named(self, candidates: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.poll.candidates[candidate] for candidate in candidates)

    def _default(self) -> int | None:
        """Return the default option, which has to stand like the others."""
        for name, path in [
            (self.charter.default, "$.choose.default"),
            *((name, "$.choose.option_params") for name in self.charter.option_params),
        ]:
            if name and name not in self.poll.candidates:
                raise _READ.problem(
                    path,
                    f"{name!r} is not among the candidates",
                    code="unknown_candidate",
                    remedy="name one of them under `choose` of this poll",
                )
        default = self.charter.default
        return self.poll.candidates.index(default) if default else None

    def _count_of_ballots(self) -> Count:
        conditions = [
            part
            for rule in self.charter.rules
            for part in (rule.condition, rule.exception)
            if part is not None
        ]
        expression = All(tuple(conditions)) if conditions else None
        rows = rows_of(self.poll, expression, {VALID: self.poll.valid})
        return Count(Roll(rows, {}), self.params, self.fixed, self.tests)

    def _with_casting_vote(self, finding: Finding) -> Finding:
        """Let whoever has the casting vote decide between equals for the last seat.

        Debian Constitution A.5: of several winning options the elector with the casting vote
        chooses one.
        """
        choice = self.poll.casting_vote
        is_last = len(finding.winners) + 1 == self.charter.seats
        if choice is None or choice not in finding.between or not is_last:
            return finding
        self.stages.add(Step.CASTING_VOTE, [choice])
        return replace(finding, winners=(*finding.winners, choice), between=())

    def _found(self, default: int | None) -> Finding:
        charter, poll = self.charter, self.poll
        ties = Ties(charter.ties, poll.lot)
        most = None if charter.cap is None else charter.cap.most
        seats = Seats(charter.seats, ties, most, poll.tags)
        match charter.method:
            case Method.PLURALITY | Method.APPROVAL:
                return self._by_share(seats)
            case Method.SCORE:
                return most_votes(poll.sums(), seats, self.stages)
            case Method.BORDA:
                totals = poll.sums()
                if poll.form is Form.BALLOTS:
                    totals = borda_points(poll.rankings, len(poll.candidates))
                return most_votes(totals, seats, self.stages)
            case Method.STAR:
                return score_then_run_off(poll.sums(), poll.prefer, seats, self.stages)
            case Method.IRV:
                everyone = range(len(poll.candidates))
                return instant_runoff(papers_of(poll.rankings), everyone, ties, self.stages)
            case Method.STV:
                return single_transferable_vote(
                    papers_of(poll.rankings),
                    len(poll.candidates),
                    seats=charter.seats,
                    rule=Transfers(
                        charter.places, charter.fraction_places, charter.is_last_vacancy_short
                    ),
                    ties=ties,
                    stages=self.stages,
                )
            case _:
                return self._by_pairs(default, seats)

    def _by_share(self, seats: Seats) -> Finding:
        least = self.charter.least_votes
        voters = self.poll.valid if self.poll.voters is None else self.poll.voters
        if least is not None and voters is None:
            raise _READ.problem(
                "$.voters",
                "the charter asks for a share of the voters, and how many voted is not known",
                code="not_enough_known",
                remedy="give 'voters'",
            )
        return most_votes(self.poll.sums(), seats, self.stages, least=least, voters=voters or 0)

    def _by_pairs(self, default: int | None, seats: Seats) -> Finding:
        charter, poll, stages = self.charter, self.poll, self.stages
        everyone = range(len(poll.candidates))
        if poll.form is Form.PAIRWISE:
            pairs = [[poll.pairs.get((one, other), 0) for other in everyone] for one in everyone]
        else:
            pairs = paired.compared(poll.rankings, len(everyone), charter.unranked)
        paired.show_pairs(pairs, everyone, stages)
        options = [
            option
            for option in everyone
            if default is None or option == default or self._may_stand(option, default, pairs)
        ]
        if default is None and not any(map(any, pairs)) and not poll.valid:
            return Finding(failure=ChoiceResult.NO_VOTES)
        match charter.method:
            case Method.COPELAND:
                return paired.copeland(pairs, options, seats, stages)
            case Method.CONDORCET:
                return paired.condorcet(
                    pairs, options, seats, stages, is_weak_enough=charter.is_weak_enough
                )
            case Method.CONDORCET_IRV:
                return paired.condorcet_or_runoff(pairs, options, poll.rankings, seats, stages)
            case _:
                return paired.schulze(pairs, options, charter.strength, seats, stages)

    def _may_stand(self, option: int, default: int, pairs: paired.Pairs) -> bool:
        """Make the tests that an option has to pass against the default.

        Debian Constitution A.5: a quorum of 3Q developers who prefer the option, and a majority by
        the ratio that the option needs.
        """
        name = self.poll.candidates[option]
        above, below = pairs[option][default], pairs[default][option]
        valid = self.poll.valid
        kinds = {
            ABOVE: above,
            BELOW: below,
            LEVEL: None if valid is None else valid - above - below,
        }
        params = {**self.params, **self.charter.option_params.get(name, {})}
        failed = []
        for need in self.charter.needs:
            rows = rows_of(self.poll, need.condition, kinds)
            count = Count(Roll(rows, {}), params, self.fixed, self.tests, unit=f"option/{name}")
            if not count.holds(need.condition, need.why):
                failed.append(need)
        if failed:
            self.stages.add(Step.DROPPED, [option])
        return not failed
