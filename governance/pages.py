"""What the pages of a body's affairs have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.utils import timezone

from governance.authority import Portfolio

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import Person


def portfolio_of(request: HttpRequest) -> Portfolio:
    """Return what the reader has in hand at the moment for which the page is made.

    The header and the page itself ask the same of the same person: it is read once a request.
    """
    carried = vars(request)
    if "portfolio" not in carried:
        carried["portfolio"] = Portfolio(cast("Person", request.user), timezone.now())
    found: Portfolio = carried["portfolio"]
    return found
