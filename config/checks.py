"""System checks of the installation."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections

from config.database.base import DatabaseFeatures
from documents.signatures import Trust

OLDEST_POSTGRESQL = DatabaseFeatures.minimum_database_version


@register(Tags.database)
def database_is_supported(
    *, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Refuse a server that is too old, before a migration fails half-way."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    return list(complaints_about(connections[DEFAULT_DB_ALIAS].get_database_version()))


def complaints_about(version: tuple[int, ...]) -> Iterator[CheckMessage]:
    """Yield an error for a version of PostgreSQL that lacks what the migrations use."""
    if version < OLDEST_POSTGRESQL:
        found, wanted = ".".join(map(str, version)), OLDEST_POSTGRESQL[0]
        yield Error(
            f"The database is PostgreSQL {found}; Veche needs {wanted} or later.",
            hint="Point DATABASE_URL at a newer server, or remove it to use the embedded one.",
            id="config.E001",
        )


@register()
def acts_own_their_transactions(**_: Any) -> list[CheckMessage]:
    """Refuse a transaction round the whole request.

    A lock taken by an act would live until the page is rendered, and a refusal caught by a
    view could leave rows behind.
    """
    if not settings.DATABASES[DEFAULT_DB_ALIAS].get("ATOMIC_REQUESTS"):
        return []
    return [
        Error(
            "ATOMIC_REQUESTS is on, and every act is a transaction of its own.",
            hint="Remove ATOMIC_REQUESTS from the database settings.",
            id="config.E002",
        )
    ]


@register()
def what_signatures_rest_on_can_be_read(**_: Any) -> list[CheckMessage]:
    """Refuse authorities and lists of revoked certificates that no signature could be held to."""
    trust = Trust(settings.SIGNATURE_AUTHORITIES, settings.SIGNATURE_REVOCATION_LISTS)
    errors: list[CheckMessage] = []
    for name, read in (
        ("VECHE_AUTHORITIES", trust.certificates),
        ("VECHE_REVOKED", trust.revocation_lists),
    ):
        try:
            read()
        except (OSError, ValueError) as unreadable:
            errors.append(
                Error(
                    f"{name} cannot be read: {unreadable}",
                    hint="Name a PEM file, or remove the variable.",
                    id="config.E003",
                )
            )
    return errors
