"""What is looked at on every page: accessibility, the width of the screen, broken answers.

A page is looked at when it is first met, in both languages and both widths, by whoever met it. So a
story that walks through the product examines it on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import resolve

WIDE, NARROW = 1440, 390
AXE_AT = {"ru": NARROW, "en": WIDE}
"""At which width axe is asked: its rules do not read words, and each run costs a second."""
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong comes back: the rest of axe's report is half of what asking costs.
ASK = """async ([tags, rules]) =>
  (await axe.run({runOnly: tags, rules, resultTypes: ["violations"]})).violations
  .flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.html}`))"""
# Colours are the same at both widths, and looking at them is most of what axe does.
WITHOUT_COLOURS = {"color-contrast": {"enabled": False}}
AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Eyes:
    """What was seen so far, and what was wrong with it."""

    seen: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def watch(self, page: Any) -> None:
        """Hear from a page when it breaks its policy, throws an error or fails."""
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("response", self._answered)

    def look(self, page: Any) -> None:
        """Examine the page that is open, if its kind was not seen before."""
        kind = resolve(urlsplit(page.url).path).view_name
        if kind in self.seen:
            return
        self.seen.add(kind)
        other = page.context.new_page()
        shown = page.evaluate("document.documentElement.lang")
        for language in AXE_AT:
            speak(page.context, page.url, language)
            other.goto(page.url)
            self.examine(other, language, f"{kind} ({language}) {other.url}")
        other.close()
        speak(page.context, page.url, shown)

    def examine(self, page: Any, language: str, named: str) -> None:
        """Say whether the page fits both widths, and ask axe about it at one of them."""
        wanted = page.viewport_size
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": 900})
            if (sideways := page.evaluate(SIDEWAYS)) > 0:
                self.complaints.append(f"{named}, {width}: {sideways} pixels too wide")
            if width != AXE_AT[language]:
                continue
            page.evaluate(AXE.read_text())
            rules = {} if width == NARROW else WITHOUT_COLOURS
            found = page.evaluate(ASK, [TAGS, rules])
            self.complaints += [f"{named}, {width}: {said}" for said in found]
        page.set_viewport_size(wanted)

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)

    def _answered(self, answer: Any) -> None:
        if answer.status >= 500:
            self.complaints.append(f"{answer.status} at {answer.url}")


def speak(context: Any, address: str, language: str) -> None:
    """Let the pages come in a language from now on."""
    parts = urlsplit(address)
    context.add_cookies(
        [
            {
                "name": settings.LANGUAGE_COOKIE_NAME,
                "value": language,
                "url": f"{parts.scheme}://{parts.netloc}",
            }
        ]
    )
