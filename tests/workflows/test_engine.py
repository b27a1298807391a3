"""What every process stands on: its lock, its silence about failures, who may see it."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings as project
from django.core import mail
from django.core.checks import run_checks
from django.db import OperationalError, connection, transaction
from viewflow.fsm import TransitionNotAllowed
from viewflow.workflow.context import Context
from viewflow.workflow.models import Process, Task
from viewflow.workflow.status import PROCESS, STATUS

from audit.models import Entry
from negotiation.models import Matter
from tests.connections import PATIENCE_SECONDS, at_once
from tests.licensing.desk import Desk
from workflows.checks import open_tasks_have_their_nodes, running_processes_have_their_definition
from workflows.engine import dispatch
from workflows.engine.dispatch import StepNotDue
from workflows.engine.lock import ProcessBusy, ProcessLock
from workflows.flows.requirement_negotiation import RequirementNegotiation
from workflows.models import NegotiationProcess

FIRST_STEPS = ("convene", "circulate", "comment", "summarise")


def entry(act: str, matter: Matter) -> Entry:
    """Return the entry of an act on a matter as a handler gets it, without an act behind it."""
    return Entry(type=act, stream=matter.stream, uid=uuid4(), subject_uid=matter.uid)


class TestLock:
    def test_four_connections_finish_a_step_once(self, committed: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        steps = [RequirementNegotiation.instance.node(name) for name in FIRST_STEPS]
        # Begin again, so that steps follow which nothing but their act completes.
        process.task_set.filter(status=STATUS.NEW).update(flow_task=steps[0])
        for step in steps:
            act = entry(step.acts[0], committed.matter)

            def move(act: Entry = act) -> None:
                with transaction.atomic():
                    dispatch.move(RequirementNegotiation, act)

            results = at_once(move, move, move, move)

            kinds = sorted(type(one).__name__ for one in results)
            assert kinds == ["NoneType", "StepNotDue", "StepNotDue", "StepNotDue"]
            # Once on the way here, once now.
            assert process.task_set.filter(flow_task=step, status=STATUS.DONE).count() == 2
            assert process.task_set.filter(status=STATUS.NEW).count() == 1

    def test_the_same_task_in_four_hands_is_run_once(self, committed: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        node = RequirementNegotiation.instance.node("publish")
        process.task_set.filter(status=STATUS.NEW).update(flow_task=node)
        # Loaded beforehand by everybody, as four browsers would.
        tasks = [process.task_set.get(status=STATUS.NEW) for _ in range(4)]

        def run(task: Task) -> Any:
            return lambda: node.run(task)

        results = at_once(*[run(task) for task in tasks])

        assert sum(isinstance(one, TransitionNotAllowed) for one in results) == 3
        assert process.task_set.filter(status=STATUS.NEW).count() == 1

    def test_waits_a_bounded_time_and_says_so(self, committed: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        impatient = ProcessLock(wait_milliseconds=50, attempts=2)
        with held(process):
            with pytest.raises(ProcessBusy), impatient(RequirementNegotiation, process.pk):
                pytest.fail("the lock was granted")
            # Outside a transaction nothing is lost by trying again: nothing is aborted.
            assert NegotiationProcess.objects.filter(pk=process.pk).exists()
        with impatient(RequirementNegotiation, process.pk):
            assert connection.in_atomic_block

    def test_inside_a_transaction_it_is_tried_once_and_the_act_is_over(
        self, committed: Desk
    ) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        impatient = ProcessLock(wait_milliseconds=50, attempts=9)
        with (
            held(process),
            pytest.raises(ProcessBusy),
            transaction.atomic(),
            impatient(RequirementNegotiation, process.pk),
        ):
            pytest.fail("the lock was granted")
        assert NegotiationProcess.objects.filter(pk=process.pk).exists()

    def test_other_locks_of_the_act_keep_their_own_limit(self, committed: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '7s'")
            with ProcessLock()(RequirementNegotiation, process.pk):
                cursor.execute("SHOW lock_timeout")
                assert cursor.fetchone() == ("7s",)

    def test_a_process_that_is_not_there_is_no_lock(self, committed: Desk) -> None:
        missing = ProcessLock()(RequirementNegotiation, 0)
        with pytest.raises(NegotiationProcess.DoesNotExist), missing:
            pytest.fail("nothing was locked")

    def test_the_row_that_is_locked_is_the_process_s_own(self, committed: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=committed.matter)
        with held(process), pytest.raises(OperationalError), transaction.atomic():
            list(NegotiationProcess.objects.order_by().select_for_update(nowait=True))


class TestErrors:
    """The canary: a marked secret in a failing node is kept nowhere."""

    @pytest.fixture
    def leaking(self, desk: Desk, settings: Any) -> Any:
        settings.INSTALLED_APPS = [*project.INSTALLED_APPS, "tests.workflows.specimen"]
        from tests.workflows.specimen.flows import LeakingFlow  # noqa: PLC0415 -- an app by now

        return LeakingFlow

    def test_no_variable_and_no_message_of_a_failure_is_kept(
        self, leaking: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        from tests.workflows.specimen.flows import CANARY  # noqa: PLC0415 -- an app by now

        process = leaking.start.run()
        task = process.task_set.get(status=STATUS.NEW)
        with caplog.at_level(logging.DEBUG), Context(propagate_exception=False):
            leaking.work.run(task)

        failed = process.task_set.get(status=STATUS.ERROR)
        assert failed.flow_task.name == "fail"
        kept = failed.data["_exception"]
        assert set(kept) == {"type", "where"}
        assert kept["type"] == "builtins.ValueError"
        assert "read_passport" in kept["where"][-1]
        assert list(everywhere(CANARY)) == []
        assert CANARY not in caplog.text
        assert not [message for message in mail.outbox if CANARY in str(message.message())]

    def test_a_failure_passes_to_whoever_acts_and_undoes_the_act(self, leaking: Any) -> None:
        process = leaking.start.run()
        task = process.task_set.get(status=STATUS.NEW)
        with pytest.raises(ValueError, match="unreadable"), transaction.atomic():
            leaking.work.run(task)
        task.refresh_from_db()
        assert task.status == STATUS.NEW
        assert process.task_set.count() == 2


class TestVisibility:
    def test_is_decided_by_the_object(self, desk: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=desk.matter)
        flow = RequirementNegotiation.instance
        member, stranger = desk.world.people["PUB-3"], desk.world.person("Stranger")

        assert flow.has_view_permission(member, process)
        assert not flow.has_view_permission(stranger, process)
        # Nobody may see processes as such, whatever they were granted.
        assert not flow.has_view_permission(member)

    def test_nobody_pushes_a_process_by_hand(self, desk: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=desk.matter)
        for person in (desk.world.secretary, desk.world.administrator):
            assert not RequirementNegotiation.instance.has_manage_permission(person, process)


class TestChecks:
    def test_what_is_there_is_in_order(self, desk: Desk) -> None:
        assert [one for one in run_checks(databases=["default"]) if "workflows" in one.id] == []

    def test_refuse_flows_without_the_lock_and_acts_that_nobody_records(self) -> None:
        # In a process of its own: a flow, once defined, stays defined.
        found = subprocess.run(
            [sys.executable, "-c", WRONG_FLOWS],
            capture_output=True,
            text=True,
            check=True,
            cwd=project.BASE_DIR,
        ).stdout.split()
        assert found == ["workflows.E001", "workflows.E001", "workflows.E002", "workflows.E003"]

    def test_refuse_open_tasks_without_a_node(self, desk: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=desk.matter)
        task = process.task_set.get(status=STATUS.NEW)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE viewflow_task SET flow_task ="
                " 'workflows/flows.requirement_negotiation.RequirementNegotiation.mediate'"
                " WHERE id = %s",
                [task.pk],
            )
        [error] = open_tasks_have_their_nodes(databases=["default"])
        assert error.id == "workflows.E004"
        assert error.msg.startswith(
            "Open tasks wait at"
            " workflows/flows.requirement_negotiation.RequirementNegotiation.mediate"
        )

    def test_refuse_running_processes_of_another_definition(self, desk: Desk) -> None:
        process = NegotiationProcess.objects.get(matter=desk.matter)
        NegotiationProcess.objects.filter(pk=process.pk).update(definition_sha256="0" * 64)
        [error] = running_processes_have_their_definition(databases=["default"])
        assert (error.id, str(process.pk) in error.msg) == ("workflows.E005", True)

        NegotiationProcess.objects.filter(pk=process.pk).update(status=PROCESS.DONE)
        assert running_processes_have_their_definition(databases=["default"]) == []

    def test_say_nothing_where_nothing_was_asked(self, desk: Desk) -> None:
        assert open_tasks_have_their_nodes() == []
        assert running_processes_have_their_definition() == []


WRONG_FLOWS = """
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django

