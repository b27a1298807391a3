"""Tables of negotiated texts, one file per aggregate."""

from negotiation.models.amendments import Amendment, CommentSummary
from negotiation.models.disagreements import (
    Disagreement,
    DisagreementStatement,
    ProtocolOfDisagreements,
    ProtocolOfDisagreementsSignature,
    Recommendation,
)
from negotiation.models.matters import Matter, Round
from negotiation.models.positions import Position, Remark, RoomMessage
from negotiation.models.questions import (
    Question,
    QuestionAmendment,
    QuestionWording,
    SeparateVoteDemand,
)
from negotiation.models.texts import (
    Clause,
    ClauseDocument,
    Revision,
    RevisionWording,
    Section,
    Wording,
    WordingSource,
)

__all__ = [
    "Amendment",
    "Clause",
    "ClauseDocument",
    "CommentSummary",
    "Disagreement",
    "DisagreementStatement",
    "Matter",
    "Position",
    "ProtocolOfDisagreements",
    "ProtocolOfDisagreementsSignature",
    "Question",
    "QuestionAmendment",
    "QuestionWording",
    "Recommendation",
    "Remark",
    "Revision",
    "RevisionWording",
    "RoomMessage",
    "Round",
    "Section",
    "SeparateVoteDemand",
    "Wording",
    "WordingSource",
]
