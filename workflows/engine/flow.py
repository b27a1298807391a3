"""The base of every process here.

A flow says what comes next. It never decides and never writes: its steps wait for acts that
services carry out, its gateways read what those acts recorded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from viewflow.workflow.base import Flow

from workflows.engine.definition import digest
from workflows.engine.errors import scrubbed
from workflows.engine.lock import ProcessLock
from workflows.engine.nodes import ActStart, ActTask

if TYPE_CHECKING:
    from audit.models import Entry


class GovernedFlow(Flow):
    """A process that moves because acts are recorded, under a lock, seen only by its people.

    INVARIANT: the path of the module, the name of the class and the names of the nodes are
    stored in task rows. A published flow is never changed; its successor is a new class, and
    processes that run finish on the old one.
    """

    lock_impl = ProcessLock()

    cancelled_by: ClassVar[tuple[str, ...]] = ()
    """Acts that end the process wherever it stands."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        # Every node of every flow, stock ones too: none may keep the variables of a failure.
        for node in cls.instance.nodes():
            node.activation_class = scrubbed(node.activation_class)

    @classmethod
    def process_for(cls, entry: Entry) -> Any:
        """Return the process that the recorded act is about, or None when it is about none."""
        raise NotImplementedError

    def subject(self, process: Any) -> Any:
        """Return the row (with a `uid`) that the process is about."""
        raise NotImplementedError

    def may_view(self, person: Any, process: Any) -> bool:
        """Say whether the person may see this one process."""
        raise NotImplementedError

    def has_view_permission(self, user: Any, obj: Any = None) -> bool:
        """Decide by the object. Nobody holds a right to see all processes of a kind."""
        return obj is not None and user.is_authenticated and self.may_view(user, obj)

    def has_manage_permission(self, user: Any, obj: Any = None) -> bool:
        """Refuse. A process is moved by acts; it is not pushed, undone or revived by hand."""
        return False

    @classmethod
    def starting_acts(cls) -> frozenset[str]:
        """Return the types of acts that begin a process."""
        return frozenset(
            act for node in cls.instance.nodes() if isinstance(node, ActStart) for act in node.acts
        )

    @classmethod
    def awaited_acts(cls) -> frozenset[str]:
        """Return the types of acts that some step waits for."""
        return frozenset(
            act for node in cls.instance.nodes() if isinstance(node, ActTask) for act in node.acts
        )

    @classmethod
    def heard_acts(cls) -> frozenset[str]:
        """Return the types of acts that may change what is due, without being a step's own."""
        return frozenset(
            act for node in cls.instance.nodes() if isinstance(node, ActTask) for act in node.hears
        )

    @classmethod
    def definition_sha256(cls) -> str:
        """Return the digest of the regulation as it is written in this class."""
        return digest(cls)
