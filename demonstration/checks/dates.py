"""Checks of dates: entry into force, notices, working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import calendars
from calendars.domain import day_of
from demonstration.checks.finding import Finding
from demonstration.checks.texts import version_of
from governance.domain.procedure import parse_procedure
from governance.models import Meeting, MeetingNotice, Protocol
from licensing.domain.in_force import years_later
from licensing.models import Visa
from negotiation.models import Matter

ENTRY_DAYS = {(3, 1), (9, 1)}
DAYS_AFTER_PUBLICATION = 90
LONGEST_TERM = 6


def entry_into_force_is_allowed(matter: Matter) -> Finding:
    """CHK-09. On 1 March or 1 September, 90 days after publication, for six years at most."""
    version = version_of(matter)
    if version is None or version.published_at is None or version.in_force_from is None:
        return Finding.missing("published version")
    begins, ends = version.in_force_from, version.in_force_to
    days = (begins - day_of(version.published_at)).days
    allowed = (
        (begins.month, begins.day) in ENTRY_DAYS
        and days >= DAYS_AFTER_PUBLICATION
        and ends is not None
        and begins < ends <= years_later(begins, LONGEST_TERM)
    )
    return Finding(passed=allowed, detail=(str(days),))


def notices_were_sent_in_time(matter: Matter) -> Finding:
    """CHK-12. The working days between the last notice of a meeting and the meeting itself."""
    meetings = list(_meetings(matter))
    if not meetings:
        return Finding.missing("meetings")
    given = [_notice(meeting) for meeting in meetings]
    in_time = all(
        days is not None and days >= _required(meeting)
        for meeting, days in zip(meetings, given, strict=True)
    )
    return Finding(passed=in_time, detail=tuple(str(days) for days in given))


def _meetings(matter: Matter) -> list[Meeting]:
    """Return the meetings at which the matter was voted on, in the order of time."""
    voted_at = Meeting.objects.filter(ballots__question__matter=matter)
    return list(voted_at.select_related("charter_version").distinct().order_by("planned_for", "pk"))


def _notice(meeting: Meeting) -> int | None:
    sent = MeetingNotice.objects.filter(meeting=meeting).order_by("-sent_at").first()
    if sent is None or sent.sent_at > meeting.planned_for:
        return None
    return calendars.russia().working_days_between(
        day_of(sent.sent_at), day_of(meeting.planned_for)
    )


def _required(meeting: Meeting) -> int:
    procedure = parse_procedure(meeting.charter_version.procedure)
    if meeting.is_written:
        return procedure.written_notice_working_days
    return procedure.notice_working_days


def procedural_dates_are_working_days(matter: Matter) -> Finding:
    """CHK-14."""
    calendar = calendars.russia()
    days = sorted({day for day in _procedural_days(matter) if day is not None})
    return Finding.of(day for day in days if not calendar.is_working(day))


def _procedural_days(matter: Matter) -> Iterator[date | None]:
    for instant in _procedural_instants(matter):
        yield day_of(instant) if instant else None


def _procedural_instants(matter: Matter) -> Iterator[datetime | None]:
    yield from (matter.registered_at, matter.opened_at)
    for round_ in matter.rounds.order_by("pk"):
        # A deadline is the instant after the last day.
        yield from (round_.opens_at, round_.closes_at - timedelta(microseconds=1))
        yield round_.sub_amendments_until - timedelta(microseconds=1)
    for amendment in matter.amendments.order_by("pk"):
        yield from (amendment.filed_at, amendment.decided_at)
    for meeting in Meeting.objects.filter(body=matter.body).order_by("pk"):
        yield from (meeting.agenda_locked_at, meeting.planned_for)
        yield from (meeting.opened_at, meeting.closed_at)
    for protocol in Protocol.objects.filter(meeting__body=matter.body).order_by("pk"):
        yield from (protocol.signed_at, protocol.published_at)
    for conflict in matter.body.conflicts.order_by("pk"):
        yield from (conflict.declared_at, conflict.decided_at)
    version = version_of(matter)
    if version is not None:
        yield from (version.submitted_at, version.approved_at, version.published_at)
        yield from Visa.objects.filter(version=version).values_list("given_at", flat=True)
