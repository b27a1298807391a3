"""What is kept of a failure inside a process: its kind and place, never what was handled."""

from __future__ import annotations

import logging
import traceback
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.timezone import now
from viewflow.workflow.activation import Activation
from viewflow.workflow.context import context
from viewflow.workflow.signals import task_failed
from viewflow.workflow.status import STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)


class ScrubbedErrors:
    """Keep the type and the place of an error, and nothing else.

    viewflow stores the message, the traceback and all local variables of the failing frame in
    the task row – a voter's choice and passport in clear, when it was tried. A message can
    carry the same. The type of the error and the lines of code it passed cannot.
    """

    task: Any
    process: Any
    flow_class: Any

    @contextmanager
    def exception_guard(self) -> Iterator[None]:
        """Let the error pass to whoever acted; where nobody waits for it, mark the task."""
        try:
            yield
        except Exception as failure:
            if context.propagate_exception:
                raise
            self._mark_failed(failure)

    def _mark_failed(self, failure: Exception) -> None:
        kept = describe(failure)
        logger.error("task %s failed: %s at %s", self.task.pk, kept["type"], kept["where"])
        self.task.data = {**(self.task.data or {}), "_exception": kept}
        self.task.finished = now()
        self.task.status = STATUS.ERROR
        self.task.save()
        task_failed.send(sender=self.flow_class, process=self.process, task=self.task)


def describe(failure: BaseException) -> dict[str, Any]:
    """Return the type of the error and the path through the code, from the outside in."""
    kind = type(failure)
    frames = traceback.extract_tb(failure.__traceback__)
    return {
        "type": f"{kind.__module__}.{kind.__qualname__}",
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    }


@cache
def scrubbed(activation_class: type[Activation]) -> type[Activation]:
    """Return the activation class with `ScrubbedErrors` in front of it."""
    if issubclass(activation_class, ScrubbedErrors):
        return activation_class
    return type(activation_class.__name__, (ScrubbedErrors, activation_class), {})
