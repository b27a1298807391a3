"""The one return: on a closed ground, with a reason for each clause, and what becomes of it."""

from datetime import timedelta

from audit.models import Entry
from calendars.domain import end_of_day
from licensing import acts, refusals, selectors, services
from licensing.models import ApprovalReturn, RequirementVersion
from licensing.selectors import VisaStanding
from negotiation.models import Clause, Matter
from tests.licensing.desk import NEGOTIATED, Desk
from tests.licensing.traces import broken, refused

State = RequirementVersion.State


class TestReturning:
    def test_brings_back_only_the_clauses_named(self, submitted: Desk) -> None:
        given = submitted.send_back("2.2")

        assert submitted.version.state == State.RETURNED
        assert submitted.matter.state == Matter.State.RETURNED
        assert {
            clause.number: clause.state
            for clause in Clause.objects.filter(
                document__matter=submitted.matter, number__in=NEGOTIATED
            )
        } == {"2.1": "agreed", "2.2": "disputed", "2.3": "agreed", "2.4": "agreed"}
        [reason] = given.reasons.all()
        assert reason.clause.number == "2.2"
        entry = Entry.objects.get(type=acts.VERSION_RETURNED)
        assert entry.facts["ground"] == "contradiction_with_law"
        assert "Противоречит" not in str(entry.facts)

    def test_g5_rests_on_a_closed_ground(self, submitted: Desk) -> None:
        with refused(refusals.UnknownGround):
            submitted.send_back("2.2", ground="we_changed_our_mind")
        with broken("a_return_rests_on_one_of_the_closed_grounds"):
            ApprovalReturn.objects.create(
                version=submitted.version,
                ground="we_changed_our_mind",
                returned_by=submitted.world.official,
                returned_at=submitted.now(),
            )
        submitted.send_back("2.2", ground="procedural_defect")

    def test_g5_gives_a_reason_for_each_clause(self, submitted: Desk) -> None:
        twice = [submitted.reason("2.2"), submitted.reason("2.2", "И ещё.")]
        for reasons in ([], [submitted.reason("2.1"), submitted.reason("2.2", " ")], twice):
            with refused(refusals.ReasonsMissing):
                submitted.send_back(reasons=reasons)
        with broken("a_return_gives_a_reason_for_each_clause"):
            ApprovalReturn.objects.create(
                version=submitted.version,
                ground="procedural_defect",
                returned_by=submitted.world.official,
                returned_at=submitted.now(),
            )
        submitted.send_back("2.1", "2.2")

    def test_names_negotiated_clauses_of_this_version(self, submitted: Desk) -> None:
        with refused(refusals.MirrorCannotBeReturned):
            submitted.send_back("1.1")
        foreign = services.ClauseReason(submitted.predecessor.clauses.get(number="2.1"), "Иначе.")
        with refused(refusals.ForeignRow):
            submitted.send_back(reasons=[foreign])

    def test_is_not_a_second_time(self, submitted: Desk) -> None:
        submitted.send_back("2.2")
        with refused(refusals.NotAwaitingOrder):
            submitted.send_back("2.1")
        _agree_again(submitted, "2.2", 45)

        assert submitted.version.resubmission_of is not None
        with refused(refusals.AlreadyReturned):
            submitted.send_back("2.2")
        with broken("a_text_is_returned_once"):
            ApprovalReturn.objects.create(
                version=submitted.version,
                ground="procedural_defect",
                returned_by=submitted.world.official,
                returned_at=submitted.now(),
            )
        submitted.endorse_all()
        assert submitted.approve().state == State.APPROVED

    def test_the_database_knows_where_a_text_came_from(self, submitted: Desk) -> None:
        submitted.send_back("2.2")
        _agree_again(submitted, "2.2", 45, submit=False)
        fields = {
            "requirement_set": submitted.requirement_set,
            "scope": submitted.requirement_set.scope,
            "label": "1.1",
            "completeness": "whole",
            "text_sha256": submitted.matter.decided_in.text_sha256,
            "adopted_in": submitted.matter.decided_in,
            "submitted_at": submitted.now(),
            "decide_by": submitted.world.now.date(),
        }
        with broken("a_text_that_comes_back_names_its_return"):
            RequirementVersion.objects.create(**fields)
        with broken("only_a_returned_version_is_submitted_anew"):
            RequirementVersion.objects.create(**fields, resubmission_of=submitted.predecessor)

    def test_situation_14_visas_for_the_former_words_are_stale(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.send_back("2.2")
        _agree_again(submitted, "2.2", 45)

        sheet = selectors.approval_sheet(submitted.version)
        assert [line.standing for line in sheet] == [VisaStanding.STALE, VisaStanding.STALE]
        with refused(refusals.VisasMissing):
            submitted.approve()
        assert [request.version for request in selectors.visas_owed_by(submitted.officers[0])] == [
            submitted.version
        ]
        submitted.endorse_all()
        submitted.approve()

    def test_a_text_confirmed_unchanged_keeps_its_visas(self, submitted: Desk) -> None:
        submitted.endorse_all()
        submitted.send_back("2.2", ground="procedural_defect")
        _agree_again(submitted, "2.2", None)

        first, second = RequirementVersion.objects.filter(
            requirement_set=submitted.requirement_set
        ).order_by("pk")
        assert first.text_sha256 == second.text_sha256
        assert selectors.is_endorsed(submitted.version)
        assert not selectors.visas_owed_by(submitted.officers[0]).exists()
        submitted.approve()


class TestEscalation:
    def test_shows_to_everybody_that_the_term_has_passed(self, submitted: Desk) -> None:
        due = submitted.version.decide_by
        assert due is not None
        last_instant = end_of_day(due) - timedelta(microseconds=1)
        assert not selectors.is_awaiting_too_long(submitted.version, last_instant)
        assert not selectors.awaiting_too_long(last_instant).exists()

        assert selectors.is_awaiting_too_long(submitted.version, end_of_day(due))
        assert list(selectors.awaiting_too_long(end_of_day(due))) == [submitted.version]

    def test_ends_with_the_order(self, submitted: Desk) -> None:
        late = end_of_day(submitted.version.decide_by)
        submitted.world.now = late
        submitted.endorse_all()
        submitted.approve()
        assert not selectors.is_awaiting_too_long(submitted.version, submitted.world.now)
        assert Entry.objects.get(type=acts.VERSION_APPROVED).facts["working_days"] == 11


def _agree_again(desk: Desk, number: str, threshold: int | None, *, submit: bool = True) -> None:
    """Let the table agree on a returned clause, reworded or confirmed, and on the whole."""
    desk.table.matter.refresh_from_db()
    if threshold is not None:
        desk.table.lay(number, threshold)
    desk.agree(number)
    if submit:
        desk.submit("1.1")
