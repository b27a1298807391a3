"""Papers as files: they read, they are tagged, they conform, and they are always the same."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from docx import Document

from documents import printing
from documents.papers import Kind, Sheet, Status, Text, in_language
from documents.papers.words import quoted
from tests.documents import papers

KINDS = pytest.mark.parametrize("kind", Kind)
LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


def printed(paper: Any, language: str = "ru") -> bytes:
    with in_language(language):
        return printing.pdf(paper.sheet())


def text_of(pdf: bytes) -> str:
    """Return the text that a reader's program finds, without the places where lines may break."""
    with pdfium.PdfDocument(pdf) as file:
        pages = [page.get_textpage().get_text_bounded() for page in file]
    return " ".join(" ".join(pages).replace("\u200b", "").replace("\ufffe", "").split())


@KINDS
@LANGUAGES
def test_every_kind_is_readable_tagged_and_conforms(kind: Kind, language: str) -> None:
    paper = papers.every_kind()[kind]
    pdf = printed(paper, language)

    text = text_of(pdf)
    with in_language(language):
        sheet: Sheet = paper.sheet()
        assert sheet.name in text
        assert sheet.title in text
        assert sheet.origin.status.label in text
    assert papers.ADDRESS in text.replace(" ", "")
    with pikepdf.open(io.BytesIO(pdf)) as file:
        assert file.Root.MarkInfo.Marked
        assert str(file.Root.Lang) == language
        meta = file.open_metadata()
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["pdfuaid:part"] == "1"
        tags = list(tags_of(file.Root.StructTreeRoot))
        assert {"/Document", "/P", "/Figure"} <= set(tags)
        assert not any(font_is_outside(font) for page in file.pages for font in fonts_of(page))


@KINDS
def test_headings_are_bookmarks_and_tables_have_headers(kind: Kind) -> None:
    paper = papers.every_kind()[kind]
    pdf = printed(paper)

    with in_language("ru"):
        blocks = paper.sheet().blocks
    headings = [block.text for block in blocks if block.kind == "heading"]
    tables = [block for block in blocks if block.kind == "table"]
    with pdfium.PdfDocument(pdf) as file:
        bookmarks = [mark.get_title() for mark in file.get_toc()]
    assert [mark for mark in bookmarks if mark in headings] == headings
    with pikepdf.open(io.BytesIO(pdf)) as file:
        tags = list(tags_of(file.Root.StructTreeRoot))
    assert tags.count("/Table") == len(tables)
    assert tags.count("/TH") == sum(len(table.columns) for table in tables)


@KINDS
def test_the_same_data_gives_the_same_bytes_at_any_time(kind: Kind) -> None:
    paper = papers.every_kind()[kind]
    with in_language("ru"):
        first = printing.pdf(paper.sheet()), printing.docx(paper.sheet())
        # An archive's times have two seconds between them.
        if kind is Kind.AGENDA:
            time.sleep(2.1)
        assert (printing.pdf(paper.sheet()), printing.docx(paper.sheet())) == first
    with zipfile.ZipFile(io.BytesIO(first[1])) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}


def test_one_vote_changes_the_bytes() -> None:
    votes = papers.BALLOT.votes
    changed = replace(papers.BALLOT, votes=(replace(votes[0], choice="against"), *votes[1:]))

    assert printed(papers.protocol()) != printed(papers.protocol(ballots=(changed,)))


@pytest.mark.parametrize("status", Status)
def test_a_paper_says_how_far_it_has_come(status: Status) -> None:
    paper = papers.protocol(origin=replace(papers.ORIGIN, status=status))

    assert f"Статус документа: {STATUSES[status]}" in text_of(printed(paper))


STATUSES = {
    Status.DRAFT: "проект",
    Status.FINAL: "оформлен, не подписан",
    Status.SIGNED: "подписан",
    Status.PUBLISHED: "опубликован",
}


def test_what_is_published_names_nobody_but_who_signs() -> None:
    text = text_of(printed(replace(papers.published(), presiding=(), secretary=())))

    assert "Ковригина" not in text.replace("А.Д. Ковригина", "")
    assert "Отвод: 1 место." in text
    assert "К протоколу приложено 1 особое мнение." in text
    assert "EMP-" not in text


def test_minutes_hold_remarks_and_their_answers() -> None:
    text = text_of(printed(papers.protocol()))

    assert "Замечания к проекту протокола" in text
    assert all(words in text for words in ("Я пришёл в 11:00", "Учтено", "По записи"))


def test_minutes_name_who_voted_against_and_whose_vote_does_not_count() -> None:
    text = text_of(printed(papers.protocol()))

    assert "Против: Ковригина Алла Дмитриевна (EMP-2)." in text
    assert "Не учтены: Ковригина Алла Дмитриевна (EMP-3) – отвод." in text
    assert "Отвод: Ковригина Алла Дмитриевна." in text
    assert "А.Д. Ковригина" in text
    assert "27 марта 2026 г." in text
    assert "Демонстрация: люди и события вымышлены" in text


