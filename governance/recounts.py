"""Count stored decisions again, and examine them again, from nothing but what is stored with them.

What anybody could do with the published rows, charter and facts is done here by the program itself,
so that an operator sees at once where something no longer follows from its own inputs. The votes
that lie in the database are tallied beside it, and must be those that were counted.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.domain.decide import decide
from governance.domain.documents import DocumentError
from governance.domain.expressions import Vote as Cast
from governance.domain.facts import Facts
from governance.domain.table import table_result
from governance.domain.validity import examine
from governance.services._editions import charter_of
from governance.services._rows import digest_of
from governance.services._validity import rows_of
from governance.tallies import tallied

if TYPE_CHECKING:
    from collections.abc import Iterable

    from governance.domain.rows import Row
    from governance.models import Decision


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not follow from its inputs: the outcome (edition 0) or an edition of the report."""

    edition: int
    problem: str


def differences(decision: Decision) -> list[Difference]:
    """Recompute a decision and all its reports; return what differs. None is the rule."""
    try:
        charter = charter_of(decision.ballot)
        rows = rows_of(decision)
        outcome = decide(charter, rows)
    except (DocumentError, TypeError, ValueError) as error:
        return [Difference(0, f"cannot be counted: {error}")]
    found = []
    if outcome.as_document() != decision.outcome:
        found.append(Difference(0, f"the count gives {outcome.result}"))
    if table_result(outcome) != decision.result:
        found.append(Difference(0, f"the result is {decision.result}"))
    if _spoken(tallied(decision.ballot_id)) != _spoken(rows):
        found.append(Difference(0, "the votes that are kept come to another tally"))
    for edition in decision.reports.all():
        if digest_of({"facts": edition.facts, "report": edition.report}) != edition.sha256:
            found.append(Difference(edition.number, "the digest is of something else"))
        try:
            facts = Facts.from_document(edition.facts, charter=charter, rows=rows)
            report = examine(facts)
        except (DocumentError, KeyError, TypeError, ValueError) as error:
            found.append(Difference(edition.number, f"cannot be examined: {error!r}"))
            continue
        if report.as_document() != edition.report:
            found.append(Difference(edition.number, f"the examination gives {report.verdict}"))
    return found


def _spoken(rows: Iterable[Row]) -> Counter[tuple[object, ...]]:
    """Return how many seats of a side and weight gave each vote. Who gave none said nothing.

    Whether they were there is a matter of the attendance, which may be corrected after the count.
    """
    tally: Counter[tuple[object, ...]] = Counter()
    for row in rows:
        vote = Cast.ABSENT if row.vote == Cast.SILENT else Cast(row.vote)
        tally[row.side, row.weight, vote] += row.n
    return tally
