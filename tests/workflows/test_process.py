"""The process moves with the acts, through whatever door they come, or they do not happen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from viewflow.workflow.status import PROCESS, STATUS

import negotiation.services as acts
from audit import clock, handlers, times
from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import end_of_day
from licensing.models import RequirementVersion
from negotiation.acts import CIRCULATED, MATTER_OPENED
from negotiation.models import Matter
from tests.licensing.desk import Desk
from tests.negotiation.table import Table, build_table
from tests.world import chosen_time
from workflows.engine.dispatch import StepNotDue, governed_flows, listen
from workflows.engine.nodes import ActTask, Errand
from workflows.flows.requirement_negotiation import RequirementNegotiation
from workflows.models import NegotiationProcess


def process_of(matter: Matter) -> NegotiationProcess:
    """Return the process of a matter as it is now."""
    return NegotiationProcess.objects.get(matter=matter)


def due(matter: Matter) -> str:
    """Return the name of the step at which a matter stands."""
    [task] = process_of(matter).task_set.filter(status=STATUS.NEW)
    return str(task.flow_task.name)


def way(matter: Matter) -> list[str]:
    """Return the steps that a matter has come through, in order, the open one last."""
    tasks = process_of(matter).task_set.order_by("pk")
    return [task.flow_task.name for task in tasks if isinstance(task.flow_task, ActTask)]


@pytest.fixture
def registered(desk: Desk) -> Table:
    """Return another matter, registered and nothing more."""
    return build_table(desk.world, code="LT-9")


class TestBeginning:
    def test_is_the_registration_of_the_matter(self, registered: Table) -> None:
        process = process_of(registered.matter)
        assert process.flow_class is RequirementNegotiation
        assert process.definition_sha256 == RequirementNegotiation.definition_sha256()
        assert due(registered.matter) == "convene"

    def test_each_step_says_by_which_entry_it_was_completed(self, registered: Table) -> None:
        registered.open()
        task = process_of(registered.matter).task_set.get(status=STATUS.DONE, flow_task_type="ACT")
        entry = Entry.objects.get(uid=task.data["entry"])
        assert (entry.type, entry.subject_uid) == (MATTER_OPENED, registered.matter.uid)

    def test_listening_twice_hears_once(self, registered: Table) -> None:
        for flow in governed_flows():
            listen(flow)
        registered.open()
        assert way(registered.matter) == ["convene", "circulate"]


class TestDoors:
    """The same act, from a page, from a paper, by the clock and in a demonstration."""

    def by_the_clock(self, table: Table) -> None:
        acts.open_matter(matter=table.matter, actor=table.secretary, at=clock.now())

    def from_a_paper(self, table: Table) -> None:
        with times.transcribed(basis="paper", reference="protocol-7"):
            acts.open_matter(matter=table.matter, actor=table.secretary, at=table.now())

    def in_a_demonstration(self, table: Table) -> None:
        table.open()

    def from_a_page(self, table: Table) -> None:
        browser = Client()
        browser.force_login(table.secretary, backend="django.contrib.auth.backends.ModelBackend")
        answer = browser.post(reverse("negotiation:open_matter", args=[table.matter.uid]))
        assert answer.status_code == 302, answer.content.decode()

    @pytest.mark.parametrize(
        "door", ["by_the_clock", "from_a_paper", "in_a_demonstration", "from_a_page"]
    )
    def test_moves_the_process(self, registered: Table, door: str) -> None:
        getattr(self, door)(registered)
        assert due(registered.matter) == "circulate"
        [entry] = Entry.objects.of_stream(registered.matter.stream).of_types(MATTER_OPENED)
        [basis] = {entry.at_basis} & {"clock", "paper", "demonstration"}
        assert basis == {
            "from_a_paper": "paper",
            "in_a_demonstration": "demonstration",
        }.get(door, "clock")


class TestOneTransaction:
    def test_a_failure_in_the_process_undoes_the_act(self, registered: Table) -> None:
        registered.enter()

        def fail(entry: Entry) -> None:
            raise ZeroDivisionError

        registered.open()
        before = Entry.objects.count()
        handlers.on(CIRCULATED, fail)
        try:
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                registered.circulate()
        finally:
            handlers.off(CIRCULATED, fail)

        # The process had moved on already; it came back with the act.
        registered.matter.refresh_from_db()
        assert registered.matter.state == Matter.State.REGISTERED
        assert not registered.matter.rounds.exists()
        assert (due(registered.matter), Entry.objects.count()) == ("circulate", before)
        registered.circulate()
        assert due(registered.matter) == "comment"

    def test_an_act_for_which_the_process_is_not_ready_does_not_happen(
        self, registered: Table
    ) -> None:
        tasks = process_of(registered.matter).task_set
        node = RequirementNegotiation.instance.node("publish")
        tasks.filter(status=STATUS.NEW).update(flow_task=node)
        with pytest.raises(StepNotDue), transaction.atomic():
            registered.open()
        registered.matter.refresh_from_db()
        assert registered.matter.opened_at is None

    def test_a_refused_act_does_not_move_it(self, registered: Table) -> None:
        with pytest.raises(NotAuthorised), transaction.atomic(), chosen_time():
            acts.open_matter(
                matter=registered.matter, actor=registered.world.auditor, at=registered.now()
            )
        assert due(registered.matter) == "convene"


class TestWays:
    def test_straight_on(self, desk: Desk) -> None:
        desk.agree()
        desk.submit()
        desk.endorse_all()
        desk.approve()
        desk.publish()
        desk.bring_into_force()

        assert way(desk.matter) == [
            *("convene", "circulate", "comment", "summarise"),
            *("deliberate", "vote_on_whole", "submit"),
            *("endorse", "order", "publish", "enter_into_force"),
        ]
        process = process_of(desk.matter)
        assert process.status == PROCESS.DONE
        assert not process.task_set.exclude(status=STATUS.DONE).exists()

    def test_to_conciliation_and_back(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        desk.table.agree(meeting, "2.1")
        assert due(desk.matter) == "deliberate"
        desk.table.fail(meeting, "2.2")
        assert due(desk.matter) == "conciliate"
        # The meeting goes on; conciliation stays due.
        desk.table.agree(meeting, "2.3")
        assert due(desk.matter) == "conciliate"

        conciliation = desk.table.meeting("conciliation")
        desk.table.recommend(conciliation, "2.2", 45)
        assert due(desk.matter) == "deliberate"
        second = desk.table.meeting()
        desk.table.agree(second, "2.4")
        assert due(desk.matter) == "deliberate"
        desk.table.agree(second, "2.2")
        assert due(desk.matter) == "vote_on_whole"
        desk.table.hold(desk.table.ask_whole(second))
        assert due(desk.matter) == "submit"
        assert way(desk.matter)[4:] == [
            *("deliberate", "conciliate", "deliberate", "vote_on_whole", "submit")
        ]

    def test_with_a_clause_left_in_disagreement(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        for number in ("2.1", "2.2", "2.3"):
            desk.table.agree(meeting, number)
        desk.table.fail(meeting, "2.4")
        conciliation = desk.table.meeting("conciliation")
        with chosen_time():
            acts.note_no_agreement(
                meeting=conciliation,
                clause=desk.table.clause("2.4"),
                actor=desk.world.secretary,
                at=desk.now(),
            )
        assert due(desk.matter) == "vote_on_whole"

    def test_through_a_vote_on_the_whole_that_fails(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        for number in ("2.1", "2.2", "2.3", "2.4"):
            desk.table.agree(meeting, number)
        desk.table.hold(desk.table.ask_whole(meeting), MIN_1="against")
        assert (desk.matter.state, due(desk.matter)) == ("not_agreed", "vote_on_whole")
        desk.table.hold(desk.table.ask_whole(meeting))
        assert due(desk.matter) == "submit"

    def test_back_from_the_ministry(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.send_back("2.2")
        assert due(submitted.matter) == "deliberate"
        submitted.table.matter.refresh_from_db()
        submitted.table.lay("2.2", 45)
        submitted.agree("2.2")
        submitted.submit("1.1")
        # Other words need other visas.
        assert due(submitted.matter) == "endorse"
        submitted.endorse_all()
        assert due(submitted.matter) == "order"

    def test_back_from_the_ministry_and_confirmed_unchanged(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.send_back("2.2", ground="procedural_defect")
        submitted.table.matter.refresh_from_db()
        submitted.agree("2.2")
        submitted.submit("1.1")
        assert due(submitted.matter) == "order"

    def test_round_the_comments_again_after_a_return(self, submitted: Desk) -> None:
        submitted.send_back("2.2")
        submitted.table.matter.refresh_from_db()
        submitted.table.circulate("1.1")
        submitted.table.summarise()
        assert due(submitted.matter) == "deliberate"

    def test_a_visa_withdrawn_makes_visas_due_again(self, submitted: Desk) -> None:
        submitted.endorse(0)
        assert due(submitted.matter) == "endorse"
        submitted.endorse(1)
        assert due(submitted.matter) == "order"
        submitted.endorse(0, "not_approved")
        assert due(submitted.matter) == "endorse"

    @pytest.mark.parametrize("is_open", [False, True], ids=["before opening", "after opening"])
    def test_to_a_cancelled_end(self, registered: Table, *, is_open: bool) -> None:
        if is_open:
            registered.open()
        with chosen_time():
            acts.withdraw_matter(
                matter=registered.matter,
                actor=registered.speaker("EMP"),
                at=registered.now(),
            )
        process = process_of(registered.matter)
        assert process.status == PROCESS.CANCELED
        assert not process.task_set.filter(status=STATUS.NEW).exists()
        [task] = process.task_set.filter(status=STATUS.CANCELED)
        assert Entry.objects.get(uid=task.data["entry"]).type == "negotiation.matter_withdrawn"


class TestErrands:
    """What a step tells its addressee, fixed when it begins."""

    def errand(self, matter: Matter) -> Errand:
        [task] = process_of(matter).task_set.filter(status=STATUS.NEW)
        return Errand.from_data(task.data)

    def test_comments_last_until_the_round_ends(self, registered: Table) -> None:
        registered.open()
        registered.enter()
        round_ = registered.circulate()
        assert self.errand(registered.matter) == Errand(
            "negotiation:matter", (str(registered.matter.uid),), round_.sub_amendments_until
        )

    def test_conciliation_lasts_as_long_as_the_charter_says(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        desk.table.fail(meeting, "2.2")
        raised = desk.table.disagreement("2.2").raised_at
        deadline = self.errand(desk.matter).deadline
        assert deadline is not None
        # Fifteen working days: three weeks, and more where a holiday falls into them.
        assert deadline >= end_of_day(raised.date() + timedelta(days=21))

    def test_the_ministry_s_steps_lead_to_the_version(self, submitted: Desk) -> None:
        version = submitted.version
        assert self.errand(submitted.matter) == Errand(
            "licensing:version", (str(version.uid),), end_of_day(version.decide_by)
        )
        submitted.endorse_all()
        submitted.approve()
        assert self.errand(submitted.matter).deadline is not None
        submitted.publish()
        first_day = RequirementVersion.objects.get(pk=version.pk).in_force_from
        assert self.errand(submitted.matter).deadline == end_of_day(first_day)


def test_titles_speak_both_languages() -> None:
    nodes = list(RequirementNegotiation.instance.nodes())
    titles: list[Any] = [RequirementNegotiation.process_title, *(one.task_title for one in nodes)]
    said: dict[str, set[str]] = {}
    for language in ("ru", "en"):
        with translation.override(language):
            said[language] = {str(title) for title in titles}
    assert "" not in said["en"]
    assert not said["ru"] & said["en"]
