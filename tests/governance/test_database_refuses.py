"""What goes round the services: raw SQL tries what they refuse, and what they never do."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from governance import services
from governance.models import AgendaItem, Ballot, Vote
from tests.governance.refusals import broken
from tests.world import World, digest

pytestmark = pytest.mark.django_db


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


def copy_row(model: type, pk: int, **changes: object) -> None:
    """Insert a copy of a row with some columns changed, as raw SQL would."""
    table = model._meta.db_table
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    changes = {"uid": uuid4(), **changes} if "uid" in columns else changes
    chosen = ", ".join("%s" if column in changes else column for column in columns)
    given = [changes[column] for column in columns if column in changes]
    run(
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {chosen} FROM {table} WHERE id = %s",
        *given,
        pk,
    )


@pytest.fixture
def ballot(world: World) -> Ballot:
    """Return an open ballot in which EMP-1 has voted."""
    ballot = world.ballot()
    world.vote(ballot, "EMP-1")
    return ballot


@pytest.fixture
def vote(ballot: Ballot) -> Vote:
    return Vote.objects.get(ballot=ballot)


def unused_check(vote: Vote) -> int:
    """Return a check of authority that no vote uses yet."""
    copy_row(type(vote.authority_check), vote.authority_check_id)
    return type(vote.authority_check).objects.latest("id").pk


def test_INV_A5_the_database_takes_one_counted_vote_per_seat(vote: Vote) -> None:
    with broken("a_seat_has_one_counted_vote_per_ballot"):
        copy_row(Vote, vote.pk, authority_check_id=unused_check(vote))


VOTES = {
    "another text": ({"text_sha256": "0" * 64}, "a_vote_is_about_the_text_of_its_ballot"),
    "superseded from birth": (
        {"status": "superseded", "reason_code": "superseded_by_principal"},
        "a_vote_begins_counted_or_rejected",
    ),
    "before the opening": (
        {"cast_at": "2020-01-01T00:00:00Z"},
        "a_counted_vote_is_cast_in_time",
    ),
    "no mandate": ({"mandate_id": None}, "a_vote_rests_on_a_mandate_of_its_voter_and_seat"),
    "counted with a reason": (
        {"reason_code": "expired"},
        "only_a_vote_that_does_not_count_has_a_reason",
    ),
    "rejected without one": (
        {"status": "rejected"},
        "only_a_vote_that_does_not_count_has_a_reason",
    ),
    "a paper nobody entered": (
        {"channel": "paper"},
        "a_paper_vote_and_only_that_is_entered_by_another",
    ),
}


@pytest.mark.parametrize(("changes", "constraint"), VOTES.values(), ids=VOTES)
def test_INV_A2_the_database_takes_no_vote_that_could_not_be(
    vote: Vote, changes: dict, constraint: str
) -> None:
    with broken(constraint):
        copy_row(Vote, vote.pk, authority_check_id=unused_check(vote), **changes)


def test_INV_A1_the_database_takes_no_vote_on_anothers_mandate(world: World, vote: Vote) -> None:
    with broken("a_vote_rests_on_a_mandate_of_its_voter_and_seat"):
        copy_row(
            Vote,
            vote.pk,
            authority_check_id=unused_check(vote),
            person_id=world.people["EMP-2"].pk,
            seat_id=world.seats["EMP-2"].pk,
        )


def test_INV_B7_the_database_takes_no_counted_vote_of_a_seat_off_the_roll(
    world: World, vote: Vote
) -> None:
    with broken("a_counted_vote_belongs_to_an_entitled_seat"):
        copy_row(
            Vote,
            vote.pk,
            authority_check_id=unused_check(vote),
            seat_id=world.seats["MIN-3"].pk,
            person_id=world.people["MIN-3"].pk,
            mandate_id=world.mandates["MIN-3"].pk,
        )


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"person_id": 0}, "a_vote_rests_on_a_check_of_its_voter"),
        ({"authority_check_id": 0}, "a_vote_rests_on_a_check_of_its_voter"),
        ({"seat_id": 0}, "a_vote_names_a_seat_and_a_mandate_that_are_there"),
        ({"mandate_id": 0}, "a_vote_names_a_seat_and_a_mandate_that_are_there"),
        ({"ballot_id": 0}, "votes_enter_an_open_ballot"),
    ],
)
def test_the_database_takes_no_vote_of_what_is_not_there(
    vote: Vote, changes: dict, constraint: str
) -> None:
    """The trigger keeps the keys of a vote in place of the database's own checks."""
    rejected = {"status": "rejected", "reason_code": "expired"}
    with broken(constraint):
        copy_row(Vote, vote.pk, **{"authority_check_id": unused_check(vote), **rejected, **changes})


