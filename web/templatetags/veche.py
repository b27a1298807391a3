"""The tags and filters of our pages: words, numbers, times, states and small components.

Tags that draw a component render `web/components/<name>.html`; what they expect is said here.
The living catalogue of all of them is the style guide, `/style-guide/`.
"""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import template
from django.contrib.messages import constants
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from accounts.words import localised
from calendars.domain import KRASNOYARSK
from documents.redline import redline as compare
from governance import wording
from governance.domain.validity import CheckCode
from governance.models import Body
from web import formats, indicators
from web.deadlines import Term, term
from web.states import State, state
from web.tallies import Tally, tally_of

if TYPE_CHECKING:
    import datetime
    from decimal import Decimal
    from fractions import Fraction

    from django.core.paginator import Page
    from django.forms import BaseForm

    from web.capacities import InWords

register = template.Library()

HASH_SHOWN = 12


# --- Words -------------------------------------------------------------------------------


register.filter("localised", localised)


@register.simple_tag
def text_of(thing: Any, name: str = "text", tag: str = "div") -> SafeString:
    """Write a text of the record, with its language where it is not that of the page.

    Paragraphs stay paragraphs; whatever looks like markup is shown, never obeyed.
    """
    words = localised(thing, name)
    read = thing.get if isinstance(thing, dict) else lambda key: getattr(thing, key, None)
    here = (get_language() or "ru")[:2]
    language = here if read(f"{name}_{here}") else "ru"
    attribute = "" if language == here else format_html(' lang="{}"', language)
    if tag == "span":
        return format_html("<span{}>{}</span>", attribute, words)
    return format_html('<div class="v-text"{}>{}</div>', attribute, paragraphs(words))


@register.simple_tag
def as_written(words: str) -> str:
    """Write words that exist in one language only, with that language where the page has another.

    Which it is the letters tell: with one Cyrillic letter it is Russian, with Latin ones English.
    """
    letters = {unicodedata.name(letter, "")[:5] for letter in words if letter.isalpha()}
    language = "ru" if "CYRIL" in letters else "en" if "LATIN" in letters else ""
    if language in {"", (get_language() or "ru")[:2]}:
        return words
    return format_html('<span lang="{}">{}</span>', language, words)


@register.filter
def paragraphs(words: str) -> SafeString:
    """Write each line of a text as a paragraph."""
    lines = [line.strip() for line in re.split(r"\n+", words or "") if line.strip()]
    return format_html_join("\n", "<p>{}</p>", ((line,) for line in lines))


@register.simple_tag
def redline(before: str, after: str) -> SafeString:
    """Show what was taken out and what was put in, for eyes and for screen readers."""
    return marked(compare(before, after))


@register.filter
def marked(changes: list[tuple[int, str]]) -> SafeString:
    """Write a list of (operation, text) as text with insertions and deletions."""
    added, removed = pgettext("redline", "added:"), pgettext("redline", "removed:")
    end = pgettext("redline", "end of change")
    kept = "{0}"
    put_in = '<ins><span class="v-hidden">{1} </span>{0}<span class="v-hidden"> ({2})</span></ins>'
    taken = '<del><span class="v-hidden">{1} </span>{0}<span class="v-hidden"> ({2})</span></del>'
    pieces = (
        format_html(
            kept if operation == 0 else put_in if operation > 0 else taken,
            linebreaksbr(words),
            added if operation > 0 else removed,
            end,
        )
        for operation, words in changes
    )
    return format_html_join("", "{}", ((piece,) for piece in pieces))


# --- Numbers, dates and times ------------------------------------------------------------


@register.filter
def number(value: int | Decimal | Fraction | str | None, places: int | None = None) -> str:
    """Write a number as `formats.number` does; nothing for nothing."""
    return "" if value is None else formats.number(value, places)


@register.filter
def percent(value: int | Decimal | Fraction | str | None) -> str:
    """Write a percentage; nothing for nothing."""
    return "" if value is None else formats.percent(value)


