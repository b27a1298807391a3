"""What keeps a meeting's record going: ballots to close, protocols to draw up and to sign."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance.models import (
    Appointment,
    Ballot,
    Meeting,
    PaperCheck,
    Protocol,
    ProtocolSignature,
    Seat,
    SilenceProcedure,
)
from negotiation.models import ProtocolOfDisagreements, ProtocolOfDisagreementsSignature
from negotiation.pages import place_of
from workflows.inbox.items import InboxItem, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from negotiation.models import Matter
    from workflows.inbox.items import Reader

SECRETARY = Appointment.Role.SECRETARY
COORDINATOR = Appointment.Role.COORDINATOR


def ballots_to_count(reader: Reader) -> Iterator[InboxItem]:
    """Yield the written ballots whose time is over, and the paper votes to check before a count.

    Secretaries close; they and the coordinator check, each what another entered and signed. Both
    is asked at once: an inbox asks few questions.
    """
    bodies = reader.bodies_as(SECRETARY, COORDINATOR)
    if not bodies:
        return
    papers = (
        PaperCheck.waiting()
        .filter(ballot=OuterRef("pk"))
        .exclude(entered_by=reader.person)
        .exclude(person=reader.person)
    )
    codes = papers.order_by("pk").values(json=JSONObject(uid="uid", seat="seat__code"))
    open_ = (
        Ballot.objects.open()
        .filter(meeting__body__in=bodies)
        .filter(Q(closes_at__lte=reader.at) | Exists(papers))
        .annotate(papers=ArraySubquery(codes))
        .select_related("meeting__body", "question__matter", "charter_question")
        .order_by("closes_at", "pk")
    )
    for ballot in open_:
        is_over = ballot.closes_at is not None and ballot.closes_at <= reader.at
        if is_over and (ballot.meeting.body_id, SECRETARY) in reader.duties:
            yield _closing(ballot, reader)
        for paper in ballot.papers:
            yield _paper(ballot, paper, reader)


def _matter_of(ballot: Ballot) -> Matter | None:
    question = getattr(ballot, "question", None)
    return question and question.matter


def _closing(ballot: Ballot, reader: Reader) -> InboxItem:
    return InboxItem(
        kind=Kind.CLOSE_BALLOT,
        title=format_lazy(_("Close and count written ballot {code}"), code=ballot.code),
        matter=_matter_of(ballot),
        url_name="governance:meeting",
        args=(ballot.meeting.uid,),
        deadline=ballot.closes_at,
        capacity=reader.as_duty(ballot.meeting.body_id, SECRETARY),
    )


def _paper(ballot: Ballot, paper: dict[str, str], reader: Reader) -> InboxItem:
    place, body = place_of(ballot), ballot.meeting.body_id
    role = COORDINATOR if (body, COORDINATOR) in reader.duties else SECRETARY
    return InboxItem(
        kind=Kind.PAPER_VOTE,
        title=format_lazy(
            _("Check the vote of seat {seat} in ballot {code} against its paper"),
            seat=paper["seat"],
            code=ballot.code,
        ),
        matter=_matter_of(ballot),
        url_name=f"{place[0]}check_paper" if place else "governance:meeting",
        args=(place[1], ballot.uid, UUID(paper["uid"])) if place else (ballot.meeting.uid,),
        deadline=ballot.closes_at,
        capacity=reader.as_duty(body, role),
        is_now=not ballot.is_written,
    )


def silences_to_end(reader: Reader) -> Iterator[InboxItem]:
    """Yield the silence procedures whose term is over and of which nobody found what they mean."""
    bodies = reader.bodies_as(SECRETARY)
    if not bodies:
        return
    over = (
        SilenceProcedure.objects.filter(
            state=SilenceProcedure.State.OPEN,
            closes_at__lte=reader.at,
            ballot__meeting__body__in=bodies,
            ballot__question__isnull=False,
        )
        .select_related("ballot__meeting", "ballot__question__matter")
        .order_by("closes_at", "pk")
    )
    for silence in over:
        ballot = silence.ballot
        matter = ballot.question.matter
        yield InboxItem(
            kind=Kind.SILENCE,
            title=format_lazy(_("End the silence procedure on ballot {code}"), code=ballot.code),
            matter=matter,
            url_name="negotiation:end_silence",
            args=(matter.uid, ballot.uid),
            deadline=silence.closes_at,
            capacity=reader.as_duty(ballot.meeting.body_id, SECRETARY),
        )


def protocols_to_draw_up(reader: Reader) -> Iterator[InboxItem]:
    """Yield the closed meetings that have no protocol yet."""
    bodies = reader.bodies_as(SECRETARY)
    if not bodies:
        return
    closed = Meeting.objects.filter(
        body__in=bodies, state=Meeting.State.CLOSED, protocol__isnull=True
    )
    for meeting in closed.order_by("closed_at", "pk"):
        yield InboxItem(
            kind=Kind.PROTOCOL,
            title=format_lazy(_("Draw up the protocol of meeting {code}"), code=meeting.code),
            matter=None,
            url_name="governance:meeting",
            args=(meeting.uid,),
            deadline=None,
            capacity=reader.as_duty(meeting.body_id, SECRETARY),
        )


def protocols_to_sign(reader: Reader) -> Iterator[InboxItem]:
    """Yield the drafts of protocols that lack the reader's signature."""
    bodies = reader.bodies_as(SECRETARY, COORDINATOR)
    if not bodies:
        return
    signed = ProtocolSignature.objects.filter(protocol=OuterRef("pk"), person=reader.person)
    drafts = (
        Protocol.objects.filter(
            ~Exists(signed), state=Protocol.State.DRAFT, meeting__body__in=bodies
        )
        .select_related("meeting")
        .order_by("drafted_at", "pk")
    )
    for protocol in drafts:
        meeting = protocol.meeting
        role = COORDINATOR if (meeting.body_id, COORDINATOR) in reader.duties else SECRETARY
        yield InboxItem(
            kind=Kind.PROTOCOL,
            title=format_lazy(_("Sign protocol {number}"), number=protocol.number),
            matter=None,
            url_name="governance:meeting",
            args=(meeting.uid,),
            deadline=None,
            capacity=reader.as_duty(meeting.body_id, role),
        )


def disagreements_to_sign(reader: Reader) -> Iterator[InboxItem]:
    """Yield the protocols of disagreements that the side of the reader has not signed."""
    own = {seat.body_id: seat for seat in reader.own_seats(Seat.Duty.COORDINATOR)}
    if not own:
        return
    signed = ProtocolOfDisagreementsSignature.objects.filter(
        protocol=OuterRef("pk"), side__in=[seat.side_id for seat in own.values()]
    )
    drawn_up = (
        ProtocolOfDisagreements.objects.filter(~Exists(signed), matter__body__in=own)
        .select_related("matter")
        .order_by("drawn_up_at", "pk")
    )
    for protocol in drawn_up:
        yield InboxItem(
            kind=Kind.DISAGREEMENTS,
            title=format_lazy(_("Sign protocol of disagreements {number}"), number=protocol.number),
            matter=protocol.matter,
            url_name="negotiation:disagreements",
            args=(protocol.matter.uid,),
            deadline=None,
            capacity=reader.as_seat(own[protocol.matter.body_id]),
        )
