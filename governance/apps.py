"""Register `governance` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Bodies, seats, mandates, charters, meetings, ballots, decisions and protocols."""

    name = "governance"
    label = "governance"
    verbose_name = _("Governance")

    def ready(self) -> None:
        """Make the papers of meetings known, and let open pages hear of acts."""
        from audit import handlers, live  # noqa: PLC0415 -- models are loaded only now
        from governance import acts  # noqa: PLC0415
        from governance.papers import meetings  # noqa: PLC0415

        meetings.connect()
        for act in acts.ANNOUNCED:
            handlers.on(act, live.announce)
