"""Addresses behind which things go wrong, for the tests of what people are told then."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path

from audit.acts import ActRefused, NotAuthorised
from config.urls import handler400, handler403, handler404, handler500
from config.urls import urlpatterns as real
from tests.audit.acts import Actor, do

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def not_now(_request: HttpRequest) -> HttpResponse:
    raise ActRefused("The round is closed.", code="round_closed")


def not_you(_request: HttpRequest) -> HttpResponse:
    raise NotAuthorised("Your mandate has expired.", code="expired")


def forbidden(_request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def damaged(_request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation


def broken(_request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


def busy(_request: HttpRequest) -> HttpResponse:
    """Fail as a statement does that waits too long for a row."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DO $$ BEGIN RAISE lock_not_available; END $$")
    return HttpResponse()


def database_fails(_request: HttpRequest) -> HttpResponse:
    raise OperationalError


def act(request: HttpRequest) -> HttpResponse:
    """Do an act and lead to its receipt."""
    entry = do(actor=Actor(request.user.uid), code=request.POST.get("code", "a1"))
    return HttpResponseRedirect(f"/receipt/{entry.uid}/")


def act_and_fail(request: HttpRequest) -> HttpResponse:
    """Do an act and then be refused another one."""
    do(actor=Actor(request.user.uid))
    raise ActRefused


def act_without_answer(request: HttpRequest) -> HttpResponse:
    """Do an act and show a page at the same address."""
    do(actor=Actor(request.user.uid))
    return HttpResponse("done")


urlpatterns = [
    path(
        "failing/",
        include(
            [
                path("not-now/", not_now),
                path("not-you/", not_you),
                path("forbidden/", forbidden),
                path("damaged/", damaged),
                path("broken/", broken),
                path("busy/", busy),
                path("database/", database_fails),
                path("act/", act),
                path("act-and-fail/", act_and_fail),
                path("act-without-answer/", act_without_answer),
            ]
        ),
    ),
    *real,
]
