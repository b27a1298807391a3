"""A meeting as it goes on: for whoever leads it, for whoever sits there, and for the wall.

The pages are made anew from the rows each time they are asked for. `audit.live` only says when
to ask; what is shown is decided here, by the reader's own rights. Nothing of how an open ballot
goes is among it: who voted what is read from decisions alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from audit import clock, live
from governance import selectors
from governance.models import Ballot, Meeting, RollEntry, Vote
from governance.pages import Standing
from governance.services.quorums import quorum_at, quorum_log
from governance.views.meetings import visible_meeting
from negotiation.models import Matter, Question
from negotiation.pages import place_of

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from accounts.models import Person
    from governance.models import AgendaItem, FloorRequest, Side
    from governance.selectors import SideLines
    from governance.services.quorums import SideQuorum, Stretch


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many entitled seats have a counted vote. How they voted stays unsaid."""

    side: Side
    voted: int
    entitled: int


@dataclass(frozen=True, slots=True)
class OnTheTable:
    """A ballot with what it asks, if the reader may read that, and what is known of it now."""

    ballot: Ballot
    question: Question | None
    place: tuple[str, UUID] | None
    turnout: list[Turnout]

    @property
    def space(self) -> str:
        """How the names of the addresses of its pages begin."""
        return self.place[0] if self.place else ""

    @property
    def home(self) -> UUID | None:
        """The first argument of these addresses; nothing where the reader has no such page."""
        return self.place[1] if self.place else None

    @property
    def voted(self) -> int:
        """How many seats have voted."""
        return sum(row.voted for row in self.turnout)

    @property
    def entitled(self) -> int:
        """How many seats may vote."""
        return sum(row.entitled for row in self.turnout)

    @property
    def results(self) -> list[dict[str, Any]]:
        """What came out, side by side; nothing before the ballot is certified."""
        return self.ballot.decision.side_results if self.is_decided else []

    @property
    def is_decided(self) -> bool:
        """Whether a result stands."""
        return self.ballot.is_final and hasattr(self.ballot, "decision")


@dataclass(frozen=True, slots=True)
class InTheHall:
    """A side in the hall: its seats, and its quorum now."""

    lines: SideLines
    quorum: SideQuorum | None


