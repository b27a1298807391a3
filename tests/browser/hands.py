"""What a person does on pages: follow a link, fill in a form, press its button, read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.utils import translation

BREAKS = re.compile(r"\s+")


@dataclass
class Hands:
    """One person at one browser, reading pages in one language.

    Links and buttons are named as in the code, in English, and found on the page in its language.
    """

    page: Any
    language: str = "ru"
    email: str = ""
    password: str = ""

    def word(self, message: str, context: str | None = None) -> str:
        """Return a word of the pages in the language of this person."""
        with translation.override(self.language):
            return (
                translation.pgettext(context, message) if context else translation.gettext(message)
            )

    def go(self, address: str) -> Hands:
        """Open an address, signing in again where the session is over."""
        self.page.goto(address)
        self._return()
        return self

    def follow(self, message: str, about: str = "") -> Hands:
        """Follow a link by its words, and by what they are about where there are several."""
        tail = rf".*{re.escape(about)}" if about else r"\s*$"
        words = re.compile(rf"^\s*{re.escape(self.word(message))}{tail}", re.DOTALL)
        return self._press(self.page.locator("main, header").get_by_role("link", name=words))

    def open(self, words: str) -> Hands:
        """Follow a link by words that are data: a title, a code."""
        return self._press(self.page.locator("main").get_by_role("link", name=words))

    def fill(self, **fields: Any) -> Hands:
        """Fill in fields by their names."""
        for name, value in fields.items():
            self._fill(name, value)
        return self

    def send(self, **fields: Any) -> Hands:
        """Fill in a form and press its button; the act must be done."""
        self.press(**fields)
        said = self.page.locator(".v-summary, .v-refusal")
        assert not said.count(), BREAKS.sub(" ", said.first.inner_text())
        return self

    def press(self, **fields: Any) -> Any:
        """Fill in a form and press its button; return the answer, whatever it is."""
        self.fill(**fields)
        form = self.page.locator("main form.v-form")
        if fields:
            form = form.filter(has=self.page.locator(f"[name={next(iter(fields))}]"))
        with self.page.expect_navigation() as moved:
            form.first.locator("button.btn-primary, button.btn-danger, button.btn").first.click()
        return moved.value

    def reads(self, words: str) -> bool:
        """Say whether the page shows these words."""
        return BREAKS.sub(" ", words) in self.text

    def sees(self, message: str, context: str | None = None) -> bool:
        """Say whether the page shows these words of the code, in its language."""
        return self.reads(self.word(message, context))

    @property
    def text(self) -> str:
        """Return what the page says, to the eye."""
        return BREAKS.sub(" ", self.page.locator("main").inner_text())

    def _press(self, links: Any) -> Hands:
        """Follow the first of these links, and wait for its page."""
        with self.page.expect_navigation():
            links.first.click()
        self._return()
        return self

    def _fill(self, name: str, value: Any) -> None:
        field = self.page.locator(f"main [name={name}]")
        kind = field.first.evaluate("field => field.type")
        if kind in {"radio", "checkbox"} and value is not True:
            for each in value if isinstance(value, list) else [value]:
                self.page.locator(f'main [name={name}][value="{each}"]').check()
        elif kind == "checkbox":
            field.check()
        elif kind == "select-one":
            chosen = field.locator("option").filter(has_text=str(value)).first
            by_value = field.locator(f'option[value="{value}"]')
            chosen = by_value.first if by_value.count() else chosen
            field.select_option(value=chosen.get_attribute("value"))
        elif kind == "file":
            field.set_input_files(value)
        else:
            field.fill(str(value))

    def _return(self) -> None:
        """Sign in again where the page asks for it."""
        if self.email and "/accounts/login/" in self.page.url:
            self.page.locator("[name=login]").fill(self.email)
            self.page.locator("[name=password]").fill(self.password)
            with self.page.expect_navigation():
                self.page.locator("main form.v-form button.btn-primary").click()
