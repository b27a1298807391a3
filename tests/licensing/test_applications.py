"""Applications: judged by the version of the day of acceptance, or by a newer one as a whole."""

from datetime import UTC, date, datetime, timedelta

import pytest

from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import KRASNOYARSK, end_of_day, start_of_day
from licensing import acts, refusals, selectors
from licensing.models import PermitApplication
from licensing.services.standing import NotTheApplicant
from tests.licensing.desk import Desk
from tests.licensing.traces import broken, refused, sql

FIRST_DAY = date(2026, 9, 1)
JUNE = date(2026, 6, 1)


@pytest.fixture
def published(submitted: Desk) -> Desk:
    """Return a text that binds from 1 September 2026; until then the former version does."""
    submitted.endorse_all()
    submitted.approve()
    submitted.publish()
    submitted.until(JUNE)
    return submitted


class TestFiling:
    def test_is_done_by_the_applicant_or_for_it_by_the_secretary(self, published: Desk) -> None:
        with refused(NotTheApplicant, "not_the_applicant"):
            published.file(actor=published.world.people["PUB-2"])
        own = published.file("APP-1")
        published.file("APP-2", actor=published.world.secretary)

        entry = Entry.objects.of_subject(own).get()
        assert entry.type == acts.APPLICATION_FILED
        assert entry.authority["capacity"] == "applicant"
        with refused(refusals.CodeIsTaken):
            published.file("APP-1")

    def test_situation_23_until_midnight_in_krasnoyarsk_is_in_time(self, published: Desk) -> None:
        # 23:55 on the last day in Krasnoyarsk is 16:55 in UTC, and 19:55 in Moscow.
        late = datetime(2026, 6, 30, 16, 55, tzinfo=UTC)
        assert published.file("APP-1", at=late).filed_on == date(2026, 6, 30)
        # 23:55 in Moscow is the next day in Krasnoyarsk.
        in_moscow = datetime(2026, 6, 30, 20, 55, tzinfo=UTC)
        assert published.file("APP-2", at=in_moscow).filed_on == date(2026, 7, 1)

    def test_situation_23_the_database_knows_whose_date_counts(self, published: Desk) -> None:
        application = published.file(at=datetime(2026, 6, 30, 16, 55, tzinfo=UTC))
        rows = PermitApplication.objects.filter(pk=application.pk)
        with broken("dates_of_an_application_are_those_of_krasnoyarsk"):
            sql(
                "INSERT INTO licensing_permitapplication (uid, requirement_set_id, code,"
                " applicant_id, filed_at, filed_on, chose_new_version) SELECT gen_random_uuid(),"
                " requirement_set_id, 'X', applicant_id, filed_at, '2026-07-01', false"
                " FROM licensing_permitapplication"
            )
        with broken("an_application_is_never_rewritten"):
            rows.update(filed_on=date(2026, 7, 1))


