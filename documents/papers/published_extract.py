"""What everybody may read of the minutes: what was decided and how, by sides, without people.

Those who sat at the table are not named and their votes are not shown one by one; who led the
meeting and answers for the minutes is, as whoever signs an act is. The digest is that of the full
minutes, so that the extract can be held against them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import npgettext, pgettext

from .protocol import Ballot, Correction, corrections
from .sheet import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Kind,
    Origin,
    Paragraph,
    Sheet,
    Signatory,
    Table,
    signatures,
)
from .words import Text, long_day, moment, names


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedExtract:
    """Minutes as they are published. `present` are seats that were occupied, of how many."""

    origin: Origin
    number: str
    meeting: str
    form: Text
    place: Text
    opened_at: datetime.datetime
    closed_at: datetime.datetime
    charter: Text
    presiding: tuple[Text, ...]
    secretary: tuple[Text, ...]
    present: tuple[tuple[Text, int], ...]
    agenda: tuple[tuple[int, Text], ...]
    ballots: tuple[Ballot, ...]
    opinions: int
    signatories: tuple[Signatory, ...]
    corrections: tuple[Correction, ...] = ()

    def sheet(self) -> Sheet:
        """Lay it out: introduction, question after question, corrections, signatures."""
        return Sheet(
            kind=Kind.PUBLISHED_EXTRACT,
            origin=self.origin,
            title=pgettext("paper", "of meeting %(code)s") % {"code": self.meeting},
            number=self.number,
            day=long_day(self.opened_at),
            place=str(self.place),
            blocks=(
                *self._introduction(),
                *self._course(),
                *corrections(self.corrections),
                Paragraph(
                    pgettext(
                        "paper",
                        "Published without the names of those who took part and without their "
                        "single votes. The checksum below is that of the full minutes.",
                    ),
                    "note",
                ),
                signatures(self.signatories),
            ),
        )

    def _introduction(self) -> Iterator[Block]:
        yield Facts(
            (
                (pgettext("paper", "Form"), str(self.form)),
                (pgettext("paper", "Opened"), moment(self.opened_at)),
                (pgettext("paper", "Closed"), moment(self.closed_at)),
                (pgettext("paper", "Presiding"), names(self.presiding)),
                (pgettext("paper", "Secretary"), names(self.secretary)),
                (pgettext("paper", "Rules"), str(self.charter)),
            )
        )
        yield Heading(pgettext("paper", "Present"))
        if any(count for _, count in self.present):
            yield Table(
                summary=pgettext("paper", "How many seats of each side were present"),
                columns=(
                    Column(pgettext("paper", "Side"), 5),
                    Column(pgettext("paper", "Seats present"), 3),
                ),
                rows=tuple((str(side), str(count)) for side, count in self.present),
            )
        else:
            yield Paragraph(pgettext("paper", "The ballot was held in writing: nobody met."))
        yield Heading(pgettext("paper", "Agenda"))
        yield Items(tuple(str(title) for _number, title in self.agenda))

    def _course(self) -> Iterator[Block]:
        for number, title in self.agenda:
            yield Heading(f"{number}. {title}")
            held = [ballot for ballot in self.ballots if ballot.item == number]
            if not held:
                yield Paragraph(pgettext("paper", "Considered; nothing was put to the vote."))
            for ballot in held:
                yield from _without_people(ballot)
        if self.opinions:
            yield Paragraph(
                npgettext(
                    "paper",
                    "%(count)s dissenting opinion is attached to the minutes.",
                    "%(count)s dissenting opinions are attached to the minutes.",
                    self.opinions,
                )
                % {"count": self.opinions}
            )


def _without_people(ballot: Ballot) -> Iterator[Block]:
    """Lay out a ballot by sides, and say how many seats were recused."""
    yield from replace(ballot, votes=(), recused=()).blocks()
    if ballot.recused:
        yield Paragraph(
            f"{pgettext('paper', 'Recused')}: "
            + npgettext("paper", "%(count)s seat", "%(count)s seats", len(ballot.recused))
            % {"count": len(ballot.recused)}
            + "."
        )
