"""Send the mail that acts have queued."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from notifications import services

if TYPE_CHECKING:
    from django.core.management.base import CommandParser


class Command(BaseCommand):
    """Send what is due once, or keep sending with `--watch`."""

    help = "Send the mail waiting in the outbox."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--watch", action="store_true", help="go on until interrupted")
        parser.add_argument(
            "--every", type=int, default=10, metavar="SECONDS", help="pause between two looks"
        )
        parser.add_argument(
            "--limit", type=int, default=100, metavar="N", help="messages tried in one look"
        )

    def handle(self, *_args: Any, watch: bool, every: int, limit: int, **_options: Any) -> None:
        """Deliver, say what was done, and look again if asked to."""
        pause = threading.Event()
        try:
            while True:
                done = services.deliver(limit=limit)
                if done != services.Delivery() or not watch:
                    self.stdout.write(
                        f"sent {done.sent}, failed {done.failed}, given up {done.given_up}"
                    )
                if not watch:
                    return
                pause.wait(every)
        except KeyboardInterrupt:
            self.stdout.write("stopped")
