"""PDF/A-2a and PDF/UA-1 by typst. The template draws blocks and knows no kind of paper."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typst
from django.utils.translation import get_language, pgettext

from . import qr
from .legible import DIRECTORY, font_files, legible

if TYPE_CHECKING:
    from documents.papers import Sheet

TEMPLATE = Path(__file__).with_name("paper.typ")


def pdf(sheet: Sheet) -> bytes:
    """Print a sheet in the language of the moment: tagged, with bookmarks and fonts inside.

    The only time in the file is that of the data, so that the same sheet gives the same bytes
    as long as typst and the fonts are the same.

    Raises:
        FileNotFoundError: the fonts are missing.
        typst.TypstError: a bug in the template; text alone cannot cause it.
    """
    font_files()
    printed: bytes = typst.compile(
        TEMPLATE,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        font_paths=[DIRECTORY],
        ignore_system_fonts=True,
        timestamp=int(sheet.origin.at.timestamp()),
        sys_inputs={"sheet": json.dumps(_data(sheet), ensure_ascii=False)},
    )
    return printed


def _data(sheet: Sheet) -> dict[str, Any]:
    """Return what the template draws."""
    data: dict[str, Any] = _legible(
        {
            "author": sheet.author,
            "name": sheet.name,
            "title": sheet.title,
            "number": sheet.number,
            "day": sheet.day,
            "place": sheet.place,
            "stamp": sheet.stamp,
            "blocks": [asdict(block) for block in sheet.blocks],
            "digest": sheet.origin.digest,
            "address": sheet.origin.address,
            "status": pgettext("paper", "Status of the document: %(status)s")
            % {"status": sheet.origin.status.label},
            "demonstration": demonstration_notice(sheet),
            "check": pgettext("paper", "Check the document"),
            "digest_label": pgettext("paper", "Contents in the record, SHA-256"),
            "qr_alt": pgettext("paper", "QR code that leads to %(address)s")
            % {"address": sheet.origin.address},
        }
    )
    return {
        **data,
        "landscape": sheet.landscape,
        "language": get_language(),
        "qr": qr.svg(sheet.origin.address),
    }


def demonstration_notice(sheet: Sheet) -> str:
    """Say on every page of an invented paper that it is invented."""
    return (
        pgettext("paper", "Demonstration: people and events are invented")
        if sheet.origin.demonstration
        else ""
    )


def _legible(data: Any) -> Any:
    """Make every text in nested data legible."""
    if isinstance(data, str):
        return legible(data)
    if isinstance(data, dict):
        return {key: _legible(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_legible(value) for value in data]
    return data
