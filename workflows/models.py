"""What viewflow keeps of a process, and what each process here is about.

These tables are a projection: what counts is the acts. They can be thrown away and built again
from the record.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from viewflow.workflow.models import Process


class NegotiationProcess(Process):
    """One negotiation of requirements, and under which definition it began."""

    matter = models.OneToOneField(
        "negotiation.Matter",
        on_delete=models.PROTECT,
        related_name="process",
        verbose_name=_("matter"),
    )
    definition_sha256 = models.CharField(_("digest of the definition"), max_length=64)

    class Meta:
        verbose_name = _("negotiation process")
        verbose_name_plural = _("negotiation processes")
        default_permissions = ()
