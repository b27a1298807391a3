"""The square that leads from a printed paper to the page where it can be checked."""

from __future__ import annotations

import io

import segno


def svg(address: str) -> str:
    """Return it as a drawing for typst."""
    drawn = io.BytesIO()
    _square(address).save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def png(address: str) -> io.BytesIO:
    """Return it as a picture for Word."""
    drawn = io.BytesIO()
    _square(address).save(drawn, kind="png", scale=6, border=0)
    drawn.seek(0)
    return drawn


def _square(address: str) -> segno.QRCode:
    # Never a micro code: telephones read none.
    return segno.make(address, error="m", micro=False)
