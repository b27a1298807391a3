"""What an official and an employer ask first (domain.md 8.1, 8.2): the live matter answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.hands import Hands

Come = Callable[..., Hands]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_official_sees_what_awaits_an_order_and_acts_on_one_sheet(
    come: Come, language: str
) -> None:
    """What is on my table, until when, what changed, who objects, have the units signed?"""
    official = come("P-OFFICIAL", language=language)
    assert official.sees("What awaits my decision")
    sheet = official.page.locator("main .card").first
    words = sheet.inner_text()

    for said in ("What changed", "Visas", "Who objects, and with what words"):
        assert official.word(said) in words
    assert words.count(official.word("Endorsed")) == 4
    assert {"ru": "рабоч", "en": "working day"}[language] in words
    official.follow("Approve or return").follow("Approve").send(order_number="301-п")
    assert official.sees("Approved", "state")
    # The sheet is gone from the table, and nothing of the text could be touched on the way.
    assert "301" in official.text
    assert official.go("/").page.locator("main .card").first.inner_text() != words


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_employer_finishes_a_question_and_keeps_the_receipt(come: Come, language: str) -> None:
    """What do you want of me, by when, how long does it take; two numbers; my button; a receipt."""
    employer = come("P-EMP-3", language=language)
    assert employer.sees("My questions this week")
    question = employer.page.locator("main .v-ask").filter(has=employer.page.locator(".v-numbers"))
    words = question.first.inner_text()
    assert {"ru": "около", "en": "about"}[language] in words
    assert {"ru": "не менее", "en": "at least"}[language] in words

    steps = 0
    question.first.get_by_role("link", name=employer.word("Read and vote")).click()
    steps += 1
    assert employer.sees("You vote as")
    assert employer.sees("The exact text")
    digest = employer.page.locator("[name=text_sha256]").input_value()
    employer.send(choice="for")
    steps += 1
    assert steps <= 2
    assert employer.sees("Your vote is counted")
    assert digest in employer.page.content()
