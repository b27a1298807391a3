"""What a side says at the table, what it says in its own room, and what all discuss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest, plain
from audit.services import record
from governance.services.approvals import inner_standing
from negotiation import acts, refusals
from negotiation.models import (
    Clause,
    Matter,
    Position,
    Remark,
    RoomMessage,
    SeparateVoteDemand,
    Wording,
)
from negotiation.services import standing, texts

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Side

MAX_MESSAGE = 5_000


@transaction.atomic
def take_position(
    *,
    clause: Clause,
    side: Side,
    stance: Position.Stance,
    wording: Wording,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
) -> Position:
    """Say where a side stands on the wording that it has read.

    The coordinator speaks, in absence the deputy. A side with a single voice speaks only
    after as many of its other members as the charter asks for approved this stance on
    this very wording.

    Raises:
        WrongState: the matter is not at the table.
        ClauseIsAMirror, ClauseIsLocked: there is nothing to take a position on.
        AnotherWordingIsOnTheTable: the wording has changed since it was read.
        NoInnerApproval: the side has not approved it inside.
        SamePosition: the side has said exactly this already.
        NotAuthorised: the actor does not speak for the side.
        ValidationError: an objection without a reason.
    """
    texts.require_length(reason_ru, reason_en)
    row = standing.lock_matter(clause.document.matter_id)
    standing.require_own_side(row, side)
    evidence = standing.speaker(actor, side, at)
    standing.require_state(row, *Matter.AT_THE_TABLE)
    fresh = standing.fresh_clause(clause, row)
    texts.require_open_clause(fresh)
    if fresh.on_the_table is None:
        raise refusals.NothingOnTheTable(clause=fresh)
    if fresh.on_the_table_id != wording.pk:
        raise refusals.AnotherWordingIsOnTheTable(clause=fresh)
    stance = Position.Stance(stance)
    _require_inner_approval(evidence, row, side, wording=fresh.on_the_table, stance=stance, at=at)

    position = Position(
        clause=fresh,
        side=side,
        wording=fresh.on_the_table,
        stance=stance,
        reason_ru=reason_ru.strip(),
        reason_en=reason_en.strip(),
        taken_by=actor,
        taken_at=at,
        evidence=plain(evidence.as_facts()),
    )
    position.full_clean()
    _require_news(position)
    position.save()
    record(
        type=acts.POSITION_TAKEN,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=position,
        authority=evidence,
        facts={
            "side": side.uid,
            "clause": fresh.uid,
            "wording": position.wording.uid,
            "sha256": position.wording.sha256,
            "stance": position.stance,
            "reason_sha256": digest(position.reason_ru + position.reason_en),
        },
    )
    return position


@transaction.atomic
def demand_separate_vote(
    *, clause: Clause, side: Side, actor: Person, at: datetime
) -> SeparateVoteDemand:
    """Demand that a clause is never voted in a package with others.

    Raises:
        WrongState: the matter is not at the table.
        ClauseIsAMirror, ClauseIsLocked, ClauseIsUnderVote: it is too late.
        AlreadyDemanded: the side has said so before.
        NotAuthorised: the actor does not speak for the side.
    """
    row = standing.lock_matter(clause.document.matter_id)
    standing.require_own_side(row, side)
    evidence = standing.speaker(actor, side, at)
    standing.require_state(row, *Matter.AT_THE_TABLE)
    fresh = standing.fresh_clause(clause, row)
    texts.require_open_clause(fresh)
    standing.require_not_under_vote(fresh)
    if SeparateVoteDemand.objects.filter(side=side, clause=fresh).exists():
        raise refusals.AlreadyDemanded

    demand = SeparateVoteDemand.objects.create(
        side=side, clause=fresh, demanded_by=actor, demanded_at=at
    )
    record(
        type=acts.SEPARATE_VOTE_DEMANDED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={"side": side.uid},
    )
    return demand


@transaction.atomic
def write_in_room(
    *,
    side: Side,
    matter: Matter,
    text: str,
    actor: Person,
    at: datetime,
    clause: Clause | None = None,
) -> RoomMessage:
    """Write in the private room of a side, where its position is formed.

    Only holders of its seats write there, and only they read it. The record knows that
    something was written, in the stream of the side; not what.

    Raises:
        NothingWritten, TooLong: the text is empty or a paste.
        ForeignRow: the clause belongs to another matter.
        NotAuthorised: the actor holds no seat of the side.
    """
    standing.require_own_side(matter, side)
    evidence = standing.seat_holder(actor, side, at)
    if clause is not None and clause.document.matter_id != matter.pk:
        raise refusals.ForeignRow

    message = RoomMessage(
        side=side,
        matter=matter,
        clause=clause,
        author=actor,
        text=_written(text),
        written_at=at,
    )
    message.save()
    record(
        type=acts.ROOM_MESSAGE_WRITTEN,
        actor=actor,
        at=at,
        stream=f"side:{side.uid}",
        subject=message,
        authority=evidence,
        facts={
            "matter": matter.uid,
            "clause": clause and clause.uid,
            "text_sha256": digest(message.text),
        },
    )
    return message


@transaction.atomic
def add_remark(
    *, clause: Clause, text: str, actor: Person, at: datetime, side: Side | None = None
) -> Remark:
    """Say something about a clause that everybody at the table reads.

    Raises:
        NothingWritten, TooLong: the text is empty or a paste.
        WrongState: the matter is not at the table.
        NotAuthorised: the actor does not take part, or not for the side.
    """
    matter = Matter.objects.select_related("body").get(document__clauses=clause)
    standing.require_state(matter, *Matter.AT_THE_TABLE)
    if side is None:
        evidence = standing.participant(actor, matter, at)
    else:
        standing.require_own_side(matter, side)
        evidence = standing.negotiator(actor, side, at)

    remark = Remark(clause=clause, side=side, author=actor, text=_written(text), written_at=at)
    remark.save()
    record(
        type=acts.REMARK_WRITTEN,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=remark,
        authority=evidence,
        facts={"clause": clause.uid, "text_sha256": digest(remark.text)},
    )
    return remark


def _require_inner_approval(
    evidence: Evidence, matter: Matter, side: Side, *, wording: Wording, stance: str, at: datetime
) -> None:
    """Hold a single-voice side to the approval of its other members."""
    inside = inner_standing(
        side,
        procedure=standing.procedure_of(matter),
        text_sha256=wording.sha256,
        choice=stance,
        at=at,
    )
    speaking = evidence.seat.code if evidence.seat else None
    others = [code for code in inside.seats if code != speaking]
    if len(others) < inside.needed:
        raise refusals.NoInnerApproval


def _require_news(position: Position) -> None:
    """Refuse to repeat what the side said last, word for word."""
    last = (
        Position.objects.filter(clause=position.clause, side=position.side).order_by("-pk").first()
    )
    if last is not None and (last.wording_id, last.stance, last.reason_ru, last.reason_en) == (
        position.wording_id,
        position.stance,
        position.reason_ru,
        position.reason_en,
    ):
        raise refusals.SamePosition


def _written(text: str) -> str:
    text = text.strip()
    if not text:
        raise refusals.NothingWritten
    texts.require_length(text, limit=MAX_MESSAGE)
    return text
