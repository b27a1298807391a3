"""Invariants A1–A8 and B1–B7 of the domain model, through the services."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit.models import Entry
from governance import acts, refusals, services
from governance.authority import Action, NotAuthorised, examine, require
from governance.domain.procedure import parse_procedure
from governance.models import AuthorityCheck, Ballot, Challenge, Decision, Mandate, Vote
from tests.governance.refusals import refused
from tests.world import PROCEDURE, World, digest

pytestmark = pytest.mark.django_db


def test_INV_A2_authority_is_judged_at_the_act_and_the_answer_is_stored(world: World) -> None:
    ballot = world.ballot()
    allowed = examine(
        world.people["EMP-1"],
        Action.VOTE,
        body=world.body,
        at=world.now,
        seat=world.seats["EMP-1"],
    )
    assert allowed
    services.revoke_mandate(
        mandate=world.mandates["EMP-1"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    vote = world.vote(ballot, "EMP-1")
    check = AuthorityCheck.objects.get(vote=vote)
    assert (check.result, check.mandate, check.checked_at) == (
        "revoked_known",
        world.mandates["EMP-1"],
        vote.cast_at,
    )


BEYOND_THE_PARENT = {
    "another seat": {"seat": "EMP-3"},
    "more powers": {"scope": ["vote", "sign"]},
    "longer": {"valid_to": date(2028, 1, 1)},
    "earlier": {"valid_from": date(2026, 1, 1)},
}


@pytest.mark.parametrize("says", BEYOND_THE_PARENT.values(), ids=BEYOND_THE_PARENT)
def test_INV_A3_a_substitution_stays_inside_its_parent(world: World, says: dict) -> None:
    person = world.person("Proxy")
    seat = says.get("seat", "EMP-2")
    says = {key: value for key, value in says.items() if key != "seat"}
    with refused(refusals.MandateRefused, "substitution_outside_parent"):
        world.mandate(
            seat, person, **{"kind": "substitution", "parent": world.mandates["EMP-2"], **says}
        )
    # The same paper inside its parent is taken.
    assert world.substitute("EMP-2", person).pk


def test_INV_A3_a_substitution_falls_with_its_parent(world: World) -> None:
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    ballot = world.ballot(world.opened("written"))
    services.revoke_mandate(
        mandate=world.mandates["EMP-2"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    vote = world.vote(ballot, "EMP-2", actor=proxy)
    assert (vote.status, vote.reason_code) == ("rejected", "revoked_known")


def test_INV_A3_only_a_paper_that_allows_it_is_handed_on(world: World) -> None:
    with refused(refusals.MandateRefused, "substitution_outside_parent"):
        world.mandate(
            "EMP-1",
            world.person("Proxy"),
            kind="substitution",
            parent=world.mandates["EMP-1"],
            scope=["vote"],
        )


def test_INV_A4_a_mandate_without_a_date_of_issue_is_unusable(world: World) -> None:
    voter = _reseat(world, "EMP-4")
    undated = world.mandate("EMP-4", voter, issued_on=None)
    ballot = world.ballot()
    vote = world.vote(ballot, "EMP-4", actor=voter, mandate=undated)
    assert (vote.status, vote.reason_code) == ("rejected", "undated")


def test_INV_A4_a_mandate_without_a_term_ends_after_a_year(world: World) -> None:
    voter = _reseat(world, "EMP-4")
    issued = world.now.date()
    world.mandate("EMP-4", voter, valid_to=None)
    seat = world.seats["EMP-4"]

    def found(at: object) -> object:
        return examine(voter, Action.VOTE, body=world.body, at=at, seat=seat)

    anniversary = world.now.replace(year=world.now.year + 1)
    assert anniversary.date() == issued.replace(year=issued.year + 1)
    assert found(anniversary)
    refusal = found(anniversary + timedelta(days=1))
    assert refusal.code == "expired"


def test_INV_A5_a_seat_has_one_counted_vote(world: World) -> None:
    ballot = world.ballot()
    world.vote(ballot, "EMP-1", "for")
    with refused(refusals.AlreadyVoted):
        world.vote(ballot, "EMP-1", "against")
    assert Vote.objects.counted().get().choice == "for"


def test_INV_A5_a_second_proxy_does_not_replace_the_first(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    first, second = world.person("First"), world.person("Second")
    world.substitute("EMP-2", first)
    world.substitute("EMP-2", second)
    assert world.vote(ballot, "EMP-2", actor=first).is_counted
    late = world.vote(ballot, "EMP-2", "against", actor=second)
    assert (late.status, late.reason_code) == ("rejected", "proxy_voted")


def test_INV_A5_the_seat_votes_and_not_the_person(world: World) -> None:
    """A new holder continues the seat: what it said stands."""
    ballot = world.ballot(world.opened("written"))
    world.vote(ballot, "EMP-4", "for")
    successor = _reseat(world, "EMP-4")
    world.mandate("EMP-4", successor)
    with refused(refusals.AlreadyVoted):
        world.vote(ballot, "EMP-4", "against", actor=successor)


def test_INV_A6_nobody_acts_for_two_sides(world: World) -> None:
    member = world.people["PUB-3"]
    with refused(refusals.TwoSides):
        world.mandate("EXP-3", member)
    # Once the tie with the first side has ended, the second is open.
    services.vacate_seat(
        seat=world.seats["PUB-3"], valid_to=world.now.date(), actor=world.secretary, at=world.now
    )
    services.revoke_mandate(
        mandate=world.mandates["PUB-3"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    assert world.mandate("EXP-3", member).pk


def test_INV_A6_whoever_serves_the_body_sits_on_no_side(world: World) -> None:
    with refused(refusals.NeutralDuty):
        world.mandate("EMP-1", world.coordinator)
    with refused(refusals.NeutralDuty):
        services.appoint(
            body=world.body,
            person=world.people["EMP-1"],
            role="secretary",
            basis_ru="решение",
            valid_from=world.now.date(),
            actor=world.secretary,
            at=world.now,
        )


def test_INV_A7_a_late_discovery_is_a_challenge_and_no_edit(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    world.close(ballot)
    vote = Vote.objects.get(ballot=ballot, seat__code="EXP-2")
    before = Vote.objects.filter(pk=vote.pk).values().get()
    decided = Decision.objects.values().get()

    raised = {"vote": vote, "reason": "undeclared_conflict", "actor": world.people["PUB-1"]}
    challenge = services.raise_challenge(**raised, at=world.later())

    assert Vote.objects.filter(pk=vote.pk).values().get() == before
    assert Decision.objects.values().get() == decided
    recusals = challenge.validity["checks"][5]
    assert (recusals["state"], recusals["seats"]) == ("breached", ["EXP-2"])
    # Three of three are still two thirds: without this vote the result is the same.
    assert challenge.is_material is False
    assert Entry.objects.get(type=acts.VOTE_CHALLENGED).facts["material"] is False
    with refused(refusals.AlreadyChallenged):
        services.raise_challenge(**raised, at=world.later())


def test_INV_A7_a_challenge_during_the_ballot_is_weighed_by_its_count(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    services.revoke_mandate(
        mandate=world.mandates["EMP-1"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    assert Challenge.objects.get().is_material is None
    world.close(ballot)
    assert ballot.decision.validity["to_confirm"] == ["EMP-1"]


def test_INV_A8_an_expert_seat_is_not_delegable(world: World) -> None:
    with refused(refusals.MandateRefused, "not_delegable"):
        world.substitute("EXP-2", world.person("Proxy"), principal=world.organisations["EMP"])


def test_INV_A8_a_proxy_files_no_dissenting_opinion(world: World) -> None:
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    ballot = world.ballot(world.opened("written"))
    world.vote(ballot, "EMP-2", actor=proxy)
    world.vote_all(ballot, EMP_2="")
    world.close(ballot)
    opinion = {"ballot": ballot, "text_ru": "Особое мнение"}
    with refused(NotAuthorised, "no_seat"):
        services.file_dissent(**opinion, actor=proxy, at=world.later())
    # The holder may, though somebody else voted.
    services.file_dissent(**opinion, actor=world.people["EMP-2"], at=world.later())


def test_INV_B1_the_charter_is_pinned_at_the_opening(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    procedure = {
        **PROCEDURE,
        "sides": {**PROCEDURE["sides"], "PUB": {"inner_rule": "consensus"}},
    }
    second = services.adopt_charter(
        body=world.body,
        number=2,
        document_ru="Регламент, редакция 2",
        rules=parse_procedure(procedure).rules_document(charter_id="2", title="Charter"),
        procedure=procedure,
        adopted_on=world.now.date(),
        effective_from=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    world.vote_all(ballot, PUB_4="against")
    world.close(ballot)
    assert (ballot.charter_version, ballot.decision.result) == (world.charter, "agreed")

    under_the_new = world.ballot(meeting)
    world.vote_all(under_the_new, PUB_4="against")
    world.close(under_the_new)
    assert (under_the_new.charter_version, under_the_new.decision.result) == (
        second,
        "not_agreed",
    )

    # A question of a procedure that was opened under the old edition keeps it.
    kept = world.ballot(meeting, charter_version=world.charter)
    assert kept.charter_version == world.charter


def test_INV_B2_a_vote_is_for_one_text(world: World) -> None:
    ballot = world.ballot()
    with refused(refusals.TextDiffers):
        world.vote(ballot, "EMP-1", text_sha256=digest("another text"))
    assert world.vote(ballot, "EMP-1").text_sha256 == ballot.text_sha256


def test_INV_B3_nothing_outside_the_locked_agenda_is_decided(world: World) -> None:
    meeting = world.opened()
    with refused(refusals.OutsideAgenda):
        world.prepared(meeting, topics=[uuid4()])
    with refused(refusals.AgendaLocked):
        services.add_agenda_item(
            meeting=meeting,
            title_ru="Ещё вопрос",
            topics=[uuid4()],
            actor=world.secretary,
            at=world.later(),
        )
    other = world.planned()
    with refused(refusals.OutsideAgenda):
        world.prepared(meeting, agenda_item=other.agenda.get())


def test_INV_B4_the_quorum_of_each_side_is_checked_and_kept_at_each_ballot(
    world: World,
) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.vote_all(ballot)
    world.close(ballot)
    kept = ballot.quorum_checks.order_by("id").values_list("side_code", "moment", "present")
    assert list(kept) == [
        ("MIN", "opening", 1),
        ("EMP", "opening", 4),
        ("PUB", "opening", 4),
        ("EXP", "opening", 4),
        ("MIN", "closing", 1),
        ("EMP", "closing", 4),
        ("PUB", "closing", 4),
        ("EXP", "closing", 4),
    ]
    world.go(meeting, "MIN-1", "MIN-2")
    without_ministry = world.ballot(meeting)
    assert without_ministry.state == Ballot.State.NOT_HELD
    assert Entry.objects.get(type=acts.BALLOT_NOT_HELD).facts["sides"] == [
        str(world.sides["MIN"].uid)
    ]


def test_INV_B4_the_deputy_speaks_in_the_coordinators_absence(world: World) -> None:
    meeting = world.opened()
    world.go(meeting, "MIN-1")
    ballot = world.ballot(meeting)
    assert ballot.roll.get(side_code="MIN").ground == "deputy_in_absence"
    world.approve_inside(ballot, "for")
    assert world.vote(ballot, "MIN-2").is_counted
    own = world.vote(ballot, "MIN-1")
    assert (own.status, own.reason_code) == ("rejected", "not_on_roll")


def test_INV_B5_fifteen_of_sixteen_do_not_outvote_a_side(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, MIN_1="against")
    world.close(ballot)
    results = {side["side"]: side["agreed"] for side in ballot.decision.side_results}
    assert results == {"MIN": False, "EMP": True, "PUB": True, "EXP": True}
    assert (ballot.decision.result, ballot.decision.blocked_by) == ("not_agreed", ["MIN"])


def test_INV_B7_recused_seats_are_outside_all_bases_of_that_question(world: World) -> None:
    meeting = world.opened()
    world.conflict("EXP-3", meeting.agenda.get().topics)
    ballot = world.ballot(meeting)
    world.vote_all(ballot, EXP_4="against")
    world.close(ballot)
    experts = ballot.decision.side_results[3]
    # Two of three is exactly two thirds; of four it would not be.
    assert (experts["entitled"], experts["recused"], experts["agreed"]) == (3, 1, True)


def test_INV_B7_no_roll_is_frozen_while_a_conflict_is_undecided(world: World) -> None:
    meeting = world.opened()
    declaration = world.conflict("EXP-3", meeting.agenda.get().topics, decision="")
    ballot = world.prepared(meeting)
    with refused(refusals.ConflictUndecided):
        world.open_ballot(ballot)
    decide = {"declaration": declaration, "decision": "no_conflict", "basis_ru": "нет связи"}
    with refused(refusals.OwnConflict):
        services.decide_conflict(**decide, actor=world.people["EXP-3"], at=world.later())
    with refused(NotAuthorised):
        services.decide_conflict(**decide, actor=world.people["EMP-1"], at=world.later())
    services.decide_conflict(**decide, actor=world.people["EXP-1"], at=world.later())
    with refused(refusals.ConflictAlreadyDecided):
        services.decide_conflict(**decide, actor=world.people["EXP-1"], at=world.later())
    assert world.open_ballot(ballot).roll.get(seat__code="EXP-3").standing == "entitled"


def test_INV_B5_a_single_voice_speaks_after_the_approval_inside(world: World) -> None:
    ballot = world.ballot()
    unapproved = world.vote(ballot, "MIN-1")
    assert (unapproved.status, unapproved.reason_code) == ("rejected", "no_inner_approval")

    world.approve_inside(ballot, "for", "MIN-3")
    with refused(refusals.AlreadyApproved):
        world.approve_inside(ballot, "for", "MIN-3")
    with refused(refusals.SpeakerApproves):
        world.approve_inside(ballot, "for", "MIN-1")
    # One approves the opposite: the side has not agreed on anything yet.
    world.approve_inside(ballot, "against", "MIN-4")
    assert world.vote(ballot, "MIN-1").reason_code == "no_inner_approval"

    world.approve_inside(ballot, "for", "MIN-4")
    assert world.vote(ballot, "MIN-1", "against").reason_code == "no_inner_approval"
    assert world.vote(ballot, "MIN-1", "for").is_counted


def test_INV_B5_only_a_single_voice_approves_inside(world: World) -> None:
    ballot = world.ballot()
    with refused(refusals.NotSingleVoice):
        services.approve_inside_side(
            side=world.sides["EMP"],
            ballot=ballot,
            text_sha256=ballot.text_sha256,
            choice="for",
            actor=world.people["EMP-2"],
            at=world.later(),
        )
    with refused(NotAuthorised, "wrong_seat"):
        services.approve_inside_side(
            side=world.sides["MIN"],
            ballot=ballot,
            text_sha256=ballot.text_sha256,
            choice="for",
            actor=world.people["EMP-2"],
            at=world.later(),
        )


def test_INV_A1_acts_without_a_capacity_are_refused(world: World) -> None:
    stranger = world.person("Stranger")
    for action in Action:
        with pytest.raises(NotAuthorised):
            require(stranger, action, body=world.body, at=world.now)
    paper = Mandate.objects.get(code=world.mandates["EMP-1"].code)
    assert require(world.people["EMP-1"], Action.SIGN, body=world.body, at=world.now).mandate == (
        paper
    )


def _reseat(world: World, seat: str) -> object:
    """Let another person hold a seat from today on."""
    act = {"actor": world.secretary, "at": world.now}
    today = world.now.date()
    services.vacate_seat(seat=world.seats[seat], valid_to=today, **act)
    successor = world.person(f"Successor of {seat}")
    services.fill_seat(
        seat=world.seats[seat],
        person=successor,
        valid_from=today,
        basis_ru="решение стороны",
        **act,
    )
    return successor
