"""Every stage and result of a choice has its sentence, in both languages, with its numbers."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest
from django.utils import translation

from governance import choice_wording
from governance.domain.choice.outcome import ChoiceOutcome, ChoiceResult, Stage, Step
from tests.governance.domain.polls import chosen

NAMES = {"A": "Анна", "B": "Борис"}
TOLD: dict[str, tuple[Any, type[StrEnum]]] = {
    "results": (choice_wording.RESULTS, ChoiceResult),
    "steps": (choice_wording.STEPS, Step),
}


@pytest.mark.parametrize(("told", "codes"), TOLD.values(), ids=TOLD)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_code_has_words(told: Any, codes: type[StrEnum], language: str) -> None:
    with translation.override(language):
        words = [str(told[code]) for code in codes]

    assert len(set(words)) == len(words)
    is_cyrillic = [any("а" <= letter.lower() <= "я" for letter in word) for word in words]
    assert all(is_cyrillic) if language == "ru" else not any(is_cyrillic)


@pytest.mark.parametrize("step", [step for step in Step if "%" in str(choice_wording.STEPS[step])])
def test_a_stage_names_those_concerned(step: Step) -> None:
    with translation.override("ru"):
        assert "Анна, C" in choice_wording.stage(Stage(step, who=("A", "C")), NAMES)


def test_a_transferable_vote_in_russian() -> None:
    outcome = chosen("stv", {"A>B": 8, "B": 1, "C": 3}, seats=2)
    with translation.override("ru"):
        said = choice_wording.sentences(outcome, NAMES)

    assert said == (
        "Избраны: Анна, Борис.",
        "Квота: 5.",
        "Подсчёт. Анна – 8; Борис – 1; C – 3. Порог: 5.",
        "Достигли порога: Анна.",
        "Передаётся излишек голосов: Анна. Анна – 5; Борис – 4; C – 3. Порог: 5.",
        "Выбывает: C. Анна – 5; Борис – 4; C – 0. Порог: 5. Не подлежат передаче: 3.",
        "Осталось не больше кандидатов, чем мест, поэтому избраны: Борис.",
    )


def test_a_tie_in_english() -> None:
    outcome = chosen("schulze", {"A>B>C": 1, "B>A>C": 1})
    with translation.override("en"):
        said = choice_wording.sentences(outcome, {})

    assert said[0] == "Equal, and no rule of the charter decides: A, B."
    assert "A > C – 2; B > A – 1" in said[1]
    assert said[-1] == "Equal: A, B."


def test_a_seat_that_is_filled_is_told_beside_the_tie() -> None:
    outcome = chosen("plurality", {"A": 5, "B": 3, "C": 3}, seats=2)
    with translation.override("en"):
        said = choice_wording.sentences(outcome, {})

    assert said[:2] == ("Equal, and no rule of the charter decides: B, C.", "Elected: A.")


def test_an_option_that_fails_its_quorum_in_russian() -> None:
    need = [{"is": {"votes": "above_default", ">=": 3}, "why": "quorum"}]
    outcome = chosen("debian", {"A>B": 2}, "AB", default="B", option_needs=need)
    with translation.override("ru"):
        said = choice_wording.sentences(outcome, NAMES)

    assert said[0] == "Ни один вариант не превзошёл вариант по умолчанию: Борис."
    assert said[1] == (
        "quorum: Анна: Предпочли варианту по умолчанию: 2. Требуется: не меньше 3. Не выполнено."
    )
    assert "Снят после сравнения с вариантом по умолчанию: Анна." in said


ENDED: dict[str, tuple[ChoiceOutcome, str]] = {
    "by a quorum": (ChoiceOutcome("x", "no_quorum", next="again"), "No quorum"),
    "by a rule that says tie": (ChoiceOutcome("x", "tie"), "Tie"),
    "without votes": (ChoiceOutcome("x", "no_votes"), "There are no votes to count."),
}


@pytest.mark.parametrize(("outcome", "sentence"), ENDED.values(), ids=ENDED)
def test_a_choice_that_elects_nobody(outcome: ChoiceOutcome, sentence: str) -> None:
    with translation.override("en"):
        said = choice_wording.sentences(outcome, {})

    assert said == (sentence, *(["What follows: again."] if outcome.next else []))


def test_nobody_is_said_as_such() -> None:
    with translation.override("en"):
        assert choice_wording.stage(Stage(Step.REACHED), {}) == "Reached the threshold: nobody."
