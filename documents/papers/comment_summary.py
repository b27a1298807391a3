"""The comment summary: everything filed, each with its conclusion and its ground (ГОСТ 1.2)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import Column, Kind, Origin, Paragraph, Sheet, Signatory, Table, signatures
from .words import Text, long_day


@dataclass(frozen=True, slots=True)
class CommentLine:
    """One proposal. It stands in the summary once, whatever became of it."""

    code: str
    clause: str
    author: Text
    side: str
    proposal: Text
    reason: Text
    conclusion: Text
    ground: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentSummary:
    """Everything filed on one draft."""

    origin: Origin
    subject: Text
    revision: str
    prepared_at: datetime.datetime
    lines: tuple[CommentLine, ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.COMMENT_SUMMARY,
            origin=self.origin,
            title=pgettext("paper", "to draft %(revision)s: %(subject)s")
            % {"revision": self.revision, "subject": self.subject},
            day=long_day(self.prepared_at),
            landscape=True,
            blocks=(
                Paragraph(
                    pgettext("paper", "Filed in all: %(count)s.") % {"count": len(self.lines)}
                ),
                *([self._table()] if self.lines else []),
                signatures(self.signatories),
            ),
        )

    def _table(self) -> Table:
        return Table(
            summary=pgettext("paper", "Comments and proposals with conclusions"),
            small=True,
            columns=(
                Column("№", 2),
                Column(pgettext("paper", "Clause"), 3),
                Column(pgettext("paper", "Author"), 6),
                Column(pgettext("paper", "Comment or proposal"), 11),
                Column(pgettext("paper", "Reason"), 10),
                Column(pgettext("paper", "Conclusion"), 5),
                Column(pgettext("paper", "Ground"), 9),
            ),
            rows=tuple(
                (
                    str(number),
                    line.clause or "–",
                    " ".join(filter(None, (f"{line.code}.", line.side, str(line.author)))),
                    str(line.proposal),
                    str(line.reason),
                    str(line.conclusion),
                    str(line.ground),
                )
                for number, line in enumerate(self.lines, 1)
            ),
        )
