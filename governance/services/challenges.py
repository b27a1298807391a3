"""Doubts about votes that were cast: raised, weighed, settled – the votes stay as they are.

A doubt may be raised by those who take part in the body, its officers and its auditor, within half
a year from the day they knew and two years from publication (ГК 181.4 п. 5, by analogy). It is
settled by an officer, who votes for no side: confirmed by the principal where the mandate was at
fault, dismissed by another person than raised it, or decided again by the body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import Action, NotAuthorised, examine
from governance.domain.materiality import Materiality
from governance.domain.validity import last_day_to_challenge
from governance.models import Ballot, Challenge, ValidityReport

from ._rows import checked, digest, lock, record, refusing, tidy, update
from ._terms import words
from ._validity import decisions_of, examine_again

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Body, Decision, Vote

MAY_CHALLENGE = (Action.KEEP, Action.PRESIDE, Action.AUDIT, Action.NEGOTIATE)
MAY_SETTLE = (Action.KEEP, Action.PRESIDE)
MAY_EXAMINE = (Action.AUDIT, Action.KEEP, Action.PRESIDE)
OF_THE_MANDATE = {Challenge.Reason.REVOKED_UNKNOWN, Challenge.Reason.DOCUMENT}
"""Defects of the power to act, which the one represented can confirm (ГК 183)."""


@transaction.atomic
def raise_challenge(
    *,
    vote: Vote,
    reason: str,
    known_on: datetime.date | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Challenge:
    """Put on record what came to light about a vote after it was cast (A7).

    Args:
        known_on: the day on which the actor learnt of it; today by default.

    Raises:
        KnownLater: that day lies before the vote or after today.
        ChallengeTooLate: the time to challenge is over.
        AlreadyChallenged: the same doubt is on record.
        NotAuthorised: the actor is neither an officer, an auditor nor a member of the body.
    """
    body = lock(_body_of(vote))
    evidence = _require_one_of(MAY_CHALLENGE, actor, body, at)
    known = known_on or day_of(at)
    if not day_of(vote.cast_at) <= known <= day_of(at):
        raise refusals.KnownLater
    until = last_day_to_challenge(known_on=known, published_on=published_on(vote.ballot))
    if day_of(at) > until:
        raise refusals.ChallengeTooLate(until=words(until))
    return challenge(vote, Challenge.Reason(reason), evidence, actor, at, known_on=known)


@transaction.atomic
def examine_validity(*, decision: Decision, actor: Person, at: datetime.datetime) -> ValidityReport:
    """Examine a decision by what is known now, and keep the report as its next edition.

    Raises:
        NotAuthorised: the actor is neither an officer nor an auditor of the body.
    """
    body = lock(decision.ballot.meeting.body)
    evidence = _require_one_of(MAY_EXAMINE, actor, body, at)
    [found] = decisions_of([decision.ballot])
    return examine_again(
        found, occasion=ValidityReport.Occasion.REQUEST, evidence=evidence, actor=actor, at=at
    )


@transaction.atomic
def settle_challenge(
    *,
    challenge: Challenge,
    settlement: str,
    note: str,
    decided_in: Ballot | None = None,
    actor: Person,
    at: datetime.datetime,
) -> Challenge:
    """Say how a doubt ended: confirmed by the principal, decided again, or unfounded.

    Args:
        decided_in: the later ballot in which the body decided the same question again.

    Raises:
        ChallengeSettled: it was settled before.
        ReasonMissing: there is no explanation.
        NotCuredByConfirmation: the defect is not one of the mandate.
        OwnChallenge: who raised the doubt would dismiss it.
        NotDecidedAgain: the ballot is no later count of the same question by the same body.
        NotAuthorised: the actor is neither the secretary nor the coordinator.
    """
    body = lock(_body_of(challenge.vote))
    row = lock(challenge, "vote__ballot__meeting__body")
    evidence = _require_one_of(MAY_SETTLE, actor, body, at)
    if row.settlement:
        raise refusals.ChallengeSettled
    explanation = tidy(note)
    if not explanation:
        raise refusals.ReasonMissing
    _require_settles(row, settlement, decided_in, actor)
    row.settlement, row.settlement_note = settlement, explanation
    checked(row, "settlement", "settlement_note")
    update(
        row,
        settlement=settlement,
        settlement_note=explanation,
        settled_by=actor,
        settled_at=at,
        decided_in=decided_in,
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
            "decided_in": decided_in.uid if decided_in else None,
        },
        authority=evidence,
    )
    for decision in decisions_of([row.vote.ballot]):
        examine_again(
            decision,
            occasion=ValidityReport.Occasion.SETTLEMENT,
            evidence=evidence,
            actor=actor,
            at=at,
            challenge=row,
        )
    return row


def _require_settles(
    row: Challenge, settlement: str, decided_in: Ballot | None, actor: Person
) -> None:
    """Refuse an end that does not end this doubt.

    Raises:
        NotCuredByConfirmation, OwnChallenge, NotDecidedAgain: see `settle_challenge`.
    """
    if settlement == Challenge.Settlement.CONFIRMED and row.reason not in OF_THE_MANDATE:
        raise refusals.NotCuredByConfirmation
    if settlement == Challenge.Settlement.DISMISSED and row.raised_by_id == actor.pk:
        raise refusals.OwnChallenge
    again = settlement == Challenge.Settlement.REDECIDED
    if again != (decided_in is not None):
        raise refusals.NotDecidedAgain
    if decided_in is not None:
        first = row.vote.ballot
        later_counts = Ballot.objects.filter(
            meeting__body=first.meeting.body_id,
            state=Ballot.State.CERTIFIED,
            topics__contains=first.topics,
            opened_at__gte=first.closed_at or row.raised_at,
        )
        if not later_counts.filter(pk=decided_in.pk).exists():
            raise refusals.NotDecidedAgain


def published_on(ballot: Ballot) -> datetime.date | None:
    """Return the day on which a decision became public, with its protocol."""
    protocol = getattr(ballot.meeting, "protocol", None)
    return None if protocol is None or not protocol.published_at else day_of(protocol.published_at)


def challenge(
    vote: Vote,
    reason: Challenge.Reason,
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
    *,
    known_on: datetime.date | None = None,
) -> Challenge:
    """Write a challenge, and weigh it if the ballot is decided; otherwise its count will.

    The caller holds the lock of the body.

    Raises:
        AlreadyChallenged: the same doubt is on record.
    """
    row = Challenge(
        vote=vote, reason=reason, raised_by=actor, raised_at=at, known_on=known_on or day_of(at)
    )
    twice = refusals.AlreadyChallenged()
    with refusing({"a_vote_is_challenged_once_for_one_reason": twice}):
        row.save()
    for decision in decisions_of([vote.ballot]):
        edition = examine_again(
            decision,
            occasion=ValidityReport.Occasion.CHALLENGE,
            evidence=evidence,
            actor=actor,
            at=at,
            challenge=row,
        )
        could_matter = edition.report["materiality"] not in {None, Materiality.IMMATERIAL}
        update(
            row,
            validity=edition.report,
            is_material=edition.report["must_redecide"] or could_matter,
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
            "known_on": row.known_on,
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