class TestAcceptance:
    def test_situation_09_c2_pins_the_version_of_the_day(self, published: Desk) -> None:
        early = published.accept(published.file("APP-017"))
        # Filed before the new version, accepted after it entered into force.
        between = published.file("APP-021", at=datetime(2026, 8, 26, 12, tzinfo=KRASNOYARSK))
        published.bring_into_force()
        late = published.accept(between, at=datetime(2026, 9, 2, 12, tzinfo=KRASNOYARSK))

        assert early.version == published.predecessor
        assert late.version == published.version
        assert late.accepted_on == date(2026, 9, 2)

    def test_situation_09_c2_what_is_pinned_stays(self, published: Desk) -> None:
        application = published.accept(published.file())
        published.bring_into_force()
        application.refresh_from_db()
        assert application.version == published.predecessor

        with refused(refusals.AlreadyAccepted):
            published.accept(application)
        rows = PermitApplication.objects.filter(pk=application.pk)
        with broken("only_a_newer_version_as_a_whole_is_chosen"):
            rows.update(version=published.version)
        with broken("an_application_is_accepted_once"):
            rows.update(
                accepted_at=datetime(2026, 9, 2, 12, tzinfo=KRASNOYARSK),
                accepted_on=date(2026, 9, 2),
            )

    def test_c2_the_database_pins_only_what_is_in_force(self, published: Desk) -> None:
        application = published.file()
        with broken("an_application_is_pinned_to_the_version_in_force"):
            PermitApplication.objects.filter(pk=application.pk).update(
                version=published.version,
                accepted_at=published.world.now,
                accepted_on=published.world.now.date(),
            )
        with broken("an_application_is_filed_before_it_is_pinned"):
            sql(
                "INSERT INTO licensing_permitapplication (uid, requirement_set_id, code,"
                " applicant_id, filed_at, filed_on, accepted_at, accepted_on, version_id,"
                " chose_new_version) SELECT gen_random_uuid(), requirement_set_id, 'X',"
                " applicant_id, filed_at, filed_on, filed_at, filed_on, %s, false"
                " FROM licensing_permitapplication",
                published.version.pk,
            )

    def test_the_boundary_is_midnight_in_krasnoyarsk(self, published: Desk) -> None:
        midnight = start_of_day(FIRST_DAY)
        first, second = published.file("APP-1"), published.file("APP-2")
        instant = timedelta(microseconds=1)
        assert published.accept(first, at=midnight - instant).version == published.predecessor
        assert published.accept(second, at=midnight).version == published.version

    def test_is_refused_where_nothing_is_established(self, published: Desk) -> None:
        application = published.file()
        after_all = end_of_day(date(2032, 8, 31))
        with refused(refusals.NothingInForce):
            published.accept(application, at=after_all)

    def test_is_the_secretary_s(self, published: Desk) -> None:
        application = published.file()
        with refused(NotAuthorised, "no_duty"):
            published.accept(application, actor=published.head)


class TestChoosing:
    def test_situation_09_c2_the_new_version_is_chosen_as_a_whole(self, published: Desk) -> None:
        application = published.choose(published.accept(published.file("APP-019")))

        assert application.version == published.version
        assert application.not_before == FIRST_DAY
        entry = Entry.objects.of_subject(application).get(type=acts.NEW_VERSION_CHOSEN)
        assert entry.facts["former_version"] == str(published.predecessor.uid)

    def test_situation_09_no_decision_before_the_chosen_version_binds(
        self, published: Desk
    ) -> None:
        application = published.accept(published.file())
        midnight = start_of_day(FIRST_DAY)
        assert selectors.may_be_decided(application, published.world.now)

        application = published.choose(application)
        assert not selectors.may_be_decided(application, midnight - timedelta(microseconds=1))
        assert selectors.may_be_decided(application, midnight)

    def test_comes_after_acceptance_and_once(self, published: Desk) -> None:
        application = published.file()
        assert not selectors.may_be_decided(application, published.world.now)
        with refused(refusals.NotAccepted):
            published.choose(application)
        published.accept(application)
        with refused(NotTheApplicant):
            published.choose(application, actor=published.world.people["PUB-2"])
        published.choose(application)
        with refused(refusals.AlreadyChosen):
            published.choose(application)
        rows = PermitApplication.objects.filter(pk=application.pk)
        with broken("an_applicant_chooses_once"):
            rows.update(not_before=JUNE)

    def test_is_of_a_published_newer_version(self, published: Desk) -> None:
        application = published.accept(published.file())
        with refused(refusals.NotANewerVersion):
            published.choose(application, version=published.predecessor)
        published.bring_into_force()
        late = published.accept(published.file("APP-2"))
        with refused(refusals.NotANewerVersion):
            published.choose(late)
        rows = PermitApplication.objects.filter(pk=application.pk)
        with broken("only_a_newer_version_as_a_whole_is_chosen"):
            rows.update(
                version=published.version,
                chose_new_version=True,
                chosen_at=published.world.now,
                not_before=JUNE,
            )

    def test_is_not_open_before_publication(self, submitted: Desk) -> None:
        application = submitted.accept(submitted.file())
        with refused(refusals.NotANewerVersion):
            submitted.choose(application)


class TestPermits:
    def test_under_the_former_version_stand_until_the_transition_ends(
        self, published: Desk
    ) -> None:
        former = published.accept(published.file("APP-1"))
        chosen = published.choose(published.accept(published.file("APP-2")))
        assert selectors.permit_stands_until(former) == date(2027, 8, 31)
        assert selectors.permit_stands_until(chosen) is None
        assert selectors.permit_stands_until(published.file("APP-3")) is None
