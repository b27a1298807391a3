"""One paper of every kind, from plain invented data, to print in the tests."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from documents import papers
from documents.papers import Text

AT = datetime.datetime(2026, 3, 27, 3, 0, tzinfo=datetime.UTC)
ADDRESS = "https://veche.example/desk/papers/protocol/00000000-0000-4000-8000-000000000001/"

ORIGIN = papers.Origin(
    author=Text("Переговорная комиссия", "Negotiation commission"),
    status=papers.Status.SIGNED,
    at=AT,
    address=ADDRESS,
    digest="ab" * 32,
    demonstration=True,
)
NAME = Text("Ковригина Алла Дмитриевна", "Kovrigina A. D.")
SIDE = Text("Работодатели", "Employers")
SIGNED = papers.Signatory(Text("Секретарь", "Secretary"), NAME, AT)
UNSIGNED = papers.Signatory(Text("Координатор", "Coordinator"), NAME)

BALLOT = papers.Ballot(
    code="B-01",
    item=1,
    question=Text("Принять пункт 1.1", "Adopt clause 1.1"),
    text_sha256="cd" * 32,
    form=Text("Очное", "In person"),
    result=Text("Согласовано", "Agreed"),
    sides=(papers.SideResult(SIDE, 4, 4, 3, 1, 0, quorate=True, agreed=True),),
    votes=(
        papers.Spoken("EMP-1", NAME, "for", Text("За", "For")),
        papers.Spoken("EMP-2", NAME, "against", Text("Против", "Against")),
        papers.Spoken("EMP-3", NAME, "for", Text("отвод", "recused"), counted=False),
    ),
    recused=(NAME,),
    opened_at=AT,
    closed_at=AT + datetime.timedelta(minutes=7),
    validity=Text("действительно", "valid"),
)


def protocol(**changes: Any) -> papers.Minutes:
    """Return the minutes of a meeting with one ballot."""
    minutes = papers.Minutes(
        origin=ORIGIN,
        number="1",
        meeting="M1",
        form=Text("Очное", "In person"),
        place=Text("Красноярск", "Krasnoyarsk"),
        opened_at=AT,
        closed_at=AT + datetime.timedelta(hours=7),
        charter=Text("Регламент, редакция 2", "Rules, edition 2"),
        presiding=(NAME,),
        secretary=(NAME,),
        present=(papers.Member("EMP-1", SIDE, NAME, AT, AT + datetime.timedelta(hours=1)),),
        agenda=((1, Text("О пункте 1.1", "On clause 1.1")),),
        ballots=(BALLOT,),
        signatories=(SIGNED, UNSIGNED),
        corrections=(
            papers.Correction(1, "с. 1", "27.03.2025", "27.03.2026", "Описка в дате", AT),
        ),
        remarks=(
            papers.Remark(
                1, "EMP-1", NAME, "Я пришёл в 11:00", Text("Учтено", "Accepted"), "По записи"
            ),
        ),
    )
    return replace(minutes, **changes)


def published() -> papers.PublishedExtract:
    """Return what everybody reads of those minutes."""
    full = protocol()
    return papers.PublishedExtract(
        **{
            name: getattr(full, name)
            for name in papers.PublishedExtract.__dataclass_fields__
            if name not in {"present", "opinions"}
        },
        present=((SIDE, 4),),
        opinions=1,
    )


def dissent(words: str) -> papers.DissentingOpinion:
    """Return a dissenting opinion in somebody's words, which stand everywhere they can."""
    said = Text(words, words)
    return papers.DissentingOpinion(
        origin=replace(ORIGIN, author=said),
        author=said,
        seat=words[:20],
        side=said,
        meeting="M1",
        ballot="B-01",
        question=said,
        result=said,
        words=said,
        filed_at=AT,
        signatories=(papers.Signatory(said, said),),
    )


