"""What the file says of clauses: their wordings, how they are assessed, what is severable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from demonstration.source import Source
from negotiation.models import Clause

#: The fields of a clause that say how it is assessed; they are hashed with its words.
TERMS = (
    "severity",
    "assessed_at",
    "indicators",
    "evidence",
    "method_of_check",
    "cure_period_working_days",
    "legal_refs",
    "transition",
    "interpretation_ru",
    "interpretation_en",
    "note_ru",
    "note_en",
)

TAKEN_UP = {"accepted", "accepted_partly"}
"""Proposed conclusions after which the words of an amendment stand in the wording."""


def clauses_of(source: Source) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield every clause with its section, in the order of the text."""
    for section in source.inputs["requirement_set"]["sections"]:
        for clause in section["clauses"]:
            yield section, clause


def drafted(clause: dict[str, Any], source: Source) -> dict[str, Any] | None:
    """Return the wording of the first draft; None for a clause that an amendment brings in."""
    first = source.inputs["requirement_set"]["versions"][0]["version"]
    return next((w for w in clause["wording_history"] if w["version"].split("=")[0] == first), None)


def last_wording(clause: dict[str, Any]) -> dict[str, Any]:
    """Return the wording that is put to the vote: the last in the history of the clause."""
    return clause["wording_history"][-1]


def clauses_to_table(source: Source) -> list[dict[str, Any]]:
    """Return the clauses whose new wording lies on the table before the first meeting.

    What a conciliation meeting recommends is laid there by that meeting; what an amendment
    adds, by its admission.
    """
    recommended = {
        entry["clause"]
        for meeting in source.inputs["negotiation"]["meetings"]
        for entry in meeting.get("recommended", [])
    }
    return [
        clause
        for _section, clause in clauses_of(source)
        if drafted(clause, source) not in (None, last_wording(clause))
        and clause["origin"] != Clause.Origin.FEDERAL_MANDATORY
        and clause["number"] not in recommended
    ]


def terms_of(clause: dict[str, Any]) -> dict[str, Any]:
    """Return how a clause is assessed when it is worded as it was put to the vote."""
    return {name: clause[name] for name in TERMS if clause.get(name) is not None}


def terms_of_draft(clause: dict[str, Any], wording: dict[str, Any]) -> dict[str, Any]:
    """Return the terms of a draft: its file gives one number, not the indicators around it."""
    if wording is last_wording(clause):
        return terms_of(clause)
    terms = {
        name: clause[name] for name in ("severity", "assessed_at") if clause.get(name) is not None
    }
    return terms | {"draft_threshold": wording.get("threshold")}


def is_severable(clause: dict[str, Any]) -> bool:
    """Say whether the text can do without a clause.

    The file does not say. Without a critical clause no permit is possible, and a mirror is law;
    everything else can be left out.
    """
    if "severable" in clause:
        return bool(clause["severable"])
    return clause["severity"] != "critical" and clause["origin"] != "federal_mandatory"


def scope_of(source: Source) -> str:
    """Return what the requirements are about: one module."""
    return f"module-{source.inputs['module']['code'].lower()}"


def order_of(number: str) -> tuple[int, ...]:
    """Order numbers of clauses as people do: 5.4 before 5.10."""
    return tuple(int(part) for part in number.split(".") if part.isdigit())
