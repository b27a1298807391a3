"""Run the tests of the rules on a mutant, in a process of its own.

A change inside a function is put into the function while everything else stays loaded, and only the
tests run that reach the line: that takes a fraction of a second. What takes effect on import is
tried on freshly imported modules with all tests, and so is a line which the tests run while they
are being imported, should the first try leave it alive.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeAlias

import coverage
import pytest
from _pytest.runner import runtestprotocol

from .changes import ROOT, RULES, Mutant

TESTS = ROOT / "tests" / "governance" / "domain"
MOST_MEMORY = 3 << 30
LEAST_SECONDS = 5.0
Report: TypeAlias = Callable[[Mutant, str, list[str]], bool]
"""Is told what became of a mutant, and which files of tests reach its module; says to go on."""
LONGEST = 3600.0


@dataclass
class Reached:
    """Which tests reach which line, how long each takes, and what runs when tests are imported."""

    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    imported: dict[str, set[int]] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)

    def of(self, mutant: Mutant) -> list[str]:
        """Return the tests that reach a mutant, the most promising first."""
        lines = self.tests.get(str(mutant.module), {})
        found = {test for line in mutant.lines for test in lines.get(line, ())}
        return sorted(found, key=lambda test: (self.seconds[test] / (1 + self.kills[test]), test))

    def files(self, mutant: Mutant) -> list[str]:
        """Return the files of tests that reach the module of a mutant, the quickest first."""
        lines = self.tests.get(str(mutant.module), {})
        seconds: Counter[str] = Counter()
        for test in {test for tests in lines.values() for test in tests}:
            seconds[test.split("::")[0]] += self.seconds[test]  # type: ignore[assignment]
        return sorted(seconds, key=lambda file: (seconds[file], file))

    def on_import(self, mutant: Mutant) -> bool:
        """Say whether the tests run a mutant while they are being imported."""
        return not mutant.lines.isdisjoint(self.imported.get(str(mutant.module), ()))


class Session:
    """A pytest session that has collected the tests and runs them once for every mutant.

    INVARIANT: nothing is run in this process itself; every run is a fork of it.
    """

    def __init__(self, mutants: Sequence[Mutant], report: Report) -> None:
        self.mutants = mutants
        self.report = report
        self.reached = Reached()
        self.fault = ""
        self._importing = measuring()

    def pytest_sessionstart(self) -> None:
        self._importing.start()

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._importing.stop()
        self.reached.imported = {
            file: set(self._importing.get_data().lines(file) or ())
            for file in self._importing.get_data().measured_files()
        }
        items = {item.nodeid: item for item in session.items}
        self.fault = self._measure(list(items.values()))
        if self.fault:
            return True
        for mutant in self.mutants:
            found = [] if not mutant.function else self.reached.of(mutant)
            verdict = "alive"
            if found and (test := self._killed_by(mutant, [items[name] for name in found])):
                self.reached.kills[test] += 1
                verdict = "killed"
            elif not mutant.function or self.reached.on_import(mutant):
                verdict = "import"
            if not self.report(mutant, verdict, self.reached.files(mutant)):
                break
        return True

    def _measure(self, items: list[pytest.Item]) -> str:
        """See which lines each test reaches; return which of them does not pass."""

        def run(write: Callable[[object], None]) -> None:
            reached, seconds = measuring(), {}
            reached.start()
            for item, following in pairs(items):
                reached.switch_context(item.nodeid)
                begun = time.perf_counter()
                if failed(item, following):
                    write(f"{item.nodeid} fails without any mutant")
                    os._exit(1)
                seconds[item.nodeid] = time.perf_counter() - begun
            reached.stop()
            data = reached.get_data()
            write(
                {
                    "seconds": seconds,
                    "tests": {
                        file: {
                            line: [name for name in names if name]
                            for line, names in data.contexts_by_lineno(file).items()
                        }
                        for file in data.measured_files()
                    },
                }
            )

        code, said = forked(run, LONGEST)
        if code != 0 or not isinstance(said, dict):
            return str(said or "the tests take too long")
        self.reached.seconds = said["seconds"]
        self.reached.tests = {
            file: {int(line): names for line, names in lines.items()}
            for file, lines in said["tests"].items()
        }
        return ""

    def _killed_by(self, mutant: Mutant, items: list[pytest.Item]) -> str:
        """Return the test that kills a mutant put into its function, or nothing."""

        def run(write: Callable[[object], None]) -> None:
            put_in(mutant)
            for item, following in pairs(items):
                if failed(item, following):
                    write(item.nodeid)
                    os._exit(1)

        known = sum(self.reached.seconds[item.nodeid] for item in items)
        code, said = forked(run, LEAST_SECONDS + 5 * known)
        return "" if code == 0 else str(said or items[0].nodeid)


def measuring() -> coverage.Coverage:
    """Return what sees the lines of the rules that are run."""
    seeing = coverage.Coverage(data_file=None, include=[str(RULES / "*")], config_file=False)
    # One file of tests may find all rules imported already, and then there is nothing to see.
    seeing.set_option("run:disable_warnings", ["no-data-collected"])
    return seeing


def pairs(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Yield each test with the one after it."""
    yield from zip(items, [*items[1:], None], strict=True)


