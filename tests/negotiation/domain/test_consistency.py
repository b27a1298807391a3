"""Is a text fit to be circulated, and to be adopted as a whole?"""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from negotiation.domain.consistency import (
    ClauseText,
    Problem,
    ProblemCode,
    inconsistencies,
    not_ready,
    references,
)
from negotiation.domain.numerals import numbers_in

SET = Path(__file__).resolve().parents[3] / "demonstration" / "data" / "requirement_set.json"


def clause(number: str = "1.1", ru: str = "Текст.", en: str = "Text.", **more: Any) -> ClauseText:
    return ClauseText(
        **{
            "number": number,
            "text_ru": ru,
            "text_en": en,
            "sha256_ru": "a",
            "translates_sha256": "a",
            "terms": {},
            **more,
        }
    )


def test_a_text_must_be_translated() -> None:
    found = not_ready([clause(), clause("1.2", en=" "), clause("1.3", translates_sha256="b")])

    assert found == (
        Problem(ProblemCode.NOT_TRANSLATED, "1.2", language="en"),
        Problem(ProblemCode.TRANSLATION_STALE, "1.3", language="en"),
    )


REFERENCES = {
    "one": ("на оборудовании, указанном в пункте 3.1", ("3.1",)),
    "abbreviated": ("см. п. 3.1", ("3.1",)),
    "several": ("требования пунктов 3.1, 3.2 и 4.1 соблюдены", ("3.1", "3.2", "4.1")),
    "twice the same": ("пункт 3.1 и п. 3.1", ("3.1",)),
    "in English": ("named in clause 3.1 or clauses 3.2 and 4.1", ("3.1", "3.2", "4.1")),
    "of a law": ("пункт 4.1 статьи 181.2 Гражданского кодекса", ()),
    "of a law by its abbreviation": ("п. 4.1 ст. 181.2 ГК", ()),
    "of a law in English": ("clause 4.1 of article 181.2", ()),
    "a number of one part": ("пункт 2 регламента", ()),
    "a plain number": ("не менее 3.1 часа", ()),
    "a disagreement": ("разногласие по пункту 5.4 рассматривается повторно", ()),
    "a disagreement in English": ("the disagreement on clause 5.4 is considered again", ()),
    "a disagreement and a clause": ("разногласие по пункту 5.4 и пункт 5.5", ("5.5",)),
}


@pytest.mark.parametrize(("text", "found"), REFERENCES.values(), ids=REFERENCES)
def test_references(text: str, found: tuple[str, ...]) -> None:
    assert references(text) == found


def test_a_reference_to_a_clause_that_is_left_out_dangles() -> None:
    whole = [clause("2.1", ru="По пункту 3.1.", en="By clause 3.1."), clause("3.1")]

    assert inconsistencies(whole) == ()
    assert inconsistencies(whole[:1]) == (
        Problem(ProblemCode.DANGLING_REFERENCE, "2.1", "3.1", "ru"),
        Problem(ProblemCode.DANGLING_REFERENCE, "2.1", "3.1", "en"),
    )


NUMBERS: dict[str, tuple[str, str, set[Fraction]]] = {
    "figures": ("не менее 60 процентов", "ru", {Fraction(60)}),
    "thousands": ("9 500 рублей", "ru", {Fraction(9500)}),
    "thousands in English": ("9,500 roubles", "en", {Fraction(9500)}),
    "a decimal": ("не менее 4,0 балла", "ru", {Fraction(4)}),
    "a decimal in English": ("at least 4.5 points", "en", {Fraction(9, 2)}),
    "words": ("за каждыми шестью обучающимися", "ru", {Fraction(6)}),
    "words in English": ("at least twice per year", "en", {Fraction(2)}),
    "half": ("не менее половины", "ru", {Fraction(1, 2)}),
    "two thirds": ("двух третей состава", "ru", {Fraction(2), Fraction(2, 3)}),
    "two thirds in English": ("two thirds of them", "en", {Fraction(2), Fraction(2, 3)}),
    "three quarters": ("три четверти", "ru", {Fraction(3), Fraction(3, 4)}),
    "a written fraction": ("1/3 мест", "ru", {Fraction(1, 3), Fraction(1), Fraction(3)}),
    "no number": ("все обучающиеся", "ru", set()),
}


