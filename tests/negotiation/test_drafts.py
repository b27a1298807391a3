"""Registering a matter, entering its draft, and sending it out."""

import pytest
from django.core.exceptions import ValidationError

import negotiation.services as acts
from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import day_of, end_of_day
from governance.services import add_side, appoint, create_body
from negotiation import refusals
from negotiation.models import Clause, Matter, Revision, Wording
from tests.negotiation.table import DRAFT, SECTIONS, Table, build_table, frame, negotiated
from tests.negotiation.traces import refused
from tests.world import PROCEDURE, build_world, chosen_time


class TestRegistering:
    def test_is_done_by_whoever_negotiates_for_the_initiator(self, registered: Table) -> None:
        assert registered.matter.state == Matter.State.REGISTERED
        entry = Entry.objects.of_subject(registered.matter).get()
        assert entry.type == "negotiation.matter_registered"
        assert entry.facts["initiator_side"] == str(registered.world.sides["EMP"].uid)
        assert entry.authority["seat"] == str(registered.world.seats["EMP-1"].uid)

    def test_is_refused_to_another_side(self, registered: Table) -> None:
        world = registered.world
        proposal = {
            "body": world.body,
            "code": "LT-8",
            "title_ru": "Требования",
            "title_en": "",
            "legal_basis": Matter.LegalBasis.NETWORK_AGREEMENT,
            "initiator_side": world.sides["EMP"],
            "at": world.later(),
        }
        with chosen_time(), refused(NotAuthorised):
            acts.register_matter(**proposal, actor=world.people["PUB-1"])
        with chosen_time():
            acts.register_matter(**proposal, actor=world.people["EMP-2"])

    def test_needs_a_title_and_a_free_code(self, registered: Table) -> None:
        with chosen_time(), refused(ValidationError) as caught:
            acts.register_matter(
                body=registered.world.body,
                code=registered.matter.code,
                title_ru=" ",
                title_en="",
                legal_basis=Matter.LegalBasis.FOUNDER_ORDER,
                initiator_side=None,
                actor=registered.secretary,
                at=registered.now(),
            )
        assert set(caught.value.message_dict) == {"code", "title_ru"}


class TestOpening:
    def test_b1_pins_the_charter_in_force_on_the_day(self, registered: Table) -> None:
        registered.open()
        assert registered.matter.charter_version == registered.world.charter
        with chosen_time(), refused(refusals.WrongState):
            acts.open_matter(
                matter=registered.matter,
                actor=registered.world.coordinator,
                at=registered.now(),
            )

    def test_needs_a_side_that_proposes(self, registered: Table) -> None:
        world = registered.world
        with chosen_time():
            orphan = acts.register_matter(
                body=world.body,
                code="LT-9",
                title_ru="Требования",
                title_en="",
                legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
                initiator_side=None,
                actor=world.secretary,
                at=world.later(),
            )
        with chosen_time(), refused(refusals.MatterHasNoInitiator):
            acts.open_matter(matter=orphan, actor=world.coordinator, at=world.later())

    def test_needs_a_charter_in_force(self, registered: Table) -> None:
        world, at = registered.world, registered.now()
        with chosen_time():
            body = create_body(
                code="BODY-3",
                kind="negotiation_table",
                name_ru="Комиссия без регламента",
                name_en="A commission without a charter",
                actor=world.administrator,
                at=at,
            )
            side = add_side(
                body=body, code="A", name_ru="А", name_en="A", actor=world.administrator, at=at
            )
            appoint(
                body=body,
                person=world.secretary,
                role="secretary",
                basis_ru="решение",
                basis_en="decision",
                valid_from=at.date(),
                actor=world.administrator,
                at=at,
            )
            matter = acts.register_matter(
                body=body,
                code="LT-7",
                title_ru="Требования",
                title_en="",
                legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
                initiator_side=side,
                actor=world.secretary,
                at=at,
            )
            with refused(refusals.NoCharterInForce):
                acts.open_matter(matter=matter, actor=world.secretary, at=at)

    def test_is_not_for_the_sides(self, registered: Table) -> None:
        with chosen_time(), refused(NotAuthorised):
            acts.open_matter(
                matter=registered.matter,
                actor=registered.speaker("EMP"),
                at=registered.now(),
            )


