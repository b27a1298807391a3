"""Wrong input everywhere: every form of every page answers in words, and loses nothing typed.

The forms are found on the pages, so that a new one is tried without being named here. What they
are sent is what people and machines send by mistake or on purpose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import lxml.html
import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from accounts.models import Person
from demonstration.models import Play
from tests.browser.walk import Page
from tests.demonstration import plays

HOSTILE = "<script>alert(1)</script> '\" & {{ 7*7 }} \x00 \u202e"
WRITTEN = {"text", "textarea", "search", "email"}
ERRORS = ".//*[contains(concat(' ', @class, ' '), ' v-summary ')]"


@dataclass(frozen=True)
class Form:
    """One form as it stands on a page: its address, and the kinds and values of its fields."""

    page: Page
    address: str
    kinds: dict[str, str]
    values: dict[str, list[str]]

    def filled(self, change: Callable[[str, str], Any]) -> dict[str, Any]:
        """Return what is sent when `change(name, kind)` says what stands in each field."""
        sent: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            value = self.values[name] if kind == "hidden" else change(name, kind)
            if value is not None:
                sent[name] = value
        return sent


def forms_on(page: Page) -> Iterator[Form]:
    """Return the forms on a page that do an act."""
    if "<form" not in page.text:
        return
    for form in lxml.html.fromstring(page.text).xpath("//main//form[@method='post']"):
        kinds: dict[str, str] = {}
        for field in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
            name, kind = field.get("name"), field.get("type", field.tag)
            if name != "csrfmiddlewaretoken":
                kinds[name] = kind
        if "request_key" in kinds:
            del kinds["request_key"]
            values = {name: [value] for name, value in form.form_values()}
            values |= {name: values.get(name, [""]) for name in kinds}
            yield Form(page, form.get("action") or page.address, kinds, values)


@pytest.fixture(scope="session")
def forms(pages: list[Page]) -> list[Form]:
    """Return one form of each kind of page."""
    found: dict[tuple[str, ...], Form] = {}
    for page in pages:
        for form in forms_on(page):
            found.setdefault((page.kind, *sorted(form.kinds)), form)
    assert len(found) > 50
    return list(found.values())


def nothing(_name: str, kind: str) -> Any:
    return "" if kind in WRITTEN else None


def far_too_long(_name: str, kind: str) -> Any:
    return "ж" * 30_000 if kind in WRITTEN else None


def the_wrong_language(name: str, kind: str) -> Any:
    if kind not in WRITTEN:
        return None
    return "По-русски" if name.endswith("_en") else "In English"


def what_is_no_date(_name: str, kind: str) -> Any:
    return "2026-02-31" if kind.startswith("date") else "слово" if kind in WRITTEN else None


def what_is_hostile(_name: str, kind: str) -> Any:
    return HOSTILE if kind in WRITTEN else "<b>" if kind.startswith("date") else None


def what_was_not_offered(_name: str, kind: str) -> Any:
    if kind in {"select", "radio", "checkbox"}:
        return ["00000000-0000-4000-8000-000000000000"]
    return "9" * 40 if kind == "number" else "слово" if kind in WRITTEN else None


WRONG = [
    nothing,
    far_too_long,
    the_wrong_language,
    what_is_no_date,
    what_is_hostile,
    what_was_not_offered,
]


@pytest.fixture
def send(copies: None, django_db_blocker: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that sends a form as whoever met it; what it did is undone."""
    browsers: dict[tuple[str, str], Client] = {}

    def post(form: Form, sent: dict[str, Any], language: str) -> Any:
        key = (form.page.who, language)
        if key not in browsers:
            browsers[key] = Client(headers={"accept-language": language})
            if form.page.who:
                person = Person.objects.get(uid=Play.objects.get().people[form.page.who])
                backend = "allauth.account.auth_backends.AuthenticationBackend"
                browsers[key].force_login(person, backend=backend)
        with transaction.atomic():
            answer = browsers[key].post(form.address, sent)
            transaction.set_rollback(True)
        return answer

    with django_db_blocker.unblock(), plays.copy_of(plays.PLAYED):
        yield post


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_is_answered_in_words_and_loses_nothing(
    forms: list[Form], send: Callable[..., Any], wrong: Callable[[str, str], Any]
) -> None:
    refused = 0
    for form, language in zip(forms, cycle(["ru", "en"]), strict=False):
        sent = form.filled(wrong)
        answer = send(form, sent, language)
        said = f"{form.page.kind} {form.address} {answer.status_code}"

        assert answer.status_code in {302, 403, 404, 422}, said
        if answer.status_code != 422:
            continue
        refused += 1
        shown = lxml.html.fromstring(answer.text)
        assert "<script>alert" not in answer.text, said
        assert shown.get("lang") == language, said
        assert shown.xpath(ERRORS) or shown.xpath("//main//h1"), said
        for name, value in sent.items():
            kept = shown.xpath(f"//main//*[@name='{name}']")
            if form.kinds[name] in WRITTEN and kept and value:
                [field] = kept[:1]
                text = field.text if field.tag == "textarea" else field.get("value")
                assert (text or "").strip() == _as_shown(value), f"{said} {name}"
    assert refused > 25


def _as_shown(value: str) -> str:
    """Return what a reader of HTML makes of a text: what cannot be shown has a sign of its own."""
    return value.replace("\x00", "\ufffd").strip()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_ten_megabytes_are_refused_by_the_field_and_come_back(
    forms: list[Form], send: Callable[..., Any], language: str
) -> None:
    [form] = [form for form in forms if form.page.kind == "negotiation:file_amendment"][:1]
    pasted = "Пункт изложить иначе. " * 270_000
    assert len(pasted.encode()) > 10 * 1024**2
    with translation.override(language):
        answer = send(form, {**form.filled(nothing), "proposal_ru": pasted}, language)

    assert answer.status_code == 422
    assert pasted.strip() in answer.text
