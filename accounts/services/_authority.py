"""On what right somebody changes people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import acts, grants
from accounts.models import Person
from audit.acts import NotAuthorised

if TYPE_CHECKING:
    from collections.abc import Mapping


def is_administrator(person: Any) -> bool:
    """Say whether a person administers people and the installation today."""
    return grants.may(person, grants.ADMINISTER)


def may_keep_people(person: Any) -> bool:
    """Say whether a person may register, rename, invite and block others."""
    return grants.may(person, grants.KEEP_PEOPLE) or is_administrator(person)


def require_keeper(actor: Person) -> Mapping[str, str]:
    """Return on what right the actor keeps the list of people.

    Raises:
        NotAuthorised: on none.
    """
    if grants.may(actor, grants.KEEP_PEOPLE):
        return {"basis": "permission", "permission": grants.KEEP_PEOPLE}
    return require_administrator(actor)


def require_administrator(actor: Person) -> Mapping[str, str]:
    """Return on what right the actor administers.

    Raises:
        NotAuthorised: on none.
    """
    if not grants.may(actor, grants.ADMINISTER):
        raise NotAuthorised(code="no_permission")
    return {"basis": "permission", "permission": grants.ADMINISTER}


def refuse_last_administrator(person: Person) -> None:
    """Keep one administrator who can sign in.

    All of them are locked, in one order: two who dismiss each other at the same moment
    would otherwise both succeed.
    """
    administrators = grants.holders(grants.ADMINISTER).values("pk")
    rest = Person.objects.active().filter(pk__in=administrators).select_for_update().order_by("pk")
    if {other.pk for other in rest} <= {person.pk}:
        raise acts.LastAdministrator(person=person)