django.setup()
from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.base import Flow
from viewflow.workflow.lock import SelectForUpdateLock
from workflows.checks import flows_are_governed
from workflows.engine.flow import GovernedFlow
from workflows.engine.nodes import ActTask


class Stock(Flow):
    start = nodes.StartHandle().Next(this.end)
    end = nodes.End()


class Retrying(GovernedFlow):
    lock_impl = SelectForUpdateLock()
    start = nodes.StartHandle().Next(this.end)
    end = nodes.End()


class Jobs(GovernedFlow):
    start = nodes.StartHandle().Next(this.job)
    job = nodes.AbstractJob(activation_class=nodes.job.AbstractJobActivation).Next(this.end)
    end = nodes.End()


class Unheard(GovernedFlow):
    start = nodes.StartHandle().Next(this.wait)
    wait = ActTask("negotiation.never_happens", title="Wait", page="web:home").Next(this.end)
    end = nodes.End()


print(*sorted(error.id for error in flows_are_governed()))
"""


class held:  # noqa: N801 -- read as a verb
    """Hold the lock of a process on another connection while the block runs."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.taken, self.release = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._hold)

    def __enter__(self) -> None:
        self.thread.start()
        assert self.taken.wait(PATIENCE_SECONDS)

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self.thread.join(PATIENCE_SECONDS)

    def _hold(self) -> None:
        try:
            with ProcessLock()(RequirementNegotiation, self.process.pk):
                self.taken.set()
                self.release.wait(PATIENCE_SECONDS)
        finally:
            connection.close()


def everywhere(words: str) -> Iterator[str]:
    """Yield every table of the database in which the words are found."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT count(*) FROM "{table}" AS kept WHERE kept::text LIKE %s',
                [f"%{words}%"],
            )
            (found,) = cursor.fetchone()
            if found:
                yield table


def test_an_act_that_is_not_due_is_refused_in_words(desk: Desk) -> None:
    with pytest.raises(StepNotDue) as caught, transaction.atomic():
        dispatch.move(RequirementNegotiation, entry("licensing.version_published", desk.matter))
    assert caught.value.code == "step_not_due"
    assert str(caught.value)
