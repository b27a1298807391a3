"""The text: the requirements it replaces, the draft, what was tabled, and the revisions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import partial
from typing import Any

import licensing.services as licensing
import negotiation.services as negotiation
from demonstration.player.cast import day_after
from demonstration.player.sides import coordinator_of
from demonstration.player.wordings import (
    TAKEN_UP,
    clauses_of,
    clauses_to_table,
    drafted,
    is_severable,
    last_wording,
    order_of,
    scope_of,
    terms_of,
    terms_of_draft,
)
from demonstration.source import Source
from demonstration.stage import Stage, meant
from demonstration.timeline import Timeline
from licensing.services import TranscribedClause
from negotiation.models import Clause, Matter
from negotiation.services import DraftClause, DraftSection


def add(timeline: Timeline, source: Source) -> None:
    """Add the acts from the initiative to the circulation of the draft."""
    data, negotiation_data = source.inputs["requirement_set"], source.inputs["negotiation"]
    predecessor = data.get("predecessor")
    if predecessor:
        timeline.add(
            source.on(source.additions["transcribed_on"]),
            "transcribe_version",
            predecessor["code"],
            partial(transcribe_predecessor, source=source),
        )
    timeline.add(
        source.on(negotiation_data["initiated_on"]),
        "register_matter",
        negotiation_data["id"],
        partial(register_matter, source=source),
    )
    opened = source.on(negotiation_data["opened_by_decision_on"])
    timeline.add(opened, "open_matter", negotiation_data["id"], partial(open_matter, source=source))
    timeline.add(opened, "register_set", data["id"], partial(register_set, source=source))
    circulated = source.on(negotiation_data["comment_period"]["from"])
    timeline.add(circulated, "enter_draft", data["id"], partial(enter_draft, source=source))
    first = data["versions"][0]
    timeline.add(
        circulated, "circulate", first["version"], partial(circulate, source=source, version=first)
    )


def add_tabled(timeline: Timeline, source: Source) -> None:
    """Add what is laid on the table once the comments are summarised."""
    summarised = source.on(source.inputs["comment_summary"]["prepared_on"])
    for section, clause in clauses_of(source):
        if drafted(clause, source) is None:
            timeline.add(
                summarised,
                "introduce_clause",
                clause["number"],
                partial(introduce_clause, source=source, section=section, clause=clause),
            )
    for clause in clauses_to_table(source):
        timeline.add(
            summarised,
            "table_wording",
            clause["number"],
            partial(table_wording, source=source, clause=clause),
        )


def add_revisions(timeline: Timeline, source: Source) -> None:
    """Add the revisions between the circulated draft and the text that was voted as a whole."""
    for version in source.inputs["requirement_set"]["versions"][1:-1]:
        timeline.add(
            source.on(version["on"]),
            "issue_revision",
            version["version"],
            partial(issue_revision, source=source, version=version),
        )


def transcribe_predecessor(stage: Stage, at: datetime, *, source: Source) -> None:
    """Take over the requirements that are replaced, as far as the file tells their differences."""
    predecessor = source.inputs["requirement_set"]["predecessor"]
    secretary = stage.person(source.inputs["body"]["secretary"])
    replaced = licensing.register_set(
        body=stage.body,
        code=predecessor["code"],
        scope=scope_of(source),
        title_ru=predecessor["title_ru"],
        title_en=predecessor["title_en"],
        legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
        matter=None,
        predecessor=None,
        actor=secretary,
        at=at,
    )
    titles = {c["number"]: c for _section, c in clauses_of(source)}
    last_day = predecessor.get("in_force_to")
    licensing.transcribe_version(
        requirement_set=replaced,
        label=predecessor["code"],
        document_ru=predecessor["title_ru"],
        document_en=predecessor["title_en"],
        in_force_from=source.day(predecessor["in_force_from"]),
        in_force_to=day_after(source.day(last_day) if last_day else None),
        clauses=[
            _transcribed(entry, titles.get(entry["clause"], {}))
            for entry in predecessor["differences"]
        ],
        actor=secretary,
        at=at,
    )


def _transcribed(entry: dict[str, Any], clause: dict[str, Any]) -> TranscribedClause:
    """Write one difference as a clause of the former text."""
    old = entry["old"]
    if old is None:
        text_ru = "Прежние требования значения не устанавливали."
        text_en = "The former requirements set no value."
    else:
        text_ru = f"Значение показателя по прежним требованиям: {old}."
        text_en = f"Value of the indicator under the former requirements: {old}."
    return TranscribedClause(
        number=entry["clause"],
        title_ru=clause.get("title_ru", ""),
        title_en=clause.get("title_en", ""),
        text_ru=text_ru,
        text_en=text_en,
        terms={"threshold": old},
    )


def register_matter(stage: Stage, at: datetime, *, source: Source) -> None:
    """Bring the matter up: the coordinator of the side that proposes it."""
    data, initiator = source.inputs["requirement_set"], source.inputs["negotiation"]["initiator"]
    negotiation.register_matter(
        body=stage.body,
        code=data["code"],
        title_ru=data["title_ru"],
        title_en=data["title_en"],
        legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
        initiator_side=stage.side(initiator),
        actor=stage.person(coordinator_of(source, initiator)),
        at=at,
    )


def open_matter(stage: Stage, at: datetime, *, source: Source) -> None:
    """Open the negotiations: the edition of the charter is pinned."""
    negotiation.open_matter(
        matter=stage.matter, actor=stage.person(source.inputs["body"]["coordinator"]), at=at
    )


def register_set(stage: Stage, at: datetime, *, source: Source) -> None:
    """Register the requirements that are being negotiated, in place of the former ones."""
    data = source.inputs["requirement_set"]
    predecessor = data.get("predecessor")
    licensing.register_set(
        body=stage.body,
        code=data["code"],
        scope=scope_of(source),
        title_ru=data["title_ru"],
        title_en=data["title_en"],
        legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
        matter=stage.matter,
        predecessor=stage.requirement_set_called(predecessor["code"]) if predecessor else None,
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def enter_draft(stage: Stage, at: datetime, *, source: Source) -> None:
    """Enter the draft: preamble, definitions, the clauses by sections, final provisions."""
    data = source.inputs["requirement_set"]
    negotiation.enter_draft(
        matter=stage.matter,
        sections=[
            DraftSection(s["number"], s["title_ru"], s["title_en"]) for s in data["sections"]
        ],
        clauses=[*_frame_before(source), *_drafted_clauses(source), *_frame_after(source)],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def _frame_before(source: Source) -> Iterator[DraftClause]:
    data = source.inputs["requirement_set"]
    yield DraftClause(
        number="",
        kind=Clause.Kind.PREAMBLE,
        title_ru="Преамбула",
        title_en="Preamble",
        text_ru=data["preamble"]["ru"],
        text_en=data["preamble"]["en"],
        severable=False,
        # The passport of the module, to which the requirements apply, is part of their text.
        terms={"module": source.inputs["module"]},
    )
    for definition in data.get("definitions", []):
        yield DraftClause(
            number="",
            kind=Clause.Kind.DEFINITION,
            title_ru=definition["term_ru"],
            title_en=definition["term_en"],
            text_ru=definition["ru"],
            text_en=definition["en"],
            severable=False,
        )


def _drafted_clauses(source: Source) -> Iterator[DraftClause]:
    origins = {str(origin): Clause.Origin(origin) for origin in Clause.Origin.values}
    for section, clause in clauses_of(source):
        wording = drafted(clause, source)
        if wording is None:
            continue
        yield DraftClause(
            number=clause["number"],
            section=section["number"],
            title_ru=clause["title_ru"],
            title_en=clause["title_en"],
            text_ru=wording["text_ru"],
            text_en=wording["text_en"],
            origin=meant(origins, clause["origin"], "origin"),
            severable=is_severable(clause),
            terms=terms_of_draft(clause, wording),
        )


def _frame_after(source: Source) -> Iterator[DraftClause]:
    for provision in source.inputs["requirement_set"].get("final_provisions", []):
        yield DraftClause(
            number=provision["number"],
            kind=Clause.Kind.PROVISION,
            text_ru=provision["ru"],
            text_en=provision["en"],
            severable=False,
        )


def circulate(stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]) -> None:
    """Send the draft out for comments."""
    period = source.inputs["negotiation"]["comment_period"]
    until = source.day(period["to"])
    negotiation.circulate(
        matter=stage.matter,
        label=version["version"],
        comments_until=until,
        sub_amendments_until=_day_or(source, period.get("sub_amendments_until"), until),
        note_ru=version.get("note_ru", ""),
        note_en=version.get("note_en", ""),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def table_wording(stage: Stage, at: datetime, *, source: Source, clause: dict[str, Any]) -> None:
    """Lay the wording on the table that the amendments to a clause lead to."""
    wording = last_wording(clause)
    negotiation.table_wording(
        clause=stage.clause(clause["number"]),
        text_ru=wording["text_ru"],
        text_en=wording["text_en"],
        terms=terms_of(clause),
        amendments=[
            stage.amendment(a["id"])
            for a in source.inputs["negotiation"]["amendments"]
            if a["clause"] == clause["number"] and a["disposition"] in TAKEN_UP
        ],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def introduce_clause(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    section: dict[str, Any],
    clause: dict[str, Any],
) -> None:
    """Put a clause on the table that an amendment would add."""
    wording = last_wording(clause)
    numbers = [c["number"] for c in section["clauses"] if drafted(c, source) is not None]
    before = [n for n in numbers if order_of(n) < order_of(clause["number"])]
    negotiation.introduce_clause(
        amendment=stage.amendment(wording.get("source") or ""),
        number=clause["number"],
        section=stage.section(section["number"]),
        after=stage.clause(before[-1]) if before else None,
        title_ru=clause["title_ru"],
        title_en=clause["title_en"],
        text_ru=wording["text_ru"],
        text_en=wording["text_en"],
        severable=is_severable(clause),
        terms=terms_of(clause),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def issue_revision(stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]) -> None:
    """Give the present text a label."""
    negotiation.issue_revision(
        matter=stage.matter,
        label=version["version"],
        note_ru=version.get("note_ru", ""),
        note_en=version.get("note_en", ""),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def _day_or(source: Source, text: str | None, otherwise: date) -> date:
    return source.day(text) if text else otherwise
