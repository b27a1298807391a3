"""Traps that other systems fell into, at the text negotiated. `docs/traps.md` has the list."""

import negotiation.services as acts
from governance.domain.rows import Row
from negotiation import refusals, selectors
from negotiation.domain.positions import Cell
from negotiation.models import Amendment, Clause, Position, Remark, Round
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time

Kind, Disposition = Amendment.Kind, Amendment.Disposition


def test_trap_08_a_draft_begun_in_time_is_late_when_it_is_handed_in_late(
    commenting: Table,
) -> None:
    ends = Round.objects.get(matter=commenting.matter).closes_at
    commenting.world.now = ends
    with refused(refusals.CommentsAreOver):
        commenting.file("A-01", "2.1", at=ends)
    assert not Amendment.objects.filter(matter=commenting.matter).exists()


def test_trap_10_a_second_acceptance_does_not_overwrite_the_first(commenting: Table) -> None:
    words = "Слова «50 процентов» заменить словами «{}»."
    commenting.filed("A-01", "2.1", proposal_ru=words.format(70))
    commenting.filed("A-02", "2.1", proposal_ru=words.format(30))
    commenting.summarise()
    meeting = commenting.meeting()
    first = commenting.hold(commenting.ask(meeting, amendments=["A-01"], basis="amendment"))

    for code in ("A-01", "A-02"):
        with refused(refusals.NegotiationRefused):
            commenting.ask(meeting, amendments=[code], basis="amendment")
    won, lost = commenting.amendment("A-01"), commenting.amendment("A-02")
    assert (won.disposition, won.decided_in) == (Disposition.ACCEPTED, first)
    assert (lost.disposition, lost.decided_in) == (Disposition.ABSORBED, first)
    assert lost.disposition_reason_ru
    # Once the clause is agreed, its words are not agreed a second time.
    agreed = commenting.lay("2.1", 70)
    commenting.agree(meeting, "2.1")
    with refused(refusals.ClauseIsLocked):
        commenting.lay("2.1", 30)
    assert commenting.clause("2.1").current_wording == agreed


def test_trap_13_a_clause_on_which_all_have_voted_is_not_agreed_for_that(table: Table) -> None:
    ballot = table.fail(table.meeting(), "2.1")

    voted = {Row(**row).vote for row in ballot.decision.rows}
    assert voted == {"yes", "no"}
    assert ballot.decision.result == "not_agreed"
    clause = table.clause("2.1")
    assert (clause.state, clause.agreed_in) == (Clause.State.NOT_AGREED, None)


def test_trap_25_what_was_said_stays_when_the_words_change(table: Table) -> None:
    with chosen_time():
        remark = acts.add_remark(
            clause=table.clause("2.1"),
            text="Станков не хватит.",
            side=table.world.sides["EMP"],
            actor=table.speaker("EMP"),
            at=table.now(),
        )
    said = table.say("2.1", "EMP", "object", reason_ru="Не хватает станков.")
    table.lay("2.1", 60)

    clause = table.clause("2.1")
    assert list(Remark.objects.filter(clause=clause)) == [remark]
    assert list(Position.objects.filter(clause=clause)) == [said]
    [cell] = [cell for cell in selectors.row_of(clause).cells if cell.side.code == "EMP"]
    # Still in sight, with its reason, and marked as said of other words.
    assert (cell.shown, cell.position) == (Cell.STALE, said)


def test_trap_26_nothing_amends_what_is_withdrawn(commenting: Table) -> None:
    commenting.filed("A-01", "2.1")
    with chosen_time():
        acts.withdraw_amendment(
            amendment=commenting.amendment("A-01"),
            reason_ru="Передумали.",
            actor=commenting.world.people["PUB-2"],
            at=commenting.now(),
        )
    with refused(refusals.AmendmentIsClosed):
        commenting.file("A-02", kind=Kind.SUB_AMENDMENT, parent=commenting.amendment("A-01"))
    with refused(refusals.WrongAmendmentState):
        commenting.conclude("A-01")
