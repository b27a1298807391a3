"""The charter of the live table: an edition that it adopted by its own vote, and a new draft.

The first edition is registered with the body. What was changed later, and what is proposed now,
stands in the data as the terms that differ; the rules of counting are composed from them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import governance.services as governance
from demonstration.live.scene import Scene
from demonstration.player import ballots, meetings, protocols
from demonstration.player.sides import (
    coordinating_seat,
    other_seats,
    speaks_with_one_voice,
)
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline
from governance.domain.procedure import parse_procedure
from governance.models import Ballot, CharterDraft, Meeting

BEGUN, COME, OPENED, PUT, APPROVED = time(9), time(9, 50), time(10), time(10, 5), time(10, 10)
VOTED, CAST, COUNTED, ENDED, ADOPTED = (
    *(time(10, 15), time(10, 20), time(10, 30), time(11), time(16)),
)
"""The hours of the day on which a draft is begun, and of the one on which it is voted on."""


def add(timeline: Timeline, source: Source, scene: Scene) -> None:
    """Add the drafts of the table's charter, and the meeting at which one was voted on."""
    for draft in scene.data["body"]["charter_drafts"]:
        author = scene.person(draft["author"])
        if author is None:
            continue
        timeline.add(
            source.on(scene.calendar.on(draft["begun"]), BEGUN),
            "draft_charter",
            draft["code"],
            partial(draft_charter, scene=scene, draft=draft, author=author),
        )
        if "meeting" in draft:
            _add_vote(timeline, source, scene, draft)


def _add_vote(timeline: Timeline, source: Source, scene: Scene, draft: dict[str, Any]) -> None:
    day, code = scene.calendar.on(draft["meeting"]["day"]), draft["code"]
    meeting = _meeting(source, scene, draft)
    alone = {**source.inputs["negotiation"], "meetings": [meeting], "ballots": []}
    sitting = replace(source, inputs={**source.inputs, "negotiation": alone})
    ballot = {"id": code, "mode": Ballot.Mode.IN_PERSON.value, "closed_at": True}
    secretary = source.inputs["body"]["secretary"]
    put_on = partial(put_on_agenda, draft=draft, person=secretary)

    def on(at: time, act: str, deed: Any, name: str = code) -> None:
        timeline.add(source.on(day, at), act, name, deed)

    planned = Timeline()
    meetings.add(planned, sitting)
    first, *rest = planned.in_order()
    timeline.add(first.at, first.code, first.id, first.deed)
    timeline.add(first.at, "add_agenda_item", code, put_on)
    for act in rest:
        timeline.add(act.at, act.code, act.id, act.deed)
    on(PUT, "put_charter", partial(put_charter, draft=draft, person=secretary))
    votes = list(_votes(source, draft))
    for vote in votes:
        if speaks_with_one_voice(source, vote["side"]):
            approving = other_seats(source, vote["side"])[: source.additions["inner_approvals"]]
            for seat in approving:
                approved = partial(
                    ballots.approve_vote, ballot=ballot, vote=vote, person=seat["person"]
                )
                on(APPROVED, "approve_inside_side", approved, f"{code}/{seat['seat']}")
    on(VOTED, "open_ballot", partial(ballots.open_, source=source, ballot=ballot))
    for vote in votes:
        cast = partial(ballots.cast, ballot=ballot, vote=vote)
        on(CAST, "cast_vote", cast, f"{code}/{vote['seat']}")
    on(COUNTED, "close_ballot", partial(ballots.close, source=source, ballot=ballot))
    meetings.add_closings(timeline, sitting)
    on(ADOPTED, "adopt_draft", partial(adopt_draft, draft=draft, person=secretary))
    protocols.add(timeline, sitting)


