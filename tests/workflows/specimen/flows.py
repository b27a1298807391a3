"""A flow for tests. Its name is stored in rows, so it lives in an app of its own."""

from __future__ import annotations

from typing import Any

from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.models import Process

from workflows.engine.flow import GovernedFlow

CANARY = "canary-4510-654321"
"""A secret. It must be found nowhere after the flow has failed with it in hand."""


class LeakingFlow(GovernedFlow):
    """A governed flow of stock nodes; the last one fails with a secret in a local variable."""

    process_class = Process

    start = nodes.StartHandle().Next(this.work)
    work = nodes.Handle(this.note).Next(this.fail)
    fail = nodes.Function(this.read_passport).Next(this.end)
    end = nodes.End()

    def note(self, activation: Any) -> None:
        """Do nothing."""

    def read_passport(self, activation: Any) -> None:
        """Fail with a passport in hand, and in the words of the error."""
        passport = CANARY
        raise ValueError(f"unreadable passport {passport}")

    def may_view(self, person: Any, process: Any) -> bool:
        """Show a process to whoever was told its number."""
        return bool(person.told == process.pk)
