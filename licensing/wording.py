"""Codes of the rules in the words of the reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from licensing.domain.in_force import DateProblemCode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.utils.functional import _StrPromise

    from licensing.domain.in_force import DateProblem

_PROBLEMS = {
    DateProblemCode.NOT_AN_ENTRY_DATE: _(
        "requirements enter into force only on the days that the charter names"
    ),
    DateProblemCode.TOO_SOON_AFTER_PUBLICATION: _("too soon after publication"),
    DateProblemCode.ENDS_BEFORE_IT_BEGINS: _("the version ends before it begins"),
    DateProblemCode.TERM_TOO_LONG: _("the term is too long or has no end"),
    DateProblemCode.PERMITS_END_BEFORE_IT_BEGINS: _(
        "earlier permits would end before the version is in force"
    ),
}


def in_words(problems: Iterable[DateProblem]) -> str | _StrPromise:
    """Say what is wrong with the dates, and which date would be right."""
    said = [_one(problem) for problem in problems]
    return format_lazy("; ".join(["{}"] * len(said)), *said)


def _one(problem: DateProblem) -> str | _StrPromise:
    words = _PROBLEMS[problem.code]
    if problem.limit is None:
        return words
    return format_lazy("{} ({})", words, f"{problem.limit:%d.%m.%Y}")