def test_a_vote_of_another_seat_is_not_superseded(world: World, ballot: Ballot, vote: Vote) -> None:
    with broken("a_vote_supersedes_one_of_its_own_seat"):
        copy_row(
            Vote,
            vote.pk,
            authority_check_id=unused_check(vote),
            supersedes_id=vote.pk,
            seat_id=world.seats["EMP-2"].pk,
            person_id=world.people["EMP-2"].pk,
            mandate_id=world.mandates["EMP-2"].pk,
        )


def test_votes_enter_an_open_ballot_only(world: World, ballot: Ballot, vote: Vote) -> None:
    check = unused_check(vote)
    world.vote_all(ballot, EMP_1="", EMP_2="")
    world.close(ballot)
    with broken("votes_enter_an_open_ballot"):
        copy_row(
            Vote,
            vote.pk,
            authority_check_id=check,
            seat_id=world.seats["EMP-2"].pk,
            person_id=world.people["EMP-2"].pk,
            mandate_id=world.mandates["EMP-2"].pk,
        )
    with broken("votes_of_a_closed_ballot_stand"):
        run(
            "UPDATE governance_vote SET status = 'superseded', reason_code = 'x' WHERE id = %s",
            vote.pk,
        )


VOTE_CHANGES = {
    "the choice": "UPDATE governance_vote SET choice = 'against'",
    "the time": "UPDATE governance_vote SET cast_at = now()",
    "rejected afterwards": (
        "UPDATE governance_vote SET status = 'rejected', reason_code = 'expired'"
    ),
    "deleted": "DELETE FROM governance_vote",
}


@pytest.mark.parametrize("sql", VOTE_CHANGES.values(), ids=VOTE_CHANGES)
def test_INV_A7_a_vote_is_superseded_never_changed(vote: Vote, sql: str) -> None:
    with broken("a_vote_is_superseded_never_changed"):
        run(sql)


def test_INV_A5_a_vote_is_not_superseded_by_nothing(vote: Vote) -> None:
    with broken("a_superseded_vote_has_a_successor"):
        run(
            "UPDATE governance_vote SET status = 'superseded',"
            " reason_code = 'superseded_by_principal'"
        )
        run("SET CONSTRAINTS a_superseded_vote_has_a_successor IMMEDIATE")


ROLL_CHANGES = {
    "insert": "INSERT INTO governance_rollentry (ballot_id, seat_id, holder_id, side_code,"
    " standing, ground, weight) SELECT ballot_id, (SELECT id FROM governance_seat"
    " WHERE code = 'MIN-4'), holder_id, side_code, standing, ground, weight"
    " FROM governance_rollentry LIMIT 1",
    "update": "UPDATE governance_rollentry SET weight = 2",
    "delete": "DELETE FROM governance_rollentry",
}


@pytest.mark.parametrize("sql", ROLL_CHANGES.values(), ids=ROLL_CHANGES)
def test_the_roll_is_frozen_at_the_opening(ballot: Ballot, sql: str) -> None:
    with broken("a_roll_is_frozen_at_the_opening"):
        run(sql)