class TestEntering:
    def test_keeps_order_kinds_and_digests(self, registered: Table) -> None:
        registered.enter()
        clauses = Clause.objects.of_matter(registered.matter).in_order()
        assert [clause.number for clause in clauses] == [
            "",
            "1.1",
            "2.1",
            "2.2",
            "2.3",
            "2.4",
            "10.1",
        ]
        mirror, clause = registered.clause("1.1"), registered.clause("2.1")
        assert mirror.state == Clause.State.MIRRORED
        assert clause.state == Clause.State.DRAFT
        assert clause.draft_wording == clause.current_wording
        assert clause.current_wording.is_translated
        assert len(clause.current_wording.sha256) == 64

    def test_refuses_a_second_draft_and_a_number_twice(self, registered: Table) -> None:
        with refused(refusals.NumberIsTaken):
            registered.enter([negotiated("2.1"), negotiated("2.1")])
        registered.enter()
        with refused(refusals.DraftAlreadyEntered):
            registered.enter()

    def test_refuses_a_clause_without_a_russian_text(self, registered: Table) -> None:
        empty = acts.DraftClause(number="2.1", text_ru="  \n ", severable=True)
        with refused(ValidationError):
            registered.enter([empty])

    def test_refuses_terms_with_a_float(self, registered: Table) -> None:
        clause = acts.DraftClause(
            number="2.1",
            text_ru="Не менее 33,33 процента.",
            severable=True,
            terms={"indicators": [{"threshold": 33.33}]},
        )
        with refused(refusals.TermsAreNotExact):
            registered.enter([clause])

    def test_refuses_a_paste_of_ten_megabytes(self, registered: Table) -> None:
        clause = acts.DraftClause(number="2.1", text_ru="ы" * 5_000_000, severable=True)
        with refused(refusals.TooLong):
            registered.enter([clause])

    def test_keeps_hostile_text_as_text(self, registered: Table) -> None:
        hostile = "<script>alert('1')</script>\u202e\x00 пункт"
        registered.enter([acts.DraftClause(number="2.1", text_ru=hostile, severable=True)])
        text = registered.clause("2.1").current_wording.text_ru
        assert text == "<script>alert('1')</script> пункт"

    def test_is_for_the_secretary(self, registered: Table) -> None:
        with chosen_time(), refused(NotAuthorised):
            acts.enter_draft(
                matter=registered.matter,
                sections=SECTIONS,
                clauses=DRAFT,
                actor=registered.speaker("MIN"),
                at=registered.now(),
            )


class TestEditingADraft:
    def test_adds_a_clause_after_another(self, registered: Table) -> None:
        registered.enter()
        with chosen_time():
            acts.add_draft_clause(
                matter=registered.matter,
                clause=negotiated("2.1.1"),
                after=registered.clause("2.1"),
                actor=registered.secretary,
                at=registered.now(),
            )
        numbers = [c.number for c in Clause.objects.of_matter(registered.matter).in_order()]
        assert numbers[2:5] == ["2.1", "2.1.1", "2.2"]

    def test_begins_clause_by_clause_from_nothing(self, registered: Table) -> None:
        act = {"actor": registered.secretary, "at": registered.now()}
        with chosen_time():
            acts.add_draft_section(matter=registered.matter, section=SECTIONS[1], **act)
            acts.add_draft_clause(matter=registered.matter, clause=negotiated("2.1"), **act)
        assert registered.clause("2.1").section.number == "2"

    def test_rewrites_a_clause_and_keeps_the_former_wording(self, registered: Table) -> None:
        registered.enter()
        clause = registered.clause("2.1")
        with chosen_time():
            acts.rewrite_draft_clause(
                clause=clause,
                draft=negotiated("2.1", 70),
                actor=registered.secretary,
                at=registered.now(),
            )
        assert "70" in registered.clause("2.1").draft_wording.text_ru
        assert Wording.objects.filter(clause=clause).count() == 2

    def test_removes_a_clause(self, registered: Table) -> None:
        registered.enter()
        remove = {"actor": registered.secretary, "at": registered.now()}
        with chosen_time():
            acts.remove_draft_clause(clause=registered.clause("2.4"), **remove)
            acts.remove_draft_clause(clause=registered.clause("1.1"), **remove)
        assert registered.clause("2.4").state == Clause.State.DELETED
        with chosen_time(), refused(refusals.ClauseIsLocked):
            acts.remove_draft_clause(clause=registered.clause("2.4"), **remove)

    def test_ends_with_circulation(self, commenting: Table) -> None:
        edit = {"actor": commenting.secretary, "at": commenting.now()}
        with chosen_time():
            with refused(refusals.WrongState):
                acts.add_draft_clause(matter=commenting.matter, clause=negotiated("2.9"), **edit)
            with refused(refusals.WrongState):
                acts.rewrite_draft_clause(
                    clause=commenting.clause("2.1"), draft=negotiated("2.1", 60), **edit
                )
            with refused(refusals.WrongState):
                acts.remove_draft_clause(clause=commenting.clause("2.1"), **edit)


