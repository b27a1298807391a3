"""Read a file of acts, and keep what it recorded as results apart from what it gives as inputs.

A player that could see a recorded result might lean on it without anyone noticing. So the two are
separated here, at the door: the player is handed `Source.inputs`, from which the results were
removed wherever they stood, and only `demonstration.differences` is handed `Source.recorded`.

INVARIANT: nothing below `RESULT_FIELDS` reaches the player. A file stripped of these fields and the
same file with them give equal inputs.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

OWN_FILE = Path(__file__).parent / "data" / "requirement_set.json"
OWN_ADDITIONS = Path(__file__).parent / "data" / "additions.json"

#: What a play has to find out by itself, and the words with which a file explains it.
RESULT_FIELDS = frozenset(
    {
        "status",
        "side_results",
        "result",
        "quorate",
        "outcome",
        "consistency_checks",
        "status_reason_ru",
        "status_reason_en",
    }
)

#: The lists and objects a file must have, and the fields an entry of each must have.
SHAPE: dict[str, tuple[str, ...]] = {
    "organisations[]": ("id", "name_ru", "name_en", "kind", "town"),
    "persons[]": ("id", "name_ru", "name_en", "organisation", "position_ru", "position_en"),
    "mandates[]": ("id", "seat", "person", "kind", "document_ru", "valid_from", "scope"),
    "conflicts_of_interest[]": ("id", "person", "clauses", "declared_on", "ru", "en"),
    "body": ("id", "name_ru", "name_en", "kind", "charter", "sides", "coordinator", "secretary"),
    "body.charter": ("document_ru", "version", "decision_rule"),
    "body.sides[]": ("code", "name_ru", "name_en", "internal_rule", "seats"),
    "body.sides[].seats[]": ("seat", "person"),
    "module": ("code", "learning_outcomes"),
    "module.learning_outcomes[]": ("code", "ru", "en", "max_points"),
    "requirement_set": ("id", "code", "title_ru", "title_en", "versions", "preamble", "sections"),
    "requirement_set.versions[]": ("version", "on"),
    "requirement_set.sections[]": ("number", "title_ru", "title_en", "clauses"),
    "requirement_set.sections[].clauses[]": (
        "number",
        "title_ru",
        "title_en",
        "wording_history",
        "origin",
        "severity",
        "indicators",
        "negotiation",
    ),
    "requirement_set.sections[].clauses[].wording_history[]": ("version", "text_ru", "text_en"),
    "negotiation": (
        "id",
        "initiated_on",
        "initiator",
        "opened_by_decision_on",
        "comment_period",
        "amendments",
        "meetings",
        "ballots",
    ),
    "negotiation.comment_period": ("from", "to"),
    "negotiation.amendments[]": (
        "id",
        "clause",
        "kind",
        "side",
        "author",
        "filed_on",
        "proposal_ru",
        "proposal_en",
        "reason_ru",
        "reason_en",
        "disposition",
        "decided_in",
    ),
    "negotiation.meetings[]": ("id", "kind"),
    "negotiation.ballots[]": (
        "id",
        "forum",
        "question_ru",
        "question_en",
        "clauses",
        "amendments",
        "text_basis",
        "mode",
        "opened_at",
        "closed_at",
        "votes",
    ),
    "comment_summary": ("prepared_on", "prepared_by"),
    "negotiation.ballots[].votes[]": ("seat", "person", "choice", "cast_at", "channel"),
}

#: Only a date is known: the act is played at this hour.
NOON = time(12, 0)


class SourceError(ValueError):
    """The file cannot be played: it is not readable, or not of the shape of a requirement set."""


@dataclass(frozen=True)
class Source:
    """A file of acts: what is played, what it recorded, and by which digest it is known."""

    inputs: dict[str, Any]
    recorded: dict[str, Any]
    additions: dict[str, Any]
    sha256: str
    zone: ZoneInfo

    def day(self, text: str) -> date:
        """Return a date of the file.

        Raises: SourceError – the text is not an ISO date.
        """
        try:
            return date.fromisoformat(text)
        except (TypeError, ValueError) as error:
            raise SourceError(f"not a date: `{text}`") from error

    def on(self, text: str, at: time = NOON) -> datetime:
        """Return the instant of an act of which the file gives the date only."""
        return datetime.combine(self.day(text), at, tzinfo=self.zone)

    def at(self, text: str) -> datetime:
        """Return an instant of the file; without an offset it is local time.

        Raises: SourceError – the text is not an ISO instant.
        """
        try:
            instant = datetime.fromisoformat(text)
        except (TypeError, ValueError) as error:
            raise SourceError(f"not an instant: `{text}`") from error
        return instant if instant.tzinfo else instant.replace(tzinfo=self.zone)

    def number(self, text: str) -> int:
        """Return a whole number of the file.

        Raises: SourceError – the text is none.
        """
        try:
            return int(text)
        except (TypeError, ValueError) as error:
            raise SourceError(f"not a whole number: `{text}`") from error

    def clock(self, day: str, hour: str) -> datetime:
        """Return the instant of an hour such as `16:35` on a day.

        Raises: SourceError – the text is not an hour.
        """
        try:
            return self.on(day, time.fromisoformat(hour))
        except (TypeError, ValueError) as error:
            raise SourceError(f"not an hour: `{hour}`") from error


def read(path: Path | str = OWN_FILE) -> Source:
    """Read a file and refuse one that cannot be played.

    Raises: SourceError – unreadable, not JSON, or a part that every act needs is missing.
    """
    try:
        raw = Path(path).read_bytes()
    except OSError as error:
        raise SourceError(f"cannot read `{path}`: {error.strerror}") from error
    try:
        # A threshold such as 4.0 stays the text that was written: floats do not reach a digest.
        recorded = json.loads(raw, parse_float=str)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SourceError(f"`{path}` is not JSON: {error}") from error
    if not isinstance(recorded, dict):
        raise SourceError(f"`{path}` is not a JSON object")
    _check_shape(recorded)
    zone = ZoneInfo(recorded.get("timezone", "Asia/Krasnoyarsk"))
    additions = json.loads(OWN_ADDITIONS.read_text(encoding="utf-8"))
    return Source(
        inputs=without_results(recorded),
        recorded=recorded,
        additions=additions,
        sha256=hashlib.sha256(raw).hexdigest(),
        zone=zone,
    )


def without_results(value: Any) -> Any:
    """Return a copy without the recorded results, however deep they stand."""
    if isinstance(value, dict):
        return {k: without_results(v) for k, v in value.items() if k not in RESULT_FIELDS}
    if isinstance(value, list):
        return [without_results(item) for item in value]
    return value


def _check_shape(data: dict[str, Any]) -> None:
    for path, fields in SHAPE.items():
        for where, entry in _entries(data, path):
            if not isinstance(entry, dict):
                raise SourceError(f"`{where}` is not an object")
            for field in fields:
                if field not in entry:
                    raise SourceError(f"`{where}` has no `{field}`")


def _entries(data: dict[str, Any], path: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = [("", data)]
    for step in path.split("."):
        name, many = step.removesuffix("[]"), step.endswith("[]")
        deeper: list[tuple[str, Any]] = []
        for where, entry in found:
            here = f"{where}.{name}" if where else name
            if not isinstance(entry, dict) or name not in entry:
                raise SourceError(f"the file has no `{here}`")
            if not many:
                deeper.append((here, entry[name]))
            elif isinstance(entry[name], list):
                deeper += [(f"{here}[{n}]", item) for n, item in enumerate(entry[name])]
            else:
                raise SourceError(f"`{here}` is not a list")
        found = deeper
    return found