BALLOT_CHANGES = {
    "its text": (f"text_sha256 = '{digest('x')}'", "a_ballot_keeps_its_question_and_text"),
    "its question": ("question_ru = 'Другой?'", "a_ballot_keeps_its_question_and_text"),
    "its topics": ("topics = '{}'", "a_ballot_keeps_its_question_and_text"),
    "its charter": ("charter_version_id = NULL", "an_opened_ballot_keeps_its_charter_and_times"),
    "its deadline": ("closes_at = now()", "an_opened_ballot_keeps_its_charter_and_times"),
    "back to prepared": ("state = 'prepared'", "a_ballot_goes_forward"),
    "certified without a count": (
        "state = 'certified', closed_at = now()",
        "a_ballot_goes_forward",
    ),
    "annulled without a reason": ("state = 'annulled'", "an_annulled_ballot_says_why"),
}


@pytest.mark.parametrize(("change", "constraint"), BALLOT_CHANGES.values(), ids=BALLOT_CHANGES)
def test_INV_B2_an_open_ballot_keeps_what_it_was_opened_with(
    ballot: Ballot, change: str, constraint: str
) -> None:
    with broken(constraint):
        run(f"UPDATE governance_ballot SET {change}")


def test_a_ballot_is_not_deleted(ballot: Ballot) -> None:
    with broken("a_ballot_keeps_its_question_and_text"):
        run("DELETE FROM governance_ballot")


def test_INV_B3_the_database_keeps_questions_inside_the_agenda(
    world: World, ballot: Ballot
) -> None:
    with broken("a_question_stays_inside_its_agenda_item"):
        copy_row(Ballot, ballot.pk, code="B-X", state="prepared", topics=[uuid4()])
    with broken("a_ballot_begins_prepared"):
        copy_row(Ballot, ballot.pk, code="B-X")
    item = AgendaItem.objects.get()
    for standing in ("listed", "proposed", "added"):
        state = "opened"
        if standing == "proposed":
            # The one thing that is allowed while the meeting is open.
            copy_row(AgendaItem, item.pk, number=7, standing=standing)
            continue
        assert ballot.meeting.state == state
        with broken("an_agenda_is_locked_with_its_notices"):
            copy_row(AgendaItem, item.pk, number=8, standing=standing)
    with broken("a_late_item_is_added_by_every_seat"):
        run("UPDATE governance_agendaitem SET standing = 'added' WHERE number = 7")
    with broken("an_agenda_item_is_never_rewritten"):
        run("UPDATE governance_agendaitem SET topics = '{}' WHERE number = 7")
    with broken("an_agenda_item_is_never_rewritten"):
        run("DELETE FROM governance_agendaitem")


def test_a_decision_follows_its_count_and_stays(world: World, ballot: Ballot) -> None:
    world.vote_all(ballot, EMP_1="")
    world.close(ballot)
    open_ballot = world.ballot(ballot.meeting)
    with broken("a_decision_follows_the_count_of_its_text"):
        copy_row(type(ballot.decision), ballot.decision.pk, ballot_id=open_ballot.pk)
    for sql in (
        "UPDATE governance_decision SET result = 'not_agreed'",
        "DELETE FROM governance_decision",
    ):
        with broken("a_decision_is_never_changed"):
            run(sql)


FACTS = {
    "authoritycheck": "a_check_of_authority_is_never_changed",
    "quorumcheck": "a_quorum_check_is_never_changed",
    "innerapproval": "an_inner_approval_is_never_changed",
    "charterversion": "a_charter_is_never_changed",
    "protocolsignature": "a_signature_is_never_changed",
    "dissentingopinion": "an_opinion_is_never_changed",
    "mandate": "a_mandate_is_revoked_never_rewritten",
    "seatholding": "a_holding_is_ended_never_rewritten",
    "appointment": "an_appointment_is_ended_never_rewritten",
    "conflictdeclaration": "a_declaration_is_decided_never_rewritten",
    "meetingnotice": "a_notice_is_proved_never_rewritten",
    "attendance": "attendance_is_a_fact",
    "protocol": "a_protocol_keeps_its_content",
    "meeting": "a_meeting_keeps_its_plan",
    "seat": "a_seat_never_changes_its_side",
    "side": "a_side_stays_at_its_body",
    "challenge": "a_challenge_is_settled_never_rewritten",
    "validityreport": "a_report_is_never_changed",
    "papercheck": "a_check_of_a_paper_is_never_changed",
}

