"""What pages ask, and how few queries it takes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import negotiation.services as acts
from negotiation import selectors
from negotiation.domain.positions import Cell
from negotiation.models import Clause, Matter, Revision
from tests.negotiation.table import MIRROR, Table, build_table, frame, negotiated
from tests.world import chosen_time

MOST_QUERIES = 9


def queries(ask: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        ask()
    return len(captured)


@pytest.fixture
def long_table(db: None) -> Table:
    """Return a table of 43 clauses and four sides, with positions and amendments on it."""
    table = build_table()
    table.open()
    table.enter(
        [
            frame(Clause.Kind.PREAMBLE),
            MIRROR,
            *(negotiated(f"2.{number}") for number in range(1, 43)),
        ]
    )
    table.circulate()
    for number in range(1, 6):
        table.filed(f"A-0{number}", f"2.{number}")
    table.summarise()
    for number in range(1, 9):
        for side in ("EMP", "PUB", "EXP"):
            table.say(f"2.{number}", side)
    table.agree(table.meeting(), "2.7", "2.8")
    return table


class TestTheTable:
    def test_takes_as_many_queries_for_43_clauses_as_for_six(self, long_table: Table) -> None:
        matter = Matter.objects.get(pk=long_table.matter.pk)
        read: list[Any] = []

        def ask() -> None:
            shown = selectors.table(matter)
            for row in shown.rows:
                read.extend((str(row.clause), row.wording.text_ru, row.clause.section))
                read.extend((str(cell.side), cell.position, cell.shown) for cell in row.cells)
                read.extend(cell.position.taken_by.name_ru for cell in row.cells if cell.position)
                read.extend((row.blocking, row.disagreement, row.open_ballot))
                read.append(row.clause.agreed_in and row.clause.agreed_in.code)

        assert queries(ask) <= MOST_QUERIES
        assert len([row for row in selectors.table(matter).rows if row.clause.number]) == 43

    def test_shows_who_blocks_and_what_waits(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.summarise()
        commenting.say("2.1", "EMP")
        commenting.say("2.1", "PUB", "object")
        commenting.approve_inside("2.1", "support_with_reservation")
        commenting.say("2.1", "MIN", "support_with_reservation")
        shown = selectors.table(commenting.matter)
        row = next(row for row in shown.rows if row.clause.number == "2.1")
        assert {cell.side.code: cell.shown for cell in row.cells} == {
            "MIN": Cell.SUPPORTS_WITH_RESERVATION,
            "EMP": Cell.SUPPORTS,
            "PUB": Cell.OBJECTS,
            "EXP": Cell.SILENT,
        }
        assert [cell.side.code for cell in row.blocking] == ["PUB", "EXP"]
        assert (row.amendments, row.undecided) == (1, ("A-01",))
        assert selectors.row_of(commenting.clause("2.1")).blocking == row.blocking

    def test_b6_silence_is_never_consent(self, table: Table) -> None:
        row = selectors.row_of(table.clause("2.1"))
        assert not row.is_undisputed
        assert len(row.blocking) == 4
        table.approve_inside("2.1", "support")
        for side in ("MIN", "EMP", "PUB"):
            table.say("2.1", side)
        assert not selectors.row_of(table.clause("2.1")).is_undisputed
        table.say("2.1", "EXP")
        assert selectors.row_of(table.clause("2.1")).is_undisputed

    def test_locks_what_is_agreed_and_shows_what_is_under_vote(self, table: Table) -> None:
        meeting = table.meeting()
        table.agree(meeting, "2.1")
        table.fail(meeting, "2.2")
        running = table.world.open_ballot(table.ask(meeting, "2.3").ballot)
        shown = selectors.table(table.matter)
        rows = {row.clause.number: row for row in shown.rows}
        assert rows["2.1"].is_locked
        assert not rows["2.1"].blocking
        assert rows["2.2"].disagreement.code == "D-01"
        assert rows["2.3"].open_ballot == running
        assert rows["1.1"].cells == ()
        assert shown.agreed == 1
        assert [group.section and group.section.number for group in shown.groups] == [
            None,
            "1",
            "2",
        ]


class TestAwaiting:
    def test_a_side_owes_a_word_on_what_it_has_not_seen(self, table: Table) -> None:
        side = table.world.sides["EMP"]

        def owed() -> list[str]:
            clauses = selectors.clauses_awaiting(side).filter(document__matter=table.matter)
            return [clause.number for clause in clauses]

        assert owed() == ["2.1", "2.2", "2.3", "2.4"]
        table.say("2.1", "EMP")
        table.agree(table.meeting(), "2.4")
        assert owed() == ["2.2", "2.3"]
        table.lay("2.1", 60)
        assert owed() == ["2.1", "2.2", "2.3"]


class TestHistory:
    def test_tells_everything_about_a_clause(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.filed("A-02", "2.2")
        commenting.summarise()
        commenting.say("2.1", "EMP")
        commenting.fail(commenting.meeting(), "2.1", amendments=["A-01"])
        types = [entry.type for entry in selectors.history(commenting.clause("2.1"))]
        assert types == [
            "negotiation.amendment_filed",
            "negotiation.amendment_admitted",
            "negotiation.disposition_proposed",
            "negotiation.position_taken",
            "negotiation.clause_not_agreed",
            "negotiation.disagreement_raised",
            "negotiation.amendment_sent_to_conciliation",
        ]

    def test_shows_wordings_with_who_asked_for_them(self, commenting: Table) -> None:
        amendment = commenting.filed("A-01", "2.1")
        commenting.summarise()
        commenting.lay("2.1", 60, amendments=[amendment])
        first, second = selectors.wordings_of(commenting.clause("2.1"))
        assert first.origin == "draft"
        assert [source.amendment.code for source in second.sources.all()] == ["A-01"]

    def test_compares_two_revisions(self, table: Table) -> None:
        table.lay("2.1", 60)
        with chosen_time():
            after = acts.issue_revision(
                matter=table.matter, label="0.6", actor=table.secretary, at=table.now()
            )
        before = Revision.objects.get(document__matter=table.matter, label="0.5")
        ((clause, old, new),) = selectors.differences(before, after)
        assert clause.number == "2.1"
        assert ("50" in old.text_ru, "60" in new.text_ru) == (True, True)


def test_a_list_counts_what_is_agreed(table: Table) -> None:
    meeting = table.meeting()
    table.agree(meeting, "2.1", "2.2")
    table.fail(meeting, "2.3")
    matter = Matter.objects.with_progress().get(pk=table.matter.pk)
    assert (matter.clauses_total, matter.clauses_agreed, matter.clauses_not_agreed) == (5, 3, 1)
    assert queries(lambda: list(Matter.objects.with_progress())) == 1