@login_required
@require_safe
@vary_on_headers("HX-Request")
def live_meeting(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show a meeting as it goes on, with the buttons of whoever looks. htmx gets the part alone."""
    person, at = cast("Person", request.user), clock.now()
    row = visible_meeting(person, meeting)
    ballots = _ballots(row, person)
    hall = _hall(row, at)
    standing = Standing(request, row.body)
    waiting = list(row.floor_requests.waiting().select_related("person", "seat__side").in_order())
    own = next((line for line in _seats(hall) if _sits(line, person)), None)
    context = {
        **_common(row, ballots),
        "hall": hall,
        "presides": standing.presides,
        "matters": _matters(row, person) if standing.presides else [],
        "keeps": standing.keeps,
        "waiting": waiting,
        "own_seat": own.seat if own else None,
        "is_waiting": any(asked.person_id == person.pk for asked in waiting),
        "ballots": ballots,
        "log": _log(row, at),
    }
    page = "negotiation/_live.html" if request.htmx else "negotiation/live.html"
    return render(request, page, context)


@login_required
@require_safe
@vary_on_headers("HX-Request")
def projector(request: HttpRequest, meeting: UUID) -> HttpResponse:
    """Show a meeting on the wall: large, without controls. htmx gets the part alone."""
    person = cast("Person", request.user)
    row = visible_meeting(person, meeting)
    ballots = _ballots(row, person)
    context = {**_common(row, ballots), "shown": _shown(ballots), "next": _next_speakers(row)}
    page = "negotiation/_projector.html" if request.htmx else "negotiation/projector.html"
    return render(request, page, context)


def _common(meeting: Meeting, ballots: Iterable[OnTheTable]) -> dict[str, Any]:
    """Collect what both pages show. The number is read first: what comes later is announced."""
    seen = live.newest(meeting.body.streams())
    discussion = meeting.discussions.filter(ended_at=None).select_related("item").first()
    speaking = meeting.floor_requests.speaking().select_related("person", "seat__side").first()
    item = discussion.item if discussion else None
    return {
        "meeting": meeting,
        "body": meeting.body,
        "seen": seen,
        "agenda": list(meeting.agenda.order_by("number")),
        "item": item,
        "speaking": speaking,
        "announcement": _announcement(meeting, item, speaking, ballots),
    }


def _announcement(
    meeting: Meeting,
    item: AgendaItem | None,
    speaking: FloorRequest | None,
    ballots: Iterable[OnTheTable],
) -> str:
    """Say the state of the meeting in a line, for those who hear the page instead of seeing it."""
    said = [meeting.get_state_display()]
    if item:
        said.append(_("item %(number)s") % {"number": item.number})
    if speaking:
        said.append(_("%(name)s speaks") % {"name": _in_language(speaking.person, "name")})
    said += [
        f"{row.ballot.code}: {row.ballot.get_state_display()}"
        for row in ballots
        if row.ballot.state == Ballot.State.OPEN or row.is_decided
    ]
    return ", ".join(str(words) for words in said)


def _in_language(row: Any, name: str) -> str:
    """Return a text of a row in the language of the moment, in Russian where there is no other."""
    language = (get_language() or "ru")[:2]
    return getattr(row, f"{name}_{language}", "") or getattr(row, f"{name}_ru")


def _ballots(meeting: Meeting, person: Person) -> list[OnTheTable]:
    """Return the ballots in the order of the meeting, with the wordings the reader may see."""
    readable = Question.objects.filter(
        ballot__meeting=meeting, matter__in=Matter.objects.visible_to(person)
    ).select_related("matter")
    questions = {question.ballot_id: question for question in readable}
    related = ("decision", "question__matter", "charter_question", "meeting__body")
    rows = list(meeting.ballots.select_related(*related).order_by("agenda_item__number", "pk"))
    sides = list(meeting.body.sides.order_by("position"))
    open_ones = [row.pk for row in rows if row.state == Ballot.State.OPEN]
    prefetch_related_objects(
        [questions[pk] for pk in open_ones if pk in questions],
        *("wordings__wording", "wordings__clause__draft_wording", "amendments__amendment__side"),
    )
    entitled: Counter[tuple[int, str]] = Counter()
    voted: Counter[tuple[int, str]] = Counter()
    if open_ones:
        entitled.update(
            RollEntry.objects.filter(
                ballot__in=open_ones, standing=RollEntry.Standing.ENTITLED
            ).values_list("ballot_id", "side_code")
        )
        voted.update(
            Vote.objects.counted()
            .filter(ballot__in=open_ones)
            .values_list("ballot_id", "seat__side__code")
        )
    return [
        OnTheTable(
            row,
            questions.get(row.pk),
            place_of(row) if row.pk in questions or hasattr(row, "charter_question") else None,
            [Turnout(side, voted[row.pk, side.code], entitled[row.pk, side.code]) for side in sides]
            if row.state == Ballot.State.OPEN
            else [],
        )
        for row in rows
    ]


def _shown(ballots: list[OnTheTable]) -> OnTheTable | None:
    """Return the ballot for the wall: the one that is open, else the one that ended last."""
    for row in ballots:
        if row.ballot.state == Ballot.State.OPEN:
            return row
    ended = [row for row in ballots if row.is_decided]
    return max(ended, key=lambda row: (row.ballot.decision.decided_at, row.ballot.pk), default=None)


def _next_speakers(meeting: Meeting) -> list[FloorRequest]:
    """Return who speaks next."""
    return list(
        meeting.floor_requests.waiting().select_related("person", "seat__side").in_order()[:3]
    )


def _hall(meeting: Meeting, at: datetime.datetime) -> list[InTheHall]:
    """Return the sides with their seats and quorums; nothing where no presence is kept."""
    if not meeting.has_attendance:
        return []
    quorums: dict[str, SideQuorum] = {}
    if meeting.state in {Meeting.State.CONVENED, Meeting.State.OPENED}:
        quorums = {row.side: row for row in quorum_at(meeting, at)}
    return [
        InTheHall(lines, quorums.get(lines.side.code)) for lines in selectors.presence(meeting, at)
    ]


def _matters(meeting: Meeting, person: Person) -> list[Matter]:
    """Return the matters of which a question may be raised outside the agenda of the meeting."""
    if meeting.state != Meeting.State.OPENED or not meeting.has_attendance:
        return []
    at_the_table = Matter.objects.visible_to(person).filter(state__in=Matter.AT_THE_TABLE)
    return list(at_the_table.filter(body=meeting.body).order_by("pk"))


def _log(meeting: Meeting, at: datetime.datetime) -> list[Stretch]:
    """Return the quorum over the time of the meeting."""
    if not meeting.has_attendance:
        return []
    return quorum_log(meeting, until=meeting.closed_at or at)


def _seats(hall: Iterable[InTheHall]) -> list[selectors.SeatLine]:
    return [line for side in hall for line in side.lines.seats]


def _sits(line: selectors.SeatLine, person: Person) -> bool:
    """Say whether a person occupies the seat now."""
    return any(stay.left_at is None and stay.person_id == person.pk for stay in line.stays)
