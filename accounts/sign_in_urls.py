"""The addresses of django-allauth, without those by which people would change themselves.

Nobody signs up, and addresses are changed on the desk, by an act. What stands first here wins; the
names stay known to allauth, whose pages ask for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from django.http import Http404
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts.views.sign_in import SignIn

if TYPE_CHECKING:
    from django.http import HttpRequest


def absent(request: HttpRequest, **_: object) -> NoReturn:
    """Answer that there is no such page.

    Raises:
        Http404: always.
    """
    raise Http404(request.path)


urlpatterns = [
    path("login/", SignIn.as_view(), name="account_login"),
    path("signup/", RedirectView.as_view(pattern_name="account_login")),
    path("email/", absent),
    re_path(r"^confirm-email/(?:(?P<key>[-:\w]+)/)?$", absent),
    path("", include("allauth.urls")),
]
