"""From an empty installation to a table that can be convened."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.management import call_command

from accounts import grants
from accounts.services import create_first_administrator, register_demonstration_person
from audit.models import Entry
from audit.services import mark_demonstration
from governance import acts, refusals, services
from governance.authority import NotAuthorised, Portfolio, capacities
from governance.domain.procedure import parse_procedure
from governance.models import Affiliation, Body, Organisation, OrganisationName
from tests.governance.refusals import refused
from tests.world import BEGINS, PROCEDURE, World, chosen_time

pytestmark = pytest.mark.django_db


def test_an_administrator_sets_a_body_up_until_it_has_a_secretary() -> None:
    mark_demonstration()
    with chosen_time():
        administrator = create_first_administrator(
            email="a@example.org", name_ru="А", name_en="A", password="long enough", at=BEGINS
        )
        act = {"actor": administrator, "at": BEGINS}
        body = services.create_body(code="B", kind="negotiation_table", name_ru="Стол", **act)
        side = services.add_side(body=body, code="EMP", name_ru="Работодатели", **act)
        services.add_seat(side=side, code="EMP-1", duty="coordinator", **act)
        clerk = register_demonstration_person(name_ru="С", name_en="S", **act)
        services.appoint(
            body=body,
            person=clerk,
            role="secretary",
            basis_ru="приказ",
            valid_from=BEGINS.date(),
            **act,
        )
        with refused(NotAuthorised, "no_duty"):
            services.add_seat(side=side, code="EMP-2", **act)
        assert services.add_seat(side=side, code="EMP-2", actor=clerk, at=BEGINS).number == 2

        # The secretary registers people from now on, and sees the body.
        assert grants.may(clerk, grants.KEEP_PEOPLE)
        assert list(Body.objects.visible_to(clerk)) == [body]
        assert not Body.objects.visible_to(administrator).exists()
        with refused(NotAuthorised, "not_administrator"):
            services.create_body(
                code="C", kind="negotiation_table", name_ru="Другой", actor=clerk, at=BEGINS
            )


def test_a_secretary_whose_time_is_over_keeps_nothing(world: World) -> None:
    duty = world.secretary.appointments.get()
    tomorrow = world.now.date() + timedelta(days=1)
    end = {"appointment": duty, "valid_to": tomorrow, "actor": world.secretary, "at": world.now}
    services.end_appointment(**end)
    with refused(refusals.AppointmentEnded):
        services.end_appointment(**end)
    world.later(days=1)
    with refused(NotAuthorised, "no_duty"):
        world.planned()
    # Nobody keeps the body now, so the administrator may appoint again.
    successor = world.person("Successor")
    services.appoint(
        body=world.body,
        person=successor,
        role="secretary",
        basis_ru="приказ",
        valid_from=world.now.date(),
        actor=world.administrator,
        at=world.now,
    )
    assert grants.may(successor, grants.KEEP_PEOPLE)


def test_what_ties_a_person_to_a_body_lets_them_see_it(world: World) -> None:
    successor = world.person("Successor")
    act = {"actor": world.secretary, "at": world.now}
    today = world.now.date()
    former = world.people["PUB-4"]
    services.vacate_seat(seat=world.seats["PUB-4"], valid_to=today, **act)
    # The mandate still runs; once it is revoked nothing is left.
    assert Body.objects.visible_to(former).exists()
    services.revoke_mandate(mandate=world.mandates["PUB-4"], revoked_on=today, **act)
    assert not Body.objects.visible_to(former).exists()

    assert not Body.objects.visible_to(successor).exists()
    services.fill_seat(
        seat=world.seats["PUB-4"],
        person=successor,
        valid_from=today + timedelta(days=30),
        basis_ru="решение",
        **act,
    )
    assert Body.objects.visible_to(successor).exists()


def test_codes_are_taken_once(world: World) -> None:
    act = {"actor": world.secretary, "at": world.now}
    with refused(refusals.CodeTaken):
        services.add_side(body=world.body, code="EMP", name_ru="Ещё раз", **act)
    with refused(refusals.CodeTaken):
        services.add_seat(side=world.sides["PUB"], code="EMP-1", **act)
    with refused(refusals.CodeTaken):
        services.add_seat(side=world.sides["PUB"], code="PUB-9", duty="coordinator", **act)
    with refused(refusals.CodeTaken):
        world.mandate("EMP-1", code=world.mandates["EMP-1"].code)
    with refused(refusals.CodeTaken):
        services.register_organisation(
            code=world.organisations["EMP"].code, kind="employer", name_ru="Завод", **act
        )
    with refused(refusals.CodeTaken):
        services.create_body(
            code=world.body.code,
            kind="negotiation_table",
            name_ru="Стол",
            actor=world.administrator,
            at=world.now,
        )


def test_a_seat_has_one_holder_at_a_time(world: World) -> None:
    today = world.now.date()
    seating = {
        "seat": world.seats["EMP-1"],
        "person": world.person("Other"),
        "basis_ru": "решение",
        "actor": world.secretary,
        "at": world.now,
    }
    with refused(refusals.SeatIsHeld):
        services.fill_seat(**seating, valid_from=today)
    with refused(refusals.PeriodIsEmpty):
        services.fill_seat(**seating, valid_from=today, valid_to=today)
    services.vacate_seat(
        seat=world.seats["EMP-1"],
        valid_to=today + timedelta(days=3),
        actor=world.secretary,
        at=world.now,
    )
    services.fill_seat(**seating, valid_from=today + timedelta(days=3))
    with refused(refusals.SeatIsVacant):
        services.vacate_seat(
            seat=world.seats["EMP-1"],
            valid_to=today - timedelta(days=1),
            actor=world.secretary,
            at=world.now,
        )


def test_a_body_has_one_coordinator_and_a_duty_is_given_once(world: World) -> None:
    duty = {
        "body": world.body,
        "basis_ru": "решение",
        "valid_from": world.now.date(),
        "actor": world.secretary,
        "at": world.now,
    }
    with refused(refusals.PeriodOverlaps):
        services.appoint(**duty, role="coordinator", person=world.person("Other"))
    with refused(refusals.PeriodOverlaps):
        services.appoint(**duty, role="consultative", person=world.heads[0])


CHARTER_MISTAKES = {
    "an unknown rule": ({"inner_rule": "by_lot"}, "$.sides.EMP.inner_rule"),
    "a side too few": (None, "$.sides"),
}


@pytest.mark.parametrize(("employers", "path"), CHARTER_MISTAKES.values(), ids=CHARTER_MISTAKES)
def test_a_charter_with_a_mistake_is_not_adopted(
    world: World, employers: dict | None, path: str
) -> None:
    sides = {**PROCEDURE["sides"], "EMP": employers}
    if employers is None:
        del sides["EMP"]
    with refused(refusals.CharterInvalid) as caught:
        services.adopt_charter(**_charter(world), procedure={**PROCEDURE, "sides": sides})
    assert caught.value.params["path"] == path


def test_a_charter_does_not_count_by_other_rules_than_it_seats_by(world: World) -> None:
    procedure = {**PROCEDURE, "side_quorum": "2/3"}
    with refused(refusals.CharterInvalid) as caught:
        services.adopt_charter(**_charter(world), procedure=procedure)
    assert caught.value.params["path"] == "$.decide"
    rules = parse_procedure(procedure).rules_document(charter_id="2", title="Charter")
    adopted = services.adopt_charter(**{**_charter(world), "rules": rules}, procedure=procedure)
    assert services.charter_in_force(world.body, world.later(days=1)) == adopted


def test_editions_of_a_charter_follow_each_other(world: World) -> None:
    act = _charter(world)
    today = world.now.date()
    with refused(refusals.CodeTaken):
        services.adopt_charter(**{**act, "number": 1}, procedure=PROCEDURE)
    with refused(refusals.PeriodOverlaps):
        services.adopt_charter(**{**act, "effective_from": today}, procedure=PROCEDURE)
    with refused(refusals.PeriodIsEmpty):
        services.adopt_charter(
            **{**act, "effective_from": today - timedelta(days=1)}, procedure=PROCEDURE
        )
    next_week = today + timedelta(days=7)
    later = services.adopt_charter(**{**act, "effective_from": next_week}, procedure=PROCEDURE)
    assert services.charter_in_force(world.body, world.now) == world.charter
    assert services.charter_in_force(world.body, world.now + timedelta(days=7)) == later


def test_a_mandate_keeps_its_document_with_its_digest(
    world: World, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    paper = world.mandate("EMP-1", document=ContentFile(b"%PDF", name="poa.pdf"))
    with paper.document.open() as kept:
        assert kept.read() == b"%PDF"
    entry = Entry.objects.of_subject(paper).get()
    assert entry.facts["document_sha256"] == paper.document_sha256
    assert len(paper.document_sha256) == 64


def test_papers_that_contradict_themselves_are_refused(world: World) -> None:
    with refused(refusals.MandateRefused, "principal_missing"):
        world.mandate("EMP-1", principal=None)
    with refused(refusals.MandateRefused, "principal_missing"):
        world.mandate("EXP-1", principal=world.organisations["EMP"])
    with refused(refusals.MandateRefused, "substitution_without_parent"):
        world.mandate("EMP-1", kind="substitution")
    with refused(refusals.PeriodIsEmpty):
        world.mandate("EMP-1", valid_to=world.now.date())
    revoke = {
        "mandate": world.mandates["EMP-1"],
        "actor": world.secretary,
        "at": world.now,
        "revoked_on": world.now.date(),
    }
    with refused(refusals.PeriodIsEmpty):
        services.revoke_mandate(**{**revoke, "revoked_on": world.now.date() + timedelta(days=1)})
    services.revoke_mandate(**revoke)
    with refused(refusals.MandateAlreadyRevoked):
        services.revoke_mandate(**revoke)


WRONG_INPUT = {
    "empty": "",
    "too long": "п" * 301,
    "unknown kind": "plant",
}


@pytest.mark.parametrize("what", WRONG_INPUT)
def test_wrong_input_is_said_field_by_field(world: World, what: str) -> None:
    form = {"code": "X", "kind": "employer", "name_ru": "Завод"}
    field = "kind" if what == "unknown kind" else "name_ru"
    with pytest.raises(ValidationError) as caught:
        services.register_organisation(
            **{**form, field: WRONG_INPUT[what]}, actor=world.secretary, at=world.now
        )
    assert list(caught.value.message_dict) == [field]
    services.register_organisation(**form, actor=world.secretary, at=world.now)


def test_an_organisation_keeps_its_earlier_names(world: World) -> None:
    plant = world.organisations["EMP"]
    act = {"actor": world.secretary, "at": world.later(days=10)}
    rename = {"organisation": plant, "name_ru": "Новое имя", "name_en": "New name"}
    with refused(refusals.PeriodOverlaps):
        services.rename_organisation(
            **rename, valid_from=world.now.date() + timedelta(days=1), **act
        )
    services.rename_organisation(**rename, valid_from=world.now.date(), **act)

    before = OrganisationName.objects.on(BEGINS.date()).get(organisation=plant)
    assert before.name_ru == "Организация EMP"
    assert Organisation.objects.get(pk=plant.pk).name_ru == "Новое имя"


def test_positions_of_a_person_are_periods(world: World) -> None:
    person, plant = world.people["EMP-1"], world.organisations["EMP"]
    act = {"actor": world.secretary, "at": world.now}
    works = {"person": person, "organisation": plant, "position_ru": "технолог"}
    today = world.now.date()
    first = services.affiliate(**works, valid_from=today, **act)
    with refused(refusals.PeriodOverlaps):
        services.affiliate(**works, valid_from=today + timedelta(days=5), **act)
    with refused(refusals.PeriodIsEmpty):
        services.end_affiliation(affiliation=first, valid_to=today, **act)
    services.end_affiliation(affiliation=first, valid_to=today + timedelta(days=5), **act)
    services.affiliate(**works, valid_from=today + timedelta(days=5), **act)
    assert Affiliation.objects.on(today + timedelta(days=4)).get(person=person) == first


def test_a_table_of_strangers_is_nobodys_to_change(world: World) -> None:
    other = world.people["EMP-1"]
    for act in (
        lambda: services.add_side(
            body=world.body, code="X", name_ru="X", actor=other, at=world.now
        ),
        lambda: services.register_organisation(
            code="X", kind="employer", name_ru="X", actor=other, at=world.now
        ),
        lambda: services.create_body(
            code="X", kind="negotiation_table", name_ru="X", actor=other, at=world.now
        ),
        lambda: world.mandate("EMP-2", actor=other),
    ):
        with refused(NotAuthorised):
            act()


def test_the_header_names_every_capacity(world: World) -> None:
    (seat,) = capacities(Portfolio(world.people["EMP-1"], world.now))
    assert (seat.capacity, seat.is_valid, seat.mandate) == (
        "representative",
        True,
        world.mandates["EMP-1"],
    )
    assert seat.last_day.isoformat() == "2026-12-31"
    (expert,) = capacities(Portfolio(world.people["EXP-1"], world.now))
    assert expert.capacity == "personal"
    (duty,) = capacities(Portfolio(world.secretary, world.now))
    assert (duty.capacity, duty.role, duty.body) == ("office", "secretary", world.body)
    (office,) = capacities(Portfolio(world.administrator, world.now))
    assert (office.role, office.body, office.key) == ("administrator", None, "administrator")

    proxy = world.person("Proxy")
    paper = world.substitute("EMP-2", proxy)
    (stand_in,) = capacities(Portfolio(proxy, world.now))
    assert (stand_in.capacity, stand_in.mandate) == ("proxy", paper)


def test_the_header_shows_a_paper_that_cannot_be_used(world: World) -> None:
    after = world.now.replace(year=2027, month=2)
    (seat,) = capacities(Portfolio(world.people["EMP-1"], after))
    assert (seat.is_valid, seat.code) == (False, "expired")
    assert seat.problem
    services.revoke_mandate(
        mandate=world.mandates["EMP-1"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    (seat,) = capacities(Portfolio(world.people["EMP-1"], world.now))
    assert seat.code == "revoked_known"


def test_capacities_cost_few_queries(world: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        capacities(Portfolio(world.people["EMP-1"], world.now))


def test_registering_is_recorded_without_names(world: World) -> None:
    entry = Entry.objects.filter(type=acts.ORGANISATION_REGISTERED).order_by("id").first()
    assert entry.stream == f"organisation:{entry.subject_uid}"
    assert entry.facts.keys() == {"kind", "fictional", "valid_from"}


def _charter(world: World) -> dict:
    """Say what another edition of the charter would say."""
    return {
        "body": world.body,
        "number": 2,
        "document_ru": "Регламент, редакция 2",
        "rules": world.charter.rules,
        "adopted_on": world.now.date(),
        "effective_from": world.now.date() + timedelta(days=1),
        "actor": world.secretary,
        "at": world.now,
    }


def test_sight_ends_with_the_time_at_the_body(world: World) -> None:
    member = world.people["PUB-4"]
    tomorrow = world.now.date() + timedelta(days=1)
    act = {"actor": world.secretary, "at": world.now}
    services.vacate_seat(seat=world.seats["PUB-4"], valid_to=tomorrow, **act)
    services.revoke_mandate(mandate=world.mandates["PUB-4"], revoked_on=world.now.date(), **act)
    assert Body.objects.visible_to(member).exists()
    services.refresh_visibility(body=world.body, at=world.later(days=1))
    assert not Body.objects.visible_to(member).exists()

    # The command does the same by the clock; whoever still has a seat keeps seeing it.
    said = StringIO()
    call_command("refresh_visibility", stdout=said)
    assert said.getvalue() == "BODY-1: 22\n"
    assert Body.objects.visible_to(world.people["PUB-3"]).exists()
