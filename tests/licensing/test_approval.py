"""From the vote on the whole to the order: the text is frozen, endorsed, approved or returned."""

from datetime import timedelta

import pytest

from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import day_of
from governance.models import Appointment
from governance.services import appoint
from licensing import acts, refusals, selectors, services
from licensing.models import ApprovalReturn, RequirementVersion, Visa, VisaRequest
from licensing.selectors import VisaStanding
from licensing.services.standing import NotTheOfficer, SpokeForASide
from negotiation.models import Matter
from tests.licensing.desk import Desk
from tests.licensing.traces import broken, refused, sql
from tests.world import chosen_time

State = RequirementVersion.State
OTHER_TEXT = "0" * 64


class TestSubmitting:
    def test_b2_the_version_has_the_text_and_the_digest_of_the_ballot(
        self, submitted: Desk
    ) -> None:
        version = submitted.version
        ballot = submitted.matter.decided_in

        assert version.adopted_in == ballot
        assert version.text_sha256 == ballot.text_sha256
        asked = ballot.question.wordings.select_related("wording", "clause").order_by("position")
        assert [
            (entry.clause.number, entry.wording.sha256, entry.wording.text_ru) for entry in asked
        ] == [
            (clause.number, clause.sha256, clause.text_ru)
            for clause in version.clauses.order_by("position")
        ]
        assert version.is_sealed

    def test_is_recorded_with_its_digest(self, submitted: Desk) -> None:
        entry = Entry.objects.get(type=acts.VERSION_SUBMITTED)
        assert entry.stream == submitted.matter.stream
        assert entry.facts["text_sha256"] == submitted.version.text_sha256
        assert entry.authority["role"] == "secretary"

    def test_c4_the_order_is_due_after_ten_working_days(self, submitted: Desk) -> None:
        version = submitted.version
        assert version.submitted_at is not None
        # Two weeks of five working days each, from the day in Krasnoyarsk, which is not counted.
        assert day_of(version.submitted_at).weekday() < 5
        assert version.decide_by == day_of(version.submitted_at) + timedelta(days=14)

    def test_asks_the_units_that_serve_on_the_day(self, submitted: Desk) -> None:
        asked = VisaRequest.objects.filter(version=submitted.version).order_by("unit__position")
        assert [request.unit for request in asked] == submitted.units

    def test_a_unit_founded_later_is_not_asked(self, submitted: Desk) -> None:
        with chosen_time():
            services.register_visa_unit(
                body=submitted.world.body,
                name_ru="Новый отдел",
                name_en="New unit",
                officer=submitted.world.person("Newcomer"),
                valid_from=submitted.world.now.date(),
                actor=submitted.world.secretary,
                at=submitted.now(),
            )
        assert len(selectors.approval_sheet(submitted.version)) == 2

    def test_leaves_out_what_was_not_agreed(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        for number in ("2.1", "2.2", "2.3"):
            desk.table.agree(meeting, number)
        desk.table.fail(meeting, "2.4")
        desk.table.hold(desk.table.ask_whole(meeting))
        version = desk.submit()

        assert version.completeness == RequirementVersion.Completeness.PARTLY
        assert version.excluded_clauses == ["2.4"]
        assert "2.4" not in set(version.clauses.values_list("number", flat=True))

    def test_is_refused_before_the_table_agreed(self, desk: Desk) -> None:
        with refused(refusals.MatterIsNotAgreed):
            desk.submit()

    def test_is_refused_twice_for_the_same_ballot(self, submitted: Desk) -> None:
        with refused(refusals.AlreadySubmitted):
            submitted.submit("1.1")

    def test_is_the_secretary_s(self, desk: Desk) -> None:
        desk.agree()
        with refused(NotAuthorised, "no_duty"):
            desk.submit(actor=desk.world.official)
        desk.submit()

    def test_b2_the_database_takes_no_other_text(self, submitted: Desk) -> None:
        version = submitted.version
        with broken("a_version_keeps_its_text_and_origin"):
            RequirementVersion.objects.filter(pk=version.pk).update(text_sha256=OTHER_TEXT)
        with broken("a_clause_of_a_version_never_changes"):
            sql(
                "UPDATE licensing_versionclause SET text_ru = 'иначе' WHERE version_id = %s",
                version.pk,
            )
        with broken("a_clause_of_a_version_never_changes"):
            sql("DELETE FROM licensing_versionclause WHERE version_id = %s", version.pk)
        with broken("a_sealed_version_takes_no_clause"):
            sql(
                "INSERT INTO licensing_versionclause (version_id, position, number, kind, origin,"
                " section_number, section_title_ru, section_title_en, title_ru, title_en, text_ru,"
                " text_en, terms, sha256) SELECT version_id, 99, '9.9', kind, origin, '', '', '',"
                " '', '', 'ещё', '', '{}', sha256 FROM licensing_versionclause"
                " WHERE version_id = %s LIMIT 1",
                version.pk,
            )
        with broken("a_version_keeps_its_text_and_origin"):
            sql("DELETE FROM licensing_requirementversion WHERE id = %s", version.pk)

    def test_b2_the_database_takes_no_version_of_a_text_that_was_not_voted(
        self, submitted: Desk
    ) -> None:
        copy = {
            field.attname: getattr(submitted.version, field.attname)
            for field in RequirementVersion._meta.concrete_fields
            if field.name not in {"id", "uid"}
        }
        forged = {**copy, "label": "2.0", "is_sealed": False, "text_sha256": OTHER_TEXT}
        with broken("a_version_is_the_text_that_was_voted"):
            RequirementVersion.objects.create(**forged)
        with broken("a_version_is_sealed_after_its_clauses"):
            RequirementVersion.objects.create(**{**copy, "label": "2.0"})
        submitted.endorse_all()
        submitted.approve()
        with broken("a_version_is_sealed_by_the_act_that_makes_it"):
            RequirementVersion.objects.create(**{**copy, "label": "2.0", "is_sealed": False})
        with broken("the_clauses_of_a_version_add_up_to_its_digest"):
            row = RequirementVersion.objects.create(**{**copy, "label": "2.0", "is_sealed": False})
            row.is_sealed = True
            row.save()


class TestVisas:
    def test_are_given_by_the_officers_of_the_units(self, submitted: Desk) -> None:
        for stranger in (submitted.officers[1], submitted.world.official):
            with refused(NotTheOfficer, "not_the_officer"):
                submitted.endorse(0, actor=stranger)
        visa = submitted.endorse(0)

        entry = Entry.objects.get(type=acts.VISA_GIVEN)
        assert entry.authority["unit"] == str(submitted.units[0].uid)
        assert entry.facts["text_sha256"] == visa.text_sha256 == submitted.version.text_sha256
        assert entry.facts["remark_sha256"] is None

    def test_situation_14_a_visa_is_for_the_text_that_was_read(self, submitted: Desk) -> None:
        with refused(refusals.TextChanged):
            submitted.endorse(0, text_sha256=OTHER_TEXT)
        submitted.endorse(0)
        with broken("a_visa_is_given_to_the_text_that_awaits_its_order"):
            sql(
                "INSERT INTO licensing_visa (uid, version_id, unit_id, person_id, result,"
                " remark_ru, remark_en, remark_status, text_sha256, given_at)"
                " SELECT gen_random_uuid(), version_id, unit_id, person_id, result, '', '', '',"
                " %s, given_at FROM licensing_visa",
                OTHER_TEXT,
            )

    def test_a_remark_and_a_result_fit_each_other(self, submitted: Desk) -> None:
        with refused(refusals.RemarkMissing):
            submitted.endorse(0, "not_approved", remark_ru=" ")
        with refused(refusals.RemarkNotWanted):
            submitted.endorse(0, "approved", remark_ru="Замечание.")
        submitted.endorse(0, "approved_with_remark")

    def test_the_last_one_counts_and_none_is_lost(self, submitted: Desk) -> None:
        submitted.endorse(0, "not_approved")
        with refused(refusals.VisaAlreadyGiven):
            submitted.endorse(0, "not_approved")
        submitted.endorse(0, "approved")

        first, _second = selectors.approval_sheet(submitted.version)
        assert first.standing is VisaStanding.APPROVED
        assert Visa.objects.filter(unit=submitted.units[0]).count() == 2

    def test_a_remark_is_answered_once(self, submitted: Desk) -> None:
        plain, remarked = submitted.endorse(0), submitted.endorse(1, "approved_with_remark")
        answer = {"status": "taken_note", "actor": submitted.world.secretary}
        with chosen_time():
            with refused(refusals.NothingToAnswer):
                services.answer_remark(visa=plain, at=submitted.now(), **answer)
            with refused(NotAuthorised):
                services.answer_remark(
                    visa=remarked,
                    at=submitted.now(),
                    status="accepted",
                    actor=submitted.officers[1],
                )
            services.answer_remark(visa=remarked, at=submitted.now(), **answer)
            with refused(refusals.NothingToAnswer):
                services.answer_remark(visa=remarked, at=submitted.now(), **answer)
        with broken("a_remark_is_answered_once"):
            Visa.objects.filter(pk=remarked.pk).update(remark_status="rejected")

    def test_are_never_changed(self, submitted: Desk) -> None:
        visa = submitted.endorse(0)
        with broken("a_visa_is_never_changed"):
            Visa.objects.filter(pk=visa.pk).update(result="not_approved", remark_ru="Нет.")
        with broken("a_visa_is_never_changed"):
            sql("DELETE FROM licensing_visa WHERE id = %s", visa.pk)

    def test_are_not_given_after_the_order(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.approve()
        with refused(refusals.NotAwaitingOrder):
            submitted.endorse(0, "not_approved")

    def test_units_change_their_officers(self, submitted: Desk) -> None:
        unit, newcomer = submitted.units[0], submitted.world.person("Newcomer")
        act = {"unit": unit, "actor": submitted.world.secretary}
        with chosen_time():
            with refused(refusals.SameOfficer):
                services.replace_visa_officer(
                    officer=submitted.officers[0], at=submitted.now(), **act
                )
            services.replace_visa_officer(officer=newcomer, at=submitted.now(), **act)
        with refused(NotTheOfficer):
            submitted.endorse(0)
        submitted.endorse(0, actor=newcomer)

    def test_a_closed_unit_is_not_asked_any_more(self, desk: Desk) -> None:
        act = {"unit": desk.units[0], "actor": desk.world.secretary}
        with chosen_time():
            services.close_visa_unit(
                valid_to=desk.world.now.date() + timedelta(days=1), at=desk.now(), **act
            )
            with refused(refusals.UnitIsClosed):
                services.close_visa_unit(
                    valid_to=desk.world.now.date() + timedelta(days=9), at=desk.now(), **act
                )
        desk.agree()
        desk.submit()
        assert [line.unit for line in selectors.approval_sheet(desk.version)] == [desk.units[1]]
        with refused(refusals.UnitNotAsked):
            desk.endorse(0)


class TestApproving:
    def test_makes_the_voted_text_an_order(self, submitted: Desk) -> None:
        submitted.endorse_all()
        version = submitted.approve()

        assert version.state == State.APPROVED
        assert version.approved_by == submitted.world.official
        assert version.order_text_sha256 == submitted.matter.decided_in.text_sha256
        assert submitted.matter.state == Matter.State.APPROVED
        entry = Entry.objects.get(type=acts.VERSION_APPROVED)
        assert entry.facts["text_sha256"] == version.text_sha256
        assert entry.authority["role"] == "approving_official"

    def test_situation_13_b2_one_word_changed_is_another_text(self, submitted: Desk) -> None:
        submitted.endorse_all()
        with refused(refusals.NotTheVotedText, "not_the_voted_text"):
            submitted.approve(order_text_sha256=OTHER_TEXT)
        with broken("the_order_is_on_the_very_text_that_was_voted"):
            RequirementVersion.objects.filter(pk=submitted.version.pk).update(
                state=State.APPROVED,
                approved_by=submitted.world.official,
                approved_at=submitted.now(),
                order_number="1",
                order_text_sha256=OTHER_TEXT,
            )
        submitted.approve()

    def test_needs_every_visa(self, submitted: Desk) -> None:
        submitted.endorse(0)
        with refused(refusals.VisasMissing) as caught:
            submitted.approve()
        assert caught.value.params["units"] == "Отдел 1"
        submitted.endorse(1, "not_approved")
        with refused(refusals.VisasMissing):
            submitted.approve()
        with broken("an_approved_version_has_every_visa"):
            RequirementVersion.objects.filter(pk=submitted.version.pk).update(
                state=State.APPROVED,
                approved_by=submitted.world.official,
                approved_at=submitted.now(),
                order_number="1",
                order_text_sha256=submitted.version.text_sha256,
            )
        submitted.endorse(1, "approved_with_remark")
        submitted.approve()

    def test_is_the_approving_official_s(self, submitted: Desk) -> None:
        submitted.endorse_all()
        for person in (submitted.world.secretary, submitted.world.people["MIN-3"]):
            with refused(NotAuthorised, "no_duty"):
                submitted.approve(actor=person)

    @pytest.mark.parametrize("act", ["approve", "send_back"])
    def test_g4_who_voted_for_a_side_neither_approves_nor_returns(
        self, submitted: Desk, act: str
    ) -> None:
        submitted.endorse_all()
        voter = _also_approves(submitted, "MIN-1")
        reasons = () if act == "approve" else ("2.1",)
        with refused(SpokeForASide, "spoke_for_a_side"):
            getattr(submitted, act)(*reasons, actor=voter)
        # A member of the same side who neither voted nor spoke may.
        getattr(submitted, act)(*reasons, actor=_also_approves(submitted, "MIN-3"))

    def test_g4_who_stated_the_position_of_a_side_does_not_approve(self, desk: Desk) -> None:
        desk.table.approve_inside("2.1", "support")
        desk.table.say("2.1", "MIN")
        speaker = _also_approves(desk, "MIN-1")
        assert desk.table.world.people["MIN-1"] == speaker
        desk.agree()
        desk.submit()
        desk.endorse_all()
        with refused(SpokeForASide):
            desk.approve(actor=speaker)

    def test_g4_the_database_knows_it_too(self, submitted: Desk) -> None:
        submitted.endorse_all()
        voter = submitted.world.people["MIN-1"]
        with broken("who_spoke_for_a_side_does_not_approve"):
            RequirementVersion.objects.filter(pk=submitted.version.pk).update(
                state=State.APPROVED,
                approved_by=voter,
                approved_at=submitted.now(),
                order_number="1",
                order_text_sha256=submitted.version.text_sha256,
            )
        with broken("who_spoke_for_a_side_does_not_return"):
            ApprovalReturn.objects.create(
                version=submitted.version,
                ground="procedural_defect",
                returned_by=voter,
                returned_at=submitted.now(),
            )

    def test_an_order_has_a_number_and_is_given_once(self, submitted: Desk) -> None:
        submitted.endorse_all()
        with refused(refusals.OrderNumberMissing):
            submitted.approve(order_number=" ")
        submitted.approve()
        with refused(refusals.NotAwaitingOrder):
            submitted.approve()
        with broken("an_order_is_given_once"):
            RequirementVersion.objects.filter(pk=submitted.version.pk).update(order_number="2")

    def test_a_version_goes_forward_only(self, submitted: Desk) -> None:
        versions = RequirementVersion.objects.filter(pk=submitted.version.pk)
        with broken("a_version_goes_forward"):
            versions.update(state=State.IN_FORCE)
        submitted.endorse_all()
        submitted.approve()
        with broken("a_version_goes_forward"):
            versions.update(state=State.LEGAL_REVIEW)


def _also_approves(desk: Desk, seat: str) -> object:
    """Appoint the holder of a seat as an approving official besides."""
    person = desk.world.people[seat]
    with chosen_time():
        appoint(
            body=desk.world.body,
            person=person,
            role=Appointment.Role.APPROVING_OFFICIAL,
            basis_ru="приказ",
            basis_en="order",
            valid_from=desk.world.now.date(),
            actor=desk.world.secretary,
            at=desk.now(),
        )
    return person
