"""Try mutants of the rules: all of them, or some chosen by a seed."""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from .changes import RULES, Mutant, mutants
from .runs import TESTS, Session, collected, forked, survives_import

FOREVER = 1e6
REPORTED = 100
LISTED = Path(__file__).with_name("listed.toml")


def main() -> int:
    """Report the mutants that nobody kills and nobody has explained; fail if there are any."""
    options = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    options.add_argument("--n", type=int, default=0, help="how many to try; 0 is all")
    options.add_argument("--seconds", type=int, default=0, help="when to stop; 0 is never")
    options.add_argument("--seed", type=int, default=1, help="which mutants to choose")
    options.add_argument("--only", default="", help="a part of the path of modules to change")
    options.add_argument("--again", type=Path, help="only those named alive in an earlier output")
    options.add_argument("--tests", default="", help="one file of the tests instead of all")
    options.add_argument("--verbose", action="store_true", help="say what becomes of each")
    given = options.parse_args()

    modules = [path for path in sorted(RULES.rglob("*.py")) if given.only in str(path)]
    every = [mutant for module in modules for mutant in mutants(module)]
    explained = read_listed()
    known = {mutant.key for mutant in every}
    gone = [key for key in explained if key not in known and not given.only]
    found = [mutant for mutant in every if mutant.key not in explained]
    if given.again:
        lines = set(map(placeless, given.again.read_text(encoding="utf-8").splitlines()))
        found = [mutant for mutant in found if placeless(f"alive: {mutant}") in lines]
    random.Random(given.seed).shuffle(found)  # noqa: S311 - a choice of tests, no secret
    chosen = found[: given.n or len(found)]
    out = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")

    def say(line: str) -> None:
        out.write(f"{line}\n")
        out.flush()

    os.environ["RULES_PROFILE"] = "mutants-again" if given.again else "mutants"
    verdicts = tried_in_place(chosen, given, say)
    alive = 0
    for mutant, (verdict, files) in zip(chosen, verdicts, strict=False):
        is_alive = verdict == "alive"
        if verdict == "import":
            is_alive = survives_import(mutant, files)
            if given.verbose or is_alive:
                say(f"{'alive' if is_alive else 'killed'}: {mutant}")
        alive += is_alive
    tried = len(verdicts)
    for key in gone:
        say(f"listed, and no longer there: {' | '.join(map(str, key))}")
    listed = sum(mutant.key in explained for mutant in every)
    say(
        f"{tried} of {len(found)} mutants tried, {tried - alive} killed, {alive} alive; "
        f"{listed} more are listed as alive with a reason"
    )
    if tried == len(found) and not given.again:
        say(f"score: {tried - alive} of {len(every)}, {100 * (tried - alive) / len(every):.1f} %")
    return int(bool(alive or gone))


def tried_in_place(
    chosen: list[Mutant], given: argparse.Namespace, say: Callable[[str], None]
) -> list[tuple[str, list[str]]]:
    """Return what became of the mutants, in their order: killed, alive, or to be imported.

    With each come the files of tests that reach its module.
    """
    verdicts: list[tuple[str, list[str]]] = []
    until = time.monotonic() + given.seconds if given.seconds else float("inf")

    def report(mutant: Mutant, verdict: str, files: list[str]) -> bool:
        verdicts.append((verdict, files))
        if len(verdicts) % REPORTED == 0:
            say(f"{len(verdicts)} tried")
        if verdict == "alive" or (given.verbose and verdict == "killed"):
            say(f"{verdict}: {mutant}")
        return time.monotonic() < until

    def run(write: Callable[[object], None]) -> None:
        session = Session(chosen, report)
        code = collected([session], [str(TESTS / given.tests)])
        write(session.fault or (f"pytest ends with {code}" if code else verdicts))

    _, said = forked(run, FOREVER)
    if not isinstance(said, list):
        raise SystemExit(str(said or "the tests cannot be collected"))
    return said


def placeless(line: str) -> str:
    """Return a line of the output without the number of the line in the module."""
    return re.sub(r" #\d+$", "", re.sub(r"\.py:\d+ ", ".py ", line))


def read_listed() -> set[tuple[str, str, str, str, int]]:
    """Return the mutants of which it is said why they live."""
    written = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    return {
        (module, mutant["in"], mutant["from"], mutant["to"], mutant.get("nth", 1))
        for module, those in written.items()
        for mutant in those
        if mutant["why"]
    }


if __name__ == "__main__":
    raise SystemExit(main())
