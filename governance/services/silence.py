"""The silence procedure on a prepared ballot: opened, delivered, reminded, broken or kept (B6).

It is never begun by itself and never read into anything: no answer means consent only where every
condition of `governance.domain.silence` was kept to the end. What nobody objected to is recorded
as tacit, and no vote is written for anybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.acts import NotAuthorised
from calendars.domain import end_of_day
from governance import acts, refusals
from governance.authority import Action, require
from governance.domain.procedure import parse_procedure
from governance.domain.silence import Called, count, failure_of
from governance.models import (
    Ballot,
    Meeting,
    MeetingNotice,
    Seat,
    SilenceNotice,
    SilenceObjection,
    SilenceProcedure,
)

from ._independence import require_examined
from ._roll import holdings_of, recusals_on
from ._rows import checked, digest, lock, record, tidy, update
from ._silence_letters import call_to_object, remind
from ._terms import clock_words, last_day_of_term
from .ballots import require_ballot_state, require_decided_conflicts, require_on_agenda
from .charters import charter_in_force
from .checks import keep_check
from .meetings import require_meeting_state

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence

State = SilenceProcedure.State


@transaction.atomic
def open_silence(
    *, ballot: Ballot, kind: str, actor: Person, at: datetime.datetime
) -> SilenceProcedure:
    """Call every seat to object within the term of the charter; no answer will mean consent.

    Args:
        kind: on what kind of question. That it is one, the package that knows the text checks
            when the entry of this act is recorded.

    Raises:
        SilenceNotAllowed: the charter knows no silence for this kind, or the kind of decision
            is never taken so (B6).
        SilenceAskedBefore: it was tried once; the question goes to a vote.
        SeatsVacant: somebody is missing who could object.
        OutsideAgenda, ConflictUndecided, IndependenceNotExamined, BallotNotInState,
            MeetingNotInState: as for a ballot.
        NotAuthorised: the actor is not the secretary.
    """
    meeting = lock(ballot.meeting, "body")
    ballot = lock(ballot, "agenda_item", "meeting__body", "charter_version")
    body = meeting.body
    evidence = require(actor, Action.KEEP, body=body, at=at)
    require_ballot_state(ballot, Ballot.State.PREPARED)
    require_meeting_state(
        meeting, Meeting.State.PLANNED, Meeting.State.CONVENED, Meeting.State.OPENED
    )
    require_on_agenda(ballot)
    require_decided_conflicts(ballot)
    version = ballot.charter_version or charter_in_force(body, at)
    procedure = parse_procedure(version.procedure)
    require_examined(ballot, procedure, at)
    if ballot.decision_type != Ballot.DecisionType.CLAUSE or procedure.silence != kind:
        raise refusals.SilenceNotAllowed
    if SilenceProcedure.objects.filter(ballot=ballot).exists():
        raise refusals.SilenceAskedBefore
    holders = {holding.seat_id: holding.person for holding in holdings_of(body, at)}
    seats = _seats_of(ballot)
    if vacant := [seat.code for seat in seats if seat.pk not in holders]:
        raise refusals.SeatsVacant(seats=", ".join(vacant))
    silence = SilenceProcedure.objects.create(
        ballot=ballot,
        kind=SilenceProcedure.Kind(kind),
        charter_version=version,
        working_days=procedure.silence_working_days,
        opened_at=at,
        closes_at=end_of_day(last_day_of_term(at, procedure.silence_working_days)),
    )
    for seat in seats:
        person, channel = holders[seat.pk], MeetingNotice.Channel
        notice = SilenceNotice.objects.create(
            procedure=silence,
            seat=seat,
            person=person,
            sent_at=at,
            channel=channel.MAIL if person.email else channel.PLATFORM,
        )
        call_to_object(notice, silence, at)
    record(
        acts.SILENCE_OPENED,
        ballot,
        body=body,
        actor=actor,
        at=at,
        facts={
            "kind": silence.kind,
            "charter": version.uid,
            "text_sha256": ballot.text_sha256,
            "seats": [seat.uid for seat in seats],
            "working_days": silence.working_days,
            "closes_at": silence.closes_at,
        },
        authority=evidence,
    )
    return silence


@transaction.atomic
def prove_silence_notice(
    *,
    notice: SilenceNotice,
    proof: str,
    actor: Person,
    at: datetime.datetime,
) -> SilenceNotice:
    """Keep the proof that a notice was given to its person.

    The person proves it by reading it here; a signed receipt and a postal one the secretary enters.

    Raises:
        NoticeAlreadyDelivered: a proof is on record.
        SilenceIsOver: the term is over, or the procedure has ended.
        NotAuthorised: the actor is not the secretary; or not the person called, who alone can say
            that it was read.
    """
    silence = _running(notice.procedure, at)
    notice = lock(notice, "person", "seat")
    body = silence.ballot.meeting.body
    authority: Evidence | dict[str, str] = {"basis": "oneself"}
    if proof == SilenceNotice.Proof.READ:
        if actor.pk != notice.person_id:
            raise NotAuthorised(code="not_holder")
    else:
        authority = require(actor, Action.KEEP, body=body, at=at)
    if notice.delivered_at is not None:
        raise refusals.NoticeAlreadyDelivered
    notice.proof = proof
    checked(notice, "proof")
    if proof != SilenceNotice.Proof.READ:
        notice.channel = MeetingNotice.Channel.PAPER
    update(notice, delivered_at=at, proof=proof, channel=notice.channel)
    record(
        acts.SILENCE_NOTICE_DELIVERED,
        silence.ballot,
        body=body,
        actor=actor,
        at=at,
        facts={
            "seat": notice.seat.uid,
            "person": notice.person.uid,
            "channel": notice.channel,
            "proof": proof,
        },
        authority=authority,
    )
    return notice


@transaction.atomic
def remind_of_silence(
    *, silence: SilenceProcedure, actor: Person, at: datetime.datetime
) -> SilenceProcedure:
    """Remind everybody who was called, once, while they can still object.

    Raises:
        RemindedBefore: one reminder is sent, not more.
        SilenceIsOver: the term is over, or the procedure has ended.
        NotAuthorised: the actor is not the secretary.
    """
    silence = _running(silence, at)
    ballot = silence.ballot
    evidence = require(actor, Action.KEEP, body=ballot.meeting.body, at=at)
    if silence.reminded_at is not None:
        raise refusals.RemindedBefore
    update(silence, reminded_at=at)
    notices = list(silence.notices.select_related("person", "seat").order_by("pk"))
    for notice in notices:
        remind(notice, silence, at)
    record(
        acts.SILENCE_REMINDED,
        ballot,
        body=ballot.meeting.body,
        actor=actor,
        at=at,
        facts={"seats": [notice.seat.uid for notice in notices]},
        authority=evidence,
    )
    return silence


@transaction.atomic
def object_to_silence(
    *,
    silence: SilenceProcedure,
    seat: Seat,
    text_sha256: str,
    reason: str = "",
    actor: Person,
    at: datetime.datetime,
) -> SilenceObjection:
    """Object for a seat. It needs no reason, ends the procedure, and sends the question to a vote.

    Raises:
        TextDiffers: another text was seen.
        NotCalledToObject: the seat is recused, or came to be after the procedure was opened.
        SilenceIsOver: the term is over, or the procedure has ended.
        NotAuthorised: the person may not vote for the seat.
    """
    silence = _running(silence, at)
    ballot = silence.ballot
    body = ballot.meeting.body
    evidence = require(actor, Action.VOTE, body=body, at=at, seat=seat)
    if text_sha256 != ballot.text_sha256:
        raise refusals.TextDiffers
    if not any(each.pk == seat.pk for each in _seats_of(ballot)):
        raise refusals.NotCalledToObject(seat=seat.code)
    objection = checked(
        SilenceObjection(
            procedure=silence,
            seat=seat,
            person=actor,
            reason=tidy(reason),
            text_sha256=text_sha256,
            objected_at=at,
        ),
        "reason",
    )
    objection.authority_check = keep_check(evidence, person=actor)
    objection.save()
    outcome = count(_called(silence, at), objecting=[seat.code])
    update(silence, state=State.OBJECTED, ended_at=at, outcome=outcome.as_document())
    record(
        acts.SILENCE_BROKEN,
        ballot,
        body=body,
        actor=actor,
        at=at,
        facts={
            "seat": seat.uid,
            "person": actor.uid,
            "text_sha256": text_sha256,
            "reason_sha256": digest(objection.reason),
        },
        authority=evidence,
    )
    return objection


@transaction.atomic
def end_silence(
    *, silence: SilenceProcedure, actor: Person, at: datetime.datetime
) -> SilenceProcedure:
    """Find after the term what the silence means: tacit consent, or nothing.

    With a seat vacant, a notice not personally delivered to whoever holds the seat now, or
    without the reminder the procedure fails; that is an outcome and no refusal, and the ballot
    stays prepared for a vote (situation 12).

    Raises:
        SilenceRuns: objections are still taken.
        SilenceIsOver: it has ended already.
        NotAuthorised: the actor is not the secretary.
    """
    silence = _locked(silence)
    ballot = silence.ballot
    body = ballot.meeting.body
    evidence = require(actor, Action.KEEP, body=body, at=at)
    if not silence.is_running:
        raise refusals.SilenceIsOver
    if at < silence.closes_at:
        raise refusals.SilenceRuns(until=clock_words(silence.closes_at))
    seats = _called(silence, at)
    facts: dict[str, Any] = {"text_sha256": ballot.text_sha256}
    failed = failure_of(seats, was_reminded=silence.reminded_at is not None)
    if failed is not None:
        reason, missing = failed
        update(
            silence,
            state=State.FAILED,
            ended_at=at,
            failure=SilenceProcedure.Failure(reason).value,
            failed_seats=list(missing),
        )
        act, facts = acts.SILENCE_FAILED, {**facts, "reason": str(reason), "seats": list(missing)}
    else:
        outcome = count(seats).as_document()
        update(silence, state=State.TACIT, ended_at=at, outcome=outcome)
        update(ballot, state=Ballot.State.TACIT)
        act, facts = acts.SILENCE_KEPT, {**facts, "seats": [each.seat for each in seats]}
    record(act, ballot, body=body, actor=actor, at=at, facts=facts, authority=evidence)
    return silence


def _locked(silence: SilenceProcedure) -> SilenceProcedure:
    """Return the procedure as it is now; its ballot is locked first, as everywhere."""
    ballot = lock(silence.ballot, "meeting__body", "agenda_item", "charter_version")
    silence = lock(silence)
    silence.ballot = ballot
    return silence


def _running(silence: SilenceProcedure, at: datetime.datetime) -> SilenceProcedure:
    """Return the procedure, locked, while it still takes objections.

    Raises:
        SilenceIsOver: it does not.
    """
    silence = _locked(silence)
    if not silence.takes_objections(at) or at < silence.opened_at:
        raise refusals.SilenceIsOver
    return silence


def _seats_of(ballot: Ballot) -> list[Seat]:
    """Return every seat of the body but those recused for the question, in the order of sides."""
    recused = recusals_on(ballot.meeting.body, ballot.topics)
    return list(
        Seat.objects.filter(body=ballot.meeting.body_id)
        .exclude(pk__in=recused)
        .select_related("side", "body")
        .order_by("side__position", "number")
    )


def _called(silence: SilenceProcedure, at: datetime.datetime) -> list[Called]:
    """Return the seats as they are now: who holds them, and whether the notice reached them."""
    reached = {
        (notice.seat_id, notice.person_id)
        for notice in silence.notices.filter(delivered_at__lt=silence.closes_at)
    }
    holdings = holdings_of(silence.ballot.meeting.body, at)
    holders = {holding.seat_id: holding.person_id for holding in holdings}
    return [
        Called(
            seat=seat.code,
            side=seat.side.code,
            is_held=seat.pk in holders,
            was_reached=(seat.pk, holders.get(seat.pk)) in reached,
        )
        for seat in _seats_of(silence.ballot)
    ]
