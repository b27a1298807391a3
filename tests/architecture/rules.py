"""House rules that no linter has, as questions to a syntax tree."""

import ast
from collections.abc import Iterator
from pathlib import Path

# What writes rows, by name.
WRITES = frozenset(
    {
        *("save", "create", "update", "delete", "get_or_create", "update_or_create"),
        *("bulk_create", "bulk_update", "bulk_create_with_history", "bulk_update_with_history"),
        *("asave", "acreate", "aupdate", "adelete", "abulk_create", "abulk_update"),
    }
)
STATEMENTS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "MERGE", "COPY")

# What makes the same rule give two answers.
IMPURE_CALLS = frozenset({"now", "today", "utcnow", "uuid1", "uuid4", "uuid7", "time_ns"})
IMPURE_NAMES = frozenset({"open", "print", "input", "exec", "eval"})
IMPURE_MODULES = frozenset({"random", "secrets", "time", "os", "logging", "socket", "subprocess"})


def writes(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and name of every call that writes rows."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        if node.func.attr in WRITES and not _is_no_row(node, node.func):
            yield node.lineno, node.func.attr
        elif node.func.attr in {"execute", "executemany"} and (statement := _statement(node)):
            yield node.lineno, statement


def _is_no_row(call: ast.Call, method: ast.Attribute) -> bool:
    """Tell whether the call changes a set, a dictionary or a visitor's session, or fills a file.

    A queryset's `update` and a row's `save` take keywords only; a file is saved somewhere.
    """
    if isinstance(method.value, ast.Attribute) and method.value.attr == "session":
        return True
    if method.attr == "save":
        return bool(call.args)
    return method.attr == "update" and bool(call.args) and not call.keywords


def _statement(call: ast.Call) -> str | None:
    """Return the first word of the SQL that the call runs, if it changes rows."""
    if not call.args or not isinstance(call.args[0], ast.Constant):
        return None
    words = str(call.args[0].value).split(None, 1)
    return words[0].upper() if words and words[0].upper() in STATEMENTS else None


def impurities(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and name of everything in a rule that is not decided by its arguments."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Attribute(attr=name)) if name in IMPURE_CALLS:
                yield node.lineno, name
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_NAMES | IMPURE_CALLS:
                yield node.lineno, name
            case ast.Import(names=names):
                for module in names:
                    if module.name.split(".")[0] in IMPURE_MODULES:
                        yield node.lineno, module.name
            case ast.ImportFrom(module=str(module)) if module.split(".")[0] in IMPURE_MODULES:
                yield node.lineno, module


def packages(project: Path) -> list[Path]:
    """Return the project's own top-level packages."""
    return sorted(
        init.parent for init in project.glob("*/__init__.py") if init.parent.name != "tests"
    )


def modules(project: Path) -> Iterator[Path]:
    """Yield every module of the project's packages."""
    for package in packages(project):
        yield from sorted(package.rglob("*.py"))
