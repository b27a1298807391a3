"""Votes that a seat has not cast, and what a side decides inside before it votes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance.domain.procedure import Voice, parse_procedure
from governance.models import (
    Ballot,
    ConflictDeclaration,
    InnerApproval,
    Meeting,
    RollEntry,
    Seat,
    SilenceNotice,
    SilenceProcedure,
    Vote,
)
from negotiation.pages import place_of
from workflows.inbox.items import InboxItem, Kind, localised

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from negotiation.models import Matter
    from workflows.inbox.items import Reader

BARRING = (ConflictDeclaration.Decision.RECUSED, ConflictDeclaration.Decision.REPLACED)


def votes(reader: Reader) -> Iterator[InboxItem]:
    """Yield the open ballots in which a seat of the reader is entitled and has not voted."""
    if not reader.seats:
        return
    voted = Vote.objects.counted().filter(ballot=OuterRef("ballot"), seat=OuterRef("seat"))
    entries = (
        RollEntry.objects.filter(
            _takes_votes(reader.at, "ballot__"),
            ~Exists(voted),
            seat__in=reader.seats,
            standing=RollEntry.Standing.ENTITLED,
            ballot__state=Ballot.State.OPEN,
        )
        .select_related(
            *("ballot__meeting__body", "ballot__question__matter", "ballot__charter_question"),
            "seat__side",
        )
        .order_by("pk")
    )
    for entry in entries:
        ballot = entry.ballot
        url_name, args = _page_of(ballot)
        yield InboxItem(
            kind=Kind.VOTE,
            title=format_lazy(_("Vote: {question}"), question=_question(ballot)),
            matter=_matter_of(ballot),
            url_name=url_name,
            args=args,
            deadline=ballot.closes_at,
            capacity=reader.as_seat(entry.seat),
            is_now=not ballot.is_written,
        )


def votes_to_approve(reader: Reader) -> Iterator[InboxItem]:
    """Yield the ballots on which the reader's side, speaking with one voice, must agree inside.

    Nothing is asked once enough members approve the same vote, or the reader has spoken.
    """
    own = {seat.side_id: seat for seat in reader.own_seats()}
    if not own:
        return
    spoken = InnerApproval.objects.filter(ballot=OuterRef("pk"), seat__in=own.values())
    ballots = list(
        Ballot.objects.filter(
            _takes_votes(reader.at),
            ~Exists(spoken),
            state__in=[Ballot.State.PREPARED, Ballot.State.OPEN],
            meeting__state__in=[Meeting.State.CONVENED, Meeting.State.OPENED],
            meeting__body__sides__in=own,
        )
        .distinct()
        .select_related(
            *("meeting__charter_version", "meeting__body", "charter_version"),
            *("question__matter", "charter_question"),
        )
        .prefetch_related(
            Prefetch(
                "inner_approvals",
                InnerApproval.objects.filter(side__in=own).order_by("approved_at", "pk"),
            ),
            Prefetch("roll", RollEntry.objects.filter(seat__side__in=own).order_by("pk")),
        )
        .order_by("pk")
    )
    if not ballots:
        return
    barred = _barred_topics(reader)
    for ballot in ballots:
        charter = ballot.charter_version or ballot.meeting.charter_version
        sides = parse_procedure(charter.procedure).sides
        for seat in own.values():
            terms = sides.get(seat.side.code)
            # Sides of another body may bear the same code.
            if seat.body_id != ballot.meeting.body_id:
                continue
            if terms is None or terms.voice is not Voice.SINGLE or not terms.inner_approvals:
                continue
            if _speaks(seat, ballot) or barred & set(ballot.topics):
                continue
            if _agreed_inside(ballot, seat) >= terms.inner_approvals:
                continue
            url_name, args = _page_of(ballot)
            yield InboxItem(
                kind=Kind.INNER_APPROVAL,
                title=format_lazy(
                    _("Agree inside your side how it votes: {question}"),
                    question=_question(ballot),
                ),
                matter=_matter_of(ballot),
                url_name=url_name,
                args=args,
                deadline=ballot.closes_at,
                capacity=reader.as_seat(seat),
                is_now=ballot.state == Ballot.State.OPEN and not ballot.is_written,
            )


def objections(reader: Reader) -> Iterator[InboxItem]:
    """Yield the texts to which a seat of the reader consents unless it objects in time.

    Each stays until the term is over: whoever has read the call may still object.
    """
    own = {seat.pk: seat for seat in reader.own_seats()}
    if not own:
        return
    calls = (
        SilenceNotice.objects.filter(
            person=reader.person,
            seat__in=own,
            procedure__state=SilenceProcedure.State.OPEN,
            procedure__closes_at__gt=reader.at,
        )
        .select_related(
            *("procedure__ballot__meeting__body", "procedure__ballot__question__matter"),
            "procedure__ballot__charter_question",
        )
        .order_by("procedure__closes_at", "pk")
    )
    for call in calls:
        ballot = call.procedure.ballot
        url_name, args = _page_of(ballot)
        yield InboxItem(
            kind=Kind.SILENCE,
            title=format_lazy(
                _("Object if you do not agree, no answer means consent: {question}"),
                question=_question(ballot),
            ),
            matter=_matter_of(ballot),
            url_name=url_name,
            args=args,
            deadline=call.procedure.closes_at,
            capacity=reader.as_seat(own[call.seat_id]),
        )


def conflicts_to_decide(reader: Reader) -> Iterator[InboxItem]:
    """Yield declared conflicts of interest that the other members of a side decide."""
    own = {seat.side_id: seat for seat in reader.own_seats()}
    if not own:
        return
    declared = (
        ConflictDeclaration.objects.filter(decision=None, seat__side__in=own)
        .exclude(person=reader.person)
        .select_related("body", "seat")
        .order_by("pk")
    )
    for declaration in declared:
        yield InboxItem(
            kind=Kind.CONFLICT,
            title=format_lazy(
                _("Decide on the conflict of interest of seat {seat}"), seat=declaration.seat.code
            ),
            matter=None,
            url_name="governance:conflicts",
            args=(declaration.body.uid,),
            deadline=None,
            capacity=reader.as_seat(own[declaration.seat.side_id]),
        )


def _takes_votes(at: datetime, prefix: str = "") -> Q:
    """Hold for ballots whose time is not over."""
    return Q(**{f"{prefix}closes_at": None}) | Q(**{f"{prefix}closes_at__gt": at})


def _question(ballot: Ballot) -> str | _StrPromise:
    return localised(ballot.question_ru, ballot.question_en)


def _matter_of(ballot: Ballot) -> Matter | None:
    question = getattr(ballot, "question", None)
    return question and question.matter


def _page_of(ballot: Ballot) -> tuple[str, tuple[Any, ...]]:
    """Return the page of a ballot: its own, or that of its meeting where it has none."""
    place = place_of(ballot)
    if place is None:
        return "governance:meeting", (ballot.meeting.uid,)
    space, home = place
    return f"{space}ballot", (home, ballot.uid)


def _barred_topics(reader: Reader) -> set[object]:
    """Return the topics on which the reader may not act."""
    declared = ConflictDeclaration.objects.filter(person=reader.person, decision__in=BARRING)
    return {topic for topics in declared.values_list("topics", flat=True) for topic in topics}


def _speaks(seat: Seat, ballot: Ballot) -> bool:
    """Say whether the seat itself speaks for its side: by the roll, else by its duty."""
    on_roll = [
        entry
        for entry in ballot.roll.all()
        if entry.standing == RollEntry.Standing.ENTITLED and entry.side_code == seat.side.code
    ]
    if on_roll:
        return any(entry.seat_id == seat.pk for entry in on_roll)
    return seat.duty == Seat.Duty.COORDINATOR


def _agreed_inside(ballot: Ballot, seat: Seat) -> int:
    """Return how many members of the side approve the same vote on this text."""
    latest = {
        approval.seat_id: approval.choice
        for approval in ballot.inner_approvals.all()
        if approval.side_id == seat.side_id and approval.text_sha256 == ballot.text_sha256
    }
    return max(Counter(latest.values()).values(), default=0)
