"""Ask again, from the record alone, on what every act rested."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from audit.models import Entry
from governance.domain.authority import reexamine

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Iterator


class Command(BaseCommand):
    """Compare the stored evidence of every act with what the recorded papers bear."""

    help = (
        "Ask again, from the record alone, on what every act rested. Prints one JSON object for "
        "each evidence that the recorded papers do not bear, then how many were asked; the exit "
        "status is 1 if there is any."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the record from a file, for those who have no database."""
        parser.add_argument(
            "--entries",
            type=Path,
            help="a file with one entry of the record a line, in its order; without it the "
            "record of this installation is read",
        )

    def handle(self, *, entries: Path | None, **options: Any) -> None:
        """Ask, and say what does not stand.

        Raises:
            CommandError: something does not stand, or the file is not one of entries.
        """
        asked: Counter[bool] = Counter()
        try:
            for finding in reexamine(_from_file(entries) if entries else _from_record()):
                asked[finding.stands] += 1
                if not finding.stands:
                    self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise CommandError(
                _("The record cannot be read: %(problem)s") % {"problem": repr(problem)}
            ) from problem
        self.stdout.write(
            _("Asked again: %(all)s. Not borne by the papers: %(bad)s.")
            % {"all": asked.total(), "bad": asked[False]}
        )
        if asked[False]:
            raise CommandError(_("Some acts do not rest on what they say."), returncode=1)


def _from_record() -> Iterator[dict[str, Any]]:
    return (entry.members for entry in Entry.objects.order_by("id").iterator())


def _from_file(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
