"""Publication, the first day, and what is in force when, as known when."""

from datetime import date, datetime, timedelta

import pytest

from audit import times
from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import KRASNOYARSK, start_of_day
from licensing import acts, refusals, selectors, services
from licensing.models import InForcePeriod, RequirementVersion
from negotiation.models import Clause, Matter
from tests.licensing.desk import Desk
from tests.licensing.traces import broken, refused, sql
from tests.world import chosen_time

State = RequirementVersion.State
ONE_DAY = timedelta(days=1)


@pytest.fixture
def approved(submitted: Desk) -> Desk:
    """Return a text with its order. It is the end of May 2026: 1 September is allowed."""
    submitted.endorse_all()
    submitted.approve()
    assert date(2026, 5, 18) < submitted.world.now.date() < date(2026, 6, 1)
    return submitted


class TestPublishing:
    def test_announces_the_dates(self, approved: Desk) -> None:
        version = approved.publish()

        assert version.state == State.PUBLISHED
        assert approved.matter.state == Matter.State.PUBLISHED
        entry = Entry.objects.get(type=acts.VERSION_PUBLISHED)
        assert entry.facts["in_force_from"] == "2026-09-01"
        assert entry.facts["in_force_to"] == "2032-09-01"
        assert entry.facts["shortened"] == [str(approved.predecessor.uid)]

    @pytest.mark.parametrize(
        ("begins", "ends", "until", "rule"),
        [
            (
                date(2026, 10, 1),
                date(2032, 10, 1),
                None,
                "a_version_enters_into_force_on_a_day_of_the_charter",
            ),
            (
                date(2026, 9, 1),
                date(2032, 9, 2),
                None,
                "the_term_of_a_version_is_limited",
            ),
            (date(2026, 9, 1), None, None, "the_term_of_a_version_is_limited"),
            (
                date(2026, 9, 1),
                date(2026, 9, 1),
                None,
                "a_version_is_in_force_for_at_least_a_day",
            ),
            (
                date(2026, 9, 1),
                date(2027, 9, 1),
                date(2026, 8, 31),
                "earlier_permits_stand_until_the_version_is_in_force",
            ),
        ],
        ids=["another day", "a day too long", "without an end", "no day", "permits end first"],
    )
    def test_c3_keeps_the_dates_of_the_charter(
        self, approved: Desk, begins: date, ends: date | None, until: date | None, rule: str
    ) -> None:
        dates = {"in_force_from": begins, "in_force_to": ends, "existing_permits_until": until}
        with refused(refusals.DatesNotAllowed):
            approved.publish(**dates)
        versions = RequirementVersion.objects.filter(pk=approved.version.pk)
        with broken(rule):
            versions.update(state=State.PUBLISHED, published_at=approved.now(), **dates)
        approved.publish(in_force_from=date(2026, 9, 1), in_force_to=date(2032, 9, 1))

    def test_c3_leaves_ninety_days_to_know_of_it(self, approved: Desk) -> None:
        dates = {"in_force_from": date(2026, 9, 1), "in_force_to": date(2032, 9, 1)}
        # 90 days before 1 September is 3 June; late in the evening it is still that day.
        approved.until(date(2026, 6, 4), hour=0)
        with refused(refusals.DatesNotAllowed) as caught:
            approved.publish(**dates, existing_permits_until=None)
        assert "01.03.2027" in str(caught.value)
        with broken("a_version_is_known_long_enough_before_it_binds"):
            RequirementVersion.objects.filter(pk=approved.version.pk).update(
                state=State.PUBLISHED, published_at=approved.world.now, **dates
            )
        approved.until(date(2026, 6, 3), hour=23)
        approved.publish(**dates)

    def test_b1_c3_the_charter_pinned_at_the_opening_counts(self, approved: Desk) -> None:
        approved.world.change_charter(entry_dates=[[1, 1]])
        with refused(refusals.DatesNotAllowed):
            approved.publish(in_force_from=date(2027, 1, 1), in_force_to=date(2028, 1, 1))
        approved.publish()

    def test_is_the_secretary_s_and_done_once(self, approved: Desk) -> None:
        with refused(NotAuthorised):
            approved.publish(actor=approved.world.official)
        approved.publish()
        with refused(refusals.NotApproved):
            approved.publish()
        with broken("the_dates_of_a_version_are_announced_once"):
            RequirementVersion.objects.filter(pk=approved.version.pk).update(
                in_force_from=date(2027, 3, 1)
            )

    def test_is_refused_before_the_order(self, submitted: Desk) -> None:
        with refused(refusals.NotApproved):
            submitted.publish()


