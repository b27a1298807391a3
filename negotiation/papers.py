"""The papers of a negotiation: extract, comment summary, disagreements, dissenting opinions."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from documents import papers
from documents.papers import Kind, Status, Text, both
from governance.models import Appointment, Decision, DissentingOpinion, Meeting, Protocol
from governance.papers import Source, issued_to, register
from governance.papers.meetings import (
    ballot_of,
    changed_at,
    officers,
    public_minutes,
    side_names,
)
from negotiation.models import (
    Amendment,
    CommentSummary,
    Matter,
    Position,
    ProtocolOfDisagreements,
    Question,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.db.models import QuerySet

    from accounts.models import Person
    from governance.models import Body, IssuedPaper

WAYS: dict[Kind, str] = {
    Kind.AGENDA: "ballots__question__matter",
    Kind.PROTOCOL: "meeting__ballots__question__matter",
    Kind.EXTRACT: "matter",
    Kind.PUBLISHED_EXTRACT: "meeting__ballots__question__matter",
    Kind.COMMENT_SUMMARY: "matter",
    Kind.DISAGREEMENTS: "matter",
    Kind.DISSENT: "ballot__question__matter",
}
"""The way from what a paper is about to its matter, as a lookup. `licensing` adds its own."""


class _OfMatter(Source):
    """A paper about something that belongs to one matter."""

    def matter(self, row: Any) -> Matter:
        """Return the matter."""
        matter: Matter = row.matter
        return matter

    def body(self, row: Any) -> Body:
        return self.matter(row).body

    def stream(self, row: Any) -> str:
        return self.matter(row).stream


class ExtractSource(_OfMatter):
    """Extracts: one question of a protocol that is drawn up, with the text that was voted."""

    kind = Kind.EXTRACT

    def rows(self, person: Person) -> QuerySet[Question]:
        return Question.objects.filter(
            matter__in=Matter.objects.visible_to(person), ballot__meeting__protocol__isnull=False
        ).select_related(
            "matter__body", "ballot__meeting__protocol__meeting", "ballot__agenda_item"
        )

    def name(self, row: Question) -> str:
        return f"{row.ballot.code}, {row.ballot.meeting.code}"

    def path(self, row: Question) -> str:
        return reverse("negotiation:decision", args=[row.matter.uid, row.ballot.uid])

    def check_path(self, row: Question, status: Status) -> str:
        return public_minutes(row.ballot.meeting.protocol) or self.path(row)

    def paper(self, row: Question) -> papers.Extract:
        """Read a question, and what the protocol says of it."""
        protocol = row.ballot.meeting.protocol
        content, meeting = protocol.content, protocol.content["meeting"]
        [ballot] = [one for one in content["ballots"] if one["code"] == row.ballot.code]
        return papers.Extract(
            origin=self.origin(row, _extracted(protocol), changed_at(protocol), protocol.sha256),
            protocol=protocol.number,
            meeting=meeting["code"],
            form=both(Meeting.Kind(meeting["kind"]).label),
            place=Text.of(meeting, "place"),
            held_at=datetime.datetime.fromisoformat(meeting["opened_at"]),
            charter=Text.of(content["charter"], "document"),
            presiding=officers(content, Appointment.Role.COORDINATOR),
            present=len({one["seat"] for one in content["attendance"]}),
            item=Text.of(row.ballot.agenda_item, "title"),
            ballot=ballot_of(ballot, side_names(row.matter.body)),
            texts=tuple(_texts(row)),
            # An extract is certified by who keeps the minutes, with a signature of its own.
            signatories=tuple(
                papers.Signatory(both(Appointment.Role.SECRETARY.label), name)
                for name in officers(content, Appointment.Role.SECRETARY)
            ),
        )


def _extracted(protocol: Protocol) -> Status:
    """Return the status of an extract: signatures under the minutes are not under it."""
    status = Status(protocol.state)
    return Status.FINAL if status is Status.SIGNED else status


def _texts(question: Question) -> Iterator[papers.VotedText]:
    """Return the wordings that were voted, each under the number of its clause."""
    rows = question.asked.wordings.select_related("clause", "wording").order_by("position")
    for row in rows:
        title = Text.of(row.clause, "title")
        number = f"{row.clause.number}. " if row.clause.number else ""
        yield papers.VotedText(
            Text(number + title.ru, number + (title.en or title.ru)), Text.of(row.wording, "text")
        )


class SummarySource(_OfMatter):
    """Comment summaries, as they were frozen."""

    kind = Kind.COMMENT_SUMMARY

    def rows(self, person: Person) -> QuerySet[CommentSummary]:
        return CommentSummary.objects.filter(
            matter__in=Matter.objects.visible_to(person)
        ).select_related("matter__body", "revision", "prepared_by")

    def name(self, row: CommentSummary) -> str:
        return f"{row.matter.code}, {row.revision.label}"

    def path(self, row: CommentSummary) -> str:
        return reverse("negotiation:summary", args=[row.matter.uid])

    def paper(self, row: CommentSummary) -> papers.CommentSummary:
        """Read a summary."""
        return papers.CommentSummary(
            origin=self.origin(row, Status.FINAL, row.prepared_at, row.sha256),
            subject=Text.of(row.matter, "title"),
            revision=row.revision.label,
            prepared_at=row.prepared_at,
            lines=tuple(
                papers.CommentLine(
                    code=line["code"],
                    clause=line["clause_number"] or "",
                    author=Text.of(line, "author"),
                    side=line["side"] or "",
                    proposal=Text.of(line, "proposal"),
                    reason=Text.of(line, "reason"),
                    conclusion=_conclusion(line["conclusion"]),
                    ground=Text.of(line, "ground"),
                )
                for line in row.rows
            ),
            signatories=(
                papers.Signatory(
                    both(Appointment.Role.SECRETARY.label), Text.of(row.prepared_by, "name")
                ),
            ),
        )


def _conclusion(code: str) -> Text:
    """Say a conclusion: a disposition, or one that is only proposed."""
    if not code:
        return Text("")
    known = Amendment.Disposition if code in Amendment.Disposition.values else Amendment.Proposal
    return both(known(code).label)


class DisagreementsSource(_OfMatter):
    """Protocols of disagreements: signed once every side has signed."""

    kind = Kind.DISAGREEMENTS

    def rows(self, person: Person) -> QuerySet[ProtocolOfDisagreements]:
        return ProtocolOfDisagreements.objects.filter(
            matter__in=Matter.objects.visible_to(person)
        ).select_related("matter__body", "meeting")

    def name(self, row: ProtocolOfDisagreements) -> str:
        return f"№ {row.number}, {row.matter.code}"

    def path(self, row: ProtocolOfDisagreements) -> str:
        return reverse("negotiation:disagreements", args=[row.matter.uid])

    def paper(self, row: ProtocolOfDisagreements) -> papers.ProtocolOfDisagreements:
        """Read a protocol of disagreements."""
        sides = side_names(row.matter.body)
        signed = list(row.signatures.select_related("person", "side").order_by("pk"))
        by_side = {one.side.code: one for one in signed}
        lines = tuple(
            papers.Signatory(name, Text.of(by_side[code].person, "name"), by_side[code].signed_at)
            if code in by_side
            else papers.Signatory(name, Text("", ""))
            for code, name in sides.items()
        )
        status = Status.SIGNED if len(by_side) == len(sides) else Status.FINAL
        last = max([row.drawn_up_at, *(one.signed_at for one in signed)])
        return papers.ProtocolOfDisagreements(
            origin=self.origin(row, status, last, row.sha256),
            number=row.number,
            meeting=row.meeting.code,
            on=row.on,
            subject=Text.of(row.matter, "title"),
            entries=tuple(_disputed(entry, sides) for entry in row.content["entries"]),
            signatories=lines,
        )


def _disputed(entry: Mapping[str, Any], sides: Mapping[str, Text]) -> papers.Disputed:
    return papers.Disputed(
        code=entry["code"],
        clause=entry["clause_number"],
        title=Text.of(entry, "title"),
        ballot=entry["raised_in"],
        blocked_by=tuple(sides.get(code, Text(code)) for code in entry["blocking_sides"]),
        on_the_table=Text.of(entry["on_the_table"] or {}, "text"),
        sides=tuple(
            papers.SideWords(
                side=name,
                stance=_stance(entry["sides"][code].get("stance")),
                wording=Text.of(entry["sides"][code], "wording"),
                reason=Text.of(entry["sides"][code], "reason"),
            )
            for code, name in sides.items()
            if code in entry["sides"]
        ),
        follow_up=Text.of(entry, "follow_up"),
    )


def _stance(code: str | None) -> Text:
    return both(Position.Stance(code).label) if code else Text("–")


class DissentSource(Source):
    """Dissenting opinions. What was filed under one's own name is signed by filing it.

    An opinion is public with the decision beside which it stands: its author wanted it heard.
    """

    kind = Kind.DISSENT
    is_public = True

    def rows(self, person: Person) -> QuerySet[DissentingOpinion]:
        return DissentingOpinion.objects.filter(
            ballot__question__matter__in=Matter.objects.visible_to(person)
        ).select_related(
            *("ballot__meeting__body", "ballot__meeting__protocol", "ballot__question__matter"),
            *("seat__side", "person"),
        )

    def body(self, row: DissentingOpinion) -> Body:
        return row.ballot.meeting.body

    def name(self, row: DissentingOpinion) -> str:
        return f"{row.ballot.code}, {row.seat.code}"

    def path(self, row: DissentingOpinion) -> str:
        matter = row.ballot.question.matter
        return reverse("negotiation:decision", args=[matter.uid, row.ballot.uid])

    def stream(self, row: DissentingOpinion) -> str:
        matter: Matter = row.ballot.question.matter
        return matter.stream

    def paper(self, row: DissentingOpinion) -> papers.DissentingOpinion:
        """Read an opinion."""
        decision = Decision.objects.filter(ballot=row.ballot).order_by("pk").first()
        protocol = getattr(row.ballot.meeting, "protocol", None)
        published_at = protocol.published_at if protocol else None
        return papers.DissentingOpinion(
            origin=self.origin(
                row,
                Status.PUBLISHED if published_at else Status.SIGNED,
                published_at or row.filed_at,
            ),
            author=Text.of(row.person, "name"),
            seat=row.seat.code,
            side=Text.of(row.seat.side, "name"),
            meeting=row.ballot.meeting.code,
            ballot=row.ballot.code,
            question=Text.of(row.ballot, "question"),
            result=both(Decision.Result(decision.result).label) if decision else Text("–"),
            words=Text.of(row, "text"),
            filed_at=row.filed_at,
            signatories=(
                papers.Signatory(Text(row.seat.code), Text.of(row.person, "name"), row.filed_at),
            ),
        )


def connect() -> None:
    """Make these papers known."""
    for source in (ExtractSource(), SummarySource(), DisagreementsSource(), DissentSource()):
        register(source)


def issued_about(matter: Matter, person: Person) -> QuerySet[IssuedPaper]:
    """Return the issued papers that concern a matter and that the person may see: one query.

    The minutes and the agenda of a meeting concern every matter on which it voted.
    """
    return issued_to(person, {kind: {way: matter} for kind, way in WAYS.items()})


def papers_of_matter(matter: Matter) -> list[tuple[Kind, Any]]:
    """Return what there are papers of on the pages of a matter, but for single decisions."""
    return [
        *(
            (Kind.COMMENT_SUMMARY, row)
            for row in matter.summaries.select_related("matter", "revision").order_by("pk")
        ),
        *(
            (Kind.DISAGREEMENTS, row)
            for row in matter.protocols_of_disagreements.select_related("matter").order_by("pk")
        ),
    ]
