"""Papers that people sign, composed from plain data.

Each kind is a module: a frozen dataclass that holds what the paper says in both languages, and
`sheet()`, which lays it out in the language of the moment. Nothing here reads a database, a clock
or a request: the same data gives the same sheet, and `documents.printing` the same bytes.
"""

from .agenda import Agenda
from .approval_sheet import ApprovalSheet, VisaLine
from .comment_summary import CommentLine, CommentSummary
from .disagreements import Disputed, ProtocolOfDisagreements, SideWords
from .dissent import DissentingOpinion
from .extract import Extract, VotedText
from .order import Annex, Order
from .protocol import Ballot, Correction, Member, Minutes, Remark, SideResult, Spoken
from .published_extract import PublishedExtract
from .sheet import Kind, Language, Origin, Sheet, Signatory, Status
from .words import Text, both, in_language

__all__ = [
    "Agenda",
    "Annex",
    "ApprovalSheet",
    "Ballot",
    "CommentLine",
    "CommentSummary",
    "Correction",
    "Disputed",
    "DissentingOpinion",
    "Extract",
    "Kind",
    "Language",
    "Member",
    "Minutes",
    "Order",
    "Origin",
    "ProtocolOfDisagreements",
    "PublishedExtract",
    "Remark",
    "Sheet",
    "SideResult",
    "SideWords",
    "Signatory",
    "Spoken",
    "Status",
    "Text",
    "VisaLine",
    "VotedText",
    "both",
    "in_language",
]