REWRITES = {
    "mandate": "valid_to = NULL",
    "seatholding": "valid_from = '2020-01-01'",
    "appointment": "role = 'auditor'",
    "conflictdeclaration": "topics = '{}'",
    "meetingnotice": "sent_at = now()",
    "attendance": "left_at = now()",
    "protocol": "content = '{}'",
    "meeting": "kind = 'remote'",
    "seat": "code = 'X'",
    "side": "code = 'X'",
    "challenge": "reason = 'one_person_two_sides'",
    "authoritycheck": "result = 'valid'",
    "quorumcheck": "present = 0",
    "innerapproval": "choice = 'against'",
    "charterversion": "rules = '{}'",
    "protocolsignature": "signed_at = now()",
    "dissentingopinion": "text_ru = 'x'",
    "validityreport": "report = '{}'",
    "papercheck": "finding = 'disputed'",
}


def test_G1_facts_are_neither_rewritten_nor_deleted(world: World) -> None:
    """One meeting leaves a row of every kind; none of them can be changed."""
    meeting = world.opened()
    world.conflict("EMP-2", [uuid4()], decision="")
    ballot = world.ballot(meeting)
    world.check_paper(world.paper_vote(ballot, "PUB-4"))
    world.vote_all(ballot, PUB_4="")
    world.close(ballot)
    world.close_meeting(meeting)
    services.raise_challenge(
        vote=ballot.votes.order_by("id").first(),
        reason="document_defect",
        actor=world.secretary,
        at=world.later(),
    )
    services.file_dissent(
        ballot=ballot, text_ru="Мнение", actor=world.people["EMP-1"], at=world.later()
    )
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )
    services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())
    for name, constraint in FACTS.items():
        with broken(constraint):
            run(f"UPDATE governance_{name} SET {REWRITES[name]}")
        with broken(constraint):
            run(f"DELETE FROM governance_{name}")


def test_a_meeting_and_a_protocol_go_forward_only(world: World) -> None:
    meeting = world.close_meeting(world.opened())
    with broken("a_meeting_goes_forward"):
        run("UPDATE governance_meeting SET state = 'opened', closed_at = NULL")
    with broken("times_of_a_meeting_are_written_once"):
        run("UPDATE governance_meeting SET opened_at = now()")
    with broken("attendance_belongs_to_a_meeting_under_way"):
        attendance = meeting.attendance.order_by("id").first()
        copy_row(type(attendance), attendance.pk)
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )
    with broken("a_protocol_goes_forward"):
        run(
            "UPDATE governance_protocol SET state = 'published', signed_at = now(),"
            " published_at = now()"
        )
    services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())
    signature = protocol.signatures.get()
    with broken("a_signature_is_under_these_contents"):
        copy_row(
            type(signature),
            signature.pk,
            person_id=world.coordinator.pk,
            sha256=digest("other contents"),
        )


