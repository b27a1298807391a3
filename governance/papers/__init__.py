"""Which papers there are, who may see what they are about, and how their data is collected.

Each app registers the kinds of papers whose data it owns; one set of pages and two acts serve all
of them.
"""

from .source import Source, origin, register, source_of, sources
from .state import PaperState, issued_to, listed, papers_of

__all__ = [
    "PaperState",
    "Source",
    "issued_to",
    "listed",
    "origin",
    "papers_of",
    "register",
    "source_of",
    "sources",
]
