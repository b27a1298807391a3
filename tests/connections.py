"""Several database connections at once: what happens at the same moment happens really."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

PATIENCE_SECONDS = 20


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run every act on a connection of its own, all let go at the same moment.

    Returns what each returned, or the exception that it raised, in the order of the acts.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            gate.wait(PATIENCE_SECONDS)
            return act()
        except Exception as error:  # noqa: BLE001 -- the test looks at it
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(PATIENCE_SECONDS) for future in [pool.submit(run, a) for a in acts]]
