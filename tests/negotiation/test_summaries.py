"""Closing the round and freezing the summary («сводка отзывов»)."""

import negotiation.services as acts
from audit.acts import NotAuthorised
from negotiation import refusals
from negotiation.models import Amendment, Clause, CommentSummary, Matter, Round
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time

Disposition = Amendment.Disposition


def after_the_round(table: Table) -> None:
    round_ = Round.objects.get(matter=table.matter)
    table.world.now = round_.sub_amendments_until


def prepare(table: Table, *codes: str, **says: object) -> CommentSummary:
    summary = {
        "matter": table.matter,
        "without_objection": [table.amendment(code) for code in codes],
        "actor": table.secretary,
        "at": table.now(),
    }
    with chosen_time():
        return acts.prepare_summary(**{**summary, **says})


class TestClosingARound:
    def test_waits_for_the_last_instant(self, commenting: Table) -> None:
        round_ = Round.objects.get(matter=commenting.matter)
        with chosen_time():
            with refused(refusals.CommentsNotOver):
                acts.close_round(round_=round_, actor=commenting.secretary, at=round_.closes_at)
            after_the_round(commenting)
            closed = acts.close_round(
                round_=round_, actor=commenting.secretary, at=commenting.now()
            )
            assert closed.closed_at == commenting.world.now
            with refused(refusals.NoOpenRound):
                acts.close_round(round_=round_, actor=commenting.secretary, at=commenting.now())

    def test_is_the_secretarys(self, commenting: Table) -> None:
        after_the_round(commenting)
        with chosen_time(), refused(NotAuthorised):
            acts.close_round(
                round_=Round.objects.get(matter=commenting.matter),
                actor=commenting.speaker("PUB"),
                at=commenting.now(),
            )


class TestTheSummary:
    def test_holds_everything_filed_exactly_once(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed("A-02", kind=Amendment.Kind.COMMENT)
        commenting.file("A-51", "1.1")
        with chosen_time():
            acts.refuse_admission(
                amendment=commenting.amendment("A-51"),
                ground=Amendment.Inadmissibility.FEDERAL_MIRROR,
                reason_ru="Федеральная норма.",
                actor=commenting.secretary,
                at=commenting.now(),
            )
        commenting.conclude("A-02", "taken_note")
        summary = commenting.summarise("A-02")
        assert [row["code"] for row in summary.rows] == ["A-01", "A-02", "A-51"]
        assert [row["conclusion"] for row in summary.rows] == [
            "accepted",
            "taken_note",
            "inadmissible",
        ]
        assert [row["is_decided"] for row in summary.rows] == [False, True, True]
        assert commenting.matter.state == Matter.State.NEGOTIATING
        assert commenting.amendment("A-01").state == Amendment.State.IN_SUMMARY
        decided = commenting.amendment("A-02")
        assert decided.decided_by == Amendment.DecidedBy.SUMMARY
        assert Round.objects.get(matter=commenting.matter).closed_at is not None

    def test_b9_waits_for_every_conclusion(self, commenting: Table) -> None:
        commenting.file("A-01", "2.1")
        after_the_round(commenting)
        with refused(refusals.UndisposedAmendments):
            prepare(commenting)
        commenting.admit("A-01")
        with refused(refusals.DispositionIsMissing):
            prepare(commenting)
        commenting.conclude("A-01")
        prepare(commenting)

    def test_decides_nothing_that_a_side_wants_to_vote_on(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1", side=None, actor=commenting.world.heads[0])
        commenting.conclude("A-01", "rejected")
        objection = {
            "amendment": commenting.amendment("A-01"),
            "side": commenting.world.sides["EXP"],
            "at": commenting.now(),
        }
        with chosen_time():
            with refused(NotAuthorised):
                acts.object_to_disposition(**objection, actor=commenting.world.people["EXP-3"])
            acts.object_to_disposition(**objection, actor=commenting.speaker("EXP"))
            with refused(refusals.AlreadyDemanded):
                acts.object_to_disposition(**objection, actor=commenting.speaker("EXP"))
        after_the_round(commenting)
        with refused(refusals.NotWithoutObjection):
            prepare(commenting, "A-01")
        prepare(commenting)
        assert commenting.amendment("A-01").is_undecided

    def test_never_adds_or_deletes_a_clause(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1", kind=Amendment.Kind.DELETE_CLAUSE)
        commenting.conclude("A-01", "accepted")
        after_the_round(commenting)
        with refused(refusals.NotDecidedBySummary):
            prepare(commenting, "A-01")
        commenting.conclude("A-01", "accepted_partly")
        prepare(commenting, "A-01")
        assert commenting.clause("2.1").state == Clause.State.DISPUTED

    def test_a_rejected_parent_takes_its_sub_amendment_with_it(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed(
            "A-02", kind=Amendment.Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01")
        )
        commenting.conclude("A-01", "rejected")
        commenting.summarise("A-01")
        assert commenting.amendment("A-01").disposition == Disposition.REJECTED
        assert commenting.amendment("A-02").disposition == Disposition.ABSORBED

    def test_is_prepared_once(self, table: Table) -> None:
        with refused(refusals.WrongState):
            prepare(table)

    def test_takes_only_its_own_rows(self, commenting: Table, table: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.conclude("A-01")
        after_the_round(commenting)
        table.matter.refresh_from_db()
        with refused(refusals.WrongState):
            prepare(table, matter=table.matter)
        with refused(refusals.ForeignRow):
            stranger = Amendment(pk=10**9)
            prepare(commenting, without_objection=[stranger])