def test_decisions_on_conflicts_and_revocations_stand(world: World) -> None:
    world.conflict("EMP-2", [uuid4()])
    with broken("a_conflict_is_decided_once"):
        run("UPDATE governance_conflictdeclaration SET decision = 'no_conflict'")
    with broken("nobody_decides_on_his_own_conflict"):
        declaration = world.body.conflicts.get()
        copy_row(type(declaration), declaration.pk, decided_by_id=declaration.person_id)
    services.revoke_mandate(
        mandate=world.mandates["EMP-1"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.now,
    )
    with broken("a_mandate_is_revoked_once"):
        run(
            "UPDATE governance_mandate SET revoked_on = NULL, revocation_known_at = NULL"
            " WHERE revoked_on IS NOT NULL"
        )


def test_INV_A6_the_database_keeps_sides_apart(world: World) -> None:
    holding = world.seats["EMP-1"].holdings.get()
    run(
        "UPDATE governance_seatholding SET valid_to = '2026-02-02' WHERE person_id = %s",
        world.people["PUB-1"].pk,
    )
    with broken("a_person_acts_for_one_side"):
        copy_row(type(holding), holding.pk, seat_id=world.seats["PUB-1"].pk)
    paper = world.mandates["EMP-1"]
    with broken("a_person_acts_for_one_side"):
        copy_row(type(paper), paper.pk, code="X", seat_id=world.seats["PUB-1"].pk)
    duty = world.secretary.appointments.get()
    with broken("nobody_serves_and_sits_at_one_body"):
        copy_row(type(duty), duty.pk, person_id=world.people["EMP-1"].pk)


OTHER = {
    "two holders of a seat": (
        (
            "INSERT INTO governance_seatholding (uid, seat_id, person_id, valid_from, basis_ru,"
            " basis_en) SELECT gen_random_uuid(), seat_id, (SELECT id FROM accounts_person WHERE"
            " name_en = 'Administrator'), valid_from, 'x', '' FROM governance_seatholding LIMIT 1"
        ),
        "a_seat_has_one_holder_at_a_time",
    ),
    "two coordinating seats": (
        "UPDATE governance_seat SET duty = 'coordinator' WHERE code = 'EMP-3'",
        "a_side_has_one_coordinating_seat",
    ),
    "a substitution on nothing": (
        (
            "INSERT INTO governance_mandate (uid, code, seat_id, person_id, principal_id, kind,"
            " document_ru, document_en, document, document_sha256, issued_on, valid_from, scope,"
            " note_ru, note_en) SELECT gen_random_uuid(), 'X', seat_id, person_id, principal_id,"
            " 'substitution', 'x', '', '', '', issued_on, valid_from, scope, '', ''"
            " FROM governance_mandate WHERE principal_id IS NOT NULL LIMIT 1"
        ),
        "a_substitution_rests_on_another_mandate",
    ),
    "a seat on another body's side": (
        (
            "INSERT INTO governance_seat (uid, side_id, body_id, code, number, duty)"
            " SELECT gen_random_uuid(), id, body_id + 1, 'X', 9, 'member'"
            " FROM governance_side LIMIT 1"
        ),
        "a_seat_belongs_to_the_body_of_its_side",
    ),
}


@pytest.mark.parametrize(("sql", "constraint"), OTHER.values(), ids=OTHER)
def test_the_database_refuses_what_cannot_be(world: World, sql: str, constraint: str) -> None:
    with broken(constraint):
        run(sql)


def test_the_application_cannot_drop_a_trigger(ballot: Ballot) -> None:
    with pytest.raises(ProgrammingError), transaction.atomic():
        run("DROP TRIGGER votes_enter_an_open_ballot ON governance_vote")
    with pytest.raises(ProgrammingError), transaction.atomic():
        run("ALTER TABLE governance_vote DISABLE TRIGGER ALL")


def test_the_triggers_can_be_taken_away_again() -> None:
    """In a schema of their own, because other apps' triggers stand on the same functions."""
    tables = [
        *(name for name in connection.introspection.table_names() if name[:11] == "governance_"),
        "accounts_person",
    ]
    migrations = [
        import_module(f"governance.migrations.{name}").Migration
        for name in ("0002_ballots_hold", "0003_facts_stay", "0004_one_person_one_side")
    ]
    made = (
        "SELECT (SELECT count(*) FROM pg_proc WHERE pronamespace = 'scratch'::regnamespace),"
        " (SELECT count(*) FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relnamespace = 'scratch'::regnamespace)"
    )
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA scratch")
        for table in tables:
            cursor.execute(f"CREATE TABLE scratch.{table} (LIKE public.{table})")
        cursor.execute("SET LOCAL search_path = scratch")
        for migration in migrations:
            cursor.execute(migration.operations[0].sql)
        cursor.execute(made)
        functions, triggers = cursor.fetchone()
        assert functions > 15
        assert triggers >= 40
        for migration in reversed(migrations):
            cursor.execute(migration.operations[0].reverse_sql)
        cursor.execute(made)
        assert cursor.fetchone() == (0, 0)
        cursor.execute("SET LOCAL search_path = public")
