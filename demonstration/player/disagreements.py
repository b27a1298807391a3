"""What stays without agreement: the reasons of the sides, and the protocol that holds them."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import pgettext_lazy

import negotiation.services as negotiation
from demonstration.player.ballots import is_whole
from demonstration.player.sides import coordinator_of
from demonstration.refusals import UnknownReference
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline
from negotiation.models import Disagreement, ProtocolOfDisagreements

REASON_UNKNOWN_RU = (
    "Сторона голосовала против; мотивы даны на заседании (вымышлено проигрывателем)."
)

REASON_UNKNOWN_EN = (
    "The side voted against; its reasons were given at the meeting (invented by the player)."
)


def add(timeline: Timeline, source: Source) -> None:
    """Add what is written down of disagreements before the vote on the whole."""
    protocol = source.inputs["negotiation"].get("protocol_of_disagreements")
    if not protocol:
        return
    at = source.on(protocol["on"])
    follow_ups = {d["clause"]: d for d in source.inputs["negotiation"].get("disagreements", [])}
    for entry in protocol["entries"]:
        for side, reason in entry["reasons"].items():
            timeline.add(
                at,
                "state_reasons",
                f"{entry['clause']}/{side}",
                partial(state_reasons, source=source, entry=entry, side=side, reason=reason),
            )
        timeline.add(
            at,
            "record_disagreement",
            entry["clause"],
            partial(
                record_disagreement,
                source=source,
                number=entry["clause"],
                follow_up=follow_ups.get(entry["clause"], {}),
            ),
        )
    timeline.add(
        at,
        "record_disagreements",
        protocol["number"],
        partial(record_the_rest, source=source),
    )
    timeline.add(
        at,
        "draw_up_protocol_of_disagreements",
        protocol["number"],
        partial(draw_up, source=source, protocol=protocol),
    )
    for side in source.inputs["body"]["sides"]:
        timeline.add(
            at,
            "sign_protocol_of_disagreements",
            side["code"],
            partial(sign_disagreements, source=source, protocol=protocol, side=side["code"]),
        )


def state_reasons(
    stage: Stage,
    at: datetime,
    *,
    source: Source,
    entry: dict[str, Any],
    side: str,
    reason: dict[str, str],
) -> None:
    """Say what a side wants written into the protocol of disagreements."""
    wording = entry.get("wording_of", {}).get(side, {})
    negotiation.state_reasons(
        disagreement=stage.disagreement(entry["clause"]),
        side=stage.side(side),
        reason_ru=reason["ru"],
        reason_en=reason["en"],
        wording_ru=wording.get("ru", ""),
        wording_en=wording.get("en", ""),
        actor=stage.person(coordinator_of(source, side)),
        at=at,
    )


def record_disagreement(
    stage: Stage, at: datetime, *, source: Source, number: str, follow_up: dict[str, Any]
) -> None:
    """Write down that a disagreement stays."""
    negotiation.record_disagreement(
        disagreement=stage.disagreement(number),
        follow_up_ru=follow_up.get("follow_up_ru", ""),
        follow_up_en=follow_up.get("follow_up_en", ""),
        actor=stage.person(source.inputs["body"]["coordinator"]),
        at=at,
    )


def record_the_rest(stage: Stage, at: datetime, *, source: Source) -> None:
    """Write down the disagreements that the file did not foresee, so that none is passed over.

    There are none unless the file was changed. A side that gave no reasons is given one that
    says so.
    """
    open_ = Disagreement.objects.under_discussion().filter(matter=stage.matter)
    for disagreement in open_.select_related("clause").order_by("pk"):
        said = set(disagreement.statements.values_list("side__code", flat=True))
        for code in dict.fromkeys([*disagreement.blocking_sides, *disagreement.proposing_sides]):
            if code not in said:
                negotiation.state_reasons(
                    disagreement=disagreement,
                    side=stage.side(code),
                    reason_ru=REASON_UNKNOWN_RU,
                    reason_en=REASON_UNKNOWN_EN,
                    actor=stage.person(coordinator_of(source, code)),
                    at=at,
                )
        negotiation.record_disagreement(
            disagreement=disagreement,
            actor=stage.person(source.inputs["body"]["coordinator"]),
            at=at,
        )


def draw_up(stage: Stage, at: datetime, *, source: Source, protocol: dict[str, Any]) -> None:
    """Draw up the protocol of disagreements of the meeting that votes on the whole."""
    whole = next((b for b in source.inputs["negotiation"]["ballots"] if is_whole(source, b)), None)
    if whole is None:
        raise UnknownReference(kind=pgettext_lazy("reference", "ballot"), id=protocol["number"])
    negotiation.draw_up_protocol_of_disagreements(
        matter=stage.matter,
        meeting=stage.meeting(whole["forum"]),
        number=protocol["number"],
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def sign_disagreements(
    stage: Stage, at: datetime, *, source: Source, protocol: dict[str, Any], side: str
) -> None:
    """Sign the protocol of disagreements for a side."""
    row = (
        ProtocolOfDisagreements.objects.filter(matter=stage.matter, number=protocol["number"])
        .order_by("pk")
        .first()
    )
    if row is None:
        raise UnknownReference(
            kind=pgettext_lazy("reference", "protocol of disagreements"), id=protocol["number"]
        )
    negotiation.sign_protocol_of_disagreements(
        protocol=row,
        side=stage.side(side),
        sha256=row.sha256,
        actor=stage.person(coordinator_of(source, side)),
        at=at,
    )
