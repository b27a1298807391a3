"""Register `demonstration` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemonstrationConfig(AppConfig):
    """A whole negotiation played through the public services."""

    name = "demonstration"
    label = "demonstration"
    verbose_name = _("Demonstration")
