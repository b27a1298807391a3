"""Register `governance` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Bodies, seats, mandates, charters, meetings, ballots, decisions and protocols."""

    name = "governance"
    label = "governance"
    verbose_name = _("Governance")

    def ready(self) -> None:
        """Make the papers of meetings known."""
        from governance.papers import meetings  # noqa: PLC0415 -- models are loaded only now

        meetings.connect()
