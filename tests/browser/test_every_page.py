"""Every page that a link leads to: it answers, it asks little, it is accessible and fits.

The pages are those of the finished demonstration, where something stands on each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import Any

from django.urls import URLResolver, get_resolver

from tests.browser.eyes import AXE_AT, Eyes, speak
from tests.browser.hands import Hands
from tests.browser.walk import Page

TABLE_WITH_43_CLAUSES = 15
A_PAGE = 30
FIRST_SCREEN = 45
ACT_BY_ACT = 40
"""The most queries: the negotiation table with everything round it, another page, first screens,
and the pages that ask about every act as the act itself will.
"""


def test_no_link_leads_to_a_page_that_is_not_there(pages: list[Page]) -> None:
    assert len(pages) > 400
    assert [page for page in pages if page.status not in {200, 302}] == []


SEEN_ELSEWHERE = {
    # At the beginning of an installation or of a matter: `test_from_empty_to_in_force`.
    *("accounts:first_administrator", "accounts:invitation", "licensing:register_set"),
    # In an open conciliation meeting, and there is none today.
    "negotiation:recommend",
    # They take what a form on another page sends, or a part of a page.
    *("negotiation:add_remark", "negotiation:cast_vote"),
    *("negotiation:take_position", "set_language", "web:inbox_count"),
    "governance:charter_cast_vote",
    # Between the vote for a charter and the edition: `tests/governance/test_charter_pages`. Where
    # a vote on one was put in doubt: it has the pages of every other decision.
    *("governance:adopt_draft", "governance:charter_settle"),
    # No charter is voted on paper today: the page is that of every other vote from paper.
    "governance:charter_check_paper",
    # Of a silence procedure, and the charter of the demonstration allows none:
    # `tests/negotiation/test_silence`.
    *("negotiation:open_silence", "negotiation:read_silence", "negotiation:object_to_silence"),
    *("negotiation:prove_silence_notice", "negotiation:remind_of_silence"),
    "negotiation:end_silence",
    # Of a voidable decision, and the demonstration has none: `tests/negotiation/test_confirmation`.
    "negotiation:put_confirmation",
    # They take what a press on the page of a meeting under way sends; nobody speaks today:
    # `tests/governance/test_live_in_browser`.
    *("governance:give_the_floor", "governance:let_speak_earlier", "governance:end_speech"),
    "governance:withdraw_request",
    # Of a question outside the agenda: `tests/negotiation/test_late_items`.
    *("governance:late_item", "governance:answer_late_item", "governance:add_late_item"),
    # Of a draft with days for remarks, and of a correction: `tests/governance/test_protocols`.
    *("governance:answer_remark", "governance:agree_correction"),
    # No pages at all.
    "governance:meeting_events",
    *("web:healthz", "web:source", "web:checkpoint", "web:tile", "web:partial_tile"),
    *("governance:paper_file", "governance:paper_now", "governance:paper_signature"),
    "web:published_file",
    # `tests/web/test_in_browser`.
    "web:style_guide",
}


def test_no_page_is_left_out(pages: list[Page]) -> None:
    met = {page.kind for page in pages if page.status == 200}

    assert {kind for kind in kinds() if kind not in met} == SEEN_ELSEWHERE


def kinds(resolver: Any = None, space: str = "") -> Iterator[str]:
    """Return the names of all our pages. Those of packages have tests in `tests/accounts`."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin" and pattern.app_name != "admin":
                yield from kinds(pattern, f"{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name and (space or pattern.name == "set_language"):
            yield f"{space}{pattern.name}"


def test_no_page_asks_too_much_of_the_database(pages: list[Page]) -> None:
    most = {
        "web:home": FIRST_SCREEN,
        "negotiation:matter": TABLE_WITH_43_CLAUSES,
        "governance:why": ACT_BY_ACT,
        "governance:why_ballot": ACT_BY_ACT,
        "governance:why_person": ACT_BY_ACT,
    }
    asking = [
        (page.kind, page.who, page.queries)
        for page in pages
        if page.queries > most.get(page.kind, A_PAGE)
    ]

    assert asking == []
    assert any(page.kind == "negotiation:matter" and page.text.count("<tr") > 43 for page in pages)


def test_every_page_is_accessible_and_fits(
    pages: list[Page], come: Callable[..., Hands], eyes: Eyes
) -> None:
    first: dict[str, Page] = {}
    for page in pages:
        # The fullest page of a kind has most to go wrong.
        if page.status == 200 and len(page.text) > len(first.get(page.kind, page).text) - 1:
            first[page.kind] = page
    for who, met in groupby(sorted(first.values(), key=lambda page: page.who), lambda p: p.who):
        hands = come(who, to="/about/")
        for page in met:
            for language in AXE_AT:
                speak(hands.page.context, hands.page.url, language)
                hands.page.goto(page.address)
                assert hands.page.evaluate("document.documentElement.lang") == language
                eyes.examine(
                    hands.page, language, f"{page.kind} ({language}) {page.who} {page.address}"
                )
    assert len(first) > 80