class TestEnteringIntoForce:
    def test_waits_for_the_day_in_krasnoyarsk(self, approved: Desk) -> None:
        approved.publish()
        midnight = start_of_day(date(2026, 9, 1))
        with refused(refusals.NotYet):
            approved.bring_into_force(at=midnight - timedelta(microseconds=1))
        version = approved.bring_into_force(at=midnight)

        assert version.state == State.IN_FORCE
        assert approved.matter.state == Matter.State.IN_FORCE

    def test_lets_the_former_version_go_into_its_transition(self, approved: Desk) -> None:
        approved.publish()
        approved.bring_into_force()
        approved.predecessor.refresh_from_db()
        assert approved.predecessor.state == State.TRANSITION
        assert Entry.objects.get(type=acts.VERSION_ENTERED_INTO_FORCE).facts["replaced"] == [
            str(approved.predecessor.uid)
        ]

    def test_supersedes_it_where_there_is_no_transition(self, approved: Desk) -> None:
        approved.publish(existing_permits_until=None)
        approved.bring_into_force()
        approved.predecessor.refresh_from_db()
        assert approved.predecessor.state == State.SUPERSEDED

    def test_may_be_the_clock_s_act(self, approved: Desk) -> None:
        approved.publish()
        with refused(NotAuthorised):
            approved.bring_into_force(actor=approved.world.official)
        approved.bring_into_force(actor=None)
        entry = Entry.objects.get(type=acts.VERSION_ENTERED_INTO_FORCE)
        assert (entry.actor_uid, entry.authority) == (None, None)

    def test_happens_once(self, approved: Desk) -> None:
        with refused(refusals.NotPublished):
            approved.bring_into_force()
        approved.publish()
        approved.bring_into_force()
        with refused(refusals.NotPublished):
            approved.bring_into_force()


