"""An extract from the minutes: one question, its exact text, the decision."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from .protocol import Ballot
from .sheet import (
    Block,
    Facts,
    Heading,
    Kind,
    Origin,
    Paragraph,
    Sheet,
    Signatory,
    signatures,
)
from .words import Text, long_day, names


@dataclass(frozen=True, slots=True)
class VotedText:
    """A wording that was put to the vote, and what it was called."""

    name: Text
    words: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What somebody is given who is concerned by one decision."""

    origin: Origin
    protocol: str
    meeting: str
    form: Text
    place: Text
    held_at: datetime.datetime
    charter: Text
    presiding: tuple[Text, ...]
    present: int
    item: Text
    ballot: Ballot
    texts: tuple[VotedText, ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.EXTRACT,
            origin=self.origin,
            title=pgettext("paper", "of meeting %(code)s, question %(ballot)s")
            % {"code": self.meeting, "ballot": self.ballot.code},
            number=self.protocol,
            day=long_day(self.held_at),
            place=str(self.place),
            blocks=(
                Facts(
                    (
                        (pgettext("paper", "Form"), str(self.form)),
                        (pgettext("paper", "Presiding"), names(self.presiding)),
                        (
                            pgettext("paper", "Present"),
                            pgettext("paper", "%(count)s seats") % {"count": self.present}
                            if self.present
                            else pgettext("paper", "in writing"),
                        ),
                        (pgettext("paper", "Rules"), str(self.charter)),
                    )
                ),
                Heading(f"{self.ballot.item}. {self.item}"),
                *self.ballot.blocks(),
                *self._texts(),
                Paragraph(pgettext("paper", "The extract is true to the minutes.")),
                signatures(self.signatories),
            ),
        )

    def _texts(self) -> Iterator[Block]:
        if self.texts:
            yield Heading(pgettext("paper", "The text that was voted"))
        for one in self.texts:
            yield Paragraph(str(one.name), "strong")
            yield Paragraph(str(one.words))
