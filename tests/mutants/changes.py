"""Where a rule can be changed, and into what."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "governance" / "domain"

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
    ast.Mod: ast.Add,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Mutant:
    """One changed module: where, what was there, what stands there now, the whole source.

    `function` is the qualified name of the outermost function in which the change lies, empty where
    it takes effect when the module is imported; it is the `nth` change of its kind there. `lines`
    are those that run when it has an effect.
    """

    module: Path
    line: int
    lines: frozenset[int]
    function: str
    before: str
    after: str
    nth: int
    source: str

    @property
    def name(self) -> str:
        """The name under which the module is imported."""
        return ".".join(self.module.relative_to(ROOT).with_suffix("").parts)

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What it is known by when lines above it come and go."""
        module = str(self.module.relative_to(RULES))
        return (module, self.function, self.before, self.after, self.nth)

    def __str__(self) -> str:
        place = f"{self.module.relative_to(ROOT)}:{self.line}"
        nth = f" #{self.nth}" if self.nth > 1 else ""
        return f"{place} {self.function or '-'}: {self.before}  →  {self.after}{nth}"


@dataclass(frozen=True)
class Change:
    """A part of a node that becomes another one."""

    node: ast.AST
    part: str
    to: object

    def __call__(self) -> None:
        """Make the change."""
        setattr(self.node, self.part, self.to)


@dataclass(frozen=True)
class Place:
    """Where a node stands: its function, if it is in the body of one, and its statement."""

    function: str
    statement: ast.stmt | None


def mutants(module: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    source = module.read_text(encoding="utf-8")
    whole = ast.parse(source)
    places = dict(placed(whole, Place("", None), ()))
    alike: Counter[tuple[str, str, str]] = Counter()
    for number, node in enumerate(ast.walk(whole)):
        if node not in places:
            continue
        place = places[node]
        for variant in range(len(list(changes(node)))):
            tree = ast.parse(source)
            same = list(ast.walk(tree))[number]
            before = shown(same)
            list(changes(same))[variant]()
            after = shown(same)
            alike[place.function, before, after] += 1
            yield Mutant(
                module=module,
                line=getattr(same, "lineno", place.statement.lineno if place.statement else 0),
                lines=frozenset(run_with(node, place.statement)),
                function=place.function,
                before=before,
                after=after,
                nth=alike[place.function, before, after],
                source=ast.unparse(tree),
            )


def placed(node: ast.AST, place: Place, outer: tuple[str, ...]) -> Iterator[tuple[ast.AST, Place]]:
    """Yield every node that can be changed, with its place.

    Annotations are not run. Decorators are left out: whether a value is frozen is no rule.
    """
    if isinstance(node, ast.stmt):
        place = Place(place.function, node)
    yield node, place
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"}:
            continue
        inside, names = place, outer
        if isinstance(node, ast.ClassDef) and not place.function:
            names = (*outer, node.name)
        if isinstance(node, FUNCTIONS) and name == "body" and not place.function:
            inside = Place(".".join((*outer, node.name)), node)
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from placed(child, inside, names)


def run_with(node: ast.AST, statement: ast.stmt | None) -> Iterator[int]:
    """Yield the lines that run when a node does: its own, and its statement without its body."""
    for part in (node, statement):
        if part is None or not hasattr(part, "lineno"):
            continue
        first, last = part.lineno, part.end_lineno or part.lineno
        body = getattr(part, "body", None)
        if isinstance(body, list) and body:
            last = max(first, body[0].lineno - 1)
        if isinstance(part, ast.Match):
            last = part.subject.end_lineno or first
        yield from range(first, last + 1)


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the ways to change one place."""
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                if type(op) in COMPARED:
                    changed = COMPARED[type(op)]()
                    yield Change(node, "ops", [*ops[:place], changed, *ops[place + 1 :]])
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
        case ast.comprehension(ifs=[_, *_] as ifs):
            for place, test in enumerate(ifs):
                changed = ast.UnaryOp(ast.Not(), test)
                yield Change(node, "ifs", [*ifs[:place], changed, *ifs[place + 1 :]])
        case ast.Continue():
            yield Change(node, "__class__", ast.Break)


def is_of_types(node: ast.BinOp) -> bool:
    """Say whether `a | b` is of types, which are not computed with."""
    written = ast.unparse(node)
    return "None" in written or written.split(" | ")[-1] in {"str", "int", "Fraction", "tuple"}


def shown(node: ast.AST) -> str:
    """Write a place down in one line, a statement by its head."""
    match node:
        case ast.If(test=test) | ast.While(test=test):
            return f"{type(node).__name__.lower()} {ast.unparse(test)}"
        case ast.comprehension():
            return ast.unparse(node).strip()
    return ast.unparse(node)
