"""The charter of the body, translated into rules of counting and a procedure."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import governance.services as governance
from demonstration.player.sides import personal_seats
from demonstration.source import Source
from demonstration.stage import Stage, meant
from governance.domain.procedure import parse_procedure
from governance.domain.table import InnerRule

INNER_RULES = {str(rule): rule for rule in InnerRule} | {
    "two_thirds_of_present": InnerRule.TWO_THIRDS_PRESENT
}

PROXIES = {"allowed_except_experts": "except_experts", "forbidden": "forbidden", "allowed": "any"}

SILENCE = {"not_used": "off"}

PARTIAL_ADOPTION = {
    "allowed_if_clause_is_severable": "severable_clauses",
    "forbidden": "forbidden",
}

QUORUMS = {"more_than_half_of_non_recused_seats": "1/2"}


def adopt_charter(stage: Stage, at: datetime, *, source: Source) -> None:
    """Register the charter: its rules of counting are composed from the sides' inner rules."""
    charter = source.inputs["body"]["charter"]
    adopted_on = _day_in(charter["document_ru"]) or source.day(source.additions["formed_on"])
    procedure = parse_procedure(procedure_document(source))
    number = source.number(charter["version"])
    governance.adopt_charter(
        body=stage.body,
        number=number,
        document_ru=charter["document_ru"],
        document_en=charter.get("document_en", f"Rules of procedure, edition {number}"),
        rules=procedure.rules_document(
            charter_id=f"{stage.body_code.lower()}-{number}", title=charter["document_ru"]
        ),
        procedure=procedure.as_document(),
        adopted_on=adopted_on,
        effective_from=adopted_on,
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def procedure_document(source: Source) -> dict[str, Any]:
    """Translate the charter of the file into the terms of a procedure."""
    charter = source.inputs["body"]["charter"]
    terms = {
        ours: charter[theirs]
        for ours, theirs in (
            ("notice_working_days", "notice_working_days"),
            ("materials_working_days", "materials_working_days"),
            ("written_notice_working_days", "written_ballot_notice_working_days"),
        )
        if theirs in charter
    }
    words = {
        "proxy": meant(PROXIES, charter.get("proxy", "forbidden"), "proxy"),
        "silence": meant(SILENCE, charter.get("silence_procedure", "not_used"), "silence"),
        "partial_adoption": meant(
            PARTIAL_ADOPTION, charter.get("partial_adoption", "forbidden"), "partial_adoption"
        ),
        "side_quorum": meant(
            QUORUMS,
            charter.get("side_quorum", "more_than_half_of_non_recused_seats"),
            "side_quorum",
        ),
    }
    return {**terms, **words, "sides": _sides_document(source, proxy=words["proxy"])}


def _sides_document(source: Source, *, proxy: str) -> dict[str, Any]:
    personal = personal_seats(source.inputs["mandates"])
    document: dict[str, Any] = {}
    for side in source.inputs["body"]["sides"]:
        rule = meant(INNER_RULES, side["internal_rule"], "internal_rule")
        of_experts = all(seat["seat"] in personal for seat in side["seats"])
        document[side["code"]] = {
            "inner_rule": str(rule),
            "inner_approvals": (
                source.additions["inner_approvals"] if rule is InnerRule.SINGLE_VOICE else 0
            ),
            "proxies_allowed": proxy != "forbidden" and not of_experts,
        }
    return document


def _day_in(text: str) -> date | None:
    """Find a day written as 26.01.2026."""
    found = re.search(r"\b(\d{2})\.(\d{2})\.(\d{4})\b", text)
    return date(int(found[3]), int(found[2]), int(found[1])) if found else None
