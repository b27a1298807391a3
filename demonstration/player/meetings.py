"""Meetings: called with a locked agenda, opened, attended, closed; and conciliation.

For each ballot there is one item on the agenda of its meeting. A conciliation meeting begins at
noon and decides nothing; when people were called to it the file does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import pgettext_lazy

import calendars
import governance.services as governance
import negotiation.services as negotiation
from demonstration.player.ballots import is_whole
from demonstration.player.wordings import clauses_of, last_wording, terms_of
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline
from governance.models import Meeting

WRITTEN, CONCILIATION = Meeting.Kind.WRITTEN.value, Meeting.Kind.CONCILIATION.value
CONCILIATION_ENDS = time(13, 0)
CONCILIATION_NOTICE = 3

WITHDRAWN_AT_CONCILIATION_RU = "Отозвана автором на согласительном совещании."
WITHDRAWN_AT_CONCILIATION_EN = "Withdrawn by the author at the conciliation meeting."


def add(timeline: Timeline, source: Source) -> None:
    """Add the meetings of the file, without their ballots."""
    for meeting in source.inputs["negotiation"]["meetings"]:
        _add_calling(timeline, source, meeting)
        if meeting["kind"] == CONCILIATION:
            _add_conciliation(timeline, source, meeting)
        else:
            _add_sitting(timeline, source, meeting)


def add_closings(timeline: Timeline, source: Source) -> None:
    """Add the ends of the meetings: at one instant with a last ballot, that ballot ends first."""
    for meeting in source.inputs["negotiation"]["meetings"]:
        timeline.add(
            ends_at(source, meeting),
            "close_meeting",
            meeting["id"],
            partial(close_meeting, source=source, meeting=meeting),
        )


def begins_at(source: Source, meeting: dict[str, Any]) -> datetime:
    """Return when a meeting of the file begins; one with a date only at noon."""
    opened = meeting.get("opened_at")
    return source.at(opened) if opened else source.on(meeting["date"])


def ends_at(source: Source, meeting: dict[str, Any]) -> datetime:
    """Return when a meeting of the file ends."""
    closed = meeting.get("closed_at")
    return source.at(closed) if closed else source.on(meeting["date"], CONCILIATION_ENDS)


def ballots_of(source: Source, meeting: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the ballots of a meeting, in the order of the file."""
    return [b for b in source.inputs["negotiation"]["ballots"] if b["forum"] == meeting["id"]]


def _add_calling(timeline: Timeline, source: Source, meeting: dict[str, Any]) -> None:
    called = _called_at(source, meeting)
    timeline.add(
        called, "plan_meeting", meeting["id"], partial(plan, source=source, meeting=meeting)
    )
    timeline.add(
        called, "convene_meeting", meeting["id"], partial(convene, source=source, meeting=meeting)
    )


def _called_at(source: Source, meeting: dict[str, Any]) -> datetime:
    notice = meeting.get("notice_on")
    if notice:
        return source.on(notice)
    day = source.day(meeting["date"])
    return source.on(working_days_before(day, CONCILIATION_NOTICE).isoformat())


def working_days_before(day: date, count: int) -> date:
    """Return the working day from which `count` working days lead up to a day."""
    calendar = calendars.russia()
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working(day)
    return day


def _add_sitting(timeline: Timeline, source: Source, meeting: dict[str, Any]) -> None:
    begins, ends = begins_at(source, meeting), ends_at(source, meeting)
    day = begins.date().isoformat()
    for entry in meeting.get("attendance", []):
        timeline.add(
            source.clock(day, entry["from"]),
            "arrive",
            f"{meeting['id']}/{entry['seat']}",
            partial(arrive, source=source, meeting=meeting, seat=entry["seat"]),
        )
    timeline.add(
        begins, "open_meeting", meeting["id"], partial(open_, source=source, meeting=meeting)
    )
    for entry in meeting.get("attendance", []):
        if source.clock(day, entry["to"]) < ends:
            timeline.add(
                source.clock(day, entry["to"]),
                "leave",
                f"{meeting['id']}/{entry['seat']}",
                partial(leave, source=source, meeting=meeting, seat=entry["seat"]),
            )


def _add_conciliation(timeline: Timeline, source: Source, meeting: dict[str, Any]) -> None:
    begins = begins_at(source, meeting)
    timeline.add(
        begins, "open_meeting", meeting["id"], partial(open_, source=source, meeting=meeting)
    )
    for entry in meeting.get("recommended", []):
        timeline.add(
            begins,
            "recommend",
            entry["clause"],
            partial(recommend, source=source, meeting=meeting, entry=entry),
        )
    for amendment in source.inputs["negotiation"]["amendments"]:
        if amendment["decided_in"] == meeting["id"] and amendment.get("parent_amendment"):
            timeline.add(
                begins,
                "close_unresolved",
                amendment["id"],
                partial(close_unresolved, source=source, meeting=meeting, amendment=amendment),
            )
    for number in meeting.get("no_agreement", []):
        timeline.add(
            begins,
            "note_no_agreement",
            number,
            partial(note_no_agreement, source=source, meeting=meeting, number=number),
        )
    for code in meeting.get("withdrawn", []):
        timeline.add(
            begins,
            "withdraw_amendment",
            code,
            partial(withdraw, source=source, meeting=meeting, code=code),
        )


