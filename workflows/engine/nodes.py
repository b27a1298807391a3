"""The nodes a regulation is written with.

A step does nothing itself. It waits until an act is recorded – by a page, a transcript or the
demonstration – and passes the token on in the transaction of that act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self

from viewflow import this
from viewflow.workflow import nodes
from viewflow.workflow.activation import Activation
from viewflow.workflow.nodes.handle import HandleActivation
from viewflow.workflow.nodes.start import StartHandleActivation
from viewflow.workflow.nodes.switch import SwitchActivation
from viewflow.workflow.status import STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit.models import Entry


class Role(StrEnum):
    """For whom a step waits. Names of roles as `governance` appoints them."""

    SECRETARY = "secretary"
    COORDINATOR = "coordinator"
    APPROVING_OFFICIAL = "approving_official"


@dataclass(frozen=True, slots=True)
class Errand:
    """What the person for whom a step waits has to know. Fixed when the step begins.

    The page is a URL name and its arguments, not an address: addresses may change while a
    step waits.
    """

    page: str
    args: tuple[str, ...]
    deadline: datetime | None

    def as_data(self) -> dict[str, Any]:
        """Return it as it is kept in the task row."""
        return {
            "page": self.page,
            "args": list(self.args),
            "deadline": None if self.deadline is None else self.deadline.isoformat(),
        }

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Read what `as_data` wrote."""
        deadline = data["deadline"]
        return cls(
            page=data["page"],
            args=tuple(data["args"]),
            deadline=None if deadline is None else datetime.fromisoformat(deadline),
        )


class ActStartActivation(StartHandleActivation):
    """Begin a process because an act was recorded."""

    def note_entry(self, entry: Entry) -> None:
        """Keep which entry began the process."""
        self.task.data = {**self.task.data, "entry": str(entry.uid)}


class ActStart(nodes.StartHandle):
    """The beginning: `begin(activation, entry=…)` returns the process, filled in."""

    activation_class = ActStartActivation

    def __init__(self, act: str, begin: Any, *, title: Any) -> None:
        super().__init__(begin)
        self.acts = (act,)
        self.task_title = title

    def run(self, **kwargs: Any) -> Any:
        """Create the process and move it to its first step."""
        begin = this.resolve(self.flow_class.instance, self._func)
        entry: Entry = kwargs["entry"]

        def begin_with_evidence(activation: ActStartActivation, **given: Any) -> Any:
            process = begin(activation, **given)
            activation.note_entry(entry)
            return process

        return self._create_wrapper_function(begin_with_evidence)(**kwargs)


class ActTaskActivation(HandleActivation):
    """One step of one process, waiting for an act."""

    @classmethod
    def create(
        cls,
        flow_task: ActTask,
        prev_activation: Activation,
        token: Any,
        data: dict[str, Any] | None = None,
        seed: Any = None,
    ) -> Self:
        """Open the step, with what its addressee has to know."""
        errand = flow_task.errand(prev_activation.process)
        return super().create(
            flow_task, prev_activation, token, data={**(data or {}), **errand.as_data()}, seed=seed
        )

    def finish(self, entry: Entry) -> None:
        """Close the step, say by which entry, and open what follows."""
        self.run(None)
        self.task.data = {**self.task.data, "entry": str(entry.uid)}
        self.execute()


class ActTask(nodes.Handle):
    """A step that an act of the given types completes.

    `role` says for whom it waits; without one it waits for many, whose parts are rows of
    their own (ballots, visas, positions), and the inbox shows those.

    `hears` names acts that belong to no step, or to another, and may change what is due:
    the gateway that follows is asked again after each of them. A step whose way leads back to
    itself stays open, because nothing has changed for anybody.
    """

    task_type = "ACT"
    activation_class = ActTaskActivation

    def __init__(
        self,
        *acts: str,
        title: Any,
        page: str,
        role: Role | None = None,
        hears: tuple[str, ...] = (),
        subject: Any = None,
        deadline: Any = None,
    ) -> None:
        if not acts:
            raise ValueError("a step without an act would wait for ever")
        super().__init__()
        self.acts = acts
        self.hears = hears
        self.task_title = title
        self.page = page
        self.role = role
        self._subject = subject
        self._deadline = deadline

    def _resolve(self, instance: Any) -> None:
        super()._resolve(instance)
        self._subject = this.resolve(instance, self._subject)
        self._deadline = this.resolve(instance, self._deadline)

    def _ready(self) -> None:
        super()._ready()
        if self.hears and not isinstance(self._next, Choice):
            raise ValueError(f"{self.name} hears acts, so a gateway must say what they change")

    def awaits(self, act: str) -> bool:
        """Say whether an act of this type concerns the step while it is open."""
        return act in self.acts or act in self.hears

    def errand(self, process: Any) -> Errand:
        """Ask the flow, once, which row the page shows and until when it is due."""
        subject: Callable[[Any], Any] = self._subject or self.flow_class.instance.subject
        deadline = self._deadline(process) if self._deadline else None
        return Errand(page=self.page, args=(str(subject(process).uid),), deadline=deadline)

    def advance(self, task: Any, entry: Entry) -> bool:
        """Finish the step because of `entry`, unless its way leads straight back to it.

        Returns whether the process moved.
        """
        activation = self.activation_class(task)
        if isinstance(self._next, Choice) and self._next.chosen(activation) is self:
            return False
        activation.finish(entry)
        return True


class ChoiceActivation(SwitchActivation):
    """Take the way that the recorded decisions point to."""

    @Activation.status.super()
    def activate(self) -> None:
        with self.exception_guard():
            self.next_task = self.flow_task.chosen(self)


class Choice(nodes.Switch):
    """A gateway: the first case that holds, else the default. It reads, it never decides."""

    activation_class = ChoiceActivation

    def __init__(self, *, title: Any) -> None:
        super().__init__()
        self.task_title = title

    def chosen(self, activation: Activation) -> Any:
        """Return the node that comes next for the process as it is now."""
        return next(node for node, holds in self._branches if holds is None or holds(activation))


class Finish(nodes.End):
    """An end, with the words people read."""

    def __init__(self, *, title: Any) -> None:
        super().__init__()
        self.task_title = title


OPEN = (STATUS.NEW, STATUS.STARTED)
"""A task that waits. Steps are only ever NEW; STARTED is what viewflow has in between."""
