"""The agenda of a meeting: what may be decided there, and nothing else."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import Facts, Heading, Items, Kind, Origin, Sheet, Signatory, signatures
from .words import Text, clock, long_day, moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Agenda:
    """What a meeting is called to decide. `notes` say of an item how it came there."""

    origin: Origin
    meeting: str
    form: Text
    planned_for: datetime.datetime
    closes_at: datetime.datetime | None
    place: Text
    charter: Text
    locked_at: datetime.datetime | None
    items: tuple[tuple[Text, Text], ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        facts = [
            (pgettext("paper", "Form"), str(self.form)),
            (
                pgettext("paper", "Begins"),
                f"{long_day(self.planned_for)}, {clock(self.planned_for)}",
            ),
            (
                pgettext("paper", "Papers are taken until"),
                moment(self.closes_at) if self.closes_at else "",
            ),
            (pgettext("paper", "Place"), str(self.place)),
            (pgettext("paper", "Rules"), str(self.charter)),
            (
                pgettext("paper", "Agenda locked"),
                moment(self.locked_at) if self.locked_at else pgettext("paper", "not yet"),
            ),
        ]
        return Sheet(
            kind=Kind.AGENDA,
            origin=self.origin,
            title=pgettext("paper", "of meeting %(code)s") % {"code": self.meeting},
            number=self.meeting,
            day=long_day(self.planned_for),
            place=str(self.place),
            blocks=(
                Facts(tuple(pair for pair in facts if pair[1])),
                Heading(pgettext("paper", "Questions")),
                Items(
                    tuple(f"{title} ({note})" if note else str(title) for title, note in self.items)
                ),
                signatures(self.signatories),
            ),
        )
