"""Read a Word file as the lines that its reader sees.

A .docx is a zip of XML made by somebody else: it is measured before it is unpacked, entities are
refused, nothing outside the file is fetched. Numbers that Word shows and does not store are
counted as Word counts them.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from typing import IO, TYPE_CHECKING, Any

import docx
from django.utils.translation import gettext_lazy
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from lxml import etree

from documents.importing.grammar import (
    ImportRefused,
    ParsedClause,
    Problem,
    clauses_from_lines,
    clauses_from_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_PARTS = 2_000

_ZIP = b"PK\x03\x04"
_TRACKED = ("tracked_change", gettext_lazy("accept or reject the tracked changes first."))
_NOTE = ("note", gettext_lazy("a footnote cannot be read: move its text out."))
_NOTES = (qn("w:footnoteReference"), qn("w:endnoteReference"))
_OUTSIDE = {
    qn("w:tbl"): ("table", gettext_lazy("a table cannot be read: write it as clauses.")),
    qn("w:txbxContent"): (
        "text_box",
        gettext_lazy("a text box cannot be read: move its text out."),
    ),
    qn("w:sdt"): ("control", gettext_lazy("a content control cannot be read: turn it into text.")),
    qn("w:ins"): _TRACKED,
    qn("w:del"): _TRACKED,
    qn("w:moveTo"): _TRACKED,
    **dict.fromkeys(_NOTES, _NOTE),
}
"""Where a document may hold words that are not in its paragraphs, and what to do about it."""


def clauses_from_file(file: IO[bytes]) -> list[ParsedClause]:
    """Return the clauses of an uploaded file, Word or text, by what it contains.

    Raises:
        ImportRefused: the file is too large, is neither, or cannot be read without loss.
    """
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _refused("too_large", gettext_lazy("the file is larger than 10 MB."))
    file.seek(0)
    if content.startswith(_ZIP):
        return clauses_from_docx(file)
    return clauses_from_text(_decoded(content))


def clauses_from_docx(file: IO[bytes]) -> list[ParsedClause]:
    """Return the clauses of a .docx file; lines are its paragraphs.

    Raises:
        ImportRefused: the file is too large, is no Word document, is made to harm, or
            holds text that would be lost.
    """
    _examine(file)
    try:
        document = docx.Document(file)
        lines = list(enumerate(_lines(document), start=1))
        problems = list(_lost(document))
    except (
        KeyError,
        ValueError,
        AttributeError,
        OSError,
        etree.LxmlError,
        zipfile.BadZipFile,
    ) as error:
        raise _refused("not_word", gettext_lazy("the file is not a Word document.")) from error
    return clauses_from_lines(lines, problems)


def _examine(file: IO[bytes]) -> None:
    """Refuse a file that is too large or made to harm, before anything is built from it."""
    file.seek(0, 2)
    if file.tell() > MAX_BYTES:
        raise _refused("too_large", gettext_lazy("the file is larger than 10 MB."))
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise _refused("too_large", gettext_lazy("the file is too large when unpacked."))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and _is_hostile(package.read(part)):
                    raise _refused(
                        "hostile", gettext_lazy("the file is not a plain Word document.")
                    )
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise _refused("not_word", gettext_lazy("the file is not a Word document.")) from error
    file.seek(0)


def _is_hostile(part: bytes) -> bool:
    """Say whether a part declares a document type, in which entities could be defined.

    Word writes none, and writes UTF-8; in another encoding the words would not be found.
    """
    return b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"\x00" in part[:200]


def _lines(document: Document) -> Iterator[str]:
    """Return the paragraphs of a document with the numbers that Word shows before them."""
    numbering = _Numbering(document)
    for block in document.iter_inner_content():
        if isinstance(block, Paragraph):
            number = numbering.of(block)
            # A line break inside a paragraph is not a paragraph, and a line is what is numbered.
            words = " ".join(block.text.split("\n"))
            yield f"{number} {words}" if number and words.strip() else words
        else:
            yield ""  # A table counts as a line; `_lost` refuses it.


def _lost(document: Document) -> Iterator[Problem]:
    """Say where the document holds text that `_lines` does not return."""
    line = 0
    for block in document.element.body.iterchildren():
        line += block.tag in (qn("w:p"), qn("w:tbl"))
        if _is_table_of_contents(block):
            continue
        for element in block.iter(*_OUTSIDE):
            if element.tag in _NOTES or _has_text(element):
                code, message = _OUTSIDE[element.tag]
                yield Problem(max(line, 1), code, message)
                break


def _is_table_of_contents(block: Any) -> bool:
    """Say whether Word keeps a table of contents here: it repeats headings and says nothing new."""
    galleries = block.iterfind(f".//{qn('w:docPartGallery')}")
    return block.tag == qn("w:sdt") and any(
        gallery.get(qn("w:val")) == "Table of Contents" for gallery in galleries
    )


def _has_text(element: Any) -> bool:
    """Say whether an element holds words, inserted or deleted."""
    return any((text.text or "").strip() for text in element.iter(qn("w:t"), qn("w:delText")))


class _Numbering:
    """The automatic numbers of a document, counted paragraph by paragraph."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._lists: dict[str, str] = {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        try:
            definitions = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for abstract in definitions.iterchildren(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = {
                int(level.get(qn("w:ilvl"))): (
                    _value(level, "w:numFmt") or "decimal",
                    _value(level, "w:lvlText") or "",
                    int(_value(level, "w:start") or 1),
                )
                for level in abstract.iterchildren(qn("w:lvl"))
            }
        for number in definitions.iterchildren(qn("w:num")):
            self._lists[number.get(qn("w:numId"))] = _value(number, "w:abstractNumId") or ""

    def of(self, paragraph: Paragraph) -> str:
        """Return the number that Word shows before a paragraph, or nothing."""
        list_id, depth = _list_of(paragraph)
        abstract = self._lists.get(list_id or "", "")
        levels = self._levels.get(abstract, {})
        if depth not in levels or not paragraph.text.strip():
            return ""
        kind, pattern, start = levels[depth]
        if kind == "bullet":
            return "–"
        counters = self._counters[abstract]
        counters[depth] = counters.get(depth, start - 1) + 1
        for deeper in [level for level in counters if level > depth]:
            del counters[deeper]
        if kind not in ("decimal", "decimalZero", "none"):
            # A letter or a Roman figure: an item of a list, which stays inside its clause.
            return f"{counters[depth]})"
        for level in range(depth + 1):
            first = levels[level][2] if level in levels else 1
            pattern = pattern.replace(f"%{level + 1}", str(counters.get(level, first)))
        return pattern


def _list_of(paragraph: Paragraph) -> tuple[str | None, int]:
    """Return the list and the depth of a paragraph, its own or those of its style."""
    style = paragraph.style
    candidates = [paragraph._p.pPr]  # noqa: SLF001 -- python-docx offers no other way to the XML
    while style is not None:
        candidates.append(style.element.find(qn("w:pPr")))
        style = style.base_style
    list_id: str | None = None
    depth: int | None = None
    for properties in candidates:
        numbering = properties.find(qn("w:numPr")) if properties is not None else None
        if numbering is None:
            continue
        list_id = list_id or _value(numbering, "w:numId")
        level = _value(numbering, "w:ilvl")
        depth = depth if depth is not None else (int(level) if level else None)
    return list_id, depth or 0


def _value(element: Any, name: str) -> str | None:
    """Return the `w:val` of a child element."""
    child = element.find(qn(name))
    return None if child is None else child.get(qn("w:val"))


def _decoded(content: bytes) -> str:
    """Return a text file's words: UTF-8, or the code page of Windows in Russian.

    Raises:
        ImportRefused: it is not a text.
    """
    if b"\x00" in content:
        raise _refused("not_text", gettext_lazy("the file is neither a Word document nor a text."))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1251", errors="replace")


def _refused(code: str, message: Any) -> ImportRefused:
    """Return the refusal of a whole file."""
    return ImportRefused([Problem(1, code, message)])
