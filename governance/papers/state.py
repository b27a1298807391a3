"""What pages list of papers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from governance.models import IssuedPaper

from .source import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from documents.papers import Kind


@dataclass(frozen=True, slots=True)
class PaperState:
    """A paper that can be had, and the edition that was last issued of it."""

    kind: Kind
    uid: Any
    name: str
    edition: int | None

    @property
    def label(self) -> str:
        """What kind it is, in words."""
        return self.kind.label


def papers_of(rows: Iterable[tuple[Kind, Any]]) -> list[PaperState]:
    """Return the papers about some rows that the reader sees already: one query."""
    wanted = list(rows)
    if not wanted:
        return []
    issued = IssuedPaper.objects.filter(subject_uid__in={row.uid for _, row in wanted})
    editions = {
        (kind, uid): edition
        for kind, uid, edition in issued.order_by("edition").values_list(
            "kind", "subject_uid", "edition"
        )
    }
    return [
        PaperState(kind, row.uid, source_of(kind).name(row), editions.get((str(kind), row.uid)))
        for kind, row in wanted
    ]
