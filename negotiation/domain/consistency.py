"""Is a text fit to be circulated, and fit to be adopted as a whole?

Before it is circulated every clause must be translated. Before the final vote the text must also
agree with itself: no reference leads to a clause that is not there, and the thresholds that will be
measured are those that the words name.

Texts are Russian and English sentences, so thresholds are looked for both as figures and as words
(«не менее трёх», "at least half"). What follows from the grammar and is not named by a number —
all, none, every — is not looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .canonical import NotExact, canonical_text
from .exact import exact
from .numerals import numbers_in


class ProblemCode(StrEnum):
    """What can be wrong with a text."""

    NOT_TRANSLATED = "not_translated"
    TRANSLATION_STALE = "translation_stale"
    DANGLING_REFERENCE = "dangling_reference"
    THRESHOLD_NOT_IN_TEXT = "threshold_not_in_text"
    TERMS_NOT_EXACT = "terms_not_exact"


@dataclass(frozen=True, slots=True)
class ClauseText:
    """A clause as it stands in the text.

    `translates_sha256` is the digest of the Russian text that the English one renders. `terms` may
    hold `indicators`; nothing else in it is read.
    """

    number: str
    text_ru: str
    text_en: str
    sha256_ru: str
    translates_sha256: str
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and the detail that shows it.

    `detail` is the number referred to, or the threshold that was not found; `language` is `ru` or
    `en` where the problem is in one text only.
    """

    code: ProblemCode
    clause: str
    detail: str = ""
    language: str = ""


def not_ready(clauses: Iterable[ClauseText]) -> tuple[Problem, ...]:
    """Return what keeps the text from being circulated."""
    return tuple(problem for clause in clauses for problem in _translation(clause))


def inconsistencies(clauses: Sequence[ClauseText]) -> tuple[Problem, ...]:
    """Return everything that keeps the text from being adopted as a whole.

    `clauses` are those to be adopted. A reference to a clause that is left out is dangling, unless
    the sentence names it as a disagreement.
    """
    known = {clause.number for clause in clauses}
    return tuple(
        problem
        for clause in clauses
        for check in (_translation(clause), _references(clause, known), _thresholds(clause))
        for problem in check
    )


def _translation(clause: ClauseText) -> Iterator[Problem]:
    if not clause.text_en.strip():
        yield Problem(ProblemCode.NOT_TRANSLATED, clause.number, language="en")
    elif clause.translates_sha256 != clause.sha256_ru:
        yield Problem(ProblemCode.TRANSLATION_STALE, clause.number, language="en")


# «п. 3.1», «пункта 3.1», «пунктами 3.1 и 3.2», "clause 3.1", "clauses 3.1, 3.2 and 4.1". A number
# of one part («пункт 2 статьи 47») points into a law, and so does one followed by an article.
_NUMBER = r"[0-9]+(?:\.[0-9]+)+"
_LIST = rf"{_NUMBER}(?:\s*(?:,|и|или|and|or|–|-)\s*{_NUMBER})*"
_REFERENCE = re.compile(
    rf"(?:\bпп?\.|\bпункт\w*|\bподпункт\w*|\bclauses?)\s*(?P<numbers>{_LIST})"
    r"(?!\s*(?:стать|ст\.|of\s+article|of\s+the\s+\w+\s+code))",
    re.IGNORECASE,
)
# «разногласие по пункту 5.4» speaks of a clause that is not in the text, and means to.
_OF_A_DISAGREEMENT = re.compile(
    r"(?:разногласи\w*\s+по|disagreements?\s+(?:on|about))\s*$", re.IGNORECASE
)


def references(text: str) -> tuple[str, ...]:
    """Return the numbers of the clauses that a text relies on, in their order, each once."""
    plain = canonical_text(text)
    found = (
        number
        for match in _REFERENCE.finditer(plain)
        if not _OF_A_DISAGREEMENT.search(plain[: match.start()])
        for number in re.findall(_NUMBER, match["numbers"])
    )
    return tuple(dict.fromkeys(found))


def _references(clause: ClauseText, known: set[str]) -> Iterator[Problem]:
    for language, text in (("ru", clause.text_ru), ("en", clause.text_en)):
        for number in references(text):
            if number not in known:
                yield Problem(ProblemCode.DANGLING_REFERENCE, clause.number, number, language)


def _thresholds(clause: ClauseText) -> Iterator[Problem]:
    try:
        wanted = tuple(_named_thresholds(clause.terms))
    except NotExact as error:
        yield Problem(ProblemCode.TERMS_NOT_EXACT, clause.number, str(error))
        return
    for language, text in (("ru", clause.text_ru), ("en", clause.text_en)):
        if not text.strip():
            continue
        named = numbers_in(text, language)
        for forms in wanted:
            if named.isdisjoint(forms):
                yield Problem(
                    ProblemCode.THRESHOLD_NOT_IN_TEXT, clause.number, str(forms[0]), language
                )


_PERCENT = "pct"
_WHOLE = 100


def _named_thresholds(terms: Mapping[str, Any]) -> Iterator[tuple[Fraction, ...]]:
    """Yield for each threshold the numbers of which one must be named in the text."""
    for indicator in terms.get("indicators", ()):
        unit = str(indicator.get("unit_code", ""))
        if rational := indicator.get("threshold_rational"):
            yield exact(rational), exact(rational) * _WHOLE
        else:
            yield from _forms(indicator.get("threshold"), unit)
        for step in indicator.get("threshold_schedule", ()):
            yield from _forms(step.get("threshold"), unit)
        if alternative := indicator.get("alternative"):
            yield from _forms(alternative.get("threshold"), str(alternative.get("unit_code", unit)))


def _forms(threshold: object, unit: str) -> Iterator[tuple[Fraction, ...]]:
    if threshold is None or isinstance(threshold, bool):
        return
    if isinstance(threshold, list | tuple):
        for bound in threshold:
            yield from _forms(bound, unit)
        return
    number = exact(threshold)
    if unit == _PERCENT and number not in (0, _WHOLE):
        yield number, number / _WHOLE
    elif unit != _PERCENT and number not in (0, 1):
        yield (number,)
