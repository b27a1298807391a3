"""What happens around every request: one request – one act, and refusals in words.

A posted form that bears a key (`{% once %}`) is carried out at most once. A refusal that no form
caught becomes a page: 422 for *not now*, 403 with the reason for *not you*. Whether somebody
may know that a thing exists is settled before that: pages look things up among what the
person may see, and answer 404 for the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.db import OperationalError
from django.http import HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from psycopg.errors import LockNotAvailable

from audit import requests
from audit.acts import ActRefused, AlreadyDone, NotAuthorised
from web.views import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

KEY_FIELD = "request_key"

# The addresses to which the last acts of a session led, by the key of their request.
ANSWERS = "answers"
ANSWERS_KEPT = 20


class OneRequestOneAct:
    """Carry out what is posted at most once for its key, and say refusals in words.

    Stands last in MIDDLEWARE: it calls the view itself, inside the transaction that
    `audit.requests.once` opens, so that an error takes back everything the request did.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done round the view."""
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """Call the view of a form that bears a key; leave all others to Django.

        What such a view raises does not pass by other middleware, so forms of packages that
        rely on theirs (allauth asks for the password again by raising) bear no key.
        """
        key = _key(request)
        if key is None:
            return None
        try:
            with requests.once(key, actor=request.user):
                response = view(request, *args, **kwargs)
                _remember(request, key, response)
                return response
        except AlreadyDone:
            return _show_what_was_done(request, key)
        except (ActRefused, OperationalError) as error:
            answer = self.process_exception(request, error)
            if answer is None:
                raise
            return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal that a view let through."""
        if isinstance(error, AlreadyDone):
            return _show_what_was_done(request, None)
        if isinstance(error, NotAuthorised):
            return errors.not_you(request, error)
        if isinstance(error, ActRefused):
            return errors.not_now(request, error)
        if isinstance(error, OperationalError) and isinstance(error.__cause__, LockNotAvailable):
            return errors.busy(request)
        return None


def _key(request: HttpRequest) -> UUID | None:
    """Return the key a form bears, if somebody who is signed in posted a well-formed one.

    A malformed key is left out rather than answered: it protects nobody but its sender.
    """
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    try:
        return UUID(request.POST.get(KEY_FIELD, ""))
    except ValueError:
        return None


def _remember(request: HttpRequest, key: UUID, response: HttpResponse) -> None:
    """Keep where the act led. Saved in the act's transaction: whoever waits for it finds it."""
    if not isinstance(response, HttpResponseRedirect) or request.session.is_empty():
        return
    answers = dict(request.session.get(ANSWERS, {}))
    answers[str(key)] = response.url
    request.session[ANSWERS] = dict(list(answers.items())[-ANSWERS_KEPT:])
    request.session.save()


def _show_what_was_done(request: HttpRequest, key: UUID | None) -> HttpResponse:
    """Lead to where the first of the equal requests led, or back to its page."""
    # Read anew: the session of this request was loaded before the first one had finished.
    session = type(request.session)(request.session.session_key)
    address = session.get(ANSWERS, {}).get(str(key)) or _page_of(request)
    messages.info(request, _("This was already done. Nothing was done a second time."))
    return HttpResponseRedirect(address)


def _page_of(request: HttpRequest) -> str:
    """Return the address of the page whose form was posted, or the first page."""
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(came_from)
    return parts.path + (f"?{parts.query}" if parts.query else "")
