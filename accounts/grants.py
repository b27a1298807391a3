"""Permissions on people's hands: the only module that knows guardian.

Grants are a projection of offices and mandates, written by the services that keep those; the act
that changes an office records it. They decide what somebody *sees*. What somebody may *do*
is examined again by the act itself, at its moment.
"""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib.auth.models import Permission
from django.db.models import Model, Q, QuerySet
from guardian.core import ObjectPermissionChecker
from guardian.shortcuts import assign_perm, get_objects_for_user, remove_perm

from accounts.models import Person

ADMINISTER = "accounts.administer"
KEEP_PEOPLE = "accounts.keep_people"

_M = TypeVar("_M", bound=Model)


def grant(person: Person, perm: str, obj: Model | None = None) -> None:
    """Let a person have a permission on one object, or everywhere when none is named."""
    if obj is None:
        person.user_permissions.add(_permission(perm))
    else:
        assign_perm(perm, person, obj)


def revoke(person: Person, perm: str, obj: Model | None = None) -> None:
    """Take a permission back: the one on the object, or the one that holds everywhere."""
    if obj is None:
        person.user_permissions.remove(_permission(perm))
    else:
        remove_perm(perm, person, obj)


def may(person: Any, perm: str, obj: Model | None = None) -> bool:
    """Say whether a person has a permission now, read from the database and not from a cache.

    Whoever may not sign in may nothing. A permission that holds everywhere says nothing
    about an object, and one on an object nothing about others: both are asked for by name,
    so that lists and pages never differ.
    """
    if not person.is_authenticated or not person.is_active:
        return False
    if obj is not None:
        return bool(ObjectPermissionChecker(person).has_perm(perm.rpartition(".")[2], obj))
    return holders(perm).filter(pk=person.pk).exists()


def narrow(queryset: QuerySet[_M], person: Any, perm: str) -> QuerySet[_M]:
    """Keep the objects on which the person has the permission by name."""
    if not person.is_authenticated or not person.is_active:
        return queryset.none()
    return get_objects_for_user(
        person, perm, klass=queryset, accept_global_perms=False, with_superuser=False
    )


def holders(perm: str) -> QuerySet[Person]:
    """Return everybody to whom a permission was given that holds everywhere."""
    app_label, _, codename = perm.partition(".")
    permissions = Permission.objects.filter(
        content_type__app_label=app_label, codename=codename
    ).values("pk")
    return Person.objects.filter(
        Q(user_permissions__in=permissions) | Q(groups__permissions__in=permissions)
    ).distinct()


def _permission(perm: str) -> Permission:
    """Return the row of a permission.

    Raises:
        Permission.DoesNotExist: no model declares it; migrations create the rows.
    """
    app_label, _, codename = perm.partition(".")
    return Permission.objects.get(content_type__app_label=app_label, codename=codename)
