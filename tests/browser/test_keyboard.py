"""The keyboard alone suffices for the main path; the focus is always to be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.hands import Hands

Come = Callable[..., Hands]
PROPOSED = {"ru": "Без мыши тоже можно.", "en": "It can be done without a mouse."}
FOCUSED = """() => {
  const here = document.activeElement, style = getComputedStyle(here);
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return [here.innerText || here.value || here.name || "", here.name || "", here.type || "", shown];
}"""


def tab_to(page: Any, wanted: Callable[[str, str, str], bool]) -> None:
    """Press Tab until the wanted control has the focus; every stop on the way shows it."""
    for _ in range(120):
        page.keyboard.press("Tab")
        words, name, kind, shown = page.evaluate(FOCUSED)
        assert shown, f"the focus cannot be seen on {words or name}"
        if wanted(words, name, kind):
            return
    pytest.fail("the keyboard does not get there")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_vote_from_the_first_screen_to_the_receipt(come: Come, language: str) -> None:
    voter = come("P-EMP-3", language=language)
    page = voter.page
    tab_to(page, lambda words, *_: words.startswith(voter.word("Read and vote")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, lambda _words, name, _kind: name == "choice")
    page.keyboard.press("Space")
    tab_to(page, lambda words, *_: words.startswith(voter.word("Cast the vote")))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert voter.sees("Your vote is counted")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_position_and_an_amendment(come: Come, language: str) -> None:
    speaker = come("P-EXP-1", language=language)
    page = speaker.page
    drones = {"ru": "беспилотники", "en": "drones"}[language]
    speaker.go("/negotiation/").open(drones).open("2.2")
    clause = page.url
    tab_to(page, lambda _words, name, _kind: name == "stance")
    page.keyboard.press("Space")
    tab_to(page, lambda words, *_: words.startswith(speaker.word("State the position")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert not page.locator(".v-summary").count()

    page.goto(clause)
    tab_to(page, lambda words, *_: words.startswith(speaker.word("Propose an amendment")))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, lambda _words, name, _kind: name == "kind")
    page.keyboard.press("ArrowDown")
    for tongue in ("ru", "en"):
        tab_to(page, lambda _words, name, _kind, field=f"proposal_{tongue}": name == field)
        page.keyboard.type(PROPOSED[tongue])
    for tongue in ("ru", "en"):
        tab_to(page, lambda _words, name, _kind, field=f"reason_{tongue}": name == field)
        page.keyboard.type(PROPOSED[tongue])
    tab_to(page, lambda words, _name, kind: kind == "submit" and bool(words))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert speaker.reads(PROPOSED[language])
