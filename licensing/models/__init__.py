"""Tables of licensing, one file per aggregate."""

from licensing.models.applications import PermitApplication
from licensing.models.approval import (
    ApprovalReturn,
    ReturnReason,
    Visa,
    VisaRequest,
    VisaUnit,
)
from licensing.models.periods import InForcePeriod
from licensing.models.requirements import RequirementSet, RequirementVersion, VersionClause

__all__ = [
    "ApprovalReturn",
    "InForcePeriod",
    "PermitApplication",
    "RequirementSet",
    "RequirementVersion",
    "ReturnReason",
    "VersionClause",
    "Visa",
    "VisaRequest",
    "VisaUnit",
]
