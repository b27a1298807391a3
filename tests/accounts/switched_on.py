"""Visit the pages of passkeys and OpenID Connect in an installation where they are switched on.

Run by `test_switched_on.py` in a process of its own: the switches are read when Django starts.
"""

import json
import re

import django

django.setup()

from django.test import Client  # noqa: E402 -- Django had to start first
from django.test.utils import setup_test_environment  # noqa: E402

from accounts import services  # noqa: E402
from audit import clock  # noqa: E402
from tests.databases import test_database  # noqa: E402

PASSWORD = "battery staple 9"
PAGES = [
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
    "/accounts/3rdparty/",
]


def visit() -> dict[str, object]:
    """Return the status and the scripts of each page, before and after the password is asked."""
    services.create_first_administrator(
        name_ru="Рогожин", name_en="R.", email="r@example.org", password=PASSWORD, at=clock.now()
    )
    browser = Client()
    sign_in = browser.get("/accounts/login/").text
    browser.force_login(services.people.Person.objects.get())
    asked = browser.get("/accounts/2fa/webauthn/add/", follow=True)
    address, _status = asked.redirect_chain[-1]
    confirmed = browser.post(address, {"password": PASSWORD})
    pages = [browser.get(page, follow=True) for page in PAGES]
    return {
        "offers_passkey": "passkey_login" in sign_in,
        "offers_provider": "Keycloak" in sign_in,
        "asked_for_password_at": address,
        "came_back_to": confirmed["Location"],
        "statuses": {page: answer.status_code for page, answer in zip(PAGES, pages, strict=True)},
        "inline": [
            script
            for answer in [asked, *pages]
            for script in re.findall(
                r"<script(?![^>]*(?:src=|application/json))[^>]*>", answer.text
            )
        ],
        "styles": [
            style for answer in pages for style in re.findall(r"<style|style=", answer.text)
        ],
    }


if __name__ == "__main__":
    setup_test_environment()
    with test_database():
        print(json.dumps(visit()))  # noqa: T201 -- the answer to the test
