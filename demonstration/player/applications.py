"""Applications for a permit: filed and accepted on their days, one under a chosen version.

Which version an application is judged by is found out on the day of its acceptance. The head of the
applicant files; where the file knows nobody there, the secretary enters the paper.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import licensing.services as licensing
from demonstration.source import Source
from demonstration.stage import Stage
from demonstration.timeline import Timeline

CHOSEN = "applicant_chose_new_version"


def add(timeline: Timeline, source: Source) -> None:
    """Add the applications of the file."""
    for application in source.inputs.get("sample_applications", []):
        timeline.add(
            source.on(application["filed_on"]),
            "file_application",
            application["id"],
            partial(file, source=source, application=application),
        )
        timeline.add(
            source.on(application["accepted_on"]),
            "accept_application",
            application["id"],
            partial(accept, source=source, application=application),
        )
        if application.get("choice") == CHOSEN:
            timeline.add(
                source.on(application["accepted_on"]),
                "choose_new_version",
                application["id"],
                partial(choose, source=source, application=application),
            )


def file(stage: Stage, at: datetime, *, source: Source, application: dict[str, Any]) -> None:
    """File an application under the requirements of the module."""
    licensing.file_application(
        requirement_set=stage.requirement_set,
        code=application["id"],
        applicant=stage.organisation(application["applicant"]),
        actor=stage.person(_applicant(source, application)),
        at=at,
    )


def accept(stage: Stage, at: datetime, *, source: Source, application: dict[str, Any]) -> None:
    """Accept an application: the version in force on this day is pinned."""
    licensing.accept_application(
        application=stage.application(application["id"]),
        actor=stage.person(source.inputs["body"]["secretary"]),
        at=at,
    )


def choose(stage: Stage, at: datetime, *, source: Source, application: dict[str, Any]) -> None:
    """Choose the new version as a whole."""
    licensing.choose_new_version(
        application=stage.application(application["id"]),
        version=stage.version(),
        actor=stage.person(_applicant(source, application)),
        at=at,
    )


def _applicant(source: Source, application: dict[str, Any]) -> str:
    """Return who acts for an applicant."""
    heads = [
        person["id"]
        for person in source.inputs["persons"]
        if person["organisation"] == application["applicant"]
    ]
    return str(heads[0] if heads else source.inputs["body"]["secretary"])
