"""Play a file into a database: every act in its own transaction, at its own instant.

What the services refuse is noted and the play goes on. The number of acts done is written with each
act, so that a play which was stopped or killed is continued and never doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

import audit.services
from audit import clock, times
from audit.acts import ActRefused
from calendars.domain import day_of
from demonstration.models import Play
from demonstration.player import acts_of
from demonstration.source import Source, SourceError
from demonstration.stage import Stage
from demonstration.timeline import Act

Progress = Callable[[int, int, str], None]


def silently(_done: int, _total: int, _label: str) -> None:
    """Show nothing."""


def stage_of(source: Source, play: Play) -> Stage:
    """Return the stage on which a file is played."""
    return Stage(
        play=play,
        body_code=source.inputs["body"]["id"],
        matter_code=source.inputs["requirement_set"]["code"],
    )


def begin(source: Source, path: Path) -> Play:
    """Mark this installation as a demonstration and note what is going to be played.

    Raises: RecordIsNotEmpty – somebody has acted here; a demonstration begins in an empty database.
    """
    with transaction.atomic():
        audit.services.mark_demonstration()
        return Play.objects.create(
            pk=1,
            file_name=path.name,
            file_sha256=source.sha256,
            acts_total=len(acts_of(source)),
            started_at=clock.now(),
        )


def go_on(
    source: Source,
    play: Play,
    *,
    until: datetime | None = None,
    progress: Progress = silently,
) -> None:
    """Play the acts that were not played yet, up to and including an instant."""
    stage, acts = stage_of(source, play), acts_of(source)
    due = [act for act in acts if until is None or act.at <= until]
    for act in due[play.acts_done :]:
        progress(play.acts_done, len(due), act.label)
        perform(act, stage)
    progress(len(due), len(due), due[-1].label if due else "")


def perform(act: Act, stage: Stage) -> None:
    """Play one act, or note that it was refused; either way it is done."""
    play = stage.play
    with transaction.atomic(), times.transcribed(basis=times.Basis.DEMONSTRATION):
        people = dict(play.people)
        refusal = attempt(act, stage)
        changed = ["acts_done"]
        if refusal is not None:
            play.people = people
            play.refused.append(refusal)
            changed.append("refused")
        if play.people != people:
            changed.append("people")
        play.acts_done += 1
        play.save(update_fields=changed)


def perform_live(act: Act, stage: Stage) -> None:
    """Play one act of a live matter. It is ours, so it is not refused.

    Raises: ActRefused – our own act is not possible.
    """
    with transaction.atomic(), times.transcribed(basis=times.Basis.DEMONSTRATION):
        act.deed(stage, act.at)
        stage.play.live_done += 1
        stage.play.save(update_fields=["live_done"])


def attempt(act: Act, stage: Stage) -> dict[str, Any] | None:
    """Do the deed; return how it was refused, or None.

    Four ways to say no: a service refuses, the file cannot be read there, the input is wrong, or
    the database holds a rule that no service put into words. Whatever else happens is a mistake
    of ours, and stops the play.
    """
    try:
        with transaction.atomic():
            act.deed(stage, act.at)
    except ActRefused as refused:
        return _refusal(act, refused.code, str(refused))
    except SourceError as unreadable:
        return _refusal(act, "unreadable", str(unreadable))
    except ValidationError as invalid:
        return _refusal(act, "invalid", "; ".join(invalid.messages))
    except IntegrityError as violated:
        rule = getattr(getattr(violated.__cause__, "diag", None), "constraint_name", None)
        return _refusal(act, rule or "database", str(violated).splitlines()[0])
    return None


def _refusal(act: Act, code: str, message: str) -> dict[str, Any]:
    return {"act": act.code, "id": act.id, "code": code, "message": message}


def set_live_day(play: Play) -> None:
    """Note the day from which the live matters are dated; it stays when the play is continued."""
    if play.live_on is None:
        play.live_on = day_of(clock.now())
        play.save(update_fields=["live_on"])


def finish(play: Play) -> None:
    """Note that there is nothing left to play."""
    play.finished_at = clock.now()
    play.save(update_fields=["finished_at"])


def labels(acts: Sequence[Act]) -> list[str]:
    """Return what an overview of a play shows, one line an act."""
    return [f"{act.at:%Y-%m-%d %H:%M:%S} {act.code} {act.id}" for act in acts]
