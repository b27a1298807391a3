"""The database refuses what the services refuse: raw SQL is tried on every guard.

Guards that look at another table are tried on two connections: the second act waits for the
first to commit, and then sees what it did.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction

import negotiation.services as acts
from negotiation.models import (
    Amendment,
    CommentSummary,
    Matter,
    Position,
    Question,
    Wording,
)
from tests.negotiation.table import Table, build_table, circulated, negotiating
from tests.negotiation.traces import database_refuses, sql, while_uncommitted
from tests.world import chosen_time


class TestFrozenRows:
    @pytest.fixture
    def full(self, commenting: Table) -> Table:
        amendment = commenting.filed("A-01", "2.1")
        commenting.summarise()
        commenting.lay("2.1", 60, amendments=[amendment])
        commenting.say("2.1", "PUB")
        question = commenting.ask(commenting.meeting(), "2.1", amendments=["A-01"])
        assert question.wordings.count() == 1
        with chosen_time():
            acts.add_remark(
                clause=commenting.clause("2.1"),
                text="Реплика.",
                actor=commenting.secretary,
                at=commenting.now(),
            )
            acts.write_in_room(
                side=commenting.world.sides["PUB"],
                matter=commenting.matter,
                text="Между нами.",
                actor=commenting.world.people["PUB-3"],
                at=commenting.now(),
            )
        return commenting

    @pytest.mark.parametrize(
        ("table", "column", "constraint"),
        [
            ("wording", "text_ru", "a_wording_never_changes"),
            ("revision", "label", "a_revision_never_changes"),
            ("position", "stance", "a_position_is_only_followed_by_another"),
            ("remark", "text", "a_remark_never_changes"),
            ("roommessage", "text", "a_room_message_never_changes"),
            ("commentsummary", "sha256", "a_summary_is_frozen"),
            ("question", "basis", "a_question_never_changes"),
        ],
    )
    def test_refuse_to_be_changed_or_deleted(
        self, full: Table, table: str, column: str, constraint: str
    ) -> None:
        with database_refuses(constraint):
            sql(f"UPDATE negotiation_{table} SET {column} = 'x'")
        with database_refuses(constraint):
            sql(f"DELETE FROM negotiation_{table}")

    @pytest.mark.parametrize("table", ["questionwording", "questionamendment"])
    def test_b2_a_question_keeps_its_rows(self, full: Table, table: str) -> None:
        with database_refuses("a_question_is_frozen_when_its_ballot_opens"):
            sql(f"UPDATE negotiation_{table} SET position = 7")
        with database_refuses("a_question_is_frozen_when_its_ballot_opens"):
            sql(f"DELETE FROM negotiation_{table}")

    @pytest.mark.parametrize("table", ["matter", "clause", "amendment", "round", "section"])
    def test_nothing_is_deleted(self, full: Table, table: str) -> None:
        with pytest.raises(IntegrityError, match="are kept as they are"), transaction.atomic():
            sql(f"DELETE FROM negotiation_{table}")

    def test_hold_against_bulk_updates(self, full: Table) -> None:
        for model in (Wording, Position, CommentSummary):
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.update(uid=uuid4())


class TestOneTable:
    def test_an_objection_carries_a_reason(self, table: Table) -> None:
        clause, side = table.clause("2.1"), table.world.sides["EMP"]
        with database_refuses("an_objection_carries_a_reason"):
            Position.objects.create(
                clause=clause,
                side=side,
                wording=clause.on_the_table,
                stance="object",
                taken_by=table.speaker("EMP"),
                taken_at=table.now(),
                evidence={},
            )

    def test_b9_a_disposition_has_its_ground_and_is_made_once(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        with database_refuses("only_a_closed_amendment_has_a_disposition_and_with_a_ground"):
            sql("UPDATE negotiation_amendment SET disposition = 'accepted'")
        commenting.conclude("A-01", "rejected")
        commenting.summarise("A-01")
        with database_refuses("a_disposition_is_made_once"):
            sql("UPDATE negotiation_amendment SET disposition = 'accepted'")

    def test_a_filed_proposal_keeps_its_words(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        for column in ("proposal_ru", "reason_ru", "code"):
            with database_refuses("a_filed_proposal_keeps_its_words"):
                sql(f"UPDATE negotiation_amendment SET {column} = 'другое'")

    def test_b12_a_mirror_takes_neither_a_wording_nor_an_amendment(self, commenting: Table) -> None:
        mirror, other = commenting.clause("1.1"), commenting.clause("2.1")
        with database_refuses("a_federal_mirror_is_never_negotiated"):
            sql(
                "UPDATE negotiation_clause SET tabled_wording_id = %s WHERE id = %s",
                other.current_wording_id,
                mirror.pk,
            )
        with database_refuses("a_federal_mirror_keeps_its_wording"):
            sql(
                "UPDATE negotiation_clause SET current_wording_id = %s WHERE id = %s",
                other.current_wording_id,
                mirror.pk,
            )
        with database_refuses("a_federal_mirror_keeps_its_wording"):
            sql(
                "UPDATE negotiation_clause SET origin = 'negotiated', state = 'draft'"
                " WHERE id = %s",
                mirror.pk,
            )
        commenting.file("A-51", "1.1")
        with database_refuses("a_federal_mirror_takes_no_amendment"):
            sql("UPDATE negotiation_amendment SET state = 'admitted'")

    def test_b1_the_charter_of_a_matter_is_pinned(self, table: Table) -> None:
        with database_refuses("the_charter_of_an_open_matter_is_pinned"):
            sql("UPDATE negotiation_matter SET charter_version_id = NULL, opened_at = NULL")

    def test_only_its_seats_write_in_a_room(self, table: Table) -> None:
        with database_refuses("only_its_seats_write_in_the_room_of_a_side"):
            sql(
                "INSERT INTO negotiation_roommessage"
                " (uid, side_id, matter_id, author_id, text, written_at)"
                " VALUES (gen_random_uuid(), %s, %s, %s, 'Я чужой.', %s)",
                table.world.sides["PUB"].pk,
                table.matter.pk,
                table.speaker("EMP").pk,
                table.now(),
            )


class TestDecisionsComeFromBallots:
    def test_b5_no_clause_is_agreed_without_one(self, table: Table) -> None:
        meeting = table.meeting()
        failed = table.fail(meeting, "2.2")
        agreed = table.agree(meeting, "2.1")
        for ballot in (failed, agreed):
            with database_refuses("a_clause_is_agreed_by_a_ballot_on_its_wording"):
                sql(
                    "UPDATE negotiation_clause SET state = 'agreed', agreed_in_id = %s,"
                    " tabled_wording_id = NULL WHERE id = %s",
                    ballot.pk,
                    table.clause("2.2").pk,
                )

    def test_b2_an_agreed_clause_keeps_its_wording(self, table: Table) -> None:
        table.agree(table.meeting(), "2.1")
        with database_refuses("an_agreed_clause_keeps_its_wording"):
            sql(
                "UPDATE negotiation_clause SET current_wording_id = %s WHERE id = %s",
                table.clause("2.2").current_wording_id,
                table.clause("2.1").pk,
            )

    def test_no_text_is_adopted_without_a_vote_on_the_whole(self, table: Table) -> None:
        ballot = table.agree(table.meeting(), "2.1")
        with database_refuses("a_text_is_adopted_by_a_ballot_on_the_whole"):
            sql(
                "UPDATE negotiation_matter SET state = 'agreed_whole', decided_in_id = %s"
                " WHERE id = %s",
                ballot.pk,
                table.matter.pk,
            )
        with database_refuses("an_agreed_matter_names_the_ballot_on_the_whole"):
            sql(
                "UPDATE negotiation_matter SET state = 'agreed_whole' WHERE id = %s",
                table.matter.pk,
            )

    def test_no_disagreement_is_settled_without_agreement(self, table: Table) -> None:
        failed = table.fail(table.meeting(), "2.1")
        with database_refuses("a_disagreement_is_settled_by_an_agreed_ballot"):
            sql(
                "UPDATE negotiation_disagreement SET state = 'settled', settled_in_id = %s",
                failed.pk,
            )

    def test_situation_14_the_text_of_an_open_ballot_does_not_move(self, table: Table) -> None:
        table.world.open_ballot(table.ask(table.meeting(), "2.1").ballot)
        with database_refuses("the_text_of_an_open_ballot_does_not_move"):
            sql(
                "UPDATE negotiation_clause SET tabled_wording_id = %s WHERE id = %s",
                table.clause("2.2").current_wording_id,
                table.clause("2.1").pk,
            )
        with database_refuses("a_question_is_frozen_when_its_ballot_opens"):
            question = Question.objects.get(ballot__state="open")
            sql(
                "INSERT INTO negotiation_questionwording"
                " (question_id, position, clause_id, wording_id) VALUES (%s, 9, %s, %s)",
                question.pk,
                table.clause("2.2").pk,
                table.clause("2.2").current_wording_id,
            )


class TestOpening:
    """Raw SQL opens a ballot only on a text that is ready."""

    def _open(self, table: Table, question: Question) -> None:
        sql(
            "UPDATE governance_ballot SET state = 'open', charter_version_id = %s, opened_at = %s"
            " WHERE id = %s",
            table.world.charter.pk,
            table.now(),
            question.ballot_id,
        )
        sql("SET CONSTRAINTS ALL IMMEDIATE")

    def test_b2_on_the_text_on_the_table(self, table: Table) -> None:
        question = table.ask(table.meeting(), "2.1")
        table.lay("2.1", 60)
        with database_refuses("a_ballot_opens_on_the_text_on_the_table"):
            self._open(table, question)

    def test_b9_with_every_amendment_to_the_clause_disposed_of(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.summarise()
        question = commenting.ask(commenting.meeting(), "2.1", amendments=["A-01"])
        self._admit_another(commenting, parent=None)
        with database_refuses("every_amendment_is_disposed_of_before_its_clause"):
            self._open(commenting, question)

    def test_b10_with_sub_amendments_decided(self, commenting: Table) -> None:
        parent = commenting.filed("A-01", "2.1")
        commenting.summarise()
        question = commenting.ask(commenting.meeting(), amendments=["A-01"], basis="amendment")
        self._admit_another(commenting, parent=parent)
        with database_refuses("a_sub_amendment_is_decided_before_its_amendment"):
            self._open(commenting, question)

    def test_b9_b11_with_the_whole_complete(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.conclude("A-01", "rejected")
        commenting.summarise("A-01")
        meeting = commenting.meeting()
        commenting.agree(meeting, "2.1", "2.2", "2.3", "2.4")
        question = commenting.ask_whole(meeting)
        sql(
            "UPDATE negotiation_clause SET state = 'disputed', agreed_in_id = NULL WHERE id = %s",
            commenting.clause("2.1").pk,
        )
        sql(
            "INSERT INTO negotiation_clause (uid, document_id, number, position, kind, title_ru,"
            " title_en, origin, severable, state) SELECT gen_random_uuid(), document_id, '2.9',"
            " 99, 'clause', '', '', 'negotiated', true, 'draft' FROM negotiation_clause"
            " WHERE id = %s",
            commenting.clause("2.1").pk,
        )
        with database_refuses("only_a_severable_clause_is_left_out"):
            self._open(commenting, question)
        self._admit_another(commenting, parent=None)
        with database_refuses("every_amendment_is_disposed_of_before_the_whole"):
            self._open(commenting, question)

    def test_a_consultative_proposal_with_a_sponsor(self, commenting: Table) -> None:
        commenting.filed("A-01", "2.1")
        commenting.summarise()
        question = commenting.ask(commenting.meeting(), amendments=["A-01"], basis="amendment")
        alone = self._admit_another(commenting, parent=None, side=None)
        sql(
            "INSERT INTO negotiation_questionamendment (question_id, position, amendment_id)"
            " VALUES (%s, 2, %s)",
            question.pk,
            alone.pk,
        )
        with database_refuses("a_consultative_proposal_is_voted_with_a_sponsor"):
            self._open(commenting, question)

    def _admit_another(
        self, table: Table, *, parent: Amendment | None, side: Any = "own"
    ) -> Amendment:
        """Slip a proposal in past the services."""
        clause = table.clause("2.1")
        return Amendment.objects.create(
            code="A-99",
            matter=table.matter,
            round=table.matter.rounds.get(),
            clause=clause,
            kind="sub_amendment" if parent else "replace_text",
            parent=parent,
            side=table.world.sides["PUB"] if side == "own" else side,
            author=table.speaker("PUB"),
            base_wording=clause.on_the_table,
            proposal_ru="Иначе.",
            reason_ru="Так.",
            sha256="0" * 64,
            filed_at=table.now(),
            state="admitted",
        )


@pytest.mark.django_db(transaction=True)
class TestTwoConnections:
    def test_a_position_waits_for_the_wording_that_is_being_tabled(self) -> None:
        table = negotiating()
        clause, seen = table.clause("2.1"), table.clause("2.1").on_the_table
        position = (
            "INSERT INTO negotiation_position (uid, clause_id, side_id, wording_id, stance,"
            " reason_ru, reason_en, taken_by_id, taken_at, evidence)"
            " VALUES (gen_random_uuid(), %s, %s, %s, 'support', '', '', %s, %s, '{}')"
        )
        values = (
            clause.pk,
            table.world.sides["EMP"].pk,
            seen.pk,
            table.speaker("EMP").pk,
            table.now(),
        )
        laid, taken = while_uncommitted(
            lambda: table.lay("2.1", 60), lambda: sql(position, *values)
        )
        assert isinstance(laid, Wording)
        assert _name(taken) == "a_position_is_about_the_wording_on_the_table"

    def test_a_row_for_a_question_waits_for_the_ballot_that_is_being_opened(self) -> None:
        table = negotiating()
        question, clause = table.ask(table.meeting(), "2.1"), table.clause("2.2")
        row = (
            "INSERT INTO negotiation_questionwording (question_id, position, clause_id,"
            " wording_id) VALUES (%s, 9, %s, %s)"
        )
        opened, added = while_uncommitted(
            lambda: table.world.open_ballot(question.ballot),
            lambda: sql(row, question.pk, clause.pk, clause.current_wording_id),
        )
        assert opened.state == "open"
        assert _name(added) == "a_question_is_frozen_when_its_ballot_opens"

    def test_a_wording_waits_for_the_ballot_that_is_being_opened(self) -> None:
        table = negotiating()
        question, clause = table.ask(table.meeting(), "2.1"), table.clause("2.1")
        other = table.clause("2.2").current_wording_id
        opened, moved = while_uncommitted(
            lambda: table.world.open_ballot(question.ballot),
            lambda: sql(
                "UPDATE negotiation_clause SET tabled_wording_id = %s WHERE id = %s",
                other,
                clause.pk,
            ),
        )
        assert opened.state == "open"
        assert _name(moved) == "the_text_of_an_open_ballot_does_not_move"

    def test_a_ballot_waits_for_the_wording_that_is_being_tabled(self) -> None:
        table = negotiating()
        question = table.ask(table.meeting(), "2.1")
        at = table.now()
        laid, opened = while_uncommitted(
            lambda: table.lay("2.1", 60),
            lambda: sql(
                "UPDATE governance_ballot SET state = 'open', charter_version_id = %s,"
                " opened_at = %s WHERE id = %s",
                table.world.charter.pk,
                at,
                question.ballot_id,
            ),
        )
        assert isinstance(laid, Wording)
        assert _name(opened) == "a_ballot_opens_on_the_text_on_the_table"

    def test_an_amendment_waits_for_the_clause_that_becomes_a_mirror(self) -> None:
        table = build_table()
        table.enter()
        clause = table.clause("2.1")
        matter = Matter.objects.get(pk=table.matter.pk)
        charter = table.world.charter
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO negotiation_revision (uid, document_id, label, sha256, issued_at,"
                " note_ru, note_en) VALUES (gen_random_uuid(), %s, '0', '', now(), '', '')"
                " RETURNING id",
                [clause.document_id],
            )
            (revision,) = cursor.fetchone()
            cursor.execute(
                "INSERT INTO negotiation_round (uid, matter_id, number, revision_id, opens_at,"
                " closes_at, sub_amendments_until) VALUES (gen_random_uuid(), %s, 1, %s, now(),"
                " now() + interval '1 day', now() + interval '1 day') RETURNING id",
                [matter.pk, revision],
            )
            (round_id,) = cursor.fetchone()
        assert charter is not None

        def mirror() -> None:
            sql(
                "UPDATE negotiation_clause SET origin = 'federal_mandatory', state = 'mirrored'"
                " WHERE id = %s",
                clause.pk,
            )

        def amend() -> None:
            Amendment.objects.create(
                code="A-01",
                matter=matter,
                round_id=round_id,
                clause=clause,
                kind="replace_text",
                side=table.world.sides["PUB"],
                author=table.speaker("PUB"),
                proposal_ru="Иначе.",
                reason_ru="Так.",
                sha256="0" * 64,
                filed_at=table.now(),
                state="admitted",
            )

        _mirrored, amended = while_uncommitted(mirror, amend)
        assert _name(amended) == "a_federal_mirror_takes_no_amendment"

    def test_two_withdrawals_at_once_are_one(self) -> None:
        table = circulated()
        table.filed("A-01", "2.1")

        def withdraw() -> Amendment:
            with chosen_time():
                return acts.withdraw_amendment(
                    amendment=table.amendment("A-01"),
                    reason_ru="Снимаем.",
                    actor=table.world.people["PUB-2"],
                    at=table.world.now,
                )

        first, second = while_uncommitted(withdraw, withdraw)
        assert isinstance(first, Amendment)
        assert getattr(second, "code", "") == "amendment_closed"


def _name(refusal: Any) -> str:
    """Return the constraint by which the database refused."""
    assert isinstance(refusal, IntegrityError), refusal
    return str(refusal.__cause__.diag.constraint_name)


def test_the_guards_can_be_undone_and_put_back(db: None) -> None:
    operations = [
        operation
        for name in (
            "0002_frozen_rows",
            "0003_clauses_and_ballots",
            "0004_amendments_and_questions",
        )
        for operation in import_module(f"negotiation.migrations.{name}").Migration.operations
    ]
    before = _guards()
    sql("SET LOCAL ROLE NONE")
    for operation in reversed(operations):
        sql(operation.reverse_sql)
    assert before
    assert not _guards()
    for operation in operations:
        sql(operation.sql)
    assert _guards() == before


def _guards() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE p.proname LIKE 'negotiation\\_%'"
        )
        return {name for (name,) in cursor.fetchall()}
