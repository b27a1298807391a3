"""Compile the translations of all apps."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.translations import BrokenTranslation, compile_translations


class Command(BaseCommand):
    help = "Compile the translations of all apps."
    requires_system_checks: list[str] = []

    def handle(self, *_: Any, **__: Any) -> None:
        try:
            compiled = compile_translations(settings.BASE_DIR)
        except BrokenTranslation as failure:
            raise CommandError(str(failure)) from failure
        self.stdout.write(f"{len(compiled)} translations compiled")
