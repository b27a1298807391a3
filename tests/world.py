"""A table to test on: four sides with four seats each, its officers, mandates and charter.

Built through the services only, as a secretary would build it, in a marked demonstration,
so that a test chooses its instants. The seats and rules are those of the demonstration: MIN
speaks with one voice, EMP decides by a majority of those entitled, PUB by a majority and
EXP by two thirds of those present.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Person
from accounts.services import create_first_administrator, register_demonstration_person
from audit import times
from audit.services import is_demonstration, mark_demonstration
from calendars.domain import KRASNOYARSK
from governance import services
from governance.domain.procedure import parse_procedure
from governance.models import (
    AgendaItem,
    Appointment,
    Attendance,
    Ballot,
    Body,
    CharterVersion,
    Mandate,
    Meeting,
    Organisation,
    PaperCheck,
    Seat,
    Side,
    Vote,
)
from tests.snapshots import restored

BEGINS = datetime(2026, 2, 2, 9, 0, tzinfo=KRASNOYARSK)
"""A working Monday, on which the table is set up."""

PROCEDURE: dict[str, Any] = {
    "proxy": "except_experts",
    "partial_adoption": "severable_clauses",
    "sides": {
        "MIN": {"inner_rule": "single_voice", "inner_approvals": 2},
        "EMP": {"inner_rule": "majority_of_entitled", "proxies_allowed": True},
        "PUB": {"inner_rule": "majority_of_present", "proxies_allowed": True},
        "EXP": {"inner_rule": "two_thirds_present"},
    },
}

SIDES = {
    "MIN": ("Министерство", "Ministry"),
    "EMP": ("Работодатели", "Employers"),
    "PUB": ("Общественные организации", "Public organisations"),
    "EXP": ("Эксперты", "Experts"),
}

_KINDS = {
    "MIN": (Mandate.Kind.ORDER, Organisation.Kind.EXECUTIVE_AUTHORITY),
    "EMP": (Mandate.Kind.POWER_OF_ATTORNEY, Organisation.Kind.EMPLOYER),
    "PUB": (Mandate.Kind.DELEGATION_DECISION, Organisation.Kind.PUBLIC_ORGANISATION),
    "EXP": (Mandate.Kind.APPOINTMENT, None),
}

SEATS = 4
"""Seats of each side."""


@contextmanager
def chosen_time() -> Iterator[None]:
    """Let acts inside happen at any instant: this is a demonstration."""
    with times.transcribed(basis="demonstration"):
        yield


def digest(text: str) -> str:
    """Return a digest such as a text has."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class World:
    """One body with everybody at it. `now` moves forward with `later`."""

    now: datetime
    administrator: Person
    body: Body
    charter: CharterVersion
    coordinator: Person
    secretary: Person
    official: Person
    auditor: Person
    heads: list[Person]
    sides: dict[str, Side]
    seats: dict[str, Seat]
    people: dict[str, Person]
    mandates: dict[str, Mandate]
    # Those whom the mandates of a side represent; experts represent nobody.
    organisations: dict[str, Organisation] = field(default_factory=dict)
    _meetings: int = 0
    _ballots: int = 0

    def later(self, **duration: int) -> datetime:
        """Let time pass and return the new instant: `later(days=1)`; a minute by default."""
        self.now += timedelta(**(duration or {"minutes": 1}))
        return self.now

    def person(self, name: str) -> Person:
        """Register somebody else."""
        with chosen_time():
            return register_demonstration_person(
                name_ru=f"{name} (вымышлен)", name_en=name, actor=self.administrator, at=self.now
            )

    def mandate(self, seat: str, person: Person | None = None, **says: Any) -> Mandate:
        """Register another mandate for a seat; it says the usual unless told otherwise."""
        side = seat.partition("-")[0]
        paper = {
            "code": f"MD-{seat}-{uuid.uuid4().hex[:8]}",
            "seat": self.seats[seat],
            "person": person or self.people[seat],
            "principal": self.organisations.get(side),
            "kind": _KINDS[side][0],
            "document_ru": "доверенность № 1",
            "issued_on": self.now.date(),
            "valid_from": self.now.date(),
            "valid_to": date(2027, 1, 1),
            "scope": ["vote", "negotiate"],
            "actor": self.secretary,
            "at": self.now,
        }
        with chosen_time():
            return services.register_mandate(**{**paper, **says})

    def substitute(self, seat: str, person: Person, **says: Any) -> Mandate:
        """Let a person stand in for the holder of a seat."""
        usual = {"kind": Mandate.Kind.SUBSTITUTION, "parent": self.mandates[seat]}
        return self.mandate(seat, person, **{**usual, "scope": ["vote"], **says})

    def planned(self, kind: str = "in_person", topics: Any = None, **says: Any) -> Meeting:
        """Plan a meeting three weeks from now with one item on its agenda."""
        self._meetings += 1
        starts = self.now + timedelta(days=21)
        plan = {
            "code": f"M{self._meetings}",
            "body": self.body,
            "kind": kind,
            "planned_for": starts,
            "closes_at": starts + timedelta(days=4) if kind == "written" else None,
            "place_ru": "Красноярск",
            "actor": self.secretary,
            "at": self.now,
        }
        with chosen_time():
            meeting = services.plan_meeting(**{**plan, **says})
            services.add_agenda_item(
                meeting=meeting,
                title_ru="Пункты требований",
                title_en="Clauses of the requirements",
                topics=topics or [uuid.uuid4()],
                actor=self.secretary,
                at=self.now,
            )
        return meeting

    def convened(self, kind: str = "in_person", topics: Any = None, **says: Any) -> Meeting:
        """Plan and convene a meeting, and let time pass to its hour."""
        meeting = self.planned(kind, topics, **says)
        with chosen_time():
            services.convene_meeting(meeting=meeting, actor=self.secretary, at=self.later())
        self.now = max(self.now, meeting.planned_for)
        return meeting

    def come(self, meeting: Meeting, *seats: str) -> list[Attendance]:
        """Let seats be taken now, by their holders; all of them if none is named."""
        with chosen_time():
            return [
                services.arrive(
                    meeting=meeting, seat=self.seats[seat], actor=self.secretary, at=self.now
                )
                for seat in seats or self.seats
            ]

    def go(self, meeting: Meeting, *seats: str) -> None:
        """Let seats be left now."""
        with chosen_time():
            for seat in seats:
                services.leave(
                    meeting=meeting, seat=self.seats[seat], actor=self.secretary, at=self.now
                )

    def opened(self, kind: str = "in_person", topics: Any = None, **says: Any) -> Meeting:
        """Hold a meeting: everybody comes, and it is opened."""
        meeting = self.convened(kind, topics, **says)
        if meeting.has_attendance:
            self.come(meeting)
        actor = self.secretary if kind == "written" else self.coordinator
        with chosen_time():
            return services.open_meeting(meeting=meeting, actor=actor, at=self.now)

    def prepared(self, meeting: Meeting, **says: Any) -> Ballot:
        """Prepare a ballot on the meeting's first item."""
        self._ballots += 1
        item = AgendaItem.objects.get(meeting=meeting, number=1)
        question = {
            "meeting": meeting,
            "agenda_item": item,
            "code": f"B-{self._ballots:02}",
            "question_ru": "Принять пункт?",
            "question_en": "Adopt the clause?",
            "topics": item.topics,
            "text_sha256": digest(f"text {self._ballots}"),
            "mode": "written" if meeting.is_written else "in_person",
            "decision_type": Ballot.DecisionType.CLAUSE,
            "actor": self.secretary,
            "at": self.later(),
        }
        with chosen_time():
            return services.prepare_ballot(**{**question, **says})

    def open_ballot(self, ballot: Ballot) -> Ballot:
        """Open a prepared ballot by whoever opens its kind."""
        actor = self.secretary if ballot.is_written else self.coordinator
        with chosen_time():
            return services.open_ballot(ballot=ballot, actor=actor, at=self.later())

    def ballot(self, meeting: Meeting | None = None, **says: Any) -> Ballot:
        """Return an open ballot, at a new meeting unless one is given."""
        return self.open_ballot(self.prepared(meeting or self.opened(), **says))

    def approve_inside(self, ballot: Ballot, choice: str, *seats: str) -> None:
        """Let members of the ministry's side approve its vote; the necessary two by default."""
        with chosen_time():
            for seat in seats or ("MIN-3", "MIN-4"):
                services.approve_inside_side(
                    side=self.sides["MIN"],
                    ballot=ballot,
                    text_sha256=ballot.text_sha256,
                    choice=choice,
                    actor=self.people[seat],
                    at=self.later(seconds=1),
                )

    def vote(self, ballot: Ballot, seat: str, choice: str = "for", **says: Any) -> Vote:
        """Vote for a seat, by its holder unless told otherwise."""
        paper = {
            "ballot": ballot,
            "seat": self.seats[seat],
            "choice": choice,
            "text_sha256": ballot.text_sha256,
            "actor": self.people[seat],
        }
        with chosen_time():
            return services.cast_vote(**{**paper, "at": self.later(seconds=1), **says})

    def paper_vote(self, ballot: Ballot, seat: str, choice: str = "for", **says: Any) -> Vote:
        """Let the secretary enter the vote of a seat's holder from a paper that came now."""
        paper = {
            "ballot": ballot,
            "seat": self.seats[seat],
            "signer": self.people[seat],
            "choice": choice,
            "text_sha256": ballot.text_sha256,
            "paper": f"{ballot.code}/{seat}",
            "received_at": self.later(seconds=1),
            "actor": self.secretary,
        }
        return services.record_paper_vote(**{**paper, **says})

    def check_paper(self, vote: Vote, finding: str = "confirmed", **says: Any) -> PaperCheck:
        """Let the coordinator compare a vote with its paper."""
        found = {"vote": vote, "finding": finding, "actor": self.coordinator, "at": self.later()}
        with chosen_time():
            return services.check_paper_vote(**{**found, **says})

    def vote_all(self, ballot: Ballot, **choices: str) -> list[Vote]:
        """Vote for every entitled seat: «for», unless told otherwise (`EMP_3="against"`).

        A seat given an empty choice stays silent.
        """
        votes = []
        for entry in ballot.roll.filter(standing="entitled").select_related("seat").order_by("id"):
            choice = choices.get(entry.seat.code.replace("-", "_"), "for")
            if not choice:
                continue
            if entry.side_code == "MIN":
                self.approve_inside(ballot, choice)
            votes.append(self.vote(ballot, entry.seat.code, choice))
        return votes

    def close(self, ballot: Ballot) -> Ballot:
        """Close a ballot by whoever closes its kind; a written one at its deadline."""
        actor = self.secretary if ballot.is_written else self.coordinator
        at = self.later()
        if ballot.closes_at is not None:
            at = self.now = max(at, ballot.closes_at)
        with chosen_time():
            return services.close_ballot(ballot=ballot, actor=actor, at=at)

    def change_charter(self, **procedure: Any) -> CharterVersion:
        """Let the body put another procedure to its own vote, and adopt it."""
        keeps = {"actor": self.secretary}
        changed = {**self.charter.procedure, **procedure}
        composed = parse_procedure(changed).rules_document(charter_id="changed", title="Charter")
        with chosen_time():
            draft = services.draft_charter(
                body=self.body,
                document_ru="Регламент, другая редакция",
                rules=composed,
                procedure=changed,
                effective_from=self.now.date(),
                at=self.later(),
                **keeps,
            )
            meeting = self.opened(topics=[draft.uid])
            question = services.put_charter(
                draft=draft,
                meeting=meeting,
                agenda_item=meeting.agenda.get(),
                code="C-1",
                question_ru="Принять?",
                at=self.later(),
                **keeps,
            )
            self.open_ballot(question.ballot)
            self.vote_all(question.ballot)
            self.close(question.ballot)
            return services.adopt_draft(draft=draft, at=self.later(), **keeps)

    def close_meeting(self, meeting: Meeting) -> Meeting:
        """Close a meeting by whoever closes its kind."""
        actor = self.secretary if meeting.is_written else self.coordinator
        with chosen_time():
            return services.close_meeting(meeting=meeting, actor=actor, at=self.later())

    def conflict(self, seat: str, topics: Any, decision: str = "recused") -> Any:
        """Declare a conflict of a seat's holder and let another member of the side decide it."""
        side = seat.partition("-")[0]
        other = next(code for code in self.seats if code.startswith(side) and code != seat)
        with chosen_time():
            declaration = services.declare_conflict(
                seat=self.seats[seat],
                topics=topics,
                grounds_ru="Платные консультации поставщику.",
                actor=self.people[seat],
                at=self.later(),
            )
            if not decision:
                return declaration
            return services.decide_conflict(
                declaration=declaration,
                decision=decision,
                basis_ru="решение стороны",
                actor=self.people[other],
                at=self.later(),
            )


