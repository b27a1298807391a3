"""Take sight from those whose time at a body has ended."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from audit import clock
from governance.models import Body
from governance.services import refresh_visibility


class Command(BaseCommand):
    """Project seats, mandates and duties onto what people see, body by body."""

    help = "Project seats, mandates and duties onto what people see. Run it every night."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look at everybody who was ever tied to a body."""
        for body in Body.objects.order_by("code"):
            people = refresh_visibility(body=body, at=clock.now())
            self.stdout.write(f"{body.code}: {people}")
