"""Ballots: questions put, positions taken and approved before them, votes, closing.

The file says when a ballot opened, when each vote was cast and when it closed. The question is
put shortly before the opening, or in a written ballot with its notice; the sides take their
positions before the ballot that decides their clause. What a single-voiced side approves inside
before its coordinator speaks is not in the file: the player supplies it, and it follows what the
coordinator says.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import governance.services as governance
import negotiation.services as negotiation
from demonstration.player.sides import (
    coordinator_of,
    other_seats,
    other_seats_than,
    side_of,
    speaks_with_one_voice,
)
from demonstration.player.wordings import clauses_of
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage, meant
from demonstration.timeline import Timeline
from governance.models import Ballot, Vote
from negotiation.models import Position, Question

PUT_BEFORE = timedelta(seconds=45)
APPROVED_BEFORE = timedelta(seconds=30)
APPROVED_BEFORE_WRITING = timedelta(minutes=30)
POSITION_BEFORE = timedelta(minutes=10)
POSITION_APPROVED_BEFORE = timedelta(minutes=15)
CHECKED_AFTER = timedelta(minutes=20)
LASTS_WITHOUT_CLOSING = timedelta(minutes=5)

MODES = {"in_person_open": Ballot.Mode.IN_PERSON, "written": Ballot.Mode.WRITTEN}
BASES = {
    "clause_wording": Question.Basis.CLAUSE_WORDING,
    "amendment": Question.Basis.AMENDMENT,
}
STANCES = {str(stance): Position.Stance(stance) for stance in Position.Stance.values} | {
    "neutral": Position.Stance.NO_POSITION
}
CHOICES = {str(choice): choice for choice in Vote.Choice.values}
CHANNELS = {str(channel): channel for channel in Vote.Channel.values}
FEDERAL = "federal_mandatory"


def add(timeline: Timeline, source: Source) -> None:
    """Add positions and ballots, in the order of the file."""
    for _section, clause in clauses_of(source):
        _add_positions(timeline, source, clause)
    for ballot in source.inputs["negotiation"]["ballots"]:
        _add_ballot(timeline, source, ballot)


def is_whole(source: Source, ballot: dict[str, Any]) -> bool:
    """Say whether a ballot is on the text as a whole: only there mirrors of federal law appear."""
    mirrors = {c["number"] for _section, c in clauses_of(source) if c["origin"] == FEDERAL}
    return not mirrors.isdisjoint(ballot["clauses"])


def meeting_of(source: Source, ballot: dict[str, Any]) -> dict[str, Any]:
    """Return the meeting at which a ballot is held.

    Raises: UnknownReference – the file has no such meeting.
    """
    for meeting in source.inputs["negotiation"]["meetings"]:
        if meeting["id"] == ballot["forum"]:
            found: dict[str, Any] = meeting
            return found
    raise UnknownReference(kind=pgettext_lazy("reference", "meeting"), id=ballot["forum"])


def tried_at(source: Source, ballot: dict[str, Any]) -> datetime:
    """Return when a ballot is opened, or was tried.

    One that could not be opened was tried when the meeting counted itself after the last ballot
    before it; where nobody counted, right after that ballot.
    """
    if ballot["opened_at"]:
        return source.at(ballot["opened_at"])
    meeting = meeting_of(source, ballot)
    begins = source.at(meeting["opened_at"])
    before = begins
    for other in source.inputs["negotiation"]["ballots"]:
        if other["id"] == ballot["id"]:
            break
        if other["forum"] == meeting["id"] and other["closed_at"]:
            before = max(before, source.at(other["closed_at"]))
    counts = [
        source.clock(begins.date().isoformat(), entry["at"])
        for entry in meeting.get("quorum_log", [])
    ]
    return min((count for count in counts if count > before), default=before + PUT_BEFORE)


def closed_at(source: Source, ballot: dict[str, Any]) -> datetime:
    """Return when a ballot is closed; without a time in the file, after five minutes."""
    if ballot["closed_at"]:
        return source.at(ballot["closed_at"])
    ends = source.at(meeting_of(source, ballot)["closed_at"])
    return min(tried_at(source, ballot) + LASTS_WITHOUT_CLOSING, ends)


def _add_ballot(timeline: Timeline, source: Source, ballot: dict[str, Any]) -> None:
    opens, code = tried_at(source, ballot), ballot["id"]
    is_written = ballot["mode"] == Ballot.Mode.WRITTEN
    notice = meeting_of(source, ballot).get("notice_on")
    timeline.add(
        source.on(notice) if is_written and notice else opens - PUT_BEFORE,
        "put_whole" if is_whole(source, ballot) else "put_question",
        code,
        partial(put, source=source, ballot=ballot),
    )
    for vote in _speeches(source, ballot):
        at = (
            source.at(vote["cast_at"]) - APPROVED_BEFORE_WRITING
            if is_written
            else (opens - APPROVED_BEFORE)
        )
        for seat in other_seats_than(source, vote)[: source.additions["inner_approvals"]]:
            timeline.add(
                max(at, opens - APPROVED_BEFORE),
                "approve_inside_side",
                f"{code}/{seat['seat']}",
                partial(approve_vote, ballot=ballot, vote=vote, person=seat["person"]),
            )
    timeline.add(opens, "open_ballot", code, partial(open_, source=source, ballot=ballot))
    for vote in sorted(ballot["votes"], key=lambda vote: source.at(vote["cast_at"])):
        _add_vote(timeline, source, ballot, vote)
    timeline.add(
        closed_at(source, ballot),
        "close_ballot",
        code,
        partial(close, source=source, ballot=ballot),
    )


def _add_vote(
    timeline: Timeline, source: Source, ballot: dict[str, Any], vote: dict[str, Any]
) -> None:
    """Add a vote; one from paper is entered by the secretary, and compared before the count."""
    at, name = source.at(vote["cast_at"]), f"{ballot['id']}/{vote['seat']}"
    if vote["channel"] != Vote.Channel.PAPER:
        timeline.add(at, "cast_vote", name, partial(cast, ballot=ballot, vote=vote))
        return
    timeline.add(
        at, "enter_paper_vote", name, partial(enter, source=source, ballot=ballot, vote=vote)
    )
    compared = source.at(vote["checked_at"]) if "checked_at" in vote else at + CHECKED_AFTER
    timeline.add(
        compared, "check_paper_vote", name, partial(check, source=source, ballot=ballot, vote=vote)
    )


def _speeches(source: Source, ballot: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the votes by which a single-voiced side speaks, once for each choice."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for vote in ballot["votes"]:
        side = side_of(source, vote["seat"])
        if side and speaks_with_one_voice(source, side):
            found.setdefault((side, vote["choice"]), vote)
    return list(found.values())


def _add_positions(timeline: Timeline, source: Source, clause: dict[str, Any]) -> None:
    positions = clause["negotiation"].get("positions", [])
    deciding = deciding_ballot(source, clause["number"])
    if not positions or deciding is None:
        return
    opens = tried_at(source, deciding)
    for position in positions:
        side = position["side"]
        if speaks_with_one_voice(source, side):
            for seat in other_seats(source, side)[: source.additions["inner_approvals"]]:
                timeline.add(
                    opens - POSITION_APPROVED_BEFORE,
                    "approve_inside_side",
                    f"{clause['number']}/{seat['seat']}",
                    partial(approve_position, clause=clause, position=position, seat=seat),
                )
        timeline.add(
            opens - POSITION_BEFORE,
            "take_position",
            f"{clause['number']}/{side}",
            partial(take_position, source=source, clause=clause, position=position),
        )


def deciding_ballot(source: Source, number: str) -> dict[str, Any] | None:
    """Return the last ballot of the file on the wording of a clause by itself."""
    deciding = None
    for ballot in source.inputs["negotiation"]["ballots"]:
        if (
            number in ballot["clauses"]
            and ballot["opened_at"]
            and BASES.get(ballot["text_basis"]) is Question.Basis.CLAUSE_WORDING
            and not is_whole(source, ballot)
        ):
            deciding = ballot
    return deciding


def not_held_before(stage: Stage, source: Source, ballot: dict[str, Any]) -> Ballot | None:
    """Return the earlier ballot that asked the same and was not held, if there is one."""
    for earlier in source.inputs["negotiation"]["ballots"]:
        if earlier["id"] == ballot["id"]:
            break
        if all(earlier[key] == ballot[key] for key in ("clauses", "amendments", "text_basis")):
            row = stage.ballot(earlier["id"])
            if row.state == Ballot.State.NOT_HELD:
                return row
    return None


def put(stage: Stage, at: datetime, *, source: Source, ballot: dict[str, Any]) -> None:
    """Put a question: on the wordings on the table, on amendments, or on the whole."""
    meeting = stage.meeting(ballot["forum"])
    place = [
        b["id"] for b in source.inputs["negotiation"]["ballots"] if b["forum"] == ballot["forum"]
    ].index(ballot["id"])
    item = meeting.agenda.filter(number=place + 1).order_by("pk").first()
    if item is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "agenda item"), id=ballot["id"])
    common: dict[str, Any] = {
        "matter": stage.matter,
        "meeting": meeting,
        "agenda_item": item,
        "code": ballot["id"],
        "question_ru": ballot["question_ru"],
        "question_en": ballot["question_en"],
        "mode": meant(MODES, ballot["mode"], "mode"),
        "repeats": not_held_before(stage, source, ballot),
        "actor": stage.person(source.inputs["body"]["secretary"]),
        "at": at,
    }
    if is_whole(source, ballot):
        negotiation.put_whole(**common)
        return
    basis = meant(BASES, ballot["text_basis"], "text_basis")
    on_wordings = basis is Question.Basis.CLAUSE_WORDING
    negotiation.put_question(
        **common,
        basis=basis,
        wordings=[
            wording
            for number in ballot["clauses"]
            if (wording := stage.clause(number).on_the_table) is not None
        ]
        if on_wordings
        else [],
        amendments=[stage.amendment(code) for code in ballot["amendments"]],
    )


def approve_vote(
    stage: Stage, at: datetime, *, ballot: dict[str, Any], vote: dict[str, Any], person: str
) -> None:
    """Approve inside a side what its coordinator is going to vote."""
    row = stage.ballot(ballot["id"])
    governance.approve_inside_side(
        side=stage.seat(vote["seat"]).side,
        ballot=row,
        text_sha256=row.text_sha256,
        choice=meant(CHOICES, vote["choice"], "choice"),
        actor=stage.person(person),
        at=at,
    )


def open_(stage: Stage, at: datetime, *, source: Source, ballot: dict[str, Any]) -> None:
    """Open a ballot. Without a quorum it is not held, which is an outcome."""
    governance.open_ballot(
        ballot=stage.ballot(ballot["id"]), actor=stage.person(_runner(source, ballot)), at=at
    )


def cast(stage: Stage, at: datetime, *, ballot: dict[str, Any], vote: dict[str, Any]) -> None:
    """Cast a vote by its person on its mandate. Whether it counts is found out."""
    row = stage.ballot(ballot["id"])
    mandate = vote.get("mandate")
    governance.cast_vote(
        ballot=row,
        seat=stage.seat(vote["seat"]),
        choice=meant(CHOICES, vote["choice"], "choice"),
        text_sha256=row.text_sha256,
        channel=meant(CHANNELS, vote["channel"], "channel"),
        mandate=stage.mandate(mandate) if mandate else None,
        actor=stage.person(vote["person"]),
        at=at,
    )


def enter(
    stage: Stage, at: datetime, *, source: Source, ballot: dict[str, Any], vote: dict[str, Any]
) -> None:
    """Enter a vote that came on paper: the secretary carries it over."""
    row = stage.ballot(ballot["id"])
    governance.record_paper_vote(
        ballot=row,
        seat=stage.seat(vote["seat"]),
        signer=stage.person(vote["person"]),
        choice=meant(CHOICES, vote["choice"], "choice"),
        text_sha256=row.text_sha256,
        paper=f"{ballot['id']}/{vote['seat']}",
        received_at=at,
        actor=stage.person(source.inputs["body"]["secretary"]),
    )


def check(
    stage: Stage, at: datetime, *, source: Source, ballot: dict[str, Any], vote: dict[str, Any]
) -> None:
    """Let the coordinator compare what was entered with its paper."""
    came = Vote.objects.counted().filter(
        ballot=stage.ballot(ballot["id"]), seat=stage.seat(vote["seat"]), channel="paper"
    )
    for entered in came.order_by("pk"):
        governance.check_paper_vote(
            vote=entered,
            finding="confirmed",
            actor=stage.person(source.inputs["body"]["coordinator"]),
            at=at,
        )


def close(stage: Stage, at: datetime, *, source: Source, ballot: dict[str, Any]) -> None:
    """Close a ballot and count it. What was tried without a time of closing may not be open."""
    row = stage.ballot(ballot["id"])
    if not ballot["closed_at"] and row.state == Ballot.State.NOT_HELD:
        return
    governance.close_ballot(ballot=row, actor=stage.person(_runner(source, ballot)), at=at)


def _runner(source: Source, ballot: dict[str, Any]) -> str:
    body = source.inputs["body"]
    is_written = ballot["mode"] == Ballot.Mode.WRITTEN
    return str(body["secretary"] if is_written else body["coordinator"])


def approve_position(
    stage: Stage,
    at: datetime,
    *,
    clause: dict[str, Any],
    position: dict[str, Any],
    seat: dict[str, Any],
) -> None:
    """Approve inside a side the position that its coordinator is going to state."""
    wording = stage.clause(clause["number"]).on_the_table
    if wording is None:
        raise UnknownReference(
            kind=pgettext_lazy("reference", "wording of clause"), id=clause["number"]
        )
    governance.approve_inside_side(
        side=stage.side(position["side"]),
        text_sha256=wording.sha256,
        choice=meant(STANCES, position["stance"], "stance"),
        actor=stage.person(seat["person"]),
        at=at,
    )


def take_position(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    clause: dict[str, Any],
    position: dict[str, Any],
) -> None:
    """State where a side stands on the wording on the table."""
    row = stage.clause(clause["number"])
    if row.on_the_table is None:
        raise UnknownReference(
            kind=pgettext_lazy("reference", "wording of clause"), id=clause["number"]
        )
    negotiation.take_position(
        clause=row,
        side=stage.side(position["side"]),
        stance=meant(STANCES, position["stance"], "stance"),
        wording=row.on_the_table,
        reason_ru=position["ru"],
        reason_en=position["en"],
        actor=stage.person(coordinator_of(source, position["side"])),
        at=at,
    )
