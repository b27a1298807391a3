from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from accounts.models import Person
from tests.snapshots import restored
from tests.web.scene import Scene, build_scene


@pytest.fixture
def scene(db: None) -> Scene:
    """Return a text under negotiation, a ballot that closes tomorrow, and a public register."""
    return restored("web", build_scene)


@pytest.fixture
def as_person(client: Client) -> Callable[[Person], Client]:
    """Return a function that signs somebody in."""

    def sign_in(person: Person) -> Client:
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in


@pytest.fixture(params=["ru", "en"])
def language(request: Any) -> Any:
    """Run the test once in each language."""
    with translation.override(request.param):
        yield request.param
