"""The minutes of a meeting: who was there, what was decided and how (ГК РФ ст. 181.2 п. 4)."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import pgettext

from .sheet import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Kind,
    NewPage,
    Origin,
    Paragraph,
    Sheet,
    Signatory,
    Table,
    signatures,
)
from .words import Text, clock, long_day, moment, names, short_day, yes_or_no

COLUMNS = 8
"""So many ballots stand beside each other in the roll call."""


@dataclass(frozen=True, slots=True)
class Member:
    """A seat that was occupied, by whom, from when until when."""

    seat: str
    side: Text
    name: Text
    came_at: datetime.datetime | None = None
    left_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class SideResult:
    """How one side decided, in whole votes."""

    side: Text
    entitled: int
    took_part: int
    votes_for: int
    against: int
    abstained: int
    quorate: bool
    agreed: bool


@dataclass(frozen=True, slots=True)
class Spoken:
    """What one seat said in a ballot: a choice, or why nothing of it counts."""

    seat: str
    name: Text
    choice: str
    words: Text
    counted: bool = True


@dataclass(frozen=True, slots=True)
class Ballot:
    """One question, and what came out."""

    code: str
    item: int
    question: Text
    text_sha256: str
    form: Text
    result: Text
    sides: tuple[SideResult, ...]
    votes: tuple[Spoken, ...]
    recused: tuple[Text, ...]
    opened_at: datetime.datetime | None
    closed_at: datetime.datetime | None
    validity: Text

    def blocks(self) -> Iterator[Block]:
        """Lay out question, decision and count, as they stand in minutes and extract."""
        yield Paragraph(f"{pgettext('paper', 'Put to the vote')}: {self.question}")
        yield Paragraph(f"{pgettext('paper', 'Decided')}: {self.result}.", "strong")
        yield Paragraph(self._course(), "note")
        if self.sides:
            yield self._tally()
        for choice, label in (
            ("against", pgettext("minutes", "Against")),
            ("abstain", pgettext("minutes", "Abstained")),
        ):
            said = [
                f"{vote.name} ({vote.seat})"
                for vote in self.votes
                if vote.counted and vote.choice == choice
            ]
            if said:
                yield Paragraph(f"{label}: {names(said)}.")
        if self.recused:
            yield Paragraph(f"{pgettext('paper', 'Recused')}: {names(self.recused)}.")
        not_counted = [
            f"{vote.name} ({vote.seat}) – {vote.words}" for vote in self.votes if not vote.counted
        ]
        if not_counted:
            yield Paragraph(f"{pgettext('paper', 'Not counted')}: {'; '.join(not_counted)}.")
        yield Paragraph(f"{pgettext('paper', 'Text voted, SHA-256')}: {self.text_sha256}", "note")

    def _course(self) -> str:
        """Say in which form, from when until when, and whether it stands."""
        parts = [f"{pgettext('paper', 'Ballot')} {self.code}", str(self.form)]
        if self.opened_at and self.closed_at:
            ends = clock if short_day(self.opened_at) == short_day(self.closed_at) else moment
            parts.append(f"{moment(self.opened_at)} – {ends(self.closed_at)}")
            # A ballot that was not held has decided nothing that could stand.
            if self.validity:
                parts.append(str(self.validity))
        return " ".join(f"{part.rstrip('.')}." for part in parts)

    def _tally(self) -> Table:
        return Table(
            summary=pgettext("paper", "Count of ballot %(code)s by sides") % {"code": self.code},
            small=True,
            columns=(
                Column(pgettext("paper", "Side"), 12),
                Column(pgettext("paper", "Entitled"), 6),
                Column(pgettext("paper", "Took part"), 6),
                Column(pgettext("minutes", "For"), 3),
                Column(pgettext("minutes", "Against"), 5),
                Column(pgettext("minutes", "Abstained"), 7),
                Column(pgettext("paper", "Quorum"), 5),
                Column(pgettext("paper", "Agreed"), 5),
            ),
            rows=tuple(
                (
                    str(side.side),
                    str(side.entitled),
                    str(side.took_part),
                    str(side.votes_for),
                    str(side.against),
                    str(side.abstained),
                    yes_or_no(side.quorate),
                    yes_or_no(side.agreed),
                )
                for side in self.sides
            ),
        )


@dataclass(frozen=True, slots=True)
class Correction:
    """A slip put right beside the minutes."""

    number: int
    place: str
    was: str
    becomes: str
    reason: str
    agreed_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """What a member remarked on the draft, and what was answered."""

    number: int
    seat: str
    name: Text
    words: str
    disposition: Text
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """Everything a protocol says."""

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
    present: tuple[Member, ...]
    agenda: tuple[tuple[int, Text], ...]
    ballots: tuple[Ballot, ...]
    signatories: tuple[Signatory, ...]
    corrections: tuple[Correction, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def sheet(self) -> Sheet:
        """Lay it out: introduction, agenda, question after question, signatures, roll call."""
        return Sheet(
            kind=Kind.PROTOCOL,
            origin=self.origin,
            title=pgettext("paper", "of meeting %(code)s") % {"code": self.meeting},
            number=self.number,
            day=long_day(self.opened_at),
            place=str(self.place),
            blocks=(
                *self._introduction(),
                *self._course(),
                *self._remarks(),
                *corrections(self.corrections),
                signatures(self.signatories),
                *self._roll_call(),
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
        if self.present:
            yield Table(
                summary=pgettext("paper", "Who was present"),
                columns=(
                    Column(pgettext("paper", "Seat"), 2),
                    Column(pgettext("paper", "Side"), 4),
                    Column(pgettext("paper", "Name"), 5),
                    Column(pgettext("paper", "Present"), 3),
                ),
                rows=tuple(
                    (one.seat, str(one.side), str(one.name), _stay(one)) for one in self.present
                ),
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
                yield from ballot.blocks()

    def _remarks(self) -> Iterator[Block]:
        if not self.remarks:
            return
        yield Heading(pgettext("paper", "Remarks on the draft"))
        yield Table(
            summary=pgettext("paper", "Remarks on the draft and what was answered"),
            small=True,
            columns=(
                Column("№", 1),
                Column(pgettext("paper", "Author"), 4),
                Column(pgettext("paper", "Remark"), 6),
                Column(pgettext("paper", "Conclusion"), 3),
                Column(pgettext("paper", "Ground"), 6),
            ),
            rows=tuple(
                (
                    str(one.number),
                    f"{one.name} ({one.seat})",
                    one.words,
                    str(one.disposition),
                    one.answer,
                )
                for one in self.remarks
            ),
        )

    def _roll_call(self) -> Iterator[Block]:
        """Say how each seat voted, as many ballots at a time as fit beside each other."""
        counted = [ballot for ballot in self.ballots if ballot.votes]
        if not counted:
            return
        yield NewPage()
        yield Heading(pgettext("paper", "Annex. Roll call"))
        yield Paragraph(
            pgettext("paper", "+ for, − against, 0 abstained, × not counted, blank: no vote"),
            "note",
        )
        for first in range(0, len(counted), COLUMNS):
            yield _votes(counted[first : first + COLUMNS])


def corrections(rows: tuple[Correction, ...]) -> Iterator[Block]:
    """Lay out what was put right beside the minutes; both readings are printed."""
    if not rows:
        return
    yield Heading(pgettext("paper", "Records of corrections"))
    for one in rows:
        yield Paragraph(
            pgettext(
                "paper",
                "№ %(number)s of %(day)s. %(place)s: printed “%(was)s”, to be read "
                "“%(becomes)s”. %(reason)s",
            )
            % {
                "number": one.number,
                "day": short_day(one.agreed_at),
                "place": one.place,
                "was": one.was,
                "becomes": one.becomes,
                "reason": one.reason,
            }
        )


_MARKS = {"for": "+", "against": "−", "abstain": "0"}


def _votes(ballots: list[Ballot]) -> Table:
    """Lay out seats against ballots."""
    people = {vote.seat: vote.name for ballot in ballots for vote in ballot.votes}
    said = {
        (vote.seat, ballot.code): _MARKS.get(vote.choice, "") if vote.counted else "×"
        for ballot in ballots
        # What counts comes last, so that it is what the table shows.
        for vote in sorted(ballot.votes, key=lambda vote: vote.counted)
    }
    return Table(
        summary=pgettext("paper", "How each seat voted"),
        small=True,
        columns=(
            Column(pgettext("paper", "Seat"), 3),
            Column(pgettext("paper", "Name"), 7),
            *(Column(ballot.code, 2) for ballot in ballots),
        ),
        rows=tuple(
            (seat, str(name), *(said.get((seat, ballot.code), "") for ballot in ballots))
            for seat, name in sorted(people.items())
        ),
    )


def _stay(member: Member) -> str:
    """Write from when until when somebody was there."""
    if member.came_at is None:
        return ""
    return f"{clock(member.came_at)} – {clock(member.left_at) if member.left_at else '…'}"
