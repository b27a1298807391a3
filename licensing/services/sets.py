"""Registering a set of requirements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from audit.services import record
from governance import authority
from governance.authority import Action
from licensing import acts, refusals
from licensing.models import RequirementSet
from licensing.services import standing

if TYPE_CHECKING:
    from datetime import datetime

    from accounts.models import Person
    from governance.models import Body
    from negotiation.models import Matter


@transaction.atomic
def register_set(
    *,
    body: Body,
    code: str,
    scope: str,
    title_ru: str,
    title_en: str,
    legal_basis: RequirementSet.LegalBasis | str,
    matter: Matter | None,
    predecessor: RequirementSet | None,
    actor: Person,
    at: datetime,
) -> RequirementSet:
    """Register a set of requirements, negotiated in a matter or kept on paper until now.

    Raises:
        NotAuthorised: the actor is not the secretary of the body.
        ForeignRow: the matter or the predecessor belongs to another body.
        CodeIsTaken: another set has this code, or the matter already has its set.
        ScopeIsTaken: the scope is that of a set which this one does not replace.
    """
    evidence = authority.require(actor, Action.KEEP, body=body, at=at)
    if matter is not None and matter.body_id != body.pk:
        raise refusals.ForeignRow
    if predecessor is not None and (
        predecessor.body_id != body.pk or predecessor.scope != scope.strip()
    ):
        raise refusals.ForeignRow
    if matter is not None and RequirementSet.objects.filter(matter=matter).exists():
        raise refusals.CodeIsTaken(code=matter.code)
    if RequirementSet.objects.filter(code=code.strip()).exists():
        raise refusals.CodeIsTaken(code=code.strip())
    in_scope = RequirementSet.objects.filter(scope=scope.strip())
    if predecessor is None and in_scope.exists():
        raise refusals.ScopeIsTaken

    requirement_set = RequirementSet(
        body=body,
        code=code.strip(),
        scope=scope.strip(),
        title_ru=title_ru.strip(),
        title_en=title_en.strip(),
        legal_basis=RequirementSet.LegalBasis(legal_basis),
        matter=matter,
        predecessor=predecessor,
        registered_at=at,
    )
    requirement_set.full_clean()
    requirement_set.save()
    record(
        type=acts.SET_REGISTERED,
        actor=actor,
        at=at,
        stream=standing.stream_of(requirement_set),
        subject=requirement_set,
        authority=evidence,
        facts={
            "requirement_set": requirement_set.uid,
            "body": body.uid,
            "matter": matter and matter.uid,
            "predecessor": predecessor and predecessor.uid,
            "legal_basis": requirement_set.legal_basis,
            "scope": requirement_set.scope,
        },
    )
    return requirement_set
