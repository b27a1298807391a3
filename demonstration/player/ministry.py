"""From the table to the order: opinions, submission, visas, order, publication, effect.

The text is submitted on the day of the first visa, before it, unless the file says when. A visa
with a remark is one approved with a remark: the file's word for the result is a result, and is
not read.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import governance.services as governance
import licensing.services as licensing
import negotiation.services as negotiation
from demonstration.player.cast import day_after
from demonstration.player.sides import visa_officers
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline
from licensing.models import Visa, VisaUnit


def add(timeline: Timeline, source: Source) -> None:
    """Add opinions, the submission, visas, the order, the publication and the entry into force."""
    data, negotiated = source.inputs["requirement_set"], source.inputs["negotiation"]
    for opinion in negotiated.get("dissenting_opinions", []):
        timeline.add(
            source.on(opinion["filed_on"]),
            "file_dissent",
            opinion["id"],
            partial(file_dissent, opinion=opinion),
        )
    version = data["versions"][-1]
    sheet = negotiated.get("approval_sheet", [])
    submitted = source.on(
        version.get("submitted_on") or min((visa["on"] for visa in sheet), default=version["on"])
    )
    timeline.add(
        submitted,
        "issue_revision",
        version["version"],
        partial(issue_final_revision, source=source, version=version),
    )
    timeline.add(
        submitted,
        "submit_for_approval",
        version["version"],
        partial(submit, source=source, version=version),
    )
    for visa, officer in zip(sheet, visa_officers(source), strict=True):
        timeline.add(
            source.on(visa["on"]),
            "give_visa",
            visa["unit_en"],
            partial(give_visa, source=source, visa=visa, officer=officer),
        )
    timeline.add(
        source.on(version["on"]),
        "approve_version",
        version["version"],
        partial(approve, source=source, version=version),
    )
    if version.get("published_on"):
        timeline.add(
            source.on(version["published_on"]),
            "publish_version",
            version["version"],
            partial(publish, source=source, version=version),
        )
    if version.get("in_force_from"):
        timeline.add(
            source.on(version["in_force_from"]),
            "bring_into_force",
            version["version"],
            bring_into_force,
        )


def file_dissent(stage: Stage, at: datetime, *, opinion: dict[str, Any]) -> None:
    """File a dissenting opinion."""
    governance.file_dissent(
        ballot=stage.ballot(opinion["ballot"]),
        text_ru=opinion["ru"],
        text_en=opinion["en"],
        actor=stage.person(opinion["person"]),
        at=at,
    )


def issue_final_revision(
    stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]
) -> None:
    """Give the text that was agreed the label under which it is submitted."""
    if not stage.matter.decided_in_id:
        raise UnknownReference(
            kind=pgettext_lazy("reference", "text agreed as a whole"), id=version["version"]
        )
    negotiation.issue_revision(
        matter=stage.matter,
        label=version["version"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def submit(stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]) -> None:
    """Lay the text that was agreed as a whole before the ministry."""
    licensing.submit_for_approval(
        requirement_set=stage.requirement_set,
        label=version["version"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def give_visa(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    visa: dict[str, Any],
    officer: dict[str, Any],
) -> None:
    """Give the visa of a unit; its remark is answered as the file says."""
    version, person = stage.version(), stage.person(officer["id"])
    unit = VisaUnit.objects.filter(body=stage.body, officer=person).order_by("pk").first()
    if unit is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "unit"), id=visa["unit_en"])
    remark = visa.get("remark_ru", "")
    given = licensing.give_visa(
        version=version,
        unit=unit,
        result=Visa.Result.APPROVED_WITH_REMARK if remark else Visa.Result.APPROVED,
        remark_ru=remark,
        remark_en=visa.get("remark_en", ""),
        text_sha256=version.text_sha256,
        actor=person,
        at=at,
    )
    if remark and visa.get("remark_status"):
        licensing.answer_remark(
            visa=given,
            status=visa["remark_status"],
            actor=stage.person(source.inputs["body"]["secretary"]),
            at=at,
        )


def approve(stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]) -> None:
    """Approve by order: the digest on the order is that of the text submitted."""
    row = stage.version()
    licensing.approve_version(
        version=row,
        order_number=order_number(version),
        order_text_sha256=row.text_sha256,
        actor=stage.person(source.additions["official"]["id"]),
        at=at,
    )


def order_number(version: dict[str, Any]) -> str:
    """Find the number in the name of an order: «Приказ … от 25.05.2026 № 118-11»."""
    found = re.search(r"№\s*(\S+)", version.get("document_ru", ""))
    return found[1] if found else str(version["version"])


def publish(stage: Stage, at: datetime, *, source: Source, version: dict[str, Any]) -> None:
    """Publish with the dates of the file; it gives last days, a period here ends the day after."""
    data = source.inputs["requirement_set"].get("application_of_versions", {})
    until = data.get("existing_permits_transition_until")
    ends: date | None = source.day(version["in_force_to"]) if version.get("in_force_to") else None
    licensing.publish_version(
        version=stage.version(),
        in_force_from=source.day(version["in_force_from"]),
        in_force_to=day_after(ends),
        existing_permits_until=source.day(until) if until else None,
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def bring_into_force(stage: Stage, at: datetime) -> None:
    """Let the clock bring the requirements into force on their day."""
    licensing.bring_into_force(version=stage.version(), actor=None, at=at)
