"""Open an empty installation from the command line."""

from __future__ import annotations

import getpass
import os
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from accounts import services
from accounts.forms import FirstAdministratorForm
from accounts.models import Person
from audit import clock
from audit.acts import ActRefused

if TYPE_CHECKING:
    from django.core.management.base import CommandParser

PASSWORD_VARIABLE = "VECHE_ADMINISTRATOR_PASSWORD"  # noqa: S105 -- where it is, not what it is


class Command(BaseCommand):
    """Create the person who registers everybody else."""

    help = (
        "Create the first administrator of an empty installation. The password is asked for, "
        f"or taken from {PASSWORD_VARIABLE}."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what is known of the person."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--name-ru", required=True)
        parser.add_argument("--name-en", required=True)
        parser.add_argument("--language", choices=Person.Language.values, default="ru")

    def handle(
        self,
        *_args: Any,
        email: str,
        name_ru: str,
        name_en: str,
        language: str,
        **_options: Any,
    ) -> None:
        """Judge the input as the page does, and create."""
        password = os.environ.get(PASSWORD_VARIABLE) or getpass.getpass()
        form = FirstAdministratorForm(
            {
                "email": email,
                "name_ru": name_ru,
                "name_en": name_en,
                "language": language,
                "password1": password,
                "password2": password,
            }
        )
        if not form.is_valid():
            raise CommandError(
                "\n".join(
                    f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()
                )
            )
        try:
            person = services.create_first_administrator(
                name_ru=form.cleaned_data["name_ru"],
                name_en=form.cleaned_data["name_en"],
                email=form.cleaned_data["email"],
                language=form.cleaned_data["language"],
                password=form.cleaned_data["password1"],
                at=clock.now(),
            )
        except ActRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(self.style.SUCCESS(f"{person.name_en} <{person.email}> may sign in."))
