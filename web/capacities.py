"""In which capacities a person may act now, in words for the header of every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.words import localised
from governance import authority
from governance.models import Appointment

if TYPE_CHECKING:
    from governance.models import Seat


@dataclass(frozen=True, slots=True)
class InWords:
    """A capacity in words: as whom, where and on which paper, or why the paper is of no use."""

    title: str
    details: str
    problem: str
    capacity: authority.Capacity

    def is_at(self, body: int) -> bool:
        """Answer whether it is a capacity at this body that holds."""
        here = self.capacity.body
        return here is not None and here.pk == body and not self.problem

    @property
    def role(self) -> str:
        """The duty of the seat or the office, as a code."""
        return self.capacity.role


def capacities_of(portfolio: authority.Portfolio) -> list[InWords]:
    """Put every capacity into words: those that hold first, otherwise in the order found."""
    found = [in_words(capacity) for capacity in authority.capacities(portfolio)]
    return sorted(found, key=lambda capacity: bool(capacity.problem))


def may_keep(capacities: list[InWords]) -> bool:
    """Answer whether the secretary's desk has anything for somebody with these capacities."""
    desk = {"administrator", Appointment.Role.SECRETARY}
    return any(found.capacity.capacity == "office" and found.role in desk for found in capacities)


def in_words(capacity: authority.Capacity) -> InWords:
    """Put one capacity into words."""
    if capacity.seat is not None:
        return _of_seat(capacity, capacity.seat)
    if capacity.appointment is not None:
        duty = capacity.appointment
        return InWords(
            duty.get_role_display(), localised(capacity.body, "name"), capacity.problem, capacity
        )
    return InWords(_("administrator of the installation"), "", capacity.problem, capacity)


def _of_seat(capacity: authority.Capacity, seat: Seat) -> InWords:
    title = pgettext("capacity", "%(duty)s “%(side)s”, seat %(seat)s") % {
        "duty": seat.get_duty_display(),
        "side": localised(seat.side, "name"),
        "seat": seat.code,
    }
    if capacity.capacity == "proxy":
        title = pgettext("capacity", "standing in: %(title)s") % {"title": title}
    details = [localised(capacity.body, "name")]
    if capacity.mandate is not None:
        details.append(localised(capacity.mandate, "document"))
    return InWords(title, " · ".join(details), capacity.problem, capacity)
