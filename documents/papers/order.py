"""The order that approves a text, with the text itself as its annex (приказ)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import (
    Block,
    Heading,
    Items,
    Kind,
    NewPage,
    Origin,
    Paragraph,
    Sheet,
    Signatory,
    signatures,
)
from .words import Text, long_day, quoted


@dataclass(frozen=True, slots=True)
class Annex:
    """One part of the approved text; a part without a text is a heading."""

    level: int
    name: Text
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order of the approving authority. It approves exactly the text that was voted."""

    origin: Origin
    number: str
    signed_on: datetime.date | None
    place: Text
    subject: Text
    version: str
    basis: Text
    body: Text
    ballot: str
    in_force_from: datetime.date | None
    permits_until: datetime.date | None
    text_sha256: str
    left_out: tuple[str, ...]
    annex: tuple[Annex, ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.ORDER,
            origin=self.origin,
            title=pgettext("paper", "On approving %(subject)s") % {"subject": quoted(self.subject)},
            number=self.number,
            day=long_day(self.signed_on) if self.signed_on else "",
            place=str(self.place),
            blocks=(
                Paragraph(
                    pgettext(
                        "paper",
                        "On the basis of: %(basis)s; decision of %(body)s, ballot %(ballot)s, "
                        "I order:",
                    )
                    % {"basis": self.basis, "body": self.body, "ballot": self.ballot}
                ),
                Items(tuple(self._points())),
                Paragraph(
                    pgettext(
                        "paper", "It does not replace the federal licence for educational activity."
                    ),
                    "note",
                ),
                signatures(self.signatories),
                *self._annex(),
            ),
        )

    def _points(self) -> Iterator[str]:
        yield pgettext("paper", "Approve the annexed %(subject)s, version %(version)s.") % {
            "subject": quoted(self.subject),
            "version": self.version,
        }
        if self.left_out:
            yield pgettext(
                "paper", "For want of agreement these clauses are not part of it: %(clauses)s."
            ) % {"clauses": ", ".join(self.left_out)}
        if self.in_force_from:
            yield pgettext("paper", "They are in force from %(day)s.") % {
                "day": long_day(self.in_force_from)
            }
        if self.permits_until:
            yield pgettext("paper", "Permits under the earlier version stand until %(day)s.") % {
                "day": long_day(self.permits_until)
            }

    def _annex(self) -> Iterator[Block]:
        yield NewPage()
        yield Heading(
            pgettext("paper", "Annex to the order № %(number)s") % {"number": self.number}
            if self.number
            else pgettext("paper", "Annex to the order")
        )
        yield Paragraph(f"{pgettext('paper', 'Text voted, SHA-256')}: {self.text_sha256}", "note")
        for part in self.annex:
            if part.name:
                yield Heading(str(part.name), part.level)
            if part.words:
                yield Paragraph(str(part.words))
