"""Conciliation, the second vote, and the protocol of disagreements."""

import pytest
from django.core.exceptions import ValidationError

import negotiation.services as acts
from audit.acts import NotAuthorised
from governance.models import Meeting
from negotiation import refusals
from negotiation.models import (
    Amendment,
    Clause,
    Disagreement,
    ProtocolOfDisagreements,
    ProtocolOfDisagreementsSignature,
)
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time

Disposition, State = Amendment.Disposition, Amendment.State


@pytest.fixture
def disputed(commenting: Table) -> Table:
    """Return a table where a vote on 2.1 with amendment A-01 found no agreement."""
    commenting.filed("A-01", "2.1")
    commenting.filed("A-02", kind=Amendment.Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))
    commenting.summarise()
    commenting.fail(commenting.meeting(), "2.1", amendments=["A-01", "A-02"])
    return commenting


@pytest.fixture
def conciliation(disputed: Table) -> Meeting:
    return disputed.world.opened("conciliation", disputed.topics)


class TestRecommending:
    def test_lays_a_wording_on_the_table_and_replaces_no_vote(
        self, disputed: Table, conciliation: Meeting
    ) -> None:
        recommendation = disputed.recommend(conciliation, "2.1", 55)
        clause = disputed.clause("2.1")
        assert clause.on_the_table == recommendation.wording
        assert recommendation.wording.origin == "recommended"
        assert clause.state == Clause.State.NOT_AGREED
        assert disputed.disagreement("2.1").state == Disagreement.State.CONCILIATION
        with refused(refusals.AlreadyRecommended):
            disputed.recommend(conciliation, "2.1", 56)

    def test_is_only_for_clauses_in_disagreement(
        self, disputed: Table, conciliation: Meeting
    ) -> None:
        with refused(refusals.NoDisagreement):
            disputed.recommend(conciliation, "2.2", 55)

    def test_is_only_for_an_open_conciliation_meeting(self, disputed: Table) -> None:
        meeting = disputed.meeting()
        with refused(refusals.NotAConciliationMeeting):
            disputed.recommend(meeting, "2.1", 55)
        convened = disputed.world.convened("conciliation", disputed.topics)
        with refused(refusals.MeetingIsNotOpen):
            disputed.recommend(convened, "2.1", 55)

    def test_is_not_for_a_side(self, disputed: Table, conciliation: Meeting) -> None:
        clause = disputed.clause("2.1")
        with chosen_time(), refused(NotAuthorised):
            acts.recommend(
                meeting=conciliation,
                clause=clause,
                text_ru="Не менее 55 процентов.",
                text_en="At least 55 per cent.",
                terms={},
                actor=disputed.speaker("PUB"),
                at=disputed.now(),
            )

    def test_settles_the_disagreement_through_the_second_vote(
        self, disputed: Table, conciliation: Meeting
    ) -> None:
        disputed.recommend(conciliation, "2.1", 55)
        ballot = disputed.agree(disputed.meeting(), "2.1", amendments=["A-01", "A-02"])
        disagreement = disputed.disagreement("2.1")
        assert (disagreement.state, disagreement.settled_in) == (
            Disagreement.State.SETTLED,
            ballot,
        )
        assert disputed.amendment("A-01").disposition == Disposition.ACCEPTED


class TestNoAgreement:
    def _note(self, table: Table, meeting: Meeting, number: str = "2.1") -> None:
        with chosen_time():
            acts.note_no_agreement(
                meeting=meeting,
                clause=table.clause(number),
                actor=table.secretary,
                at=table.now(),
            )

    def test_ends_the_amendments_with_the_second_vote(
        self, disputed: Table, conciliation: Meeting
    ) -> None:
        self._note(disputed, conciliation)
        again = disputed.fail(disputed.meeting(), "2.1", amendments=["A-01", "A-02"])
        disagreement = disputed.disagreement("2.1")
        assert disagreement.confirmed_in == again
        assert disagreement.code == "D-01"
        for code in ("A-01", "A-02"):
            closed = disputed.amendment(code)
            assert (closed.disposition, closed.decided_in) == (Disposition.NOT_AGREED, again)

    def test_may_be_noted_before_the_first_vote(self, table: Table) -> None:
        meeting = table.world.opened("conciliation", table.topics)
        self._note(table, meeting)
        table.fail(table.meeting(), "2.1")
        assert table.disagreement("2.1").state == Disagreement.State.RAISED

    def test_is_not_for_what_is_locked(self, table: Table) -> None:
        table.agree(table.meeting(), "2.1")
        meeting = table.world.opened("conciliation", table.topics)
        for number, refusal in (
            ("2.1", refusals.ClauseIsLocked),
            ("1.1", refusals.ClauseIsAMirror),
        ):
            with refused(refusal):
                self._note(table, meeting, number)


class TestSituation7:
    def _close(self, table: Table, meeting: Meeting, code: str) -> Amendment:
        with chosen_time():
            return acts.close_unresolved(
                meeting=meeting,
                amendment=table.amendment(code),
                reason_ru="Отклонена стороной.",
                actor=table.secretary,
                at=table.now(),
            )

    def test_an_unresolved_sub_amendment_does_not_hold_up_its_parent(
        self, disputed: Table, conciliation: Meeting
    ) -> None:
        disputed.recommend(conciliation, "2.1", 55)
        meeting = disputed.meeting()
        with refused(refusals.UndisposedAmendments):
            disputed.ask(meeting, "2.1", amendments=["A-01"])
        closed = self._close(disputed, conciliation, "A-02")
        assert (closed.disposition, closed.decided_by, closed.decided_at_meeting) == (
            Disposition.NOT_AGREED,
            Amendment.DecidedBy.CONCILIATION,
            conciliation,
        )
        disputed.agree(meeting, "2.1", amendments=["A-01"])
        assert disputed.amendment("A-02").disposition == Disposition.NOT_AGREED

    def test_only_a_sub_amendment_closes_so(self, disputed: Table, conciliation: Meeting) -> None:
        with refused(refusals.WrongAmendmentState):
            self._close(disputed, conciliation, "A-01")
        self._close(disputed, conciliation, "A-02")
        with refused(refusals.WrongAmendmentState):
            self._close(disputed, conciliation, "A-02")


