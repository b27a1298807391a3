"""Reading the record. Nothing can be written here, or anywhere but by acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from audit.models import Entry, Installation

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg] # not subscriptable at run time
    """Show rows to administrators and offer no way to change them.

    `accounts.administer` is asked for by its name: the record lies below people.
    """

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("accounts.administer")

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("accounts.administer")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Entry)
class EntryAdmin(ReadOnly):
    """Entries, the latest first."""

    list_display = ("at", "type", "stream", "stream_seq", "at_basis", "actor_uid")
    list_filter = ("at_basis",)
    search_fields = ("stream", "type")
    ordering = ("-id",)


@admin.register(Installation)
class InstallationAdmin(ReadOnly):
    """What this database is."""

    list_display = ("origin", "is_demonstration")
    ordering = ("id",)
