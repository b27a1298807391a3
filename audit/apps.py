"""The record of all acts."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The lowest app: everything may import it, it imports nothing of ours."""

    name = "audit"
    verbose_name = _("Record")
