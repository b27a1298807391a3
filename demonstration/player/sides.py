"""What the file says of sides: who speaks for them, who sits on them, who gives visas."""

from __future__ import annotations

from typing import Any

from django.utils.translation import pgettext_lazy

from demonstration.refusals import UnknownReference
from demonstration.source import Source
from governance.domain.table import InnerRule
from governance.models import Mandate, Seat

COORDINATING = Mandate.Scope.SIGN.value

STANDING_IN = Mandate.Scope.VOTE_IN_ABSENCE.value


def seat_duties(side: dict[str, Any], mandates: list[dict[str, Any]]) -> dict[str, str]:
    """Say who coordinates a side: whose mandate lets sign; the deputy votes in absence.

    Where no mandate says so the first seat coordinates.
    """
    scopes: dict[str, set[str]] = {}
    for mandate in mandates:
        scopes.setdefault(mandate["seat"], set()).update(mandate["scope"])
    seats = [seat["seat"] for seat in side["seats"]]
    coordinating = next((s for s in seats if COORDINATING in scopes.get(s, ())), seats[0])
    deputy = next((s for s in seats if STANDING_IN in scopes.get(s, ())), None)
    found: dict[str, str] = dict.fromkeys(seats, Seat.Duty.MEMBER.value)
    if deputy is not None:
        found[deputy] = Seat.Duty.DEPUTY.value
    found[coordinating] = Seat.Duty.COORDINATOR.value
    return found


def coordinating_seat(source: Source, side_code: str) -> dict[str, Any]:
    """Return the seat that speaks for a side of the file, with its holder.

    Raises: UnknownReference – the body has no such side.
    """
    mandates = source.inputs["mandates"]
    for side in source.inputs["body"]["sides"]:
        if side["code"] == side_code:
            duties_of_seats = seat_duties(side, mandates)
            return next(
                seat
                for seat in side["seats"]
                if duties_of_seats[seat["seat"]] == Seat.Duty.COORDINATOR
            )
    raise UnknownReference(kind=pgettext_lazy("reference", "side"), id=side_code)


def coordinator_of(source: Source, side_code: str) -> str:
    """Return the id of whoever speaks for a side of the file."""
    return coordinating_seat(source, side_code)["person"]


def other_seats(source: Source, side_code: str) -> list[dict[str, Any]]:
    """Return the seats of a side beside the one that speaks for it."""
    speaking = coordinating_seat(source, side_code)
    (side,) = [s for s in source.inputs["body"]["sides"] if s["code"] == side_code]
    return [seat for seat in side["seats"] if seat["seat"] != speaking["seat"]]


def speaks_with_one_voice(source: Source, side_code: str) -> bool:
    """Say whether a side speaks through its coordinator only."""
    return any(
        side["code"] == side_code and side["internal_rule"] == InnerRule.SINGLE_VOICE
        for side in source.inputs["body"]["sides"]
    )


def side_of(source: Source, seat_code: str) -> str | None:
    """Return the side of a seat of the file."""
    for side in source.inputs["body"]["sides"]:
        if any(seat["seat"] == seat_code for seat in side["seats"]):
            return str(side["code"])
    return None


def other_seats_than(source: Source, vote: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the seats of a side that approve what one of them says, the coordinator's last.

    Until the roll is frozen it is the coordinator who speaks, and nobody approves his own words.
    """
    side = side_of(source, vote["seat"]) or ""
    speaking = coordinating_seat(source, side)
    others = [seat for seat in other_seats(source, side) if seat["seat"] != vote["seat"]]
    return others if speaking["seat"] == vote["seat"] else [*others, speaking]


def personal_seats(mandates: list[dict[str, Any]]) -> set[str]:
    """Return the seats that rest on a personal appointment: nobody votes there for another."""
    return {m["seat"] for m in mandates if m["kind"] == Mandate.Kind.APPOINTMENT}


def visa_officers(source: Source) -> list[dict[str, Any]]:
    """Return who gives the visa of each unit of the approval sheet, in its order."""
    prepared = source.additions["visas"]
    units = source.inputs["negotiation"].get("approval_sheet", [])
    return [
        prepared[place]
        if place < len(prepared)
        else {
            "id": f"P-VISA-{place + 1}",
            "name_ru": f"Должностное лицо № {place + 1} (вымышлено)",
            "name_en": f"Officer No. {place + 1} (invented)",
            "position_ru": f"{unit['unit_ru']}, даёт визу (вымышлено)",
            "position_en": f"{unit['unit_en']}, gives the visa (invented)",
        }
        for place, unit in enumerate(units)
    ]
