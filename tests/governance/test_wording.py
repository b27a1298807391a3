"""Every code has its sentence, in both languages, with the numbers that were stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from django.utils import translation

from governance import wording
from governance.domain.decide import decide
from governance.domain.explain import Explanation, Said, Statement, explain
from governance.domain.expressions import Comparison, Result, Vote
from governance.domain.mandates import Standing
from governance.domain.materiality import Materiality
from governance.domain.rows import Row
from governance.domain.table import (
    InnerRule,
    TableResult,
    votes_needed,
)
from governance.domain.validity import CheckCode, State, Verdict
from tests.governance.domain.samples import NO, TABLE, adopted_if, heads, motion, roll, votes

NAMES = {"MIN": "Министерство", "EMP": "Работодатели", "PUB": "Общественность", "EXP": "Эксперты"}
ALL = votes(4, 0, 0)


def explained(sides: dict[str, Any]) -> Explanation:
    whole = {"MIN": votes(1, 0, 0), "EMP": ALL, "PUB": ALL, "EXP": ALL, **sides}
    rows = roll(whole)
    return explain(decide(TABLE, rows), votes_needed(TABLE, rows))


def sentences(explanation: Explanation) -> list[str]:
    statements = (
        explanation.result,
        *explanation.reasons,
        *explanation.blocked_by,
        *explanation.needed,
    )
    return [wording.statement(one, NAMES) for one in statements]


def test_agreement_in_russian() -> None:
    with translation.override("ru"):
        assert sentences(explained({})) == ["Согласовано", "Все стороны согласны."]


def test_no_agreement_in_russian() -> None:
    with translation.override("ru"):
        assert sentences(explained({"EMP": votes(2, 0, 2), "EXP": votes(0, 4, 0)})) == [
            "Согласие не достигнуто",
            (
                "Работодатели: согласия нет. За: 2. Неотведённые места: 4. Требуется: больше 1/2 "
                "от этого числа, то есть больше 2, значит, не меньше 3. Не выполнено."
            ),
            (
                "Эксперты: согласия нет. За: 0. Участвуют: 4. Требуется: не меньше 2/3 от этого "
                "числа, то есть не меньше 8/3, значит, не меньше 3. Не выполнено."
            ),
            "Не согласились: Работодатели, Эксперты.",
            "Работодатели: не хватило 1 голоса «за».",
            "Эксперты: не хватило 3 голосов «за».",
            "Всего не хватило 4 голосов «за».",
        ]


def test_no_agreement_in_english() -> None:
    with translation.override("en"):
        assert sentences(explained({"MIN": votes(0, 1, 0)})) == [
            "Not agreed",
            "Министерство: not agreed. For: 0. Entitled: 1. Needed: exactly 1. Does not hold.",
            "Did not agree: Министерство.",
            "Министерство: 1 more vote for would have been enough.",
        ]


def test_no_quorum_in_russian() -> None:
    with translation.override("ru"):
        assert sentences(explained({"PUB": votes(2, 0, 0, absent=2)}))[:2] == [
            "Не состоялось",
            (
                "Общественность: кворума нет. Участвуют: 2. Неотведённые места: 4. Требуется: "
                "больше 1/2 от этого числа, то есть больше 2, значит, не меньше 3. Не выполнено."
            ),
        ]


def test_nobody_entitled_in_russian() -> None:
    with translation.override("ru"):
        told = sentences(explained({"EXP": votes(0, 0, 0, recused=4)}))

    assert told[1].endswith("Ноль не составляет доли от нуля. Не выполнено.")
    assert told[-1].startswith("Эксперты: неотведённых мест не было")


def test_another_charter() -> None:
    charter = motion(
        {"then": "blocked", "if": {"votes": "no", ">=": 1}, "why": "objection", "next": "council"},
        {"then": "adopted"},
    )
    outcome = decide(charter, [Row(id="FR", vote=NO)])
    with translation.override("en"):
        told = [
            wording.statement(one, {"FR": "France"})
            for one in (explain(outcome).result, *explain(outcome).reasons)
        ]
        blocked = wording.statement(explain(outcome).blocked_by[0], {"FR": "France"})
        arithmetic = wording.test(outcome.trace[0])
        adopted = wording.statement(explain(decide(charter, heads(yes=1))).reasons[0], {})

    assert told == [
        "Blocked",
        "Rule 1 of the charter applied: objection.",
        "What follows: council.",
    ]
    assert blocked == "Blocked by the votes of: France."
    assert arithmetic == "Against: 1. Needed: at least 1. Holds."
    assert adopted == "Rule 2 of the charter applied."


def test_a_root_is_said_without_rounding() -> None:
    (item,) = decide(
        adopted_if({">=": "3/2", "of": "members", "root": 2}), heads(yes=6, absent=10)
    ).trace
    with translation.override("en"):
        assert wording.test(item) == (
            "For: 6. Entitled: 16. Needed: at least 3/2 of its square root, compared as squares. "
            "Holds."
        )


TOLD: dict[str, tuple[Any, type[StrEnum]]] = {
    "results": (wording.RESULTS, Result),
    "results of a table": (wording.TABLE_RESULTS, TableResult),
    "inner rules": (wording.INNER_RULES, InnerRule),
    "comparisons": (wording.COMPARISONS, Comparison),
    "standings": (wording.STANDINGS, Standing),
    "checks": (wording.CHECKS, CheckCode),
    "states of checks": (wording.STATES, State),
    "verdicts": (wording.VERDICTS, Verdict),
    "materiality": (wording.MATERIALITIES, Materiality),
}


@pytest.mark.parametrize(("told", "codes"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_code_has_words(told: Any, codes: type[StrEnum], language: str) -> None:
    with translation.override(language):
        words = [str(told[code]) for code in codes]

    assert len(set(words)) == len(words)
    is_cyrillic = [any("а" <= letter.lower() <= "я" for letter in word) for word in words]
    assert all(is_cyrillic) if language == "ru" else not any(is_cyrillic)


def test_every_vote_and_count_has_words() -> None:
    assert {*Vote, *TABLE.votes, "seats"} <= {*wording.COUNTED}


@pytest.mark.parametrize("said", Said)
def test_every_statement_has_a_sentence(said: Said) -> None:
    full = Statement(
        said,
        result="agreed" if said is Said.TABLE_RESULT else "adopted",
        side="MIN",
        names=("MIN",),
        why="why",
        votes=2,
    )
    with translation.override("ru"):
        assert wording.statement(full, NAMES).strip()
