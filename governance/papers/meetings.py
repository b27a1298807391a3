"""The papers of a meeting: its agenda, its minutes."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, Q
from django.urls import reverse

from accounts import grants
from documents import papers
from documents.papers import Kind, Status, Text, both
from governance.models import (
    Appointment,
    Ballot,
    Body,
    CorrectionRecord,
    Decision,
    DissentingOpinion,
    Meeting,
    Protocol,
    ProtocolRemark,
    ProtocolSignature,
    Vote,
)
from governance.wording import VERDICTS

from .source import Source, register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from django.db.models import QuerySet

    from accounts.models import Person


def _bodies(person: Person) -> QuerySet[Body]:
    """Return the bodies whose meetings the person may see; an administrator sets them all up.

    It asks nothing by itself: lists of papers ask every source inside one query.
    """
    administers = Exists(grants.holders(grants.ADMINISTER).filter(pk=person.pk))
    return Body.objects.filter(Q(pk__in=Body.objects.visible_to(person)) | administers)


class AgendaSource(Source):
    """Agendas: a draft until they are locked, then what the notices were sent with."""

    kind = Kind.AGENDA

    def rows(self, person: Person) -> QuerySet[Meeting]:
        return Meeting.objects.filter(body__in=_bodies(person)).select_related(
            "body", "charter_version"
        )

    def body(self, row: Meeting) -> Body:
        return row.body

    def name(self, row: Meeting) -> str:
        return row.code

    def path(self, row: Meeting) -> str:
        return reverse("governance:meeting", args=[row.uid])

    def paper(self, row: Meeting) -> papers.Agenda:
        """Read a meeting."""
        locked = row.agenda_locked_at
        listed = papers.Text("", "")
        return papers.Agenda(
            origin=self.origin(
                row, Status.FINAL if locked else Status.DRAFT, locked or row.planned_for
            ),
            meeting=row.code,
            form=both(Meeting.Kind(row.kind).label),
            planned_for=row.planned_for,
            closes_at=row.closes_at,
            place=Text.of(row, "place"),
            charter=Text.of(row.charter_version, "document"),
            locked_at=locked,
            items=tuple(
                (
                    Text.of(item, "title"),
                    listed
                    if item.standing == item.Standing.LISTED
                    else both(item.Standing(item.standing).label),
                )
                for item in row.agenda.order_by("number")
            ),
            signatories=tuple(_officers(row)),
        )


def _officers(meeting: Meeting) -> Iterable[papers.Signatory]:
    """Return who coordinates the body on the day of the meeting."""
    duties = meeting.body.appointments.filter(role=Appointment.Role.COORDINATOR)
    for duty in duties.on(meeting.planned_for.date()).select_related("person").order_by("pk"):
        yield papers.Signatory(
            both(Appointment.Role(duty.role).label), Text.of(duty.person, "name")
        )


class MinutesSource(Source):
    """Minutes: what a protocol froze, with the remarks, signatures and corrections that followed.

    They are for those who see the meeting; everybody else reads the extract that was published.
    """

    kind = Kind.PROTOCOL

    def rows(self, person: Person) -> QuerySet[Protocol]:
        return Protocol.objects.filter(meeting__body__in=_bodies(person)).whole()

    def body(self, row: Protocol) -> Body:
        return row.meeting.body

    def name(self, row: Protocol) -> str:
        return f"№ {row.number}, {row.meeting.code}"

    def path(self, row: Protocol) -> str:
        return reverse("governance:protocol", args=[row.meeting.uid])

    def check_path(self, row: Protocol, status: Status) -> str:
        return public_minutes(row) or self.path(row)

    def paper(self, row: Protocol) -> papers.Minutes:
        """Read a protocol."""
        content = row.content
        meeting, sides = content["meeting"], side_names(row.meeting.body)
        return papers.Minutes(
            origin=self.origin(row, Status(row.state), changed_at(row), row.sha256),
            number=row.number,
            meeting=meeting["code"],
            form=both(Meeting.Kind(meeting["kind"]).label),
            place=Text.of(meeting, "place"),
            opened_at=_instant(meeting["opened_at"]),
            closed_at=_instant(meeting["closed_at"]),
            charter=Text.of(content["charter"], "document"),
            presiding=officers(content, Appointment.Role.COORDINATOR),
            secretary=officers(content, Appointment.Role.SECRETARY),
            present=tuple(
                papers.Member(
                    one["seat"],
                    sides.get(one["side"], Text(one["side"])),
                    Text.of(one, "name"),
                    _instant(one["came_at"]) if one["came_at"] else None,
                    _instant(one["left_at"]) if one["left_at"] else None,
                )
                for one in content["attendance"]
            ),
            agenda=tuple((item["number"], Text.of(item, "title")) for item in content["agenda"]),
            ballots=tuple(ballot_of(ballot, sides) for ballot in content["ballots"]),
            signatories=signatories(row),
            corrections=tuple(_corrections(row)),
            remarks=tuple(
                papers.Remark(
                    one.number,
                    one.seat.code,
                    Text.of(one.person, "name"),
                    one.text,
                    both(ProtocolRemark.Disposition(one.disposition).label)
                    if one.disposition
                    else Text("–"),
                    one.answer,
                )
                for one in sorted(row.remarks.all(), key=lambda one: one.number)
            ),
        )


class PublishedExtractSource(Source):
    """What everybody may read of published minutes: no names but of those who answer for them."""

    kind = Kind.PUBLISHED_EXTRACT
    is_public = True

    def rows(self, person: Person) -> QuerySet[Protocol]:
        return Protocol.objects.published().filter(meeting__body__in=_bodies(person)).whole()

    def body(self, row: Protocol) -> Body:
        return row.meeting.body

    def name(self, row: Protocol) -> str:
        return f"№ {row.number}, {row.meeting.code}"

    def path(self, row: Protocol) -> str:
        return reverse("governance:protocol", args=[row.meeting.uid])

    def paper(self, row: Protocol) -> papers.PublishedExtract:
        """Read a protocol, and leave out who sat at the table and how each voted."""
        content = row.content
        meeting, sides = content["meeting"], side_names(row.meeting.body)
        seats = {one["seat"]: one["side"] for one in content["attendance"]}
        there = Counter(seats.values())
        return papers.PublishedExtract(
            origin=self.origin(row, Status(row.state), changed_at(row), row.sha256),
            number=row.number,
            meeting=meeting["code"],
            form=both(Meeting.Kind(meeting["kind"]).label),
            place=Text.of(meeting, "place"),
            opened_at=_instant(meeting["opened_at"]),
            closed_at=_instant(meeting["closed_at"]),
            charter=Text.of(content["charter"], "document"),
            presiding=officers(content, Appointment.Role.COORDINATOR),
            secretary=officers(content, Appointment.Role.SECRETARY),
            present=tuple((name, there[code]) for code, name in sides.items()),
            agenda=tuple((item["number"], Text.of(item, "title")) for item in content["agenda"]),
            ballots=tuple(ballot_of(ballot, sides) for ballot in content["ballots"]),
            opinions=DissentingOpinion.objects.filter(ballot__meeting=row.meeting).count(),
            signatories=leaders(row),
            # Whose name was misspelt is said in the full minutes only.
            corrections=tuple(_corrections(row, but=CorrectionRecord.Ground.NAME)),
        )


def public_minutes(protocol: Protocol) -> str:
    """Return the path of the page where everybody finds what was published, if anything was."""
    if protocol.state != Protocol.State.PUBLISHED:
        return ""
    return reverse("web:published", args=[Kind.PUBLISHED_EXTRACT, protocol.uid])


def changed_at(protocol: Protocol) -> datetime.datetime:
    """Return the last instant at which a paper about a protocol says something else."""
    instants = [protocol.drafted_at, protocol.signed_at, protocol.published_at]
    instants += [one.signed_at for one in protocol.signatures.all()]
    instants += [at for one in protocol.remarks.all() for at in (one.filed_at, one.answered_at)]
    instants += [one.agreed_at for one in protocol.corrections.all()]
    return max(filter(None, instants))


def _corrections(protocol: Protocol, but: str = "") -> Iterator[papers.Correction]:
    """Return the corrections in force, but those of one ground."""
    for one in sorted(protocol.corrections.all(), key=lambda one: one.number):
        if one.agreed_at and one.ground != but:
            yield papers.Correction(
                one.number, one.place, one.was, one.becomes, one.reason, one.agreed_at
            )


def signatories(protocol: Protocol) -> tuple[papers.Signatory, ...]:
    """Return who signs a protocol: those who must, signed or not, then those who did besides."""
    of_sides = _signatures(protocol, ProtocolSignature.Capacity.SIDE)
    return (*leaders(protocol), *map(_signed, of_sides))


def leaders(protocol: Protocol) -> tuple[papers.Signatory, ...]:
    """Return who led the meeting and who kept its minutes: signed, or with a line to sign on."""
    lines: list[papers.Signatory] = []
    for role in (ProtocolSignature.Capacity.COORDINATOR, ProtocolSignature.Capacity.SECRETARY):
        if done := _signatures(protocol, role):
            lines += map(_signed, done)
        else:
            names = officers(protocol.content, Appointment.Role(role.value))
            lines += [papers.Signatory(both(role.label), name) for name in names]
    return tuple(lines)


def _signatures(protocol: Protocol, capacity: str) -> list[ProtocolSignature]:
    """Return who signed in a capacity, in the order of signing."""
    found = [one for one in protocol.signatures.all() if one.capacity == capacity]
    return sorted(found, key=lambda one: one.pk)


def _signed(signature: ProtocolSignature) -> papers.Signatory:
    role = both(ProtocolSignature.Capacity(signature.capacity).label)
    if signature.seat:
        role = Text(f"{role.ru}, {signature.seat.code}", f"{role.en}, {signature.seat.code}")
    return papers.Signatory(role, Text.of(signature.person, "name"), signature.signed_at)


def officers(content: Mapping[str, Any], role: Appointment.Role) -> tuple[Text, ...]:
    """Return who served in a role on the day of the meeting."""
    return tuple(Text.of(one, "name") for one in content["officers"] if one["role"] == role)


def side_names(body: Body) -> dict[str, Text]:
    """Return what the sides of a body are called."""
    return {side.code: Text.of(side, "name") for side in body.sides.order_by("position")}


def ballot_of(ballot: Mapping[str, Any], sides: Mapping[str, Text]) -> papers.Ballot:
    """Read a ballot as a protocol keeps it."""
    return papers.Ballot(
        code=ballot["code"],
        item=ballot["item"],
        question=Text.of(ballot, "question"),
        text_sha256=ballot["text_sha256"],
        form=both(Ballot.Mode(ballot["mode"]).label),
        result=both(Decision.Result(ballot["result"]).label)
        if ballot["result"]
        else both(Ballot.State(ballot["state"]).label),
        sides=tuple(
            papers.SideResult(
                side=sides.get(one["side"], Text(one["side"])),
                entitled=one["entitled"],
                took_part=one["cast"],
                votes_for=one["votes_for"],
                against=one["votes_against"],
                abstained=one["abstained"],
                quorate=one["side_quorum"],
                agreed=one["agreed"],
            )
            for one in ballot["side_results"]
        ),
        votes=tuple(_vote(vote) for vote in ballot["votes"]),
        recused=tuple(
            Text.of(one, "name") for one in ballot["roll"] if one["standing"] == "recused"
        ),
        opened_at=_instant(ballot["opened_at"]) if ballot["opened_at"] else None,
        closed_at=_instant(ballot["closed_at"]) if ballot["closed_at"] else None,
        validity=both(VERDICTS[ballot["validity"]]) if ballot["validity"] else Text(""),
    )


def _vote(vote: Mapping[str, Any]) -> papers.Spoken:
    counted = vote["status"] == Vote.Status.COUNTED
    words = Vote.Choice(vote["choice"]) if counted else Vote.Reason(vote["reason"])
    return papers.Spoken(
        vote["seat"], Text.of(vote, "name"), vote["choice"], both(words.label), counted
    )


def _instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def connect() -> None:
    """Make these papers known."""
    register(AgendaSource())
    register(MinutesSource())
    register(PublishedExtractSource())
