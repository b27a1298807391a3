"""Keep the log of the record, and give it to those who want to check it."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from audit import bundles, log

LOOK_SECONDS = 0.5
"""How long an entry waits for its number at most, when nothing else holds the sequencer up."""


class Command(BaseCommand):
    help = "Number and sign what was recorded (sequence), or pack it all to be checked (export)."

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        sequence = verbs.add_parser("sequence", help="number what was recorded, and sign")
        sequence.add_argument("--watch", action="store_true", help="go on until told to stop")
        export = verbs.add_parser("export", help="pack the whole log; verifier/verify.py checks it")
        export.add_argument("--out", type=Path, required=True, help="the file to write")
        verbs.add_parser("key", help="print the public key of the log")

    def handle(self, *_: Any, verb: str, **options: Any) -> None:
        try:
            if verb == "sequence":
                self._sequence(watch=options["watch"])
            elif verb == "export":
                self._export(options["out"])
            else:
                self.stdout.write(str(log.public_key()))
        except log.RecordIsBroken as broken:
            raise CommandError(f"Nothing was signed: {broken}", returncode=1) from broken

    def _sequence(self, *, watch: bool) -> None:
        while True:
            try:
                numbered = log.sequence()
                checkpoint = log.sign()
            except OperationalError:
                if not watch:
                    raise
                # The server is restarting; what was recorded waits.
                connection.close()
                time.sleep(LOOK_SECONDS)
                continue
            if not watch:
                break
            time.sleep(LOOK_SECONDS)
        size = checkpoint.size if checkpoint else 0
        self.stdout.write(f"{numbered} entries numbered; the log has {size}")

    def _export(self, out: Path) -> None:
        try:
            with out.open("wb") as file:
                checkpoint = bundles.export(file)
        except bundles.NothingRecorded as nothing:
            out.unlink()
            raise CommandError("Nothing was recorded yet: there is nothing to pack.") from nothing
        except log.HeldUp as held:
            out.unlink()
            raise CommandError(
                "A transaction stays open on the database's server: try again when it has ended."
            ) from held
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}") from error
        self.stdout.write(f"{checkpoint.size} entries; root {bytes(checkpoint.root).hex()}")
