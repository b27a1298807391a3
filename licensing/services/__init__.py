"""Every act of licensing. No other module writes these tables."""

from licensing.services.applications import (
    accept_application,
    choose_new_version,
    file_application,
)
from licensing.services.effect import bring_into_force, publish_version
from licensing.services.orders import ClauseReason, approve_version, return_version
from licensing.services.sets import register_set
from licensing.services.submission import submit_for_approval
from licensing.services.transcripts import TranscribedClause, transcribe_version
from licensing.services.units import (
    close_visa_unit,
    register_visa_unit,
    replace_visa_officer,
)
from licensing.services.visas import answer_remark, give_visa

__all__ = [
    "ClauseReason",
    "TranscribedClause",
    "accept_application",
    "answer_remark",
    "approve_version",
    "bring_into_force",
    "choose_new_version",
    "close_visa_unit",
    "file_application",
    "give_visa",
    "publish_version",
    "register_set",
    "register_visa_unit",
    "replace_visa_officer",
    "return_version",
    "submit_for_approval",
    "transcribe_version",
]
