"""Closing a round of comments and freezing its summary («сводка отзывов»)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from audit.services import record
from negotiation import acts, refusals
from negotiation.domain import canonical
from negotiation.models import Amendment, CommentSummary, Matter, Round
from negotiation.services import dispositions, standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from accounts.models import Person

_CONCLUSIONS = {
    Amendment.Proposal.ACCEPTED: Amendment.Disposition.ACCEPTED,
    Amendment.Proposal.ACCEPTED_PARTLY: Amendment.Disposition.ACCEPTED_PARTLY,
    Amendment.Proposal.REJECTED: Amendment.Disposition.REJECTED,
    Amendment.Proposal.TAKEN_NOTE: Amendment.Disposition.TAKEN_NOTE,
}
"""Proposed conclusions that can become dispositions as they stand."""

_CHANGES_THE_ORDER = {Amendment.Kind.ADD_CLAUSE, Amendment.Kind.DELETE_CLAUSE}


@transaction.atomic
def close_round(*, round_: Round, actor: Person, at: datetime) -> Round:
    """Close a round whose deadlines are over. Nothing is taken any more.

    Raises:
        NoOpenRound: it is closed already.
        CommentsNotOver: proposals or sub-amendments are still being taken.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(round_.matter_id)
    evidence = standing.keeper(actor, row, at)
    fresh = Round.objects.get(pk=round_.pk)
    _close(fresh, matter=row, actor=actor, at=at, evidence=evidence)
    return fresh


