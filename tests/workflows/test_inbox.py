"""The inbox: what awaits a person, and nothing that awaits only others."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

import negotiation.services as acts
from accounts.models import Person
from calendars.domain import end_of_day
from governance import services as governance
from governance.models import Appointment, Ballot
from tests.licensing.desk import Desk
from tests.negotiation.table import Table, build_table, circulated
from tests.world import chosen_time
from workflows.inbox import InboxItem, Kind, awaiting

BACKEND = "django.contrib.auth.backends.ModelBackend"
QUERIES = 16
"""How many questions an inbox may ask of the database, however much there is to do."""


def asked(desk: Desk, person: Person, *kinds: Kind) -> list[InboxItem]:
    """Return what awaits a person now, of the kinds given; each with a page behind it."""
    items = awaiting(person, desk.world.now)
    assert all(item.url.startswith("/") for item in items)
    return [item for item in items if not kinds or item.kind in kinds]


def titles(items: list[InboxItem]) -> list[str]:
    with translation.override("en"):
        return [str(item.title) for item in items]


class TestSteps:
    def test_await_the_duty_that_they_name(self, desk: Desk) -> None:
        world = desk.world
        [step] = [i for i in asked(desk, world.coordinator, Kind.STEP) if i.matter == desk.matter]
        assert titles([step]) == ["Negotiate and vote, clause by clause"]
        assert step.url_name == "negotiation:matter"
        with translation.override("en"):
            assert str(step.capacity) == "Coordinator of the body"
        for person in (world.secretary, world.official, world.auditor, world.people["EMP-1"]):
            assert [i for i in asked(desk, person, Kind.STEP) if i.matter == desk.matter] == []

    def test_await_the_secretary_with_the_round_s_deadline(self, desk: Desk) -> None:
        table = circulated(build_table(desk.world, code="LT-9"))
        [step] = [
            item
            for item in asked(desk, desk.world.secretary, Kind.STEP)
            if item.matter == table.matter
        ]
        round_ = table.matter.rounds.get()
        assert step.deadline == round_.sub_amendments_until

    def test_the_order_awaits_only_an_official_who_spoke_for_no_side(self, submitted: Desk) -> None:
        submitted.endorse_all()
        voter, colleague = submitted.world.people["MIN-1"], submitted.world.people["MIN-3"]
        for person in (voter, colleague):
            _appoint(submitted, person, Appointment.Role.APPROVING_OFFICIAL)

        for person in (submitted.world.official, colleague):
            [order] = asked(submitted, person, Kind.STEP)
            assert order.args == (str(submitted.version.uid),)
            assert order.deadline == end_of_day(submitted.version.decide_by)
        assert asked(submitted, voter, Kind.STEP) == []

    def test_visas_are_due_to_units_and_to_nobody_s_duty(self, submitted: Desk) -> None:
        for person in (submitted.world.official, submitted.world.secretary):
            assert [
                item
                for item in asked(submitted, person, Kind.STEP)
                if item.url_name == "licensing:version"
            ] == []

    def test_of_a_body_are_not_shown_to_another_body_s_officers(self, desk: Desk) -> None:
        stranger = desk.world.person("Stranger")
        with chosen_time():
            other = governance.create_body(
                code="BODY-9",
                kind="negotiation_table",
                name_ru="Другая комиссия",
                name_en="Another commission",
                actor=desk.world.administrator,
                at=desk.now(),
            )
            governance.appoint(
                body=other,
                person=stranger,
                role=Appointment.Role.COORDINATOR,
                basis_ru="решение",
                valid_from=desk.world.now.date(),
                actor=desk.world.administrator,
                at=desk.now(),
            )
        assert asked(desk, stranger) == []


class TestVotes:
    @pytest.fixture
    def ballot(self, desk: Desk) -> Ballot:
        """Return an open written ballot on a clause."""
        meeting = desk.table.meeting("written")
        return desk.world.open_ballot(desk.table.ask(meeting, "2.1").ballot)

    def test_await_every_seat_that_is_entitled_and_silent(self, desk: Desk, ballot: Ballot) -> None:
        [vote] = asked(desk, desk.world.people["EMP-2"], Kind.VOTE)
        assert (vote.deadline, vote.matter) == (ballot.closes_at, desk.matter)
        assert vote.args == (desk.matter.uid, ballot.uid)
        with translation.override("en"):
            assert str(vote.capacity) == "EMP-2, Employers"
        with translation.override("ru"):
            assert str(vote.capacity) == "EMP-2, Работодатели"
        # A side with one voice votes by its coordinator.
        assert asked(desk, desk.world.people["MIN-3"], Kind.VOTE) == []
        assert asked(desk, desk.world.secretary, Kind.VOTE) == []

    def test_are_over_once_cast(self, desk: Desk, ballot: Ballot) -> None:
        desk.world.vote(ballot, "EMP-2")
        assert asked(desk, desk.world.people["EMP-2"], Kind.VOTE) == []
        assert len(asked(desk, desk.world.people["EMP-3"], Kind.VOTE)) == 1

    def test_are_over_at_the_deadline_and_then_the_secretary_counts(
        self, desk: Desk, ballot: Ballot
    ) -> None:
        assert ballot.closes_at is not None
        assert asked(desk, desk.world.secretary, Kind.CLOSE_BALLOT) == []
        desk.world.now = ballot.closes_at
        assert asked(desk, desk.world.people["EMP-2"], Kind.VOTE) == []
        [count] = asked(desk, desk.world.secretary, Kind.CLOSE_BALLOT)
        assert count.url_name == "governance:meeting"

    def test_from_paper_await_a_second_person(self, desk: Desk, ballot: Ballot) -> None:
        """The coordinator compares what the secretary entered, on a page the inbox leads to."""
        world = desk.world
        paper = world.paper_vote(ballot, "EMP-2")
        [item] = asked(desk, world.coordinator, Kind.PAPER_VOTE)
        assert item.args == (desk.matter.uid, ballot.uid, paper.uid)
        assert not asked(desk, world.secretary, Kind.PAPER_VOTE)
        coordinator, secretary = Client(), Client()
        coordinator.force_login(world.coordinator, BACKEND)
        secretary.force_login(world.secretary, BACKEND)
        page = coordinator.get(item.url)
        assert f"{ballot.code}/EMP-2" in page.text
        assert item.url in coordinator.get(reverse("negotiation:ballot", args=item.args[:2])).text
        assert secretary.get(item.url).status_code == 404
        without = coordinator.post(item.url, {"finding": "disputed", "note": ""})
        assert without.status_code == 422
        world.check_paper(paper)
        assert not asked(desk, world.coordinator, Kind.PAPER_VOTE)
        assert coordinator.get(item.url).status_code == 404

    def test_await_a_stand_in_as_such(self, desk: Desk, ballot: Ballot) -> None:
        stand_in = desk.world.person("Stand-in")
        desk.world.substitute("EMP-2", stand_in)
        desk.now(days=1)
        [vote] = asked(desk, stand_in, Kind.VOTE)
        with translation.override("en"):
            assert str(vote.capacity) == "standing in: EMP-2, Employers"

    def test_do_not_await_a_seat_whose_mandate_has_ended(self, desk: Desk, ballot: Ballot) -> None:
        with chosen_time():
            governance.revoke_mandate(
                mandate=desk.world.mandates["EMP-2"],
                revoked_on=desk.world.now.date(),
                actor=desk.world.secretary,
                at=desk.now(),
            )
        desk.now(days=1)
        assert asked(desk, desk.world.people["EMP-2"], Kind.VOTE) == []

    def test_in_the_hall_come_first(self, desk: Desk) -> None:
        desk.table.fail(desk.table.meeting(), "2.4")
        meeting = desk.table.meeting()
        ballot = desk.world.open_ballot(desk.table.ask(meeting, "2.1").ballot)
        items = asked(desk, desk.world.people["EMP-1"])
        assert items[0].args == (desk.matter.uid, ballot.uid)
        assert items[0].is_now

    def test_are_agreed_inside_a_side_with_one_voice(self, desk: Desk, ballot: Ballot) -> None:
        members = [desk.world.people[seat] for seat in ("MIN-2", "MIN-3", "MIN-4")]
        ours = (desk.matter.uid, ballot.uid)

        def waiting() -> list[bool]:
            return [
                ours in [item.args for item in asked(desk, person, Kind.INNER_APPROVAL)]
                for person in members
            ]

        assert waiting() == [True, True, True]
        assert asked(desk, desk.world.people["MIN-1"], Kind.INNER_APPROVAL) == []
        assert asked(desk, desk.world.people["EMP-2"], Kind.INNER_APPROVAL) == []
        desk.world.approve_inside(ballot, "for", "MIN-3")
        assert waiting() == [True, False, True]
        # Two are enough: nothing more is asked of the third.
        desk.world.approve_inside(ballot, "for", "MIN-4")
        assert waiting() == [False, False, False]

    def test_are_not_agreed_inside_by_whoever_is_recused(self, desk: Desk) -> None:
        meeting = desk.table.meeting("written")
        question = desk.table.ask(meeting, "2.1")
        desk.world.conflict("MIN-3", [desk.table.clause("2.1").uid])
        ballot = desk.world.open_ballot(question.ballot)
        ours = (desk.matter.uid, ballot.uid)
        for seat, is_asked in (("MIN-3", False), ("MIN-4", True)):
            items = asked(desk, desk.world.people[seat], Kind.INNER_APPROVAL)
            assert (ours in [item.args for item in items]) == is_asked

    def test_a_conflict_of_interest_awaits_the_other_members_of_the_side(self, desk: Desk) -> None:
        desk.world.conflict("EMP-3", [desk.table.clause("2.1").uid], decision="")
        [item] = asked(desk, desk.world.people["EMP-2"], Kind.CONFLICT)
        assert titles([item]) == ["Decide on the conflict of interest of seat EMP-3"]
        assert asked(desk, desk.world.people["EMP-3"], Kind.CONFLICT) == []
        assert asked(desk, desk.world.people["PUB-2"], Kind.CONFLICT) == []


class TestText:
    @pytest.fixture
    def commenting(self, desk: Desk) -> Table:
        """Return another matter, out for comments."""
        return circulated(build_table(desk.world, code="LT-9"))

    def test_positions_await_the_coordinator_of_a_silent_side(
        self, desk: Desk, commenting: Table
    ) -> None:
        ours = [
            item
            for item in asked(desk, desk.world.people["EMP-1"], Kind.POSITION)
            if item.matter == commenting.matter
        ]
        assert titles(ours) == ["State the position of your side; clauses: 4"]
        assert ours[0].deadline == commenting.matter.rounds.get().closes_at
        for seat in ("EMP-2", "EMP-3"):
            assert asked(desk, desk.world.people[seat], Kind.POSITION) == []

    def test_positions_taken_are_not_asked_again_unless_the_words_change(
        self, desk: Desk, commenting: Table
    ) -> None:
        commenting.say("2.1", "EMP")
        commenting.say("2.2", "EMP")

        def open_clauses() -> list[str]:
            items = asked(desk, desk.world.people["EMP-1"], Kind.POSITION)
            return titles([item for item in items if item.matter == commenting.matter])

        assert open_clauses() == ["State the position of your side; clauses: 2"]
        commenting.summarise()
        commenting.lay("2.1", 60)
        assert open_clauses() == ["State the position of your side; clauses: 3"]

    def test_the_deputy_speaks_where_there_is_no_coordinator(
        self, desk: Desk, commenting: Table
    ) -> None:
        deputy = desk.world.people["EMP-2"]
        assert asked(desk, deputy, Kind.POSITION) == []
        with chosen_time():
            governance.vacate_seat(
                seat=desk.world.seats["EMP-1"],
                valid_to=desk.world.now.date(),
                actor=desk.world.secretary,
                at=desk.now(),
            )
        assert commenting.matter in [i.matter for i in asked(desk, deputy, Kind.POSITION)]

    def test_a_side_with_one_voice_agrees_inside_on_its_position(
        self, desk: Desk, commenting: Table
    ) -> None:
        def open_clauses(seat: str) -> list[str]:
            items = asked(desk, desk.world.people[seat], Kind.INNER_APPROVAL)
            return titles([item for item in items if item.matter == commenting.matter])

        assert open_clauses("MIN-3") == ["Agree inside your side on its position; clauses: 4"]
        assert open_clauses("MIN-1") == open_clauses("EMP-3") == []
        commenting.approve_inside("2.1", "support", "MIN-3")
        assert open_clauses("MIN-3") == ["Agree inside your side on its position; clauses: 3"]
        assert open_clauses("MIN-4") == ["Agree inside your side on its position; clauses: 4"]

    def test_proposals_await_the_secretary_until_admitted(
        self, desk: Desk, commenting: Table
    ) -> None:
        commenting.file("A-01", "2.1")
        commenting.file("A-02", "2.2")
        [item] = asked(desk, desk.world.secretary, Kind.ADMISSIBILITY)
        assert titles([item]) == ["Admit or refuse proposals; waiting: 2"]
        assert asked(desk, desk.world.people["PUB-1"], Kind.ADMISSIBILITY) == []
        commenting.admit("A-01", "A-02")
        assert asked(desk, desk.world.secretary, Kind.ADMISSIBILITY) == []

    def test_a_stale_proposal_awaits_its_author(self, desk: Desk, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed("A-02", "2.1", proposal_ru="Иное: слова «пункту 2.1» исключить.")
        commenting.summarise()
        author = desk.world.people["PUB-2"]
        assert asked(desk, author, Kind.REBASE) == []
        commenting.hold(
            commenting.ask(commenting.meeting(), amendments=["A-01"], basis="amendment")
        )
        stale = commenting.matter.amendments.filter(state="stale")
        assert [item.args[1] for item in asked(desk, author, Kind.REBASE)] == [
            amendment.uid for amendment in stale
        ]


class TestApproval:
    def test_visas_await_the_officers_of_the_units(self, submitted: Desk) -> None:
        first, second = submitted.officers
        [visa] = asked(submitted, first)
        assert visa.kind is Kind.VISA
        assert visa.args == (submitted.version.uid,)
        assert visa.deadline == end_of_day(submitted.version.decide_by)
        with translation.override("en"):
            assert str(visa.capacity) == "Unit 0"

        submitted.endorse(0)
        assert asked(submitted, first) == []
        # Whoever refused has answered; the official decides what comes of it.
        submitted.endorse(1, "not_approved")
        assert asked(submitted, second) == []

    def test_other_words_need_another_visa(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.send_back("2.2")
        assert asked(submitted, submitted.officers[0]) == []
        submitted.table.matter.refresh_from_db()
        submitted.table.lay("2.2", 45)
        submitted.agree("2.2")
        submitted.submit("1.1")
        [visa] = asked(submitted, submitted.officers[0])
        assert visa.args == (submitted.version.uid,)


class TestChores:
    def test_protocols_await_who_draws_them_up_and_who_signs(self, submitted: Desk) -> None:
        world = submitted.world
        [draw_up] = asked(submitted, world.secretary, Kind.PROTOCOL)
        assert titles([draw_up])[0].startswith("Draw up the protocol of meeting")
        meeting = submitted.matter.decided_in.meeting
        with chosen_time():
            protocol = governance.draft_protocol(
                meeting=meeting, number="1", actor=world.secretary, at=submitted.now()
            )
        for person in (world.secretary, world.coordinator):
            assert titles(asked(submitted, person, Kind.PROTOCOL)) == ["Sign protocol 1"]
        assert asked(submitted, world.people["EMP-1"], Kind.PROTOCOL) == []
        with chosen_time():
            governance.sign_protocol(protocol=protocol, actor=world.secretary, at=submitted.now())
        assert asked(submitted, world.secretary, Kind.PROTOCOL) == []
        assert len(asked(submitted, world.coordinator, Kind.PROTOCOL)) == 1

    def test_a_protocol_of_disagreements_awaits_the_sides(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        for number in ("2.1", "2.2", "2.3"):
            desk.table.agree(meeting, number)
        desk.table.fail(meeting, "2.4")
        desk.table.hold(desk.table.ask_whole(meeting))
        with chosen_time():
            drawn_up = acts.draw_up_protocol_of_disagreements(
                matter=desk.matter,
                meeting=meeting,
                number="1",
                actor=desk.world.secretary,
                at=desk.now(),
            )
            [item] = asked(desk, desk.world.people["PUB-1"], Kind.DISAGREEMENTS)
            assert item.matter == desk.matter
            assert asked(desk, desk.world.people["PUB-2"], Kind.DISAGREEMENTS) == []
            acts.sign_protocol_of_disagreements(
                protocol=drawn_up,
                side=desk.world.sides["PUB"],
                sha256=drawn_up.sha256,
                actor=desk.world.people["PUB-1"],
                at=desk.now(),
            )
        assert asked(desk, desk.world.people["PUB-1"], Kind.DISAGREEMENTS) == []
        assert len(asked(desk, desk.world.people["EMP-1"], Kind.DISAGREEMENTS)) == 1


class TestOrderAndCost:
    def test_the_nearest_deadline_comes_first_and_none_at_the_end(self, desk: Desk) -> None:
        circulated(build_table(desk.world, code="LT-9"))
        late = circulated(build_table(desk.world, code="LT-8"))
        late.file("A-01", "2.1")
        items = asked(desk, desk.world.secretary)
        dated = [item.deadline for item in items if item.deadline is not None]
        assert dated == sorted(dated)
        assert [item.deadline is None for item in items] == sorted(
            item.deadline is None for item in items
        )
        assert len({item.urgency for item in items}) == len(items)

    @pytest.mark.parametrize("who", ["EMP-1", "MIN-1", "MIN-3", "secretary", "coordinator"])
    def test_questions_do_not_grow_with_what_there_is_to_do(self, desk: Desk, who: str) -> None:
        world = desk.world
        person = world.people.get(who) or getattr(world, who)
        first = desk.table.meeting("written")
        world.open_ballot(desk.table.ask(first, "2.1").ballot)
        before = _queries(person, desk)

        for code in ("LT-8", "LT-9"):
            table = circulated(build_table(world, code=code))
            table.file(f"A-{code}", "2.1")
        for number in ("2.2", "2.3", "2.4"):
            meeting = desk.table.meeting("written")
            world.open_ballot(desk.table.ask(meeting, number).ballot)
        after = _queries(person, desk)

        assert len(after) <= QUERIES, "\n".join(after)
        assert len(after) <= len(before), "\n".join(after)


def _queries(person: Person, desk: Desk) -> list[str]:
    """Return the questions that showing an inbox asks, titles and addresses included."""
    with CaptureQueriesContext(connection) as captured:
        for item in awaiting(Person.objects.get(pk=person.pk), desk.world.now):
            assert all([str(item.title), item.url, str(item.capacity)])
            assert item.matter is None or item.matter.title_ru
    return [query["sql"] for query in captured.captured_queries[1:]]


def _appoint(desk: Desk, person: Person, role: Any) -> None:
    with chosen_time():
        governance.appoint(
            body=desk.world.body,
            person=person,
            role=role,
            basis_ru="приказ",
            valid_from=desk.world.now.date(),
            actor=desk.world.secretary,
            at=desk.now(),
        )
