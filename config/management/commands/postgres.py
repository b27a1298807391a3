"""Start, stop or look at the embedded PostgreSQL."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import postgres


class Command(BaseCommand):
    help = "Start, stop or look at the embedded PostgreSQL (used when DATABASE_URL is not set)."
    # The checks may need the very server that this command starts.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=("start", "stop", "status"))

    def handle(self, *_: Any, action: str, **__: Any) -> None:
        cluster: postgres.Cluster | None = settings.DATABASES["default"].get("CLUSTER")
        if cluster is None:
            raise CommandError("DATABASE_URL names a server of its own; there is none of ours.")
        try:
            self.stdout.write(getattr(self, f"_{action}")(cluster))
        except postgres.PostgresUnavailable as failure:
            raise CommandError(str(failure)) from failure

    def _start(self, cluster: postgres.Cluster) -> str:
        postgres.start(cluster)
        return f"PostgreSQL is running; its socket is in {cluster.host}"

    def _stop(self, cluster: postgres.Cluster) -> str:
        return "PostgreSQL is stopped" if postgres.stop(cluster) else "PostgreSQL was not running"

    def _status(self, cluster: postgres.Cluster) -> str:
        if postgres.is_running(cluster):
            return f"PostgreSQL is running; its socket is in {cluster.host}"
        return "PostgreSQL is stopped"
