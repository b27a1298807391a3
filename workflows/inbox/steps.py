"""Open steps of processes that wait for a duty of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewflow.workflow.models import Task

from governance.models import Appointment
from licensing.services.standing import spoke_for_a_side
from workflows.engine.nodes import OPEN, ActTask, Errand, Role
from workflows.inbox.items import InboxItem, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workflows.inbox.items import Reader

DUTIES = {
    Role.SECRETARY: Appointment.Role.SECRETARY,
    Role.COORDINATOR: Appointment.Role.COORDINATOR,
    Role.APPROVING_OFFICIAL: Appointment.Role.APPROVING_OFFICIAL,
}
"""The roles of steps in the words of `governance`."""


def steps(reader: Reader) -> Iterator[InboxItem]:
    """Yield the steps that wait for the reader's duties at the bodies that negotiate."""
    bodies = reader.bodies_as(*DUTIES.values())
    if not bodies:
        return
    tasks = (
        Task.objects.filter(
            status__in=OPEN,
            flow_task_type=ActTask.task_type,
            process__negotiationprocess__matter__body__in=bodies,
        )
        .select_related("process__negotiationprocess__matter")
        .order_by("pk")
    )
    for task in tasks:
        node, matter = task.flow_task, task.process.negotiationprocess.matter
        if not isinstance(node, ActTask) or node.role is None:
            continue
        duty = DUTIES[node.role]
        if (matter.body_id, duty) not in reader.duties:
            continue
        # Whoever spoke for a side does not approve: the step waits for another official.
        if node.role is Role.APPROVING_OFFICIAL and spoke_for_a_side(reader.person, matter):
            continue
        errand = Errand.from_data(task.data)
        yield InboxItem(
            kind=Kind.STEP,
            title=node.task_title,
            matter=matter,
            url_name=errand.page,
            args=errand.args,
            deadline=errand.deadline,
            capacity=reader.as_duty(matter.body_id, duty),
        )
