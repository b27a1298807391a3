"""What one thing in somebody's inbox is, and whoever's inbox it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import get_language, pgettext_lazy

from governance.authority import Portfolio, capacities
from governance.models import Appointment, Seat

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from accounts.models import Person
    from governance.authority import Capacity
    from governance.models import Body
    from negotiation.models import Matter


class Kind(StrEnum):
    """What is asked. Pages may choose a symbol or an order by it."""

    STEP = "step"
    VOTE = "vote"
    POSITION = "position"
    COMMENT = "comment"
    INNER_APPROVAL = "inner_approval"
    ADMISSIBILITY = "admissibility"
    REBASE = "rebase"
    CONFLICT = "conflict"
    SILENCE = "silence"
    CLOSE_BALLOT = "close_ballot"
    PAPER_VOTE = "paper_vote"
    VISA = "visa"
    PROTOCOL = "protocol"
    DISAGREEMENTS = "disagreements"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """One thing that awaits a person: what, in which matter, on which page, until when, as whom.

    `title` and `capacity` become words in the language of whoever reads them; the address is
    made when it is asked for, because pages belong to other apps.
    """

    kind: Kind
    title: str | _StrPromise
    matter: Matter | None
    url_name: str
    args: tuple[Any, ...]
    deadline: datetime | None
    capacity: str | _StrPromise
    is_now: bool = False

    @property
    def url(self) -> str:
        """The address of the page on which it is done."""
        return reverse(self.url_name, args=self.args)

    @property
    def urgency(self) -> tuple[Any, ...]:
        """By what the inbox is ordered: what happens now, then the nearest deadline."""
        return (
            not self.is_now,
            self.deadline is None,
            self.deadline.timestamp() if self.deadline else 0,
            self.kind.value,
            self.url_name,
            tuple(str(arg) for arg in self.args),
        )


@dataclass(frozen=True)
class Reader:
    """Whose inbox it is, and in which qualities the person may act at this instant.

    A seat whose mandate cannot be used now gives no quality: what cannot be done is not asked.
    """

    person: Person
    at: datetime

    @cached_property
    def capacities(self) -> tuple[Capacity, ...]:
        """Everything the person may act as now."""
        found = capacities(Portfolio(self.person, self.at))
        return tuple(one for one in found if one.is_valid)

    @cached_property
    def seats(self) -> dict[int, Capacity]:
        """The seats for which the person may act, held or stood in for."""
        return {one.seat.pk: one for one in self.capacities if one.seat is not None}

    @cached_property
    def duties(self) -> dict[tuple[int, str], Capacity]:
        """The duties at bodies, by body and role."""
        return {
            (one.body.pk, one.role): one
            for one in self.capacities
            if one.appointment is not None and one.body is not None
        }

    def bodies_as(self, *roles: Appointment.Role) -> list[int]:
        """Return the bodies at which the person has one of the duties."""
        return [body for body, role in self.duties if role in roles]

    def own_seats(self, *duties: Seat.Duty) -> list[Seat]:
        """Return the seats that the person holds, with one of the duties if any are named."""
        return [
            one.seat
            for one in self.seats.values()
            if one.seat is not None
            and one.capacity != "proxy"
            and (not duties or one.seat.duty in duties)
        ]

    def as_seat(self, seat: Seat) -> str | _StrPromise:
        """Return the quality of a seat in words."""
        capacity = self.seats[seat.pk]
        words = _seat_in_words(seat.code, seat.side.name_ru, seat.side.name_en)
        return _standing_in(words) if capacity.capacity == "proxy" else words

    def as_duty(self, body: Body | int, role: str) -> str | _StrPromise:
        """Return a duty in words."""
        pk = body if isinstance(body, int) else body.pk
        appointment = self.duties[pk, role].appointment
        return Appointment.Role(role).label if appointment is not None else ""


def _choose(ru: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") and en else ru


localised = lazy(_choose, str)
"""One of two texts, in the language of whoever reads it."""


def _write_seat(code: str, ru: str, en: str) -> str:
    return f"{code}, {_choose(ru, en)}"


_seat_in_words = lazy(_write_seat, str)


def _write_standing_in(words: str | _StrPromise) -> str:
    return str(pgettext_lazy("capacity", "standing in: %(seat)s")) % {"seat": words}


_standing_in = lazy(_write_standing_in, str)
