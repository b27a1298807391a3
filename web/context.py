"""What surrounds every page: navigation, language, the person and the capacity of acting.

Everything is asked for at most once, and only by a page that shows it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.services import is_demonstration
from governance.pages import portfolio_of
from web.capacities import InWords, capacities_of, may_keep

if TYPE_CHECKING:
    import datetime

    from django.http import HttpRequest
    from django.utils.functional import SimpleLazyObject

    from accounts.models import Person


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the main navigation. `count_url` gives the number beside it, when it has one."""

    label: str
    url: str
    is_current: bool
    is_exact: bool
    count_url: str = ""


class Frame:
    """The frame of one page."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def now(self) -> datetime.datetime:
        """The moment for which the page is made. Acts ask the database's clock instead."""
        return timezone.now()

    @cached_property
    def person(self) -> Person | SimpleLazyObject | None:
        """Whoever is signed in."""
        user = getattr(self._request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @cached_property
    def is_demonstration(self) -> bool:
        """Whether what is shown is invented."""
        return is_demonstration()

    @cached_property
    def capacities(self) -> list[InWords]:
        """In which capacities the person may act today, the weightiest first."""
        return capacities_of(portfolio_of(self._request)) if self.person else []

    @cached_property
    def may_keep(self) -> bool:
        """Whether the secretary's desk has anything for this person."""
        return may_keep(self.capacities)

    @cached_property
    def here(self) -> str:
        """The address to come back to after the language was changed."""
        return self._request.get_full_path()

    @property
    def sign_in_url(self) -> str:
        """Where one signs in: in a demonstration by picking a person."""
        name = "accounts:demo_sign_in" if self.is_demonstration else settings.LOGIN_URL
        return reverse(name)

    @cached_property
    def links(self) -> list[Link]:
        """The main navigation, for this person."""
        links = []
        if self.person:
            links.append(self._link(_("Inbox"), "web:inbox", count_url=reverse("web:inbox_count")))
            links.append(self._link(_("Negotiations"), "negotiation:matters"))
        links.append(self._link(_("Register"), "web:register"))
        if self.may_keep:
            links.append(self._link(_("Secretary's desk"), "governance:desk"))
        return links

    def _link(self, label: str, name: str, count_url: str = "") -> Link:
        url, here = reverse(name), self._request.path
        return Link(label, url, here.startswith(url), here == url, count_url)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give `frame` to templates."""
    return {"frame": Frame(request)}
