"""How lines become clauses.

* “1. Title” begins a section when clauses “1.1”, “1.2” follow; alone it is a clause. “Раздел 1.”,
  “Глава 1.”, “Section 1.” always begin one.
* “1.1”, “1.1.”, «1.1.1» begin a clause. A short first line without a full stop, followed by other
  lines, is its title. “1)” and “a)” are items of a list inside a clause.
* Under a heading «Термины и определения» a line “term – meaning” is a definition.
* What stands before the first number is the preamble.

Everything else continues the clause above, line by line. Markup has no meaning here: it is text.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.acts import ActRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.utils.functional import _StrPromise

LONGEST_TEXT = 20_000
LONGEST_TITLE = 300
MOST_CLAUSES = 2_000
MOST_BLOCKS = 2 * MOST_CLAUSES
MOST_PROBLEMS = 50
"""How many problems are reported at once; a file with more is not a draft."""

PREAMBLE_NUMBER = "0"
"""The number of the preamble; definitions without one follow as 0.1, 0.2 …"""

_PART = r"[1-9]\d{0,2}"
_NUMBERED = re.compile(
    # One number alone needs its full stop: a line may begin with “5 hours”. Without a space
    # the words must begin with a letter: 12.5.2027 is a date.
    rf"[«“\"]?(?P<number>{_PART}(?:\.{_PART}){{1,4}}|{_PART}(?=[»”\"]?\.))[»”\"]?"
    r"(?:[.)]?\s+(?P<rest>.*)|[.)](?P<tight>[^\W\d].*)|[.)]?)"
)
_SECTION = re.compile(
    rf"(?:раздел|глава|section|chapter|part)\s+(?P<number>{_PART})(?:[.:]?\s+(?P<rest>.*)|[.:]?)",
    re.IGNORECASE,
)
_DEFINITIONS = re.compile(
    r"(?:основные\s+)?(?:термины|понятия)(?:\s+и\s+(?:их\s+)?определения)?:?"
    r"|определения:?|(?:terms\s+and\s+)?definitions:?",
    re.IGNORECASE,
)
_PREAMBLE = re.compile(r"(?:преамбула|preamble)[.:]?", re.IGNORECASE)
_PROVISIONS = re.compile(r"(?:заключительные|переходные|final|transitional)\b.*", re.IGNORECASE)
_DEFINITION = re.compile(r"(?P<term>[^–—]{1,200}?)\s+[–—-]\s+(?P<meaning>\S.*)", re.DOTALL)
_ENDS_A_SENTENCE = re.compile(r"[.;:!?…]$")
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)
_SPACES = re.compile(r"[^\S\n]+")


class Kind(StrEnum):
    """What a piece of a draft is. The values are those of a clause in `negotiation`."""

    PREAMBLE = "preamble"
    DEFINITION = "definition"
    CLAUSE = "clause"
    PROVISION = "provision"


@dataclass(frozen=True, slots=True)
class ParsedSection:
    """A heading, with the line on which it stands."""

    number: str
    title: str
    line: int


@dataclass(frozen=True, slots=True)
class ParsedClause:
    """A clause as it was found, with the line on which it begins."""

    number: str
    title: str
    text: str
    kind: Kind
    section: ParsedSection | None
    line: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken over."""

    line: int
    code: str
    message: str | _StrPromise

    def __str__(self) -> str:
        return _("Line %(line)s: %(message)s") % {"line": self.line, "message": self.message}


class ImportRefused(ActRefused):
    """The draft cannot be read without losing something; nothing was taken over."""

    message = gettext_lazy("The draft was not read: correct the lines named below.")
    code = "draft_unreadable"

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(lines=[problem.line for problem in self.problems])

    def __str__(self) -> str:
        return "\n".join([str(self.message), *(str(problem) for problem in self.problems)])


@dataclass(slots=True)
class _Block:
    """A numbered line, or the beginning of the file, and the lines below it."""

    number: str
    line: int
    is_section: bool = False
    lines: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, words: str, line: int) -> None:
        """Add a line and remember where it stands."""
        self.lines.append(words)
        self.places.append(line)

    @property
    def level(self) -> int:
        """How deep the number is: 1 for “3.”, 2 for “3.1”."""
        return self.number.count(".") + 1 if self.number else 0


