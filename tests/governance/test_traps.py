"""Traps that other systems fell into, at the acts of a body. `docs/traps.md` has the list."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin

from audit.models import Entry
from governance import acts, refusals, services
from governance.authority import NotAuthorised
from governance.domain.procedure import parse_procedure
from governance.models import Ballot, CharterVersion, Decision, Meeting, Vote
from tests.connections import at_once
from tests.governance.refusals import broken, refused
from tests.governance.test_database_refuses import ROLL_CHANGES, run
from tests.world import PROCEDURE, World, build_world, chosen_time

pytestmark = pytest.mark.django_db


def side(decision: Decision, code: str) -> dict[str, Any]:
    """Return what one side came to."""
    return next(result for result in decision.side_results if result["side"] == code)


def in_the_hall(world: World, *away: str) -> Meeting:
    """Hold a meeting to which some seats do not come."""
    meeting = world.convened()
    world.come(meeting, *(seat for seat in world.seats if seat not in away))
    return services.open_meeting(meeting=meeting, actor=world.coordinator, at=world.now)


def edition(world: World, number: int, **changes: Any) -> CharterVersion:
    """Adopt another edition of the charter, in force from today."""
    procedure = {**PROCEDURE, **changes}
    return services.adopt_charter(
        body=world.body,
        number=number,
        document_ru=f"Регламент, редакция {number}",
        rules=parse_procedure(procedure).rules_document(charter_id=str(number), title="Charter"),
        procedure=procedure,
        adopted_on=world.now.date(),
        effective_from=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )


def inner_rule(code: str, rule: str) -> dict[str, Any]:
    """Return the sides of the charter with another rule for one of them."""
    return {**PROCEDURE["sides"], code: {**PROCEDURE["sides"][code], "inner_rule": rule}}


def test_trap_03_a_proxy_brings_an_absent_holder_into_no_base(world: World) -> None:
    """PUB decides by a majority of those present: two of three do, two of four would not."""
    world.substitute("PUB-2", world.person("Proxy"))
    ballot = world.ballot(in_the_hall(world, "PUB-2"))
    world.vote_all(ballot, PUB_2="", PUB_1="against")
    world.close(ballot)

    votes = side(ballot.decision, "PUB")
    assert (votes["cast"], votes["votes_for"], votes["agreed"]) == (3, 2, True)
    [row] = [row for row in ballot.decision.rows if row["id"] == "PUB-2"]
    assert row["vote"] == "absent"


def test_trap_05_the_base_is_of_those_who_were_entitled(world: World) -> None:
    """EMP needs more than half of four. Its fourth member leaves the table before the count."""
    ballot = world.ballot(world.opened("written"))
    world.vote_all(ballot, EMP_3="against", EMP_4="")
    services.vacate_seat(
        seat=world.seats["EMP-4"], valid_to=world.now.date(), actor=world.secretary, at=world.now
    )
    world.close(ballot)

    votes = side(ballot.decision, "EMP")
    assert (votes["entitled"], votes["votes_for"], votes["agreed"]) == (4, 2, False)


def test_trap_06_a_lower_threshold_revives_nothing(world: World) -> None:
    world.later(days=1)
    first = edition(world, 2, sides=inner_rule("PUB", "consensus"))
    meeting = world.opened()
    failed = world.ballot(meeting)
    world.vote_all(failed, PUB_4="against")
    world.close(failed)
    assert (failed.charter_version, failed.decision.result) == (first, "not_agreed")

    world.later(days=1)
    second = world.change_charter(sides=inner_rule("PUB", "majority_of_present"))

    with refused(refusals.BallotNotInState):
        world.open_ballot(failed)
    with refused(refusals.BallotNotInState):
        world.close(failed)
    with broken("an_opened_ballot_keeps_its_charter_and_times"):
        run("UPDATE governance_ballot SET charter_version_id = %s", second.pk)
    kept = Decision.objects.get(ballot=failed)
    assert (kept.result, kept.outcome) == ("not_agreed", failed.decision.outcome)
    # Under the new edition the question has to be asked again, and then it is another ballot.
    again = world.ballot(meeting)
    world.vote_all(again, PUB_4="against")
    world.close(again)
    assert (again.charter_version, again.decision.result) == (second, "agreed")
    assert Decision.objects.get(ballot=failed).result == "not_agreed"


def test_trap_07_a_quorum_is_that_of_the_opening(world: World) -> None:
    meeting = world.opened()
    prepared = world.prepared(meeting)
    world.go(meeting, "PUB-3", "PUB-4")
    assert world.open_ballot(prepared).state == Ballot.State.NOT_HELD

    later = world.prepared(meeting)
    world.later()
    world.come(meeting, "PUB-3")
    assert world.open_ballot(later).state == Ballot.State.OPEN


def test_trap_11_nobody_steps_round_a_duty_by_standing_in(world: World) -> None:
    """Whoever is kept from an act stays kept from it on another's paper."""
    with refused(refusals.TwoSides):
        world.substitute("PUB-2", world.people["EMP-1"])
    for officer in (world.secretary, world.coordinator):
        with refused(refusals.NeutralDuty):
            world.substitute("PUB-2", officer)
    # The one concerned does not decide on the own conflict, whoever's place is taken.
    topics = world.planned().agenda.get().topics
    declaration = world.conflict("EMP-1", topics, decision="")
    world.substitute("EMP-2", world.people["EMP-1"])
    with refused(refusals.OwnConflict):
        services.decide_conflict(
            declaration=declaration,
            decision="no_conflict",
            basis_ru="всё в порядке",
            actor=world.people["EMP-1"],
            at=world.later(),
        )
    # Nor does a stand-in without a seat of the side.
    stand_in = world.person("Stand-in")
    world.substitute("EMP-2", stand_in)
    with refused(NotAuthorised):
        services.decide_conflict(
            declaration=declaration,
            decision="no_conflict",
            basis_ru="всё в порядке",
            actor=stand_in,
            at=world.later(),
        )


