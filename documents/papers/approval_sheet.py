"""The approval sheet: which units gave their visas to which text (лист согласования)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import Column, Facts, Kind, Origin, Paragraph, Sheet, Signatory, Table, signatures
from .words import Text, initialled, long_day, moment, quoted


@dataclass(frozen=True, slots=True)
class VisaLine:
    """What a unit said to the text, and what became of its remark."""

    unit: Text
    officer: Text
    result: Text
    remark: Text
    fate: Text
    given_at: datetime.datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalSheet:
    """The visas of one text."""

    origin: Origin
    subject: Text
    version: str
    text_sha256: str
    submitted_at: datetime.datetime
    decide_by: datetime.date | None
    lines: tuple[VisaLine, ...]
    signatories: tuple[Signatory, ...]

    def sheet(self) -> Sheet:
        """Lay it out."""
        return Sheet(
            kind=Kind.APPROVAL_SHEET,
            origin=self.origin,
            title=pgettext(
                "paper", "to the draft order on approving %(subject)s, version %(version)s"
            )
            % {"subject": quoted(self.subject), "version": self.version},
            day=long_day(self.submitted_at),
            landscape=True,
            blocks=(
                Facts(
                    (
                        (pgettext("paper", "Submitted"), moment(self.submitted_at)),
                        (
                            pgettext("paper", "Order due on"),
                            long_day(self.decide_by) if self.decide_by else "–",
                        ),
                    )
                ),
                Paragraph(
                    f"{pgettext('paper', 'Text submitted, SHA-256')}: {self.text_sha256}", "note"
                ),
                Table(
                    summary=pgettext("paper", "Visas"),
                    small=True,
                    columns=(
                        Column("№", 1),
                        Column(pgettext("paper", "Unit"), 6),
                        Column(pgettext("paper", "Officer"), 5),
                        Column(pgettext("paper", "Visa"), 4),
                        Column(pgettext("paper", "Remark"), 8),
                        Column(pgettext("paper", "Fate of the remark"), 4),
                        Column(pgettext("paper", "Given"), 4),
                    ),
                    rows=tuple(
                        (
                            str(number),
                            str(line.unit),
                            initialled(line.officer),
                            str(line.result),
                            str(line.remark),
                            str(line.fate),
                            moment(line.given_at) if line.given_at else "",
                        )
                        for number, line in enumerate(self.lines, 1)
                    ),
                ),
                signatures(self.signatories),
            ),
        )
