"""Count cases: votes in a file, results with their explanation out. Needs no database."""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from governance import choice_wording, wording
from governance.domain.cases import AnyOutcome, CaseError, Library, count_case, ignored_keys
from governance.domain.documents import DocumentError, Reader
from governance.domain.explain import explain
from governance.domain.outcome import Outcome

LIBRARY = Path(__file__).resolve().parents[2] / "data" / "charters.json"

_READ = Reader(CaseError)
_BLANK = BOM_UTF8 + b" \t\r\n"


class Command(BaseCommand):
    help = (
        "Count cases, one JSON object in a line (decision-charter/1), and print each result with "
        "its trace. A case that cannot be counted is answered with an error, and the exit status "
        "is 1."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the file of cases, and what is said about them."""
        parser.add_argument("cases", metavar="CASES.jsonl", help="a file, or - for standard input")
        parser.add_argument(
            "--charters",
            metavar="FILE",
            type=Path,
            default=LIBRARY,
            help="a JSON list of charters instead of those that come with Veche",
        )
        parser.add_argument(
            "--explain", choices=["ru", "en"], help="add the explanation in sentences"
        )

    def handle(self, *, cases: str, charters: Path, explain: str | None, **_options: Any) -> None:
        """Count case by case and keep nothing, so that a file may be of any length."""
        if isinstance(sys.stdout, TextIOWrapper):
            # JSON is UTF-8 whatever the terminal speaks.
            sys.stdout.reconfigure(encoding="utf-8")
        library = _library(charters)
        failed = 0
        try:
            for answer in _answers(cases, library, explain):
                failed += "error" in answer
                self.stdout.write(json.dumps(answer, ensure_ascii=False))
        except BrokenPipeError:
            # Whoever reads has had enough; what is still in the buffer has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(1)
        if failed:
            self.stderr.write(f"{failed} cases could not be counted")
            sys.exit(1)


def _library(path: Path) -> Library:
    try:
        return Library.from_document(_read_json(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    except DocumentError as error:
        raise CommandError(f"{path}: {error}") from error


def _answers(cases: str, library: Library, language: str | None) -> Iterator[dict[str, Any]]:
    if cases == "-":
        yield from _counted(sys.stdin.buffer, library, language)
        return
    try:
        file = Path(cases).open("rb")  # noqa: SIM115 - closed below, errors of opening told apart
    except OSError as error:
        raise CommandError(f"{cases} cannot be read: {error}") from error
    with file:
        yield from _counted(file, library, language)


def _counted(
    lines: Iterable[bytes], library: Library, language: str | None
) -> Iterator[dict[str, Any]]:
    for line in lines:
        if line.strip(_BLANK):
            yield _answer(line, library, language)


def _answer(line: bytes, library: Library, language: str | None) -> dict[str, Any]:
    name: object = None
    try:
        case = _READ.mapping(_read_json(_decoded(line)), "$")
        name = case.get("id")
        _READ.name(name, "$.id")
        outcome = count_case(case, library)
    except DocumentError as error:
        known = name if isinstance(name, str) or type(name) is int else None
        message = f"{error.message} ({error.remedy})"
        return {"id": known, "error": {"path": error.path, "message": message}}
    answer = {"id": name, **_result(outcome, _numbers(case))}
    if ignored := ignored_keys(case):
        answer["ignored"] = list(ignored)
    if language is not None:
        with translation.override(language):
            answer["explanation"] = list(_sentences(outcome, case.get("candidate_names")))
    return answer


def _numbers(case: Mapping[str, Any]) -> dict[str, int]:
    """Return the ids that the rows of a counted case give as numbers, by what they are counted as.

    Who asks about member 7 is answered 7, not "7".
    """
    ids = [row.get("id") for row in case.get("rows", ())]
    return {str(number): number for number in ids if type(number) is int}


def _result(outcome: AnyOutcome, numbers: Mapping[str, int]) -> dict[str, Any]:
    """Lay out an outcome as cases are answered. What does not apply is left out."""
    answer: dict[str, Any] = {"result": outcome.result}
    if isinstance(outcome, Outcome):
        if outcome.blocked_by:
            answer["blocked_by"] = [numbers.get(name, name) for name in outcome.blocked_by]
        trace = [item.as_document() for item in outcome.trace]
    else:
        answer["winners"] = list(outcome.winners)
        if outcome.between:
            answer["between"] = list(outcome.between)
        if outcome.order:
            # One name for a place of its own, a list for a place that equals share.
            answer["order"] = [
                group[0] if len(group) == 1 else list(group) for group in outcome.order
            ]
        if outcome.quota is not None:
            answer["quota"] = outcome.quota
        trace = [item.as_document() for item in outcome.tests]
        trace += [stage.as_document() for stage in outcome.stages]
    if outcome.next:
        answer["next"] = outcome.next
    return {**answer, "trace": trace}


def _sentences(outcome: AnyOutcome, candidate_names: object) -> Iterator[str]:
    if not isinstance(outcome, Outcome):
        names = candidate_names if isinstance(candidate_names, dict) else {}
        yield from choice_wording.sentences(outcome, {key: str(names[key]) for key in names})
        return
    explanation = explain(outcome)
    for said in (explanation.result, *explanation.reasons, *explanation.blocked_by):
        yield wording.statement(said, {})
    for item in explanation.tests:
        yield wording.test_of(item, {})


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _READ.problem(
            "$", f"not UTF-8: {error.reason}", code="not_json", remedy="write UTF-8"
        ) from error


def _read_json(text: str) -> object:
    """Read JSON as strictly as it is counted: each key once, and no numbers that are none."""
    try:
        read: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_not_a_number)
        if "\\u" in text:
            # Half of a character can be written in JSON, but nowhere else.
            json.dumps(read, ensure_ascii=False).encode()
    except RecursionError as error:
        raise _READ.problem(
            "$", "nested too deeply", code="too_deep", remedy="write it flat"
        ) from error
    except CaseError:
        raise
    except ValueError as error:
        # Not JSON, or an integer of thousands of digits.
        raise _READ.problem(
            "$", f"not JSON: {error}", code="not_json", remedy="write one object in one line"
        ) from error
    return read


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _READ.problem(
            "$", f"the key {twice!r} is there twice", code="duplicate", remedy="write it once"
        )
    return read


def _not_a_number(name: str) -> object:
    raise _READ.problem(
        "$", f"{name} is not a number", code="not_a_rational", remedy="write an integer or 'p/q'"
    )