@pytest.mark.django_db(transaction=True)
def test_trap_12_the_last_two_votes_at_the_same_moment_both_count() -> None:
    with chosen_time():
        world = build_world()
        ballot = world.ballot()
        world.vote_all(ballot, EXP_3="", EXP_4="")
        at = world.later(seconds=1)

    def casting(seat: str) -> Callable[[], Vote]:
        def cast() -> Vote:
            with chosen_time():
                return services.cast_vote(
                    ballot=ballot,
                    seat=world.seats[seat],
                    choice="for",
                    text_sha256=ballot.text_sha256,
                    actor=world.people[seat],
                    at=at,
                )

        return cast

    last = at_once(casting("EXP-3"), casting("EXP-4"))
    assert [vote.is_counted for vote in last] == [True, True]
    with chosen_time():
        world.close(ballot)
    assert side(ballot.decision, "EXP")["votes_for"] == 4


def test_trap_15_annulling_a_ballot_deletes_no_vote(world: World) -> None:
    ballot = world.ballot()
    vote = world.vote(ballot, "EMP-1")
    services.annul_ballot(
        ballot=ballot,
        reason="text_changed",
        note="Редакция уточнена.",
        actor=world.coordinator,
        at=world.later(),
    )
    kept = Vote.objects.get(pk=vote.pk)
    assert (kept.choice, kept.person, kept.cast_at) == (vote.choice, vote.person, vote.cast_at)
    for sql in ("DELETE FROM governance_vote", "UPDATE governance_vote SET choice = 'against'"):
        with broken("a_vote_is_superseded_never_changed"):
            run(sql)
    # An administrator has no way either.
    offered = admin.site._registry[Vote]
    assert not offered.has_delete_permission(None)
    assert not offered.has_change_permission(None)


def test_trap_18_no_state_is_set_without_its_act(world: World) -> None:
    """What others are told hangs on the entry of an act; past it, the database refuses."""
    ballot = world.ballot()
    world.vote_all(ballot)
    with broken("a_ballot_goes_forward"):
        run("UPDATE governance_ballot SET state = 'certified', closed_at = now()")
    world.close(ballot)
    [entry] = Entry.objects.of_types(acts.BALLOT_CERTIFIED)
    assert (entry.subject_uid, entry.facts["result"]) == (ballot.uid, "agreed")


def test_trap_19_the_quorum_of_the_charter_is_the_one_asked(world: World) -> None:
    """Three of four are more than a half, and not more than three quarters."""
    away = "PUB-4"
    assert world.ballot(in_the_hall(world, away)).state == Ballot.State.OPEN
    edition(world, 2, side_quorum="3/4")
    meeting = world.convened()
    world.come(meeting, *(seat for seat in world.seats if seat != away))
    with refused(refusals.NoQuorum):
        services.open_meeting(meeting=meeting, actor=world.coordinator, at=world.now)


def test_trap_21_those_present_are_counted_once(world: World) -> None:
    meeting = in_the_hall(world, "PUB-4")
    ballot = world.ballot(meeting)
    world.vote_all(ballot, PUB_4="", PUB_3="")
    world.close(ballot)
    world.close_meeting(meeting)
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )

    hall = {a.seat.code for a in meeting.attendance.select_related("seat")}
    rows = {row["id"] for row in ballot.decision.rows if row["vote"] != "absent"}
    assert rows == {code for code in hall if not code.startswith("MIN")} | {"MIN-1"}
    checks = ballot.quorum_checks.filter(side_code="PUB").values_list("present", flat=True)
    assert list(checks) == [3, 3]
    assert len([row for row in rows if row.startswith("PUB")]) == 3
    assert {line["seat"] for line in protocol.content["attendance"]} == hall


@pytest.mark.parametrize("sql", ROLL_CHANGES.values(), ids=ROLL_CHANGES)
def test_trap_23_the_roll_does_not_change_after_the_opening(world: World, sql: str) -> None:
    ballot = world.ballot()
    with broken("a_roll_is_frozen_at_the_opening"):
        run(sql)
    assert ballot.roll.count() == 13


def test_trap_24_a_repeated_meeting_asks_the_same_seats(world: World) -> None:
    """A meeting held again begins with the same roll and the same recusals, no more, no less."""
    first = world.planned()
    topics = first.agenda.get().topics
    world.conflict("EMP-3", topics)
    services.convene_meeting(meeting=first, actor=world.secretary, at=world.later())
    world.now = first.planned_for + timedelta(minutes=30)
    first = services.adjourn_without_quorum(meeting=first, actor=world.coordinator, at=world.now)

    again = world.ballot(world.opened(topics=topics, repeats=first))
    roll = dict(again.roll.values_list("seat__code", "standing"))
    assert roll.pop("EMP-3") == "recused"
    assert set(roll) == {"MIN-1", *(code for code in world.seats if code[:3] != "MIN")} - {"EMP-3"}
    assert set(roll.values()) == {"entitled"}
    assert again.pinned_charter == world.charter
