"""Tables of governance, one module per aggregate."""

from .ballots import Ballot, Decision, InnerApproval, QuorumCheck, RollEntry
from .bodies import Appointment, Body, Seat, SeatHolding, Side
from .charters import CharterDraft, CharterQuestion, CharterVersion
from .conflicts import ConflictDeclaration
from .floor import Discussion, FloorRequest
from .mandates import AuthorityCheck, Mandate
from .meetings import AgendaConsent, AgendaItem, Attendance, Meeting, MeetingNotice
from .organisations import Affiliation, Organisation, OrganisationName
from .papers import IssuedPaper, PaperFile, PaperPublication, PaperSignature
from .passes import VotingPass
from .protocols import (
    CorrectionRecord,
    DissentingOpinion,
    Protocol,
    ProtocolRemark,
    ProtocolSignature,
)
from .silence import SilenceNotice, SilenceObjection, SilenceProcedure
from .validity import ValidityReport
from .votes import Challenge, PaperCheck, Vote

__all__ = [
    "Affiliation",
    "AgendaConsent",
    "AgendaItem",
    "Appointment",
    "Attendance",
    "AuthorityCheck",
    "Ballot",
    "Body",
    "Challenge",
    "CharterDraft",
    "CharterQuestion",
    "CharterVersion",
    "ConflictDeclaration",
    "CorrectionRecord",
    "Decision",
    "Discussion",
    "DissentingOpinion",
    "FloorRequest",
    "InnerApproval",
    "IssuedPaper",
    "Mandate",
    "Meeting",
    "MeetingNotice",
    "Organisation",
    "OrganisationName",
    "PaperCheck",
    "PaperFile",
    "PaperPublication",
    "PaperSignature",
    "Protocol",
    "ProtocolRemark",
    "ProtocolSignature",
    "QuorumCheck",
    "RollEntry",
    "Seat",
    "SeatHolding",
    "Side",
    "SilenceNotice",
    "SilenceObjection",
    "SilenceProcedure",
    "ValidityReport",
    "Vote",
    "VotingPass",
]
