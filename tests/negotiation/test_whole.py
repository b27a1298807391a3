"""The text as a whole: composed from what was agreed, adopted wholly or in part."""

import pytest

import negotiation.services as acts
from audit.acts import NotAuthorised
from audit.models import Entry
from governance.services import approve_inside_side
from negotiation import refusals, selectors
from negotiation.domain.canonical import combined_sha256
from negotiation.models import Amendment, Clause, Disagreement, Matter
from negotiation.services.whole import Whole
from tests.negotiation.table import DRAFT, SECTIONS, Table, build_table, frame, negotiated
from tests.negotiation.traces import database_refuses, refused, sql
from tests.world import PROCEDURE, build_world, chosen_time

EVERY = ("2.1", "2.2", "2.3", "2.4")


class TestComposing:
    def test_takes_the_agreed_the_mirrors_and_the_frame_in_order(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, *EVERY)
        question = table.ask_whole(meeting)
        held = question.wordings.select_related("clause", "wording").order_by("position")
        assert [row.clause.number for row in held] == ["", "1.1", *EVERY, "10.1"]
        assert question.ballot.text_sha256 == combined_sha256([row.wording.sha256 for row in held])
        assert question.ballot.topics == [table.matter.uid]
        assert question.ballot.decision_type == "DT-04"

    def test_b11_waits_until_every_clause_is_agreed_or_in_disagreement(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        with refused(refusals.ClausesAreNotAgreed) as caught:
            table.ask_whole(meeting)
        assert caught.value.params == {"clauses": "2.4"}

    def test_b11_leaves_out_a_severable_clause_in_disagreement(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        question = table.ask_whole(meeting)
        assert not question.wordings.filter(clause__number="2.4").exists()

    def test_b11_never_leaves_out_what_the_text_cannot_do_without(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.4")
        table.fail(meeting, "2.3")
        with refused(refusals.NotSeverable) as caught:
            table.ask_whole(meeting)
        assert caught.value.params == {"clauses": "2.3"}

    def test_b11_leaves_nothing_out_where_the_charter_forbids_it(self, db: None) -> None:
        procedure = {**PROCEDURE, "partial_adoption": "forbidden"}
        table = build_table(build_world(procedure=procedure))
        table.open()
        table.enter()
        table.circulate()
        table.summarise()
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        with refused(refusals.PartialAdoptionForbidden):
            table.ask_whole(meeting)

    def test_b9_waits_for_every_disposition(self, commenting: Table) -> None:
        commenting.filed("A-52", kind=Amendment.Kind.COMMENT)
        commenting.conclude("A-52", "taken_note")
        commenting.summarise()
        meeting = commenting.meeting()
        commenting.agree(meeting, *EVERY)
        with refused(refusals.UndisposedAmendments) as caught:
            commenting.ask_whole(meeting)
        assert caught.value.params == {"amendments": "A-52"}
        assert isinstance(selectors.readiness(commenting.matter), refusals.UndisposedAmendments)

    def test_b9_closes_the_amendments_to_what_is_left_out(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.4")
        commenting.filed(
            "A-02", kind=Amendment.Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01")
        )
        commenting.summarise()
        meeting = commenting.meeting()
        commenting.agree(meeting, "2.1", "2.2", "2.3")
        ballot = commenting.fail(meeting, "2.4", amendments=["A-01", "A-02"])
        commenting.ask_whole(meeting)
        for code in ("A-01", "A-02"):
            closed = commenting.amendment(code)
            assert closed.disposition == Amendment.Disposition.NOT_AGREED
            assert closed.decided_in == ballot
            assert closed.disposition_reason_ru

    def test_is_refused_while_a_ballot_runs(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        table.world.open_ballot(table.ask(meeting, "2.4").ballot)
        with refused(refusals.WrongState):
            table.ask_whole(meeting)

    def test_b10_the_whole_and_a_part_are_never_under_vote_together(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        part, whole = table.ask(meeting, "2.4"), table.ask_whole(meeting)
        table.world.open_ballot(whole.ballot)
        with refused(refusals.WholeIsUnderVote):
            table.world.open_ballot(part.ballot)

    def test_is_the_secretarys(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, *EVERY)
        with refused(NotAuthorised):
            table.ask_whole(meeting, actor=table.speaker("MIN"))


class TestConsistency:
    def _agreed(self, *clauses: acts.DraftClause) -> tuple[Table, object]:
        table = build_table()
        table.open()
        table.enter([frame(Clause.Kind.PREAMBLE), *clauses])
        table.circulate()
        table.summarise()
        meeting = table.meeting()
        return table, meeting

    def test_refuses_a_reference_to_a_clause_that_is_left_out(self, db: None) -> None:
        referring = acts.DraftClause(
            number="2.1",
            section="2",
            text_ru="На оборудовании, указанном в пункте 2.2.",
            text_en="On the equipment named in clause 2.2.",
            severable=True,
        )
        table, meeting = self._agreed(referring, negotiated("2.2"))
        table.agree(meeting, "2.1")
        table.fail(meeting, "2.2")
        with refused(refusals.TextIsInconsistent) as caught:
            table.ask_whole(meeting)
        assert "2.2" in str(caught.value)

    def test_refuses_a_threshold_that_the_words_do_not_name(self, db: None) -> None:
        table, meeting = self._agreed(negotiated("2.1"))
        table.lay("2.1", 60, terms={"indicators": [{"threshold": 61, "unit_code": "pct"}]})
        table.agree(meeting, "2.1")
        with refused(refusals.TextIsInconsistent):
            table.ask_whole(meeting)

    def test_refuses_a_stale_translation(self, db: None) -> None:
        table, meeting = self._agreed(negotiated("2.1"))
        table.lay("2.1", 60, text_en=None)
        table.agree(meeting, "2.1")
        with refused(refusals.TextIsInconsistent):
            table.ask_whole(meeting)


class TestAdopting:
    def test_wholly(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, *EVERY)
        ballot = table.hold(table.ask_whole(meeting))
        assert (table.matter.state, table.matter.decided_in) == (
            Matter.State.AGREED_WHOLE,
            ballot,
        )
        preamble = table.clause("")
        assert (preamble.state, preamble.agreed_in) == (Clause.State.AGREED, ballot)
        assert table.clause("1.1").state == Clause.State.MIRRORED
        entry = Entry.objects.of_subject(table.matter).get(type="negotiation.matter_agreed")
        assert entry.facts["sha256"] == ballot.text_sha256

    def test_in_part_records_what_is_left_out(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        table.hold(table.ask_whole(meeting))
        assert table.matter.state == Matter.State.AGREED_PARTLY
        assert table.disagreement("2.4").state == Disagreement.State.RECORDED
        with chosen_time():
            revision = acts.issue_revision(
                matter=table.matter, label="1.0", actor=table.secretary, at=table.now()
            )
        numbers = set(revision.entries.values_list("clause__number", flat=True))
        assert "2.4" not in numbers
        assert {"1.1", "2.1", "10.1"} <= numbers

    def test_may_fail_and_be_put_again(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, *EVERY)
        table.hold(table.ask_whole(meeting), EMP_1="against", EMP_2="against")
        assert table.matter.state == Matter.State.NOT_AGREED
        assert table.clause("2.1").state == Clause.State.AGREED
        table.hold(table.ask_whole(meeting))
        assert table.matter.state == Matter.State.AGREED_WHOLE

    def test_closes_the_table(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        table.hold(table.ask_whole(meeting))
        for act in (
            lambda: table.lay("2.4", 60),
            lambda: table.ask_whole(meeting),
            lambda: table.say("2.4", "EMP"),
        ):
            with refused(refusals.WrongState):
                act()

    def test_a_wording_changed_after_the_question_stops_its_opening(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        question = table.ask_whole(meeting)
        table.agree(meeting, "2.4")
        with refused(refusals.QuestionIsStale):
            table.world.open_ballot(question.ballot)


class TestAfterTheTable:
    @pytest.fixture
    def agreed(self, table: Table) -> Table:
        meeting = table.meeting()
        table.agree(meeting, *EVERY)
        table.hold(table.ask_whole(meeting))
        return table

    def _follow(self, table: Table, state: str, actor: object) -> Matter:
        with chosen_time():
            return acts.follow_effect(
                matter=table.matter, state=Matter.State(state), actor=actor, at=table.now()
            )

    def test_the_steps_follow_each_other(self, agreed: Table) -> None:
        official, secretary = agreed.world.official, agreed.secretary
        with refused(refusals.WrongState):
            self._follow(agreed, "published", secretary)
        with refused(NotAuthorised):
            self._follow(agreed, "approved", secretary)
        self._follow(agreed, "approved", official)
        self._follow(agreed, "published", secretary)
        with refused(NotAuthorised):
            self._follow(agreed, "approved", None)
        assert self._follow(agreed, "in_force", None).state == Matter.State.IN_FORCE

    def test_a_return_reopens_only_the_clauses_named(self, agreed: Table) -> None:
        reopen = {"matter": agreed.matter, "at": agreed.now()}
        official = agreed.world.official
        with chosen_time():
            with refused(NotAuthorised):
                acts.reopen_clauses(
                    **reopen, clauses=[agreed.clause("2.1")], actor=agreed.secretary
                )
            with refused(refusals.NothingToReopen):
                acts.reopen_clauses(**reopen, clauses=[], actor=official)
            with refused(refusals.ClauseIsAMirror):
                acts.reopen_clauses(**reopen, clauses=[agreed.clause("1.1")], actor=official)
            agreed.matter = acts.reopen_clauses(
                **reopen, clauses=[agreed.clause("2.1")], actor=official
            )
        assert (agreed.matter.state, agreed.matter.decided_in) == (Matter.State.RETURNED, None)
        assert agreed.clause("2.1").state == Clause.State.DISPUTED
        assert agreed.clause("2.2").state == Clause.State.AGREED
        with refused(refusals.ClauseIsLocked):
            agreed.lay("2.2", 60)

        agreed.lay("2.1", 60)
        meeting = agreed.meeting()
        agreed.agree(meeting, "2.1")
        agreed.hold(agreed.ask_whole(meeting))
        assert agreed.matter.state == Matter.State.AGREED_WHOLE

    def test_situation_13_nobody_changes_one_word_of_what_was_voted(self, agreed: Table) -> None:
        with refused(refusals.WrongState):
            agreed.lay("2.1", 60)
        with refused(NotAuthorised):
            agreed.lay("2.1", 60, actor=agreed.world.official)
        with database_refuses("an_agreed_clause_keeps_its_wording"):
            sql(
                "UPDATE negotiation_clause SET current_wording_id = %s WHERE id = %s",
                agreed.clause("2.2").current_wording_id,
                agreed.clause("2.1").pk,
            )

    def test_what_was_left_out_is_not_reopened(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1", "2.2", "2.3")
        table.fail(meeting, "2.4")
        table.hold(table.ask_whole(meeting))
        with chosen_time(), refused(refusals.ClauseWasNotAgreed):
            acts.reopen_clauses(
                matter=table.matter,
                clauses=[table.clause("2.4")],
                actor=table.world.official,
                at=table.now(),
            )

    def test_a_returned_text_may_go_out_for_comments_again(self, agreed: Table) -> None:
        with chosen_time():
            agreed.matter = acts.reopen_clauses(
                matter=agreed.matter,
                clauses=[agreed.clause("2.1")],
                actor=agreed.world.official,
                at=agreed.now(),
            )
        round_ = agreed.circulate("1.1")
        assert round_.number == 2
        agreed.filed("A-01", "2.1")
        with refused(refusals.ClauseIsLocked):
            agreed.file("A-02", "2.2")


def test_a_matter_is_withdrawn_by_the_side_that_brought_it(table: Table) -> None:
    withdraw = {"matter": table.matter, "at": table.now()}
    with chosen_time():
        with refused(NotAuthorised):
            acts.withdraw_matter(**withdraw, actor=table.speaker("MIN"))
        withdrawn = acts.withdraw_matter(**withdraw, actor=table.speaker("EMP"))
    assert withdrawn.state == Matter.State.WITHDRAWN
    with refused(refusals.WrongState):
        table.lay("2.1", 60)


def test_b12_a_negotiated_wording_is_never_weaker_than_a_mirror(db: None) -> None:
    mirror = acts.DraftClause(
        number="1.2",
        section="1",
        text_ru="Доля практики — не менее 40 процентов.",
        text_en="The share of practice is at least 40 per cent.",
        origin=Clause.Origin.FEDERAL_MANDATORY,
        severable=False,
        terms=negotiated("1.2", 40).terms,
    )
    table = build_table()
    table.open()
    table.enter([mirror, negotiated("2.1", 50)])
    table.circulate()
    table.summarise()
    with refused(refusals.WeakerThanFederalNorm):
        table.lay("2.1", 30)
    table.lay("2.1", 40)


def test_the_whole_may_be_looked_at_before_it_is_put(table: Table) -> None:
    assert isinstance(selectors.readiness(table.matter), refusals.ClausesAreNotAgreed)
    table.agree(table.meeting(), *EVERY)
    whole = selectors.readiness(table.matter)
    assert isinstance(whole, Whole)
    assert not whole.left_out
    assert len(whole.included) == len(DRAFT)
    assert SECTIONS


def test_a_single_voice_votes_on_the_whole_after_its_inner_approval(table: Table) -> None:
    meeting = table.meeting()
    table.agree(meeting, *EVERY)
    ballot = table.world.open_ballot(table.ask_whole(meeting).ballot)
    rejected = table.world.vote(ballot, "MIN-1")
    assert rejected.status == "rejected"
    with chosen_time():
        for seat in ("MIN-3", "MIN-4"):
            approve_inside_side(
                side=table.world.sides["MIN"],
                ballot=ballot,
                text_sha256=ballot.text_sha256,
                choice="for",
                actor=table.world.people[seat],
                at=table.now(),
            )
    assert table.world.vote(ballot, "MIN-1").status == "counted"
