"""Play a whole negotiation through the public services, and say what came out of it."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentTypeError
from datetime import datetime, time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from audit.acts import ActRefused
from calendars.domain import KRASNOYARSK
from demonstration import database, live, services, source, summary
from demonstration.differences import differences
from demonstration.models import Play
from demonstration.progress import Progress
from demonstration.report import is_as_it_must_be, report
from demonstration.source import Source, SourceError
from negotiation.models import Matter

OTHERWISE = 1
"""Exit code: something was refused, came out otherwise than recorded, or failed a check."""
NOT_PLAYED = 2
"""Exit code: there is no report; the file, the database or the options do not allow a play."""


class Command(BaseCommand):
    """Play a negotiation act by act; a second run says that it was played."""

    help = (
        "Play a negotiation act by act through the public services. Exit code 0: it ended as it "
        "must; 1: acts were refused, results differ from those recorded in the file, or a "
        "consistency check failed; 2: it was not played."
    )
    # An unmigrated database is nothing wrong: it is brought up to date first.
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument(
            "--fresh", action="store_true", help="empty the database of the demonstration first"
        )
        parser.add_argument(
            "--file", type=Path, default=source.OWN_FILE, help="a file of the same shape"
        )
        parser.add_argument(
            "--report", choices=["json"], help="print the report, and nothing else, on stdout"
        )
        parser.add_argument(
            "--until",
            type=_instant,
            help="stop after the acts of this instant (a date: its last act); "
            "another run without it goes on",
        )
        parser.add_argument("--language", choices=["ru", "en"], default=settings.LANGUAGE_CODE)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play, report, and exit with a code that says how it ended."""
        # What goes to standard error is progress, not trouble: it is not printed in red.
        self.stderr.style_func = None
        with translation.override(options["language"]):
            try:
                file = source.read(options["file"])
                if options["fresh"]:
                    database.empty()
                database.prepare()
                with database.alone():
                    played = self._play(file, options["file"], options["until"])
            except (SourceError, ActRefused) as refused:
                raise CommandError(str(refused), returncode=NOT_PLAYED) from refused
            matter = Matter.objects.filter(code=file.inputs["requirement_set"]["code"]).first()
            found = report(matter, played, differences(file, matter, played))
            if options["report"]:
                self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            else:
                self.stdout.write(summary.of(found, played, file))
        if not is_as_it_must_be(found, whole=played.is_finished):
            sys.exit(OTHERWISE)

    def _play(self, file: Source, path: Path, until: datetime | None) -> Play:
        """Play what is left to play."""
        played = Play.objects.first()
        if played is None:
            if database.is_in_use():
                raise database.NotEmptied
            played = services.begin(file, path)
        elif played.file_sha256 != file.sha256:
            raise CommandError(
                _("Another file was played here: %(file)s. Start over with --fresh.")
                % {"file": played.file_name},
                returncode=NOT_PLAYED,
            )
        elif played.finished_at is not None:
            self._say(
                _("Already played on %(day)s; --fresh starts over.")
                % {"day": f"{played.finished_at.astimezone(KRASNOYARSK):%d.%m.%Y %H:%M}"}
            )
            return played
        else:
            self._say(_("The play goes on where it stopped."))
        services.go_on(file, played, until=until, progress=Progress(self.stderr))
        if played.acts_done == played.acts_total:
            self._play_live(file, played)
        return played

    def _play_live(self, file: Source, played: Play) -> None:
        services.set_live_day(played)
        self._say(_("Beside it, what is going on today:"))
        live.play(file, played, progress=Progress(self.stderr))
        services.finish(played)

    def _say(self, message: str) -> None:
        """Say something that belongs to no report."""
        self.stderr.write(message)


def _instant(text: str) -> datetime:
    """Read an instant in the time of the table; a date alone means the whole day.

    Raises: ArgumentTypeError – it is neither.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not an instant: {text}") from error
    if len(text) == len("2026-03-27"):
        instant = datetime.combine(instant, time.max)
    return instant if instant.tzinfo else instant.replace(tzinfo=KRASNOYARSK)
