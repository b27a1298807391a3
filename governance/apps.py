"""Register `governance` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GovernanceConfig(AppConfig):
    """Bodies, seats, mandates, charters, meetings, ballots, decisions and protocols."""

    name = "governance"
    label = "governance"
    verbose_name = _("Governance")

    def ready(self) -> None:
        """Make papers known and give them to those who check, and let open pages hear of acts."""
        from audit import bundles, handlers, live  # noqa: PLC0415 -- models are loaded only now
        from governance import acts, exports  # noqa: PLC0415
        from governance.papers import meetings  # noqa: PLC0415

        meetings.connect()
        bundles.attach(exports.attachments)
        for act in acts.ANNOUNCED:
            handlers.on(act, live.announce)
