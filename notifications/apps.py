"""The outbox."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Mail as rows: written by acts, delivered by `manage.py deliver_mail`."""

    name = "notifications"
    verbose_name = _("Notifications")
