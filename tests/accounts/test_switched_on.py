"""Passkeys, one-time codes and OpenID Connect: off until switched on, and then they work."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client

PROVIDER = {
    "provider_id": "keycloak",
    "name": "Keycloak",
    "client_id": "veche",
    "secret": "of the provider",
    "settings": {"server_url": "https://id.example.org/.well-known/openid-configuration"},
}


def test_passkeys_and_openid_connect_are_ready_to_switch_on() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.accounts.switched_on"],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "VECHE_PASSKEYS": "1",
            "VECHE_OIDC": json.dumps([PROVIDER]),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout.splitlines()[-1])

    assert seen["offers_passkey"]
    assert seen["offers_provider"]
    # What protects an account is changed only by who has just proved to be its owner.
    assert seen["asked_for_password_at"].startswith("/accounts/reauthenticate/")
    assert seen["came_back_to"] == "/accounts/2fa/webauthn/add/"
    assert set(seen["statuses"].values()) == {200}
    # Nothing that the content security policy would stop.
    assert seen["inline"] == []
    assert seen["styles"] == []


@pytest.mark.django_db
def test_they_are_off_until_then(client: Client, administrator: object) -> None:
    shown = client.get("/accounts/login/").text

    assert "passkey_login" not in shown
    assert "Keycloak" not in shown