@transaction.atomic
def prepare_summary(
    *,
    matter: Matter,
    without_objection: Iterable[Amendment],
    actor: Person,
    at: datetime,
) -> CommentSummary:
    """Freeze everything filed in the round, with conclusions, and go to the table.

    Proposals on which the sides want no vote are decided here by the conclusion proposed:
    the absence of an objection is recorded with the summary. The round is closed if
    nobody did it before.

    Raises:
        WrongState: the matter is not in circulation.
        CommentsNotOver: the round is still taking proposals.
        UndisposedAmendments: some were neither admitted nor refused.
        DispositionIsMissing: an admitted proposal has no proposed conclusion (B9).
        NotWithoutObjection: a side wants a vote on one of those to be decided.
        NotDecidedBySummary: adding or deleting a clause always takes a vote.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, Matter.State.IN_CIRCULATION)
    round_ = row.rounds.select_related("revision").order_by("-number").first()
    if round_ is None:
        raise refusals.NoOpenRound
    items = list(
        round_.amendments.select_related(
            "clause", "side", "sponsor_side", "author", "parent", "matter"
        ).order_by("filed_at", "pk")
    )
    decided = {amendment.pk for amendment in without_objection}
    if decided - {item.pk for item in items}:
        raise refusals.ForeignRow
    _require_concluded(items)
    _require_no_objection([item for item in items if item.pk in decided])

    if round_.closed_at is None:
        _close(round_, matter=row, actor=actor, at=at, evidence=evidence)
    for item in items:
        if item.state == Amendment.State.ADMITTED:
            item.state = Amendment.State.IN_SUMMARY
            item.save(update_fields=["state"])
    for item in dispositions.deepest_first(items):
        if item.pk in decided:
            item.refresh_from_db(fields=["state"])
            decide_as_proposed(item, decided_by=Amendment.DecidedBy.SUMMARY, actor=actor, at=at)
    rows = [_row(item) for item in _reloaded(items)]
    summary = CommentSummary.objects.create(
        matter=row,
        revision=round_.revision,
        rows=rows,
        sha256=canonical.json_sha256(rows),
        prepared_at=at,
        prepared_by=actor,
    )
    row.state = Matter.State.NEGOTIATING
    row.save(update_fields=["state"])
    record(
        type=acts.SUMMARY_PREPARED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=summary,
        authority=evidence,
        facts={
            "revision": round_.revision.uid,
            "rows": len(rows),
            "decided": len(decided),
            "sha256": summary.sha256,
        },
    )
    return summary


def conclusion_of(amendment: Amendment) -> Amendment.Disposition:
    """Return the disposition that the proposed conclusion would become.

    Raises:
        DispositionIsMissing: nothing is proposed, or only to discuss it at conciliation.
    """
    try:
        return _CONCLUSIONS[Amendment.Proposal(amendment.proposed_disposition)]
    except (ValueError, KeyError):
        raise refusals.DispositionIsMissing(amendments=amendment.code) from None


def decide_as_proposed(
    amendment: Amendment,
    *,
    decided_by: Amendment.DecidedBy,
    actor: Person | None,
    at: datetime,
    **place: Any,
) -> None:
    """Turn the proposed conclusion of a proposal into its disposition."""
    dispositions.decide(
        amendment,
        disposition=conclusion_of(amendment),
        decided_by=decided_by,
        ground=dispositions.proposed_ground(amendment),
        actor=actor,
        at=at,
        **place,
    )


def _close(round_: Round, *, matter: Matter, actor: Person, at: datetime, evidence: Any) -> None:
    if round_.closed_at is not None:
        raise refusals.NoOpenRound
    if at < round_.sub_amendments_until:
        raise refusals.CommentsNotOver
    round_.closed_at = at
    round_.save(update_fields=["closed_at"])
    record(
        type=acts.ROUND_CLOSED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=round_,
        authority=evidence,
        facts={"round": round_.number, "amendments": round_.amendments.count()},
    )


def _require_concluded(items: Sequence[Amendment]) -> None:
    filed = [item.code for item in items if item.state == Amendment.State.FILED]
    if filed:
        raise refusals.UndisposedAmendments(amendments=", ".join(filed))
    open_ = [item.code for item in items if item.is_undecided and not item.proposed_disposition]
    if open_:
        raise refusals.DispositionIsMissing(amendments=", ".join(open_))


def _require_no_objection(items: Sequence[Amendment]) -> None:
    """Recorded absence of objection: no side has demanded a vote."""
    wanted = [item.code for item in items if item.separate_vote_demands.exists()]
    if wanted:
        raise refusals.NotWithoutObjection(amendments=", ".join(wanted))
    for item in items:
        if not item.is_undecided:
            raise refusals.AmendmentIsClosed(amendment=item, state=item.get_state_display())
        accepted = conclusion_of(item) == Amendment.Disposition.ACCEPTED
        if accepted and item.kind in _CHANGES_THE_ORDER:
            raise refusals.NotDecidedBySummary(amendment=item)


def _reloaded(items: Sequence[Amendment]) -> list[Amendment]:
    """Return the same proposals in the same order, as they are after the decisions."""
    rows = Amendment.objects.select_related("clause", "side", "sponsor_side", "author", "parent")
    by_pk = rows.in_bulk([item.pk for item in items])
    return [by_pk[item.pk] for item in items]


def _row(amendment: Amendment) -> dict[str, Any]:
    """Return one row: clause, author, comment, reason, conclusion, ground (GOST 1.2)."""
    clause = amendment.clause
    return {
        "amendment": str(amendment.uid),
        "code": amendment.code,
        "clause": str(clause.uid) if clause else None,
        "clause_number": clause.number if clause else amendment.proposed_number or None,
        "kind": amendment.kind,
        "side": amendment.side.code if amendment.side else None,
        "sponsor": amendment.sponsor_side.code if amendment.sponsor_side else None,
        "on_behalf_of": amendment.on_behalf_of,
        "author": str(amendment.author.uid),
        "author_ru": amendment.author.name_ru,
        "author_en": amendment.author.name_en,
        "parent": amendment.parent.code if amendment.parent else None,
        "proposal_ru": amendment.proposal_ru,
        "proposal_en": amendment.proposal_en,
        "reason_ru": amendment.reason_ru,
        "reason_en": amendment.reason_en,
        "sha256": amendment.sha256,
        "conclusion": amendment.disposition or amendment.proposed_disposition,
        "is_decided": not amendment.is_undecided,
        "ground_ru": amendment.disposition_reason_ru,
        "ground_en": amendment.disposition_reason_en,
    }
