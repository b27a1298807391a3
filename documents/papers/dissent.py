"""A dissenting opinion: it stands beside a decision and changes nothing about it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import Facts, Heading, Kind, Origin, Paragraph, Sheet, Signatory, signatures
from .words import Text, long_day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DissentingOpinion:
    """What a member wants to stand beside a decision."""

    origin: Origin
    author: Text
    seat: str
    side: Text
    meeting: str
    ballot: str
    question: Text
    result: Text
    words: Text
    filed_at: datetime.datetime
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.DISSENT,
            origin=self.origin,
            title=pgettext("paper", "on question %(ballot)s of meeting %(code)s")
            % {"ballot": self.ballot, "code": self.meeting},
            day=long_day(self.filed_at),
            blocks=(
                Facts(
                    (
                        (pgettext("paper", "Author"), str(self.author)),
                        (pgettext("paper", "Seat"), f"{self.seat}, {self.side}"),
                        (pgettext("paper", "Question"), str(self.question)),
                        (pgettext("paper", "Decision"), str(self.result)),
                        (pgettext("paper", "Filed"), moment(self.filed_at)),
                    )
                ),
                Heading(pgettext("paper", "Opinion")),
                Paragraph(str(self.words)),
                signatures(self.signatories),
            ),
        )
