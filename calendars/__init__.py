"""Working days, terms by the Civil Code and time zones.

The production calendars of the Russian Federation are data, one file a year. Each file says where
its dates come from and whether the government's decree on transfers is in it.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from .domain import WorkingCalendar, calendar_of


@cache
def russia() -> WorkingCalendar:
    """Return the working calendar of the Russian Federation for the years that are known."""
    data = files(__name__) / "data"
    return calendar_of(
        json.loads(file.read_text(encoding="utf-8"))
        for file in sorted(data.iterdir(), key=lambda file: file.name)
        if file.name.endswith(".json")
    )
