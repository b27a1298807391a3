"""The situations that such systems get wrong (domain model, section 11), by their numbers."""

from datetime import timedelta
from uuid import uuid4

import pytest

from audit.models import Entry
from calendars.domain import end_of_day
from governance import acts, authority, refusals, services
from governance.authority import Action, NotAuthorised
from governance.domain.procedure import ProcedureError, parse_procedure
from governance.models import Ballot, Challenge, CorrectionRecord, Decision, Meeting, Vote
from tests.governance.refusals import refused
from tests.world import PROCEDURE, World

pytestmark = pytest.mark.django_db


def test_situation_01_a_mandate_expires_between_opening_and_casting(world: World) -> None:
    meeting = world.planned("written")
    ends = (meeting.planned_for + timedelta(days=3)).date()
    services.vacate_seat(
        seat=world.seats["EMP-3"], valid_to=world.now.date(), actor=world.secretary, at=world.now
    )
    voter = world.person("Dyagilev")
    services.fill_seat(
        seat=world.seats["EMP-3"],
        person=voter,
        valid_from=world.now.date(),
        basis_ru="решение стороны",
        actor=world.secretary,
        at=world.now,
    )
    short = world.mandate("EMP-3", voter, valid_to=ends)
    services.convene_meeting(meeting=meeting, actor=world.secretary, at=world.now)
    world.now = meeting.planned_for
    meeting = services.open_meeting(meeting=meeting, actor=world.secretary, at=world.now)
    ballot = world.ballot(meeting)

    world.now = end_of_day(ends - timedelta(days=1))
    late = world.vote(ballot, "EMP-3", "for", actor=voter)
    assert (late.status, late.reason_code, late.mandate) == ("rejected", "expired", short)
    assert late.authority_check.result == "expired"

    # The seat may vote again under a new mandate; the count shows both rows.
    renewed = world.mandate("EMP-3", voter)
    again = world.vote(ballot, "EMP-3", "against", actor=voter)
    assert (again.status, again.mandate) == ("counted", renewed)
    world.vote_all(ballot, EMP_3="")
    world.close(ballot)
    assert list(ballot.votes.filter(seat__code="EMP-3").order_by("id")) == [late, again]
    certified = Entry.objects.get(type=acts.BALLOT_CERTIFIED)
    assert (certified.facts["counted"], certified.facts["rejected"]) == (13, 1)


def test_situation_01_a_mandate_that_expires_before_the_count_does_not_take_the_vote_away(
    world: World,
) -> None:
    meeting = world.opened("written")
    ballot = world.ballot(meeting)
    substitute = world.person("Substitute")
    world.substitute("EMP-2", substitute, valid_to=(world.now + timedelta(days=1)).date())
    vote = world.vote(ballot, "EMP-2", actor=substitute)
    world.vote_all(ballot, EMP_2="")
    world.close(ballot)

    vote.refresh_from_db()
    assert vote.is_counted
    assert Decision.objects.get().validity["verdict"] == "valid"