def plan(stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]) -> None:
    """Plan a meeting and put its questions on the agenda."""
    secretary = stage.person(source.inputs["body"]["secretary"])
    is_written = meeting["kind"] == WRITTEN
    planned = governance.plan_meeting(
        body=stage.body,
        code=meeting["id"],
        kind=meeting["kind"],
        planned_for=begins_at(source, meeting),
        closes_at=ends_at(source, meeting) if is_written else None,
        place_ru=meeting.get("place_ru", ""),
        place_en=meeting.get("place_en", ""),
        actor=secretary,
        at=at,
    )
    for title_ru, title_en, topics in _agenda(stage, source, meeting):
        governance.add_agenda_item(
            meeting=planned,
            title_ru=title_ru,
            title_en=title_en,
            topics=topics,
            actor=secretary,
            at=at,
        )


def _agenda(
    stage: Stage, source: Source, meeting: dict[str, Any]
) -> list[tuple[str, str, Sequence[UUID]]]:
    if meeting["kind"] == CONCILIATION:
        numbers = [entry["clause"] for entry in meeting.get("recommended", [])]
        numbers += meeting.get("no_agreement", [])
        return [
            (f"Пункт {number}", f"Clause {number}", [stage.clause(number).uid])
            for number in numbers
        ]
    return [
        (
            ballot["question_ru"],
            ballot["question_en"],
            [stage.matter.uid]
            if is_whole(source, ballot)
            else [stage.clause(number).uid for number in ballot["clauses"]],
        )
        for ballot in ballots_of(source, meeting)
    ]


def convene(stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]) -> None:
    """Lock the agenda and send the notices."""
    governance.convene_meeting(
        meeting=stage.meeting(meeting["id"]),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def arrive(
    stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any], seat: str
) -> None:
    """Note that a seat is occupied."""
    governance.arrive(
        meeting=stage.meeting(meeting["id"]),
        seat=stage.seat(seat),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def leave(
    stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any], seat: str
) -> None:
    """Note that a seat is occupied no more."""
    governance.leave(
        meeting=stage.meeting(meeting["id"]),
        seat=stage.seat(seat),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def open_(stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]) -> None:
    """Open a meeting: the secretary where people write, the coordinator where they meet."""
    governance.open_meeting(
        meeting=stage.meeting(meeting["id"]), actor=stage.person(_leader(source, meeting)), at=at
    )


def close_meeting(stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]) -> None:
    """Close a meeting; whoever is still there leaves with it."""
    governance.close_meeting(
        meeting=stage.meeting(meeting["id"]), actor=stage.person(_leader(source, meeting)), at=at
    )


def _leader(source: Source, meeting: dict[str, Any]) -> str:
    body = source.inputs["body"]
    return str(body["secretary"] if meeting["kind"] == WRITTEN else body["coordinator"])


def recommend(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    meeting: dict[str, Any],
    entry: dict[str, Any],
) -> None:
    """Lay a recommended wording on the table. The file names it by a digest of its own."""
    clause = next((c for _s, c in clauses_of(source) if c["number"] == entry["clause"]), None)
    if clause is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "clause"), id=entry["clause"])
    wording = next(
        (
            w
            for w in clause["wording_history"]
            if w.get("text_hash") and w["text_hash"] == entry.get("text_hash")
        ),
        last_wording(clause),
    )
    negotiation.recommend(
        meeting=stage.meeting(meeting["id"]),
        clause=stage.clause(entry["clause"]),
        text_ru=wording["text_ru"],
        text_en=wording["text_en"],
        terms=terms_of(clause),
        actor=stage.person(source.inputs["body"]["coordinator"]),
        at=at,
    )


def note_no_agreement(
    stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any], number: str
) -> None:
    """Record that no wording was found."""
    negotiation.note_no_agreement(
        meeting=stage.meeting(meeting["id"]),
        clause=stage.clause(number),
        actor=stage.person(source.inputs["body"]["coordinator"]),
        at=at,
    )


def close_unresolved(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    meeting: dict[str, Any],
    amendment: dict[str, Any],
) -> None:
    """Close a sub-amendment on which the coordinators found no agreement."""
    negotiation.close_unresolved(
        meeting=stage.meeting(meeting["id"]),
        amendment=stage.amendment(amendment["id"]),
        reason_ru=amendment["disposition_reason_ru"],
        reason_en=amendment["disposition_reason_en"],
        actor=stage.person(source.inputs["body"]["coordinator"]),
        at=at,
    )


def withdraw(
    stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any], code: str
) -> None:
    """Let an author take a proposal back at the meeting."""
    filed = {a["id"]: a for a in source.inputs["negotiation"]["amendments"]}.get(code)
    if filed is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "amendment"), id=code)
    negotiation.withdraw_amendment(
        amendment=stage.amendment(code),
        meeting=stage.meeting(meeting["id"]),
        reason_ru=filed["disposition_reason_ru"] or WITHDRAWN_AT_CONCILIATION_RU,
        reason_en=filed["disposition_reason_en"] or WITHDRAWN_AT_CONCILIATION_EN,
        actor=stage.person(filed["author"]),
        at=at,
    )
