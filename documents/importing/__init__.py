"""Read a draft from a text or a Word file, clause by clause.

Nothing is guessed away: a line that cannot be placed, a table, a tracked change or a number given
twice refuses the whole file and says the line, because a draft that lost a sentence on its
way in would be negotiated without it.
"""

from documents.importing.grammar import (
    ImportRefused,
    Kind,
    ParsedClause,
    ParsedSection,
    Problem,
    clauses_from_text,
)
from documents.importing.word import MAX_BYTES, clauses_from_docx, clauses_from_file

__all__ = [
    "MAX_BYTES",
    "ImportRefused",
    "Kind",
    "ParsedClause",
    "ParsedSection",
    "Problem",
    "clauses_from_docx",
    "clauses_from_file",
    "clauses_from_text",
]
