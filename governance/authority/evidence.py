"""What can be done at a body, and the two answers to whether a person may do it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from django.utils.translation import gettext_lazy as _

from audit.acts import NotAuthorised
from governance.models import Appointment

if TYPE_CHECKING:
    import datetime
    from uuid import UUID

    from governance.models import Mandate, Seat


class Action(StrEnum):
    """What a person may want to do. The value is stored data."""

    VOTE = "vote"
    NEGOTIATE = "negotiate"
    SIGN = "sign"
    PRESIDE = "preside"
    KEEP = "keep"
    CONSULT = "consult"
    REPORT = "report"
    APPROVE = "approve"
    AUDIT = "audit"
    ADMINISTER = "administer"
    DISSENT = "dissent"


DUTIES: dict[Action, Appointment.Role] = {
    Action.PRESIDE: Appointment.Role.COORDINATOR,
    Action.KEEP: Appointment.Role.SECRETARY,
    Action.CONSULT: Appointment.Role.CONSULTATIVE,
    Action.REPORT: Appointment.Role.RAPPORTEUR,
    Action.APPROVE: Appointment.Role.APPROVING_OFFICIAL,
    Action.AUDIT: Appointment.Role.AUDITOR,
}
"""Acts of a duty: they rest on an appointment."""

REASONS = {
    "person_blocked": _("Your account is blocked."),
    "no_seat": _("You hold no seat on this body."),
    "wrong_seat": _("You do not act for this seat."),
    "not_holder": _("You no longer hold this seat."),
    "no_duty": _("You have no such duty at this body."),
    "not_found": _("You have no mandate for this seat."),
    "undated": _("Your mandate has no date of issue and cannot be used."),
    "not_yet_valid": _("Your mandate is not valid yet."),
    "expired": _("Your mandate has expired."),
    "revoked_known": _("Your mandate is revoked."),
    "out_of_scope": _("Your mandate does not cover this."),
    "substitution_outside_parent": _("Your substitution goes beyond the mandate it rests on."),
    "other_organisation": _("You do not belong to the organisation that this seat represents."),
    "giver_not_holder": _("Whoever you stand in for no longer holds this seat."),
    "proxy_forbidden": _("The charter allows no proxy on this side."),
    "not_delegable": _("A personal seat cannot be delegated."),
    "not_administrator": _("Only an administrator may do this."),
}
"""Why not, in words. The keys are codes, stored with rejected votes."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """On what an act rests: the person, the capacity, the paper, and what the check found.

    With the record before it, it is enough to ask the question again without a database:
    `governance.domain.authority`. `charter` is the edition that admitted a proxy; for all others
    no charter was asked.
    """

    action: Action
    person_uid: UUID
    capacity: Literal["representative", "personal", "proxy", "office"]
    basis: str
    checked_at: datetime.datetime
    role: str | None = None
    seat: Seat | None = None
    mandate: Mandate | None = None
    appointment: Appointment | None = None
    result: str = "valid"
    body: UUID | None = None
    charter: UUID | None = None

    def __bool__(self) -> Literal[True]:
        """Evidence is a yes, so that `examine` reads as a question."""
        return True

    @property
    def acting_seat(self) -> Seat:
        """The seat that the person acts for.

        Raises:
            ValueError: the act is one of an office, not of a seat.
        """
        if self.seat is None:
            raise ValueError(f"{self.action} is not done for a seat")
        return self.seat

    def as_facts(self) -> dict[str, Any]:
        """Return the evidence as the record keeps it."""
        return {
            "action": self.action.value,
            "capacity": self.capacity,
            "basis": self.basis,
            "role": self.role,
            "seat": self.seat.uid if self.seat else None,
            "mandate": self.mandate.uid if self.mandate else None,
            "appointment": self.appointment.uid if self.appointment else None,
            "result": self.result,
            "checked_at": self.checked_at,
            "person": self.person_uid,
            "body": self.body,
            "charter": self.charter,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a person may not act."""

    action: Action
    person_uid: UUID
    code: str
    checked_at: datetime.datetime
    capacity: Literal["representative", "personal", "proxy"] = "representative"
    seat: Seat | None = None
    mandate: Mandate | None = None
    body: UUID | None = None
    charter: UUID | None = None

    def __bool__(self) -> Literal[False]:
        """A refusal is a no, so that `examine` reads as a question."""
        return False

    def as_facts(self) -> dict[str, Any]:
        """Return the refusal as the record keeps it."""
        return {
            "action": self.action.value,
            "capacity": self.capacity,
            "seat": self.seat.uid if self.seat else None,
            "mandate": self.mandate.uid if self.mandate else None,
            "result": self.code,
            "checked_at": self.checked_at,
            "person": self.person_uid,
            "body": self.body,
            "charter": self.charter,
        }

    @property
    def error(self) -> NotAuthorised:
        """The refusal as an exception, with words for the person."""
        return NotAuthorised(REASONS.get(self.code), code=self.code)
