"""Register `web` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebConfig(AppConfig):
    """Pages that cross apps, the design system and the public register."""

    name = "web"
    label = "web"
    verbose_name = _("Pages")

    def ready(self) -> None:
        """Tell `accounts` how to say who is who."""
        from accounts import introductions  # noqa: PLC0415 -- needs ready apps
        from web.introductions import (  # noqa: PLC0415 -- needs ready apps
            seats_duties_employers,
            sides_and_officers,
        )

        introductions.introduce_with(seats_duties_employers)
        introductions.group_with(sides_and_officers)
