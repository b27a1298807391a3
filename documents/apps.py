"""Texts and papers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Differences between wordings, and drafts read from files. It has no tables."""

    name = "documents"
    verbose_name = _("Documents")
