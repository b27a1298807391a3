"""The negotiation app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NegotiationConfig(AppConfig):
    """Negotiated texts: matters, clauses, positions, amendments, disagreements."""

    name = "negotiation"
    verbose_name = _("Negotiation")

    def ready(self) -> None:
        """Declare the acts, and follow what governance records about our ballots."""
        from negotiation import acts, handlers, papers  # noqa: F401, PLC0415 -- models are loaded only now

        handlers.connect()
        papers.connect()
