"""What a side with one voice agrees on inside, before its coordinator speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import REASONS, Action, NotAuthorised, examine
from governance.domain.procedure import Voice, parse_procedure
from governance.models import Ballot, InnerApproval, RollEntry, Seat, Side

from ._roll import recusals_on
from ._rows import checked, lock, record
from .charters import charter_in_force
from .checks import keep_check

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.domain.procedure import Procedure


@dataclass(frozen=True, slots=True)
class InnerStanding:
    """How far a side has come with approving one choice on one text."""

    needed: int
    seats: tuple[str, ...]

    @property
    def given(self) -> int:
        """How many other seats approve."""
        return len(self.seats)

    @property
    def is_complete(self) -> bool:
        """Whether the coordinator may say it."""
        return self.given >= self.needed


@transaction.atomic
def approve_inside_side(
    *,
    side: Side,
    text_sha256: str,
    choice: str,
    ballot: Ballot | None = None,
    actor: Person,
    at: datetime.datetime,
) -> InnerApproval:
    """Approve what the side's coordinator is going to say about exactly this text.

    The latest approval of a seat counts: approving another choice withdraws the earlier one.

    Args:
        choice: a vote (`for`…) where a ballot is named, a stance (`support`…) otherwise.
        ballot: for which ballot; without one, for a position in the negotiation.

    Raises:
        NotSingleVoice: the side votes seat by seat.
        SpeakerApproves: the actor's seat is the one that speaks.
        AlreadyApproved: the seat has approved exactly this.
        TextDiffers: the ballot is about another text.
        BallotNotInState: the ballot is over.
        NotAuthorised: the actor has no mandate to negotiate for a seat of the side.
    """
    side = lock(side, "body")
    ballot = lock(ballot, "meeting", "charter_version") if ballot else None
    evidence = _authorise(actor, side, at)
    if ballot is not None:
        _require_takes_approvals(ballot, side, text_sha256)
    if not _is_single_voice(side, ballot, at):
        raise refusals.NotSingleVoice
    if evidence.acting_seat.pk == speaking_seat(side, ballot):
        raise refusals.SpeakerApproves
    approval = checked(
        InnerApproval(
            side=side,
            ballot=ballot,
            text_sha256=text_sha256,
            choice=choice,
            seat=evidence.acting_seat,
            person=actor,
            approved_at=at,
        ),
        *("text_sha256", "choice"),
    )
    latest = _latest(side, text_sha256, ballot, at).get(evidence.acting_seat.pk)
    if latest is not None and latest.choice == choice and latest.ballot_id == approval.ballot_id:
        raise refusals.AlreadyApproved
    approval.authority_check = keep_check(evidence, person=actor)
    approval.save()
    record(
        acts.INNER_APPROVAL_GIVEN,
        approval,
        body=side.body,
        actor=actor,
        at=at,
        facts={
            "side": side.uid,
            "ballot": ballot.uid if ballot else None,
            "seat": evidence.acting_seat.uid,
            "person": actor.uid,
            "choice": choice,
            "text_sha256": text_sha256,
        },
        authority=evidence,
    )
    return approval


def inner_standing(
    side: Side,
    *,
    procedure: Procedure,
    text_sha256: str,
    choice: str,
    ballot: Ballot | None = None,
    at: datetime.datetime,
) -> InnerStanding:
    """Return who inside the side approves that it says this about this text.

    For a side that votes seat by seat nothing is needed. Approvals of the speaking seat and of
    recused seats do not count.
    """
    terms = procedure.sides[side.code]
    if terms.voice is not Voice.SINGLE:
        return InnerStanding(0, ())
    excluded = {speaking_seat(side, ballot)}
    if ballot is not None:
        excluded |= recusals_on(side.body, ballot.topics).keys()
    approving = [
        approval
        for seat_id, approval in _latest(side, text_sha256, ballot, at).items()
        if approval.choice == choice and seat_id not in excluded
    ]
    seats = sorted(approval.seat.code for approval in approving)
    return InnerStanding(terms.inner_approvals, tuple(seats))


def speaking_seat(side: Side, ballot: Ballot | None) -> int | None:
    """Return the seat that speaks for a single-voice side: by the roll, else the coordinator's."""
    if ballot is not None:
        on_roll = ballot.roll.filter(
            seat__side=side, standing=RollEntry.Standing.ENTITLED
        ).order_by("id")
        if entry := on_roll.first():
            return entry.seat_id
    coordinating = side.seats.filter(duty=Seat.Duty.COORDINATOR).order_by("id").first()
    return coordinating.pk if coordinating else None


def _latest(
    side: Side, text_sha256: str, ballot: Ballot | None, at: datetime.datetime
) -> dict[int, InnerApproval]:
    """Return the latest approval of each seat about this text, in this ballot or outside one."""
    given = (
        side.inner_approvals.filter(text_sha256=text_sha256, ballot=ballot, approved_at__lte=at)
        .select_related("seat")
        .order_by("approved_at", "id")
    )
    return {approval.seat_id: approval for approval in given}


def _authorise(actor: Person, side: Side, at: datetime.datetime) -> Evidence:
    """Find the seat of this side for which the actor may negotiate, the one held before others.

    Raises:
        NotAuthorised: there is none; the reason is that of the last seat examined.
    """
    seats = side.seats.filter(mandates__person=actor).distinct().order_by("-number")
    found = [examine(actor, Action.NEGOTIATE, body=side.body, at=at, seat=seat) for seat in seats]
    valid = [one for one in found if one]
    if valid:
        return min(valid, key=lambda one: one.capacity == "proxy")
    refused = [one for one in found if not one]
    if refused:
        raise refused[-1].error
    raise NotAuthorised(REASONS["wrong_seat"], code="wrong_seat")


def _require_takes_approvals(ballot: Ballot, side: Side, text_sha256: str) -> None:
    """Refuse approvals for a ballot that is over, elsewhere, or about another text."""
    if ballot.meeting.body_id != side.body_id:
        raise refusals.WrongBody
    if ballot.state not in {Ballot.State.PREPARED, Ballot.State.OPEN}:
        raise refusals.BallotNotInState(state=ballot.get_state_display())
    if ballot.text_sha256 != text_sha256:
        raise refusals.TextDiffers


def _is_single_voice(side: Side, ballot: Ballot | None, at: datetime.datetime) -> bool:
    """Say whether the side speaks with one voice under the charter that applies."""
    version = ballot.charter_version if ballot else None
    procedure = parse_procedure((version or charter_in_force(side.body, at)).procedure)
    return procedure.sides[side.code].voice is Voice.SINGLE
