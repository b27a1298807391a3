"""Sheets as files: PDF/A-2a with PDF/UA-1, and DOCX. The same sheet gives the same bytes.

Sheets hold plain text. It reaches the files as data, never as markup, and every character that
the paper could not show as it is appears by its code: see `legible`.
"""

from .legible import legible
from .pdf import pdf
from .word import docx

__all__ = ["docx", "legible", "pdf"]
