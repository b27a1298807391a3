"""Who plays: organisations and people, the body with its charter, sides, seats and mandates.

The file dates none of this, so the player does: the installation is set up on a day before the
table is formed, and a mandate lies on the secretary's desk from the morning of the day it was
issued.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any

import accounts.services as accounts
import governance.services as governance
import licensing.services as licensing
from demonstration.player.charter import adopt_charter
from demonstration.player.sides import seat_duties, visa_officers
from demonstration.source import Source
from demonstration.stage import Stage, meant
from demonstration.timeline import Timeline
from governance.models import Appointment, Mandate, Organisation

MORNING = time(9, 0)


def add(timeline: Timeline, source: Source) -> None:
    """Add the acts that bring the cast together."""
    data, extra = source.inputs, source.additions
    setting_up = source.on(extra["installed_on"], MORNING)
    administrator = extra["administrator"]
    timeline.add(
        setting_up,
        "create_first_administrator",
        administrator["id"],
        partial(create_administrator, person=administrator),
    )
    registering = source.on(extra["installed_on"])
    for organisation in data["organisations"]:
        timeline.add(
            registering,
            "register_organisation",
            organisation["id"],
            partial(register_organisation, organisation=organisation, source=source),
        )
    for person in (*data["persons"], *invented_people(source)):
        timeline.add(
            registering,
            "register_person",
            person["id"],
            partial(register_person, person=person, source=source),
        )
    add_body(timeline, source)
    add_mandates(timeline, source)


def invented_people(source: Source) -> list[dict[str, Any]]:
    """Return the people whom the file lacks: the official, the auditor, who gives the visas."""
    extra = source.additions
    ministry = extra["official"]["organisation"]
    officers = [{**officer, "organisation": ministry} for officer in visa_officers(source)]
    return [extra["official"], extra["auditor"], *officers]


def create_administrator(stage: Stage, at: datetime, *, person: dict[str, Any]) -> None:
    """Open the empty installation. Nobody knows the password: the demonstration needs none."""
    stage.introduce(
        person["id"],
        accounts.create_first_administrator(
            name_ru=person["name_ru"],
            name_en=person["name_en"],
            email="administrator@demonstration.invalid",
            password=secrets.token_urlsafe(32),
            at=at,
        ),
    )


def register_organisation(
    stage: Stage, at: datetime, *, organisation: dict[str, Any], source: Source
) -> None:
    """Make an organisation known."""
    kinds = {str(kind): kind for kind in Organisation.Kind.values}
    governance.register_organisation(
        code=organisation["id"],
        kind=meant(kinds, organisation["kind"], "kind"),
        name_ru=organisation["name_ru"],
        name_en=organisation["name_en"],
        town=organisation["town"],
        is_fictional=bool(organisation.get("fictional", False)),
        actor=stage.person(source.additions["administrator"]["id"]),
        at=at,
    )


def register_person(stage: Stage, at: datetime, *, person: dict[str, Any], source: Source) -> None:
    """Make a person known, and say where he or she works and as what."""
    administrator = stage.person(source.additions["administrator"]["id"])
    registered = accounts.register_demonstration_person(
        name_ru=person["name_ru"], name_en=person["name_en"], actor=administrator, at=at
    )
    stage.introduce(person["id"], registered)
    employer = person.get("organisation")
    governance.affiliate(
        person=registered,
        organisation=stage.organisation(employer) if employer else None,
        position_ru=person["position_ru"],
        position_en=person["position_en"],
        valid_from=source.day(source.additions["installed_on"]),
        actor=administrator,
        at=at,
    )


def add_body(timeline: Timeline, source: Source) -> None:
    """Add the acts that form the body: its sides, who serves it, its charter, its seats."""
    body, extra = source.inputs["body"], source.additions
    forming = source.on(extra["formed_on"], MORNING)
    timeline.add(forming, "create_body", body["id"], partial(create_body, source=source))
    for side in body["sides"]:
        timeline.add(forming, "add_side", side["code"], partial(add_side, side=side, source=source))
    for role, person in duties(source):
        timeline.add(
            forming,
            "appoint",
            person["id"],
            partial(appoint, person=person, role=role, source=source),
        )
    timeline.add(forming, "adopt_charter", body["id"], partial(adopt_charter, source=source))
    for side in body["sides"]:
        for seat in side["seats"]:
            timeline.add(
                forming,
                "fill_seat",
                seat["seat"],
                partial(fill_seat, seat=seat, source=source),
            )
    units = source.inputs["negotiation"].get("approval_sheet", [])
    for unit, officer in zip(units, visa_officers(source), strict=True):
        timeline.add(
            forming,
            "register_visa_unit",
            unit["unit_en"],
            partial(register_visa_unit, unit=unit, officer=officer, source=source),
        )


def add_mandates(timeline: Timeline, source: Source) -> None:
    """Add the registration of the mandates, each on the morning of its issue."""
    formed_on = source.day(source.additions["formed_on"])
    for mandate in source.inputs["mandates"]:
        issued = source.day(mandate.get("issued_on") or mandate["valid_from"])
        day = max(issued, formed_on)
        timeline.add(
            source.on(day.isoformat(), MORNING),
            "register_mandate",
            mandate["id"],
            partial(register_mandate, mandate=mandate, source=source),
        )


def duties(source: Source) -> list[tuple[str, dict[str, Any]]]:
    """Return who serves the body without a seat, the secretary last: then the body keeps itself."""
    body, extra = source.inputs["body"], source.additions
    role = Appointment.Role
    basis = {"basis_ru": extra["basis_ru"], "basis_en": extra["basis_en"]}
    consultative = [
        (role.CONSULTATIVE, {"id": person, **basis}) for person in body.get("consultative", [])
    ]
    return [
        (role.COORDINATOR, {"id": body["coordinator"], **basis}),
        *consultative,
        (role.APPROVING_OFFICIAL, extra["official"]),
        (role.AUDITOR, extra["auditor"]),
        (role.SECRETARY, {"id": body["secretary"], **basis}),
    ]


def create_body(stage: Stage, at: datetime, *, source: Source) -> None:
    """Create the body, still empty."""
    body = source.inputs["body"]
    governance.create_body(
        code=body["id"],
        kind=body["kind"],
        name_ru=body["name_ru"],
        name_en=body["name_en"],
        actor=stage.person(source.additions["administrator"]["id"]),
        at=at,
    )


def add_side(stage: Stage, at: datetime, *, side: dict[str, Any], source: Source) -> None:
    """Add a side and its seats."""
    administrator = stage.person(source.additions["administrator"]["id"])
    added = governance.add_side(
        body=stage.body,
        code=side["code"],
        name_ru=side["name_ru"],
        name_en=side["name_en"],
        actor=administrator,
        at=at,
    )
    duties_of_seats = seat_duties(side, source.inputs["mandates"])
    for seat in side["seats"]:
        governance.add_seat(
            side=added,
            code=seat["seat"],
            duty=duties_of_seats[seat["seat"]],
            actor=administrator,
            at=at,
        )


def appoint(
    stage: Stage, at: datetime, *, person: dict[str, Any], role: str, source: Source
) -> None:
    """Give a person a duty at the body."""
    governance.appoint(
        body=stage.body,
        person=stage.person(person["id"]),
        role=role,
        basis_ru=person["basis_ru"],
        basis_en=person.get("basis_en", ""),
        valid_from=source.day(source.additions["formed_on"]),
        actor=stage.person(source.additions["administrator"]["id"]),
        at=at,
    )


def fill_seat(stage: Stage, at: datetime, *, seat: dict[str, Any], source: Source) -> None:
    """Seat a person on the document of the first mandate for the seat."""
    first = next(
        (
            m
            for m in source.inputs["mandates"]
            if m["seat"] == seat["seat"] and m["person"] == seat["person"]
        ),
        None,
    )
    governance.fill_seat(
        seat=stage.seat(seat["seat"]),
        person=stage.person(seat["person"]),
        valid_from=source.day(source.additions["formed_on"]),
        basis_ru=first["document_ru"] if first else source.additions["basis_ru"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def register_mandate(
    stage: Stage, at: datetime, *, mandate: dict[str, Any], source: Source
) -> None:
    """Register a paper. The file gives its last day; here a period ends with the day after."""
    kinds = {str(kind): kind for kind in Mandate.Kind.values}
    note = mandate.get("note_ru") or ""
    principal, parent = mandate.get("principal"), mandate.get("parent")
    governance.register_mandate(
        code=mandate["id"],
        seat=stage.seat(mandate["seat"]),
        person=stage.person(mandate["person"]),
        principal=stage.organisation(principal) if principal else None,
        kind=meant(kinds, mandate["kind"], "kind"),
        document_ru=mandate["document_ru"],
        document_en=mandate.get("document_en", ""),
        issued_on=_optional_day(source, mandate.get("issued_on")),
        valid_from=source.day(mandate["valid_from"]),
        valid_to=day_after(_optional_day(source, mandate.get("valid_to"))),
        scope=mandate["scope"],
        parent=stage.mandate(parent) if parent else None,
        note_ru=note,
        note_en=mandate.get("note_en") or "",
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def register_visa_unit(
    stage: Stage,
    at: datetime,
    *,
    unit: dict[str, Any],
    officer: dict[str, Any],
    source: Source,
) -> None:
    """Register a unit of the ministry and who gives its visa."""
    licensing.register_visa_unit(
        body=stage.body,
        name_ru=unit["unit_ru"],
        name_en=unit["unit_en"],
        officer=stage.person(officer["id"]),
        valid_from=source.day(source.additions["formed_on"]),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def day_after(last: date | None) -> date | None:
    """Return the first day that a period with this last day does not cover."""
    return None if last is None else last + timedelta(days=1)


def _optional_day(source: Source, text: str | None) -> date | None:
    return None if text is None else source.day(text)