def clauses_from_text(text: str) -> list[ParsedClause]:
    """Return the clauses of a draft in their order.

    Raises:
        ImportRefused: some lines cannot be placed; `problems` names them.
    """
    return clauses_from_lines(enumerate(text.splitlines(), start=1))


def clauses_from_lines(
    lines: Iterable[tuple[int, str]], problems: Iterable[Problem] = ()
) -> list[ParsedClause]:
    """Return the clauses of numbered lines.

    Args:
        lines: the number and the words of each line; empty ones are passed over.
        problems: what the reader of the file has found already.

    Raises:
        ImportRefused: the reader found problems, or some lines cannot be placed.
    """
    found = list(problems)
    # What lies beyond the limit is not even looked at: the file is refused anyway.
    blocks = list(islice(_blocks(lines, found), MOST_BLOCKS))
    _mark_sections(blocks)
    clauses = list(_clauses(blocks, found))
    if not found and not any(clause.kind is not Kind.PREAMBLE for clause in clauses):
        found.append(Problem(1, "no_clauses", gettext_lazy("no numbered clause was found.")))
    if len(clauses) > MOST_CLAUSES or len(blocks) == MOST_BLOCKS:
        line = clauses[MOST_CLAUSES].line if len(clauses) > MOST_CLAUSES else blocks[-1].line
        found.append(Problem(line, "too_many", gettext_lazy("there are too many clauses.")))
    found += _repeated(clauses)
    if found:
        in_order = sorted(found, key=lambda problem: problem.line)
        raise ImportRefused(in_order[:MOST_PROBLEMS])
    return clauses


def _blocks(lines: Iterable[tuple[int, str]], problems: list[Problem]) -> Iterator[_Block]:
    """Gather each numbered line with the lines below it."""
    block = _Block(number="", line=1)
    for line, raw in lines:
        if _INVISIBLE.search(raw):
            problems.append(
                Problem(line, "invisible", gettext_lazy("remove the invisible characters."))
            )
        words = _tidy(raw)
        if not words:
            continue
        if section := _SECTION.fullmatch(words):
            yield block
            block = _Block(section["number"], line, is_section=True)
            words = section["rest"]
        elif item := _NUMBERED.fullmatch(words):
            yield block
            block = _Block(item["number"], line)
            words = item["rest"] or item["tight"]
        elif _PREAMBLE.fullmatch(words) or _DEFINITIONS.fullmatch(words):
            yield block
            block = _Block(number="", line=line, is_section=True)
        if words:
            block.add(words, line)
    yield block


def _mark_sections(blocks: list[_Block]) -> None:
    """Say which single numbers are headings: those whose numbers others continue."""
    continued = {block.number.partition(".")[0] for block in blocks if block.level > 1}
    for block in blocks:
        title = block.lines[0] if block.lines else ""
        if block.level == 1 and (block.number in continued or _DEFINITIONS.fullmatch(title)):
            block.is_section = True


def _clauses(blocks: Iterable[_Block], problems: list[Problem]) -> Iterator[ParsedClause]:
    """Turn blocks into clauses, remembering the section they stand in."""
    section: ParsedSection | None = None
    kind = Kind.CLAUSE
    headings: set[str] = set()
    for block in blocks:
        if block.is_section:
            title = block.lines[0] if block.lines else ""
            kind = _kind_under(title)
            section = ParsedSection(block.number, title, block.line) if block.number else None
            if section:
                problems += _problems_of_section(section, headings)
                headings.add(section.number)
            yield from _under_heading(block, kind, section, problems)
        elif not block.number:
            yield from _preamble(block.lines, block.places)
        else:
            if section and not block.number.startswith(f"{section.number}."):
                section, kind = None, Kind.CLAUSE
            clause = _clause(block, kind, section)
            problems += _problems_of_clause(clause)
            yield clause