def build_world(*, at: datetime = BEGINS, code: str = "BODY-1", procedure: Any = None) -> World:
    """Build a table at an instant; the first in a database marks it as a demonstration.

    In a run the same world is built once, and its rows are laid down again afterwards.
    """
    procedure = procedure or PROCEDURE

    def build() -> World:
        if not is_demonstration():
            mark_demonstration()
        with chosen_time():
            return _build(at, code, procedure)

    return restored((at, code, json.dumps(procedure, sort_keys=True)), build)


def _build(at: datetime, code: str, procedure: dict[str, Any]) -> World:
    administrator = Person.objects.filter(is_staff=True).order_by("id").first()
    if administrator is None:
        administrator = create_first_administrator(
            email="admin@example.org",
            name_ru="Администратор",
            name_en="Administrator",
            password="long enough to be one",
            at=at,
        )
    act = {"actor": administrator, "at": at}

    def person(name: str) -> Person:
        return register_demonstration_person(
            name_ru=f"{name} {code} (вымышлен)", name_en=f"{name} {code}", **act
        )

    body = services.create_body(
        code=code,
        kind=Body.Kind.NEGOTIATION_TABLE,
        name_ru="Переговорная комиссия",
        name_en="Negotiation commission",
        **act,
    )
    officers = _appoint(body, person, at, administrator)
    act["actor"] = officers["secretary"]
    sides = {
        side: services.add_side(body=body, code=side, name_ru=ru, name_en=en, **act)
        for side, (ru, en) in SIDES.items()
    }
    read = parse_procedure(procedure)
    charter = services.adopt_charter(
        body=body,
        number=1,
        document_ru="Регламент, редакция 1",
        document_en="Charter, edition 1",
        rules=read.rules_document(charter_id=f"{code}-1", title="Charter"),
        procedure=procedure,
        adopted_on=at.date(),
        effective_from=at.date(),
        **act,
    )
    world = World(
        now=at,
        administrator=administrator,
        body=body,
        charter=charter,
        coordinator=officers["coordinator"],
        secretary=officers["secretary"],
        official=officers["approving_official"],
        auditor=officers["auditor"],
        heads=[officers["consultative"], officers["consultative 2"]],
        sides=sides,
        seats={},
        people={},
        mandates={},
    )
    for side in sides:
        if kind := _KINDS[side][1]:
            world.organisations[side] = services.register_organisation(
                code=f"ORG-{code}-{side}",
                kind=kind,
                name_ru=f"Организация {side}",
                name_en=f"Organisation {side}",
                is_fictional=True,
                **act,
            )
        for number in range(1, SEATS + 1):
            _seat(world, side, number, person(f"{side}-{number}"))
    return world


