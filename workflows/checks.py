"""What must hold before the processes may run.

The first check reads the code, the other two the database (`manage.py check --database default`,
which every deployment runs, and `migrate` by itself).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.models import CharField
from django.db.models.functions import Cast
from viewflow.workflow.base import Flow
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS

from audit import registry
from workflows.engine.dispatch import governed_flows
from workflows.engine.errors import ScrubbedErrors
from workflows.engine.flow import GovernedFlow
from workflows.engine.lock import ProcessLock
from workflows.engine.nodes import OPEN
from workflows.models import NegotiationProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.core.checks import CheckMessage
    from django.db.models import Model


@register()
def flows_are_governed(**_kwargs: Any) -> list[CheckMessage]:
    """Refuse flows without the lock, nodes that keep variables, and acts that nobody records."""
    errors: list[CheckMessage] = []
    for flow_class in _subclasses(Flow):
        if flow_class is not GovernedFlow:
            errors += _complaints(flow_class)
    return errors


def _complaints(flow_class: Any) -> Iterator[CheckMessage]:
    """Say what is wrong with one flow."""
    name = f"{flow_class.__module__}.{flow_class.__name__}"
    if not issubclass(flow_class, GovernedFlow) or not isinstance(
        flow_class.lock_impl, ProcessLock
    ):
        yield Error(
            f"{name} runs without the lock of processes.",
            hint="Derive it from workflows.engine.flow.GovernedFlow and leave `lock_impl` alone: "
            "without the lock one task is finished several times.",
            id="workflows.E001",
        )
        return
    for node in flow_class.instance.nodes():
        # A job keeps its errors by a way of its own, which cannot be scrubbed here.
        if not issubclass(node.activation_class, ScrubbedErrors) or node.task_type == "JOB":
            yield Error(
                f"{name}.{node.name} would keep the variables of a failure in its task row.",
                hint="Use the nodes of workflows.engine.nodes.",
                id="workflows.E002",
            )
    acts = flow_class.starting_acts() | flow_class.awaited_acts() | flow_class.heard_acts()
    for act in sorted(acts | set(flow_class.cancelled_by)):
        if act not in registry.all_types():
            yield Error(
                f"{name} waits for {act}, which no app declares.",
                hint="Declare it in the acts.py of the app whose service records it.",
                id="workflows.E003",
            )


@register(Tags.database)
def open_tasks_have_their_nodes(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse code in which a node is missing for which a task is open."""
    known = {_reference(node) for flow in governed_flows() for node in flow.instance.nodes()}
    return [
        Error(
            f"Open tasks wait at {reference}, which the code does not have.",
            hint="Names of flows and nodes are stored data: put the node back.",
            id="workflows.E004",
        )
        for alias in _ready_databases(databases, Task)
        for reference in _references_of_open_tasks(alias)
        if reference not in known
    ]


def _references_of_open_tasks(alias: str) -> list[str]:
    """Return where tasks wait, as text: the field itself would invent a node for a missing one."""
    waiting = Task.objects.using(alias).filter(status__in=OPEN, finished=None)
    stored = waiting.annotate(reference=Cast("flow_task", CharField()))
    return sorted(set(stored.order_by().values_list("reference", flat=True)))


@register(Tags.database)
def running_processes_have_their_definition(
    databases: Sequence[str] | None = None, **_kwargs: Any
) -> list[CheckMessage]:
    """Refuse a flow that was changed in place while its processes run."""
    digests = {flow.definition_sha256() for flow in governed_flows()}
    return [
        Error(
            f"Process {number} runs under a definition that was changed.",
            hint="A published flow is frozen: restore it and write a new class.",
            id="workflows.E005",
        )
        for alias in _ready_databases(databases, NegotiationProcess)
        for number in NegotiationProcess.objects.using(alias)
        .filter(status=PROCESS.NEW)
        .exclude(definition_sha256__in=digests)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]


def _subclasses(cls: type) -> Iterator[type[Any]]:
    subclasses: list[type[Any]] = cls.__subclasses__()
    for subclass in subclasses:
        yield subclass
        yield from _subclasses(subclass)


def _reference(node: Any) -> str:
    """Return a node as task rows name it."""
    return str(Task._meta.get_field("flow_task").get_prep_value(node))


def _ready_databases(databases: Sequence[str] | None, model: type[Model]) -> Iterator[str]:
    """Yield the databases that were asked about and have the table: `migrate` checks first."""
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            tables = connections[alias].introspection.table_names(cursor)
        if model._meta.db_table in tables and Process._meta.db_table in tables:
            yield alias
