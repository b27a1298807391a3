"""Reading the tables of licensing. Nothing is written here: acts are in the services."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from licensing.models import (
    ApprovalReturn,
    InForcePeriod,
    PermitApplication,
    RequirementSet,
    RequirementVersion,
    Visa,
    VisaUnit,
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


@admin.register(RequirementSet)
class RequirementSetAdmin(ReadOnly):
    """Sets by code."""

    list_display = ("code", "title_ru", "scope", "legal_basis")
    list_filter = ("legal_basis",)
    ordering = ("code",)


@admin.register(RequirementVersion)
class RequirementVersionAdmin(ReadOnly):
    """Versions, the newest first."""

    list_display = ("label", "requirement_set", "state", "in_force_from", "in_force_to")
    list_filter = ("state", "completeness")
    list_select_related = ("requirement_set",)
    ordering = ("-id",)


@admin.register(InForcePeriod)
class InForcePeriodAdmin(ReadOnly):
    """What was known to be in force, when."""

    list_display = ("scope", "version", "valid_from", "valid_to", "known_from", "known_to")
    list_select_related = ("version",)
    ordering = ("scope", "valid_from", "id")


@admin.register(VisaUnit)
class VisaUnitAdmin(ReadOnly):
    """Units in their order."""

    list_display = ("name_ru", "body", "officer", "valid_from", "valid_to")
    list_select_related = ("body", "officer")
    ordering = ("body", "position")


@admin.register(Visa)
class VisaAdmin(ReadOnly):
    """Visas, the newest first."""

    list_display = ("unit", "version", "result", "remark_status", "given_at")
    list_filter = ("result",)
    list_select_related = ("unit", "version")
    ordering = ("-id",)


@admin.register(ApprovalReturn)
class ApprovalReturnAdmin(ReadOnly):
    """Returns to the table."""

    list_display = ("version", "ground", "returned_by", "returned_at")
    list_filter = ("ground",)
    list_select_related = ("version", "returned_by")
    ordering = ("-id",)


@admin.register(PermitApplication)
class PermitApplicationAdmin(ReadOnly):
    """Applications by number."""

    list_display = ("code", "applicant", "filed_on", "accepted_on", "version", "not_before")
    list_select_related = ("applicant", "version")
    ordering = ("code",)
