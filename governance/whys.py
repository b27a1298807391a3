"""Why somebody may do something at a body, or may not: every act, its paper, and the remedy.

Pages hide what a person cannot do. Here each hidden button has its answer. What is shown is what
`authority.examine` says at the instant of the page; the act itself will ask again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Person
from calendars.domain import day_of
from governance.authority import DUTIES, REASONS, Action, Refusal, examine
from governance.domain.procedure import parse_procedure
from governance.models import Appointment, Body, Mandate, Seat, Vote
from governance.services import bar_to_voting

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from governance.authority import Evidence
    from governance.models import Ballot

ACTS = {
    Action.VOTE: gettext_lazy("Vote for the seat"),
    Action.NEGOTIATE: gettext_lazy("State positions and propose amendments"),
    Action.SIGN: gettext_lazy("Sign for the side"),
    Action.DISSENT: gettext_lazy("File a dissenting opinion"),
    Action.PRESIDE: gettext_lazy("Lead meetings, open and close ballots"),
    Action.KEEP: gettext_lazy("Keep the record: mandates, notices, minutes"),
    Action.CONSULT: gettext_lazy("Speak with a consultative voice"),
    Action.REPORT: gettext_lazy("Report on the matter"),
    Action.APPROVE: gettext_lazy("Approve the agreed text or return it"),
    Action.AUDIT: gettext_lazy("Audit the record"),
    Action.ADMINISTER: gettext_lazy("Set bodies up"),
}
"""Acts, as people say them."""

OF_A_SEAT = (Action.VOTE, Action.NEGOTIATE, Action.SIGN, Action.DISSENT)

_ASK_SECRETARY = gettext_lazy("Ask the secretary of the body to register a mandate that covers it.")
_ASK_ADMINISTRATOR = gettext_lazy("Ask an administrator.")
_ASK_PRINCIPAL = gettext_lazy(
    "Ask the organisation you represent for a new mandate, and the secretary to register it."
)

REMEDIES = {
    "person_blocked": _ASK_ADMINISTRATOR,
    "no_seat": gettext_lazy("Only holders of a seat and their substitutes may: the side fills it."),
    "wrong_seat": gettext_lazy("Act for the seat that you hold or stand in for."),
    "not_holder": gettext_lazy("If you still represent the side, ask the secretary to seat you."),
    "no_duty": gettext_lazy("Only the person appointed to this duty may."),
    "not_found": _ASK_SECRETARY,
    "undated": _ASK_PRINCIPAL,
    "not_yet_valid": gettext_lazy("Wait for the first day of the mandate."),
    "expired": _ASK_PRINCIPAL,
    "revoked_known": _ASK_PRINCIPAL,
    "out_of_scope": _ASK_SECRETARY,
    "substitution_outside_parent": gettext_lazy(
        "Ask for a substitution that stays inside the mandate it rests on: seat, acts and days."
    ),
    "other_organisation": gettext_lazy(
        "The charter wants a person of the same organisation: ask it to name one."
    ),
    "giver_not_holder": gettext_lazy(
        "Whoever holds the seat now acts in person, or names a substitute."
    ),
    "proxy_forbidden": gettext_lazy("The holder of the seat acts in person."),
    "not_delegable": gettext_lazy("The holder of the seat acts in person."),
    "not_administrator": _ASK_ADMINISTRATOR,
}
"""What is missing and whom to ask, by the code of the refusal."""

REMEDIES_IN_BALLOT = {
    Vote.Reason.LATE: gettext_lazy("The time is over; the body may decide to ask again."),
    Vote.Reason.NOT_ON_ROLL: gettext_lazy("Another seat speaks for your side in this ballot."),
    Vote.Reason.RECUSED: gettext_lazy("The decision on the conflict covers this question only."),
    Vote.Reason.TOO_MANY_PROXIES: gettext_lazy(
        "The holder votes in person, or names a substitute who votes for fewer others."
    ),
    Vote.Reason.NOT_PRESENT: gettext_lazy("Ask the secretary to note that you have come."),
}


@dataclass(frozen=True, slots=True)
class Why:
    """One act, and the answer to whether a person may do it now."""

    action: Action
    found: Evidence | Refusal
    seat: Seat | None = None

    @property
    def may(self) -> bool:
        """Whether the answer is yes."""
        return bool(self.found)

    @property
    def words(self) -> str:
        """The act, as people say it."""
        return str(ACTS[self.action])

    @property
    def code(self) -> str:
        """The answer as the record would keep it."""
        return self.found.code if isinstance(self.found, Refusal) else self.found.result

    @property
    def reason(self) -> str:
        """Why not; empty when the person may."""
        return "" if self.may else str(REASONS[self.code])

    @property
    def remedy(self) -> str:
        """What is missing and whom to ask; empty when the person may."""
        return "" if self.may else str(REMEDIES[self.code])

    @property
    def mandate(self) -> Mandate | None:
        """The mandate that carries the act, or the one that was found wanting."""
        return self.found.mandate

    @property
    def appointment(self) -> Appointment | None:
        """The appointment that carries the act."""
        return None if isinstance(self.found, Refusal) else self.found.appointment


@dataclass(frozen=True, slots=True)
class VotingWhy:
    """One seat of a person in one ballot: what stands in the way of a vote now, if anything."""

    seat: Seat
    reason: str
    remedy: str

    @property
    def may(self) -> bool:
        """Whether a vote would count."""
        return not self.reason


@dataclass(frozen=True, slots=True)
class Proxies:
    """The seats for which a person may vote for others, and for how many the charter allows."""

    seats: list[str]
    limit: int


def proxies_of(answers: Iterable[Why], body: Body, at: datetime.datetime) -> Proxies | None:
    """Say for which seats somebody may vote as a proxy, by the answers about that; None for none.

    Asks for the charter only where there is a proxy.
    """
    seats = [
        why.seat.code
        for why in answers
        if why.seat and why.action is Action.VOTE and why.may and why.found.capacity == "proxy"
    ]
    charter = body.charters.effective_on(day_of(at)).first() if seats else None
    if charter is None:
        return None
    return Proxies(seats, parse_procedure(charter.procedure).max_proxies_held)


def seats_of(person: Person, body: Body, at: datetime.datetime) -> QuerySet[Seat]:
    """Return the seats that a person holds today or has a mandate for, in order."""
    held = person.seat_holdings.on(day_of(at)).values("seat")
    papers = person.mandates.values("seat")
    seats = body.seats.filter(Q(pk__in=held) | Q(pk__in=papers)).select_related("side")
    return seats.order_by("side__position", "number")


def whys(person: Person, body: Body, at: datetime.datetime) -> list[Why]:
    """Ask about every act at the body, first those of the person's seats: what they may first."""
    found = [
        Why(action, examine(person, action, body=body, at=at, seat=seat), seat)
        for seat in seats_of(person, body, at)
        for action in OF_A_SEAT
    ] or [Why(action, examine(person, action, body=body, at=at)) for action in OF_A_SEAT]
    found += [
        Why(action, examine(person, action, body=body, at=at))
        for action in (*DUTIES, Action.ADMINISTER)
    ]
    return sorted(found, key=lambda why: not why.may)


def whys_in_ballot(person: Person, ballot: Ballot, at: datetime.datetime) -> list[VotingWhy]:
    """Say for each seat of the person whether a vote would count in this ballot now."""
    answers = []
    for seat in seats_of(person, ballot.meeting.body, at):
        reason, remedy = "", ""
        if ballot.state != ballot.State.OPEN:
            reason, remedy = _("Votes are not taken now."), _("Votes are taken while it is open.")
        else:
            found, bar = bar_to_voting(ballot=ballot, seat=seat, person=person, at=at)
            if bar in REMEDIES_IN_BALLOT:
                reason, remedy = str(bar.label), str(REMEDIES_IN_BALLOT[bar])
            elif isinstance(found, Refusal):
                reason, remedy = str(REASONS[found.code]), str(REMEDIES[found.code])
        answers.append(VotingWhy(seat, reason, remedy))
    return answers


def people_of(body: Body) -> QuerySet[Person]:
    """Return everybody whom a seat, a mandate or a duty ever tied to the body, by name."""
    tied = Person.objects.filter(
        Q(seat_holdings__seat__body=body)
        | Q(mandates__seat__body=body)
        | Q(appointments__body=body)
    )
    return tied.distinct().order_by("name_ru", "pk")