class TestTheProtocolOfDisagreements:
    def _state(self, table: Table, side: str, actor: str | None = None, **says: str) -> None:
        with chosen_time():
            acts.state_reasons(
                disagreement=table.disagreement("2.1"),
                side=table.world.sides[side],
                **{"reason_ru": "Нет средств.", **says},
                actor=table.world.people[actor or f"{side}-1"],
                at=table.now(),
            )

    def _record(self, table: Table, **says: object) -> Disagreement:
        with chosen_time():
            return acts.record_disagreement(
                disagreement=table.disagreement("2.1"),
                **{"actor": table.secretary, "follow_up_ru": "Вернуться к вопросу.", **says},
                at=table.now(),
            )

    def _draw_up(self, table: Table, meeting: Meeting, **says: object) -> ProtocolOfDisagreements:
        protocol = {
            "matter": table.matter,
            "meeting": meeting,
            "number": "1",
            "actor": table.secretary,
            "at": table.now(),
        }
        with chosen_time():
            return acts.draw_up_protocol_of_disagreements(**{**protocol, **says})

    def test_needs_the_reasons_of_those_who_block_and_propose(self, disputed: Table) -> None:
        with refused(refusals.StatementsAreMissing) as caught:
            self._record(disputed)
        assert caught.value.params["sides"] == "MIN, PUB"
        with refused(ValidationError):
            self._state(disputed, "MIN", reason_ru=" ")
        with refused(NotAuthorised):
            self._state(disputed, "MIN", actor="MIN-3")
        self._state(disputed, "MIN")
        disputed.say("2.1", "PUB", "support", reason_ru="Это принцип.")
        assert self._record(disputed).state == Disagreement.State.RECORDED
        with refused(refusals.DisagreementIsClosed):
            self._record(disputed)
        with refused(refusals.DisagreementIsClosed):
            self._state(disputed, "PUB")

    def test_holds_every_sides_wording_and_reasons(self, disputed: Table) -> None:
        disputed.say("2.1", "EMP", "support_with_reservation", reason_ru="Если есть взносы.")
        self._state(disputed, "PUB", wording_ru="Не менее 70 процентов.")
        self._state(disputed, "MIN", reason_ru="Сначала так.")
        self._state(disputed, "MIN", reason_ru="Нет расходного обязательства.")
        self._record(disputed)
        meeting = disputed.meeting()
        protocol = self._draw_up(disputed, meeting)
        (entry,) = protocol.content["entries"]
        assert entry["clause_number"] == "2.1"
        assert entry["blocking_sides"] == ["MIN"]
        assert entry["sides"]["PUB"]["wording_ru"] == "Не менее 70 процентов."
        assert entry["sides"]["MIN"]["reason_ru"] == "Нет расходного обязательства."
        assert entry["sides"]["EMP"]["reason_ru"] == "Если есть взносы."
        assert entry["follow_up_ru"] == "Вернуться к вопросу."
        assert disputed.disagreement("2.1").protocol == protocol
        with refused(refusals.NothingToRecord):
            self._draw_up(disputed, meeting, number="2")

    def test_is_signed_for_the_text_that_was_read(self, disputed: Table) -> None:
        self._state(disputed, "PUB")
        self._state(disputed, "MIN")
        self._record(disputed)
        protocol = self._draw_up(disputed, disputed.meeting())

        def sign(side: str, actor: str, sha256: str) -> ProtocolOfDisagreementsSignature:
            with chosen_time():
                return acts.sign_protocol_of_disagreements(
                    protocol=protocol,
                    side=disputed.world.sides[side],
                    sha256=sha256,
                    actor=disputed.world.people[actor],
                    at=disputed.now(),
                )

        with refused(refusals.AnotherText):
            sign("PUB", "PUB-1", "0" * 64)
        with refused(NotAuthorised):
            sign("PUB", "PUB-2", protocol.sha256)
        sign("PUB", "PUB-1", protocol.sha256)
        with refused(refusals.AlreadySigned):
            sign("PUB", "PUB-1", protocol.sha256)

    def test_leaves_the_clause_out_of_the_whole(self, disputed: Table) -> None:
        self._state(disputed, "PUB")
        self._state(disputed, "MIN")
        self._record(disputed)
        meeting = disputed.meeting()
        disputed.agree(meeting, "2.2", "2.3", "2.4")
        disputed.hold(disputed.ask_whole(meeting))
        assert disputed.matter.state == "agreed_partly"
        assert disputed.amendment("A-01").disposition == Disposition.NOT_AGREED

    def test_a_recorded_disagreement_may_still_be_settled_by_a_vote(self, disputed: Table) -> None:
        self._state(disputed, "PUB")
        self._state(disputed, "MIN")
        self._record(disputed)
        disputed.agree(disputed.meeting(), "2.1", amendments=["A-01", "A-02"])
        assert disputed.disagreement("2.1").state == Disagreement.State.SETTLED
        assert disputed.amendment("A-01").state == State.DECIDED
