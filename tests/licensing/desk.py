"""The ministry's desk to test on: requirements on their way from the table to their first day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import governance.services as governance
import licensing.services as acts
from accounts.models import Person
from calendars.domain import KRASNOYARSK, day_of
from governance.models import Organisation
from licensing.domain.in_force import earliest_entry, years_later
from licensing.models import (
    ApprovalReturn,
    PermitApplication,
    RequirementSet,
    RequirementVersion,
    Visa,
    VisaUnit,
)
from licensing.services.effect import entry_rule
from negotiation.models import Matter
from tests.negotiation.table import DRAFT, Table, build_table, negotiating
from tests.world import World, build_world, chosen_time

SCOPE = "machining-5ax"
UNITS = 2
NEGOTIATED = ("2.1", "2.2", "2.3", "2.4")


@dataclass
class Desk:
    """One set of requirements, its table, its units, and everything that can be done with them."""

    table: Table
    requirement_set: RequirementSet
    units: list[VisaUnit]
    officers: list[Person]
    predecessor: RequirementVersion
    applicant: Organisation
    head: Person

    @property
    def world(self) -> World:
        return self.table.world

    @property
    def version(self) -> RequirementVersion:
        """The version that was submitted last, as it is now."""
        return (
            RequirementVersion.objects.select_related(
                "requirement_set__matter", "requirement_set__body"
            )
            .filter(requirement_set=self.requirement_set)
            .order_by("-pk")[0]
        )

    @property
    def matter(self) -> Matter:
        return Matter.objects.get(pk=self.table.matter.pk)

    def now(self, **duration: int) -> datetime:
        """Let time pass, a minute unless told otherwise."""
        return self.world.later(**duration)

    def until(self, day: date, hour: int = 12) -> datetime:
        """Let time pass to an hour of a day."""
        self.world.now = datetime(day.year, day.month, day.day, hour, tzinfo=KRASNOYARSK)
        return self.world.now

    def agree(self, *numbers: str) -> None:
        """Let the table agree on clauses and on the whole; on all of them unless told otherwise."""
        meeting = self.table.meeting()
        for number in numbers or NEGOTIATED:
            self.table.agree(meeting, number)
        self.table.hold(self.table.ask_whole(meeting))
        self.world.close_meeting(meeting)

    def submit(self, label: str = "1.0", **says: Any) -> RequirementVersion:
        """Submit what was agreed."""
        usual = {
            "requirement_set": self.requirement_set,
            "label": label,
            "actor": self.world.secretary,
        }
        with chosen_time():
            return acts.submit_for_approval(**{**usual, "at": self.now(), **says})

    def endorse(self, number: int = 0, result: str = "approved", **says: Any) -> Visa:
        """Let the officer of a unit give its visa."""
        usual = {
            "version": self.version,
            "unit": self.units[number],
            "result": result,
            "remark_ru": "" if result == "approved" else "Замечание подразделения.",
            "remark_en": "",
            "text_sha256": self.version.text_sha256,
            "actor": self.officers[number],
        }
        with chosen_time():
            return acts.give_visa(**{**usual, "at": self.now(), **says})

    def endorse_all(self) -> None:
        """Let every unit give its visa."""
        for number in range(len(self.units)):
            self.endorse(number)

    def approve(self, **says: Any) -> RequirementVersion:
        """Let the official approve by order."""
        usual = {
            "version": self.version,
            "order_number": "118-11",
            "order_text_sha256": self.version.text_sha256,
            "actor": self.world.official,
        }
        with chosen_time():
            return acts.approve_version(**{**usual, "at": self.now(), **says})

    def reason(self, number: str, words: str = "Противоречит закону.") -> acts.ClauseReason:
        """Return the reason for returning a clause of the version."""
        return acts.ClauseReason(self.version.clauses.get(number=number), words)

    def send_back(self, *numbers: str, **says: Any) -> ApprovalReturn:
        """Let the official return clauses to the table."""
        usual = {
            "version": self.version,
            "ground": "contradiction_with_law",
            "reasons": [self.reason(number) for number in numbers],
            "actor": self.world.official,
        }
        with chosen_time():
            return acts.return_version(**{**usual, "at": self.now(), **says})

    def publish(self, **says: Any) -> RequirementVersion:
        """Publish with the first dates that the charter allows."""
        begins = earliest_entry(entry_rule(self.matter), day_of(self.world.now))
        usual = {
            "version": self.version,
            "in_force_from": begins,
            "in_force_to": years_later(begins, 6),
            "existing_permits_until": begins + timedelta(days=364),
            "actor": self.world.secretary,
        }
        with chosen_time():
            return acts.publish_version(**{**usual, "at": self.now(), **says})

    def bring_into_force(self, **says: Any) -> RequirementVersion:
        """Let the first day come and bring the version into force."""
        version = self.version
        if version.in_force_from is not None and day_of(self.world.now) < version.in_force_from:
            self.until(version.in_force_from, 9)
        usual = {"version": version, "actor": self.world.secretary, "at": self.now()}
        with chosen_time():
            return acts.bring_into_force(**{**usual, **says})

    def file(self, code: str = "APP-1", **says: Any) -> PermitApplication:
        """File an application for an organisation of the world."""
        usual = {
            "requirement_set": self.requirement_set,
            "code": code,
            "applicant": self.applicant,
            "actor": self.head,
        }
        with chosen_time():
            return acts.file_application(**{**usual, "at": self.now(), **says})

    def accept(self, application: PermitApplication, **says: Any) -> PermitApplication:
        """Accept an application for consideration."""
        usual = {"application": application, "actor": self.world.secretary}
        with chosen_time():
            return acts.accept_application(**{**usual, "at": self.now(), **says})

    def choose(self, application: PermitApplication, **says: Any) -> PermitApplication:
        """Let the applicant choose the version of this set."""
        usual = {
            "application": application,
            "version": self.version,
            "actor": self.head,
        }
        with chosen_time():
            return acts.choose_new_version(**{**usual, "at": self.now(), **says})


def build_desk(
    world: World | None = None, *, code: str = "LT-1", beside: Desk | None = None
) -> Desk:
    """Return a desk whose table has summed up the comments; the former version is in force.

    Two desks at one body have the same units.
    """
    table = negotiating(build_table(world or build_world(), code=code))
    world = table.world
    with chosen_time():
        former = acts.register_set(
            body=world.body,
            code=f"ВТ-{code}",
            scope=f"{SCOPE}-{code.lower()}",
            title_ru="Временные требования",
            title_en="Interim requirements",
            legal_basis="network_agreement",
            matter=None,
            predecessor=None,
            actor=world.secretary,
            at=world.later(),
        )
        predecessor = acts.transcribe_version(
            requirement_set=former,
            label="2024",
            document_ru="Временные требования, 2024",
            document_en="Interim requirements, 2024",
            in_force_from=date(2024, 9, 1),
            in_force_to=None,
            clauses=[acts.TranscribedClause(number="2.1", text_ru="Не менее 40 процентов.")],
            actor=world.secretary,
            at=world.later(),
        )
        requirement_set = acts.register_set(
            body=world.body,
            code=code,
            scope=former.scope,
            title_ru=table.matter.title_ru,
            title_en=table.matter.title_en,
            legal_basis="network_agreement",
            matter=table.matter,
            predecessor=former,
            actor=world.secretary,
            at=world.later(),
        )
    if beside is not None:
        return replace(
            beside, table=table, requirement_set=requirement_set, predecessor=predecessor
        )
    officers = [world.person(f"Officer {number}") for number in range(UNITS)]
    with chosen_time():
        units = [
            acts.register_visa_unit(
                body=world.body,
                name_ru=f"Отдел {number}",
                name_en=f"Unit {number}",
                officer=officer,
                valid_from=day_of(world.now),
                actor=world.secretary,
                at=world.later(),
            )
            for number, officer in enumerate(officers)
        ]
        applicant, head = _school(world)
    return Desk(table, requirement_set, units, officers, predecessor, applicant, head)


def _school(world: World) -> tuple[Organisation, Person]:
    """Register an institution that applies for permits, and its head."""
    head = world.person("Head")
    applicant = governance.register_organisation(
        code="ORG-SCHOOL",
        kind=Organisation.Kind.VOCATIONAL_INSTITUTION,
        name_ru="Техникум (вымышлен)",
        name_en="College (fictional)",
        is_fictional=True,
        actor=world.secretary,
        at=world.later(),
    )
    governance.affiliate(
        person=head,
        organisation=applicant,
        position_ru="директор",
        position_en="director",
        valid_from=day_of(world.now),
        actor=world.secretary,
        at=world.later(),
    )
    return applicant, head


__all__ = ["DRAFT", "NEGOTIATED", "Desk", "build_desk"]
