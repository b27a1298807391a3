"""Reading the tables of governance. Nothing is written here: acts are in the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from governance.models import (
    Appointment,
    Ballot,
    Body,
    Challenge,
    CharterVersion,
    ConflictDeclaration,
    Decision,
    Mandate,
    Meeting,
    Organisation,
    PaperCheck,
    Protocol,
    Seat,
    SeatHolding,
    Side,
    Vote,
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


@admin.register(Organisation)
class OrganisationAdmin(ReadOnly):
    """Organisations by code."""

    list_display = ("code", "name_ru", "kind", "town")
    list_filter = ("kind",)
    ordering = ("code",)


@admin.register(Body)
class BodyAdmin(ReadOnly):
    """Bodies by code."""

    list_display = ("code", "name_ru", "kind")
    ordering = ("code",)


@admin.register(Side)
class SideAdmin(ReadOnly):
    """Sides in the order of their body."""

    list_display = ("code", "name_ru", "body")
    list_select_related = ("body",)
    ordering = ("body", "position")


@admin.register(Seat)
class SeatAdmin(ReadOnly):
    """Seats by side."""

    list_display = ("code", "side", "duty")
    list_select_related = ("side",)
    ordering = ("body", "code")


@admin.register(SeatHolding)
class SeatHoldingAdmin(ReadOnly):
    """Who holds which seat."""

    list_display = ("seat", "person", "valid_from", "valid_to")
    list_select_related = ("seat", "person")
    ordering = ("seat", "valid_from", "id")


@admin.register(Appointment)
class AppointmentAdmin(ReadOnly):
    """Who serves which body."""

    list_display = ("body", "role", "person", "valid_from", "valid_to")
    list_select_related = ("body", "person")
    list_filter = ("role",)
    ordering = ("body", "role", "id")


@admin.register(CharterVersion)
class CharterVersionAdmin(ReadOnly):
    """Editions of charters."""

    list_display = ("body", "number", "document_ru", "effective_from")
    list_select_related = ("body",)
    ordering = ("body", "-number")


@admin.register(Mandate)
class MandateAdmin(ReadOnly):
    """Mandates by seat."""

    list_display = ("code", "seat", "person", "kind", "valid_from", "valid_to", "revoked_on")
    list_select_related = ("seat", "person")
    list_filter = ("kind",)
    ordering = ("seat", "-valid_from", "id")


@admin.register(ConflictDeclaration)
class ConflictDeclarationAdmin(ReadOnly):
    """Conflicts of interest and what was decided."""

    list_display = ("seat", "person", "decision", "declared_at")
    list_select_related = ("seat", "person")
    ordering = ("-declared_at", "id")


@admin.register(Meeting)
class MeetingAdmin(ReadOnly):
    """Meetings, the latest first."""

    list_display = ("code", "body", "kind", "state", "planned_for")
    list_select_related = ("body",)
    list_filter = ("kind", "state")
    ordering = ("-planned_for", "id")


@admin.register(Ballot)
class BallotAdmin(ReadOnly):
    """Ballots, the latest first."""

    list_display = ("code", "meeting", "state", "opened_at", "closed_at")
    list_select_related = ("meeting",)
    list_filter = ("state", "mode")
    ordering = ("-prepared_at", "id")


@admin.register(Vote)
class VoteAdmin(ReadOnly):
    """Votes, the latest first."""

    list_display = ("ballot", "seat", "person", "choice", "status", "cast_at")
    list_select_related = ("ballot", "seat", "person")
    list_filter = ("status", "channel")
    ordering = ("-cast_at", "id")


@admin.register(PaperCheck)
class PaperCheckAdmin(ReadOnly):
    """What second persons found who compared papers, the latest first."""

    list_display = ("vote", "finding", "checked_by", "checked_at")
    list_select_related = ("vote", "checked_by")
    list_filter = ("finding",)
    ordering = ("-checked_at", "id")


@admin.register(Challenge)
class ChallengeAdmin(ReadOnly):
    """Doubts about votes."""

    list_display = ("vote", "reason", "is_material", "settlement", "raised_at")
    list_select_related = ("vote",)
    ordering = ("-raised_at", "id")


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    """Decisions, the latest first."""

    list_display = ("ballot", "result", "decided_at")
    list_select_related = ("ballot",)
    list_filter = ("result",)
    ordering = ("-decided_at", "id")


@admin.register(Protocol)
class ProtocolAdmin(ReadOnly):
    """Protocols, the latest first."""

    list_display = ("number", "meeting", "state", "signed_at", "published_at")
    list_select_related = ("meeting",)
    ordering = ("-drafted_at", "id")
