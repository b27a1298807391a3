"""What was not agreed is written down: reasons of the sides, and their protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from governance import authority
from governance.authority import Action
from negotiation import acts, refusals
from negotiation.domain import canonical
from negotiation.models import (
    Disagreement,
    DisagreementStatement,
    Matter,
    Position,
    ProtocolOfDisagreements,
    ProtocolOfDisagreementsSignature,
)
from negotiation.services import disputes, standing, texts

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.models import Meeting, Side


@transaction.atomic
def state_reasons(
    *,
    disagreement: Disagreement,
    side: Side,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
    wording_ru: str = "",
    wording_en: str = "",
) -> DisagreementStatement:
    """Say what a side wants written into the protocol of disagreements.

    Raises:
        DisagreementIsClosed: it is settled, or recorded already.
        NotAuthorised: the actor does not speak for the side.
        ValidationError: no reason is given.
    """
    texts.require_length(wording_ru, wording_en, reason_ru, reason_en)
    row = standing.lock_matter(disagreement.matter_id)
    standing.require_own_side(row, side)
    evidence = standing.speaker(actor, side, at)
    fresh = _open_disagreement(disagreement)

    statement = DisagreementStatement(
        disagreement=fresh,
        side=side,
        wording_ru=canonical.canonical_text(wording_ru),
        wording_en=canonical.canonical_text(wording_en),
        reason_ru=reason_ru.strip(),
        reason_en=reason_en.strip(),
        stated_by=actor,
        stated_at=at,
    )
    statement.full_clean()
    statement.save()
    record(
        type=acts.DISAGREEMENT_STATED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=statement,
        authority=evidence,
        facts={
            "side": side.uid,
            "wording_sha256": digest(statement.wording_ru + statement.wording_en),
            "reason_sha256": digest(statement.reason_ru + statement.reason_en),
        },
    )
    return statement


@transaction.atomic
def record_disagreement(
    *,
    disagreement: Disagreement,
    actor: Person,
    at: datetime,
    follow_up_ru: str = "",
    follow_up_en: str = "",
) -> Disagreement:
    """Close the attempts: the disagreement will stand in a protocol of disagreements.

    Raises:
        DisagreementIsClosed: it is settled, or recorded already.
        StatementsAreMissing: a side that blocks or proposes has given no reason.
        ClauseIsUnderVote: a ballot that could settle it is open.
        NotAuthorised: the actor neither presides nor keeps the record.
    """
    row = standing.lock_matter(disagreement.matter_id)
    evidence = standing.one_of(actor, (Action.KEEP, Action.PRESIDE), matter=row, at=at)
    fresh = _open_disagreement(disagreement)
    standing.require_not_under_vote(fresh.clause)
    given = _last_words(fresh)
    silent = [
        code
        for code in dict.fromkeys([*fresh.blocking_sides, *fresh.proposing_sides])
        if not any(given.get(code, {}).get(key) for key in ("reason_ru", "reason_en"))
    ]
    if silent:
        raise refusals.StatementsAreMissing(clause=fresh.clause, sides=", ".join(silent))

    fresh.follow_up_ru = follow_up_ru.strip()
    fresh.follow_up_en = follow_up_en.strip()
    disputes.keep(fresh, matter=row, actor=actor, at=at, authority=evidence)
    return fresh


@transaction.atomic
def draw_up_protocol_of_disagreements(
    *, matter: Matter, meeting: Meeting, number: str, actor: Person, at: datetime
) -> ProtocolOfDisagreements:
    """Freeze the recorded disagreements that stand in no protocol yet, side by side.

    Each entry holds the clause, the wording on the table, and for every side the wording it
    wants and its reasons: its statement, or else its last position.

    Raises:
        NothingToRecord: no disagreement waits for a protocol.
        NotAuthorised: the actor does not keep the record of the body.
        ValidationError: the number is missing or taken.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    if meeting.body_id != row.body_id:
        raise refusals.ForeignRow
    waiting = list(
        Disagreement.objects.filter(matter=row, state=Disagreement.State.RECORDED, protocol=None)
        .select_related("clause__current_wording", "clause__tabled_wording", "raised_in")
        .order_by("clause__position")
    )
    if not waiting:
        raise refusals.NothingToRecord
    content = {"entries": [_entry(disagreement) for disagreement in waiting]}
    protocol = ProtocolOfDisagreements(
        matter=row,
        meeting=meeting,
        number=number.strip(),
        on=standing.day(at),
        content=content,
        sha256=canonical.json_sha256(content),
        drawn_up_at=at,
        drawn_up_by=actor,
    )
    protocol.full_clean()
    protocol.save()
    for disagreement in waiting:
        disagreement.protocol = protocol
        disagreement.save(update_fields=["protocol"])
    record(
        type=acts.DISAGREEMENTS_DRAWN_UP,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=protocol,
        authority=evidence,
        facts={
            "meeting": meeting.uid,
            "disagreements": [disagreement.uid for disagreement in waiting],
            "sha256": protocol.sha256,
        },
    )
    return protocol


