"""Positions, rooms and remarks: who speaks, where, and about which words."""

import pytest
from django.core.exceptions import ValidationError

import negotiation.services as acts
from audit.acts import NotAuthorised
from audit.models import Entry
from governance.services import vacate_seat
from negotiation import refusals, selectors
from negotiation.domain.positions import Cell
from negotiation.models import Position, RoomMessage
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import build_world, chosen_time


class TestTakingAPosition:
    def test_keeps_the_wording_seen_and_the_evidence(self, table: Table) -> None:
        position = table.say("2.1", "EMP", "support_with_reservation")
        assert position.wording == table.clause("2.1").on_the_table
        assert position.evidence["mandate"] == str(table.world.mandates["EMP-1"].uid)
        entry = Entry.objects.of_subject(position).get()
        assert entry.facts["stance"] == "support_with_reservation"
        assert entry.facts["sha256"] == position.wording.sha256

    def test_b2_is_refused_on_a_wording_that_is_gone(self, table: Table) -> None:
        seen = table.clause("2.1").on_the_table
        table.lay("2.1", 60)
        with refused(refusals.AnotherWordingIsOnTheTable):
            table.say("2.1", "EMP", wording=seen)

    def test_goes_stale_when_the_wording_changes(self, table: Table) -> None:
        table.say("2.1", "EMP")
        table.lay("2.1", 60)
        (cell,) = (c for c in selectors.row_of(table.clause("2.1")).cells if c.side.code == "EMP")
        assert cell.shown is Cell.STALE
        assert cell.blocks
        table.say("2.1", "EMP")
        (cell,) = (c for c in selectors.row_of(table.clause("2.1")).cells if c.side.code == "EMP")
        assert cell.shown is Cell.SUPPORTS

    def test_c5_is_followed_and_never_overwritten(self, table: Table) -> None:
        table.say("2.1", "EMP", "object")
        table.say("2.1", "EMP", "support")
        said = Position.objects.filter(clause=table.clause("2.1")).order_by("pk")
        assert [position.stance for position in said] == ["object", "support"]
        assert said.last_words().get().stance == "support"
        with refused(refusals.SamePosition):
            table.say("2.1", "EMP", "support")

    def test_an_objection_carries_a_reason(self, table: Table) -> None:
        with refused(ValidationError):
            table.say("2.1", "EMP", "object", reason_ru=" ")
        table.say("2.1", "EMP", "object", reason_ru="Не хватает станков.")

    def test_is_the_coordinators_word(self, table: Table) -> None:
        people = table.world.people
        for person in (people["EMP-3"], people["PUB-1"], table.secretary):
            with refused(NotAuthorised):
                table.say("2.1", "EMP", actor=person)

    def test_is_the_deputys_word_only_in_absence(self, table: Table) -> None:
        world = table.world
        with refused(NotAuthorised, "not_the_coordinator"):
            table.say("2.1", "EMP", actor=world.people["EMP-2"])
        with chosen_time():
            vacate_seat(
                seat=world.seats["EMP-1"],
                valid_to=world.now.date(),
                actor=world.secretary,
                at=table.now(),
            )
        assert table.say("2.1", "EMP", actor=world.people["EMP-2"]).side.code == "EMP"

    def test_is_not_for_mirrors_and_agreed_clauses(self, table: Table) -> None:
        with refused(refusals.ClauseIsAMirror):
            table.say("1.1", "EMP")
        table.agree(table.meeting(), "2.1")
        with refused(refusals.ClauseIsLocked):
            table.say("2.1", "EMP")

    def test_refuses_a_side_of_another_table(self, table: Table) -> None:
        other = build_world(code="BODY-2")
        clause = table.clause("2.1")
        with chosen_time(), refused(refusals.NotASideOfThisTable):
            acts.take_position(
                clause=clause,
                side=other.sides["EMP"],
                stance=Position.Stance.SUPPORT,
                wording=clause.on_the_table,
                reason_ru="",
                actor=other.people["EMP-1"],
                at=table.now(),
            )

    def test_waits_for_circulation(self, registered: Table) -> None:
        registered.enter()
        with refused(refusals.WrongState):
            registered.say("2.1", "EMP")


