"""Pages that say what went wrong and what can be done about it, in the reader's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from web.context import Frame

if TYPE_CHECKING:
    from django.http import HttpRequest

    from audit.acts import ActRefused, NotAuthorised


def _page(
    request: HttpRequest, status: int, *, title: str, why: str, advice: str = "", code: str = ""
) -> HttpResponse:
    context = {
        "status": status,
        "error_title": title,
        "why": why,
        "advice": advice,
        "code": code,
        # Whoever is refused as a person is shown, act by act, what stands in the way.
        "asks_why": bool(code) and request.user.is_authenticated,
    }
    if request.headers.get("HX-Request"):
        # htmx swaps a part of the page; the whole of it would land inside.
        return render(request, "web/errors/_part.html", context, status=status)
    return render(request, "web/errors/page.html", context, status=status)


def not_now(request: HttpRequest, refusal: ActRefused) -> HttpResponse:
    """Say why an act is not possible now (422). Nothing was changed."""
    return _page(
        request,
        422,
        title=_("This cannot be done now"),
        why=str(refusal),
        advice=_("Nothing was changed. Go back, look at the page again and decide anew."),
        code=refusal.code,
    )


def not_you(request: HttpRequest, refusal: NotAuthorised) -> HttpResponse:
    """Say why an act is not this person's (403); whoever is not signed in may sign in."""
    if not request.user.is_authenticated:
        return redirect(f"{Frame(request).sign_in_url}?next={request.path}")
    return _page(
        request,
        403,
        title=_("You are not authorised to do this"),
        why=str(refusal),
        advice=_(
            "Your capacity is stated at the top of the page. If it should be another, "
            "ask the secretary of the body."
        ),
        code=refusal.code,
    )


def busy(request: HttpRequest) -> HttpResponse:
    """Say that somebody else is changing the same thing at this moment (503)."""
    response = _page(
        request,
        503,
        title=_("Somebody is changing this right now"),
        why=_("Your request waited and could not be carried out."),
        advice=_("Nothing was changed. Send the form again in a few seconds."),
    )
    response["Retry-After"] = "5"
    return response


def bad_request(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 -- Django passes it
) -> HttpResponse:
    """Say that the request could not be read (400)."""
    return _page(
        request,
        400,
        title=_("The request could not be read"),
        why=_("It was damaged on its way, or it is larger than this page accepts."),
        advice=_("Go back and send the form again. Long texts are better imported from a file."),
    )


def form_expired(
    request: HttpRequest,
    reason: str = "",  # noqa: ARG001 -- Django passes it
) -> HttpResponse:
    """Say that the form does not belong to the present session (403)."""
    return _page(
        request,
        403,
        title=_("The form has expired"),
        why=_("You have signed in or out since the page was opened, or cookies are switched off."),
        advice=_("Nothing was changed. Open the page again and send the form once more."),
    )


def forbidden(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 -- Django passes it
) -> HttpResponse:
    """Say that the page is not for this person (403)."""
    return _page(
        request,
        403,
        title=_("This page is not open to you"),
        why=_("It belongs to a duty that you do not hold today."),
        advice=_("Your capacity is stated at the top of the page."),
    )


def not_found(
    request: HttpRequest,
    exception: Exception | None = None,  # noqa: ARG001 -- Django passes it
) -> HttpResponse:
    """Say that there is nothing at the address – or nothing this person may know of (404)."""
    return _page(
        request,
        404,
        title=_("There is no such page"),
        why=_("The address is mistyped, or the page belongs to a matter that is not open to you."),
        advice=_("Start from the first page, or look in the public register."),
    )


def broken(_request: HttpRequest) -> HttpResponse:
    """Say that the program failed (500). Asks neither the database nor the session."""
    text = render_to_string("web/errors/broken.html", {"home": reverse("web:home")})
    return HttpResponse(text, status=500)
