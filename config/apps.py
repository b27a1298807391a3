"""Register `config` with Django: its commands, its checks and what surrounds migrations."""

from typing import Any, cast

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate

from config.database.base import DatabaseWrapper
from config.database.privileges import grant_future_tables


class ConfigConfig(AppConfig):
    """Settings, addresses, the embedded PostgreSQL and system checks."""

    name = "config"

    def ready(self) -> None:
        from config import checks  # noqa: F401, PLC0415 - registers itself, needs ready apps

        # Django sends both signals once per app with models; one of them is enough.
        once = apps.get_app_config("contenttypes")
        pre_migrate.connect(grant_future_tables, sender=once)
        post_migrate.connect(_create_cache_table, sender=once)


def _create_cache_table(using: str, **_: Any) -> None:
    """Create the table of the cache, which no migration of Django makes."""
    connection = cast("DatabaseWrapper", connections[using])
    with connection.as_owner():
        call_command("createcachetable", database=using, verbosity=0)
