"""Change the rules a little, one place at a time, and see whether a test notices.

A mutant that no test kills is either a change without a meaning or a line that no test holds. It is
listed with its place, for a person to say which. Tests run in a forked process for each mutant,
which gets the changed source of one module and all others as they are.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]
RULES = ROOT / "governance" / "domain"
# The quick ones first: most mutants are killed by a table of cases.
TESTS = (
    "test_known_cases.py",
    "test_decide.py",
    "test_choice_methods.py",
    "test_choice_poll.py",
    "test_choice_charter.py",
    "test_charter.py",
    "test_proxies.py",
    "test_explain.py",
    "test_mandates.py",
    "test_procedure.py",
    "test_table.py",
    "test_validity.py",
    "test_choice_properties.py",
    "test_every_vote.py",
    "test_properties.py",
)

LONGEST = 3600.0

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True)
class Mutant:
    """One changed module: where, what was there, what stands there now, the whole source."""

    module: Path
    line: int
    before: str
    after: str
    source: str

    @property
    def name(self) -> str:
        """The name under which the module is imported."""
        return ".".join(self.module.relative_to(ROOT).with_suffix("").parts)


def mutants(module: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    source = module.read_text(encoding="utf-8")
    whole = ast.parse(source)
    decorating = {part for node in ast.walk(whole) for part in decorations(node)}
    for place, node in enumerate(ast.walk(whole)):
        if node in decorating:
            continue
        for variant in range(len(list(changes(node)))):
            tree = ast.parse(source)
            same = list(ast.walk(tree))[place]
            before = ast.unparse(same) if isinstance(same, ast.expr) else "…"
            apply = list(changes(same))[variant]
            apply()
            changed = ast.unparse(tree)
            yield Mutant(module, getattr(same, "lineno", 0), before, ast.unparse(same), changed)


def decorations(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands in the decorators of a node: whether a value is frozen is no rule."""
    for decorator in getattr(node, "decorator_list", ()):
        yield from ast.walk(decorator)


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the ways to change one place."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in COMPARED:
            yield Change(node, "ops", [COMPARED[type(op)]()])
        case ast.BinOp(op=op) if type(op) in CALCULATED and not is_of_types(node):
            yield Change(node, "op", CALCULATED[type(op)]())
        case ast.BoolOp(op=op):
            yield Change(node, "op", ast.And() if isinstance(op, ast.Or) else ast.Or())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield Change(node, "operand", ast.UnaryOp(ast.Not(), operand))
        case ast.Constant(value=bool() as value):
            yield Change(node, "value", not value)
        case ast.Constant(value=int() as value):
            yield Change(node, "value", value + 1)
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield Change(node, "test", ast.UnaryOp(ast.Not(), test))


def is_of_types(node: ast.BinOp) -> bool:
    """Say whether `a | b` is of types, which are not computed with."""
    written = ast.unparse(node)
    return "None" in written or written.split(" | ")[-1] in {"str", "int", "Fraction", "tuple"}


@dataclass(frozen=True)
class Change:
    """A part of a node that becomes another one."""

    node: ast.AST
    part: str
    to: object

    def __call__(self) -> None:
        """Make the change."""
        setattr(self.node, self.part, self.to)


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


def survives(mutant: Mutant | None, patience: float) -> bool:
    """Run the tests on a mutant, in a process of its own. One that hangs is dead.

    Without a mutant, what the tests say is shown: they have to pass before anything is changed.
    """
    child = os.fork()
    if not child:
        if mutant is not None:
            with Path(os.devnull).open("w", encoding="utf-8") as nothing:
                os.dup2(nothing.fileno(), 1)
                os.dup2(nothing.fileno(), 2)
            sys.meta_path.insert(0, Instead(mutant))
        tests = [str(ROOT / "tests" / "governance" / "domain" / test) for test in TESTS]
        os._exit(int(bool(pytest.main([*tests, "-x", "-q", "-p", "no:cacheprovider"]))))
    until = time.monotonic() + patience
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.1)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, 9)
    os.waitpid(child, 0)
    return False


def main() -> None:
    """Try mutants chosen by a seed until there are enough of them or the time is up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--n", type=int, default=60, help="how many mutants to try")
    options.add_argument("--seconds", type=int, default=900, help="when to stop beginning new ones")
    options.add_argument("--seed", type=int, default=1, help="which mutants to choose")
    options.add_argument("--only", default="", help="a part of the path of modules to change")
    given = options.parse_args()

    modules = [path for path in sorted(RULES.rglob("*.py")) if given.only in str(path)]
    found = [mutant for module in modules for mutant in mutants(module)]
    random.Random(given.seed).shuffle(found)  # noqa: S311 - a choice of tests, no secret
    began = time.monotonic()
    if not survives(None, LONGEST):
        raise SystemExit("the tests do not pass without any mutant")
    # One that takes four times as long as all tests together hangs, even on a busy machine.
    patience = 4 * (time.monotonic() - began)
    until = time.monotonic() + given.seconds
    tried = survived = 0
    for mutant in found[: given.n]:
        if time.monotonic() > until:
            break
        tried += 1
        if survives(mutant, patience):
            survived += 1
            place = f"{mutant.module.relative_to(ROOT)}:{mutant.line}"
            sys.stdout.write(f"{place}: {mutant.before}  →  {mutant.after}\n")
            sys.stdout.flush()
    sys.stdout.write(f"{tried} of {len(found)} mutants tried, {tried - survived} killed\n")


if __name__ == "__main__":
    main()