def _appoint(body: Body, person: Any, at: datetime, administrator: Person) -> dict[str, Person]:
    """Appoint the secretary, who appoints the others."""
    officers: dict[str, Person] = {}
    duties = ["secretary", "coordinator", "approving_official", "auditor"]
    for duty in [*duties, "consultative", "consultative 2"]:
        officers[duty] = person(duty)
        services.appoint(
            body=body,
            person=officers[duty],
            role=Appointment.Role(duty.removesuffix(" 2")),
            basis_ru="решение сторон",
            basis_en="decision of the sides",
            valid_from=at.date(),
            actor=officers["secretary"] if duty != "secretary" else administrator,
            at=at,
        )
    return officers


def _seat(world: World, side: str, number: int, holder: Person) -> None:
    """Add a seat with its holder and the mandate."""
    code = f"{side}-{number}"
    duty = {1: Seat.Duty.COORDINATOR, 2: Seat.Duty.DEPUTY}.get(number, Seat.Duty.MEMBER)
    act = {"actor": world.secretary, "at": world.now}
    seat = services.add_seat(side=world.sides[side], code=code, duty=duty, **act)
    world.seats[code], world.people[code] = seat, holder
    services.fill_seat(
        seat=seat,
        person=holder,
        valid_from=world.now.date(),
        basis_ru="решение стороны",
        basis_en="decision of the side",
        **act,
    )
    world.mandates[code] = world.mandate(code, scope=_scope(side, number))


def _scope(side: str, number: int) -> list[str]:
    """Return what the mandate of a seat allows, as in the demonstration."""
    if side == "MIN":
        return {
            1: ["vote", "sign", "negotiate"],
            2: ["vote_in_absence_of_coordinator", "negotiate"],
        }.get(number, ["negotiate"])
    extra = {1: ["sign"], 2: ["substitute"] if side in {"EMP", "PUB"} else []}
    return ["vote", "negotiate", *extra.get(number, [])]
