"""How the benchmarks measure and how they show it."""
# ruff: noqa: INP001 - the scripts here are modules to run, not a package to import

from __future__ import annotations

import sys
from collections.abc import Callable
from time import process_time
from typing import TypeVar

Made = TypeVar("Made")


def best_of(
    rounds: int, work: Callable[[], Made], *, times: int = 1, warm: bool = True
) -> tuple[float, Made]:
    """Do the work `times` times in each round; return the seconds of the best round for one.

    Once before, unmeasured, where it is to be warm.
    """
    seconds = float("inf")
    if warm:
        made = work()
    for _ in range(rounds):
        began = process_time()
        for _ in range(times):
            made = work()
        seconds = min(seconds, (process_time() - began) / times)
    return seconds, made


def show(*columns: str) -> None:
    """Write one line of a table."""
    first, *others = columns
    sys.stdout.write(f"{first:<34}" + "".join(f"{column:>18}" for column in others) + "\n")