def _meeting(source: Source, scene: Scene, draft: dict[str, Any]) -> dict[str, Any]:
    """Write the meeting as the file of a play has it: everybody is there all the time."""
    told = draft["meeting"]
    day = scene.calendar.on(told["day"])
    return {
        "id": told["code"],
        "kind": Meeting.Kind.IN_PERSON.value,
        "notice_on": scene.calendar.on(told["notice"]),
        "opened_at": f"{day}T{OPENED}",
        "closed_at": f"{day}T{ENDED}",
        "place_ru": told["place_ru"],
        "place_en": told["place_en"],
        "attendance": [
            {"seat": seat["seat"], "from": f"{COME:%H:%M}", "to": f"{ENDED:%H:%M}"}
            for side in source.inputs["body"]["sides"]
            for seat in side["seats"]
        ],
        "protocol": {
            "number": told["protocol"],
            "signed_on": scene.calendar.on(told["signed"]),
            "published_on": scene.calendar.on(told["published"]),
        },
    }


def _votes(source: Source, draft: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a vote of each seat that votes: «for», but where the data says otherwise."""
    for side in source.inputs["body"]["sides"]:
        code = side["code"]
        speaks = speaks_with_one_voice(source, code)
        seats = [coordinating_seat(source, code)] if speaks else side["seats"]
        otherwise = draft["meeting"]["votes"].get(code, {})
        for number, seat in enumerate(seats, 1):
            yield {
                **seat,
                "side": code,
                "choice": otherwise.get(str(number), "for"),
                "channel": "platform",
            }


def draft_charter(
    stage: Stage, at: datetime, *, scene: Scene, draft: dict[str, Any], author: str
) -> None:
    """Begin a draft from the edition in force, with the terms that differ and the reasons."""
    body, person = stage.body, stage.person(author)
    in_force = body.charters.order_by("number").last()
    if in_force is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "charter"), id=stage.body_code)
    terms = {**in_force.procedure, **draft["terms"]}
    for code, rule in draft.get("inner_rules", {}).items():
        if code in terms["sides"]:
            side = {**terms["sides"][code], "inner_rule": rule}
            terms["sides"] = {**terms["sides"], code: side}
    codes = body.sides.order_by("position").values_list("code", flat=True)
    procedure = parse_procedure(terms).ordered(codes)
    words = {name: draft[name] for name in ("document_ru", "document_en")}
    begun = governance.draft_charter(
        body=body,
        rules=procedure.rules_document(
            charter_id=f"{stage.body_code}-{draft['code']}".lower(), title=draft["document_ru"]
        ),
        procedure=procedure.as_document(),
        effective_from=scene.calendar.day(draft["effective"]),
        based_on=in_force,
        actor=person,
        at=at,
        **words,
    )
    governance.revise_charter(
        draft=begun,
        seen_sha256=begun.sha256,
        reasons_ru=draft["reasons_ru"],
        reasons_en=draft["reasons_en"],
        actor=person,
        at=at,
    )


def put_on_agenda(stage: Stage, at: datetime, *, draft: dict[str, Any], person: str) -> None:
    """Put the draft on the agenda of its meeting."""
    governance.add_agenda_item(
        meeting=stage.meeting(draft["meeting"]["code"]),
        title_ru=draft["document_ru"],
        title_en=draft["document_en"],
        topics=[_draft(stage, draft).uid],
        actor=stage.person(person),
        at=at,
    )


def put_charter(stage: Stage, at: datetime, *, draft: dict[str, Any], person: str) -> None:
    """Put exactly the text of the draft to the vote."""
    meeting = stage.meeting(draft["meeting"]["code"])
    governance.put_charter(
        draft=_draft(stage, draft),
        meeting=meeting,
        agenda_item=meeting.agenda.get(),
        code=draft["code"],
        question_ru=f"Принять: {draft['document_ru']}?",
        question_en=f"Adopt: {draft['document_en']}?",
        actor=stage.person(person),
        at=at,
    )


def adopt_draft(stage: Stage, at: datetime, *, draft: dict[str, Any], person: str) -> None:
    """Register the edition that the body voted for."""
    governance.adopt_draft(draft=_draft(stage, draft), actor=stage.person(person), at=at)


def _draft(stage: Stage, draft: dict[str, Any]) -> CharterDraft:
    found = stage.body.charter_drafts.filter(document_ru=draft["document_ru"]).first()
    if found is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "draft"), id=draft["code"])
    return found
