"""Where the data of a kind of paper comes from."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from django.conf import settings
from django.urls import reverse

from audit.services import is_demonstration
from documents.papers import Kind, Origin, Sheet, Status, Text
from governance.authority import Action

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import Person
    from governance.models import Body


class Paper(Protocol):
    """The data of a paper: it can be laid out in the language of the moment."""

    @property
    def origin(self) -> Origin: ...

    def sheet(self) -> Sheet: ...


class Source(ABC):
    """One kind of paper: the rows it is about, and how to read a row."""

    kind: ClassVar[Kind]
    is_public: ClassVar[bool] = False
    """Whether a published edition may be opened to everybody: it names nobody but who signs."""
    issued_by: ClassVar[tuple[Action, ...]] = (Action.KEEP, Action.PRESIDE)
    signed_by: ClassVar[tuple[Action, ...]] = (
        *(Action.KEEP, Action.PRESIDE, Action.APPROVE, Action.SIGN, Action.DISSENT),
    )
    """Duties in which somebody may issue it, and hand a signature of it in."""

    @abstractmethod
    def rows(self, person: Person) -> QuerySet[Any]:
        """Return the rows that have such a paper and that the person may see."""

    @abstractmethod
    def body(self, row: Any) -> Body:
        """Return the body at which it is issued."""

    @abstractmethod
    def name(self, row: Any) -> str:
        """Return what the row is called, in the language of the moment."""

    @abstractmethod
    def path(self, row: Any) -> str:
        """Return the path of the page on which the paper's contents can be checked."""

    @abstractmethod
    def paper(self, row: Any) -> Paper:
        """Read the row as the data of a paper."""

    def public_path(self, row: Any) -> str:
        """Return the path of the page where everybody finds what was published."""
        return reverse("web:published", args=[self.kind, row.uid])

    def check_path(self, row: Any, status: Status) -> str:
        """Return the path that is printed on the paper: in public once the paper is."""
        public = self.is_public and status == Status.PUBLISHED
        return self.public_path(row) if public else self.path(row)

    def find(self, person: Person, uid: UUID) -> Any | None:
        """Return the row, or None where there is none that the person may see."""
        return self.rows(person).filter(uid=uid).first()

    def stream(self, row: Any) -> str:
        """Return the stream of the record to which its acts belong."""
        return self.body(row).stream

    def origin(self, row: Any, status: Status, at: datetime.datetime, digest: str = "") -> Origin:
        """Return the origin of a paper about a row."""
        path = self.check_path(row, status)
        return origin(Text.of(self.body(row), "name"), status, at, path, digest)


def origin(
    author: Text, status: Status, at: datetime.datetime, path: str, digest: str = ""
) -> Origin:
    """Return the origin of a paper of this installation."""
    return Origin(
        author=author,
        status=status,
        at=at,
        address=f"{settings.ADDRESS}{path}",
        digest=digest,
        demonstration=is_demonstration(),
    )


_sources: dict[Kind, Source] = {}


def register(source: Source) -> None:
    """Make a kind of paper known.

    Raises:
        ValueError: another source has it.
    """
    if type(_sources.setdefault(source.kind, source)) is not type(source):
        raise ValueError(f"{source.kind} has a source")


def source_of(kind: str) -> Source:
    """Return the source of a kind.

    Raises:
        KeyError, ValueError: there is no such kind.
    """
    return _sources[Kind(kind)]


def sources() -> list[Source]:
    """Return all sources in the order of their kinds."""
    return [_sources[kind] for kind in Kind if kind in _sources]
