"""Count stored decisions again, and examine them again, from nothing but what is stored with them.

What anybody could do with the published rows, charter and facts is done here by the program itself,
so that an operator sees at once where something no longer follows from its own inputs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.documents import DocumentError
from governance.domain.facts import Facts
from governance.domain.table import table_result
from governance.domain.validity import examine
from governance.services._rows import digest_of
from governance.services._validity import rows_of

if TYPE_CHECKING:
    from governance.models import Decision


@dataclass(frozen=True, slots=True)
class Difference:
    """What does not follow from its inputs: the outcome (edition 0) or an edition of the report."""

    edition: int
    problem: str


def differences(decision: Decision) -> list[Difference]:
    """Recompute a decision and all its reports; return what differs. None is the rule."""
    try:
        charter = parse_charter(decision.ballot.pinned_charter.rules)
        rows = rows_of(decision)
        outcome = decide(charter, rows)
    except (DocumentError, TypeError, ValueError) as error:
        return [Difference(0, f"cannot be counted: {error}")]
    found = []
    if outcome.as_document() != decision.outcome:
        found.append(Difference(0, f"the count gives {outcome.result}"))
    if table_result(outcome) != decision.result:
        found.append(Difference(0, f"the result is {decision.result}"))
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