class TestCirculating:
    def test_issues_a_revision_and_opens_a_round(self, registered: Table) -> None:
        registered.open()
        registered.enter()
        until = day_of(registered.world.now).replace(month=3, day=18)
        round_ = registered.circulate(comments_until=until, sub_amendments_until=until)
        assert registered.matter.state == Matter.State.IN_CIRCULATION
        assert round_.closes_at == end_of_day(until)
        revision = Revision.objects.get(document__matter=registered.matter)
        assert revision.label == "0.5"
        assert revision.entries.count() == len(DRAFT)

    def test_c4_moves_a_deadline_from_a_holiday_to_the_next_working_day(
        self, registered: Table
    ) -> None:
        registered.open()
        registered.enter()
        saturday = day_of(registered.world.now).replace(month=3, day=21)
        round_ = registered.circulate(comments_until=saturday, sub_amendments_until=saturday)
        assert round_.closes_at == end_of_day(saturday.replace(day=23))

    def test_waits_for_translations(self, registered: Table) -> None:
        registered.open()
        registered.enter(
            [acts.DraftClause(number="2.1", text_ru="Не менее 50 процентов.", severable=True)]
        )
        with refused(refusals.DraftIsNotReady) as caught:
            registered.circulate()
        assert "2.1" in str(caught.value)

    def test_waits_for_the_opening(self, registered: Table) -> None:
        registered.enter()
        with refused(refusals.WrongState):
            registered.circulate()

    def test_needs_a_draft(self, registered: Table) -> None:
        registered.open()
        with refused(refusals.NothingToCirculate):
            registered.circulate()

    def test_gives_as_many_working_days_as_the_charter_asks_for(self, registered: Table) -> None:
        registered.open()
        registered.enter()
        until = day_of(registered.world.now).replace(month=2, day=27)
        with refused(refusals.CommentPeriodTooShort) as caught:
            registered.circulate(comments_until=until, sub_amendments_until=until)
        assert caught.value.params == {"required": 20, "given": 18}

    def test_takes_sub_amendments_at_least_as_long_as_comments(self, registered: Table) -> None:
        registered.open()
        registered.enter()
        until = day_of(registered.world.now).replace(month=3, day=18)
        with refused(ValidationError):
            registered.circulate(comments_until=until, sub_amendments_until=until.replace(day=17))

    def test_refuses_a_year_without_a_calendar(self, registered: Table) -> None:
        registered.open()
        registered.enter()
        until = day_of(registered.world.now).replace(year=2031)
        with refused(refusals.CalendarIsNotKnown):
            registered.circulate(comments_until=until, sub_amendments_until=until)

    def test_shows_a_stale_translation(self, commenting: Table) -> None:
        wording = commenting.lay("2.1", 60, text_en=None)
        assert wording.translation_is_stale
        assert not wording.is_translated


class TestSeeing:
    def test_a_draft_is_the_tables_own_until_it_is_circulated(self, registered: Table) -> None:
        world, seen = registered.world, Matter.objects.visible_to
        head, stranger = world.heads[0], world.person("Stranger")
        assert registered.matter in seen(world.people["EXP-4"])
        assert registered.matter in seen(world.auditor)
        assert registered.matter not in seen(head)
        registered.open()
        registered.enter()
        registered.circulate()
        assert registered.matter in seen(head)
        assert registered.matter not in seen(stranger)


def test_a_charter_may_ask_for_no_comment_period(db: None) -> None:
    world = build_world(procedure={**PROCEDURE, "comment_working_days": 0})
    table = build_table(world)
    table.open()
    table.enter([frame(Clause.Kind.PREAMBLE), negotiated("2.1")])
    today = day_of(world.now)
    round_ = table.circulate(comments_until=today, sub_amendments_until=today)
    assert round_.closes_at == end_of_day(today)


@pytest.mark.parametrize("label", ["", " "])
def test_a_revision_needs_a_label(commenting: Table, label: str) -> None:
    with chosen_time(), refused(ValidationError):
        acts.issue_revision(
            matter=commenting.matter,
            label=label,
            actor=commenting.secretary,
            at=commenting.now(),
        )


def test_a_label_is_issued_once(commenting: Table) -> None:
    with chosen_time(), refused(refusals.LabelIsTaken):
        acts.issue_revision(
            matter=commenting.matter,
            label="0.5",
            actor=commenting.secretary,
            at=commenting.now(),
        )
