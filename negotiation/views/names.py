"""Entries of the record on a matter as lines that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from governance import lines
from negotiation.models import Amendment, Clause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from audit.models import Entry
    from governance.lines import Line
    from negotiation.models import Matter


def lines_of(entries: Iterable[Entry], matter: Matter) -> list[Line]:
    """Put entries into words, with the names of clauses and amendments of the matter."""

    def names(uids: set[UUID]) -> dict[str, str]:
        clauses = Clause.objects.of_matter(matter).filter(uid__in=uids)
        amendments = Amendment.objects.filter(matter=matter, uid__in=uids)
        return {str(clause.uid): str(clause) for clause in clauses} | {
            str(amendment.uid): amendment.code for amendment in amendments
        }

    return lines.lines_of(entries, matter.body, names)
