"""Texts and papers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DocumentsConfig(AppConfig):
    """Differences between wordings, drafts read from files, papers printed. It has no tables."""

    name = "documents"
    verbose_name = _("Documents")
