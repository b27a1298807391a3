"""Protocols: drawn up from the record, signed by both who led, published, corrected beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import end_of_day
from documents.papers import Kind
from governance import acts, refusals
from governance.authority import Action, NotAuthorised, examine, require
from governance.domain.procedure import parse_procedure
from governance.models import (
    CorrectionRecord,
    Meeting,
    Protocol,
    ProtocolSignature,
    Seat,
    ValidityReport,
)
from governance.papers import source_of

from ._minutes import minutes
from ._rows import checked, digest_of, lock, record, refusing, tidy, update
from ._terms import clock_words, last_day_of_term, words
from ._validity import decisions_of, examine_again
from .meetings import require_meeting_state
from .papers import issue_paper, publish_paper

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.domain.procedure import Procedure
    from governance.models import Body

NECESSARY = frozenset(
    {ProtocolSignature.Capacity.COORDINATOR, ProtocolSignature.Capacity.SECRETARY}
)
"""Without these signatures a protocol is a draft; coordinators of sides add theirs."""


@transaction.atomic
def draft_protocol(
    *, meeting: Meeting, number: str, actor: Person, at: datetime.datetime
) -> Protocol:
    """Draw up the protocol of a closed meeting. Nobody types it: it is read from the record.

    Raises:
        ProtocolExists: it was drawn up before.
        CodeTaken: the body has a protocol with this number.
        MeetingNotInState: the meeting is not over.
        NotAuthorised: the actor is not the secretary.
    """
    body = lock(meeting.body)
    meeting = lock(meeting, "body", "charter_version")
    evidence = require(actor, Action.KEEP, body=body, at=at)
    require_meeting_state(meeting, Meeting.State.CLOSED)
    if Protocol.objects.filter(meeting=meeting).exists():
        raise refusals.ProtocolExists
    number = tidy(number)
    if Protocol.objects.filter(meeting__body=body, number=number).exists():
        raise refusals.CodeTaken(code=number)
    content = minutes(meeting, at)
    protocol = checked(
        Protocol(
            meeting=meeting,
            number=number,
            content=content,
            sha256=digest_of(content),
            drafted_at=at,
        ),
        "number",
    )
    protocol.save()
    _record(acts.PROTOCOL_DRAFTED, protocol, facts={}, actor=actor, at=at, authority=evidence)
    return protocol


@transaction.atomic
def sign_protocol(*, protocol: Protocol, actor: Person, at: datetime.datetime) -> ProtocolSignature:
    """Sign exactly these contents. With the coordinator's and the secretary's the protocol stands.

    Raises:
        AlreadySigned: the actor has signed.
        ProtocolNotInState: it is published.
        TooEarly: participants may still remark on the draft.
        RemarksUnanswered: a remark waits for its answer.
        NotAuthorised: the actor neither led the meeting nor signs for a side.
    """
    protocol = lock(protocol, "meeting__body", "meeting__charter_version")
    body = protocol.meeting.body
    capacity, evidence = _capacity(actor, body, at)
    if protocol.state == Protocol.State.PUBLISHED:
        raise refusals.ProtocolNotInState(state=protocol.get_state_display())
    _require_remarks_over(protocol, at)
    signature = ProtocolSignature(
        protocol=protocol,
        person=actor,
        capacity=capacity,
        seat=evidence.seat,
        sha256=protocol.sha256,
        signed_at=at,
    )
    with refusing({"a_person_signs_a_protocol_once": refusals.AlreadySigned()}):
        signature.save()
    signed = set(protocol.signatures.values_list("capacity", flat=True))
    completes = protocol.state == Protocol.State.DRAFT and signed >= NECESSARY
    if completes:
        update(protocol, state=Protocol.State.SIGNED, signed_at=at)
    act = acts.PROTOCOL_SIGNED if completes else acts.PROTOCOL_INITIALLED
    _record(
        act, protocol, facts={"capacity": capacity.value}, actor=actor, at=at, authority=evidence
    )
    if completes:
        lock(body)
        for decision in decisions_of(protocol.meeting.ballots.all()):
            examine_again(
                decision,
                occasion=ValidityReport.Occasion.PROTOCOL,
                evidence=evidence,
                actor=actor,
                at=at,
            )
    return signature


@transaction.atomic
def publish_protocol(*, protocol: Protocol, actor: Person, at: datetime.datetime) -> Protocol:
    """Open what a signed protocol decided to everybody, once no opinion can be added to it.

    The extract without people is issued and opened in the same act; the full minutes stay with
    those who may see the meeting.

    Raises:
        DissentWindowOpen: opinions may still be filed.
        ProtocolNotInState: it is not signed, or is published already.
        NotAuthorised: the actor is not the secretary.
    """
    protocol = lock(protocol, "meeting__body", "meeting__charter_version")
    body = protocol.meeting.body
    evidence = require(actor, Action.KEEP, body=body, at=at)
    _require_state(protocol, Protocol.State.SIGNED)
    last = last_day_to_dissent(protocol)
    if last is not None and at < end_of_day(last):
        raise refusals.DissentWindowOpen(until=words(last))
    update(protocol, state=Protocol.State.PUBLISHED, published_at=at)
    _record(acts.PROTOCOL_PUBLISHED, protocol, facts={}, actor=actor, at=at, authority=evidence)
    extract = issue_paper(
        source=source_of(Kind.PUBLISHED_EXTRACT), subject=protocol, actor=actor, at=at
    )
    publish_paper(paper=extract, subject=protocol, actor=actor, at=at)
    return protocol


@transaction.atomic
def correct_protocol(
    *,
    protocol: Protocol,
    ground: str,
    place: str,
    was: str,
    becomes: str,
    reason: str,
    actor: Person,
    at: datetime.datetime,
) -> CorrectionRecord:
    """Draw up a correction of a slip. The protocol stays as it was signed; both are shown.

    Raises:
        ProtocolNotInState: a draft is drawn up anew instead.
        ReasonMissing: a part is empty.
        NotAuthorised: the actor is not the secretary.
    """
    protocol = lock(protocol, "meeting__body")
    body = protocol.meeting.body
    evidence = require(actor, Action.KEEP, body=body, at=at)
    _require_state(protocol, Protocol.State.SIGNED, Protocol.State.PUBLISHED)
    parts = {"place": place, "was": was, "becomes": becomes, "reason": reason}
    parts = {name: tidy(text) for name, text in parts.items()}
    if not all(parts.values()):
        raise refusals.ReasonMissing
    correction = checked(
        CorrectionRecord(
            protocol=protocol,
            number=protocol.corrections.count() + 1,
            ground=ground,
            drawn_by=actor,
            drawn_at=at,
            **parts,
        ),
        *("ground", *parts),
    )
    correction.save()
    record(
        acts.CORRECTION_DRAWN,
        correction,
        body=body,
        actor=actor,
        at=at,
        facts={
            "protocol": protocol.uid,
            "number": correction.number,
            "ground": ground,
            "text_sha256": digest_of(parts),
        },
        authority=evidence,
    )
    return correction


@transaction.atomic
def agree_correction(
    *, correction: CorrectionRecord, actor: Person, at: datetime.datetime
) -> CorrectionRecord:
    """Put a correction in force as the second person.

    Raises:
        CorrectionAgreed: it is in force.
        NotAuthorised: the actor is not the coordinator.
    """
    correction = lock(correction, "protocol__meeting__body")
    body = correction.protocol.meeting.body
    evidence = require(actor, Action.PRESIDE, body=body, at=at)
    if correction.agreed_at is not None:
        raise refusals.CorrectionAgreed
    update(correction, agreed_by=actor, agreed_at=at)
    record(
        acts.CORRECTION_AGREED,
        correction,
        body=body,
        actor=actor,
        at=at,
        facts={"protocol": correction.protocol.uid, "number": correction.number},
        authority=evidence,
    )
    return correction


def last_day_to_dissent(protocol: Protocol) -> datetime.date | None:
    """Return the last day for dissenting opinions; None while the protocol is not signed."""
    if protocol.signed_at is None:
        return None
    procedure = _procedure(protocol)
    return last_day_of_term(protocol.signed_at, procedure.dissent_working_days)


def remarks_until(protocol: Protocol) -> datetime.datetime:
    """Return when remarks on a draft end: at once where the charter gives no days for them."""
    days = _procedure(protocol).remarks_working_days
    return end_of_day(last_day_of_term(protocol.drafted_at, days)) if days else protocol.drafted_at


def _procedure(protocol: Protocol) -> Procedure:
    """Return the terms of the charter under which the meeting was held."""
    return parse_procedure(protocol.meeting.charter_version.procedure)


def _capacity(
    actor: Person, body: Body, at: datetime.datetime
) -> tuple[ProtocolSignature.Capacity, Evidence]:
    """Say as what the actor signs.

    Raises:
        NotAuthorised: as nothing.
    """
    capacity = ProtocolSignature.Capacity
    for action, role in ((Action.PRESIDE, capacity.COORDINATOR), (Action.KEEP, capacity.SECRETARY)):
        if found := examine(actor, action, body=body, at=at):
            return role, found
    evidence = require(actor, Action.SIGN, body=body, at=at)
    if evidence.acting_seat.duty != Seat.Duty.COORDINATOR:
        raise NotAuthorised(code="no_duty")
    return capacity.SIDE, evidence


def _require_state(protocol: Protocol, *states: Protocol.State) -> None:
    """Refuse a protocol that is elsewhere in its life.

    Raises:
        ProtocolNotInState: it is.
    """
    if protocol.state not in states:
        raise refusals.ProtocolNotInState(state=protocol.get_state_display())


def _require_remarks_over(protocol: Protocol, at: datetime.datetime) -> None:
    """Leave participants the charter's days to remark on a draft, and each remark its answer.

    Raises:
        TooEarly: they are not over.
        RemarksUnanswered: a remark waits.
    """
    if at < (over := remarks_until(protocol)):
        raise refusals.TooEarly(since=clock_words(over))
    waiting = protocol.remarks.filter(answered_at=None).order_by("number")
    if numbers := list(waiting.values_list("number", flat=True)):
        raise refusals.RemarksUnanswered(numbers=", ".join(map(str, numbers)))


def _record(
    act: str,
    protocol: Protocol,
    *,
    facts: dict[str, str],
    actor: Person,
    at: datetime.datetime,
    authority: Evidence,
) -> None:
    """Record what happened to a protocol, by its digest."""
    record(
        act,
        protocol,
        body=protocol.meeting.body,
        actor=actor,
        at=at,
        facts={"meeting": protocol.meeting.uid, "sha256": protocol.sha256, **facts},
        authority=authority,
    )