def failed(item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run one test."""
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def put_in(mutant: Mutant) -> None:
    """Give the function in which a mutant lies its changed code, wherever it is already used."""
    code = compile(mutant.source, str(mutant.module), "exec")
    found: Any = sys.modules[mutant.name]
    for name in mutant.function.split("."):
        code = next(
            const
            for const in code.co_consts
            if isinstance(const, CodeType) and const.co_name == name
        )
        found = vars(found)[name]
    function_of(found).__code__ = code


def function_of(found: Any) -> FunctionType:
    """Return the function under what decorates it."""
    for name in ("fget", "__func__", "__wrapped__", "func"):
        if not isinstance(found, FunctionType) and hasattr(found, name):
            found = getattr(found, name)
    if not isinstance(found, FunctionType):
        raise TypeError(found)
    return found


class Instead(MetaPathFinder, Loader):
    """Import the mutant where its module is asked for."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.mutant.name:
            return None
        return spec_from_file_location(fullname, self.mutant.module, loader=self)

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        code = compile(self.mutant.source, str(self.mutant.module), "exec")
        exec(code, module.__dict__)  # noqa: S102 - our own source, a little changed


def survives_import(mutant: Mutant, files: Sequence[str]) -> bool:
    """Import everything with the mutant in it, and run the files of tests that reach its module."""

    def run(write: Callable[[object], None]) -> None:
        sys.meta_path.insert(0, Instead(mutant))
        os._exit(int(bool(collected([], files))))

    code, _ = forked(run, LONGEST)
    return code == 0


def collected(plugins: Iterable[object], files: Sequence[str] = ()) -> int:
    """Run pytest on the tests of the rules, or on some files of them in this order."""
    chosen = files or [str(TESTS)]
    arguments = [*chosen, "-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(ROOT)]
    return pytest.main(arguments, plugins=list(plugins))


def forked(run: Callable[[Callable[[object], None]], None], seconds: float) -> tuple[int, object]:
    """Do something in a process of its own; return how it ended and what it wrote.

    One that takes too long is ended, and has not ended well.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        with Path(os.devnull).open("w", encoding="utf-8") as nothing:
            os.dup2(nothing.fileno(), 1)
            os.dup2(nothing.fileno(), 2)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, seconds)
        code = 1
        with contextlib.suppress(BaseException):
            run(lambda said: told(writing, said))
            code = 0
        os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        written = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(written) if written else None


def told(pipe: int, said: object) -> None:
    """Write something to whoever waits, whole."""
    with os.fdopen(os.dup(pipe), "wb") as out:
        out.write(json.dumps(said).encode())
