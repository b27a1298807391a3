"""Reading processes. They are moved by acts, never by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

# Imported before its pages are taken down: viewflow would let staff edit processes and tasks.
from viewflow.workflow import admin as _viewflow_pages  # noqa: F401
from viewflow.workflow.models import Process, Task

from workflows.models import NegotiationProcess

if TYPE_CHECKING:
    from django.http import HttpRequest

admin.site.unregister([Process, Task])


@admin.register(NegotiationProcess)
class NegotiationProcessAdmin(admin.ModelAdmin):
    """Processes by matter, and under which definition each began."""

    list_display = ("matter", "status", "created", "finished", "definition_sha256")
    list_filter = ("status",)
    list_select_related = ("matter",)
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
