"""Count all decisions again from what is stored with them."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from governance.models import Decision
from governance.recounts import differences


class Command(BaseCommand):
    """Recompute outcomes and validity reports, and name what differs."""

    help = (
        "Count every decision again from its stored roll and charter, examine every edition of its "
        "validity report again from the stored facts, and name what differs. Exit status 1 if "
        "anything does."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Recount one decision after the other; nothing is written."""
        decisions = reports = wrong = 0
        found = (
            Decision.objects.select_related("ballot__charter_version", "ballot__meeting")
            .prefetch_related("reports")
            .order_by("decided_at", "pk")
        )
        for decision in found.iterator(chunk_size=200):
            decisions += 1
            reports += len(decision.reports.all())
            for difference in differences(decision):
                wrong += 1
                ballot = decision.ballot
                what = f"report {difference.edition}" if difference.edition else "count"
                self.stderr.write(
                    f"{ballot.meeting.code} {ballot.code} {ballot.uid}: {what}: "
                    f"{difference.problem}"
                )
        self.stdout.write(f"{decisions} decisions and {reports} reports recomputed, {wrong} differ")
        if wrong:
            sys.exit(1)
