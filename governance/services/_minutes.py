"""The contents of a protocol, read from the record of its meeting (ГК 181.2 п. 4).

A protocol names people: it is a document of the body, not an entry of the record. Names are
those borne on the day of the meeting, because the paper is read for years.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import Person
from calendars.domain import day_of
from governance.models import Appointment, Ballot, Decision

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.models import Meeting, Vote

FORMAT = 1
"""The version of this document's shape. Stored protocols keep theirs."""

LEADING = (Appointment.Role.COORDINATOR, Appointment.Role.SECRETARY)


def minutes(meeting: Meeting, at: datetime.datetime) -> dict[str, Any]:
    """Return the contents: when, where, who, on what authority, what was decided and how."""
    day = day_of(meeting.opened_at or at)
    ballots = list(meeting.ballots.select_related("charter_version", "agenda_item").order_by("id"))
    people = _People(day)
    body, charter = meeting.body, meeting.charter_version
    duties = body.appointments.filter(role__in=LEADING).on(day).order_by("role", "id")
    return {
        "format": FORMAT,
        "body": {"uid": str(body.uid), "name_ru": body.name_ru, "name_en": body.name_en},
        "meeting": {
            "uid": str(meeting.uid),
            "code": meeting.code,
            "kind": meeting.kind,
            "planned_for": _time(meeting.planned_for),
            "opened_at": _time(meeting.opened_at),
            "closed_at": _time(meeting.closed_at),
            "closes_at": _time(meeting.closes_at),
            "place_ru": meeting.place_ru,
            "place_en": meeting.place_en,
        },
        "charter": {
            "number": charter.number,
            "document_ru": charter.document_ru,
            "document_en": charter.document_en,
            "sha256": charter.sha256,
        },
        "officers": [{"role": duty.role, **people.named(duty.person_id)} for duty in duties],
        "notices": [
            {
                **people.named(notice.person_id),
                "sent_at": _time(notice.sent_at),
                "channel": notice.channel,
                "delivered_at": _time(notice.delivered_at),
                "proof": notice.proof,
            }
            for notice in meeting.notices.order_by("id")
        ],
        "attendance": [
            {
                "seat": presence.seat.code,
                "side": presence.seat.side.code,
                **people.named(presence.person_id),
                "came_at": _time(presence.came_at),
                "left_at": _time(presence.left_at),
            }
            for presence in meeting.attendance.select_related("seat__side").order_by("id")
        ],
        "agenda": [
            {
                "number": item.number,
                "title_ru": item.title_ru,
                "title_en": item.title_en,
                "standing": item.standing,
            }
            for item in meeting.agenda.order_by("number")
        ],
        "ballots": [_ballot(ballot, people) for ballot in ballots],
    }


class _People:
    """Names on a day, asked for once per person."""

    def __init__(self, day: datetime.date) -> None:
        """Remember whose names are looked up for which day."""
        self._day = day
        self._names: dict[int, dict[str, str]] = {}

    def named(self, person_id: int) -> dict[str, str]:
        """Return the name that a person bore on the day, and the person's uid."""
        if person_id not in self._names:
            person = Person.objects.get(pk=person_id)
            borne = person.names.on(self._day).order_by("id").first()
            self._names[person_id] = {
                "person": str(person.uid),
                "name_ru": borne.name_ru if borne else person.name_ru,
                "name_en": borne.name_en if borne else person.name_en,
            }
        return self._names[person_id]


def _ballot(ballot: Ballot, people: _People) -> dict[str, Any]:
    """Return what the protocol says of one ballot."""
    decision = Decision.objects.filter(ballot=ballot).order_by("id").first()
    votes: Iterable[Vote] = ballot.votes.select_related("seat__side", "mandate").order_by(
        "cast_at", "id"
    )
    return {
        "code": ballot.code,
        "item": ballot.agenda_item.number,
        "question_ru": ballot.question_ru,
        "question_en": ballot.question_en,
        "text_sha256": ballot.text_sha256,
        "mode": ballot.mode,
        "decision_type": ballot.decision_type,
        "charter_sha256": ballot.charter_version.sha256 if ballot.charter_version else None,
        "state": ballot.state,
        "opened_at": _time(ballot.opened_at),
        "closed_at": _time(ballot.closed_at),
        "annulled": [ballot.annulled_reason, ballot.annulled_note],
        "roll": [
            {
                "seat": entry.seat.code,
                "side": entry.side_code,
                "standing": entry.standing,
                "ground": entry.ground,
                **people.named(entry.holder_id),
            }
            for entry in ballot.roll.select_related("seat").order_by("id")
        ],
        "quorum": [
            {
                "side": check.side_code,
                "moment": check.moment,
                "entitled": check.entitled,
                "recused": check.recused,
                "present": check.present,
                "holds": check.holds,
            }
            for check in ballot.quorum_checks.order_by("id")
        ],
        "votes": [_vote(vote, people) for vote in votes],
        "result": decision.result if decision else None,
        "side_results": decision.side_results if decision else [],
        "blocked_by": decision.blocked_by if decision else [],
        "validity": decision.validity["verdict"] if decision else None,
    }


def _vote(vote: Vote, people: _People) -> dict[str, Any]:
    """Return what the protocol says of one vote, counted or not."""
    return {
        "seat": vote.seat.code,
        "side": vote.seat.side.code,
        **people.named(vote.person_id),
        "capacity": vote.capacity,
        "mandate": vote.mandate.document_ru if vote.mandate else None,
        "choice": vote.choice,
        "cast_at": _time(vote.cast_at),
        "channel": vote.channel,
        "status": vote.status,
        "reason": vote.reason_code,
    }


def _time(instant: datetime.datetime | None) -> str | None:
    """Write an instant in UTC, so that the digest does not depend on a zone."""
    return instant.astimezone(datetime.UTC).isoformat() if instant else None
