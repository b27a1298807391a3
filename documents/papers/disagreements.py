"""The protocol of disagreements: what was not agreed, side by side (after ТК РФ ст. 38)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import (
    Block,
    Column,
    Heading,
    Kind,
    Origin,
    Paragraph,
    Sheet,
    Signatory,
    Table,
    signatures,
)
from .words import Text, long_day, names, quoted


@dataclass(frozen=True, slots=True)
class SideWords:
    """What one side wants and why."""

    side: Text
    stance: Text
    wording: Text
    reason: Text


@dataclass(frozen=True, slots=True)
class Disputed:
    """One clause on which a ballot found no agreement."""

    code: str
    clause: str
    title: Text
    ballot: str
    blocked_by: tuple[Text, ...]
    on_the_table: Text
    sides: tuple[SideWords, ...]
    follow_up: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolOfDisagreements:
    """The disagreements that are recorded, and who signs that they are."""

    origin: Origin
    number: str
    meeting: str
    on: datetime.date
    subject: Text
    entries: tuple[Disputed, ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.DISAGREEMENTS,
            origin=self.origin,
            title=pgettext("paper", "on %(subject)s (meeting %(code)s)")
            % {"subject": quoted(self.subject), "code": self.meeting},
            number=self.number,
            day=long_day(self.on),
            blocks=(
                *(block for entry in self.entries for block in _blocks(entry)),
                signatures(self.signatories),
            ),
        )


def _blocks(entry: Disputed) -> Iterator[Block]:
    yield Heading(f"{pgettext('paper', 'Clause')} {entry.clause}. {entry.title}")
    yield Paragraph(
        pgettext("paper", "Disagreement %(code)s, ballot %(ballot)s; not agreed by: %(sides)s.")
        % {"code": entry.code, "ballot": entry.ballot, "sides": names(entry.blocked_by)}
    )
    if entry.on_the_table:
        yield Paragraph(f"{pgettext('paper', 'Wording on the table')}: {entry.on_the_table}")
    yield Table(
        summary=pgettext("paper", "What the sides want for clause %(clause)s")
        % {"clause": entry.clause},
        columns=(
            Column(pgettext("paper", "Side"), 4),
            Column(pgettext("paper", "Position"), 4),
            Column(pgettext("paper", "Wording of the side"), 8),
            Column(pgettext("paper", "Reason"), 8),
        ),
        rows=tuple(
            (str(one.side), str(one.stance), str(one.wording) or "–", str(one.reason))
            for one in entry.sides
        ),
    )
    if entry.follow_up:
        yield Paragraph(f"{pgettext('paper', 'What follows')}: {entry.follow_up}")