@register.filter
def threshold(indicator: indicators.Indicator) -> str:
    """Say what an indicator of a clause demands, with its unit."""
    return indicators.in_words(indicator)


@register.filter
def conditions(indicator: indicators.Indicator) -> list[str]:
    """List over what period and on how large a sample an indicator is measured."""
    return indicators.conditions(indicator)


@register.filter
def in_language(words: Any) -> str:
    """Pick `en` or `ru` of a pair of texts; a plain string is what it is."""
    if not isinstance(words, dict):
        return str(words)
    return words.get((get_language() or "ru")[:2]) or words.get("ru") or ""


@register.filter
def last_day(end: datetime.date | None) -> datetime.date | None:
    """Return the last day of a period whose end is excluded."""
    return formats.last_day(end) if end else None


@register.simple_tag
def day(date: datetime.date | None) -> SafeString | str:
    """Write a date inside `<time>`; a moment is dated by Krasnoyarsk time."""
    if date is None:
        return ""
    return format_html(
        '<time class="v-nowrap" datetime="{}">{}</time>', date.isoformat(), formats.day(date)
    )


@register.filter
def day_words(date: datetime.date | None) -> str:
    """Write a date as plain words, for a sentence that is translated as a whole."""
    return formats.day(date) if date else ""


@register.simple_tag
def moment(at: datetime.datetime | None) -> SafeString | str:
    """Write date and time with the place whose time it is, inside `<time>`."""
    if at is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>',
        at.astimezone(KRASNOYARSK).isoformat(timespec="seconds"),
        formats.moment(at),
    )


@register.simple_tag
def period(start: datetime.date | None, end: datetime.date | None) -> str:
    """Write a half-open period by its first and last day."""
    return formats.period(start, end)


@register.inclusion_tag("web/components/deadline.html", takes_context=True)
def deadline(
    context: template.Context, at: datetime.date | None, now: datetime.datetime | None = None
) -> dict[str, Term | None]:
    """Show until when, and how many working days are left.

    `at` is a moment, or the last day on which the act is still in time. `now` is by default the
    moment for which the page was made (`frame.now`).
    """
    frame = context.get("frame")
    made = now or (frame.now if frame else None)
    return {"term": term(at, made) if at and made else None}


# --- Who acts ----------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def capacities_here(context: template.Context) -> list[InWords]:
    """List the reader's capacities, those at the body that the page is about first.

    A page is about the body of its `matter`, `meeting`, `requirement_set` or `body`.
    """
    found: list[InWords] = context["frame"].capacities
    body = body_of(context)
    return sorted(found, key=lambda each: not each.is_at(body)) if body else found


def body_of(context: template.Context) -> int | None:
    """Return the key of the body that a page is about, if it is about one."""
    for name in ("matter", "meeting", "requirement_set"):
        if key := getattr(context.get(name), "body_id", None):
            return int(key)
    body = context.get("body")
    return body.pk if isinstance(body, Body) else None


# --- States ------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw a symbol of icons.svg; it says nothing, so a word stands beside it."""
    return format_html(
        '<svg class="v-icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("web/icons.svg"),
        name,
    )


@register.inclusion_tag("web/components/status.html")
def status(
    code: str, label: str | None = None, note: str | None = None, *, bare: bool = False
) -> dict[str, Any]:
    """Show a state of `web.states` as a pill; `label` replaces its word, `bare` its ground."""
    return {"state": state(code), "label": label, "note": note, "bare": bare}


@register.filter
def state_of(code: str) -> State:
    """Return tone, symbol and word of a state, for a page that draws them itself."""
    return state(code)


@register.filter
def check_name(code: str) -> str:
    """Name a point of the checklist of a decision."""
    return str(wording.CHECKS[CheckCode(code)])


@register.inclusion_tag("web/components/verdict.html")
def verdict(code: str, note: str | None = None, label: str | None = None) -> dict[str, Any]:
    """Show the outcome of a decision or its validity large, with a line of explanation."""
    return {"state": state(code), "note": note, "label": label}