HOSTILE = {
    "markup": '#panic() *a* _b_ $x^2$ @ref <label> `raw` [x] // y /* z */ = t \\ #include "/etc"',
    "html": "<script>alert(1)</script> &amp; <b>x</b> ]]> <!-- -->",
    "json": '"}, {"blocks": [] \\u0000 \\n',
    "braces": "%(name)s {0} {{x}} %s %",
}


@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_what_people_write_is_text_and_nothing_else(words: str) -> None:
    paper = papers.dissent(words)

    text = text_of(printed(paper))
    assert text.count(" ".join(words.split())) >= 4
    with in_language("ru"):
        word = Document(io.BytesIO(printing.docx(paper.sheet())))
    assert any(words in paragraph.text for paragraph in word.paragraphs)


UNSHOWN = {
    "right to left override": ("за\u202eпротив", "за[U+202E]против"),
    "isolate": ("\u2067x\u2069", "[U+2067]x[U+2069]"),
    "zero width": ("ад\u200bмин", "ад[U+200B]мин"),
    "byte order mark": ("\ufeffx", "[U+FEFF]x"),
    "control": ("a\x07\x1b[31mb", "a[U+0007][U+001B][31mb"),
    "no glyph": ("ответ 😀", "ответ [U+1F600]"),
    "private": ("\ue000", "[U+E000]"),
    "not a character": ("\uffff", "[U+FFFF]"),
    "tag": ("x\U000e0041", "x[U+E0041]"),
}


@pytest.mark.parametrize(("words", "shown"), UNSHOWN.values(), ids=UNSHOWN)
def test_what_could_not_be_seen_is_written_by_its_code(words: str, shown: str) -> None:
    paper = papers.dissent(words)

    assert shown in text_of(printed(paper))
    with in_language("ru"):
        word = Document(io.BytesIO(printing.docx(paper.sheet())))
    assert any(shown in paragraph.text for paragraph in word.paragraphs)


def test_letters_are_composed_and_lines_broken_in_one_way() -> None:
    assert printing.legible("и\u0306\r\nа\u2028б\u3000в\tг") == "й\nа\nб в г"


LONG = ["Ж" * 300, "a1" * 150, "x" * 90, "слово-" * 60, "https://veche.example/" + "p" * 200]


@pytest.mark.parametrize("words", LONG, ids=[words[:12] for words in LONG])
def test_nothing_runs_over_the_edge(words: str) -> None:
    for paper in (papers.dissent(words), papers.summary(words)):
        with pdfium.PdfDocument(printed(paper)) as file:
            for page in file:
                width = page.get_width()
                text = page.get_textpage()
                for number in range(text.count_rects()):
                    left, _, right, _ = text.get_rect(number)
                    # The margins are 25 and 15 mm.
                    assert left > 65
                    assert right < width - 40


def test_a_table_repeats_its_headers() -> None:
    with pdfium.PdfDocument(printed(papers.summary("Изложить иначе. " * 30, lines=12))) as file:
        pages = [page.get_textpage().get_text_bounded() for page in file]
    full = [page for page in pages if "Изложить" in page.split("Всего подано")[-1]]

    assert len(full) > 2
    assert all("Обоснование" in page for page in full)


def test_a_word_document_has_headings_and_repeated_rows() -> None:
    with in_language("ru"):
        word = Document(io.BytesIO(printing.docx(papers.protocol().sheet())))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]

    assert "Повестка дня" in headings
    assert all(table._tbl.xpath("./w:tr/w:trPr/w:tblHeader") for table in word.tables)
    assert "Статус документа: подписан" in word.sections[0].header.paragraphs[0].text


def test_an_english_paper_falls_back_on_russian_words() -> None:
    paper = papers.dissent("")
    paper = replace(paper, words=Text("Доля практики мала"))

    text = text_of(printed(paper, "en"))
    assert "DISSENTING OPINION" in text
    assert "Доля практики мала" in text


def tags_of(node: Any) -> Iterator[str]:
    """Walk the tree of tags."""
    if isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            yield str(node.S)
        children = node.get("/K", [])
        for child in children if isinstance(children, pikepdf.Array) else [children]:
            yield from tags_of(child)


def fonts_of(page: Any) -> list[Any]:
    return list(page.Resources.get("/Font", {}).values())


def font_is_outside(font: Any) -> bool:
    """Tell whether a font's program is not in the file."""
    described = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    return not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.FontDescriptor.keys())


def test_a_ballot_that_was_not_held_is_not_said_to_be_valid() -> None:
    held = papers.protocol().ballots[0]
    not_held = replace(held, opened_at=None, closed_at=None)

    with in_language("ru"):
        words = str(held.validity)
        assert words in str(list(held.blocks()))
        assert words not in str(list(not_held.blocks()))


def test_a_name_within_a_title_stands_in_inner_marks() -> None:
    with in_language("en"):
        assert (
            quoted(Text("", "The module 'Setup' and \"Use\"")) == "“The module ‘Setup’ and ‘Use’”"
        )
        assert quoted(Text("", "The module's terms, 5' long")) == "“The module's terms, 5' long”"
