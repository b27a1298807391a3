"""The silence procedure: when no answer means consent, and when it never does.

It exists only where a charter allows it for a kind of question, and is opened by an act of its own.
Every seat is filled and personally called; the term runs for five working days at least; one
reminder is sent. A single objection ends it and the question goes to a vote. What nobody objected
to is *tacit*: it is counted by the rule below and never as a vote for.

Where a condition is not kept, the procedure fails and nothing is decided: an empty seat cannot be
silent, and who was not reached has not kept silent either.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from .charter import parse_charter
from .decide import decide
from .expressions import Vote
from .rows import Row

if TYPE_CHECKING:
    from .outcome import Outcome

LEAST_WORKING_DAYS = 5

NEVER = frozenset(
    {
        *("refusal", "suspension", "revocation", "attestation", "persons", "money_shares"),
        *("charter", "duties"),
    }
)
"""What a charter cannot put under silence at all: refusing, suspending and revoking, attestation,
persons, shares of money, the charter itself, and new duties of a party."""

RULES: dict[str, Any] = {
    "schema": "decision-charter/1",
    "id": "silence",
    "title": "Silence procedure",
    "kind": "motion",
    "ballot": {"recode": [{"from": ["absent", "silent"], "to": "yes"}]},
    "decide": [
        {"then": "blocked", "if": {"votes": "no", ">=": 1}},
        {"then": "adopted"},
    ],
}
"""The rule of counting: consent unless somebody objects. No body can adopt it for its ballots."""


class Failure(StrEnum):
    """Why a procedure in which nobody objected has decided nothing all the same."""

    VACANT_SEAT = "vacant_seat"
    NOT_DELIVERED = "not_delivered"
    NOT_REMINDED = "not_reminded"


@dataclass(frozen=True, slots=True)
class Called:
    """One seat at the end of the term.

    `is_held` says that somebody holds it; `was_reached` that this very person was personally
    given the notice before the term was over.
    """

    seat: str
    side: str
    is_held: bool
    was_reached: bool


def failure_of(
    seats: Collection[Called], *, was_reminded: bool
) -> tuple[Failure, tuple[str, ...]] | None:
    """Say why silence means nothing here, and for want of which seats; None if it means consent."""
    if vacant := tuple(sorted(each.seat for each in seats if not each.is_held)):
        return Failure.VACANT_SEAT, vacant
    if missed := tuple(sorted(each.seat for each in seats if not each.was_reached)):
        return Failure.NOT_DELIVERED, missed
    if not was_reminded:
        return Failure.NOT_REMINDED, ()
    return None


def count(seats: Collection[Called], *, objecting: Collection[str] = ()) -> Outcome:
    """Count the silence of these seats, and the objections of some, under the rule above."""
    rows = tuple(
        Row(
            id=each.seat,
            side=each.side,
            vote=Vote.NO if each.seat in objecting else Vote.SILENT,
        )
        for each in seats
    )
    return decide(parse_charter(RULES), rows)
