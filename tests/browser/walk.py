"""Everywhere that links lead to: the pages of the finished demonstration, person by person."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

from django.db import connection, reset_queries
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from accounts.models import Person
from demonstration.models import Play

LINK = re.compile(r'<a\b[^>]*?\bhref="(/[^"#]*)')
NOT_PAGES = ("/static/", "/source.tar.gz", "/admin/", "/desk/files/", "/published/files/")
OF_A_KIND = {"P-SEC": 4, "P-ADMIN": 3, "P-OFFICIAL": 3}
"""How many pages of a kind somebody opens: one, and more where what is there to do differs."""

ONE_OF_EACH_KIND = (
    *("P-MIN-1", "P-MIN-2", "P-EMP-1", "P-EMP-2", "P-EMP-2S", "P-PUB-1", "P-EXP-1", "P-EXP-3"),
    *("P-COORD", "P-SEC", "P-T1", "P-OFFICIAL", "P-VISA-LAW", "P-AUDIT", "P-ADMIN"),
)
"""Sides, their members and a stand-in, officers, an institution's head, those who look on."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as somebody met it."""

    kind: str
    address: str
    who: str
    status: int
    queries: int
    text: str


def everybody() -> Iterator[tuple[str, Person | None]]:
    """Return one person of each kind by their codes, and somebody who is not signed in."""
    yield "", None
    people = Play.objects.get().people
    for code in ONE_OF_EACH_KIND:
        yield code, Person.objects.get(uid=people[code])


def walk(who: str, person: Person | None, doors: Sequence[str] = ()) -> Iterator[Page]:
    """Follow every link from the first page and other doors on, to a few pages of each kind."""
    browser = Client()
    if person:
        browser.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    met: Counter[str] = Counter()
    ahead = ["/", *doors]
    known = {*ahead}
    while ahead:
        address = ahead.pop(0)
        kind = resolve(address.partition("?")[0]).view_name
        met[kind] += 1
        if met[kind] > OF_A_KIND.get(who, 1):
            continue
        reset_queries()
        with CaptureQueriesContext(connection) as captured:
            answer = browser.get(address)
        text = answer.text if answer.status_code == 200 else ""
        yield Page(kind, address, who, answer.status_code, len(captured), text)
        links = LINK.findall(text)
        if answer.status_code == 302:
            links = [answer.headers["Location"]]
        for link in links:
            found = unescape(link)
            if found not in known and not found.startswith(NOT_PAGES):
                known.add(found)
                ahead.append(found)
