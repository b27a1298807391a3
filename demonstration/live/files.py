"""A live matter written as a file of the shape that the player plays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import pgettext_lazy

from demonstration.live.scene import Scene
from demonstration.player import meetings
from demonstration.player.sides import coordinating_seat, speaks_with_one_voice
from demonstration.refusals import UnknownReference
from demonstration.source import Source

DRAFT, FINAL = "0.5", "1.0"


def file_of(scene: Scene, matter: dict[str, Any]) -> Source:
    """Write a live matter as a file of the shape that the player plays."""
    inputs = {
        **scene.main.inputs,
        "organisations": [],
        "persons": [],
        "mandates": list(_mandates(scene)),
        "conflicts_of_interest": list(_conflicts(scene, matter)),
        "body": _body(scene),
        "module": {**matter["module"], "learning_outcomes": []},
        "requirement_set": _requirement_set(scene, matter),
        "negotiation": _negotiation(scene, matter),
        "comment_summary": {
            "prepared_on": scene.calendar.on(matter["days"]["summary"]),
            "prepared_by": scene.main.inputs["body"]["secretary"],
        },
        "sample_applications": [],
    }
    formed = scene.calendar.on(scene.data["body"]["formed"])
    additions = {**scene.main.additions, "formed_on": formed}
    return Source(inputs=inputs, recorded={}, additions=additions, sha256="", zone=scene.main.zone)


def _body(scene: Scene) -> dict[str, Any]:
    main, live = scene.main.inputs["body"], scene.data["body"]
    charter = {**main["charter"], "version": "1", "document_ru": live["charter_ru"]}
    return {
        **main,
        "id": live["code"],
        "name_ru": live["name_ru"],
        "name_en": live["name_en"],
        "charter": {**charter, "document_en": live["charter_en"]},
    }


def _mandates(scene: Scene) -> Iterator[dict[str, Any]]:
    """Give the same people mandates for this table: the first of each, and its substitutions.

    A substitution holds for the days of the written ballot.
    """
    begins = scene.calendar.on(scene.data["body"]["formed"])
    ends = scene.today + timedelta(days=scene.data["body"]["mandates_last_days"])
    given: dict[tuple[str, str], str] = {}
    for mandate in scene.main.inputs["mandates"]:
        key = (mandate["seat"], mandate["person"])
        if key in given:
            continue
        parent = mandate.get("parent")
        given[key] = f"{mandate['id']}-L"
        days = (
            {"issued_on": begins, "valid_from": begins, "valid_to": ends.isoformat()}
            if parent is None
            else {
                "issued_on": scene.calendar.on(-3),
                "valid_from": scene.calendar.on(-2),
                "valid_to": scene.calendar.on(1),
            }
        )
        yield {
            **mandate,
            **days,
            "id": given[key],
            "parent": f"{parent}-L" if parent else None,
            "document_ru": f"{mandate['document_ru']} (лес, вымышлено)",
        }


def _conflicts(scene: Scene, matter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for conflict in matter.get("conflicts", []):
        person = scene.person(conflict)
        if person:
            yield {
                **conflict,
                "person": person,
                "declared_on": scene.calendar.on(conflict["day"]),
                "decision": None,
            }


def _requirement_set(scene: Scene, matter: dict[str, Any]) -> dict[str, Any]:
    versions = [
        {
            "version": DRAFT,
            "on": scene.calendar.on(matter["days"]["circulated"]),
            "note_ru": scene.data["notice_ru"],
            "note_en": scene.data["notice_en"],
        }
    ]
    if "order" in matter:
        versions.append(
            {
                "version": FINAL,
                "on": scene.calendar.on(matter["order"]),
                "submitted_on": scene.calendar.on(matter["submitted"]),
            }
        )
    return {
        "id": f"RS-{matter['id']}",
        "code": matter["code"],
        "title_ru": matter["title_ru"],
        "title_en": matter["title_en"],
        "versions": versions,
        "preamble": scene.data["common"]["preamble"],
        "sections": [
            {**section, "clauses": [_clause(scene, clause) for clause in section["clauses"]]}
            for section in matter["sections"]
        ],
    }


def _clause(scene: Scene, clause: dict[str, Any]) -> dict[str, Any]:
    full = {**scene.data["common"].get(clause.get("common", ""), {}), **clause}
    draft = {"version": DRAFT, "text_ru": full["text_ru"], "text_en": full["text_en"]}
    history, indicators, adopted = [draft], full["indicators"], full.get("adopted")
    if adopted:
        history.append({**adopted, "version": FINAL})
        indicators = [
            {**indicator, "threshold": threshold}
            for indicator, threshold in zip(indicators, adopted["thresholds"], strict=True)
        ]
    return {
        **full,
        "wording_history": history,
        "indicators": indicators,
        "assessed_at": ["admission", "continuous"],
        "negotiation": {},
    }


def _negotiation(scene: Scene, matter: dict[str, Any]) -> dict[str, Any]:
    calendar, days = scene.calendar, matter["days"]
    called = matter.get("meeting")
    return {
        "id": f"NG-{matter['id']}",
        "initiated_on": calendar.on(days["initiated"]),
        "initiator": _initiator(scene, matter),
        "opened_by_decision_on": calendar.on(days["opened"]),
        "comment_period": {
            "from": calendar.on(days["circulated"]),
            "to": calendar.on(days["comments_until"]),
            "sub_amendments_until": calendar.on(days["sub_amendments_until"]),
        },
        "amendments": list(_amendments(scene, matter)),
        "meetings": [_meeting(scene, called)] if called else [],
        "ballots": [_ballot(scene, matter, ballot) for ballot in matter.get("ballots", [])],
        "approval_sheet": list(_visas(scene, matter)),
    }


def _initiator(scene: Scene, matter: dict[str, Any]) -> str:
    """Return the side that brought a matter; another one where the file has no such side.

    Raises: UnknownReference – the file has no side at all.
    """
    sides = scene.sides()
    if not sides:
        raise UnknownReference(kind=pgettext_lazy("reference", "side"), id=matter["initiator"])
    return matter["initiator"] if matter["initiator"] in sides else next(iter(sides))


def _amendments(scene: Scene, matter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for amendment in matter["amendments"]:
        author = scene.person(amendment)
        if author:
            yield {
                "disposition": "taken_note",
                "disposition_reason_ru": scene.data["notice_ru"],
                "disposition_reason_en": scene.data["notice_en"],
                **amendment,
                "author": author,
                "filed_on": scene.calendar.on(amendment["day"]),
                "decided_in": "",
            }


def _meeting(scene: Scene, called: dict[str, Any]) -> dict[str, Any]:
    calendar = scene.calendar
    meeting: dict[str, Any] = {
        "id": called["id"],
        "kind": called["kind"],
        "notice_on": calendar.on(called["notice"]),
        "opened_at": calendar.at(*called["opens"]),
        "closed_at": calendar.at(*called["closes"]),
    }
    if called["kind"] != meetings.WRITTEN:
        come, go = called["opens"][1], called["closes"][1]
        meeting["attendance"] = [
            {"seat": seat["seat"], "from": come, "to": go}
            for side in scene.main.inputs["body"]["sides"]
            for seat in side["seats"]
        ]
        protocol = called["protocol"]
        meeting["protocol"] = {
            "number": protocol["number"],
            "signed_on": calendar.on(protocol["signed"]),
        }
    return meeting


def _ballot(scene: Scene, matter: dict[str, Any], ballot: dict[str, Any]) -> dict[str, Any]:
    called, calendar = matter["meeting"], scene.calendar
    is_written = called["kind"] == meetings.WRITTEN
    day, opens = called["opens"]
    if is_written:
        opened, closed = calendar.at(day, opens), calendar.at(*called["closes"])
        votes = list(_papers(scene, matter, ballot))
    else:
        opened, closed = (calendar.at(day, hour) for hour in ballot["at"])
        votes = list(_hands(scene, datetime.fromisoformat(opened)))
    numbers = [c["number"] for section in matter["sections"] for c in section["clauses"]]
    return {
        "id": ballot["id"],
        "forum": called["id"],
        "question_ru": ballot["question_ru"],
        "question_en": ballot["question_en"],
        "clauses": numbers if ballot.get("whole") else ballot["clauses"],
        "amendments": ballot.get("amendments", []),
        "text_basis": "clause_wording",
        "mode": "written" if is_written else "in_person_open",
        "opened_at": opened,
        "closed_at": closed,
        "votes": votes,
    }


def _papers(
    scene: Scene, matter: dict[str, Any], ballot: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield the votes that were sent so far; most seats still owe theirs."""
    for vote in matter["votes"]:
        seat = scene.seat(vote)
        if seat and ballot["id"] in vote["ballots"]:
            yield {
                "seat": seat["seat"],
                "person": seat["person"],
                "choice": vote["choice"],
                "cast_at": scene.calendar.at(*vote["at"]),
                "channel": vote.get("channel", "platform"),
                **(
                    {"checked_at": scene.calendar.at(*vote["checked"])} if "checked" in vote else {}
                ),
            }


def _hands(scene: Scene, opened: datetime) -> Iterator[dict[str, Any]]:
    """Yield a vote for, of every seat that votes: of a single-voiced side the coordinator's."""
    count = 0
    for side in scene.main.inputs["body"]["sides"]:
        seats = side["seats"]
        if speaks_with_one_voice(scene.main, side["code"]):
            seats = [coordinating_seat(scene.main, side["code"])]
        for seat in seats:
            count += 1
            yield {
                "seat": seat["seat"],
                "person": seat["person"],
                "choice": "for",
                "cast_at": (opened + timedelta(seconds=20 + 7 * count)).isoformat(),
                "channel": "hall",
            }


def _visas(scene: Scene, matter: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the units of the file, each with the day on which it gives its visa."""
    units = scene.main.inputs["negotiation"].get("approval_sheet", [])
    days = matter.get("visas", [])
    for place, unit in enumerate(units):
        day = days[place] if place < len(days) else days[-1] if days else 1
        yield {
            "unit_ru": unit["unit_ru"],
            "unit_en": unit["unit_en"],
            "on": scene.calendar.on(day),
        }