@transaction.atomic
def sign_protocol_of_disagreements(
    *,
    protocol: ProtocolOfDisagreements,
    side: Side,
    sha256: str,
    actor: Person,
    at: datetime,
) -> ProtocolOfDisagreementsSignature:
    """Sign a protocol of disagreements for a side: exactly the text that was read.

    Raises:
        AnotherText: the digest read is not the digest of the protocol.
        AlreadySigned: the side has signed.
        NotAuthorised: the actor does not speak for the side, or may not sign.
    """
    row = standing.lock_matter(protocol.matter_id)
    standing.require_own_side(row, side)
    spoken = standing.speaker(actor, side, at)
    evidence = authority.require(actor, Action.SIGN, body=row.body, at=at, seat=spoken.seat)
    if protocol.sha256 != sha256:
        raise refusals.AnotherText
    if protocol.signatures.filter(side=side).exists():
        raise refusals.AlreadySigned

    signature = ProtocolOfDisagreementsSignature.objects.create(
        protocol=protocol, side=side, person=actor, sha256=sha256, signed_at=at
    )
    record(
        type=acts.DISAGREEMENTS_SIGNED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=protocol,
        authority=evidence,
        facts={"side": side.uid, "sha256": sha256},
    )
    return signature


def _open_disagreement(disagreement: Disagreement) -> Disagreement:
    fresh = Disagreement.objects.select_related("clause", "matter").get(pk=disagreement.pk)
    if fresh.state in {Disagreement.State.SETTLED, Disagreement.State.RECORDED}:
        raise refusals.DisagreementIsClosed(disagreement=fresh, state=fresh.get_state_display())
    return fresh


def _last_words(disagreement: Disagreement) -> dict[str, dict[str, str]]:
    """Return what each side last said: its statement, or the reasons of its last position."""
    said: dict[str, dict[str, str]] = {}
    positions = (
        Position.objects.last_words()
        .filter(clause=disagreement.clause_id)
        .select_related("side")
        .order_by("pk")
    )
    for position in positions:
        said[position.side.code] = {
            "stance": position.stance,
            "reason_ru": position.reason_ru,
            "reason_en": position.reason_en,
        }
    for statement in disagreement.statements.select_related("side").order_by("pk"):
        said.setdefault(statement.side.code, {}).update(
            wording_ru=statement.wording_ru,
            wording_en=statement.wording_en,
            reason_ru=statement.reason_ru,
            reason_en=statement.reason_en,
        )
    return said


def _entry(disagreement: Disagreement) -> dict[str, Any]:
    clause = disagreement.clause
    wording = clause.on_the_table
    return {
        "disagreement": str(disagreement.uid),
        "code": disagreement.code,
        "clause": str(clause.uid),
        "clause_number": clause.number,
        "title_ru": clause.title_ru,
        "title_en": clause.title_en,
        "raised_in": disagreement.raised_in.code,
        "blocking_sides": list(disagreement.blocking_sides),
        "on_the_table": {
            "text_ru": wording.text_ru,
            "text_en": wording.text_en,
            "sha256": wording.sha256,
        }
        if wording
        else None,
        "sides": _last_words(disagreement),
        "follow_up_ru": disagreement.follow_up_ru,
        "follow_up_en": disagreement.follow_up_en,
    }
