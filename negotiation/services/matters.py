"""The life of a matter: registered, opened under a pinned charter, withdrawn, in effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from governance import authority
from governance.authority import Action, NotAuthorised
from governance.models import CharterVersion
from negotiation import acts, refusals
from negotiation.models import Clause, Matter
from negotiation.services import standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import Person
    from governance.models import Body, Side

AFTER_THE_TABLE: dict[Matter.State, tuple[tuple[Matter.State, ...], Action]] = {
    Matter.State.APPROVED: (Matter.AGREED, Action.APPROVE),
    Matter.State.PUBLISHED: ((Matter.State.APPROVED,), Action.KEEP),
    Matter.State.IN_FORCE: ((Matter.State.PUBLISHED,), Action.KEEP),
}
"""Where a matter goes once the table has agreed, from where, and on whose authority."""


@transaction.atomic
def register_matter(
    *,
    body: Body,
    code: str,
    title_ru: str,
    title_en: str,
    legal_basis: Matter.LegalBasis,
    initiator_side: Side | None,
    actor: Person,
    at: datetime,
) -> Matter:
    """Register what is to be negotiated. Negotiations are not open yet.

    The secretary registers it, or whoever negotiates for the side that proposes it.

    Raises:
        NotAuthorised: the actor is neither the secretary nor speaks for the initiator.
        NotASideOfThisTable: the initiator belongs to another body.
    """
    if initiator_side is not None and initiator_side.body_id != body.pk:
        raise refusals.NotASideOfThisTable
    matter = Matter(
        body=body,
        code=code.strip(),
        title_ru=title_ru.strip(),
        title_en=title_en.strip(),
        initiator_side=initiator_side,
        legal_basis=Matter.LegalBasis(legal_basis),
        registered_at=at,
    )
    evidence = standing.keeper_or_negotiator(actor, matter, side=initiator_side, at=at)
    matter.full_clean()

    matter.save()
    record(
        type=acts.MATTER_REGISTERED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=matter,
        authority=evidence,
        facts={
            "body": body.uid,
            "initiator_side": initiator_side and initiator_side.uid,
            "legal_basis": matter.legal_basis,
        },
    )
    return matter


@transaction.atomic
def open_matter(*, matter: Matter, actor: Person, at: datetime) -> Matter:
    """Open negotiations and pin the charter in force on this day.

    INVARIANT (B1): the charter version of a matter never changes afterwards.

    Raises:
        WrongState: negotiations are open already, or the matter was withdrawn.
        MatterHasNoInitiator: no side has proposed it.
        NoCharterInForce: the body has no charter on this day.
        NotAuthorised: the actor neither coordinates the body nor keeps its record.
    """
    row = standing.lock_matter(matter)
    evidence = standing.one_of(actor, (Action.PRESIDE, Action.KEEP), matter=row, at=at)
    standing.require_state(row, Matter.State.REGISTERED)
    if row.opened_at is not None:
        raise refusals.WrongState(state=row.get_state_display())
    if row.initiator_side is None:
        raise refusals.MatterHasNoInitiator
    charter = CharterVersion.objects.filter(body=row.body).effective_on(standing.day(at)).first()
    if charter is None:
        raise refusals.NoCharterInForce

    row.charter_version = charter
    row.opened_at = at
    row.save(update_fields=["charter_version", "opened_at"])
    record(
        type=acts.MATTER_OPENED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=row,
        authority=evidence,
        facts={"charter_version": charter.uid, "initiator_side": row.initiator_side.uid},
    )
    return row


@transaction.atomic
def withdraw_matter(*, matter: Matter, actor: Person, at: datetime) -> Matter:
    """Take the matter off the table: only the side that brought it, and before it is agreed.

    Raises:
        WrongState: the text is agreed, or the matter is withdrawn already.
        NotAuthorised: the actor does not speak for the initiator.
    """
    row = standing.lock_matter(matter)
    if row.initiator_side is None:
        evidence = standing.keeper(actor, row, at)
    else:
        evidence = standing.speaker(actor, row.initiator_side, at)
    standing.require_state(row, Matter.State.REGISTERED, *Matter.AT_THE_TABLE)
    standing.require_no_open_ballot(row)

    was = row.state
    row.state = Matter.State.WITHDRAWN
    row.save(update_fields=["state"])
    record(
        type=acts.MATTER_WITHDRAWN,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=row,
        authority=evidence,
        facts={"was": was},
    )
    return row


@transaction.atomic
def reopen_clauses(
    *, matter: Matter, clauses: Sequence[Clause], actor: Person, at: datetime
) -> Matter:
    """Bring named clauses back to the table after the approving official returned the text.

    Only these clauses are unlocked; the others keep their wording and their ballot. The
    vote on the whole is set aside, because it was about another text.

    Raises:
        NothingToReopen: no clause is named.
        WrongState: the text is not agreed.
        ClauseWasNotAgreed: one of the clauses is not locked by a ballot.
        NotAuthorised: the actor is not the approving official.
    """
    row = standing.lock_matter(matter)
    evidence = authority.require(actor, Action.APPROVE, body=row.body, at=at)
    standing.require_state(row, *Matter.AGREED)
    if not clauses:
        raise refusals.NothingToReopen
    reopened = [standing.fresh_clause(clause, row) for clause in clauses]
    for clause in reopened:
        if clause.is_mirror:
            raise refusals.ClauseIsAMirror(clause=clause)
        if clause.state != Clause.State.AGREED:
            raise refusals.ClauseWasNotAgreed(clause=clause)

    set_aside = row.decided_in
    row.state = Matter.State.RETURNED
    row.decided_in = None
    row.save(update_fields=["state", "decided_in"])
    record(
        type=acts.MATTER_REOPENED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=row,
        authority=evidence,
        facts={
            "clauses": [clause.uid for clause in reopened],
            "set_aside": set_aside and set_aside.uid,
        },
    )
    for clause in reopened:
        _unlock(clause, matter=row, actor=actor, at=at)
    return row


@transaction.atomic
def follow_effect(
    *, matter: Matter, state: Matter.State, actor: Person | None, at: datetime
) -> Matter:
    """Move an agreed matter on as its text is approved, published and comes into force.

    The act itself is that of the app which knows what the text is about; this keeps the
    matter's state in step, in the same transaction. The clock may bring into force.

    Raises:
        WrongState: the step does not follow from where the matter is.
        NotAuthorised: the actor may not take this step.
    """
    row = standing.lock_matter(matter)
    sources, action = AFTER_THE_TABLE[Matter.State(state)]
    if actor is not None:
        evidence = authority.require(actor, action, body=row.body, at=at)
    elif state == Matter.State.IN_FORCE:
        evidence = None
    else:
        raise NotAuthorised(code="no_duty")
    standing.require_state(row, *sources)

    row.state = state
    row.save(update_fields=["state"])
    record(
        type=acts.EFFECT_FOLLOWED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=row,
        authority=evidence,
        facts={"state": row.state},
    )
    return row


def _unlock(clause: Clause, *, matter: Matter, actor: Person, at: datetime) -> None:
    """Put an agreed clause back to where it is disputed; its wording stays on the table."""
    agreed_in = clause.agreed_in
    clause.state = Clause.State.DISPUTED
    clause.agreed_in = None
    clause.save(update_fields=["state", "agreed_in"])
    record(
        type=acts.CLAUSE_REOPENED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=clause,
        facts={
            "was_agreed_in": agreed_in and agreed_in.uid,
            "sha256": clause.current_wording and clause.current_wording.sha256,
        },
    )
