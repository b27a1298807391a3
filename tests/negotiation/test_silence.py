"""The silence procedure: B6 from opening to end, and every way in which it means nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Person
from audit.acts import NotAuthorised
from audit.models import Entry
from calendars.domain import day_of
from governance import acts as governance_acts
from governance import refusals, services
from governance.domain.authority import reexamine
from governance.models import Ballot, SilenceNotice, SilenceProcedure, Vote
from negotiation import refusals as negotiation_refusals
from negotiation.models import Amendment, Question
from notifications.models import OutboxMessage
from tests.accounts.pages import signed_in
from tests.governance.refusals import broken
from tests.governance.test_database_refuses import run
from tests.negotiation.table import Table
from tests.negotiation.traces import refused
from tests.world import chosen_time
from workflows.inbox import Kind as Inbox
from workflows.inbox import awaiting

State = SilenceProcedure.State
Kind = Amendment.Kind


@pytest.fixture
def asked(commenting: Table) -> Question:
    """Return a prepared ballot on an editorial amendment, under a charter that knows silence."""
    world = commenting.world
    commenting.filed("E-01", "2.1", kind=Kind.EDITORIAL)
    commenting.filed("A-01", "2.2")
    commenting.summarise()
    world.change_charter(silence="editorial")
    return commenting.ask(
        world.planned(topics=commenting.topics), amendments=["E-01"], basis="amendment"
    )


@pytest.fixture
def silence(commenting: Table, asked: Question) -> SilenceProcedure:
    return opened(commenting, asked)


def opened(table: Table, asked: Question) -> SilenceProcedure:
    with chosen_time():
        return services.open_silence(
            ballot=asked.ballot, kind="editorial", actor=table.secretary, at=table.now()
        )


def reach(table: Table, silence: SilenceProcedure, *but: str) -> None:
    """Let everybody read the notice, but some."""
    with chosen_time():
        for notice in silence.notices.exclude(seat__code__in=but).order_by("pk"):
            services.prove_silence_notice(
                notice=notice, proof="read", actor=notice.person, at=table.now(seconds=1)
            )


def remind(table: Table, silence: SilenceProcedure) -> None:
    with chosen_time():
        services.remind_of_silence(silence=silence, actor=table.secretary, at=table.now())


def end(table: Table, silence: SilenceProcedure) -> SilenceProcedure:
    """End it at the very instant at which the term is over."""
    table.world.now = silence.closes_at
    with chosen_time():
        return services.end_silence(silence=silence, actor=table.secretary, at=table.world.now)


def objected(table: Table, silence: SilenceProcedure, seat: str, **says: Any) -> Any:
    with chosen_time():
        objection = {
            "silence": silence,
            "seat": table.world.seats[seat],
            "text_sha256": silence.ballot.text_sha256,
            "actor": table.world.people[seat],
        }
        return services.object_to_silence(**{**objection, "at": table.now(), **says})


def test_INV_B6_what_nobody_objects_to_is_tacit_and_never_for(
    commenting: Table, silence: SilenceProcedure
) -> None:
    table, ballot = commenting, silence.ballot
    assert silence.working_days == 5
    assert (day_of(silence.closes_at) - day_of(silence.opened_at)).days >= 8
    assert silence.notices.count() == 16
    reach(table, silence)
    remind(table, silence)
    with chosen_time(), refused(refusals.SilenceRuns):
        services.end_silence(
            silence=silence,
            actor=table.secretary,
            at=silence.closes_at - timedelta(microseconds=1),
        )
    ended = end(table, silence)
    ballot.refresh_from_db()
    assert (ended.state, ballot.state, ballot.is_final) == (State.TACIT, Ballot.State.TACIT, True)
    assert ended.outcome["result"] == "adopted"
    assert not Vote.objects.filter(ballot=ballot).exists()
    assert not hasattr(ballot, "decision")
    amendment = table.amendment("E-01")
    assert (amendment.disposition, amendment.decided_by) == ("accepted", "tacit")
    assert amendment.decided_in == ballot
    [entry] = Entry.objects.of_types(governance_acts.SILENCE_KEPT)
    assert entry.subject_uid == ballot.uid
    for sql in (
        "UPDATE governance_silenceprocedure SET state = 'objected'",
        "DELETE FROM governance_silenceprocedure",
    ):
        with broken("a_silence_procedure_that_ended_stands"):
            run(sql)


def test_INV_B6_one_objection_ends_it_and_the_question_goes_to_a_vote(
    commenting: Table, silence: SilenceProcedure
) -> None:
    table, ballot = commenting, silence.ballot
    with refused(refusals.TextDiffers):
        objected(table, silence, "EXP-4", text_sha256="0" * 64)
    with refused(NotAuthorised):
        objected(table, silence, "EXP-4", actor=table.world.people["EXP-3"])
    # No reason, no delivery, no coordinator: it is enough that one seat objects.
    objected(table, silence, "EXP-4")
    silence.refresh_from_db()
    assert (silence.state, silence.outcome["result"]) == (State.OBJECTED, "blocked")
    with refused(refusals.SilenceIsOver):
        objected(table, silence, "EXP-3")
    ballot.refresh_from_db()
    assert ballot.state == Ballot.State.PREPARED
    with chosen_time(), refused(refusals.SilenceAskedBefore):
        services.open_silence(
            ballot=ballot, kind="editorial", actor=table.secretary, at=table.now()
        )


def test_situation_12_a_notice_not_delivered_is_no_silence(
    commenting: Table, silence: SilenceProcedure
) -> None:
    reach(commenting, silence, "PUB-4")
    remind(commenting, silence)
    ended = end(commenting, silence)
    assert (ended.state, ended.failure, ended.failed_seats) == (
        State.FAILED,
        "not_delivered",
        ["PUB-4"],
    )
    assert commenting.amendment("E-01").is_undecided
    silence.ballot.refresh_from_db()
    assert silence.ballot.state == Ballot.State.PREPARED


def test_situation_12_a_vacant_seat_is_not_silent(
    commenting: Table, silence: SilenceProcedure
) -> None:
    world = commenting.world
    reach(commenting, silence)
    remind(commenting, silence)
    with chosen_time():
        services.vacate_seat(
            seat=world.seats["PUB-4"],
            valid_to=world.now.date() + timedelta(days=1),
            actor=world.secretary,
            at=commenting.now(),
        )
    ended = end(commenting, silence)
    assert (ended.failure, ended.failed_seats) == ("vacant_seat", ["PUB-4"])


def test_INV_B6_without_the_reminder_it_means_nothing(
    commenting: Table, silence: SilenceProcedure
) -> None:
    reach(commenting, silence)
    with chosen_time(), refused(refusals.SilenceIsOver):
        services.remind_of_silence(
            silence=silence, actor=commenting.secretary, at=silence.closes_at
        )
    assert end(commenting, silence).failure == "not_reminded"


def test_INV_B6_silence_is_asked_only_where_the_charter_says_so(
    commenting: Table, asked: Question
) -> None:
    table, world = commenting, commenting.world
    other = table.ask(asked.ballot.meeting, amendments=["A-01"], basis="amendment")
    with refused(negotiation_refusals.NotEditorial):
        opened(table, other)
    with chosen_time(), refused(refusals.SilenceNotAllowed):
        services.open_silence(
            ballot=asked.ballot, kind="persons", actor=table.secretary, at=table.now()
        )
    with chosen_time(), refused(NotAuthorised):
        services.open_silence(
            ballot=asked.ballot, kind="editorial", actor=world.people["EMP-1"], at=table.now()
        )
    world.change_charter(silence="off")
    with refused(refusals.SilenceNotAllowed):
        opened(table, asked)
    with broken("silence_is_consent_only_where_the_charter_says_so"):
        run(
            "INSERT INTO governance_silenceprocedure (uid, ballot_id, kind, charter_version_id,"
            " working_days, state, opened_at, closes_at, failure, failed_seats)"
            " SELECT gen_random_uuid(), b.id, 'editorial', v.id, 5, 'open', now(),"
            " now() + interval '9 days', '', '{}' FROM governance_ballot b,"
            " governance_charterversion v WHERE b.uid = %s AND v.number = 1",
            asked.ballot.uid,
        )


def test_INV_B6_no_vote_while_people_are_told_that_no_answer_is_consent(
    commenting: Table, silence: SilenceProcedure
) -> None:
    table, ballot, meeting = commenting, silence.ballot, silence.ballot.meeting
    with chosen_time():
        services.convene_meeting(meeting=meeting, actor=table.secretary, at=table.now())
    with broken("a_ballot_waits_while_silence_is_asked"):
        run(
            "UPDATE governance_ballot SET state = 'annulled', annulled_reason = 'text_changed',"
            " annulled_note = 'x' WHERE id = %s",
            ballot.pk,
        )
    with broken("only_tacit_consent_spares_a_ballot"):
        run("UPDATE governance_ballot SET state = 'tacit' WHERE id = %s", ballot.pk)
    with broken("silence_is_consent_only_of_those_who_were_reached"):
        run(
            "UPDATE governance_silenceprocedure SET state = 'tacit', ended_at = closes_at,"
            " reminded_at = opened_at + interval '1 hour', outcome = '{}'"
        )
    # Annulling the ballot stops the procedure with it.
    with chosen_time():
        services.annul_ballot(
            ballot=ballot,
            reason="wrong_question",
            note="Снят.",
            actor=table.world.coordinator,
            at=table.now(),
        )
    silence.refresh_from_db()
    assert silence.state == State.WITHDRAWN


def test_delivery_is_proved_by_the_person_or_by_a_receipt(
    commenting: Table, silence: SilenceProcedure
) -> None:
    """That a server took a letter is no personal delivery, and nobody reads for another."""
    table = commenting
    notice = silence.notices.get(seat__code="EMP-1")
    with chosen_time():
        for other in (table.world.people["EMP-2"], table.secretary):
            with refused(NotAuthorised):
                services.prove_silence_notice(
                    notice=notice, proof="read", actor=other, at=table.now()
                )
        services.prove_silence_notice(
            notice=notice, proof="receipt", actor=table.secretary, at=table.now()
        )
        with refused(refusals.NoticeAlreadyDelivered):
            services.prove_silence_notice(
                notice=notice, proof="read", actor=notice.person, at=table.now()
            )
    with broken("personal_delivery_has_a_proof"):
        run(
            "UPDATE governance_silencenotice SET delivered_at = now(), proof = 'server_accepted'"
            " WHERE delivered_at IS NULL"
        )
    assert SilenceNotice.objects.exclude(delivered_at=None).count() == 1
    assert not OutboxMessage.objects.filter(kind="silence_opened").exists()


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_pages_of_a_silence_procedure(
    commenting: Table, asked: Question, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    """From opening to the end through pages alone, saying plainly what no answer means."""
    table, world = commenting, commenting.world
    plain = {"ru": "Отсутствие ответа означает согласие", "en": "No answer means consent"}[language]
    for clock in ("django.utils.timezone.now", "audit.clock.now"):
        monkeypatch.setattr(clock, lambda: world.now)

    def browser(person: Person) -> Any:
        client = signed_in(person)
        client.cookies["django_language"] = language
        return client

    def at(name: str) -> str:
        return reverse(f"negotiation:{name}", args=[table.matter.uid, asked.ballot.uid])

    def asked_of(person: Person) -> list[str]:
        items = awaiting(person, world.now)
        return [item.url for item in items if item.kind == Inbox.SILENCE and str(item.title)]

    keeper, member = browser(table.secretary), browser(world.people["EMP-2"])
    with chosen_time():
        assert at("open_silence") in keeper.get(at("ballot")).text
        assert at("open_silence") not in member.get(at("ballot")).text
        assert member.get(at("open_silence")).status_code == 404
        assert keeper.get(at("open_silence")).status_code == 200
        assert keeper.post(at("open_silence"), {}).status_code == 302
        silence = SilenceProcedure.objects.get(ballot=asked.ballot)
        table.now()
        page = member.get(at("ballot")).text
        assert plain in page
        assert asked_of(world.people["EMP-2"]) == [at("ballot")]
        assert asked_of(table.secretary) == []
        assert at("object_to_silence") in page
        assert plain in member.get(at("read_silence")).text
        assert member.post(at("read_silence"), {}).status_code == 302
        assert at("read_silence") not in member.get(at("ballot")).text
        called = world.people["EMP-1"]
        offered = keeper.get(at("prove_silence_notice")).text
        assert f"EMP-1: {getattr(called, f'name_{language}')}" in offered
        for notice in silence.notices.filter(delivered_at=None).order_by("pk"):
            sent = {"notice": notice.uid, "proof": "receipt"}
            assert keeper.post(at("prove_silence_notice"), sent).status_code == 302
        assert keeper.post(at("end_silence"), {}).status_code == 422
        assert keeper.post(at("remind_of_silence"), {}).status_code == 302
        assert member.get(at("object_to_silence")).status_code == 200
        world.now = silence.closes_at
        assert at("object_to_silence") not in member.get(at("ballot")).text
        assert (
            member.post(
                at("object_to_silence"), {"text_sha256": asked.ballot.text_sha256}
            ).status_code
            == 422
        )
        assert at("end_silence") in keeper.get(at("ballot")).text
        assert asked_of(world.people["EMP-2"]) == []
        assert asked_of(table.secretary) == [at("end_silence")]
        assert keeper.post(at("end_silence"), {}).status_code == 302
        said = {"ru": "Никто не возразил в срок", "en": "Nobody objected within the term"}[language]
        assert said in member.get(at("ballot")).text
        assert asked_of(table.secretary) == []


def test_INV_A1_acts_of_silence_rest_on_evidence_that_answers_again(
    commenting: Table, silence: SilenceProcedure
) -> None:
    """The secretary keeps, a member votes to object, and who has read a notice says so himself."""
    acts, table = governance_acts, commenting
    on_paper = silence.notices.get(seat__code="EMP-1")
    with chosen_time():
        services.prove_silence_notice(
            notice=on_paper, proof="receipt", actor=table.secretary, at=table.now()
        )
    reach(table, silence, "EMP-1")
    remind(table, silence)
    objected(table, silence, "EXP-4")

    entries = [entry.members for entry in Entry.objects.order_by("id")]
    rested = {
        (each["type"], each["authz"].get("action") or each["authz"]["basis"])
        for each in entries
        if each["type"].startswith("governance.silence_")
    }
    assert rested == {
        (acts.SILENCE_OPENED, "keep"),
        (acts.SILENCE_NOTICE_DELIVERED, "keep"),
        (acts.SILENCE_NOTICE_DELIVERED, "oneself"),
        (acts.SILENCE_REMINDED, "keep"),
        (acts.SILENCE_BROKEN, "vote"),
    }
    assert [finding for finding in reexamine(entries) if not finding.stands] == []
    # Nobody else can say that a notice was read.
    read = next(each for each in entries if each["authz"] == {"basis": "oneself"})
    read["actor"]["subject"] = str(table.secretary.uid)
    [found] = [finding for finding in reexamine(entries) if not finding.stands]
    assert (found.entry, found.faults) == (read["id"], ("evidence",))
