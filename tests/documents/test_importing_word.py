import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from documents.importing import MAX_BYTES, ImportRefused, clauses_from_docx, clauses_from_file
from documents.importing.word import MAX_UNPACKED

LINES = [
    "1. Общие условия",
    "1.1. Лицензия",
    "Каждая организация имеет лицензию.",
    "1.2. Площадка.",
]


def word(*lines: str, change: Callable[[docx.document.Document], None] | None = None) -> io.BytesIO:
    """Return a Word file with these paragraphs."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if change:
        change(document)
    file = io.BytesIO()
    document.save(file)
    return file


def problems(file: io.BytesIO) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as refusal:
        clauses_from_docx(file)
    return [(problem.line, problem.code) for problem in refusal.value.problems]


def repacked(file: io.BytesIO, name: str, change: Callable[[bytes], bytes]) -> io.BytesIO:
    """Return the file with one of its parts changed."""
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as to:
        for part in source.namelist():
            content = source.read(part)
            to.writestr(part, change(content) if part == name else content)
    return changed


def test_a_word_file_is_read_as_its_paragraphs() -> None:
    clauses = clauses_from_docx(word(*LINES))

    assert [(clause.number, clause.title, clause.text, clause.line) for clause in clauses] == [
        ("1.1", "Лицензия", "Каждая организация имеет лицензию.", 2),
        ("1.2", "", "Площадка.", 4),
    ]
    assert clauses[0].section is not None
    assert clauses[0].section.title == "Общие условия"


def test_markup_in_a_word_file_stays_text() -> None:
    [clause] = clauses_from_docx(word("1.1. <script>alert(1)</script>"))

    assert clause.text == "<script>alert(1)</script>"


def test_a_link_keeps_its_words() -> None:
    def link(document: docx.document.Document) -> None:
        document.paragraphs[0]._p.append(
            parse_xml(
                f"<w:hyperlink {nsdecls('w')}><w:r><w:t> по перечню</w:t></w:r></w:hyperlink>"
            )
        )

    [clause] = clauses_from_docx(word("1.1. Площадка", change=link))

    assert clause.text == "Площадка по перечню"


LEVELS = [("decimal", "%1."), ("decimal", "%1.%2."), ("russianLower", "%3)"), ("bullet", "·")]
NUMBERING = (
    f'<w:numbering {nsdecls("w")}><w:abstractNum w:abstractNumId="7">'
    + "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for level, (kind, pattern) in enumerate(LEVELS)
    )
    + '</w:abstractNum><w:num w:numId="7"><w:abstractNumId w:val="7"/></w:num></w:numbering>'
)


def numbered(*levels: tuple[int, str]) -> io.BytesIO:
    """Return a Word file whose numbers are counted by Word and not written."""

    def number(document: docx.document.Document) -> None:
        element = document.part.numbering_part.element
        for child in list(element):
            element.remove(child)
        for child in parse_xml(NUMBERING):
            element.append(child)
        for paragraph, (level, _words) in zip(document.paragraphs, levels, strict=True):
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = level
            properties.get_or_add_numId().val = 7

    return word(*[words for _level, words in levels], change=number)


def test_numbers_that_word_counts_are_counted() -> None:
    clauses = clauses_from_docx(
        numbered(
            (0, "Общие условия"),
            (1, "Лицензия:"),
            (2, "первая;"),
            (2, "вторая;"),
            (3, "с отметкой."),
            (1, "Площадка."),
            (0, "Кадры"),
            (1, "Преподаватель."),
        )
    )

    assert [(clause.number, clause.text) for clause in clauses] == [
        ("1.1", "Лицензия:\n1) первая;\n2) вторая;\n– с отметкой."),
        ("1.2", "Площадка."),
        ("2.1", "Преподаватель."),
    ]


def add_table(document: docx.document.Document) -> None:
    document.add_table(1, 1).cell(0, 0).text = "в таблице"


def append(xml: str) -> Callable[[docx.document.Document], None]:
    """Append XML to the last paragraph."""
    return lambda document: document.paragraphs[-1]._p.append(
        parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1))
    )


LOST = {
    "a table": (add_table, [(5, "table")]),
    "a tracked insertion": (
        append("<w:ins><w:r><w:t>вставлено</w:t></w:r></w:ins>"),
        [(4, "tracked_change")],
    ),
    "a tracked deletion": (
        append("<w:del><w:r><w:delText>удалено</w:delText></w:r></w:del>"),
        [(4, "tracked_change")],
    ),
    "a footnote": (append('<w:r><w:footnoteReference w:id="1"/></w:r>'), [(4, "note")]),
    "a content control": (
        append("<w:sdt><w:sdtContent><w:r><w:t>поле</w:t></w:r></w:sdtContent></w:sdt>"),
        [(4, "control")],
    ),
    "a text box": (
        append(
            "<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>рамка</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        ),
        [(4, "text_box")],
    ),
}


@pytest.mark.parametrize(("change", "expected"), LOST.values(), ids=LOST)
def test_text_that_would_be_lost_refuses_the_file(
    change: Callable[[docx.document.Document], None], expected: list[tuple[int, str]]
) -> None:
    assert problems(word(*LINES, change=change)) == expected
    assert len(clauses_from_docx(word(*LINES))) == 2


def test_a_table_of_contents_is_passed_over() -> None:
    contents = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
        "</w:sdtPr><w:sdtContent><w:p><w:r><w:t>1. Общие условия ... 3</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>"
    )

    def insert(document: docx.document.Document) -> None:
        document.element.body.insert(0, parse_xml(contents.replace(">", f" {nsdecls('w')}>", 1)))

    assert len(clauses_from_docx(word(*LINES, change=insert))) == 2


def test_a_file_larger_than_ten_megabytes_is_refused() -> None:
    assert problems(io.BytesIO(b"PK\x03\x04" + b"\x00" * MAX_BYTES)) == [(1, "too_large")]


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(word(*LINES), "word/document.xml", lambda _: b" " * (MAX_UNPACKED + 1))

    assert bomb.tell() < MAX_BYTES
    assert problems(bomb) == [(1, "too_large")]


def test_a_zip_of_many_parts_is_refused() -> None:
    file = word(*LINES)
    with zipfile.ZipFile(file, "a") as package:
        for number in range(2001):
            package.writestr(f"part{number}", "")

    assert problems(file) == [(1, "too_large")]


def test_entities_are_refused() -> None:
    laughs = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>"""
    external = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""
    for prologue in (laughs, external):
        file = repacked(
            word(*LINES),
            "word/document.xml",
            lambda part, prologue=prologue: prologue + part.partition(b"?>")[2],
        )
        assert problems(file) == [(1, "hostile")]


