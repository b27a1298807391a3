"""Editions of a body's charter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from calendars.domain import day_of
from governance import acts, charter_mistakes, refusals
from governance.authority import require_keeper
from governance.domain.charter import parse_charter
from governance.domain.documents import DocumentError
from governance.domain.fitness import check_fits
from governance.domain.procedure import parse_procedure
from governance.models import CharterVersion, Decision

from ._rows import checked, digest_of, lock, record, refusing, tidy

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.models import Body


@transaction.atomic
def adopt_charter(
    *,
    body: Body,
    number: int,
    document_ru: str,
    document_en: str = "",
    rules: dict[str, Any],
    procedure: dict[str, Any],
    adopted_on: datetime.date,
    effective_from: datetime.date,
    actor: Person,
    at: datetime.datetime,
) -> CharterVersion:
    """Register an edition with which the body begins, or mend it before the first decision.

    Later it is the body itself that adopts an edition: see `charter_drafts`. What is open keeps
    the edition it has.

    Args:
        rules: a charter in `decision-charter/1`, as `Procedure.rules_document` composes it.
        procedure: terms and parameters, see `governance.domain.procedure`; its sides are
            the sides of the body.

    Raises:
        CharterNeedsBallot: the body has decided under its charter.
        CharterInvalid: the rules or the procedure have a mistake; the parameters say where.
        CodeTaken: the body has an edition with this number.
        PeriodOverlaps: another edition takes effect on this day.
        PeriodIsEmpty: it would take effect before its adoption.
        NotAuthorised: the actor is neither the secretary nor sets the body up.
    """
    body = lock(body)
    evidence = require_keeper(actor, body=body, at=at)
    if Decision.objects.filter(ballot__meeting__body=body).exists():
        raise refusals.CharterNeedsBallot
    require_readable(body, rules, procedure)
    if effective_from < adopted_on or adopted_on > day_of(at):
        raise refusals.PeriodIsEmpty
    document = {"rules": rules, "procedure": procedure}
    charter = checked(
        CharterVersion(
            body=body,
            number=number,
            document_ru=tidy(document_ru),
            document_en=tidy(document_en),
            rules=rules,
            procedure=procedure,
            sha256=digest_of(document),
            adopted_on=adopted_on,
            effective_from=effective_from,
        ),
        *("document_ru", "document_en"),
    )
    with refusing(
        {
            "editions_of_a_charter_are_numbered_once": refusals.CodeTaken(code=str(number)),
            "one_charter_takes_effect_on_a_day": refusals.PeriodOverlaps(),
        }
    ):
        charter.save()
    record(
        acts.CHARTER_ADOPTED,
        charter,
        body=body,
        actor=actor,
        at=at,
        facts={
            "number": number,
            "sha256": charter.sha256,
            "adopted_on": adopted_on,
            "effective_from": effective_from,
            **proxies_of(body, procedure),
        },
        authority=evidence,
    )
    return charter


def proxies_of(body: Body, procedure: dict[str, Any]) -> dict[str, Any]:
    """Return who may be represented, as facts: authority is judged again from the record alone."""
    read = parse_procedure(procedure)
    sides = [side.uid for side in body.sides.order_by("position") if read.may_use_proxy(side.code)]
    return {"proxy": read.proxy, "proxy_sides": sides}


def charter_in_force(body: Body, at: datetime.datetime) -> CharterVersion:
    """Return the edition in force at an instant.

    Raises:
        NoCharter: none had taken effect.
    """
    day = day_of(at)
    charter = body.charters.effective_on(day).first()
    if charter is None:
        raise refusals.NoCharter(day=day.strftime("%d.%m.%Y"))
    return charter


def require_readable(body: Body, rules: dict[str, Any], procedure: dict[str, Any]) -> None:
    """Refuse rules or a procedure that would fail at the first meeting.

    Raises:
        CharterInvalid: they have a mistake, or name other sides than the body has.
    """
    sides = list(body.sides.order_by("position").values_list("code", flat=True))
    try:
        charter = parse_charter(rules)
        terms = parse_procedure(procedure)
        if set(terms.sides) != set(sides):
            raise refusals.CharterInvalid(path="$.sides", problem=", ".join(sorted(sides)))
        if not terms.is_composed:
            check_fits(charter, sides)
    except DocumentError as mistake:
        raise refusals.CharterInvalid(
            path=mistake.path, problem=charter_mistakes.in_words(mistake)
        ) from mistake
    # Two documents that disagree on how a side decides would count by one and seat by the other.
    composed = (
        order.rules_document(charter_id=charter.id, title=charter.title)
        for order in (terms, terms.ordered(sides))
        if terms.is_composed
    )
    if terms.is_composed and rules not in composed:
        raise refusals.CharterInvalid(path="$.decide", problem=_("differs from the procedure"))
