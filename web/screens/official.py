"""«Что ждёт моего решения»: texts before the official, on one sheet each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from calendars.domain import day_of
from governance.models import Appointment, DissentingOpinion
from licensing import selectors
from licensing.models import RequirementVersion
from negotiation.models import Disagreement, Matter, Position
from web.screens import side
from workflows.inbox import awaiting

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from licensing.selectors import SheetLine
    from web.capacities import InWords


@dataclass(frozen=True, slots=True)
class Order:
    """A version that waits for an order: the sheet on which the official decides."""

    version: RequirementVersion
    sheet: list[SheetLine]
    is_late: bool
    changed: int
    replaces: RequirementVersion | None
    objections: list[Position]
    dissents: list[DissentingOpinion]
    disagreements: list[Disagreement]

    @property
    def is_endorsed(self) -> bool:
        """Whether every unit asked has said yes to this very text."""
        return all(line.is_in_favour for line in self.sheet)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A matter that is still at the table, and what the sides object to."""

    matter: Matter
    objections: list[Position]


def orders(capacities: list[InWords], now: datetime.datetime) -> list[Order]:
    """Return the versions that wait for an order of this person, the nearest term first."""
    bodies = [
        each.capacity.body
        for each in capacities
        if each.role == Appointment.Role.APPROVING_OFFICIAL
    ]
    versions = (
        RequirementVersion.objects.awaiting_order()
        .filter(requirement_set__body__in=bodies)
        .select_related("requirement_set__matter", "requirement_set__body", "adopted_in")
        .order_by("decide_by", "pk")
    )
    return [_order(version, now) for version in versions]


def _order(version: RequirementVersion, now: datetime.datetime) -> Order:
    matter = version.requirement_set.matter
    replaces = selectors.version_in_force(version.scope, day_of(now))
    return Order(
        version=version,
        sheet=selectors.approval_sheet(version),
        is_late=selectors.is_awaiting_too_long(version, now),
        changed=len(selectors.differences(replaces, version)) if replaces else 0,
        replaces=replaces,
        objections=objections([matter]) if matter else [],
        dissents=list(
            DissentingOpinion.objects.filter(ballot=version.adopted_in)
            .select_related("person", "seat__side")
            .order_by("filed_at", "pk")
        ),
        disagreements=list(
            Disagreement.objects.filter(matter=matter, state=Disagreement.State.RECORDED)
            .select_related("clause")
            .order_by("clause__position")
        ),
    )


def objections(matters: list[Matter]) -> list[Position]:
    """Return the objections and reservations that stand, each with its words."""
    stances = [Position.Stance.OBJECT, Position.Stance.SUPPORT_WITH_RESERVATION]
    return list(
        Position.objects.last_words()
        .filter(clause__document__matter__in=matters, stance__in=stances)
        .select_related("clause__document__matter", "side")
        .order_by("clause__position", "side__position", "pk")
    )


def on_the_way(person: Person) -> list[OnTheWay]:
    """Return the matters still at the table that the person may see, with what is objected to."""
    matters = list(Matter.objects.visible_to(person).at_the_table().order_by("registered_at", "pk"))
    by_matter: dict[int, list[Position]] = {matter.pk: [] for matter in matters}
    for position in objections(matters):
        if position.stance == Position.Stance.OBJECT:
            by_matter[position.clause.document.matter_id].append(position)
    return [OnTheWay(matter, by_matter[matter.pk]) for matter in matters]


def screen(person: Person, capacities: list[InWords], now: datetime.datetime) -> dict[str, Any]:
    """Return what the official sees first."""
    seats = side.seats_of(capacities)
    return {
        "orders": orders(capacities, now),
        "visas": list(selectors.visas_owed_by(person)),
        "votes": side.votes_wanted(seats, now),
        "positions": side.positions_wanted(seats, now),
        "on_the_way": on_the_way(person),
        "items": [
            item
            for item in awaiting(person, now)
            if item.kind not in side.SHOWN_IN_FULL and not item.url_name.startswith("licensing:")
        ],
    }
