"""On what an act stands: the matter, locked, and the authority of whoever acts.

Every act of this app locks its matter first. Acts on one matter therefore follow each
other, and what an act has checked is still true when it writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from calendars.domain import day_of
from governance import authority
from governance.authority import Action, Evidence, NotAuthorised
from governance.domain.procedure import Procedure, parse_procedure
from governance.models import Ballot, Meeting, Seat, SeatHolding, SilenceProcedure
from negotiation import refusals
from negotiation.models import Amendment, Clause, Matter, Question

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from accounts.models import Person
    from governance.models import Side


def lock_matter(matter: Matter | int) -> Matter:
    """Return the matter, locked against every other act on it until commit."""
    pk = matter if isinstance(matter, int) else matter.pk
    matters = Matter.objects.select_for_update(of=("self",))
    return matters.select_related("body", "charter_version", "initiator_side__body").get(pk=pk)


def lock_meeting(meeting: Meeting, matter: Matter) -> Meeting:
    """Return the meeting, locked, if it is one of the body that negotiates the matter.

    Meetings are locked before matters, as governance does when it opens and counts ballots:
    two acts that take both would otherwise wait for each other.
    """
    if meeting.body_id != matter.body_id:
        raise refusals.ForeignRow
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)


def require_state(matter: Matter, *states: Matter.State) -> None:
    """Refuse unless the matter is in one of the states."""
    if matter.state not in states:
        raise refusals.WrongState(state=matter.get_state_display())


def fresh_clause(clause: Clause, matter: Matter) -> Clause:
    """Return the clause as it is now that its matter is locked."""
    row = (
        Clause.objects.select_related("document", "current_wording", "tabled_wording")
        .filter(pk=clause.pk, document__matter=matter)
        .first()
    )
    if row is None:
        raise refusals.ForeignRow
    return row


def fresh_amendment(amendment: Amendment, matter: Matter) -> Amendment:
    """Return the amendment as it is now that its matter is locked."""
    row = (
        Amendment.objects.select_related(
            "matter__body",
            "clause__document",
            "clause__current_wording",
            "clause__tabled_wording",
            "base_wording",
            "parent",
            "side__body",
            "sponsor_side",
        )
        .filter(pk=amendment.pk, matter=matter)
        .first()
    )
    if row is None:
        raise refusals.ForeignRow
    return row


def require_own_side(matter: Matter, side: Side) -> None:
    """Refuse a side of another body."""
    if side.body_id != matter.body_id:
        raise refusals.NotASideOfThisTable


def one_of(actor: Person, actions: Iterable[Action], *, matter: Matter, at: datetime) -> Evidence:
    """Return the evidence of the first action that the actor may do.

    Raises:
        NotAuthorised: none of them; the reason is that of the last one.
    """
    refusal: NotAuthorised | None = None
    for action in actions:
        try:
            return authority.require(actor, action, body=matter.body, at=at)
        except NotAuthorised as error:
            refusal = error
    if refusal is None:
        raise ValueError("name at least one action")
    raise refusal


def keeper(actor: Person, matter: Matter, at: datetime) -> Evidence:
    """Authorise the secretary of the body."""
    return authority.require(actor, Action.KEEP, body=matter.body, at=at)


def rapporteur(actor: Person, matter: Matter, at: datetime) -> Evidence:
    """Authorise whoever proposes conclusions: a rapporteur, or the secretary who drafts them."""
    return one_of(actor, (Action.REPORT, Action.KEEP), matter=matter, at=at)


def negotiator(actor: Person, side: Side, at: datetime) -> Evidence:
    """Authorise any holder of a seat of the side whose mandate lets them negotiate."""
    refusal: NotAuthorised | None = None
    for seat in side.seats.order_by("number"):
        found = authority.examine(actor, Action.NEGOTIATE, body=side.body, at=at, seat=seat)
        if isinstance(found, Evidence):
            return found
        if refusal is None or found.code != "wrong_seat":
            refusal = found.error
    raise refusal or NotAuthorised(code="no_seat")


def keeper_or_negotiator(
    actor: Person, matter: Matter, *, side: Side | None, at: datetime
) -> Evidence:
    """Authorise the secretary, or somebody who negotiates for the side if there is one."""
    kept = authority.examine(actor, Action.KEEP, body=matter.body, at=at)
    if isinstance(kept, Evidence):
        return kept
    if side is None:
        raise kept.error
    return negotiator(actor, side, at)


def speaker(actor: Person, side: Side, at: datetime) -> Evidence:
    """Authorise whoever speaks for the side: its coordinator, in absence the deputy.

    The coordinator is absent when nobody with a mandate to negotiate holds that seat.

    Raises:
        NotAuthorised: the actor is neither, or is the deputy of a coordinator who is there.
    """
    seats = {seat.duty: seat for seat in side.seats.all()}
    coordinating = seats.get(Seat.Duty.COORDINATOR)
    if coordinating is None:
        raise NotAuthorised(_("Your side has no coordinating seat."), code="no_coordinator")
    found = authority.examine(actor, Action.NEGOTIATE, body=side.body, at=at, seat=coordinating)
    if isinstance(found, Evidence):
        return found
    deputy = seats.get(Seat.Duty.DEPUTY)
    if deputy is not None:
        stands_in = authority.examine(actor, Action.NEGOTIATE, body=side.body, at=at, seat=deputy)
        absent = not _has_speaker(coordinating, side, at)
        if isinstance(stands_in, Evidence) and absent:
            return stands_in
    if found.code == "wrong_seat":
        raise NotAuthorised(
            _("Only the coordinator speaks for the side."), code="not_the_coordinator"
        )
    raise found.error


def author(actor: Person, amendment: Amendment, at: datetime) -> Evidence:
    """Authorise the author of a proposal to act on it, as whom it was filed."""
    if amendment.side is None:
        return authority.require(actor, Action.CONSULT, body=amendment.matter.body, at=at)
    return negotiator(actor, amendment.side, at)


def participant(actor: Person, matter: Matter, at: datetime) -> Evidence:
    """Authorise whoever takes part in the discussion: seats, duties, consultative voices."""
    seated = authority.examine(actor, Action.NEGOTIATE, body=matter.body, at=at)
    if isinstance(seated, Evidence):
        return seated
    try:
        return one_of(
            actor,
            (Action.CONSULT, Action.KEEP, Action.PRESIDE, Action.REPORT),
            matter=matter,
            at=at,
        )
    except NotAuthorised:
        raise seated.error from None


def procedure_of(matter: Matter) -> Procedure:
    """Return the procedure under which the matter is negotiated: that of its pinned charter.

    Raises:
        WrongState: negotiations are not open, so that nothing is pinned yet.
    """
    if matter.charter_version is None:
        raise refusals.WrongState(state=matter.get_state_display())
    return parse_procedure(matter.charter_version.procedure)


def day(at: datetime) -> date:
    """Return the Krasnoyarsk day of an instant."""
    return day_of(at)


def under_vote() -> Q:
    """Hold for questions whose ballot takes votes now, or on which silence would be consent."""
    return Q(ballot__state__in=[Ballot.State.OPEN, Ballot.State.CLOSED]) | Q(
        ballot__silence__state=SilenceProcedure.State.OPEN
    )


def require_not_under_vote(clause: Clause, *, besides: Question | None = None) -> None:
    """Refuse while an open ballot asks about the clause or about amendments to it.

    Args:
        clause: what may be under vote.
        besides: the question whose own ballot is being opened.
    """
    about = Q(wordings__clause=clause) | Q(amendments__amendment__clause=clause)
    asking = Question.objects.filter(under_vote(), about)
    if besides is not None:
        asking = asking.exclude(pk=besides.pk)
    if asking.exists():
        raise refusals.ClauseIsUnderVote(clause=clause)


def require_amendment_state(amendment: Amendment, *states: Amendment.State) -> None:
    """Refuse unless the proposal is in one of the states."""
    if amendment.state not in states:
        raise refusals.WrongAmendmentState(amendment=amendment, state=amendment.get_state_display())


def require_undecided(amendment: Amendment) -> None:
    """Refuse a proposal that has its disposition."""
    if not amendment.is_undecided:
        raise refusals.AmendmentIsClosed(amendment=amendment, state=amendment.get_state_display())


def require_amendment_not_under_vote(amendment: Amendment) -> None:
    """Refuse while an open ballot decides on the amendment."""
    if Question.objects.filter(under_vote(), amendments__amendment=amendment).exists():
        raise refusals.AmendmentIsUnderVote(amendment=amendment)


def require_no_open_ballot(matter: Matter) -> None:
    """Refuse while any ballot on the matter is open."""
    question = Question.objects.filter(under_vote(), matter=matter).first()
    if question is not None:
        raise refusals.WrongState(state=question.ballot.get_state_display())


def _has_speaker(seat: Seat, side: Side, at: datetime) -> bool:
    """Say whether the holder of a seat could speak at this instant."""
    holding = SeatHolding.objects.filter(seat=seat).on(day(at)).select_related("person").first()
    if holding is None:
        return False
    found = authority.examine(holding.person, Action.NEGOTIATE, body=side.body, at=at, seat=seat)
    return bool(found)


def seat_holder(actor: Person, side: Side, at: datetime) -> Evidence:
    """Authorise whoever holds a seat of the side: a personal act that nobody is sent to do."""
    for seat in side.seats.order_by("number"):
        found = authority.examine(actor, Action.DISSENT, body=side.body, at=at, seat=seat)
        if isinstance(found, Evidence):
            return found
    raise NotAuthorised(authority.REASONS["no_seat"], code="no_seat")
