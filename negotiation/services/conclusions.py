"""What is proposed to be concluded on a proposal, and who wants a vote instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from negotiation import acts, refusals
from negotiation.models import Amendment, SeparateVoteDemand
from negotiation.services import standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.models import Side


@transaction.atomic
def propose_disposition(
    *,
    amendment: Amendment,
    disposition: Amendment.Proposal,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
) -> Amendment:
    """Propose one of the standard conclusions on an admitted proposal, with its ground.

    The body decides: by ballot, or in the summary when nobody objects.

    Raises:
        WrongAmendmentState: it is not admitted, or has its disposition.
        AmendmentIsUnderVote: a ballot on it is open.
        DispositionIsMissing: the ground is empty.
        NotAuthorised: the actor is neither rapporteur nor secretary.
    """
    row = standing.lock_matter(amendment.matter_id)
    evidence = standing.rapporteur(actor, row, at)
    fresh = standing.fresh_amendment(amendment, row)
    standing.require_amendment_state(
        fresh,
        Amendment.State.ADMITTED,
        Amendment.State.IN_SUMMARY,
        Amendment.State.TO_CONCILIATION,
        Amendment.State.STALE,
    )
    standing.require_amendment_not_under_vote(fresh)
    if not reason_ru.strip() and not reason_en.strip():
        raise refusals.DispositionIsMissing(amendments=fresh.code)

    fresh.proposed_disposition = Amendment.Proposal(disposition)
    fresh.disposition_reason_ru = reason_ru.strip()
    fresh.disposition_reason_en = reason_en.strip()
    fresh.save(
        update_fields=[
            "proposed_disposition",
            "disposition_reason_ru",
            "disposition_reason_en",
        ]
    )
    record(
        type=acts.DISPOSITION_PROPOSED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "disposition": fresh.proposed_disposition,
            "reason_sha256": digest(fresh.disposition_reason_ru + fresh.disposition_reason_en),
        },
    )
    return fresh


@transaction.atomic
def object_to_disposition(
    *, amendment: Amendment, side: Side, actor: Person, at: datetime
) -> SeparateVoteDemand:
    """Demand a vote on a proposal: the summary may then not decide it.

    Raises:
        AmendmentIsClosed: it has its disposition.
        AlreadyDemanded: the side has said so before.
        NotAuthorised: the actor does not speak for the side.
    """
    row = standing.lock_matter(amendment.matter_id)
    standing.require_own_side(row, side)
    evidence = standing.speaker(actor, side, at)
    fresh = standing.fresh_amendment(amendment, row)
    standing.require_undecided(fresh)
    if SeparateVoteDemand.objects.filter(side=side, amendment=fresh).exists():
        raise refusals.AlreadyDemanded

    demand = SeparateVoteDemand.objects.create(
        side=side, amendment=fresh, demanded_by=actor, demanded_at=at
    )
    record(
        type=acts.DISPOSITION_OBJECTED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={"side": side.uid},
    )
    return demand
