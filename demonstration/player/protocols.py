"""Protocols of meetings: drawn up after them, signed and published on the days of the file."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import governance.services as governance
from demonstration.player.meetings import ends_at
from demonstration.player.sides import coordinator_of
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline
from documents.papers import Kind
from governance.models import Meeting, Protocol
from governance.papers import source_of

DRAWN_UP_AFTER = timedelta(minutes=30)


def add(timeline: Timeline, source: Source) -> None:
    """Add the protocols of the meetings, with the signatures that the file dates."""
    for meeting in source.inputs["negotiation"]["meetings"]:
        protocol = meeting.get("protocol")
        if not protocol:
            continue
        timeline.add(
            ends_at(source, meeting) + DRAWN_UP_AFTER,
            "draft_protocol",
            meeting["id"],
            partial(draft_protocol, source=source, meeting=meeting),
        )
        for person in _signatories(source, meeting):
            timeline.add(
                source.on(protocol["signed_on"]),
                "sign_protocol",
                f"{meeting['id']}/{person}",
                partial(sign_protocol, meeting=meeting, person=person),
            )
        if protocol.get("published_on"):
            timeline.add(
                source.on(protocol["published_on"]),
                "publish_protocol",
                meeting["id"],
                partial(publish_protocol, source=source, meeting=meeting),
            )


def _signatories(source: Source, meeting: dict[str, Any]) -> list[str]:
    """Return who signs: the coordinators of the sides initial it, then those who led."""
    body = source.inputs["body"]
    sides = [] if meeting["kind"] == Meeting.Kind.WRITTEN else body["sides"]
    initials = [coordinator_of(source, side["code"]) for side in sides]
    return [*initials, body["coordinator"], body["secretary"]]


def draft_protocol(stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]) -> None:
    """Draw the protocol up from the record."""
    governance.draft_protocol(
        meeting=stage.meeting(meeting["id"]),
        number=meeting["protocol"]["number"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def sign_protocol(stage: Stage, at: datetime, *, meeting: dict[str, Any], person: str) -> None:
    """Sign a protocol."""
    governance.sign_protocol(protocol=_protocol(stage, meeting), actor=stage.person(person), at=at)


def publish_protocol(
    stage: Stage, at: datetime, *, source: Source, meeting: dict[str, Any]
) -> None:
    """Open a signed protocol to everybody, and issue it as a paper."""
    secretary = stage.person(source.inputs["body"]["secretary"])
    published = governance.publish_protocol(
        protocol=_protocol(stage, meeting), actor=secretary, at=at
    )
    governance.issue_paper(
        source=source_of(Kind.PROTOCOL), subject=published, actor=secretary, at=at
    )


def _protocol(stage: Stage, meeting: dict[str, Any]) -> Protocol:
    found = Protocol.objects.filter(meeting=stage.meeting(meeting["id"])).order_by("pk").first()
    if found is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "protocol of"), id=meeting["id"])
    return found
