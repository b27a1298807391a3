"""Conflicts of interest: declared by anybody who knows, decided by the side without the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import day_of
from governance import acts, refusals
from governance.authority import Action, NotAuthorised, examine, require
from governance.domain.procedure import parse_procedure
from governance.models import ConflictDeclaration, SeatHolding

from ._independence import Tied, tied_holders
from ._rows import checked, digest, lock, record, tidy, update

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Body, Seat


@transaction.atomic
def declare_conflict(
    *,
    seat: Seat,
    topics: Iterable[UUID],
    grounds_ru: str,
    grounds_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> ConflictDeclaration:
    """Declare an interest of the seat's holder in certain topics.

    The holder declares his or her own; the secretary, the coordinator and any other member
    of the body may raise another's. Until it is decided, no ballot on these topics opens.

    Raises:
        SeatIsVacant: nobody holds the seat.
        NotAuthorised: the actor has nothing to do with the body.
        ValidationError: topics or grounds are missing.
    """
    body = lock(seat.body)
    holding = seat.holdings.on(day_of(at)).select_related("person").order_by("id").first()
    if holding is None:
        raise refusals.SeatIsVacant(seat=seat.code)
    raised_by, evidence = _who_raises(body, holding, actor, at)
    declaration = checked(
        ConflictDeclaration(
            body=body,
            person=holding.person,
            seat=seat,
            topics=sorted(set(topics), key=str),
            grounds_ru=grounds_ru.strip(),
            grounds_en=grounds_en.strip(),
            declared_at=at,
            raised_by=raised_by,
            declared_by=actor,
        ),
        *("topics", "grounds_ru"),
    )
    declaration.save()
    record(
        acts.CONFLICT_DECLARED,
        declaration,
        body=body,
        actor=actor,
        at=at,
        facts={
            "person": holding.person.uid,
            "seat": seat.uid,
            "topics": declaration.topics,
            "raised_by": raised_by.value,
            "grounds_sha256": digest(declaration.grounds_ru),
        },
        authority=evidence,
    )
    return declaration


@transaction.atomic
def decide_conflict(
    *,
    declaration: ConflictDeclaration,
    decision: str,
    basis_ru: str,
    basis_en: str = "",
    actor: Person,
    at: datetime.datetime,
) -> ConflictDeclaration:
    """Say what follows from a declared conflict, for the topics it names and no others.

    Decided by a member of the same side who is not the person concerned; where the side has
    nobody else, by the coordinator of the body.

    Raises:
        ConflictAlreadyDecided: the decision stands.
        OwnConflict: the actor is the person concerned.
        NotAuthorised: the actor neither belongs to the side nor may stand in for it.
    """
    body = lock(declaration.body)
    declaration = lock(declaration, "seat__side", "person")
    if declaration.decision is not None:
        raise refusals.ConflictAlreadyDecided
    evidence = _who_decides(body, declaration, actor, at)
    checked_decision = ConflictDeclaration.Decision(decision)
    values = {
        "decision": checked_decision.value,
        "decision_basis_ru": tidy(basis_ru),
        "decision_basis_en": tidy(basis_en),
    }
    if not values["decision_basis_ru"]:
        raise refusals.ReasonMissing
    for name, value in values.items():
        setattr(declaration, name, value)
    checked(declaration, *values)
    update(declaration, **values, decided_at=at, decided_by=actor)
    record(
        acts.CONFLICT_DECIDED,
        declaration,
        body=body,
        actor=actor,
        at=at,
        facts={
            "person": declaration.person.uid,
            "seat": declaration.seat.uid,
            "topics": declaration.topics,
            "decision": checked_decision.value,
            "basis_sha256": digest(declaration.decision_basis_ru),
        },
        authority=evidence,
    )
    return declaration


def ties_of(body: Body, at: datetime.datetime) -> list[Tied]:
    """Return what the register of positions says against the independence of those at a body.

    Asked of the sides of which the charter in force asks it; of none where none is in force.
    """
    version = body.charters.effective_on(day_of(at)).first()
    if version is None:
        return []
    return tied_holders(body=body, procedure=parse_procedure(version.procedure), at=at)


def may_decide(declaration: ConflictDeclaration, person: Person, at: datetime.datetime) -> bool:
    """Say whether the person would be let to decide, for a page that shows the way there."""
    try:
        return bool(_who_decides(declaration.body, declaration, person, at))
    except (NotAuthorised, refusals.OwnConflict):
        return False


def _who_raises(
    body: Body, holding: SeatHolding, actor: Person, at: datetime.datetime
) -> tuple[ConflictDeclaration.RaisedBy, Evidence]:
    """Say in what quality the actor brings the conflict up.

    Raises:
        NotAuthorised: in none.
    """
    raised_by = ConflictDeclaration.RaisedBy
    if actor.pk == holding.person_id:
        own = require(actor, Action.DISSENT, body=body, at=at, seat=holding.seat)
        return raised_by.SELF, own
    if by_secretary := examine(actor, Action.KEEP, body=body, at=at):
        return raised_by.SECRETARY, by_secretary
    for action in (Action.PRESIDE, Action.NEGOTIATE, Action.CONSULT, Action.AUDIT):
        if found := examine(actor, action, body=body, at=at):
            return raised_by.OTHER, found
    raise NotAuthorised(code="no_seat")


def _who_decides(
    body: Body, declaration: ConflictDeclaration, actor: Person, at: datetime.datetime
) -> Evidence:
    """Authorise a member of the side, or the coordinator where the side is left without one.

    Raises:
        OwnConflict: the actor is the person concerned.
        NotAuthorised: neither.
    """
    if actor.pk == declaration.person_id:
        raise refusals.OwnConflict
    others = (
        SeatHolding.objects.filter(seat__side=declaration.seat.side)
        .on(day_of(at))
        .exclude(person=declaration.person)
    )
    own = others.filter(person=actor).select_related("seat").order_by("id").first()
    if own is not None:
        return require(actor, Action.NEGOTIATE, body=body, at=at, seat=own.seat)
    if others.exists():
        raise NotAuthorised(code="wrong_seat")
    return require(actor, Action.PRESIDE, body=body, at=at)