def _under_heading(
    block: _Block, kind: Kind, section: ParsedSection | None, problems: list[Problem]
) -> Iterator[ParsedClause]:
    """Read what stands below a heading and bears no number."""
    lines, places = block.lines[1:], block.places[1:]
    if kind is Kind.PREAMBLE:
        yield from _preamble(lines, places)
    elif kind is Kind.DEFINITION:
        for ordinal, (words, line) in enumerate(zip(lines, places, strict=True), start=1):
            yield _definition(ordinal, words, section, line, problems)
    elif lines:
        message = gettext_lazy("text stands between a heading and its first clause.")
        problems.append(Problem(places[0], "text_under_heading", message))


def _preamble(lines: list[str], places: list[int]) -> Iterator[ParsedClause]:
    """Read what stands before the first number, if anything does."""
    if lines:
        yield ParsedClause(PREAMBLE_NUMBER, "", "\n".join(lines), Kind.PREAMBLE, None, places[0])


def _clause(block: _Block, kind: Kind, section: ParsedSection | None) -> ParsedClause:
    """Divide the lines of a block into title and text."""
    first, *rest = block.lines or [""]
    if kind is Kind.DEFINITION and (definition := _DEFINITION.fullmatch("\n".join(block.lines))):
        title, text = definition["term"], definition["meaning"]
    elif rest and len(first) <= LONGEST_TITLE and not _ENDS_A_SENTENCE.search(first):
        title, text = first, "\n".join(rest)
    else:
        title, text = "", "\n".join(block.lines)
    return ParsedClause(block.number, title, text, kind, section, block.line)


def _definition(
    ordinal: int,
    words: str,
    section: ParsedSection | None,
    line: int,
    problems: list[Problem],
) -> ParsedClause:
    """Read “term – meaning” that bears no number."""
    number = f"{section.number if section else PREAMBLE_NUMBER}.{ordinal}"
    found = _DEFINITION.fullmatch(words)
    if found is None:
        message = gettext_lazy("a definition is written “term – meaning”.")
        problems.append(Problem(line, "not_a_definition", message))
        return ParsedClause(number, "", words, Kind.DEFINITION, section, line)
    return ParsedClause(number, found["term"], found["meaning"], Kind.DEFINITION, section, line)


def _problems_of_section(section: ParsedSection, headings: set[str]) -> Iterator[Problem]:
    """Say what is wrong with a heading that follows those with these numbers."""
    if section.number in headings:
        message = gettext_lazy("this number is given twice.")
        yield Problem(section.line, "number_twice", message)
    if not section.title:
        yield Problem(section.line, "no_title", gettext_lazy("the section has no title."))
    elif len(section.title) > LONGEST_TITLE:
        yield Problem(section.line, "title_too_long", gettext_lazy("the title is too long."))


def _problems_of_clause(clause: ParsedClause) -> Iterator[Problem]:
    """Say what is wrong with a clause by itself."""
    if not clause.text:
        yield Problem(clause.line, "no_text", gettext_lazy("the clause has no text."))
    elif len(clause.text) > LONGEST_TEXT:
        yield Problem(clause.line, "text_too_long", gettext_lazy("the clause is too long."))


def _repeated(clauses: Iterable[ParsedClause]) -> Iterator[Problem]:
    """Say which numbers are given twice, or come after a greater one."""
    seen: set[str] = set()
    greatest: tuple[int, ...] = ()
    for clause in clauses:
        path = tuple(int(part) for part in clause.number.split("."))
        if clause.number in seen:
            message = gettext_lazy("this number is given twice.")
            yield Problem(clause.line, "number_twice", message)
        elif path < greatest:
            message = gettext_lazy("this number comes after a greater one.")
            yield Problem(clause.line, "number_out_of_order", message)
        seen.add(clause.number)
        greatest = max(greatest, path)


def _kind_under(title: str) -> Kind:
    """Return what stands under a heading."""
    if _PREAMBLE.fullmatch(title):
        return Kind.PREAMBLE
    if _DEFINITIONS.fullmatch(title):
        return Kind.DEFINITION
    return Kind.PROVISION if _PROVISIONS.fullmatch(title) else Kind.CLAUSE


def _tidy(words: str) -> str:
    """Write a line in one way: composed characters, single spaces, no soft hyphens."""
    composed = unicodedata.normalize("NFC", words.replace("\u00ad", ""))
    return _SPACES.sub(" ", composed).strip()
