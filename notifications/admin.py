"""Reading the outbox. Texts are not shown: they may hold somebody's way in."""

from __future__ import annotations

from django.contrib import admin

from audit.admin import ReadOnly
from notifications.models import OutboxMessage


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnly):
    """Messages, the latest first."""

    exclude = ("body", "subject", "key")
    list_display = (
        "created_at",
        "kind",
        "address",
        "attempts",
        "sent_at",
        "given_up_at",
        "last_error_code",
    )
    list_filter = ("kind",)
    search_fields = ("address",)
    ordering = ("-id",)
