"""Keep what a check of authority found, as evidence beside the act."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audit.domain.facts import plain
from governance.models import AuthorityCheck

if TYPE_CHECKING:
    from accounts.models import Person
    from governance.authority import Evidence, Refusal


def keep_check(found: Evidence | Refusal, *, person: Person) -> AuthorityCheck:
    """Store a check in the transaction of the act it belongs to.

    Votes and inner approvals store theirs by themselves. Callers above use it for other acts
    of will that stand for a side, such as a position in a negotiation.
    """
    facts = found.as_facts()
    return AuthorityCheck.objects.create(
        person=person,
        action=found.action.value,
        seat=found.seat,
        mandate=found.mandate,
        checked_at=found.checked_at,
        result=facts["result"],
        evidence=plain(facts),
    )
