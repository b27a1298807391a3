"""Register `licensing` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LicensingConfig(AppConfig):
    """Requirement versions: approval, entry into force, applications."""

    name = "licensing"
    label = "licensing"
    verbose_name = _("Licensing requirements")

    def ready(self) -> None:
        """Make the papers of versions known."""
        from licensing import papers  # noqa: PLC0415 -- models are loaded only now

        papers.connect()
