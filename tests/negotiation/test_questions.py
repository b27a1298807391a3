"""Questions: what may be asked, in which order, and what a ballot's decision does to the text."""

import pytest

import negotiation.services as acts
from audit.acts import NotAuthorised
from governance.models import Ballot
from governance.refusals import OutsideAgenda
from governance.services import annul_ballot
from negotiation import refusals, selectors
from negotiation.domain.canonical import combined_sha256
from negotiation.models import Amendment, Clause, Disagreement, Question
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time

Kind, State, Disposition = Amendment.Kind, Amendment.State, Amendment.Disposition


@pytest.fixture
def amended(commenting: Table) -> Table:
    """Return a table with an amendment, its sub-amendment and a rival of another side."""
    commenting.filed("A-01", "2.1", proposal_ru="Слова «50 процентов» заменить словами «70».")
    commenting.filed(
        "A-02",
        kind=Kind.SUB_AMENDMENT,
        parent=commenting.amendment("A-01"),
        proposal_ru="В поправке слова «70» заменить словами «60».",
        side=commenting.world.sides["EXP"],
        actor=commenting.world.people["EXP-1"],
    )
    commenting.filed(
        "A-03",
        "2.2",
        proposal_ru="Слова «50 процентов» заменить словами «30».",
        side=commenting.world.sides["EMP"],
        actor=commenting.world.people["EMP-2"],
    )
    commenting.conclude("A-01", "accepted_partly")
    commenting.summarise()
    return commenting


