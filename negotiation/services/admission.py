"""May a filed proposal be considered? The check of admissibility and its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.domain.facts import digest
from audit.services import record
from negotiation import acts, refusals
from negotiation.domain import admissibility
from negotiation.models import Amendment, Clause
from negotiation.services import dispositions, standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person

_WITHOUT_DISPUTE = {Amendment.Kind.COMMENT, Amendment.Kind.EDITORIAL}
"""Kinds that alone do not make a clause disputed."""


@transaction.atomic
def admit_amendment(*, amendment: Amendment, actor: Person, at: datetime) -> Amendment:
    """Admit a filed proposal after the check of admissibility.

    Raises:
        WrongAmendmentState: it was admitted or refused already.
        NotAdmissible: the check finds a ground against it; `params["grounds"]` lists them.
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(amendment.matter_id)
    evidence = standing.keeper(actor, row, at)
    fresh = standing.fresh_amendment(amendment, row)
    standing.require_amendment_state(fresh, Amendment.State.FILED)
    grounds = grounds_against(fresh)
    if grounds:
        raise refusals.NotAdmissible(
            reason=Amendment.Inadmissibility(grounds[0]).label, grounds=grounds
        )

    fresh.state = Amendment.State.ADMITTED
    fresh.save(update_fields=["state"])
    clause = fresh.clause
    if (
        clause is not None
        and clause.state == Clause.State.DRAFT
        and fresh.kind not in _WITHOUT_DISPUTE
    ):
        clause.state = Clause.State.DISPUTED
        clause.save(update_fields=["state"])
    record(
        type=acts.AMENDMENT_ADMITTED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={"clause": clause and clause.uid, "sha256": fresh.sha256},
    )
    return fresh


@transaction.atomic
def refuse_admission(
    *,
    amendment: Amendment,
    ground: Amendment.Inadmissibility,
    reason_ru: str,
    actor: Person,
    at: datetime,
    reason_en: str = "",
) -> Amendment:
    """Answer that a filed proposal is not admitted: a ground from the list, and words.

    Its sub-amendments fall with it.

    Raises:
        WrongAmendmentState: it was admitted or refused already.
        DispositionIsMissing: the explanation is empty (G5).
        NotAuthorised: the actor does not keep the record of the body.
    """
    row = standing.lock_matter(amendment.matter_id)
    evidence = standing.keeper(actor, row, at)
    fresh = standing.fresh_amendment(amendment, row)
    standing.require_amendment_state(fresh, Amendment.State.FILED)

    fresh.inadmissibility = Amendment.Inadmissibility(ground)
    dispositions.write(
        fresh,
        state=Amendment.State.NOT_ADMITTED,
        disposition=Amendment.Disposition.INADMISSIBLE,
        decided_by=Amendment.DecidedBy.ADMISSIBILITY_CHECK,
        reason_ru=reason_ru,
        reason_en=reason_en,
        at=at,
    )
    record(
        type=acts.AMENDMENT_NOT_ADMITTED,
        actor=actor,
        at=at,
        stream=row.stream,
        subject=fresh,
        authority=evidence,
        facts={
            "clause": fresh.clause and fresh.clause.uid,
            "ground": fresh.inadmissibility,
            "reason_sha256": digest(fresh.disposition_reason_ru + fresh.disposition_reason_en),
        },
    )
    dispositions.drop_sub_amendments(fresh, actor=actor, at=at)
    return fresh


def grounds_against(amendment: Amendment) -> list[str]:
    """Return the grounds on which a filed proposal cannot be admitted, none if it can."""
    clause, parent = amendment.clause, amendment.parent
    on_the_table = clause.on_the_table if clause else None
    alive = (
        amendment.matter.amendments.undecided()
        .filter(clause=clause, parent=parent, proposed_number=amendment.proposed_number)
        .exclude(pk=amendment.pk)
        .exclude(state=Amendment.State.FILED)
    )
    found = admissibility.grounds(
        admissibility.Filed(
            mirrors_federal_norm=clause is not None and clause.is_mirror,
            is_outside_scope=False,
            has_reason=bool(amendment.reason_ru or amendment.reason_en),
            depth=_depth_of(amendment),
            parent_is_open=parent is not None and parent.is_undecided,
            base_sha256=amendment.base_wording.sha256 if amendment.base_wording else "",
            tabled_sha256=on_the_table.sha256 if on_the_table else "",
            clause_is_locked=clause is not None and clause.is_locked,
            sha256=amendment.sha256,
            same_target=frozenset(alive.values_list("sha256", flat=True)),
        )
    )
    return [str(ground) for ground in found]


def _depth_of(amendment: Amendment) -> int:
    """Return 1 for an amendment, 2 for a sub-amendment, 3 for what is nested too deep."""
    if amendment.parent is None:
        return 1
    return 2 if amendment.parent.parent_id is None else 3
