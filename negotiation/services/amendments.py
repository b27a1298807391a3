"""Amendments and comments: filed, admitted or not, sponsored, concluded on, withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from governance import authority
from governance.authority import Action
from negotiation import acts, refusals
from negotiation.domain import canonical
from negotiation.models import (
    Amendment,
    Clause,
    Matter,
    Round,
)
from negotiation.services import dispositions, standing, texts

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.models import Meeting, Side

"""Kinds that alone do not make a clause disputed."""


@transaction.atomic
def file_amendment(
    *,
    matter: Matter,
    kind: Amendment.Kind,
    side: Side | None,
    proposal_ru: str,
    reason_ru: str,
    actor: Person,
    at: datetime,
    clause: Clause | None = None,
    parent: Amendment | None = None,
    proposed_number: str = "",
    proposal_en: str = "",
    reason_en: str = "",
    on_behalf_of: str = "",
    code: str = "",
) -> Amendment:
    """File a proposal on the text that is in circulation.

    Any holder of a seat who may negotiate files for the side; a person with a consultative
    voice files with `side=None`, and the proposal needs a sponsor to be voted on. What
    concerns a federal mirror may be filed: the secretary answers that it is not admitted.

    Raises:
        NoOpenRound, CommentsAreOver: proposals of this kind are not taken now.
        ClauseIsLocked, ClauseIsUnderVote: nothing more is taken on the clause.
        AmendmentIsClosed: the parent of a sub-amendment is not alive any more.
        NotAuthorised: the actor may neither negotiate for the side nor advise.
        ValidationError: text or reason is missing, or the parts do not fit together.
    """
    texts.require_length(proposal_ru, proposal_en, reason_ru, reason_en)
    row = standing.lock_matter(matter)
    if side is None:
        evidence = authority.require(actor, Action.CONSULT, body=row.body, at=at)
    else:
        standing.require_own_side(row, side)
        evidence = standing.negotiator(actor, side, at)
    round_ = _round_for(row, kind=kind, at=at)
    target = standing.fresh_clause(clause, row) if clause is not None else None
    base = standing.fresh_amendment(parent, row) if parent is not None else None
    if base is not None:
        if not base.is_undecided:
            raise refusals.AmendmentIsClosed(amendment=base, state=base.get_state_display())
        standing.require_amendment_not_under_vote(base)
        target = base.clause
        proposed_number = base.proposed_number
    if target is not None and not target.is_mirror:
        texts.require_open_clause(target)
        standing.require_not_under_vote(target)
    wording = target.on_the_table if target else None

    amendment = Amendment(
        code=code.strip() or _next_code(row),
        matter=row,
        round=round_,
        clause=target,
        proposed_number=proposed_number.strip(),
        kind=Amendment.Kind(kind),
        side=side,
        author=actor,
        on_behalf_of=on_behalf_of.strip(),
        parent=base,
        base_wording=wording,
        proposal_ru=canonical.canonical_text(proposal_ru),
        proposal_en=canonical.canonical_text(proposal_en),
        reason_ru=reason_ru.strip(),
        reason_en=reason_en.strip(),
        filed_at=at,
    )
    amendment.sha256 = _digest_of(amendment)
    amendment.full_clean()
    amendment.save()
    record(
        type=acts.AMENDMENT_FILED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=amendment,
        authority=evidence,
        facts={
            "kind": amendment.kind,
            "clause": target and target.uid,
            "side": side and side.uid,
            "parent": base and base.uid,
            "base_sha256": wording and wording.sha256,
            "sha256": amendment.sha256,
        },
    )
    return amendment


@transaction.atomic
def sponsor_amendment(
    *, amendment: Amendment, side: Side, actor: Person, at: datetime
) -> Amendment:
    """Put a side behind a proposal that came with a consultative voice.

    Raises:
        AlreadySponsored: a side stands behind it.
        AmendmentIsClosed: it has its disposition.
        NotAuthorised: the actor does not speak for the side.
    """
    row = standing.lock_matter(amendment.matter_id)
    standing.require_own_side(row, side)
    evidence = standing.speaker(actor, side, at)
    fresh = standing.fresh_amendment(amendment, row)
    standing.require_undecided(fresh)
    if fresh.speaks_for is not None:
        raise refusals.AlreadySponsored(amendment=fresh)

    fresh.sponsor_side = side
    fresh.save(update_fields=["sponsor_side"])
    record(
        type=acts.AMENDMENT_SPONSORED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={"side": side.uid},
    )
    return fresh


@transaction.atomic
def withdraw_amendment(
    *,
    amendment: Amendment,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
    meeting: Meeting | None = None,
) -> Amendment:
    """Take a proposal back: its author alone, and before the vote on it opens.

    What hangs on it falls: its sub-amendments, and the new clause it would add.

    Raises:
        AmendmentIsClosed: it has its disposition.
        AmendmentIsUnderVote: a ballot on it is open.
        NotTheAuthor: somebody else wants to take it back.
        DispositionIsMissing: no reason is given.
        NotAuthorised: the author may no longer act for the side.
    """
    row = standing.lock_matter(amendment.matter_id)
    fresh = standing.fresh_amendment(amendment, row)
    if fresh.author_id != actor.pk:
        raise refusals.NotTheAuthor(amendment=fresh)
    evidence = standing.author(actor, fresh, at)
    standing.require_undecided(fresh)
    standing.require_amendment_not_under_vote(fresh)

    dispositions.write(
        fresh,
        state=Amendment.State.WITHDRAWN,
        disposition=Amendment.Disposition.WITHDRAWN,
        decided_by=Amendment.DecidedBy.AUTHOR,
        reason_ru=reason_ru,
        reason_en=reason_en,
        at=at,
        meeting=meeting,
    )
    record(
        type=acts.AMENDMENT_WITHDRAWN,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "meeting": meeting and meeting.uid,
            "reason_sha256": digest(fresh.disposition_reason_ru + fresh.disposition_reason_en),
        },
    )
    dispositions.drop_what_hangs_on(fresh, actor=actor, at=at)
    return fresh


@transaction.atomic
def rebase_amendment(
    *,
    amendment: Amendment,
    proposal_ru: str,
    actor: Person,
    at: datetime,
    proposal_en: str = "",
) -> Amendment:
    """Put a proposal on the text that has changed under it. The author says how it reads now.

    Raises:
        WrongAmendmentState: its base has not changed.
        NotTheAuthor: somebody else wants to reword it.
        ClauseIsLocked: the clause takes no amendment any more.
        NotAuthorised: the author may no longer act for the side.
    """
    texts.require_length(proposal_ru, proposal_en)
    row = standing.lock_matter(amendment.matter_id)
    fresh = standing.fresh_amendment(amendment, row)
    if fresh.author_id != actor.pk:
        raise refusals.NotTheAuthor(amendment=fresh)
    evidence = standing.author(actor, fresh, at)
    standing.require_amendment_state(fresh, Amendment.State.STALE)
    clause = fresh.clause
    if clause is None:
        raise refusals.WrongAmendmentState(amendment=fresh, state=fresh.get_state_display())
    texts.require_open_clause(clause)
    standing.require_not_under_vote(clause)

    replaced = fresh.sha256
    fresh.base_wording = clause.on_the_table
    fresh.proposal_ru = canonical.canonical_text(proposal_ru)
    fresh.proposal_en = canonical.canonical_text(proposal_en)
    fresh.sha256 = _digest_of(fresh)
    fresh.state = Amendment.State.ADMITTED
    fresh.proposed_disposition = ""
    fresh.disposition_reason_ru = ""
    fresh.disposition_reason_en = ""
    fresh.full_clean()
    fresh.save()
    record(
        type=acts.AMENDMENT_REBASED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "base_sha256": fresh.base_wording and fresh.base_wording.sha256,
            "sha256": fresh.sha256,
            "replaces": replaced,
        },
    )
    return fresh


def _round_for(matter: Matter, *, kind: Amendment.Kind, at: datetime) -> Round:
    """Return the round that takes this kind of proposal at this instant."""
    standing.require_state(matter, Matter.State.IN_CIRCULATION)
    round_ = matter.rounds.open().order_by("-number").first()
    if round_ is None or at < round_.opens_at:
        raise refusals.NoOpenRound
    is_sub = kind == Amendment.Kind.SUB_AMENDMENT
    until = round_.sub_amendments_until if is_sub else round_.closes_at
    if at >= until:
        raise refusals.CommentsAreOver
    return round_


def _next_code(matter: Matter) -> str:
    """Return the next free code, as «A-07»."""
    taken = set(matter.amendments.values_list("code", flat=True))
    number = len(taken) + 1
    while f"A-{number:02d}" in taken:
        number += 1
    return f"A-{number:02d}"


def _digest_of(amendment: Amendment) -> str:
    """Bind kind, place, base and text of a proposal to one digest."""
    clause = amendment.clause
    return canonical.json_sha256(
        {
            "kind": str(amendment.kind),
            "clause": clause.number if clause else amendment.proposed_number,
            "base": amendment.base_wording.sha256 if amendment.base_wording else None,
            "parent": amendment.parent.sha256 if amendment.parent else None,
            "proposal_ru": amendment.proposal_ru,
            "proposal_en": amendment.proposal_en,
        }
    )
