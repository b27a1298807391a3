"""A secretary writes a draft of the charter in a real browser; every page of it is looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from governance.models import Body, CharterDraft
from tests.browser.hands import Hands

PAGES = ("", "rules/", "terms/", "text/", "try/", "agenda/", "vote/", "withdraw/")


def test_a_draft_is_written_without_losing_what_was_typed(
    come: Callable[..., Hands], eyes: Any, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock():
        body = Body.objects.get(code="BODY-NC-ENG").uid
    page = come("P-SEC", to=f"/desk/bodies/{body}/charter/drafts/new/").page
    page.fill("[name=document_ru]", "Регламент, редакция 3")
    page.fill("[name=effective_from]", "2027-03-01")
    page.click("form.v-form .btn-primary")
    draft = page.url

    page.goto(f"{draft}rules/")
    page.click("button[value=add_rule]")
    page.fill("[name=r2c0-number]", "0.66")
    page.select_option("[name=r2-when]", "unless")
    page.click(".v-form__buttons .btn-primary")
    assert page.locator(".v-summary").count() == 1
    assert page.input_value("[name=r2c0-number]") == "0.66"
    page.fill("[name=r2c0-number]", "2/3")
    page.click(".v-form__buttons .btn-primary")
    assert page.url == draft
    for name in PAGES:
        page.goto(f"{draft}{name}")
        eyes.look(page)
    with django_db_blocker.unblock():
        rules = CharterDraft.objects.get(body__uid=body).rules["decide"]
    assert (len(rules), rules[2]["unless"]) == (4, {">": "2/3", "of": "members"})
