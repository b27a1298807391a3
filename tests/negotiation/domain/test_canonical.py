"""The canonical form of texts, and digests that never change."""

from __future__ import annotations

import hashlib
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negotiation.domain.canonical import (
    NotExact,
    canonical_json,
    canonical_text,
    combined_sha256,
    json_sha256,
    text_sha256,
    translation_is_stale,
    wording_sha256,
)

FORMS = {
    "as it is": ("Пункт 3.1", "Пункт 3.1"),
    "trimmed": ("  Пункт 3.1\t", "Пункт 3.1"),
    "single spaces": ("не  менее \t 40", "не менее 40"),
    "a space that does not break": ("9\u00a0500\u202fрублей", "9 500 рублей"),
    "composed": ("и\u0306", "й"),
    "lines stay lines": ("а)\u00a0первое;\r\nб) второе", "а) первое;\nб) второе"),
    "empty lines go": ("\n\nа)\n \n\tб)\n", "а)\nб)"),
    "unseen characters go": ("ли\u00adцен\u200bзия\ufeff", "лицензия"),
    "nobody turns a sentence round": ("не \u202eболее\u202c трёх", "не более трёх"),
    "control characters go": ("а\x00б\x07в", "абв"),
    "half a surrogate goes": ("а\ud800б", "аб"),
    "hostile markup is only words": ("<script>x</script>", "<script>x</script>"),
    "nothing": (" \n\t", ""),
}


@pytest.mark.parametrize(("text", "wanted"), FORMS.values(), ids=FORMS)
def test_canonical_text(text: str, wanted: str) -> None:
    assert canonical_text(text) == wanted
    assert text_sha256(text) == hashlib.sha256(wanted.encode()).hexdigest()


@settings(deadline=None)
@given(st.text())
def test_the_canonical_form_of_a_canonical_form_is_itself(text: str) -> None:
    once = canonical_text(text)

    assert canonical_text(once) == once
    assert once.encode("utf-8").decode("utf-8") == once


@settings(deadline=None)
@given(st.lists(st.text(alphabet="абвabc й", min_size=1), min_size=1))
def test_spaces_between_words_never_matter(words: list[str]) -> None:
    assert text_sha256(" ".join(words)) == text_sha256("\u00a0 \t".join(words))


TERMS = {"indicators": [{"threshold": Decimal("33.33"), "threshold_rational": "1/3"}]}


def test_golden_digests() -> None:
    """These values stand under ballots and orders. If this test fails, the change is wrong."""
    assert text_sha256("Пункт 3.1") == (
        "de5ab96f36e68d076aa82f596717c1661d00125c4f65566f345190f404de3cfe"
    )
    assert wording_sha256(number="7.1", text_ru="Не менее трети", text_en="", terms=TERMS) == (
        "96c22fdc4d001af392b673f45989df0d0caceb57fb34af0cbb9d6f4c62bcb553"
    )
    assert combined_sha256(["a" * 64, "b" * 64]) == (
        "fa0dafbf43f1f551e536353e9d1a942a8e86e41a0b58dfeaf264ef217f6b862a"
    )


def test_a_digest_is_the_same_after_storing() -> None:
    stored = json.loads(canonical_json(TERMS))

    assert json_sha256(stored) == json_sha256(TERMS)
    assert canonical_json({"b": Fraction(1, 3), "a": "й"}) == '{"a":"й","b":"1/3"}'


def test_every_part_of_a_wording_is_under_its_digest() -> None:
    parts: dict[str, Any] = {"number": "1", "text_ru": "р", "text_en": "e", "terms": {}}
    changed = [
        {**parts, "number": "2"},
        {**parts, "text_ru": "с"},
        {**parts, "text_en": "f"},
        {**parts, "terms": {"x": 1}},
        {**parts, "text_ru": "e", "text_en": "р"},
    ]

    digests = {wording_sha256(**one) for one in (parts, *changed)}

    assert len(digests) == 6
    assert wording_sha256(**{**parts, "text_ru": " р "}) == wording_sha256(**parts)


def test_the_order_of_wordings_is_under_the_digest() -> None:
    assert combined_sha256(["a" * 64, "b" * 64]) != combined_sha256(["b" * 64, "a" * 64])


INEXACT = {
    "a float": {"threshold": 33.33},
    "a float deep inside": {"a": [{"b": (1.0,)}]},
    "a number that is none": {"a": Decimal("NaN")},
    "a set": {"a": {1}},
    "a key that is no string": {1: "a"},
}


@pytest.mark.parametrize("value", INEXACT.values(), ids=INEXACT)
def test_what_has_no_exact_form_is_refused(value: Any) -> None:
    with pytest.raises(NotExact):
        json_sha256(value)


def test_a_translation_is_of_one_text() -> None:
    assert not translation_is_stale(translates_sha256="a", sha256_ru="a")
    assert translation_is_stale(translates_sha256="a", sha256_ru="b")
