"""Matters that are going on today: comments running, a written ballot, an order and visas awaited.

A finished negotiation leaves every inbox empty, so beside the matter of the file some smaller
ones stand at another table, with the same people. They are written as files of the same shape,
with their dates counted in working days from today, and played by the same player – up to last
midnight. Whatever lies ahead of it is left to whoever signs in.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Any

import governance.services as governance
from calendars.domain import start_of_day
from demonstration.live import charters
from demonstration.live.files import file_of
from demonstration.live.scene import Scene, scene_on
from demonstration.models import Play
from demonstration.player import ballots, cast, comments, meetings, ministry, protocols, texts
from demonstration.player.sides import speaks_with_one_voice
from demonstration.services import Progress, perform_live, silently
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Act, Timeline


def play(main: Source, play: Play, *, progress: Progress = silently) -> None:
    """Play the live matters up to the midnight before the day noted in the play.

    Raises: ActRefused – an act of ours is not possible; that is a mistake of ours.
    """
    if play.live_on is None:
        raise ValueError("note the day of the live matters first")
    acts = acts_of(scene_on(main, play.live_on))
    for number, (stage, act) in enumerate(acts[play.live_done :], start=play.live_done):
        progress(number, len(acts), act.label)
        perform_live(act, replace(stage, play=play))
    progress(len(acts), len(acts), "")


def acts_of(scene: Scene) -> list[tuple[Stage, Act]]:
    """Return the acts of all live matters that lie before today, each with its stage."""
    found: list[tuple[Stage, Act]] = []
    for number, matter in enumerate(scene.data["matters"]):
        source = file_of(scene, matter)
        timeline = Timeline()
        if number == 0:
            cast.add_body(timeline, source)
            cast.add_mandates(timeline, source)
            _add_revocations(timeline, source, scene)
            charters.add(timeline, source, scene)
        _add_matter(timeline, source, scene, matter)
        stage = Stage(
            play=Play(), body_code=source.inputs["body"]["id"], matter_code=matter["code"]
        )
        found += [(stage, act) for act in timeline.in_order()]
    midnight = start_of_day(scene.today)
    return sorted(
        [(stage, act) for stage, act in found if act.at < midnight], key=lambda pair: pair[1].at
    )


def _add_revocations(timeline: Timeline, source: Source, scene: Scene) -> None:
    """Add mandates of which it became known late that they had been revoked, and new ones.

    Votes cast meanwhile stand and are in doubt: an amber link in the chain of their decisions.
    """
    for revocation in scene.data["body"]["revocations"]:
        seat = scene.seat(revocation)
        of_seat = [m for m in source.inputs["mandates"] if seat and m["seat"] == seat["seat"]]
        if not of_seat:
            continue
        given, today = of_seat[0], scene.calendar.on(revocation["known"])
        timeline.add(
            source.on(today),
            "revoke_mandate",
            given["id"],
            partial(
                revoke_mandate,
                source=source,
                code=given["id"],
                revoked_on=scene.calendar.day(revocation["revoked"]),
            ),
        )
        renewed = {
            **given,
            "id": f"{given['id']}2",
            "issued_on": today,
            "valid_from": today,
            "document_ru": revocation["document_ru"],
        }
        timeline.add(
            source.on(today),
            "register_mandate",
            renewed["id"],
            partial(cast.register_mandate, mandate=renewed, source=source),
        )


def revoke_mandate(
    stage: Stage, at: datetime, *, source: Source, code: str, revoked_on: date
) -> None:
    """Register that a mandate was revoked some days ago."""
    governance.revoke_mandate(
        mandate=stage.mandate(code),
        revoked_on=revoked_on,
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def _add_matter(timeline: Timeline, source: Source, scene: Scene, matter: dict[str, Any]) -> None:
    texts.add(timeline, source)
    comments.add(timeline, source)
    texts.add_tabled(timeline, source)
    meetings.add(timeline, source)
    ballots.add(timeline, source)
    _add_loose_ends(timeline, source, scene, matter)
    meetings.add_closings(timeline, source)
    protocols.add(timeline, source)
    if matter.get("visas"):
        ministry.add(timeline, source)


def _add_loose_ends(
    timeline: Timeline, source: Source, scene: Scene, matter: dict[str, Any]
) -> None:
    """Add positions on clauses that no ballot decides yet, and half of an inner approval."""
    for position in matter.get("positions", []):
        if position["side"] in scene.sides():
            timeline.add(
                source.on(scene.calendar.on(position["day"]), time(14, 0)),
                "take_position",
                f"{position['clause']}/{position['side']}",
                partial(
                    ballots.take_position,
                    source=source,
                    clause={"number": position["clause"]},
                    position=position,
                ),
            )
    for approval_ in matter.get("inner_approvals", []):
        seat = scene.seat(approval_)
        if seat and speaks_with_one_voice(source, approval_["side"]):
            timeline.add(
                source.at(scene.calendar.at(*approval_["at"])),
                "approve_inside_side",
                f"{approval_['ballot']}/{seat['seat']}",
                partial(
                    ballots.approve_vote,
                    ballot={"id": approval_["ballot"]},
                    vote={"seat": seat["seat"], "choice": approval_["choice"]},
                    person=seat["person"],
                ),
            )