def test_situation_02_a_revocation_told_a_day_later_challenges_the_vote(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.vote_all(ballot, EMP_3="against", EMP_4="against")
    world.close(ballot)
    vote = Vote.objects.get(ballot=ballot, seat__code="EMP-1")
    revoked_on = world.now.date()

    services.revoke_mandate(
        mandate=vote.mandate, revoked_on=revoked_on, actor=world.secretary, at=world.later(days=1)
    )

    vote.refresh_from_db()
    assert vote.is_counted
    challenge = Challenge.objects.get()
    assert (challenge.vote, challenge.reason) == (vote, "revoked_unknown_at_time")
    # Two of four were for: without this vote EMP disagrees just the same.
    assert challenge.is_material is False
    assert challenge.validity["to_confirm"] == ["EMP-1"]
    assert Decision.objects.get().validity["to_confirm"] == []


def test_situation_02_a_revoked_vote_that_decides_must_be_decided_again(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, EMP_4="against")
    world.close(ballot)
    vote = Vote.objects.get(ballot=ballot, seat__code="EMP-1")
    services.revoke_mandate(
        mandate=vote.mandate,
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(days=1),
    )

    challenge = Challenge.objects.get()
    assert challenge.is_material is True
    assert challenge.validity["must_redecide"] is True
    assert Decision.objects.get().result == "agreed"

    services.settle_challenge(
        challenge=challenge,
        settlement="confirmed",
        note="Письмо доверителя",
        actor=world.secretary,
        at=world.later(),
    )
    with refused(refusals.ChallengeSettled):
        services.settle_challenge(
            challenge=challenge,
            settlement="dismissed",
            note="ещё раз",
            actor=world.secretary,
            at=world.later(),
        )


def test_situation_02_a_known_revocation_stops_the_next_vote(world: World) -> None:
    ballot = world.ballot()
    services.revoke_mandate(
        mandate=world.mandates["EMP-1"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    vote = world.vote(ballot, "EMP-1")
    assert (vote.status, vote.reason_code) == ("rejected", "revoked_known")
    assert not Challenge.objects.exists()


def test_situation_03_the_principal_votes_after_the_proxy(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    first = world.vote(ballot, "EMP-2", "for", actor=proxy)
    assert (first.status, first.capacity) == ("counted", "proxy")

    second = world.vote(ballot, "EMP-2", "against")

    first.refresh_from_db()
    assert (first.status, first.reason_code) == ("superseded", "superseded_by_principal")
    assert first.superseded_by == second
    assert (second.status, second.supersedes) == ("counted", first)
    entry = Entry.objects.of_types(acts.VOTE_CAST).order_by("-id").first()
    assert entry.facts["supersedes"] == str(first.uid)

    world.vote_all(ballot, EMP_2="")
    world.close(ballot)
    assert Decision.objects.get().side_results[1]["votes_against"] == 1


def test_situation_03_the_proxy_votes_after_the_principal(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    own = world.vote(ballot, "EMP-2", "against")
    late = world.vote(ballot, "EMP-2", "for", actor=proxy)

    own.refresh_from_db()
    assert own.is_counted
    assert (late.status, late.reason_code) == ("rejected", "principal_voted")


def test_situation_03_after_closing_nothing_changes(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    proxy = world.person("Proxy")
    world.substitute("EMP-2", proxy)
    by_proxy = world.vote(ballot, "EMP-2", "for", actor=proxy)
    world.vote_all(ballot, EMP_2="")
    world.close(ballot)

    with refused(refusals.BallotNotOpen):
        world.vote(ballot, "EMP-2", "against")
    by_proxy.refresh_from_db()
    assert by_proxy.is_counted


def test_situation_04_one_person_is_refused_a_second_side(world: World) -> None:
    employer = world.people["EMP-1"]
    with refused(refusals.TwoSides):
        world.mandate("PUB-1", employer)
    services.vacate_seat(
        seat=world.seats["PUB-1"], valid_to=world.now.date(), actor=world.secretary, at=world.now
    )
    with refused(refusals.TwoSides):
        services.fill_seat(
            seat=world.seats["PUB-1"],
            person=employer,
            valid_from=world.now.date(),
            basis_ru="решение",
            actor=world.secretary,
            at=world.now,
        )
    # Nothing else was in the way: a stranger is seated by the same call.
    services.fill_seat(
        seat=world.seats["PUB-1"],
        person=world.person("Other"),
        valid_from=world.now.date(),
        basis_ru="решение",
        actor=world.secretary,
        at=world.now,
    )


def test_situation_04_two_sides_discovered_later_challenge_both_votes(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    world.close(ballot)
    for seat in ("EMP-1", "PUB-1"):
        services.raise_challenge(
            vote=Vote.objects.get(ballot=ballot, seat__code=seat),
            reason="one_person_two_sides",
            actor=world.auditor,
            at=world.later(),
        )

    challenges = Challenge.objects.order_by("id")
    assert [challenge.vote.seat.code for challenge in challenges] == ["EMP-1", "PUB-1"]
    assert challenges[1].validity["checks"][4]["seats"] == ["EMP-1", "PUB-1"]
    assert Vote.objects.counted().filter(ballot=ballot).count() == 13


def test_situation_05_a_recused_member_is_out_of_both_bases_for_that_question(
    world: World,
) -> None:
    clause, other = uuid4(), uuid4()
    meeting = world.opened(topics=[clause, other])
    world.conflict("EMP-2", [clause])
    ballot = world.ballot(meeting, topics=[clause])
    assert ballot.roll.get(seat__code="EMP-2").standing == "recused"

    vote = world.vote(ballot, "EMP-2")
    assert (vote.status, vote.reason_code) == ("rejected", "recused")
    world.vote_all(ballot, EMP_4="against")
    world.close(ballot)
    employers = ballot.decision.side_results[1]
    assert employers["entitled"] == 3
    assert employers["recused"] == 1
    assert employers["agreed"] is True

    elsewhere = world.ballot(meeting, topics=[other])
    assert elsewhere.roll.get(seat__code="EMP-2").standing == "entitled"
    assert world.vote(elsewhere, "EMP-2").is_counted


def test_situation_05_recusing_everybody_leaves_no_decision(world: World) -> None:
    meeting = world.opened()
    topics = meeting.agenda.get().topics
    for seat in ("EXP-1", "EXP-2", "EXP-3", "EXP-4"):
        declaration = world.conflict(seat, topics, decision="")
        services.decide_conflict(
            declaration=declaration,
            decision="recused",
            basis_ru="решение стороны",
            actor=world.people["EXP-2" if seat == "EXP-1" else "EXP-1"],
            at=world.later(),
        )
    ballot = world.ballot(meeting)

    assert ballot.state == Ballot.State.NOT_HELD
    assert ballot.decision.result == "not_held"
    assert ballot.quorum_checks.get(side_code="EXP").holds is False


def test_situation_05_a_replaced_member_is_represented_by_an_alternate(world: World) -> None:
    meeting = world.opened("written")
    topics = meeting.agenda.get().topics
    world.conflict("EMP-2", topics, decision="replaced")
    alternate = world.person("Alternate")
    world.substitute("EMP-2", alternate)
    ballot = world.ballot(meeting)

    own = world.vote(ballot, "EMP-2")
    assert (own.status, own.reason_code) == ("rejected", "recused")
    assert world.vote(ballot, "EMP-2", actor=alternate).is_counted


def test_situation_05_a_recused_coordinator_lets_the_deputy_speak(world: World) -> None:
    meeting = world.opened()
    world.conflict("MIN-1", meeting.agenda.get().topics)
    ballot = world.ballot(meeting)

    roll = {entry.seat.code: entry.standing for entry in ballot.roll.filter(side_code="MIN")}
    assert roll == {"MIN-1": "recused", "MIN-2": "entitled"}
    world.approve_inside(ballot, "for")
    assert world.vote(ballot, "MIN-2").is_counted


def test_situation_06_a_quorum_lost_in_the_afternoon_holds_no_ballot(world: World) -> None:
    meeting = world.opened()
    morning = world.ballot(meeting)
    world.vote_all(morning)
    world.close(morning)
    assert morning.decision.result == "agreed"

    world.later(hours=6)
    world.go(meeting, "PUB-2", "PUB-4")
    world.later(minutes=7)
    afternoon = world.ballot(meeting)

    assert afternoon.state == Ballot.State.NOT_HELD
    assert afternoon.not_held_reason == "no_quorum_at_opening"
    check = afternoon.quorum_checks.get(side_code="PUB")
    assert (check.present, check.entitled, check.holds) == (2, 4, False)
    assert (afternoon.decision.result, afternoon.decision.side_results) == ("not_held", [])
    with refused(refusals.BallotNotOpen):
        world.vote(afternoon, "PUB-1")
    # Votes before the loss stand, and the rest moves to a written ballot.
    assert Decision.objects.get(ballot=morning).result == "agreed"
    world.close_meeting(meeting)
    written = world.ballot(world.opened("written", topics=afternoon.topics))
    assert written.state == Ballot.State.OPEN


def test_situation_06_a_quorum_lost_during_a_ballot_undoes_it(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.vote_all(ballot, PUB_2="", PUB_4="")
    world.go(meeting, "PUB-2", "PUB-4")
    world.close(ballot)

    ballot.refresh_from_db()
    assert (ballot.state, ballot.not_held_reason) == (
        "not_held_no_quorum",
        "no_quorum_at_closing",
    )


def test_situation_10_a_tie_inside_a_side_is_not_agreement(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, PUB_3="against", PUB_4="against")
    world.close(ballot)

    assert ballot.decision.result == "not_agreed"
    assert ballot.decision.blocked_by == ["PUB"]
    with refused(NotAuthorised):
        # There is no casting vote: the coordinator has none at all.
        services.cast_vote(
            ballot=ballot,
            seat=world.seats["PUB-1"],
            choice="for",
            text_sha256=ballot.text_sha256,
            actor=world.coordinator,
            at=world.later(),
        )


def test_situation_11_a_side_that_does_not_come_never_consents(world: World) -> None:
    meeting = world.convened()
    present = [seat for seat in world.seats if not seat.startswith("EMP")]
    world.come(meeting, *present)
    with refused(refusals.NoQuorum):
        services.open_meeting(meeting=meeting, actor=world.coordinator, at=world.now)
    with refused(refusals.TooEarly):
        services.adjourn_without_quorum(meeting=meeting, actor=world.coordinator, at=world.now)
    world.later(minutes=30)
    failed = services.adjourn_without_quorum(meeting=meeting, actor=world.coordinator, at=world.now)
    assert failed.state == Meeting.State.FAILED
    entry = Entry.objects.get(type=acts.MEETING_FAILED)
    assert entry.facts["sides"] == [str(world.sides["EMP"].uid)]

    # Held again with the same quorum, and after a second failure in writing, by the same rule.
    topics = meeting.agenda.get().topics
    again = world.convened(repeats=failed, topics=topics)
    world.come(again, *present)
    world.later(minutes=30)
    failed_again = services.adjourn_without_quorum(
        meeting=again, actor=world.coordinator, at=world.now
    )
    written = world.opened("written", repeats=failed_again, topics=topics)
    ballot = world.ballot(written)
    world.vote_all(ballot, EMP_1="", EMP_2="", EMP_3="", EMP_4="")
    world.close(ballot)
    assert ballot.decision.result == "not_held"


def test_situation_11_a_meeting_is_repeated_once_and_only_if_it_failed(world: World) -> None:
    meeting = world.opened()
    with refused(refusals.MeetingNotInState):
        world.planned(repeats=meeting)


def test_situation_13_the_digest_of_an_open_ballot_is_the_only_text_voted(world: World) -> None:
    ballot = world.ballot()
    with refused(refusals.TextDiffers):
        world.vote(ballot, "EMP-1", text_sha256="0" * 64)
    vote = world.vote(ballot, "EMP-1")
    world.vote_all(ballot, EMP_1="")
    world.close(ballot)
    assert vote.text_sha256 == ballot.text_sha256 == ballot.decision.text_sha256


def test_situation_14_a_text_edited_after_opening_annuls_the_ballot(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    vote = world.vote(ballot, "EMP-1")
    with refused(refusals.ReasonMissing):
        services.annul_ballot(
            ballot=ballot,
            reason="text_changed",
            note=" ",
            actor=world.coordinator,
            at=world.later(),
        )
    services.annul_ballot(
        ballot=ballot,
        reason="text_changed",
        note="опечатка в пункте",
        actor=world.coordinator,
        at=world.later(),
    )

    assert vote in ballot.votes.all()
    assert not Decision.objects.exists()
    with refused(refusals.BallotNotOpen):
        world.vote(ballot, "EMP-2")
    reopened = world.ballot(meeting)
    assert reopened.text_sha256 != ballot.text_sha256
    assert world.vote(reopened, "EMP-1").is_counted


def test_situation_15_a_question_outside_the_agenda_needs_everybody(world: World) -> None:
    meeting = world.opened()
    topic = uuid4()
    item = services.propose_late_item(
        meeting=meeting,
        title_ru="Вопрос с голоса",
        topics=[topic],
        actor=world.coordinator,
        at=world.later(),
    )
    with refused(refusals.OutsideAgenda):
        world.prepared(meeting, agenda_item=item, topics=[topic])

    def answer(seat: str, *, agrees: bool = True) -> None:
        services.answer_late_item(
            item=item,
            seat=world.seats[seat],
            agrees=agrees,
            actor=world.people[seat],
            at=world.later(seconds=1),
        )

    for seat in list(world.seats)[:-1]:
        answer(seat)
    with refused(refusals.NotAllTakePart):
        services.decide_to_add_item(item=item, actor=world.coordinator, at=world.later())
    answer("EXP-4")
    with refused(refusals.AlreadyAnswered):
        answer("EXP-4", agrees=False)
    services.decide_to_add_item(item=item, actor=world.coordinator, at=world.later())

    ballot = world.ballot(meeting, agenda_item=item, topics=[topic])
    world.vote_all(ballot)
    world.close(ballot)
    agenda = ballot.decision.validity["checks"][1]
    assert (agenda["code"], agenda["state"]) == ("agenda", "excused")
    assert ballot.decision.validity["verdict"] == "valid"


def test_situation_15_one_objection_or_one_absence_is_enough(world: World) -> None:
    meeting = world.opened()
    item = services.propose_late_item(
        meeting=meeting,
        title_ru="Вопрос с голоса",
        topics=[uuid4()],
        actor=world.coordinator,
        at=world.later(),
    )
    for seat in world.seats:
        services.answer_late_item(
            item=item,
            seat=world.seats[seat],
            agrees=seat != "PUB-3",
            actor=world.people[seat],
            at=world.later(seconds=1),
        )
    with refused(refusals.SomebodyObjects):
        services.decide_to_add_item(item=item, actor=world.coordinator, at=world.later())
    world.go(meeting, "PUB-2")
    with refused(refusals.NotAllTakePart):
        services.decide_to_add_item(item=item, actor=world.coordinator, at=world.later())


def test_situation_16_one_ballot_has_one_question_and_one_text(world: World) -> None:
    """Which clauses a package holds is the negotiation's matter; here it has one digest."""
    topics = [uuid4(), uuid4()]
    meeting = world.opened(topics=topics)
    world.conflict("EXP-3", topics[:1])
    package = world.ballot(meeting, topics=topics)
    # Whoever is recused for one clause is recused for the package that holds it.
    assert package.roll.get(seat__code="EXP-3").standing == "recused"


def test_situation_21_only_a_decision_has_legal_effect(world: World) -> None:
    """A question that was not agreed leaves a decision that says so, and nothing else."""
    ballot = world.ballot()
    world.approve_inside(ballot, "against")
    world.vote(ballot, "MIN-1", "against")
    world.vote_all(ballot, MIN_1="")
    world.close(ballot)
    assert (ballot.decision.result, ballot.decision.is_agreed) == ("not_agreed", False)


def test_situation_22_a_date_in_a_signed_protocol_is_corrected_beside_it(world: World) -> None:
    meeting = world.opened()
    world.close_meeting(meeting)
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )
    correction = {
        "protocol": protocol,
        "ground": "wrong_date",
        "place": "пункт 1",
        "was": "27.03.2026",
        "becomes": "26.03.2026",
        "reason": "описка секретаря",
        "actor": world.secretary,
    }
    with refused(refusals.ProtocolNotInState):
        services.correct_protocol(**correction, at=world.later())
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    before = (protocol.content, protocol.sha256)

    drawn = services.correct_protocol(**correction, at=world.later())
    with refused(NotAuthorised):
        services.agree_correction(correction=drawn, actor=world.secretary, at=world.later())
    services.agree_correction(correction=drawn, actor=world.coordinator, at=world.later())
    with refused(refusals.CorrectionAgreed):
        services.agree_correction(correction=drawn, actor=world.coordinator, at=world.later())

    protocol.refresh_from_db()
    assert (protocol.content, protocol.sha256) == before
    assert CorrectionRecord.objects.get().becomes == "26.03.2026"


def test_situation_23_a_paper_at_five_to_midnight_is_in_time(world: World) -> None:
    """The instant decides, wherever the clock stands; a term ends with its last day here."""
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.vote_all(ballot)
    world.close(ballot)
    world.close_meeting(meeting)
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )
    # A Thursday: three working days end on Tuesday, the weekend is not counted.
    world.later(days=(3 - world.now.weekday()) % 7)
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    protocol.refresh_from_db()
    last = services.last_day_to_dissent(protocol)
    assert last == protocol.signed_at.date() + timedelta(days=5)

    over = end_of_day(last)
    opinion = {"ballot": ballot, "text_ru": "Особое мнение", "actor": world.people["EMP-3"]}
    with refused(refusals.DissentWindowClosed):
        services.file_dissent(**opinion, at=over)
    with refused(refusals.DissentWindowOpen):
        services.publish_protocol(
            protocol=protocol, actor=world.secretary, at=over - timedelta(minutes=5)
        )
    filed = services.file_dissent(**opinion, at=(over - timedelta(minutes=5)).astimezone())
    assert filed.pk
    services.publish_protocol(protocol=protocol, actor=world.secretary, at=over)


def test_INV_B6_silence_is_never_consent(world: World) -> None:
    """No charter may let it be so for more than editorial questions, and no ballot counts it."""
    with pytest.raises(ProcedureError):
        parse_procedure({**PROCEDURE, "silence": "clauses"})
    ballot = world.ballot(world.opened("written"))
    world.vote_all(ballot, PUB_4="")
    world.close(ballot)
    public = ballot.decision.side_results[2]
    assert (public["entitled"], public["cast"], public["votes_for"]) == (4, 3, 3)


def test_INV_A1_every_act_of_will_says_on_what_it_rests(world: World) -> None:
    ballot = world.ballot()
    world.vote_all(ballot)
    world.close(ballot)
    for entry in Entry.objects.filter(type__startswith="governance."):
        assert entry.actor_uid is not None
        assert {"capacity", "basis", "result", "checked_at"} <= entry.authority.keys()
    vote = Vote.objects.get(ballot=ballot, seat__code="EXP-1")
    assert (vote.capacity, vote.authority_check.evidence["basis"]) == ("personal", "appointment")
    found = authority.examine(
        world.people["EXP-1"], Action.VOTE, body=world.body, at=world.now, seat=vote.seat
    )
    assert found.mandate == world.mandates["EXP-1"]
