"""Reports on validity: kept with their facts, edition after edition, and recomputed by anybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import translation

from audit.models import Entry
from governance import acts, explanations, refusals, services
from governance.authority import NotAuthorised
from governance.domain.decide import decide
from governance.domain.table import table_result
from governance.models import Ballot, Challenge, Decision, Meeting, ValidityReport, Vote
from governance.recounts import differences
from governance.services._validity import rows_of
from governance.services.counts import charter_of
from governance.tallies import tallied
from tests.governance.refusals import broken, refused
from tests.governance.test_database_refuses import run
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(world: World) -> Ballot:
    """Return a counted ballot: EMP agreed by three of four, so that each of its votes decides."""
    ballot = world.ballot()
    world.vote_all(ballot, EMP_4="against")
    return world.close(ballot)


@pytest.fixture
def as_owner(db: None) -> Iterator[None]:
    """Act as the owner of the tables, who can go round every rule of the database."""
    with connection.as_owner():
        yield


def vote_of(ballot: Ballot, seat: str) -> Vote:
    return Vote.objects.counted().get(ballot=ballot, seat__code=seat)


def challenged(world: World, ballot: Ballot, seat: str = "EMP-1", **says: Any) -> Challenge:
    doubt = {"reason": "document_defect", "actor": world.auditor, "at": world.later()}
    return services.raise_challenge(vote=vote_of(ballot, seat), **{**doubt, **says})


def settled(world: World, doubt: Challenge, settlement: str, **says: Any) -> Challenge:
    end = {"note": "Письмо", "actor": world.secretary, "at": world.later()}
    return services.settle_challenge(challenge=doubt, settlement=settlement, **{**end, **says})


def editions(ballot: Ballot) -> list[tuple[int, str, str]]:
    return [
        (edition.number, edition.occasion, edition.verdict)
        for edition in ballot.decision.reports.order_by("number")
    ]


def test_what_comes_to_light_makes_a_new_edition_and_changes_none(
    world: World, counted: Ballot
) -> None:
    first = counted.decision.reports.get()
    assert (first.report, first.number) == (counted.decision.validity, 1)

    doubt = challenged(world, counted)
    assert editions(counted) == [(1, "count", "valid"), (2, "challenge", "voidable")]
    assert doubt.is_material is True
    services.settle_challenge(
        challenge=doubt,
        settlement="confirmed",
        note="Доверитель одобрил действия (ГК 183).",
        actor=world.secretary,
        at=world.later(),
    )
    assert editions(counted)[2:] == [(3, "settlement", "valid")]
    world.close_meeting(counted.meeting)
    protocol = services.draft_protocol(
        meeting=counted.meeting, number="1", actor=world.secretary, at=world.later()
    )
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    assert editions(counted)[3:] == [(4, "protocol", "valid")]
    form = counted.decision.reports.get(number=4).report["checks"][-1]
    assert (form["code"], form["state"]) == ("protocol_form", "held")

    first.refresh_from_db()
    assert first.report == counted.decision.validity
    assert Decision.objects.examined().get().last_report["checks"][-1] == form
    # Each later edition is in the record with its digest, and knows its doubt.
    entries = Entry.objects.of_types(acts.VALIDITY_EXAMINED).order_by("id")
    told = [(entry.facts["number"], entry.facts["sha256"]) for entry in entries]
    later = counted.decision.reports.filter(number__gt=1).order_by("number")
    assert told == [(edition.number, edition.sha256) for edition in later]
    assert [edition.challenge for edition in later] == [doubt, doubt, None]


def test_a_report_follows_from_what_is_stored_with_it(world: World, counted: Ballot) -> None:
    challenged(world, counted)
    out = StringIO()
    call_command("recount", stdout=out)
    assert out.getvalue() == "1 decisions and 2 reports recomputed, 0 differ\n"


def test_a_tally_made_in_the_database_is_decided_like_the_seats(world: World) -> None:
    """Equal seats stand together, one of them silent to the end."""
    ballot = world.ballot()
    world.vote_all(ballot, EMP_4="against", PUB_2="", PUB_3="abstain")
    outcome = world.close(ballot).decision.outcome
    stayed = set(ballot.roll.values_list("seat_id", flat=True))

    rows = tallied(ballot.pk, stayed)

    assert len(rows) == 7 < sum(row.n for row in rows) == len(stayed)
    found = decide(charter_of(ballot), rows).as_document()
    assert {**found, "blocking_rows": []} == {**outcome, "blocking_rows": []}
    assert {row.vote for row in tallied(ballot.pk)} == {"yes", "no", "abstain", "absent"}


REPORT = "UPDATE governance_validityreport SET {} WHERE number = 2"
DECISION = "UPDATE governance_decision SET {}"
FORGED = {
    "another verdict": (
        REPORT.format("""report = jsonb_set(report, '{verdict}', '"valid"')"""),
        "2",
    ),
    "a vote that had no paper is given one": (
        REPORT.format("facts = replace(facts::text, 'not_found', 'valid')::jsonb"),
        "2",
    ),
    "a vote turned round": (
        DECISION.format("""rows = jsonb_set(rows, '{4,vote}', '"yes"')"""),
        "count",
    ),
    "another result": (DECISION.format("result = 'not_agreed'"), "count"),
}


@pytest.mark.parametrize(("sql", "where"), FORGED.values(), ids=FORGED)
def test_what_was_forged_round_the_database_is_found(
    world: World, counted: Ballot, sql: str, where: str, as_owner: None
) -> None:
    challenged(world, counted)
    run("SET LOCAL session_replication_role = replica")
    run(sql)
    run("SET LOCAL session_replication_role = origin")
    out, problems = StringIO(), StringIO()
    with pytest.raises(SystemExit):
        call_command("recount", stdout=out, stderr=problems)
    assert f"{counted.code} {counted.uid}" in problems.getvalue()
    assert f": {'report ' if where.isdigit() else ''}{where}: " in problems.getvalue()
    assert differences(Decision.objects.get())


def test_a_count_forged_with_its_rows_is_found_by_the_votes_that_are_kept(counted: Ballot) -> None:
    decision = counted.decision
    assert differences(decision) == []
    assert decision.rows[4]["vote"] == "no"
    decision.rows[4]["vote"] = "yes"
    outcome = decide(charter_of(counted), rows_of(decision))
    decision.outcome, decision.result = outcome.as_document(), table_result(outcome)

    found = [difference.problem for difference in differences(decision) if not difference.edition]
    assert found == ["the votes that are kept come to another tally"]


def test_the_database_keeps_the_editions_in_order(world: World, counted: Ballot) -> None:
    row = "decision_id, number, occasion, challenge_id, facts, report, sha256, examined_at"
    copied = "SELECT gen_random_uuid(), decision_id, {}, facts, report, sha256, examined_at"
    for values, constraint in {
        "1, 'count', challenge_id": "editions_of_a_report_are_numbered_once",
        "2, 'count', challenge_id": "the_first_report_is_that_of_the_count",
        "2, 'challenge', challenge_id": "only_a_report_after_a_doubt_names_it",
    }.items():
        with broken(constraint):
            run(
                f"INSERT INTO governance_validityreport (uid, {row}) {copied.format(values)}"
                " FROM governance_validityreport"
            )


def test_who_takes_part_raises_a_doubt_and_nobody_else(world: World, counted: Ballot) -> None:
    for stranger in (world.heads[0], world.administrator, world.person("Stranger")):
        with refused(NotAuthorised):
            challenged(world, counted, actor=stranger)
    raisers = [world.people["PUB-2"], world.secretary, world.coordinator, world.auditor]
    for seat, actor in zip(("EMP-1", "EMP-2", "EMP-3", "PUB-1"), raisers, strict=True):
        assert challenged(world, counted, seat, actor=actor).raised_by == actor
    assert counted.decision.reports.count() == 5


def test_a_doubt_is_raised_within_its_time(world: World, counted: Ballot) -> None:
    today = world.now.date()
    for known_on in (today - dt.timedelta(1), today + dt.timedelta(1)):
        with refused(refusals.KnownLater):
            challenged(world, counted, known_on=known_on)
    # Half a year after one knew it is too late, however long ago the vote was.
    world.now = dt.datetime.combine(_months(today, 6), world.now.timetz())
    assert challenged(world, counted, "EMP-2", known_on=today).known_on == today
    world.later(days=1)
    with refused(refusals.ChallengeTooLate) as caught:
        challenged(world, counted, known_on=today)
    assert caught.value.params["until"] == _months(today, 6).strftime("%d.%m.%Y")
    # Who learns of it today has half a year from today.
    assert challenged(world, counted).known_on == world.now.date()


def _months(day: dt.date, months: int) -> dt.date:
    years, month = divmod(day.month - 1 + months, 12)
    return day.replace(year=day.year + years, month=month + 1)


def test_two_years_after_publication_nobody_raises_a_doubt(world: World, counted: Ballot) -> None:
    world.close_meeting(counted.meeting)
    protocol = services.draft_protocol(
        meeting=counted.meeting, number="1", actor=world.secretary, at=world.later()
    )
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    services.publish_protocol(protocol=protocol, actor=world.secretary, at=world.later(days=14))
    published = world.now.date()
    with translation.override("en"):
        window = explanations.validity_of(Decision.objects.get(ballot=counted)).window
    assert _months(published, 24).strftime("%d.%m.%Y") in window
    world.now = dt.datetime.combine(_months(published, 24), world.now.timetz())
    assert challenged(world, counted, "EMP-2").pk
    world.later(days=1)
    with refused(refusals.ChallengeTooLate):
        challenged(world, counted)


def test_a_doubt_is_ended_by_what_ends_it(world: World, counted: Ballot) -> None:
    by_auditor = challenged(world, counted)
    for actor in (world.auditor, world.people["EMP-2"]):
        with refused(NotAuthorised):
            settled(world, by_auditor, "dismissed", actor=actor)
    with refused(refusals.ReasonMissing):
        settled(world, by_auditor, "dismissed", note=" ")
    by_secretary = challenged(
        world, counted, "EMP-2", reason="undeclared_conflict", actor=world.secretary
    )
    with refused(refusals.OwnChallenge):
        settled(world, by_secretary, "dismissed")
    # A principal can stand by a vote, and not by the impartiality of who cast it.
    with refused(refusals.NotCuredByConfirmation):
        settled(world, by_secretary, "confirmed")
    settled(world, by_secretary, "dismissed", actor=world.coordinator)
    assert editions(counted)[-1] == (4, "settlement", "voidable")
    settled(world, by_auditor, "confirmed")
    assert editions(counted)[-1] == (5, "settlement", "valid")


def test_decided_again_is_a_later_count_of_the_same_question(world: World, counted: Ballot) -> None:
    doubt = challenged(world, counted)
    meeting: Meeting = counted.meeting
    with refused(refusals.NotDecidedAgain):
        settled(world, doubt, "decided_again")
    with refused(refusals.NotDecidedAgain):
        settled(world, doubt, "decided_again", decided_in=counted)
    again = world.ballot(meeting)
    with refused(refusals.NotDecidedAgain):
        settled(world, doubt, "decided_again", decided_in=again)
    world.vote_all(again)
    world.close(again)
    with refused(refusals.NotDecidedAgain):
        settled(world, doubt, "confirmed", decided_in=again)
    end = settled(world, doubt, "decided_again", decided_in=again)
    assert end.decided_in == again
    # The first decision stays what it was worth; the new one holds by itself.
    assert editions(counted)[-1][2] == "voidable"
    assert editions(again) == [(1, "count", "valid")]
    with broken("a_question_decided_again_names_its_ballot"):
        run("UPDATE governance_challenge SET decided_in_id = NULL")


def test_a_conflict_declared_during_the_vote_touches_it_and_a_later_one_does_not(
    world: World,
) -> None:
    meeting = world.opened()
    topics = meeting.agenda.get().topics
    ballot = world.ballot(meeting)
    declared = world.conflict("EMP-1", topics, decision="")
    world.vote_all(ballot, EMP_4="against")
    world.close(ballot)
    assert _recusals(ballot, 1) == ("breached", ["EMP-1"])
    services.decide_conflict(
        declaration=declared,
        decision="recused",
        basis_ru="решение стороны",
        actor=world.people["EMP-2"],
        at=world.later(),
    )
    world.conflict("EMP-2", topics)
    services.examine_validity(decision=ballot.decision, actor=world.auditor, at=world.later())
    assert _recusals(ballot, 2) == ("breached", ["EMP-1"])
    with refused(NotAuthorised):
        services.examine_validity(
            decision=ballot.decision, actor=world.people["PUB-1"], at=world.later()
        )


def _recusals(ballot: Ballot, edition: int) -> tuple[str, list[str]]:
    check = ValidityReport.objects.get(decision__ballot=ballot, number=edition).report["checks"][5]
    return check["state"], check["seats"]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_report_is_said_in_words(world: World, counted: Ballot, language: str) -> None:
    services.revoke_mandate(
        mandate=vote_of(counted, "EMP-1").mandate,
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    with translation.override(language):
        told = explanations.validity_of(counted.decision)
        other = "en" if language == "ru" else "ru"
        with translation.override(other):
            elsewhere = explanations.validity_of(counted.decision)
    assert len(told.sentences) == 3
    assert "EMP-1" in told.sentences[1]
    assert told.doubts == tuple(Challenge.objects.all())
    assert len(told.editions) == 2
    for ours, theirs in zip(
        (*told.sentences, told.window), (*elsewhere.sentences, elsewhere.window), strict=True
    ):
        assert ours != theirs
