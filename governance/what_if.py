"""What would have happened: ballots of the past and chosen tallies, counted under a draft.

Nothing is stored and nothing is decided. The frozen rows of a decision are counted again by the
same kernel; what the draft changes about who may sit and speak is not played through.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance import charter_mistakes, wording
from governance.domain.decide import decide
from governance.domain.documents import DocumentError
from governance.domain.explain import explain
from governance.domain.expressions import Result, Vote
from governance.domain.procedure import Voice
from governance.domain.rows import Row
from governance.models import Ballot, Decision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from governance.domain.charter import Charter
    from governance.domain.procedure import Procedure
    from governance.models import Body

RESULTS = {Result.ADOPTED: Decision.Result.AGREED, Result.NO_QUORUM: Decision.Result.NOT_HELD}
MOST_BALLOTS = 60
"""The latest ballots of a body that a page counts again."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """A ballot of the past with its result and the one under the draft."""

    ballot: Ballot
    before: str
    after: str
    problem: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the draft would have made another result."""
        return not self.problem and self.before != self.after


def past(body: Body, draft: Charter) -> list[Recounted]:
    """Count the body's ballots of the past under a draft, the latest first. One query.

    Ballots on the charter itself are left out: they follow the rule for changes of the charter.
    """
    decisions = (
        Decision.objects.filter(ballot__meeting__body=body)
        .exclude(ballot__decision_type=Ballot.DecisionType.CHARTER)
        .select_related("ballot__meeting")
        .order_by("-decided_at", "-pk")[:MOST_BALLOTS]
    )
    return [_recounted(decision, draft) for decision in decisions]


def _recounted(decision: Decision, draft: Charter) -> Recounted:
    try:
        outcome = decide(draft, [Row(**row) for row in decision.rows])
    except DocumentError as mistake:
        words = charter_mistakes.in_words(mistake)
        return Recounted(decision.ballot, decision.result, "", words)
    result = RESULTS.get(Result(outcome.result), Decision.Result.NOT_AGREED)
    return Recounted(decision.ballot, decision.result, result.value)


@dataclass(frozen=True, slots=True)
class Tried:
    """What chosen votes come to under one charter, with the reasons."""

    result: str
    sentences: tuple[str, ...]


CHOSEN = (Vote.YES, Vote.NO, Vote.ABSTAIN, Vote.ABSENT)


def tried(
    charter: Charter, votes: Mapping[str, Mapping[Vote, int]], names: Mapping[str, str]
) -> Tried:
    """Count chosen votes, side by side, and say what they come to and why.

    Raises:
        RollError: they cannot be counted under this charter.
    """
    rows = [
        Row(id=f"{side}-{vote}", side=side, vote=vote, n=count)
        for side, counts in votes.items()
        for vote, count in counts.items()
        if count
    ]
    found = explain(decide(charter, rows))
    said = (*found.reasons, *found.blocked_by)
    return Tried(
        wording.statement(found.result, names),
        tuple(wording.statement(statement, names) for statement in said),
    )


def side_sizes(body: Body, procedure: Procedure) -> Sequence[tuple[str, int]]:
    """Return how many votes each side has, to begin a tally with: one voice is one vote."""
    single = {code for code, side in procedure.sides.items() if side.voice is Voice.SINGLE}
    return [
        (side.code, 1 if side.code in single else len(side.seats.all()))
        for side in body.sides.prefetch_related("seats").order_by("position")
    ]
