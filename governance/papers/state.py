"""What pages list of papers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from documents.papers import Kind, Status
from governance.models import IssuedPaper

from .source import source_of, sources

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class PaperState:
    """A paper that can be had, and the edition that was last issued of it, with its digest."""

    kind: Kind
    uid: Any
    name: str
    issued: IssuedPaper | None

    @property
    def label(self) -> str:
        """What kind it is, in words."""
        return self.kind.label

    @property
    def status(self) -> str:
        """How far what the last edition says had come, in words."""
        return Status(self.issued.status).label if self.issued else ""


def papers_of(rows: Iterable[tuple[Kind, Any]]) -> list[PaperState]:
    """Return the papers about some rows that the reader sees already: one query."""
    wanted = list(rows)
    if not wanted:
        return []
    found = IssuedPaper.objects.filter(subject_uid__in={row.uid for _, row in wanted})
    issued = {(each.kind, each.subject_uid): each for each in found.last_editions().with_digest()}
    return [
        PaperState(kind, row.uid, source_of(kind).name(row), issued.get((str(kind), row.uid)))
        for kind, row in wanted
    ]


def issued_to(
    person: Person, narrowed: Mapping[Kind, Mapping[str, Any]] | None = None
) -> QuerySet[IssuedPaper]:
    """Return the last edition of each issued paper that the person may see, the newest first.

    A paper is seen by whoever sees what it is about: each source is asked for its rows, and all
    of them inside one query. `narrowed` keeps some kinds, and of each the rows that a lookup finds.
    """
    seen = reduce(
        or_,
        (
            Q(
                kind=source.kind,
                subject_uid__in=source.rows(person)
                .filter(**(narrowed or {}).get(source.kind, {}))
                .values("uid"),
            )
            for source in sources()
            if narrowed is None or source.kind in narrowed
        ),
    )
    found = IssuedPaper.objects.filter(seen).last_editions().with_digest()
    return found.order_by("-issued_at", "-pk")


def listed(issued: Iterable[IssuedPaper]) -> list[PaperState]:
    """Return issued papers as pages list them, under the names that they were issued with."""
    return [PaperState(Kind(paper.kind), paper.subject_uid, paper.name, paper) for paper in issued]
