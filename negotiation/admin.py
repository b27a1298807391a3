"""Reading the tables of a negotiation. Nothing is written here: acts are in the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from negotiation.models import (
    Amendment,
    Clause,
    CommentSummary,
    Disagreement,
    Matter,
    Position,
    ProtocolOfDisagreements,
    Question,
    Revision,
    Round,
    Wording,
)

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin):
    """Show rows and offer no way to change them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Matter)
class MatterAdmin(ReadOnly):
    """Matters."""

    list_display = ("code", "title_ru", "state", "registered_at")
    list_filter = ("state",)
    search_fields = ("code", "title_ru", "title_en")


@admin.register(Clause)
class ClauseAdmin(ReadOnly):
    """Clauses."""

    list_display = ("number", "title_ru", "kind", "origin", "state")
    list_filter = ("state", "kind", "origin")
    search_fields = ("number", "title_ru", "title_en")


@admin.register(Wording)
class WordingAdmin(ReadOnly):
    """Wordings."""

    list_display = ("clause", "number", "origin", "sha256", "created_at")
    list_filter = ("origin",)
    list_select_related = ("clause",)
    search_fields = ("sha256",)


@admin.register(Amendment)
class AmendmentAdmin(ReadOnly):
    """Amendments."""

    list_display = ("code", "kind", "clause", "state", "disposition", "filed_at")
    list_filter = ("state", "disposition", "kind")
    list_select_related = ("clause",)
    search_fields = ("code",)


@admin.register(Position)
class PositionAdmin(ReadOnly):
    """Positions."""

    list_display = ("clause", "side", "stance", "taken_at")
    list_filter = ("stance",)
    list_select_related = ("clause", "side")


@admin.register(Disagreement)
class DisagreementAdmin(ReadOnly):
    """Disagreements."""

    list_display = ("code", "clause", "state", "raised_at")
    list_filter = ("state",)
    list_select_related = ("clause",)


@admin.register(Revision, Round, Question, CommentSummary, ProtocolOfDisagreements)
class FrozenAdmin(ReadOnly):
    """What is issued once."""
