"""By which rules a ballot is counted: those of the edition pinned at its opening."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from governance.domain.charter import parse_charter
from governance.domain.procedure import parse_procedure
from governance.models import Ballot

if TYPE_CHECKING:
    from governance.domain.charter import Charter


def charter_of(ballot: Ballot) -> Charter:
    """Return the rules by which a ballot is counted, read."""
    return parse_charter(rules_of(ballot))


def rules_of(ballot: Ballot) -> dict[str, Any]:
    """Return the rules by which a ballot is counted: of its pinned edition, for its question.

    A change of the charter itself is decided by the stricter rule that the domain sets for it
    (DT-01); everything else by the rules of the edition.
    """
    version = ballot.pinned_charter
    # A decision is confirmed by the same rule as it was taken (DT-18).
    decided = ballot if ballot.confirms is None else ballot.confirms.ballot
    if decided.decision_type != Ballot.DecisionType.CHARTER:
        rules: dict[str, Any] = version.rules
        return rules
    procedure = parse_procedure(version.procedure)
    return procedure.change_rules_document(charter_id=f"{version.uid}/change", title=str(version))
