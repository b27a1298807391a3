"""People, sign-in and grants."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """The only app that knows guardian and allauth."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        """Declare the acts of this app."""
        from . import acts  # noqa: F401, PLC0415 -- models must be loaded before this