def _in_utf_16(part: bytes) -> bytes:
    return part.decode().encode("utf-16")


def test_a_part_in_another_encoding_is_refused() -> None:
    file = repacked(word(*LINES), "word/document.xml", _in_utf_16)

    assert problems(file) == [(1, "hostile")]


BROKEN = {
    "no zip": lambda: io.BytesIO(b"not a zip"),
    "nothing": io.BytesIO,
    "a cut zip": lambda: io.BytesIO(word(*LINES).getvalue()[:2000]),
    "no document inside": lambda: repacked(word(*LINES), "[Content_Types].xml", lambda _: b"<a/>"),
    "broken XML": lambda: repacked(word(*LINES), "word/document.xml", lambda _: b"<w:document"),
    "another kind": lambda: repacked(
        word(*LINES),
        "[Content_Types].xml",
        lambda part: part.replace(b"wordprocessingml.document.main", b"spreadsheetml.sheet.main"),
    ),
}


@pytest.mark.parametrize("file", BROKEN.values(), ids=BROKEN)
def test_what_is_no_word_file_is_refused(file: Callable[[], io.BytesIO]) -> None:
    assert problems(file()) == [(1, "not_word")]


def test_a_file_is_known_by_what_it_contains(tmp_path: Path) -> None:
    text = "\n".join(LINES)

    by_word = clauses_from_file(word(*LINES))
    by_text = clauses_from_file(io.BytesIO(text.encode()))
    with_mark = clauses_from_file(io.BytesIO(text.encode("utf-8-sig")))
    from_windows = clauses_from_file(io.BytesIO(text.encode("cp1251")))

    assert by_word == by_text == with_mark == from_windows


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"a" * (MAX_BYTES + 1), "too_large"), (b"\x89PNG\x00", "not_text"), (b"", "no_clauses")],
)
def test_a_file_that_is_neither_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(ImportRefused) as refusal:
        clauses_from_file(io.BytesIO(content))

    assert [problem.code for problem in refusal.value.problems] == [code]