class TestInForce:
    def test_c1_one_version_holds_on_each_day(self, approved: Desk) -> None:
        scope = approved.requirement_set.scope
        approved.publish()

        days = {
            date(2024, 8, 31): None,
            date(2024, 9, 1): approved.predecessor,
            date(2026, 8, 31): approved.predecessor,
            date(2026, 9, 1): approved.version,
            date(2032, 8, 31): approved.version,
            date(2032, 9, 1): None,
        }
        assert {day: selectors.version_in_force(scope, day) for day in days} == days

    def test_c1_the_database_lets_no_two_versions_bind(self, approved: Desk) -> None:
        approved.publish()
        version = approved.version
        with broken("at_no_time_were_two_versions_known_in_force_together"):
            InForcePeriod.objects.create(
                version=version,
                scope=version.scope,
                valid_from=date(2026, 8, 31),
                valid_to=date(2026, 9, 1),
                known_from=approved.now(),
            )
        with broken("one_version_is_in_force_per_scope_and_day"):
            sql(
                "INSERT INTO licensing_requirementversion (uid, requirement_set_id, scope, label,"
                " completeness, text_sha256, is_sealed, excluded_clauses, document_ru, document_en,"
                " state, order_number, order_text_sha256, in_force_from)"
                " VALUES (gen_random_uuid(), %s, %s, 'x', 'transcribed', %s, false, '{}', 'x', '',"
                " 'in_force', '', '', '2026-08-31')",
                version.requirement_set_id,
                version.scope,
                version.text_sha256,
            )

    def test_c1_publishing_into_occupied_days_is_refused(self, approved: Desk) -> None:
        approved.publish()
        with chosen_time(), refused(refusals.ScopeOccupied):
            services.transcribe_version(
                requirement_set=approved.predecessor.requirement_set,
                label="2029",
                document_ru="Иные требования",
                document_en="",
                in_force_from=date(2029, 3, 1),
                in_force_to=date(2030, 3, 1),
                clauses=[services.TranscribedClause("1", "Текст.")],
                actor=approved.world.secretary,
                at=approved.now(),
            )

    def test_situation_21_only_the_version_in_force_reaches_a_checklist(self, desk: Desk) -> None:
        meeting = desk.table.meeting()
        for number in ("2.1", "2.2", "2.3"):
            desk.table.agree(meeting, number)
        desk.table.fail(meeting, "2.4")
        desk.table.hold(desk.table.ask_whole(meeting))
        desk.submit()
        desk.endorse_all()
        desk.approve()
        desk.publish()
        scope, first_day = desk.requirement_set.scope, desk.version.in_force_from
        assert Clause.objects.get(document__matter=desk.matter, number="2.4").state == "not_agreed"

        before = selectors.checklist(scope, first_day - ONE_DAY)
        assert {clause.version for clause in before} == {desk.predecessor}
        after = [clause.number for clause in selectors.checklist(scope, first_day)]
        assert after == ["", "1.1", "2.1", "2.2", "2.3", "10.1"]
        assert selectors.checklist("nothing-here", first_day) == []

    def test_c5_what_was_known_stays_known(self, approved: Desk) -> None:
        scope = approved.requirement_set.scope
        before = approved.now()
        version = approved.publish()
        after = approved.now()
        day = date(2026, 9, 1)

        assert selectors.version_in_force(scope, day, known_at=before) == approved.predecessor
        assert selectors.version_in_force(scope, day, known_at=after) == version
        # Before the former version was transcribed, nothing was known here at all.
        begun = InForcePeriod.objects.filter(version=approved.predecessor).earliest("known_from")
        long_ago = begun.known_from - ONE_DAY
        assert selectors.version_in_force(scope, date(2025, 1, 1), known_at=long_ago) is None

    def test_c5_nothing_is_overwritten(self, approved: Desk) -> None:
        approved.publish()
        periods = InForcePeriod.objects.filter(version=approved.predecessor).order_by("pk")
        assert [(one.valid_to, one.known_to is None) for one in periods] == [
            (None, False),
            (date(2026, 9, 1), True),
        ]
        with broken("a_period_is_never_changed"):
            periods.update(valid_to=date(2026, 8, 1))
        with broken("knowledge_ends_once"):
            periods.filter(known_to__isnull=False).update(known_to=approved.now())
        with broken("a_period_is_never_changed"):
            sql("DELETE FROM licensing_inforceperiod")
        with broken("the_term_of_a_version_is_only_shortened"):
            RequirementVersion.objects.filter(pk=approved.predecessor.pk).update(in_force_to=None)

    def test_differences_are_told_clause_by_clause(self, approved: Desk) -> None:
        changes = selectors.differences(approved.predecessor, approved.version)
        assert [(one.number, one.before is None, one.after is None) for one in changes] == [
            ("", True, False),
            ("1.1", True, False),
            ("2.1", False, False),
            ("2.2", True, False),
            ("2.3", True, False),
            ("2.4", True, False),
            ("10.1", True, False),
        ]
        assert selectors.differences(approved.version, approved.version) == []


