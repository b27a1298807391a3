"""Count a ballot: hand its frozen rows to the kernel, and keep everything the kernel said.

The decision is computed here once. Pages read it; its validity is examined anew beside it
(`_validity`), and that never changes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance.domain.decide import decide
from governance.domain.expressions import Result
from governance.domain.expressions import Vote as Cast
from governance.domain.table import side_results, sides_without_quorum
from governance.domain.validity import examine
from governance.models import Ballot, Decision, QuorumCheck, ValidityReport

from ._validity import facts_of, keep_report

if TYPE_CHECKING:
    import datetime

    from governance.domain.charter import Charter
    from governance.domain.outcome import Outcome
    from governance.domain.rows import Row


RESULTS = {
    Result.ADOPTED: Decision.Result.AGREED,
    Result.NO_QUORUM: Decision.Result.NOT_HELD,
}
"""The words of the body for results of a count; every other one is «not agreed»."""


def keep_quorum(
    ballot: Ballot,
    charter: Charter,
    rows: tuple[Row, ...],
    moment: str,
    at: datetime.datetime,
) -> list[str]:
    """Store whether each side was quorate for this ballot; return the sides that were not."""
    results = side_results(decide(charter, rows), rows)
    away = {Cast.ABSENT, Cast.RECUSED}
    QuorumCheck.objects.bulk_create(
        QuorumCheck(
            ballot=ballot,
            side_code=result.side,
            moment=moment,
            entitled=result.entitled,
            recused=result.recused,
            present=sum(row.side == result.side and row.vote not in away for row in rows),
            holds=result.side_quorum,
            checked_at=at,
        )
        for result in results
    )
    return list(sides_without_quorum(charter, rows, is_over=moment == "closing"))


def decide_unheld(
    ballot: Ballot, charter: Charter, rows: tuple[Row, ...], at: datetime.datetime
) -> Decision:
    """Keep the arithmetic of a ballot that was not held. There are no results of sides."""
    return _keep(ballot, decide(charter, rows), rows, side_documents=[], at=at)


def decide_held(
    ballot: Ballot, charter: Charter, rows: tuple[Row, ...], at: datetime.datetime
) -> Decision:
    """Count a ballot that every side took part in."""
    outcome = decide(charter, rows)
    documents = [result.as_document() for result in side_results(outcome, rows)]
    return _keep(ballot, outcome, rows, side_documents=documents, at=at)


def _keep(
    ballot: Ballot,
    outcome: Outcome,
    rows: tuple[Row, ...],
    *,
    side_documents: list[dict[str, str | int | bool]],
    at: datetime.datetime,
) -> Decision:
    """Write the decision with its inputs, its trace and its first report on validity."""
    facts = facts_of(ballot, rows=rows, recorded_result=outcome.result)
    report = examine(facts)
    # The roll stands in the order of the table; the stored charter keeps none of its keys.
    order = list(dict.fromkeys(row.side for row in rows))
    blocked_by = sorted(_in_the_way(outcome, rows), key=order.index)
    decision = Decision.objects.create(
        ballot=ballot,
        result=RESULTS.get(Result(outcome.result), Decision.Result.NOT_AGREED),
        rows=[
            {"id": row.id, "side": row.side, "vote": str(row.vote), "weight": row.weight}
            for row in rows
        ],
        outcome=outcome.as_document(),
        side_results=side_documents,
        blocked_by=blocked_by,
        validity=report.as_document(),
        text_sha256=ballot.text_sha256,
        decided_at=at,
    )
    keep_report(decision, facts, report, occasion=ValidityReport.Occasion.COUNT, at=at)
    return decision


def _in_the_way(outcome: Outcome, rows: tuple[Row, ...]) -> set[str]:
    """Name the sides that did not agree.

    Rules without sides name members, or nobody when votes were too few: then it is the sides of
    these members, and the sides in which somebody entitled was not for.
    """
    if outcome.result in (Result.ADOPTED, Result.NO_QUORUM) or outcome.blocking_sides:
        return set(outcome.blocking_sides)
    blamed = {row.side for row in rows if row.id in outcome.blocking_rows}
    return blamed or {row.side for row in rows if row.vote not in (Cast.YES, Cast.RECUSED)}
