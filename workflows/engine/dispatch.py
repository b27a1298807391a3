"""From a recorded act to the step that waited for it, in the same transaction.

Nothing here starts a transaction of its own or catches an error: if the process cannot move,
the act is undone with it, so the record and the process never disagree.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.signals import flow_finished
from viewflow.workflow.status import PROCESS

from audit import handlers
from audit.acts import ActRefused
from workflows.engine.nodes import OPEN, ActStart, ActTask

if TYPE_CHECKING:
    from audit.models import Entry
    from workflows.engine.flow import GovernedFlow


class StepNotDue(ActRefused):
    """The process has not come to this act, or is past it."""

    message = _("The matter has not come to this step, or is past it.")
    code = "step_not_due"


_listening: dict[str, type[GovernedFlow]] = {}


def listen(flow_class: type[GovernedFlow]) -> None:
    """Let the recorded acts that the flow knows begin, move or end its processes."""
    name = f"{flow_class.__module__}.{flow_class.__name__}"
    if name in _listening:
        return
    _listening[name] = flow_class
    for act in sorted(flow_class.starting_acts()):
        handlers.on(act, partial(begin, flow_class))
    moving = flow_class.awaited_acts() | flow_class.heard_acts() | set(flow_class.cancelled_by)
    for act in sorted(moving):
        handlers.on(act, partial(move, flow_class))


def governed_flows() -> tuple[type[GovernedFlow], ...]:
    """Return the flows that are in force, that is, listened for."""
    return tuple(_listening.values())


def begin(flow_class: type[GovernedFlow], entry: Entry) -> None:
    """Begin the process that this act calls for."""
    for node in flow_class.instance.nodes():
        if isinstance(node, ActStart) and entry.type in node.acts:
            node.run(entry=entry)


def move(flow_class: type[GovernedFlow], entry: Entry) -> None:
    """Complete the step that waited for this act.

    An act that some step waits for must find that step open. One that is only heard may come
    when nobody listens: it changes nothing then.

    Raises:
        StepNotDue: the process has not come to the step that this act completes, or is past it.
        ProcessBusy: another act holds the process and did not end in time.
    """
    process = flow_class.process_for(entry)
    if process is None:
        return
    with flow_class.lock(process.pk):
        # Read after the lock was granted: whoever held it may have moved the process.
        tasks = list(process.task_set.filter(status__in=OPEN).order_by("pk"))
        if entry.type in flow_class.cancelled_by:
            _cancel(flow_class, process, tasks, entry)
            return
        due = [
            task
            for task in tasks
            if isinstance(task.flow_task, ActTask) and task.flow_task.awaits(entry.type)
        ]
        if not due and entry.type in flow_class.awaited_acts():
            raise StepNotDue(act=entry.type)
        for task in due:
            task.flow_task.advance(task, entry)


def _cancel(flow_class: type[GovernedFlow], process: Any, tasks: list[Any], entry: Entry) -> None:
    """End the process where it stands."""
    if not tasks:
        raise StepNotDue(act=entry.type)
    for task in tasks:
        task.data = {**task.data, "entry": str(entry.uid)}
        task.flow_task.activation_class(task).cancel()
    process.status = PROCESS.CANCELED
    process.finished = now()
    process.save(update_fields=["status", "finished"])
    flow_finished.send(sender=flow_class, process=process, task=tasks[-1])
