"""Votes and counts: who may, when, on what; papers; what a count leaves behind."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from audit import clock, requests
from audit.acts import AlreadyDone
from audit.models import Entry
from governance import acts, refusals, services
from governance.authority import NotAuthorised
from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.rows import Row
from governance.models import Ballot, Decision, Vote
from governance.whys import proxies_of, whys
from tests.governance.refusals import broken, refused
from tests.governance.test_database_refuses import copy_row, unused_check
from tests.world import PROCEDURE, World

pytestmark = pytest.mark.django_db


def test_only_those_of_the_seat_leave_a_trace(world: World) -> None:
    ballot = world.ballot()
    for other in ("PUB-1", "EMP-2"):
        with refused(NotAuthorised, "wrong_seat"):
            world.vote(ballot, "EMP-1", actor=world.people[other])
    for officer in (world.secretary, world.coordinator, world.auditor, world.administrator):
        with refused(NotAuthorised):
            world.vote(ballot, "EMP-1", actor=officer)
    assert not Vote.objects.exists()


def test_a_member_who_does_not_speak_for_a_single_voice_is_not_on_the_roll(
    world: World,
) -> None:
    ballot = world.ballot()
    vote = world.vote(ballot, "MIN-3")
    assert (vote.status, vote.reason_code) == ("rejected", "not_on_roll")


def test_a_paper_that_does_not_cover_voting_is_not_enough(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    negotiates = world.mandate("EMP-4", scope=["negotiate"])
    vote = world.vote(ballot, "EMP-4", mandate=negotiates)
    assert (vote.status, vote.reason_code) == ("rejected", "out_of_scope")
    assert world.vote(ballot, "EMP-4").mandate == world.mandates["EMP-4"]


def test_a_paper_of_tomorrow_is_not_enough_today(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy, valid_from=world.now.date() + timedelta(days=1))
    vote = world.vote(ballot, "EMP-2", actor=proxy)
    assert (vote.status, vote.reason_code) == ("rejected", "not_yet_valid")
    world.later(days=1)
    assert world.vote(ballot, "EMP-2", actor=proxy).is_counted


def test_a_former_holder_votes_no_more_whatever_the_paper_says(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    services.vacate_seat(
        seat=world.seats["EMP-4"],
        valid_to=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    vote = world.vote(ballot, "EMP-4")
    assert (vote.status, vote.reason_code) == ("rejected", "not_holder")


def test_a_proxy_is_limited_by_the_charter_of_the_ballot(world: World) -> None:
    meeting = world.opened("written")
    opened_before = world.ballot(meeting)
    sides = {**PROCEDURE["sides"], "EMP": {"inner_rule": "majority_of_entitled"}}
    services.adopt_charter(
        body=world.body,
        number=2,
        document_ru="Регламент, редакция 2",
        rules=world.charter.rules,
        procedure={**PROCEDURE, "sides": sides},
        adopted_on=world.now.date(),
        effective_from=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    opened_after = world.ballot(meeting)
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    assert world.vote(opened_before, "EMP-2", actor=proxy).is_counted
    vote = world.vote(opened_after, "EMP-2", actor=proxy)
    assert (vote.status, vote.reason_code) == ("rejected", "proxy_forbidden")


def test_one_person_votes_for_as_many_others_as_the_charter_allows(world: World) -> None:
    """Refused when the power is handed on, when it is used, and by the database."""
    for seat in ("EMP-3", "EMP-4"):
        world.mandates[seat] = world.mandate(seat, scope=["vote", "substitute"])
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    with refused(refusals.TooManyProxies):
        world.substitute("EMP-3", proxy)
    meeting = world.opened("written")
    for_one = world.ballot(meeting)
    services.adopt_charter(
        body=world.body,
        number=2,
        document_ru="Регламент, редакция 2",
        rules=world.charter.rules,
        procedure={**PROCEDURE, "max_proxies_held": 2},
        adopted_on=world.now.date(),
        effective_from=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    world.substitute("EMP-3", proxy)
    with refused(refusals.TooManyProxies):
        world.substitute("EMP-4", proxy)
    for_two = world.ballot(meeting)
    votes = [
        world.vote(ballot, seat, actor=proxy)
        for ballot in (for_one, for_two)
        for seat in ("EMP-2", "EMP-3")
    ]
    assert [vote.reason_code for vote in votes] == ["", "too_many_proxies", "", ""]
    (counted, rejected, *_rest) = votes
    with broken("a_person_votes_for_as_many_others_as_the_charter_allows"):
        copy_row(
            Vote,
            rejected.pk,
            status="counted",
            reason_code="",
            authority_check_id=unused_check(rejected),
        )
    assert counted.is_counted
    held = proxies_of(whys(proxy, world.body, world.now), world.body, world.now)
    assert held is not None
    assert (held.seats, held.limit) == (["EMP-2", "EMP-3"], 2)


def test_nobody_stands_in_for_a_former_holder(world: World) -> None:
    """A seat that changed hands is not voted for by whom its former holder named."""
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    ballot = world.ballot(world.opened("written"))
    services.vacate_seat(
        seat=world.seats["EMP-2"],
        valid_to=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    vote = world.vote(ballot, "EMP-2", actor=proxy)
    assert (vote.status, vote.reason_code) == ("rejected", "giver_not_holder")


def test_a_proxy_of_the_same_organisation_only(world: World) -> None:
    procedure = {**world.charter.procedure, "proxy": "same_organisation"}
    services.adopt_charter(
        body=world.body,
        number=2,
        document_ru="Регламент, редакция 2",
        rules=world.charter.rules,
        procedure=procedure,
        adopted_on=world.now.date(),
        effective_from=world.now.date() + timedelta(days=1),
        actor=world.secretary,
        at=world.now,
    )
    world.later(days=1)
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    ballot = world.ballot(world.opened("written"))
    vote = world.vote(ballot, "EMP-2", actor=proxy)
    assert (vote.status, vote.reason_code) == ("rejected", "other_organisation")
    services.affiliate(
        person=proxy,
        organisation=world.organisations["EMP"],
        position_ru="специалист",
        valid_from=world.now.date(),
        actor=world.secretary,
        at=world.now,
    )
    assert world.vote(ballot, "EMP-2", actor=proxy).is_counted


def test_a_vote_after_the_deadline_is_kept_and_does_not_count(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    last = ballot.closes_at - timedelta(seconds=1)
    assert world.vote(ballot, "EMP-1", at=last).is_counted
    late = world.vote(ballot, "EMP-2", at=ballot.closes_at)
    assert (late.status, late.reason_code) == ("rejected", "after_deadline")


def test_a_written_ballot_stays_open_until_its_deadline(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    world.vote_all(ballot, EMP_2="")
    closing = {"ballot": ballot, "actor": world.secretary}
    with refused(refusals.DeadlineRuns):
        services.close_ballot(**closing, at=world.later())
    world.vote(ballot, "EMP-2", actor=proxy)
    # The principal may still correct the proxy; once all have spoken, nothing can change.
    with refused(refusals.DeadlineRuns):
        services.close_ballot(**closing, at=world.later())
    world.vote(ballot, "EMP-2")
    assert services.close_ballot(**closing, at=world.later()).state == Ballot.State.CERTIFIED


def test_a_hand_is_raised_in_the_hall(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.go(meeting, "EXP-4")
    vote = world.vote(ballot, "EXP-4")
    assert (vote.status, vote.reason_code) == ("rejected", "not_present")
    world.later()
    world.come(meeting, "EXP-4")
    assert world.vote(ballot, "EXP-4", channel="hall").is_counted


def test_a_choice_that_does_not_exist_is_wrong_input(world: World) -> None:
    ballot = world.ballot()
    with pytest.raises(ValidationError):
        world.vote(ballot, "EMP-1", "perhaps")


def test_a_ballot_is_opened_and_closed_by_those_who_run_its_kind(world: World) -> None:
    prepared = world.prepared(world.opened())
    with refused(NotAuthorised):
        services.open_ballot(ballot=prepared, actor=world.secretary, at=world.later())
    ballot = world.open_ballot(prepared)
    with refused(refusals.BallotNotInState):
        world.open_ballot(ballot)
    with refused(NotAuthorised):
        services.close_ballot(ballot=ballot, actor=world.secretary, at=world.later())
    written = world.prepared(world.opened("written"))
    with refused(NotAuthorised):
        services.open_ballot(ballot=written, actor=world.coordinator, at=world.later())


def test_papers_and_hands_do_not_mix(world: World) -> None:
    with refused(refusals.WrongMode):
        world.prepared(world.opened(), mode="written")
    with refused(refusals.WrongMode):
        world.prepared(world.opened("written"), mode="in_person")


def test_a_written_ballot_is_not_opened_after_its_time(world: World) -> None:
    meeting = world.opened("written")
    ballot = world.prepared(meeting)
    world.now = meeting.closes_at
    with refused(refusals.TooLate):
        world.open_ballot(ballot)


def test_a_body_decides_what_its_kind_decides(world: World) -> None:
    world.body.kind = "expert_group"
    world.body.save()
    with refused(refusals.OutsideCompetence):
        world.prepared(world.opened())


def test_the_secretary_enters_a_paper_as_a_messenger(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    paper = {
        "ballot": ballot,
        "seat": world.seats["EMP-1"],
        "signer": world.people["EMP-1"],
        "choice": "against",
        "text_sha256": ballot.text_sha256,
        "paper": "B-12/2026",
        "received_at": world.later(),
    }
    with refused(refusals.PaperIncomplete):
        services.record_paper_vote(**{**paper, "paper": "Бюллетень"}, actor=world.secretary)
    with refused(NotAuthorised):
        services.record_paper_vote(**paper, actor=world.people["EMP-2"])
    with refused(refusals.TooEarly):
        services.record_paper_vote(
            **{**paper, "received_at": clock.now() + timedelta(hours=1)}, actor=world.secretary
        )
    vote = services.record_paper_vote(**paper, actor=world.secretary)

    assert (vote.person, vote.entered_by) == (world.people["EMP-1"], world.secretary)
    assert (vote.status, vote.channel, vote.mandate) == (
        "counted",
        "paper",
        world.mandates["EMP-1"],
    )
    entry = Entry.objects.of_subject(vote).get()
    assert entry.actor_uid == world.secretary.uid
    assert entry.authority["capacity"] == "messenger"
    assert (entry.at_basis, entry.paper_reference) == ("paper", "B-12/2026")
    with refused(refusals.AlreadyVoted):
        services.record_paper_vote(**paper, actor=world.secretary)


def test_a_double_click_votes_once(world: World) -> None:
    ballot = world.ballot()
    key, voter = uuid4(), world.people["EMP-1"]

    def click() -> None:
        with requests.once(key, actor=voter):
            world.vote(ballot, "EMP-1")

    click()
    with refused(AlreadyDone):
        click()
    assert Vote.objects.filter(ballot=ballot).count() == 1


def test_anybody_can_count_again_from_what_is_stored(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, EMP_1="against", EXP_2="abstain")
    world.close(ballot)
    decision = Decision.objects.get(ballot=ballot)
    outcome = decide(
        parse_charter(ballot.charter_version.rules), [Row(**row) for row in decision.rows]
    )
    assert outcome.as_document() == decision.outcome
    entry = Entry.objects.get(type=acts.BALLOT_CERTIFIED)
    assert (entry.facts["result"], entry.facts["blocked_by"]) == ("agreed", [])


def test_a_ballot_awaits_the_seats_that_have_not_spoken(world: World) -> None:
    ballot = world.ballot()
    seat = world.seats["EMP-1"]
    assert list(Ballot.objects.awaiting(seat)) == [ballot]
    world.vote(ballot, "EMP-1")
    assert not Ballot.objects.awaiting(seat).exists()
    assert not Ballot.objects.awaiting(world.seats["MIN-3"]).exists()
    written = world.ballot(world.opened("written"))
    assert list(Ballot.objects.past_deadline(written.closes_at)) == [written]


def test_a_vote_costs_few_queries(world: World, django_assert_max_num_queries: object) -> None:
    ballot = world.ballot()
    with django_assert_max_num_queries(15):
        world.vote(ballot, "EMP-1")
