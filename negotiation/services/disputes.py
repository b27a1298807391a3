"""How a disagreement begins, is confirmed, and ends.

These are steps of other acts, which hold the lock of the matter and have authorised it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.domain.facts import digest
from audit.services import record
from negotiation import acts
from negotiation.models import Amendment, Clause, Disagreement, Matter, Recommendation
from negotiation.services import dispositions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Ballot, Decision


def keep(
    disagreement: Disagreement,
    *,
    matter: Matter,
    actor: Person | None,
    at: datetime,
    authority: Evidence | None = None,
) -> None:
    """Write that a disagreement stays, to be shown in a protocol of disagreements."""
    disagreement.state = Disagreement.State.RECORDED
    disagreement.save()
    record(
        type=acts.DISAGREEMENT_RECORDED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=disagreement,
        authority=authority,
        facts={
            "clause": disagreement.clause.uid,
            "follow_up_sha256": digest(disagreement.follow_up_ru + disagreement.follow_up_en),
        },
    )


def disagree(
    clause: Clause,
    named: Sequence[Amendment],
    *,
    matter: Matter,
    decision: Decision,
    actor: Person | None,
    at: datetime,
) -> None:
    """Raise or confirm the disagreement on a clause, and see to its amendments.

    The first failure sends them to conciliation. Once a conciliation meeting has dealt with
    the clause, a second failure is the end of them.
    """
    ballot = decision.ballot
    is_second = Recommendation.objects.filter(clause=clause).exists()
    existing = Disagreement.objects.unresolved().filter(clause=clause).first()
    if existing is None:
        _raise(clause, named, matter=matter, decision=decision, actor=actor, at=at)
    else:
        existing.confirmed_in = ballot
        existing.blocking_sides = decision.blocked_by
        existing.save(update_fields=["confirmed_in", "blocking_sides"])
        record(
            type=acts.DISAGREEMENT_CONFIRMED,
            actor=actor,
            at=at,
            stream=matter.stream,
            subject=existing,
            facts={
                "clause": clause.uid,
                "ballot": ballot.uid,
                "blocked_by": sides_of(matter, decision),
            },
        )
    for amendment in named:
        amendment.refresh_from_db(fields=["state"])
        if not amendment.is_undecided:
            continue
        if is_second:
            dispositions.decide(
                amendment,
                disposition=Amendment.Disposition.NOT_AGREED,
                decided_by=Amendment.DecidedBy.BALLOT,
                ground=_ground_of_failure(amendment),
                actor=actor,
                at=at,
                ballot=ballot,
            )
        else:
            dispositions.send_to_conciliation(amendment, ballot=ballot, actor=actor, at=at)


def _raise(
    clause: Clause,
    named: Sequence[Amendment],
    *,
    matter: Matter,
    decision: Decision,
    actor: Person | None,
    at: datetime,
) -> None:
    proposers = [amendment.side or amendment.sponsor_side for amendment in named]
    sides = list(dict.fromkeys(side for side in proposers if side is not None))
    disagreement = Disagreement.objects.create(
        code=_next_code(matter),
        matter=matter,
        clause=clause,
        raised_in=decision.ballot,
        raised_at=at,
        blocking_sides=decision.blocked_by,
        proposing_sides=[side.code for side in sides],
    )
    record(
        type=acts.DISAGREEMENT_RAISED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=disagreement,
        facts={
            "clause": clause.uid,
            "ballot": decision.ballot.uid,
            "blocked_by": sides_of(matter, decision),
            "proposed_by": [side.uid for side in sides],
        },
    )


def settle(clause: Clause, *, ballot: Ballot, actor: Person | None, at: datetime) -> None:
    """Settle the disagreement on a clause that was agreed or deleted."""
    disagreement = Disagreement.objects.unresolved().filter(clause=clause).first()
    if disagreement is None:
        return
    disagreement.state = Disagreement.State.SETTLED
    disagreement.settled_in = ballot
    disagreement.save(update_fields=["state", "settled_in"])
    record(
        type=acts.DISAGREEMENT_SETTLED,
        actor=actor,
        at=at,
        stream=clause.document.matter.stream,
        subject=disagreement,
        facts={"clause": clause.uid, "ballot": ballot.uid},
    )


def _ground_of_failure(amendment: Amendment) -> dispositions.Ground:
    """Keep the rapporteur's ground where it foresaw that there is no agreement."""
    if amendment.proposed_disposition == Amendment.Proposal.TO_CONCILIATION:
        return dispositions.proposed_ground(amendment)
    return dispositions.NOT_AGREED_BY_SIDES


def sides_of(matter: Matter, decision: Decision) -> list[str]:
    """Return the uids of the sides that did not agree."""
    sides = matter.body.sides.filter(code__in=decision.blocked_by).order_by("position")
    return [str(side.uid) for side in sides]


def _next_code(matter: Matter) -> str:
    """Return the next code of a disagreement, as «D-03»."""
    return f"D-{matter.disagreements.count() + 1:02d}"
