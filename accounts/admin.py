"""Reading people. Passwords and grants are not shown; nothing is written here."""

from __future__ import annotations

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from accounts.models import Person, PersonName
from audit.admin import ReadOnly

# One way in for everybody: with its limits, second factors and history.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(Person)
class PersonAdmin(ReadOnly):
    """People by name."""

    fields = (
        "uid",
        "name_ru",
        "name_en",
        "email",
        "language",
        "state",
        "is_staff",
        "is_demonstration",
        "registered_at",
        "invited_at",
    )
    list_display = ("name_ru", "email", "state", "is_demonstration")
    list_filter = ("state", "is_demonstration")
    search_fields = ("name_ru", "name_en", "email")
    ordering = ("name_ru", "id")


@admin.register(PersonName)
class PersonNameAdmin(ReadOnly):
    """Names with their days."""

    list_display = ("name_ru", "name_en", "valid_from", "valid_to")
    search_fields = ("name_ru", "name_en")
    ordering = ("name_ru", "id")