class TestTranscribing:
    def test_takes_over_a_document_as_it_was(self, desk: Desk) -> None:
        former = desk.predecessor
        assert former.is_transcribed
        assert former.adopted_in is None
        assert former.state == State.IN_FORCE
        entry = Entry.objects.of_subject(former).get(type=acts.VERSION_TRANSCRIBED)
        assert entry.facts["in_force_from"] == "2024-09-01"
        assert "Временные" not in str(entry.facts)

    @pytest.mark.parametrize(
        ("begins", "ends", "state"),
        [
            (date(2027, 3, 1), None, State.PUBLISHED),
            (date(2024, 1, 1), date(2024, 9, 1), State.SUPERSEDED),
        ],
        ids=["to come", "past"],
    )
    def test_says_where_it_stands_today(
        self, desk: Desk, begins: date, ends: date | None, state: str
    ) -> None:
        version = _transcribe(desk, begins, ends, scope="another")
        assert version.state == state

    def test_needs_a_free_label_free_days_and_a_clause(self, desk: Desk) -> None:
        usual = {
            "requirement_set": desk.predecessor.requirement_set,
            "label": "2023",
            "document_ru": "Требования, 2023",
            "document_en": "",
            "in_force_from": date(2023, 9, 1),
            "in_force_to": date(2024, 9, 1),
            "clauses": [services.TranscribedClause("1", "Текст.")],
            "actor": desk.world.secretary,
            "at": desk.now(),
        }
        with chosen_time():
            for wrong, refusal in (
                ({"label": "2024"}, refusals.CodeIsTaken),
                ({"clauses": []}, refusals.NoClauses),
                ({"in_force_to": date(2024, 9, 2)}, refusals.ScopeOccupied),
                ({"actor": desk.world.official}, NotAuthorised),
            ):
                with refused(refusal):
                    services.transcribe_version(**{**usual, **wrong})
            services.transcribe_version(**usual)

    def test_c5_a_paper_is_known_since_it_was_entered(self, desk: Desk) -> None:
        on_paper = datetime(2024, 8, 1, 12, tzinfo=KRASNOYARSK)
        with times.transcribed(basis="paper", reference="order-2024"):
            version = services.transcribe_version(
                requirement_set=_other_set(desk),
                label="2024",
                document_ru="Требования, 2024",
                document_en="",
                in_force_from=date(2024, 9, 1),
                in_force_to=None,
                clauses=[services.TranscribedClause("1", "Текст.")],
                actor=desk.world.secretary,
                at=desk.now(),
            )
        period = InForcePeriod.objects.get(version=version)
        entry = Entry.objects.of_subject(version).get()
        assert entry.at_basis == "paper"
        # The clock of the database, not the time that the paper says.
        assert abs(period.known_from - entry.recorded_at) < timedelta(seconds=5)
        assert period.known_from > on_paper


class TestSets:
    def test_share_a_scope_only_with_their_predecessor(self, desk: Desk) -> None:
        with refused(refusals.ScopeIsTaken):
            _other_set(desk, scope=desk.requirement_set.scope)
        with refused(refusals.ForeignRow):
            _other_set(desk, scope="elsewhere", predecessor=desk.requirement_set)
        with refused(refusals.CodeIsTaken):
            _other_set(desk, code=desk.requirement_set.code)
        with refused(refusals.CodeIsTaken):
            _other_set(desk, matter=desk.matter)
        with refused(NotAuthorised):
            _other_set(desk, actor=desk.world.official)
        _other_set(desk)

    def test_never_change(self, desk: Desk) -> None:
        with broken("a_requirement_set_never_changes"):
            sql("UPDATE licensing_requirementset SET scope = 'x'")
        with broken("a_visa_unit_keeps_its_name_and_body"):
            sql("UPDATE licensing_visaunit SET name_ru = 'x'")
        with broken("a_version_has_the_scope_of_its_set"):
            sql(
                "INSERT INTO licensing_requirementversion (uid, requirement_set_id, scope, label,"
                " completeness, text_sha256, is_sealed, excluded_clauses, document_ru, document_en,"
                " state, order_number, order_text_sha256, in_force_from)"
                " VALUES (gen_random_uuid(), %s, 'another', 'x', 'transcribed', %s, false, '{}',"
                " 'x', '', 'in_force', '', '', '2040-08-31')",
                desk.predecessor.requirement_set_id,
                desk.predecessor.text_sha256,
            )


def _other_set(desk: Desk, **says: object) -> object:
    """Register another set of requirements."""
    usual = {
        "body": desk.world.body,
        "code": "ИН-1",
        "scope": "another",
        "title_ru": "Иные требования",
        "title_en": "Other requirements",
        "legal_basis": "founder_order",
        "matter": None,
        "predecessor": None,
        "actor": desk.world.secretary,
        "at": desk.now(),
    }
    with chosen_time():
        return services.register_set(**{**usual, **says})


def _transcribe(desk: Desk, begins: date, ends: date | None, scope: str) -> RequirementVersion:
    with chosen_time():
        return services.transcribe_version(
            requirement_set=_other_set(desk, scope=scope),
            label="1",
            document_ru="Документ",
            document_en="",
            in_force_from=begins,
            in_force_to=ends,
            clauses=[services.TranscribedClause("1", "Текст.")],
            actor=desk.world.secretary,
            at=desk.now(),
        )
