"""The live matters on a day: working days counted from it, and the people who take part.

`day(0)` is the last working day before today, `day(-3)` three working days before that, and
`day(1)` the first working day after today, whether today is one or not.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import calendars
from demonstration.source import Source

OWN_FILE = Path(__file__).parent.parent / "data" / "live_matters.json"


@dataclass(frozen=True)
class Calendar:
    """Working days counted from a day."""

    today: date

    def day(self, number: int) -> date:
        """Return a working day before today (0 and below) or after it (1 and above)."""
        step = timedelta(days=1 if number > 0 else -1)
        left = number if number > 0 else 1 - number
        found = self.today
        while left:
            found += step
            left -= calendars.russia().is_working(found)
        return found

    def on(self, number: int) -> str:
        """Return such a day as a file writes it."""
        return self.day(number).isoformat()

    def at(self, number: int, hour: str) -> str:
        """Return an hour of such a day as a file writes it."""
        return f"{self.on(number)}T{hour}:00"


@dataclass(frozen=True)
class Scene:
    """The live matters as they stand on a day, with the people of the file played before."""

    main: Source
    today: date
    data: dict[str, Any]

    @property
    def calendar(self) -> Calendar:
        """The working days around today."""
        return Calendar(self.today)

    def sides(self) -> dict[str, list[str]]:
        """Return the people of each side of the file, in the order of their seats."""
        return {
            side["code"]: [seat["person"] for seat in side["seats"]]
            for side in self.main.inputs["body"]["sides"]
        }

    def person(self, entry: dict[str, Any]) -> str | None:
        """Return whom an entry means; None where the file has nobody there."""
        if "consultative" in entry:
            people = self.main.inputs["body"].get("consultative", [])
            number = entry["consultative"]
        else:
            people, number = self.sides().get(entry["side"], []), entry["member"]
        return str(people[number - 1]) if number <= len(people) else None

    def seat(self, entry: dict[str, Any]) -> dict[str, Any] | None:
        """Return the seat that an entry means; None where the file has none there."""
        for side in self.main.inputs["body"]["sides"]:
            if side["code"] == entry["side"] and entry["member"] <= len(side["seats"]):
                found: dict[str, Any] = side["seats"][entry["member"] - 1]
                return found
        return None


def scene_on(main: Source, today: date) -> Scene:
    """Read the live matters and set them on a day."""
    return Scene(main=main, today=today, data=json.loads(OWN_FILE.read_text(encoding="utf-8")))
