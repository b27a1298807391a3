"""Remarks on a draft protocol: by members, while the charter's days run; each is answered once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, NotAuthorised, require
from governance.models import Protocol, ProtocolRemark

from ._rows import checked, digest, lock, record, tidy, update
from ._terms import clock_words
from .protocols import remarks_until

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person


@transaction.atomic
def remark_on_protocol(
    *, protocol: Protocol, text: str, actor: Person, at: datetime.datetime
) -> ProtocolRemark:
    """Remark on a draft. A remark is personal, as an opinion is: a proxy makes none (A8).

    Raises:
        ProtocolNotInState: it is signed.
        RemarksOver: the charter's days are over, or it gives none.
        NotAuthorised: the actor holds no seat at the body.
    """
    protocol = lock(protocol, "meeting__body", "meeting__charter_version")
    body = protocol.meeting.body
    evidence = require(actor, Action.DISSENT, body=body, at=at)
    if protocol.state != Protocol.State.DRAFT:
        raise refusals.ProtocolNotInState(state=protocol.get_state_display())
    if at >= (until := remarks_until(protocol)):
        raise refusals.RemarksOver(until=clock_words(until))
    remark = checked(
        ProtocolRemark(
            protocol=protocol,
            number=protocol.remarks.count() + 1,
            person=actor,
            seat=evidence.acting_seat,
            text=tidy(text),
            filed_at=at,
        ),
        "text",
    )
    remark.save()
    record(
        acts.PROTOCOL_REMARKED,
        remark,
        body=body,
        actor=actor,
        at=at,
        facts={
            "protocol": protocol.uid,
            "number": remark.number,
            "seat": evidence.acting_seat.uid,
            "text_sha256": digest(remark.text),
        },
        authority=evidence,
    )
    return remark


@transaction.atomic
def answer_remark(
    *, remark: ProtocolRemark, disposition: str, answer: str, actor: Person, at: datetime.datetime
) -> ProtocolRemark:
    """Answer a remark with what became of it and why; both are printed in the minutes.

    Raises:
        RemarkAnswered: it has an answer.
        ProtocolNotInState: the protocol is signed.
        ReasonMissing: no reason is given.
        NotAuthorised: the actor is not the secretary, or made the remark.
    """
    protocol = lock(remark.protocol, "meeting__body")
    remark = lock(remark)
    body = protocol.meeting.body
    evidence = require(actor, Action.KEEP, body=body, at=at)
    if remark.person_id == actor.pk:
        raise NotAuthorised(code="no_duty")
    if protocol.state != Protocol.State.DRAFT:
        raise refusals.ProtocolNotInState(state=protocol.get_state_display())
    if remark.answered_at is not None:
        raise refusals.RemarkAnswered
    words = tidy(answer)
    if not words:
        raise refusals.ReasonMissing
    remark.disposition, remark.answer = disposition, words
    checked(remark, "disposition", "answer")
    update(remark, disposition=disposition, answer=words, answered_by=actor, answered_at=at)
    record(
        acts.REMARK_ANSWERED,
        remark,
        body=body,
        actor=actor,
        at=at,
        facts={
            "protocol": protocol.uid,
            "number": remark.number,
            "disposition": disposition,
            "text_sha256": digest(words),
        },
        authority=evidence,
    )
    return remark
