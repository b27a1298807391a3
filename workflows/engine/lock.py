"""The lock under which a process moves.

viewflow's default is no lock: four clients finishing one task each finished it. Its own
database lock retries inside the caller's transaction, which PostgreSQL has by then aborted.
This one waits for the row instead, a bounded time, and retries only where nothing is lost.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from audit.acts import ActRefused

if TYPE_CHECKING:
    from collections.abc import Iterator


class ProcessBusy(ActRefused):
    """Another act on the same process did not end in time. The whole act may be tried again."""

    message = _("Another act on this matter is being recorded. Please try again in a moment.")
    code = "process_busy"


@dataclass(frozen=True, slots=True)
class ProcessLock:
    """Hold the row of the process until the transaction ends.

    Inside a transaction it is tried once: a lock that was not granted has aborted the
    transaction, so the act as a whole is refused and whoever called it may call again.
    Outside one, each attempt is a transaction of its own.
    """

    wait_milliseconds: int = 5_000
    attempts: int = 3

    @contextmanager
    def __call__(self, flow_class: Any, process_pk: int) -> Iterator[None]:
        """Take the lock, run the body in a transaction, release it with the commit.

        Raises:
            ProcessBusy: the row was not free within the time allowed.
        """
        if connection.in_atomic_block:
            self._take(flow_class, process_pk)
            yield
            return

        for attempt in range(1, self.attempts + 1):
            with transaction.atomic():
                try:
                    self._take(flow_class, process_pk)
                except ProcessBusy:
                    if attempt == self.attempts:
                        raise
                    # Leaves this transaction; the next attempt begins a new one.
                    transaction.set_rollback(True)
                    continue
                yield
                return

    def _take(self, flow_class: Any, process_pk: int) -> None:
        """Wait for the row of the process's own table, which every act on it locks."""
        # No order and no column of the parent table: a join would lock that table too.
        rows = flow_class.process_class._base_manager.filter(pk=process_pk).order_by()
        with connection.cursor() as cursor:
            # Only for this statement: other locks of the same act keep their own limit.
            cursor.execute("SELECT current_setting('lock_timeout')")
            (before,) = cursor.fetchone()
            cursor.execute(
                "SELECT set_config('lock_timeout', %s, true)", [f"{self.wait_milliseconds}ms"]
            )
            try:
                found = list(rows.select_for_update().values_list("pk"))
            except OperationalError as failure:
                if getattr(failure.__cause__, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                    raise
                raise ProcessBusy from failure
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [before])
        if not found:
            raise flow_class.process_class.DoesNotExist(f"no process {process_pk}")


LOCK_NOT_AVAILABLE = "55P03"
"""SQLSTATE of a lock that was not granted within `lock_timeout`."""