def summary(words: str, lines: int = 1) -> papers.CommentSummary:
    """Return a comment summary, the narrowest table there is, in somebody's words."""
    said = Text(words, words)
    line = papers.CommentLine("П-1", "1.1", said, "EMP", said, said, said, said)
    return papers.CommentSummary(
        origin=ORIGIN,
        subject=said,
        revision="0.1",
        prepared_at=AT,
        lines=(line,) * lines,
        signatories=(SIGNED,),
    )


def every_kind() -> dict[papers.Kind, Any]:
    """Return one paper of each kind."""
    return {
        papers.Kind.AGENDA: papers.Agenda(
            origin=ORIGIN,
            meeting="M1",
            form=Text("Очное", "In person"),
            planned_for=AT,
            closes_at=None,
            place=Text("Красноярск", "Krasnoyarsk"),
            charter=Text("Регламент", "Rules"),
            locked_at=AT,
            items=((Text("О пункте 1.1", "On clause 1.1"), Text("", "")),),
            signatories=(UNSIGNED,),
        ),
        papers.Kind.PROTOCOL: protocol(),
        papers.Kind.EXTRACT: papers.Extract(
            origin=ORIGIN,
            protocol="1",
            meeting="M1",
            form=Text("Очное", "In person"),
            place=Text("Красноярск", "Krasnoyarsk"),
            held_at=AT,
            charter=Text("Регламент", "Rules"),
            presiding=(NAME,),
            present=12,
            item=Text("О пункте 1.1", "On clause 1.1"),
            ballot=BALLOT,
            texts=(papers.VotedText(Text("1.1", "1.1"), Text("Доля практики 60 %", "60%")),),
            signatories=(SIGNED,),
        ),
        papers.Kind.PUBLISHED_EXTRACT: published(),
        papers.Kind.APPROVAL_SHEET: papers.ApprovalSheet(
            origin=ORIGIN,
            subject=Text("Требования к модулю", "Requirements for a module"),
            version="1.0",
            text_sha256="ef" * 32,
            submitted_at=AT,
            decide_by=AT.date(),
            lines=(
                papers.VisaLine(
                    Text("Правовой отдел", "Legal unit"),
                    NAME,
                    Text("согласовано", "approved"),
                    Text("Уточнить ссылку", "Mend the reference"),
                    Text("учтено", "accepted"),
                    AT,
                ),
            ),
            signatories=(SIGNED,),
        ),
        papers.Kind.COMMENT_SUMMARY: summary("Изложить иначе"),
        papers.Kind.DISAGREEMENTS: papers.ProtocolOfDisagreements(
            origin=ORIGIN,
            number="1",
            meeting="C-01",
            on=AT.date(),
            subject=Text("Требования к модулю", "Requirements for a module"),
            entries=(
                papers.Disputed(
                    "D-01",
                    "5.4",
                    Text("Проезд", "Travel"),
                    "B-28",
                    (SIDE,),
                    Text("Проезд оплачивается.", "Travel is paid."),
                    (
                        papers.SideWords(
                            SIDE,
                            Text("против", "objects"),
                            Text("Нет", "No"),
                            Text("Нет денег", ""),
                        ),
                    ),
                    Text("Вернуться в 2027 году", "Return in 2027"),
                ),
            ),
            signatories=(SIGNED, UNSIGNED),
        ),
        papers.Kind.DISSENT: dissent("Доля практики мала"),
        papers.Kind.ORDER: papers.Order(
            origin=ORIGIN,
            number="118-11",
            signed_on=AT.date(),
            place=Text("Красноярск", "Krasnoyarsk"),
            subject=Text("Требования к модулю", "Requirements for a module"),
            version="1.0",
            basis=Text("сетевой договор", "network agreement"),
            body=Text("Переговорная комиссия", "Negotiation commission"),
            ballot="B-32",
            in_force_from=AT.date(),
            permits_until=AT.date(),
            text_sha256="01" * 32,
            left_out=("5.4",),
            annex=(
                papers.Annex(2, Text("1. Общие положения", "1. General"), Text("", "")),
                papers.Annex(3, Text("1.1. Доля практики", "1.1. Share"), Text("60 %", "60%")),
            ),
            signatories=(SIGNED,),
        ),
    }
