"""What every paper is made of: its requisites, and blocks of text under them.

The requisites are those of ГОСТ Р 7.0.97-2016: author, kind, date, number, place, heading,
approval stamp, signatures. A block is plain text in a structure; how it looks is for
`documents.printing`, which knows no kind of paper.
"""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import pgettext, pgettext_lazy

from .words import Text, initialled, moment

Language = Literal["ru", "en"]


class Kind(enum.StrEnum):
    """The kinds of papers, as files and the record name them."""

    AGENDA = "agenda"
    PROTOCOL = "protocol"
    EXTRACT = "protocol-extract"
    PUBLISHED_EXTRACT = "published-extract"
    APPROVAL_SHEET = "approval-sheet"
    COMMENT_SUMMARY = "comment-summary"
    DISAGREEMENTS = "protocol-of-disagreements"
    DISSENT = "dissenting-opinion"
    ORDER = "order"

    @property
    def label(self) -> str:
        """Return what people call it."""
        return str(_KINDS[self])


_KINDS = {
    Kind.AGENDA: pgettext_lazy("paper", "Agenda"),
    Kind.PROTOCOL: pgettext_lazy("paper", "Minutes"),
    Kind.EXTRACT: pgettext_lazy("paper", "Extract from the minutes"),
    Kind.PUBLISHED_EXTRACT: pgettext_lazy("paper", "Published extract from the minutes"),
    Kind.APPROVAL_SHEET: pgettext_lazy("paper", "Approval sheet"),
    Kind.COMMENT_SUMMARY: pgettext_lazy("paper", "Comment summary"),
    Kind.DISAGREEMENTS: pgettext_lazy("paper", "Protocol of disagreements"),
    Kind.DISSENT: pgettext_lazy("paper", "Dissenting opinion"),
    Kind.ORDER: pgettext_lazy("paper", "Order"),
}


class Status(enum.StrEnum):
    """How far what the paper says has come. It stands on every page."""

    DRAFT = "draft"
    FINAL = "final"
    SIGNED = "signed"
    PUBLISHED = "published"

    @property
    def label(self) -> str:
        """Return it in words."""
        return str(_STATUSES[self])


_STATUSES = {
    Status.DRAFT: pgettext_lazy("paper", "draft"),
    Status.FINAL: pgettext_lazy("paper", "final, not signed"),
    Status.SIGNED: pgettext_lazy("paper", "signed"),
    Status.PUBLISHED: pgettext_lazy("paper", "published"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where the data of a paper comes from.

    `at` is the instant of the data and the only time in the file: no clock is asked. `digest`
    binds what is stored under `address` to the paper.
    """

    author: Text
    status: Status
    at: datetime.datetime
    address: str
    digest: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class Signatory:
    """Somebody who signs: as what, who, and when it was done in the system if it was."""

    role: Text
    name: Text
    signed_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; it is a bookmark as well."""

    text: str
    level: int = 1
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A note is smaller and keeps long digests on one line."""

    text: str
    style: Literal["plain", "strong", "note"] = "plain"
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class Items:
    """A numbered list."""

    texts: tuple[str, ...]
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names of facts, each with what it is."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading and its share of the width."""

    title: str
    share: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, which are repeated on every page."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str = ""
    small: bool = False
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line: role, the mark that stands for the signature, name."""

    role: str
    mark: str
    name: str


@dataclass(frozen=True, slots=True)
class Signatures:
    """The lines at the end of a paper."""

    lines: tuple[SignatureLine, ...]
    kind: Literal["signatures"] = "signatures"


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a page of its own: an annex."""

    kind: Literal["page"] = "page"


Block = Heading | Paragraph | Items | Facts | Table | Signatures | NewPage


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One paper in one language, ready to be printed."""

    kind: Kind
    origin: Origin
    title: str
    blocks: tuple[Block, ...]
    number: str = ""
    day: str = ""
    place: str = ""
    stamp: tuple[str, ...] = ()
    landscape: bool = False

    @property
    def author(self) -> str:
        """The body or authority that issues it."""
        return str(self.origin.author)

    @property
    def name(self) -> str:
        """The kind, as it stands above the text."""
        return self.kind.label.upper()


def signatures(people: tuple[Signatory, ...]) -> Signatures:
    """Lay out who signs; an empty mark is a line to sign on."""
    return Signatures(
        tuple(
            SignatureLine(
                role=str(one.role)[:1].upper() + str(one.role)[1:],
                mark=pgettext("paper", "signed in the system %(when)s")
                % {"when": moment(one.signed_at)}
                if one.signed_at
                else "",
                name=initialled(one.name),
            )
            for one in people
        )
    )
