"""Doubts about votes that were cast: raised, weighed, settled – the votes stay as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, NotAuthorised, examine
from governance.domain.materiality import Materiality
from governance.models import Challenge, Decision, Vote

from ._decision import rows_of, validity_report
from ._rows import checked, digest, lock, record, refusing, tidy, update

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Body

MAY_CHALLENGE = (Action.KEEP, Action.PRESIDE, Action.AUDIT, Action.NEGOTIATE)
MAY_SETTLE = (Action.KEEP, Action.PRESIDE)


@transaction.atomic
def raise_challenge(*, vote: Vote, reason: str, actor: Person, at: datetime.datetime) -> Challenge:
    """Put on record what came to light about a vote after it was cast (A7).

    Raises:
        AlreadyChallenged: the same doubt is on record.
        NotAuthorised: the actor is neither an officer, an auditor nor a member of the body.
    """
    body = _body_of(vote)
    evidence = _require_one_of(MAY_CHALLENGE, actor, body, at)
    return challenge(vote, Challenge.Reason(reason), evidence, actor, at)


@transaction.atomic
def settle_challenge(
    *,
    challenge: Challenge,
    settlement: str,
    note: str,
    actor: Person,
    at: datetime.datetime,
) -> Challenge:
    """Say how a doubt ended: confirmed by the principal, decided again, or unfounded.

    Raises:
        ChallengeSettled: it was settled before.
        ReasonMissing: there is no explanation.
        NotAuthorised: the actor is neither the secretary nor the coordinator.
    """
    row = lock(challenge, "vote__ballot__meeting__body")
    body = _body_of(row.vote)
    evidence = _require_one_of(MAY_SETTLE, actor, body, at)
    if row.settlement:
        raise refusals.ChallengeSettled
    explanation = tidy(note)
    if not explanation:
        raise refusals.ReasonMissing
    row.settlement, row.settlement_note = settlement, explanation
    checked(row, "settlement", "settlement_note")
    update(
        row,
        settlement=settlement,
        settlement_note=explanation,
        settled_by=actor,
        settled_at=at,
    )
    record(
        acts.CHALLENGE_SETTLED,
        row,
        body=body,
        actor=actor,
        at=at,
        facts={
            "vote": row.vote.uid,
            "settlement": settlement,
            "note_sha256": digest(explanation),
        },
        authority=evidence,
    )
    return row


def challenge(
    vote: Vote,
    reason: Challenge.Reason,
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
) -> Challenge:
    """Write a challenge, and weigh it if the ballot is decided; otherwise its count will.

    Raises:
        AlreadyChallenged: the same doubt is on record.
    """
    row = Challenge(vote=vote, reason=reason, raised_by=actor, raised_at=at)
    twice = refusals.AlreadyChallenged()
    with refusing({"a_vote_is_challenged_once_for_one_reason": twice}):
        row.save()
    decision = (
        Decision.objects.filter(ballot=vote.ballot_id)
        .select_related("ballot__meeting__body", "ballot__charter_version", "ballot__agenda_item")
        .first()
    )
    if decision is not None:
        report = validity_report(
            decision.ballot,
            rows=rows_of(decision),
            recorded_result=decision.outcome["result"],
        )
        could_matter = report.materiality not in {None, Materiality.IMMATERIAL}
        update(
            row,
            validity=report.as_document(),
            is_material=report.must_redecide or could_matter,
        )
    record(
        acts.VOTE_CHALLENGED,
        row,
        body=_body_of(vote),
        actor=actor,
        at=at,
        facts={
            "vote": vote.uid,
            "ballot": vote.ballot.uid,
            "reason": reason.value,
            "material": row.is_material,
        },
        authority=evidence,
    )
    return row


def _body_of(vote: Vote) -> Body:
    """Return the body in whose ballot a vote was cast."""
    return vote.ballot.meeting.body


def _require_one_of(
    actions: tuple[Action, ...], actor: Person, body: Body, at: datetime.datetime
) -> Evidence:
    """Return on what the actor may do this: the first of the actions that is allowed.

    Raises:
        NotAuthorised: none is.
    """
    for action in actions:
        if found := examine(actor, action, body=body, at=at):
            return found
    raise NotAuthorised(code="no_duty")