class TestASingleVoice:
    def test_speaks_only_after_the_inner_approval(self, table: Table) -> None:
        with refused(refusals.NoInnerApproval):
            table.say("2.1", "MIN")
        table.approve_inside("2.1", "support", "MIN-3")
        with refused(refusals.NoInnerApproval):
            table.say("2.1", "MIN")
        table.approve_inside("2.1", "support", "MIN-4")
        with refused(refusals.NoInnerApproval):
            table.say("2.1", "MIN", "object")
        assert table.say("2.1", "MIN").stance == "support"

    def test_is_approved_for_one_wording_only(self, table: Table) -> None:
        table.approve_inside("2.1", "support")
        table.lay("2.1", 60)
        with refused(refusals.NoInnerApproval):
            table.say("2.1", "MIN")
        table.approve_inside("2.1", "support")
        table.say("2.1", "MIN")

    def test_follows_the_last_word_of_each_member(self, table: Table) -> None:
        table.approve_inside("2.1", "support")
        table.approve_inside("2.1", "object", "MIN-4")
        with refused(refusals.NoInnerApproval):
            table.say("2.1", "MIN")


class TestTheRoom:
    def _write(self, table: Table, person: str, text: str = "Между нами.") -> RoomMessage:
        with chosen_time():
            return acts.write_in_room(
                side=table.world.sides["PUB"],
                matter=table.matter,
                clause=table.clause("2.1"),
                text=text,
                actor=table.world.people[person],
                at=table.now(),
            )

    def test_is_written_and_read_by_the_sides_seats_alone(self, table: Table) -> None:
        world = table.world
        with refused(NotAuthorised):
            self._write(table, "EMP-1")
        message = self._write(table, "PUB-3")

        def sees(person: object) -> bool:
            seen = RoomMessage.objects.visible_to(person, on=world.now.date())
            return message in seen

        assert all(sees(world.people[f"PUB-{number}"]) for number in range(1, 5))
        others = [
            *(world.people[f"{side}-1"] for side in ("MIN", "EMP", "EXP")),
            world.secretary,
            world.coordinator,
            world.auditor,
            world.administrator,
            world.heads[0],
        ]
        assert not any(sees(person) for person in others)

    def test_is_recorded_without_its_words_and_off_the_matters_stream(self, table: Table) -> None:
        message = self._write(table, "PUB-1", "Наш предел — 40 процентов.")
        entry = Entry.objects.of_subject(message).get()
        assert entry.stream == f"side:{table.world.sides['PUB'].uid}"
        assert "предел" not in bytes(entry.leaf).decode()

    def test_refuses_nothing_and_a_book(self, table: Table) -> None:
        with refused(refusals.NothingWritten):
            self._write(table, "PUB-1", " \n")
        with refused(refusals.TooLong):
            self._write(table, "PUB-1", "ы" * 10_000_000)

    def test_is_left_with_the_seat(self, table: Table) -> None:
        message, world = self._write(table, "PUB-3"), table.world
        leaver = world.people["PUB-4"]
        with chosen_time():
            vacate_seat(
                seat=world.seats["PUB-4"],
                valid_to=world.now.date(),
                actor=world.secretary,
                at=table.now(),
            )
        assert message not in RoomMessage.objects.visible_to(leaver, on=world.now.date())


class TestTheDiscussion:
    @pytest.mark.parametrize("who", ["EMP-3", "head", "secretary"])
    def test_is_open_to_all_who_take_part(self, table: Table, who: str) -> None:
        world = table.world
        person = {"head": world.heads[0], "secretary": world.secretary}.get(who)
        with chosen_time():
            remark = acts.add_remark(
                clause=table.clause("2.1"),
                text="Почему 50?",
                actor=person or world.people[who],
                at=table.now(),
            )
        assert remark.side is None

    def test_is_closed_to_others(self, table: Table) -> None:
        remark = {"clause": table.clause("2.1"), "text": "Я мимо.", "at": table.now()}
        with chosen_time():
            for person in (table.world.person("Stranger"), table.world.auditor):
                with refused(NotAuthorised):
                    acts.add_remark(**remark, actor=person)
            with refused(NotAuthorised):
                acts.add_remark(**remark, side=table.world.sides["MIN"], actor=table.speaker("EMP"))
