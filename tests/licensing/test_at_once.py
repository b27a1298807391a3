"""Two connections at the same moment: what one does, the other sees or waits for."""

from typing import Any

from django.db import IntegrityError, transaction

from audit.acts import ActRefused
from calendars.domain import day_of
from licensing import refusals
from licensing.models import (
    ApprovalReturn,
    RequirementVersion,
    ReturnReason,
    VersionClause,
    Visa,
)
from tests.connections import at_once
from tests.licensing.desk import Desk
from tests.negotiation.traces import while_uncommitted

State = RequirementVersion.State


def test_two_orders_at_once_are_one(committed: Desk) -> None:
    committed.endorse_all()
    at = committed.now()
    results = at_once(lambda: committed.approve(at=at), lambda: committed.approve(at=at))

    assert [type(one).__name__ for one in results].count("RequirementVersion") == 1
    assert [type(one) for one in results].count(refusals.NotAwaitingOrder) == 1


def test_an_order_and_a_return_at_once_are_one(committed: Desk) -> None:
    committed.endorse_all()
    at, reasons = committed.now(), [committed.reason("2.2")]
    results = at_once(
        lambda: committed.approve(at=at), lambda: committed.send_back(at=at, reasons=reasons)
    )

    assert sum(isinstance(one, ActRefused) for one in results) == 1
    assert ApprovalReturn.objects.exists() == (committed.version.state == State.RETURNED)


def test_a_visa_taken_back_at_the_moment_of_the_order_is_seen(committed: Desk) -> None:
    committed.endorse_all()
    at = committed.now()
    visa, order = while_uncommitted(
        lambda: committed.endorse(0, "not_approved", at=at), lambda: committed.approve(at=at)
    )

    assert isinstance(visa, Visa)
    assert isinstance(order, refusals.VisasMissing)


def test_the_database_lets_an_order_wait_for_a_visa(committed: Desk) -> None:
    committed.endorse_all()
    version, at = committed.version, committed.now()
    visa, order = while_uncommitted(
        lambda: Visa.objects.create(
            version=version,
            unit=committed.units[0],
            person=committed.officers[0],
            result="not_approved",
            remark_ru="Нет.",
            text_sha256=version.text_sha256,
            given_at=at,
        ),
        lambda: RequirementVersion.objects.filter(pk=version.pk).update(
            state=State.APPROVED,
            approved_by=committed.world.official,
            approved_at=at,
            order_number="1",
            order_text_sha256=version.text_sha256,
        ),
    )

    assert isinstance(visa, Visa)
    assert _rule(order) == "an_approved_version_has_every_visa"


def test_the_database_lets_a_visa_wait_for_an_order(committed: Desk) -> None:
    committed.endorse_all()
    version, at = committed.version, committed.now()
    _order, visa = while_uncommitted(
        lambda: committed.approve(at=at),
        lambda: Visa.objects.create(
            version=version,
            unit=committed.units[0],
            person=committed.officers[0],
            result="not_approved",
            remark_ru="Нет.",
            text_sha256=version.text_sha256,
            given_at=at,
        ),
    )
    assert _rule(visa) == "a_visa_is_given_to_the_text_that_awaits_its_order"


def test_the_database_lets_a_return_wait_for_an_order(committed: Desk) -> None:
    committed.endorse_all()
    version, at = committed.version, committed.now()
    clause = version.clauses.get(number="2.2")

    def send_back() -> Any:
        with transaction.atomic():
            given = ApprovalReturn.objects.create(
                version=version,
                ground="procedural_defect",
                returned_by=committed.world.official,
                returned_at=at,
            )
            ReturnReason.objects.create(approval_return=given, clause=clause, reason_ru="Так.")

    _order, returned = while_uncommitted(lambda: committed.approve(at=at), send_back)
    assert _rule(returned) == "only_a_version_that_awaits_its_order_is_returned"


def test_the_database_lets_a_clause_wait_for_the_seal(committed: Desk) -> None:
    version, at = committed.version, committed.now()
    committed.endorse_all()
    pattern = version.clauses.get(number="2.2")
    _order, clause = while_uncommitted(
        lambda: committed.approve(at=at),
        lambda: VersionClause.objects.create(
            version=version,
            position=99,
            number="9.9",
            kind=pattern.kind,
            origin=pattern.origin,
            text_ru="Ещё пункт.",
            sha256=pattern.sha256,
        ),
    )
    assert _rule(clause) == "a_sealed_version_takes_no_clause"


def test_two_acceptances_at_once_are_one(committed: Desk) -> None:
    application = committed.file()
    at = committed.now()
    results = at_once(
        lambda: committed.accept(application, at=at), lambda: committed.accept(application, at=at)
    )
    assert [type(one) for one in results].count(refusals.AlreadyAccepted) == 1


def test_the_database_lets_a_pin_wait_for_the_dates_of_a_version(committed: Desk) -> None:
    committed.endorse_all()
    committed.approve()
    application, at = committed.file(), committed.now()

    published, pinned = while_uncommitted(
        lambda: committed.publish(at=at),
        lambda: (
            type(application)
            .objects.filter(pk=application.pk)
            .update(version=committed.predecessor, accepted_at=at, accepted_on=day_of(at))
        ),
    )
    # The former version still holds on this day: its end was moved, not its beginning.
    assert (published.state, pinned) == (State.PUBLISHED, 1)


def _rule(error: object) -> str:
    """Return the name of the rule by which the database refused."""
    assert isinstance(error, IntegrityError)
    return error.__cause__.diag.constraint_name  # type: ignore[union-attr]