@pytest.mark.parametrize(("text", "language", "numbers"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_in(text: str, language: str, numbers: set[Fraction]) -> None:
    assert numbers_in(text, language) >= numbers
    assert numbers or not numbers_in(text, language)


def measured(**indicator: Any) -> dict[str, Any]:
    return {"indicators": [{"unit_code": "pct", "operator": ">=", **indicator}]}


THRESHOLDS: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "in figures": ("не менее 60 процентов", measured(threshold=60), ()),
    "another figure": ("не менее 50 процентов", measured(threshold=60), ("60",)),
    "in words": ("не менее половины", measured(threshold=50), ()),
    "all of them": ("каждая организация", measured(threshold=100), ()),
    "none of them": ("не участвуют", measured(threshold=0), ()),
    "a third": (
        "не менее одной трети",
        measured(threshold=Decimal("33.33"), threshold_rational="1/3"),
        (),
    ),
    "a third that the text forgot": (
        "не менее четверти",
        measured(threshold=Decimal("33.33"), threshold_rational="1/3"),
        ("1/3",),
    ),
    "both ends of a range": (
        "от 6 до 10",
        measured(threshold=[6, 12], unit_code="ent"),
        ("12",),
    ),
    "a later step": (
        "не более 3",
        measured(threshold=3, unit_code="ppl", threshold_schedule=[{"threshold": 2}]),
        ("2",),
    ),
    "an alternative": (
        "не более 12 лет",
        measured(threshold=12, unit_code="yr", alternative={"threshold": 6, "unit_code": "mo"}),
        ("6",),
    ),
    "a flag": ("имеется", measured(threshold=True), ()),
    "observed": ("измеряется", measured(threshold=None), ()),
}


@pytest.mark.parametrize(("text", "terms", "missing"), THRESHOLDS.values(), ids=THRESHOLDS)
def test_thresholds_are_named_in_the_text(
    text: str, terms: dict[str, Any], missing: tuple[str, ...]
) -> None:
    found = [
        problem
        for problem in inconsistencies([clause(ru=text, terms=terms)])
        if problem.language == "ru"
    ]

    assert tuple(problem.detail for problem in found) == missing
    assert {problem.code for problem in found} <= {ProblemCode.THRESHOLD_NOT_IN_TEXT}


def test_terms_that_are_not_exact_are_a_problem() -> None:
    (found,) = inconsistencies([clause(terms=measured(threshold=33.33))])

    assert found.code is ProblemCode.TERMS_NOT_EXACT


def demonstration() -> tuple[ClauseText, ...]:
    loaded = json.loads(SET.read_text(encoding="utf-8"), parse_float=Decimal)["requirement_set"]
    clauses = [
        clause(
            one["number"], one["text_ru"], one["text_en"], terms={"indicators": one["indicators"]}
        )
        for section in loaded["sections"]
        for one in section["clauses"]
    ]
    provisions = [clause(one["number"], one["ru"], one["en"]) for one in loaded["final_provisions"]]
    return (*clauses, *provisions)


def test_the_text_of_the_demonstration_is_consistent_with_and_without_its_disagreed_clause() -> (
    None
):
    whole = demonstration()

    assert inconsistencies(whole) == ()
    assert inconsistencies([one for one in whole if one.number != "5.4"]) == ()


def test_without_a_clause_that_others_rely_on_it_is_not() -> None:
    without = [one for one in demonstration() if one.number != "3.1"]

    assert {(one.code, one.clause, one.detail) for one in inconsistencies(without)} == {
        (ProblemCode.DANGLING_REFERENCE, "2.1", "3.1")
    }
