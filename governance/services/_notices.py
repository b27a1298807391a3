"""Call people to a meeting: a row that proves the sending, and a letter in the outbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Person
from calendars.domain import day_of
from governance.models import Appointment, Meeting, MeetingNotice, Seat, SeatHolding
from notifications.services import queue_message

from ._terms import clock_words

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from governance.models import AgendaItem

CALLED_DUTIES = (
    Appointment.Role.COORDINATOR,
    Appointment.Role.SECRETARY,
    Appointment.Role.CONSULTATIVE,
    Appointment.Role.RAPPORTEUR,
)
"""The duties whose holders are called beside the sides."""

SPEAKERS = (Seat.Duty.COORDINATOR, Seat.Duty.DEPUTY)
"""Who comes to a conciliation meeting for a side."""


def people_to_call(meeting: Meeting) -> list[Person]:
    """Return who is to be called: the holders of seats, and those who serve the body."""
    day = day_of(meeting.planned_for)
    holdings = SeatHolding.objects.of_body(meeting.body).on(day)
    duties = meeting.body.appointments.filter(role__in=CALLED_DUTIES).on(day)
    if meeting.kind == Meeting.Kind.CONCILIATION:
        holdings = holdings.filter(seat__duty__in=SPEAKERS)
        duties = duties.exclude(role=Appointment.Role.CONSULTATIVE)
    wanted = {*holdings.values_list("person_id", flat=True)}
    wanted |= {*duties.values_list("person_id", flat=True)}
    return list(Person.objects.filter(pk__in=wanted).order_by("pk"))


def call(
    person: Person, meeting: Meeting, items: Iterable[AgendaItem], at: datetime.datetime
) -> MeetingNotice:
    """Send one notice. Whoever has no address reads it on the platform, or gets it on paper."""
    channel = MeetingNotice.Channel
    notice = MeetingNotice.objects.create(
        meeting=meeting,
        person=person,
        sent_at=at,
        channel=channel.MAIL if person.email else channel.PLATFORM,
    )
    if person.email:
        with translation.override(person.language):
            letter = _letter(meeting, items, person.language)
        _send(person, meeting, "meeting_notice", letter, at)
    return notice


def call_off(person: Person, meeting: Meeting, note: str, at: datetime.datetime) -> None:
    """Tell one person that the meeting will not take place."""
    if not person.email:
        return
    with translation.override(person.language):
        subject = _("Cancelled: %(meeting)s") % {"meeting": meeting.code}
        body = _("The meeting of %(body)s on %(when)s is cancelled. Reason: %(note)s") % {
            "body": _in(person.language, meeting.body.name_ru, meeting.body.name_en),
            "when": clock_words(meeting.planned_for),
            "note": note,
        }
    _send(person, meeting, "meeting_cancelled", (subject, body), at)


def _letter(meeting: Meeting, items: Iterable[AgendaItem], language: str) -> tuple[str, str]:
    """Write the notice in the language that is active."""
    body_name = _in(language, meeting.body.name_ru, meeting.body.name_en)
    words = {
        "body": body_name,
        "meeting": meeting.code,
        "when": clock_words(meeting.planned_for),
    }
    lines = [
        _("You are called to a meeting: %(body)s.") % words,
        _("Form: %(kind)s.") % {"kind": meeting.get_kind_display()},
        _("Time: %(when)s (Krasnoyarsk).") % words,
    ]
    if meeting.closes_at:
        until = {"until": clock_words(meeting.closes_at)}
        lines.append(_("Papers are taken until %(until)s (Krasnoyarsk).") % until)
    if place := _in(language, meeting.place_ru, meeting.place_en):
        lines.append(_("Place: %(place)s.") % {"place": place})
    lines += ["", _("Agenda:")]
    lines += [f"{item.number}. {_in(language, item.title_ru, item.title_en)}" for item in items]
    lines += ["", _("The papers are here: %(address)s") % {"address": settings.ADDRESS}]
    subject = _("Notice of a meeting: %(meeting)s, %(when)s") % words
    return subject, "\n".join(lines)


def _in(language: str, russian: str, english: str) -> str:
    """Return a text in a language; the Russian one where there is no other."""
    return english if language == "en" and english else russian


def _send(
    person: Person, meeting: Meeting, kind: str, letter: tuple[str, str], at: datetime.datetime
) -> None:
    """Put a letter – its subject and its text – into the outbox of this act's transaction."""
    subject, body = letter
    queue_message(
        recipient_uid=person.uid,
        address=person.email or "",
        kind=kind,
        subject=subject,
        body=body,
        language=person.language,
        key=f"{kind}:{meeting.uid}:{person.uid}",
        at=at,
    )