class TestPutting:
    def test_b2_binds_the_ballot_to_the_wordings_in_their_order(self, table: Table) -> None:
        question = table.ask(table.meeting(), "2.2", "2.1")
        digests = [table.clause(n).on_the_table.sha256 for n in ("2.2", "2.1")]
        assert question.ballot.text_sha256 == combined_sha256(digests)
        assert question.ballot.topics == [table.clause(n).uid for n in ("2.2", "2.1")]

    def test_b9_is_refused_while_an_amendment_waits(self, amended: Table) -> None:
        meeting = amended.meeting()
        with refused(refusals.UndisposedAmendments) as caught:
            amended.ask(meeting, "2.1", amendments=["A-01"])
        assert caught.value.params == {"amendments": "A-02"}
        amended.ask(meeting, "2.1", amendments=["A-01", "A-02"])

    def test_b10_puts_a_sub_amendment_before_its_amendment(self, amended: Table) -> None:
        meeting = amended.meeting()
        for order in (["A-01"], ["A-01", "A-02"]):
            with refused(refusals.WrongVotingOrder):
                amended.ask(meeting, amendments=order, basis="amendment")
        amended.ask(meeting, amendments=["A-02", "A-01"], basis="amendment")

    def test_asks_only_about_what_is_on_the_table(self, table: Table) -> None:
        meeting = table.meeting()
        gone = table.clause("2.1").on_the_table
        table.lay("2.1", 60)
        with refused(refusals.AnotherWordingIsOnTheTable):
            table.ask(meeting, wordings=[gone])
        with refused(refusals.ClauseIsAMirror):
            table.ask(meeting, "1.1")
        with refused(refusals.QuestionIsEmpty):
            table.ask(meeting)
        with refused(refusals.QuestionIsEmpty):
            table.ask(meeting, "2.1", "2.1")
        with refused(refusals.QuestionIsEmpty):
            table.ask(meeting, basis="whole")

    def test_needs_a_conclusion_on_what_it_disposes_of(self, amended: Table) -> None:
        meeting = amended.meeting()
        amended.conclude("A-03", "to_conciliation")
        with refused(refusals.DispositionIsMissing):
            amended.ask(meeting, "2.2", amendments=["A-03"])
        amended.conclude("A-03", "rejected")
        amended.ask(meeting, "2.2", amendments=["A-03"])

    def test_a_consultative_proposal_goes_to_the_vote_with_a_sponsor(
        self, commenting: Table
    ) -> None:
        commenting.filed("A-01", "2.1", side=None, actor=commenting.world.heads[0])
        commenting.summarise()
        meeting = commenting.meeting()
        with refused(refusals.NeedsASponsor):
            commenting.ask(meeting, "2.1", amendments=["A-01"])
        with refused(refusals.NeedsASponsor):
            commenting.ask(meeting, amendments=["A-01"], basis="amendment")
        with chosen_time():
            acts.sponsor_amendment(
                amendment=commenting.amendment("A-01"),
                side=commenting.world.sides["MIN"],
                actor=commenting.speaker("MIN"),
                at=commenting.now(),
            )
        commenting.ask(meeting, "2.1", amendments=["A-01"])

    def test_a_deletion_is_voted_by_itself(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1", kind=Kind.DELETE_CLAUSE)
        commenting.summarise()
        meeting = commenting.meeting()
        with refused(refusals.DeletionIsVotedByItself):
            commenting.ask(meeting, "2.1", amendments=["A-01"])
        commenting.ask(meeting, amendments=["A-01"], basis="amendment")

    def test_is_the_secretarys_and_of_this_body(self, table: Table) -> None:
        meeting = table.meeting()
        with refused(NotAuthorised):
            table.ask(meeting, "2.1", actor=table.world.coordinator)

    def test_a_clause_that_would_be_added_is_introduced_first(self, commenting: Table) -> None:
        commenting.filed("A-31", kind=Kind.ADD_CLAUSE, proposed_number="2.5")
        commenting.summarise()
        meeting = commenting.meeting()
        with refused(refusals.NothingOnTheTable):
            commenting.ask(meeting, amendments=["A-31"], basis="amendment")

    def test_situation_15_b3_stays_inside_the_agenda(self, table: Table) -> None:
        meeting = table.world.opened(topics=[table.clause("2.2").uid])
        with refused(OutsideAgenda):
            table.ask(meeting, "2.1")
        table.ask(meeting, "2.2")

    def test_waits_for_the_summary(self, commenting: Table) -> None:
        meeting = commenting.meeting()
        with refused(refusals.WrongState):
            commenting.ask(meeting, "2.1")


class TestSituation8:
    """Two amendments to the same words are never both incorporated (B10)."""

    @pytest.fixture
    def rivals(self, commenting: Table) -> Table:
        words = "Слова «50 процентов» заменить словами «{}»."
        commenting.filed("A-01", "2.1", proposal_ru=words.format(70))
        commenting.filed("A-02", "2.1", proposal_ru=words.format(30))
        commenting.filed("A-03", "2.1", kind=Kind.ADD_TEXT, proposal_ru="Дополнить: «в цехе».")
        commenting.summarise()
        return commenting

    def test_are_found_in_preparation(self, rivals: Table) -> None:
        assert selectors.rivals(rivals.matter) == (("A-01", "A-02"),)
        meeting = rivals.meeting()
        every = ["A-01", "A-02", "A-03"]
        with refused(refusals.IncompatibleAmendments):
            rivals.ask(meeting, "2.1", amendments=every)
        with refused(refusals.IncompatibleAmendments):
            rivals.ask(meeting, amendments=every, basis="amendment")

    def test_the_loser_falls_with_a_reason_and_the_rest_is_rebased(self, rivals: Table) -> None:
        meeting = rivals.meeting()
        ballot = rivals.hold(rivals.ask(meeting, amendments=["A-01"], basis="amendment"))
        assert rivals.amendment("A-01").disposition == Disposition.ACCEPTED
        loser = rivals.amendment("A-02")
        assert (loser.disposition, loser.decided_in) == (Disposition.ABSORBED, ballot)
        assert loser.disposition_reason_ru
        stale = rivals.amendment("A-03")
        assert stale.state == State.STALE
        with refused(refusals.WrongAmendmentState):
            rivals.ask(meeting, amendments=["A-03"], basis="amendment")

        rivals.lay("2.1", 70)
        rebase = {
            "amendment": stale,
            "proposal_ru": "Дополнить: «в цехе».",
            "at": rivals.now(),
        }
        with chosen_time():
            with refused(refusals.NotTheAuthor):
                acts.rebase_amendment(**rebase, actor=rivals.speaker("PUB"))
            rebased = acts.rebase_amendment(**rebase, actor=rivals.world.people["PUB-2"])
        assert rebased.state == State.ADMITTED
        assert rebased.base_wording == rivals.clause("2.1").on_the_table
        rivals.conclude("A-03", "accepted")
        rivals.agree(meeting, "2.1", amendments=["A-03"])
        assert rivals.clause("2.1").state == Clause.State.AGREED


class TestSituation14:
    """What an open ballot asks about does not move; annulled, it is asked anew (B2)."""

    def test_nothing_is_tabled_under_a_vote(self, table: Table) -> None:
        meeting = table.meeting()
        question = table.ask(meeting, "2.1")
        ballot = table.world.open_ballot(question.ballot)
        with refused(refusals.ClauseIsUnderVote):
            table.lay("2.1", 60)
        with refused(refusals.ClauseIsUnderVote):
            table.ask(meeting, "2.1")
        table.world.vote(ballot, "EMP-1")
        with chosen_time():
            annul_ballot(
                ballot=ballot,
                reason="text_changed",
                note="Редакция уточнена.",
                actor=table.world.coordinator,
                at=table.now(),
            )
        table.lay("2.1", 60)
        again = table.ask(meeting, "2.1")
        assert again.ballot.text_sha256 != ballot.text_sha256
        assert ballot.votes.count() == 1
        table.hold(again)
        assert "60" in table.clause("2.1").current_wording.text_ru

    def test_the_same_wording_is_not_tabled_twice(self, table: Table) -> None:
        with refused(refusals.SameWording):
            table.lay("2.1", 50)

    def test_a_ballot_prepared_on_another_text_does_not_open(self, table: Table) -> None:
        meeting = table.meeting()
        question = table.ask(meeting, "2.1")
        table.lay("2.1", 60)
        with refused(refusals.QuestionIsStale):
            table.world.open_ballot(question.ballot)
        question.ballot.refresh_from_db()
        assert question.ballot.state == Ballot.State.PREPARED

    def test_a_ballot_on_what_is_agreed_meanwhile_does_not_open(self, table: Table) -> None:
        meeting = table.meeting()
        late = table.ask(meeting, "2.1")
        table.agree(meeting, "2.1")
        with refused(refusals.ClauseIsLocked):
            table.world.open_ballot(late.ballot)


class TestSituation16:
    """A package never hides a red line (B9)."""

    def _demand(self, table: Table, number: str, side: str, person: str | None = None) -> None:
        with chosen_time():
            acts.demand_separate_vote(
                clause=table.clause(number),
                side=table.world.sides[side],
                actor=table.world.people[person or f"{side}-1"],
                at=table.now(),
            )

    def test_any_side_may_demand_a_separate_vote(self, table: Table) -> None:
        meeting = table.meeting()
        with refused(NotAuthorised):
            self._demand(table, "2.2", "PUB", "PUB-3")
        self._demand(table, "2.2", "PUB")
        with refused(refusals.AlreadyDemanded):
            self._demand(table, "2.2", "PUB")
        with refused(refusals.SeparateVoteWanted) as caught:
            table.ask(meeting, "2.1", "2.2")
        assert caught.value.params == {"clauses": "2.2"}
        table.ask(meeting, "2.2")
        assert [clause.number for clause in selectors.en_bloc(table.matter)] == [
            "2.1",
            "2.3",
            "2.4",
        ]

    def test_a_demand_made_after_the_question_stops_its_opening(self, table: Table) -> None:
        question = table.ask(table.meeting(), "2.1", "2.2")
        self._demand(table, "2.2", "EXP")
        with refused(refusals.SeparateVoteWanted):
            table.world.open_ballot(question.ballot)

    def test_the_package_leaves_out_what_has_no_conclusion(self, amended: Table) -> None:
        amended.conclude("A-03", "to_conciliation")
        assert [clause.number for clause in selectors.en_bloc(amended.matter)] == [
            "2.1",
            "2.3",
            "2.4",
        ]


class TestTheDecision:
    def test_agreed_locks_the_clause_and_disposes_of_its_amendments(self, amended: Table) -> None:
        wording = amended.lay("2.1", 60, amendments=[amended.amendment("A-02")])
        ballot = amended.agree(amended.meeting(), "2.1", amendments=["A-01", "A-02"])
        clause = amended.clause("2.1")
        assert (clause.state, clause.agreed_in) == (Clause.State.AGREED, ballot)
        assert (clause.current_wording, clause.tabled_wording) == (wording, None)
        assert [amended.amendment(code).disposition for code in ("A-01", "A-02")] == [
            Disposition.ACCEPTED_PARTLY,
            Disposition.ACCEPTED,
        ]
        assert amended.amendment("A-01").disposition_reason_ru == "Мотив."
        for refusal, act in (
            (refusals.ClauseIsLocked, lambda: amended.lay("2.1", 65)),
            (refusals.ClauseIsLocked, lambda: amended.say("2.1", "EMP")),
        ):
            with refused(refusal):
                act()

    def test_keeps_the_disposition_of_what_was_decided_before(self, commenting: Table) -> None:
        commenting.filed("A-15", "2.1", kind=Kind.DELETE_CLAUSE)
        commenting.conclude("A-15", "accepted_partly")
        commenting.summarise("A-15")
        commenting.agree(commenting.meeting(), "2.1", amendments=["A-15"])
        kept = commenting.amendment("A-15")
        assert (kept.disposition, kept.decided_by) == (
            Disposition.ACCEPTED_PARTLY,
            Amendment.DecidedBy.SUMMARY,
        )

    def test_situation_7_decides_the_sub_amendment_first(self, amended: Table) -> None:
        meeting = amended.meeting()
        amended.hold(amended.ask(meeting, amendments=["A-02"], basis="amendment"))
        assert amended.amendment("A-02").disposition == Disposition.ACCEPTED
        assert amended.amendment("A-01").state == State.IN_SUMMARY
        amended.lay("2.1", 60)
        amended.agree(meeting, "2.1", amendments=["A-01"])
        assert amended.amendment("A-01").disposition == Disposition.ACCEPTED_PARTLY

    def test_not_agreed_raises_a_disagreement_with_the_sides_that_block(
        self, amended: Table
    ) -> None:
        ballot = amended.fail(amended.meeting(), "2.2", amendments=["A-03"])
        disagreement = amended.disagreement("2.2")
        assert disagreement.raised_in == ballot
        assert disagreement.blocking_sides == ["MIN"]
        assert disagreement.proposing_sides == ["EMP"]
        assert amended.clause("2.2").state == Clause.State.NOT_AGREED
        assert amended.amendment("A-03").state == State.TO_CONCILIATION
        assert disagreement.code == "D-01"

    def test_situation_10_a_tie_in_a_side_is_not_agreed(self, amended: Table) -> None:
        question = amended.ask(amended.meeting(), amendments=["A-03"], basis="amendment")
        amended.hold(question, PUB_1="against", PUB_2="against")
        assert amended.disagreement("2.2").blocking_sides == ["PUB"]
        assert amended.amendment("A-03").state == State.TO_CONCILIATION
        assert amended.clause("2.2").state == Clause.State.DISPUTED

    def test_a_package_that_fails_raises_one_disagreement_for_each_clause(
        self, table: Table
    ) -> None:
        table.fail(table.meeting(), "2.1", "2.2")
        found = Disagreement.objects.filter(matter=table.matter).order_by("code")
        assert [(row.code, row.clause.number) for row in found] == [
            ("D-01", "2.1"),
            ("D-02", "2.2"),
        ]

    def test_an_adopted_deletion_takes_the_clause_and_what_hangs_on_it(
        self, commenting: Table
    ) -> None:
        commenting.filed("A-45", "2.1", kind=Kind.DELETE_CLAUSE)
        commenting.filed("A-46", "2.1", kind=Kind.ADD_TEXT)
        commenting.summarise()
        meeting = commenting.meeting()
        commenting.hold(commenting.ask(meeting, amendments=["A-45"], basis="amendment"))
        assert commenting.clause("2.1").state == Clause.State.DELETED
        assert commenting.amendment("A-46").disposition == Disposition.ABSORBED
        with refused(refusals.ClauseIsLocked):
            commenting.ask(meeting, "2.1")

    def test_b4_nothing_changes_when_the_ballot_is_not_held(self, amended: Table) -> None:
        meeting = amended.meeting()
        question = amended.ask(meeting, "2.2", amendments=["A-03"])
        amended.world.go(meeting, "PUB-2", "PUB-4")
        ballot = amended.hold(question)
        assert ballot.state == Ballot.State.NOT_HELD
        assert amended.amendment("A-03").state == State.IN_SUMMARY
        assert not Disagreement.objects.filter(matter=amended.matter).exists()

        # The question moves to another sitting, and is put anew there.
        amended.world.come(meeting, "PUB-2", "PUB-4")
        amended.agree(meeting, "2.2", amendments=["A-03"])
        assert amended.clause("2.2").state == Clause.State.AGREED

    def test_takes_effect_once(self, table: Table) -> None:
        ballot = table.agree(table.meeting(), "2.1")
        with chosen_time(), refused(refusals.DecisionAlreadyApplied):
            acts.apply_decision(ballot=ballot, actor=table.secretary, at=table.now())

    def test_is_not_there_before_the_count(self, table: Table) -> None:
        question = table.ask(table.meeting(), "2.1")
        with chosen_time(), refused(refusals.BallotIsNotCertified):
            acts.apply_decision(ballot=question.ballot, actor=table.secretary, at=table.now())
        stranger = table.world.prepared(table.meeting())
        with chosen_time(), refused(refusals.BallotAsksNothingHere):
            acts.apply_decision(ballot=stranger, actor=table.secretary, at=table.now())


def test_b7_a_recusal_reaches_the_question_about_its_clause_alone(table: Table) -> None:
    table.world.conflict("EXP-3", [table.clause("2.1").uid])
    meeting = table.meeting()
    touched = table.world.open_ballot(table.ask(meeting, "2.1").ballot)
    assert touched.roll.get(seat__code="EXP-3").standing == "recused"
    free = table.world.open_ballot(table.ask(meeting, "2.2").ballot)
    assert free.roll.get(seat__code="EXP-3").standing == "entitled"


def test_the_voting_order_is_remote_first_and_children_before_parents(amended: Table) -> None:
    assert [a.code for a in selectors.voting_order(amended.matter)] == ["A-02", "A-01", "A-03"]


def test_a_question_says_what_it_is_about(amended: Table) -> None:
    question = amended.ask(amended.meeting(), "2.1", amendments=["A-01", "A-02"])
    assert question.basis == Question.Basis.CLAUSE_WORDING
    assert [row.amendment.code for row in question.amendments.order_by("position")] == [
        "A-01",
        "A-02",
    ]
