"""What the environment makes of the settings."""

import multiprocessing
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config.secret import secret_key

VARIABLES = (
    *("DATABASE_URL", "PG_BIN", "SECRET_KEY"),
    *("VECHE_ADDRESS", "VECHE_DEBUG", "VECHE_FILES", "VECHE_MAIL", "VECHE_MAIL_FROM"),
    *("VECHE_OIDC", "VECHE_PASSKEYS", "VECHE_POSTGRES", "VECHE_STATIC"),
)


@pytest.fixture
def made_with(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that reads the settings under an environment of its own."""

    def read(**environment: str) -> dict[str, Any]:
        for name in VARIABLES:
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(settings.BASE_DIR / "config" / "settings.py"))

    return read


def test_the_settings_name_every_variable_they_read() -> None:
    text = (settings.BASE_DIR / "config" / "settings.py").read_text()

    assert [name for name in VARIABLES if name not in text.split('"""')[1]] == []


def test_without_an_environment_only_this_machine_is_served(made_with: Any) -> None:
    made = made_with()

    assert made["DEBUG"] is False
    assert made["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert made["DATABASES"]["default"]["CLUSTER"].durable
    assert not made["SECURE_SSL_REDIRECT"]


def test_an_address_with_https_makes_everything_https(made_with: Any) -> None:
    made = made_with(VECHE_ADDRESS="https://veche.example/")

    assert made["ADDRESS"] == "https://veche.example"
    assert made["ALLOWED_HOSTS"] == ["veche.example"]
    assert made["SESSION_COOKIE_SECURE"]
    assert made["CSRF_COOKIE_SECURE"]
    assert made["SECURE_SSL_REDIRECT"]
    assert made["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_nothing_inline_and_nothing_from_elsewhere_is_allowed() -> None:
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert policy["default-src"] == ["'self'"]
    allowed = {source for sources in policy.values() for source in sources}
    assert allowed == {"'self'", "'none'", "data:"}


def test_a_database_url_names_a_server_of_its_own(made_with: Any) -> None:
    made = made_with(DATABASE_URL="postgresql://anna:pass@db.example:6432/veche?sslmode=require")

    default = made["DATABASES"]["default"]
    assert "CLUSTER" not in default
    assert (default["HOST"], default["PORT"], default["NAME"]) == ("db.example", "6432", "veche")
    assert (default["USER"], default["PASSWORD"]) == ("anna", "pass")
    assert default["OPTIONS"]["sslmode"] == "require"
    assert default["OPTIONS"]["assume_role"] == "veche_app"


def test_mail_goes_to_files_until_a_server_is_named(made_with: Any) -> None:
    assert made_with()["EMAIL_BACKEND"].endswith("filebased.EmailBackend")

    made = made_with(VECHE_MAIL="smtps://veche%40mail.example:se%2Fcret@mail.example")

    assert (made["EMAIL_HOST"], made["EMAIL_PORT"]) == ("mail.example", 465)
    assert (made["EMAIL_HOST_USER"], made["EMAIL_HOST_PASSWORD"]) == (
        "veche@mail.example",
        "se/cret",
    )
    assert made["EMAIL_USE_SSL"]
    assert not made["EMAIL_USE_TLS"]


def test_passkeys_and_other_sign_ins_wait_to_be_switched_on(made_with: Any) -> None:
    made = made_with()
    assert made["MFA_SUPPORTED_TYPES"] == []
    assert made["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == []

    made = made_with(VECHE_PASSKEYS="1", VECHE_OIDC='[{"provider_id": "keycloak"}]')
    assert "webauthn" in made["MFA_SUPPORTED_TYPES"]
    assert made["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"] == [
        {"provider_id": "keycloak"}
    ]


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret_key"

    key = secret_key(path)

    assert len(key) >= 50
    assert secret_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_processes_that_make_the_key_at_the_same_moment_agree(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        keys = pool.map(secret_key, [tmp_path / "secret_key"] * 12)

    assert len(set(keys)) == 1
