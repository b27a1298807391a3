"""Conciliation: recommended wordings, no agreement, and what is recorded in the end.

A conciliation meeting recommends; it never decides and never replaces the vote.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from governance.authority import Action
from governance.models import Meeting
from negotiation import acts, refusals
from negotiation.models import (
    Amendment,
    Clause,
    Disagreement,
    Matter,
    Recommendation,
    Wording,
)
from negotiation.services import dispositions, standing, texts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from accounts.models import Person


@transaction.atomic
def recommend(
    *,
    meeting: Meeting,
    clause: Clause,
    text_ru: str,
    text_en: str | None,
    terms: Mapping[str, Any],
    actor: Person,
    at: datetime,
) -> Recommendation:
    """Lay on the table what a conciliation meeting recommends for a clause in disagreement.

    Raises:
        NotAConciliationMeeting, MeetingIsNotOpen: this meeting cannot recommend now.
        NoDisagreement: nothing is disputed in the clause that a ballot left open.
        AlreadyRecommended: the meeting has dealt with the clause.
        ClauseIsUnderVote, SameWording, WeakerThanFederalNorm, TermsAreNotExact: as for
            any wording laid on the table.
        NotAuthorised: the actor neither presides nor keeps the record.
    """
    held = standing.lock_meeting(meeting, clause.document.matter)
    row = standing.lock_matter(clause.document.matter_id)
    evidence = standing.one_of(actor, (Action.KEEP, Action.PRESIDE), matter=row, at=at)
    _require_conciliation(held)
    fresh = _clause_of_meeting(held, clause, row)
    disagreement = Disagreement.objects.under_discussion().filter(clause=fresh).first()
    if disagreement is None:
        raise refusals.NoDisagreement(clause=fresh)
    wording, _replaced = texts.lay_on_the_table(
        fresh,
        text_ru=text_ru,
        text_en=text_en,
        terms=terms,
        origin=Wording.Origin.RECOMMENDED,
        author=actor,
        at=at,
    )
    recommendation = Recommendation.objects.create(
        meeting=meeting, clause=fresh, wording=wording, no_agreement=False, made_at=at
    )
    disagreement.state = Disagreement.State.CONCILIATION
    disagreement.save(update_fields=["state"])
    record(
        type=acts.WORDING_RECOMMENDED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=recommendation,
        authority=evidence,
        facts={
            "meeting": meeting.uid,
            "clause": fresh.uid,
            "wording": wording.uid,
            "sha256": wording.sha256,
        },
    )
    return recommendation


@transaction.atomic
def note_no_agreement(
    *, meeting: Meeting, clause: Clause, actor: Person, at: datetime
) -> Recommendation:
    """Record that a conciliation meeting found no wording for a clause.

    The clause may still be voted; when that vote fails too, its amendments are closed.

    Raises:
        NotAConciliationMeeting, MeetingIsNotOpen: this meeting cannot say so now.
        AlreadyRecommended: the meeting has dealt with the clause.
        ClauseIsAMirror, ClauseIsLocked: there is nothing to agree on.
        NotAuthorised: the actor neither presides nor keeps the record.
    """
    held = standing.lock_meeting(meeting, clause.document.matter)
    row = standing.lock_matter(clause.document.matter_id)
    evidence = standing.one_of(actor, (Action.KEEP, Action.PRESIDE), matter=row, at=at)
    _require_conciliation(held)
    fresh = _clause_of_meeting(held, clause, row)
    texts.require_open_clause(fresh)
    standing.require_not_under_vote(fresh)

    recommendation = Recommendation.objects.create(
        meeting=meeting, clause=fresh, wording=None, no_agreement=True, made_at=at
    )
    for disagreement in Disagreement.objects.filter(clause=fresh, state=Disagreement.State.RAISED):
        disagreement.state = Disagreement.State.CONCILIATION
        disagreement.save(update_fields=["state"])
    record(
        type=acts.NO_AGREEMENT_NOTED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=recommendation,
        authority=evidence,
        facts={"meeting": meeting.uid, "clause": fresh.uid},
    )
    return recommendation


@transaction.atomic
def close_unresolved(
    *,
    meeting: Meeting,
    amendment: Amendment,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
) -> Amendment:
    """Close a sub-amendment that conciliation left unresolved: it does not hold up its parent.

    Raises:
        NotAConciliationMeeting, MeetingIsNotOpen: this meeting cannot close it now.
        WrongAmendmentState: it is no sub-amendment, is not admitted, or has its disposition.
        AmendmentIsUnderVote: a ballot on it is open.
        DispositionIsMissing: no ground is given.
        NotAuthorised: the actor neither presides nor keeps the record.
    """
    held = standing.lock_meeting(meeting, amendment.matter)
    row = standing.lock_matter(amendment.matter_id)
    evidence = standing.one_of(actor, (Action.KEEP, Action.PRESIDE), matter=row, at=at)
    _require_conciliation(held)
    fresh = standing.fresh_amendment(amendment, row)
    if fresh.parent is None or fresh.state not in {
        Amendment.State.ADMITTED,
        Amendment.State.IN_SUMMARY,
        Amendment.State.TO_CONCILIATION,
        Amendment.State.STALE,
    }:
        raise refusals.WrongAmendmentState(amendment=fresh, state=fresh.get_state_display())
    standing.require_amendment_not_under_vote(fresh)
    dispositions.decide(
        fresh,
        disposition=Amendment.Disposition.NOT_AGREED,
        decided_by=Amendment.DecidedBy.CONCILIATION,
        ground=dispositions.Ground(reason_ru, reason_en),
        actor=actor,
        at=at,
        meeting=meeting,
        authority=evidence,
    )
    return fresh


def _require_conciliation(meeting: Meeting) -> None:
    if meeting.kind != Meeting.Kind.CONCILIATION:
        raise refusals.NotAConciliationMeeting
    if meeting.state != Meeting.State.OPENED:
        raise refusals.MeetingIsNotOpen


def _clause_of_meeting(meeting: Meeting, clause: Clause, matter: Matter) -> Clause:
    """Return the clause if this meeting has not dealt with it yet."""
    standing.require_state(matter, *Matter.AT_THE_TABLE)
    fresh = standing.fresh_clause(clause, matter)
    if Recommendation.objects.filter(meeting=meeting, clause=fresh).exists():
        raise refusals.AlreadyRecommended(clause=fresh)
    return fresh
