"""Register `calendars` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CalendarsConfig(AppConfig):
    """Working days, terms by the Civil Code and time zones."""

    name = "calendars"
    label = "calendars"
    verbose_name = _("Working calendars")
