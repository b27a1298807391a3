"""What positions on record say against the independence of those who hold seats."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calendars.domain import day_of
from governance import refusals
from governance.domain.independence import Bond, Position, bonds
from governance.models import Affiliation, Mandate, Organisation, SeatHolding

from ._roll import barred, holdings_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection
    from uuid import UUID

    from governance.domain.procedure import Procedure
    from governance.models import Ballot, Body


@dataclass(frozen=True, slots=True)
class Tied:
    """Somebody who holds a seat of an independent side, and a position with another side."""

    holding: SeatHolding
    bond: Bond
    organisation: Organisation


def tied_holders(*, body: Body, procedure: Procedure, at: datetime.datetime) -> list[Tied]:
    """Return who of the sides that are to be independent is tied to another side, seat by seat.

    An organisation is of a side while a mandate in its name, by its own dates, is good for a seat
    there.
    """
    if not any(side.independent_months for side in procedure.sides.values()):
        return []
    day = day_of(at)
    holdings = [held for held in holdings_of(body, at) if _months(procedure, held)]
    represented = _represented(body, day)
    named = Organisation.objects.in_bulk({pk for found in represented.values() for pk in found})
    spoken_for = {
        side: frozenset(str(named[pk].uid) for pk in found) for side, found in represented.items()
    }
    by_uid = {str(one.uid): one for one in named.values()}
    positions = _positions({held.person_id for held in holdings})
    return [
        Tied(held, bond, by_uid[bond.position.organisation])
        for held in holdings
        for bond in bonds(
            positions.get(held.person_id, ()),
            spoken_for,
            side=held.seat.side.code,
            months=_months(procedure, held),
            day=day,
        )
    ]


def unexamined(ballot: Ballot, procedure: Procedure, at: datetime.datetime) -> list[Tied]:
    """Return the tied holders about whom something was not declared that the ballot is about.

    Only a question about clauses is asked, and its confirmation: a recusal reaches neither the vote
    on the whole nor that on the charter. Whoever is recused for one of several clauses that are put
    together is out of the vote, and nothing more need be declared.
    """
    asked_first = ballot.confirms.ballot if ballot.confirms else ballot
    if asked_first.decision_type != ballot.DecisionType.CLAUSE:
        return []
    body = ballot.meeting.body
    tied = tied_holders(body=body, procedure=procedure, at=at)
    if not tied:
        return []
    declared: defaultdict[int, set[UUID]] = defaultdict(set)
    found = body.conflicts.touching(ballot.topics).filter(declared_at__lte=at)
    for person, topics in found.values_list("person_id", "topics"):
        declared[person].update(topics)
    out = barred(body, ballot.topics)
    return [
        each
        for each in tied
        if each.holding.person_id not in out
        and not declared[each.holding.person_id].issuperset(ballot.topics)
    ]


def require_examined(ballot: Ballot, procedure: Procedure, at: datetime.datetime) -> None:
    """Refuse to freeze a roll on which somebody's independence was not looked at.

    Raises:
        IndependenceNotExamined: the parameters name the seats.
    """
    if found := unexamined(ballot, procedure, at):
        seats = dict.fromkeys(each.holding.seat.code for each in found)
        raise refusals.IndependenceNotExamined(seats=", ".join(seats))


def _months(procedure: Procedure, holding: SeatHolding) -> int:
    side = procedure.sides.get(holding.seat.side.code)
    return side.independent_months if side else 0


def _represented(body: Body, day: datetime.date) -> dict[str, set[int]]:
    """Return the organisations for which each side speaks on a day."""
    papers = Mandate.objects.filter(seat__body=body, principal__isnull=False).on(day)
    found: dict[str, set[int]] = {}
    for side, organisation in papers.values_list("seat__side__code", "principal_id"):
        found.setdefault(side, set()).add(organisation)
    return found


def _positions(people: Collection[int]) -> dict[int, list[Position]]:
    rows = Affiliation.objects.filter(person__in=people, organisation__isnull=False)
    found: dict[int, list[Position]] = {}
    for row in rows.select_related("organisation").order_by("valid_from", "id"):
        if row.organisation is not None:
            position = Position(str(row.organisation.uid), row.valid_from, row.valid_to)
            found.setdefault(row.person_id, []).append(position)
    return found