@register.inclusion_tag("web/components/side.html")
def side(party: Any, *, short: bool = False) -> dict[str, Any]:
    """Show a side by its code and name; `party` has `code`, `name_ru`, `name_en`."""
    return {"party": party, "short": short}


@register.inclusion_tag("web/components/tally.html")
def tally(result: Any, party: Any = None) -> dict[str, Any]:
    """Show how one side voted, seat by seat, with the same in words.

    `result` is an element of a decision's `side_results` (dict or object); `party` the side.
    """
    counted: Tally = tally_of(result)
    return {"tally": counted, "party": party}


@register.inclusion_tag("web/components/hash.html")
def digest(value: str | bytes | None, label: str | None = None) -> dict[str, Any]:
    """Show the beginning of a digest; the whole of it opens, to be read or copied."""
    full = bytes(value).hex() if isinstance(value, bytes | memoryview) else (value or "")
    return {"full": full, "short": short_hash(full), "label": label}


@register.filter
def short_hash(value: str | None) -> str:
    """Return the first twelve digits in groups of four."""
    text = (value or "")[:HASH_SHOWN]
    return formats.NBSP.join(text[i : i + 4] for i in range(0, len(text), 4))


@register.inclusion_tag("web/components/person.html")
def person(who: Any, role: str | None = None) -> dict[str, Any]:
    """Show a person with the capacity in which he or she acted."""
    name = localised(who, "name")
    return {"name": name, "mark": formats.initials(name), "role": role}


# --- Forms and pages ---------------------------------------------------------------------


@register.simple_tag
def once() -> SafeString:
    """Give a form the key under which its act is recorded at most once.

    Belongs in every form that is posted.
    """
    return format_html('<input type="hidden" name="request_key" value="{}">', uuid.uuid4())


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """List what is wrong in these forms, each with a link to its field."""
    general: list[str] = []
    fields: list[tuple[str, str, str]] = []
    for form in forms:
        if form is None or not form.is_bound:
            continue
        general += [str(error) for error in form.non_field_errors()]
        for bound in form.visible_fields():
            fields += [(anchor(bound), str(bound.label), str(error)) for error in bound.errors]
        for hidden in form.hidden_fields():
            general += [str(error) for error in hidden.errors]
    return {"general": general, "fields": fields}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary_of(forms: list[BaseForm]) -> dict[str, Any]:
    """List what is wrong in a list of forms that together make one page."""
    return error_summary(*forms)


def anchor(bound: Any) -> str:
    """Return the id of the first control of a field: of a group, its first choice."""
    return bound.id_for_label or (f"{bound.auto_id}_0" if bound.auto_id else "")


@register.simple_block_tag
def tablebox(content: str, labelledby: str = "", label: str = "") -> SafeString:
    """Put a table into a box that scrolls sideways and that the keyboard can reach."""
    name = (
        format_html('aria-labelledby="{}"', labelledby)
        if labelledby
        else format_html('aria-label="{}"', label or pgettext("data", "Table"))
    )
    return format_html(
        '<div class="v-tablebox" role="group" tabindex="0" {}>{}</div>', name, content
    )


@register.inclusion_tag("web/components/pagination.html", takes_context=True)
def pagination(context: template.Context, page: Page[Any], name: str = "page") -> dict[str, Any]:
    """Show links to the pages of a list, keeping what else the address asks."""
    asked = [(k, v) for k, v in context["request"].GET.items() if k != name]
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    links = [
        (n, None if n == page.paginator.ELLIPSIS else "?" + urlencode([*asked, (name, n)]))
        for n in numbers
    ]
    return {"page": page, "links": links}


@register.filter
def message_tone(level: str) -> str:
    """Return the tone in which a message of Django is shown."""
    tones = {
        constants.DEFAULT_TAGS[constants.SUCCESS]: "good",
        constants.DEFAULT_TAGS[constants.WARNING]: "warn",
        constants.DEFAULT_TAGS[constants.ERROR]: "bad",
    }
    return tones.get(level, "live")
