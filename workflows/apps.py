"""Register `workflows` with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkflowsConfig(AppConfig):
    """Processes that order the acts; the only package that knows viewflow."""

    name = "workflows"
    label = "workflows"
    verbose_name = _("Processes")

    def ready(self) -> None:
        """Let the processes in force hear what is recorded, and register the checks."""
        from workflows import checks  # noqa: F401, PLC0415 -- models are loaded only now
        from workflows.engine.dispatch import listen  # noqa: PLC0415
        from workflows.flows.requirement_negotiation import (  # noqa: PLC0415
            RequirementNegotiation,
        )

        listen(RequirementNegotiation)
