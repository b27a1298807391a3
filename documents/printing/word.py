"""DOCX: the same sheet for whoever has to work on it in an office program.

Real headings, lists and tables whose first row repeats, so that a reader's program finds its
way. The bytes depend on the sheet alone: times are those of the data, in the archive as well.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Any

from django.utils.translation import get_language, pgettext
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from documents.papers import sheet as blocks

from . import qr
from .legible import legible
from .pdf import demonstration_notice

if TYPE_CHECKING:
    from collections.abc import Callable

    from docx.document import Document as Word

FONT = "Times New Roman"
SMALL = Pt(9)
MARGINS = Mm(25 + 15)
"""Left and right."""
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold; every file in it bears this one."""


def docx(sheet: blocks.Sheet) -> bytes:
    """Write a sheet as a Word document in the language of the moment."""
    word = Document()
    _set_up(word, sheet)
    _head(word, sheet)
    for block in sheet.blocks:
        _WRITERS[type(block)](word, block)
    _seal(word, sheet)
    return _packed(word)


def _set_up(word: Word, sheet: blocks.Sheet) -> None:
    """Set page, styles, properties and the line that stands on every page."""
    section = word.sections[0]
    width, height = Mm(210), Mm(297)
    if sheet.landscape:
        section.orientation, width, height = WD_ORIENT.LANDSCAPE, height, width
    section.page_width, section.page_height = width, height
    section.left_margin, section.right_margin = Mm(25), Mm(15)
    section.top_margin, section.bottom_margin = Mm(20), Mm(20)
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3", "List Number"):
        _plain(word.styles[name], bold=name not in {"Normal", "List Number"})
    language = word.styles["Normal"].element.get_or_add_rPr().find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        word.styles["Normal"].element.rPr.append(language)
    language.set(qn("w:val"), {"ru": "ru-RU"}.get(get_language() or "ru", "en-GB"))
    properties = word.core_properties
    properties.title = legible(f"{sheet.name} {sheet.title}")[:255]
    properties.author = legible(sheet.author)[:255]
    properties.last_modified_by = properties.author
    properties.comments = ""
    properties.created = properties.modified = sheet.origin.at.replace(tzinfo=None)
    line = section.header.paragraphs[0]
    line.text = " · ".join(filter(None, (_status(sheet), demonstration_notice(sheet))))
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    line.runs[0].font.size = SMALL


def _plain(style: Any, *, bold: bool) -> None:
    """Make a style of the template look like an office paper."""
    style.font.name, style.font.size, style.font.bold = FONT, Pt(12), bold
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in list(fonts.attrib):
        if kind.endswith("Theme"):
            del fonts.attrib[kind]
    for kind in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(kind), FONT)
    borders = style.element.pPr.find(qn("w:pBdr")) if style.element.pPr is not None else None
    if borders is not None:
        style.element.pPr.remove(borders)


def _head(word: Word, sheet: blocks.Sheet) -> None:
    """Write the requisites."""
    for text, size in ((sheet.author.upper(), 12), (sheet.name, 14)):
        line = word.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(legible(text))
        run.bold, run.font.size = True, Pt(size)
    number = f"№\xa0{sheet.number}" if sheet.number else ""
    line = word.add_paragraph(legible("    ".join(filter(None, (sheet.day, number)))))
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if sheet.place:
        word.add_paragraph(legible(sheet.place)).alignment = WD_ALIGN_PARAGRAPH.CENTER
    title = word.add_paragraph(legible(sheet.title), style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _heading(word: Word, block: blocks.Heading) -> None:
    word.add_heading(legible(block.text), level=block.level)


def _paragraph(word: Word, block: blocks.Paragraph) -> None:
    for text in block.text.split("\n"):
        run = word.add_paragraph().add_run(legible(text))
        run.bold = block.style == "strong"
        if block.style == "note":
            run.font.size = SMALL


def _items(word: Word, block: blocks.Items) -> None:
    """Number by hand: Word would count on from the list before."""
    for number, text in enumerate(block.texts, 1):
        line = word.add_paragraph(f"{number}. {legible(text)}")
        line.paragraph_format.left_indent = Mm(8)
        line.paragraph_format.first_line_indent = Mm(-8)


def _facts(word: Word, block: blocks.Facts) -> None:
    for name, fact in block.pairs:
        line = word.add_paragraph()
        line.add_run(f"{legible(name)}: ").bold = True
        line.add_run(legible(fact))
        line.paragraph_format.space_after = Pt(2)


def _table(word: Word, block: blocks.Table) -> None:
    table = word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _describe(table, block.summary)
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)  # noqa: SLF001 -- has no public name
    room = (word.sections[0].page_width or 0) - MARGINS
    shares = sum(column.share for column in block.columns)
    rows = (tuple(column.title for column in block.columns), *block.rows)
    for number, texts in enumerate(rows):
        cells = table.rows[0].cells if number == 0 else table.add_row().cells
        for cell, text, column in zip(cells, texts, block.columns, strict=True):
            cell.width = int(room * column.share / shares)
            run = cell.paragraphs[0].add_run(legible(text))
            run.font.size, run.bold = SMALL, number == 0
    word.add_paragraph()


def _describe(table: Any, summary: str) -> None:
    """Say what a table holds to who cannot see it."""
    described = OxmlElement("w:tblDescription")
    described.set(qn("w:val"), legible(summary))
    table._tbl.tblPr.append(described)  # noqa: SLF001


def _signatures(word: Word, block: blocks.Signatures) -> None:
    for line in block.lines:
        paragraph = word.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(18)
        paragraph.paragraph_format.keep_together = True
        mark = f"[{line.mark}]" if line.mark else "_" * 24
        paragraph.add_run(legible(f"{line.role}   {mark}   {line.name}"))


def _new_page(word: Word, _block: blocks.NewPage) -> None:
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


_WRITERS: dict[type, Callable[[Word, Any], None]] = {
    blocks.Heading: _heading,
    blocks.Paragraph: _paragraph,
    blocks.Items: _items,
    blocks.Facts: _facts,
    blocks.Table: _table,
    blocks.Signatures: _signatures,
    blocks.NewPage: _new_page,
}


def _seal(word: Word, sheet: blocks.Sheet) -> None:
    """Say by what the paper can be checked."""
    picture = word.add_paragraph().add_run().add_picture(qr.png(sheet.origin.address), Mm(24))
    picture._inline.docPr.set(  # noqa: SLF001
        "descr",
        pgettext("paper", "QR code that leads to %(address)s") % {"address": sheet.origin.address},
    )
    said = [_status(sheet), f"{pgettext('paper', 'Check the document')}: {sheet.origin.address}"]
    if sheet.origin.digest:
        said.append(
            f"{pgettext('paper', 'Contents in the record, SHA-256')}: {sheet.origin.digest}"
        )
    for text in said:
        word.add_paragraph().add_run(legible(text)).font.size = SMALL


def _status(sheet: blocks.Sheet) -> str:
    return pgettext("paper", "Status of the document: %(status)s") % {
        "status": sheet.origin.status.label
    }


def _packed(word: Word) -> bytes:
    """Write the archive anew with one time for all its files."""
    raw = io.BytesIO()
    word.save(raw)
    packed = io.BytesIO()
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w") as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return packed.getvalue()
