"""Every act of governance leaves its entry, and every entry can be said in words."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import translation

from audit.models import Entry
from audit.registry import all_types
from audit.sentences import sentence
from documents.papers import Kind
from governance import services
from governance.models import Challenge, Meeting
from governance.papers import source_of
from tests.documents.signers import Authority
from tests.world import PROCEDURE, World, build_world, chosen_time

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Return a table whose charter gives days to remark on a draft of minutes."""
    with chosen_time():
        yield build_world(procedure={**PROCEDURE, "remarks_working_days": 2})


def _live(world: World) -> None:
    """Do everything that can be done at a table, once."""
    act = {"actor": world.secretary}
    world.later(days=1)
    today = world.now.date()
    plant = world.organisations["EMP"]
    services.rename_organisation(
        organisation=plant, name_ru="Новое имя", valid_from=today, at=world.now, **act
    )
    works = services.affiliate(
        person=world.people["EMP-1"],
        organisation=plant,
        position_ru="технолог",
        valid_from=today,
        at=world.now,
        **act,
    )
    services.end_affiliation(
        affiliation=works, valid_to=today + timedelta(days=9), at=world.now, **act
    )
    services.vacate_seat(
        seat=world.seats["PUB-4"],
        valid_to=today + timedelta(days=200),
        at=world.now,
        **act,
    )
    services.end_appointment(
        appointment=world.heads[1].appointments.get(), valid_to=today, at=world.now, **act
    )

    _cancel_and_fail(world)
    meeting = world.opened()
    world.go(meeting, "EXP-4")
    world.later()
    world.come(meeting, "EXP-4")
    notice = meeting.notices.order_by("id").first()
    services.record_delivery(notice=notice, proof="post", at=world.later(), **act)
    _add_late_item(world, meeting)
    _speak(world, meeting)
    _vote_and_challenge(world, meeting)
    world.close_meeting(meeting)
    _write_up(world, meeting)


def _cancel_and_fail(world: World) -> None:
    cancelled = world.planned()
    services.cancel_meeting(
        meeting=cancelled, note="Карантин", actor=world.secretary, at=world.later()
    )
    failed = world.convened()
    world.later(minutes=30)
    services.adjourn_without_quorum(meeting=failed, actor=world.coordinator, at=world.now)


def _speak(world: World, meeting: Meeting) -> None:
    leads = {"actor": world.coordinator}
    item = meeting.agenda.order_by("number").first()
    services.take_up_item(item=item, at=world.later(), **leads)
    first, second, third = (
        services.ask_for_the_floor(
            meeting=meeting, seat=world.seats[seat], actor=world.people[seat], at=world.later()
        )
        for seat in ("EMP-1", "PUB-1", "EXP-1")
    )
    services.let_speak_earlier(request=third, at=world.later(), **leads)
    services.give_the_floor(request=first, at=world.later(), **leads)
    services.end_speech(request=first, at=world.later(), **leads)
    services.withdraw_request(request=second, at=world.later(), **leads)


def _add_late_item(world: World, meeting: object) -> None:
    item = services.propose_late_item(
        meeting=meeting,
        title_ru="Вопрос",
        topics=[uuid4()],
        actor=world.coordinator,
        at=world.later(),
    )
    for code, seat in world.seats.items():
        services.answer_late_item(
            item=item,
            seat=seat,
            agrees=True,
            actor=world.people[code],
            at=world.later(seconds=1),
        )
    services.decide_to_add_item(item=item, actor=world.coordinator, at=world.later())


def _vote_and_challenge(world: World, meeting: object) -> None:
    world.conflict("EMP-2", [uuid4()])
    annulled = world.ballot(meeting)
    services.annul_ballot(
        ballot=annulled,
        reason="technical_fault",
        note="сбой",
        actor=world.coordinator,
        at=world.later(),
    )
    ballot = world.ballot(meeting)
    world.vote(ballot, "MIN-4")
    world.check_paper(world.paper_vote(ballot, "PUB-4"))
    world.vote_all(ballot, PUB_4="")
    world.close(ballot)
    services.file_dissent(
        ballot=ballot, text_ru="Мнение", actor=world.people["EMP-1"], at=world.later()
    )
    services.revoke_mandate(
        mandate=world.mandates["EMP-3"],
        revoked_on=world.now.date(),
        actor=world.secretary,
        at=world.later(),
    )
    services.settle_challenge(
        challenge=Challenge.objects.get(),
        settlement="confirmed",
        note="Письмо",
        actor=world.secretary,
        at=world.later(),
    )
    world.go(meeting, "PUB-1", "PUB-2", "PUB-3")
    world.ballot(meeting)


def _write_up(world: World, meeting: object) -> None:
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.later()
    )
    remark = services.remark_on_protocol(
        protocol=protocol, text="Неточно", actor=world.people["EXP-1"], at=world.later()
    )
    services.answer_remark(
        remark=remark,
        disposition="accepted",
        answer="Учтено",
        actor=world.secretary,
        at=world.later(days=4),
    )
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    correction = services.correct_protocol(
        protocol=protocol,
        ground="misprint",
        place="пункт 1",
        was="а",
        becomes="б",
        reason="описка",
        actor=world.secretary,
        at=world.later(),
    )
    services.agree_correction(correction=correction, actor=world.coordinator, at=world.later())
    services.publish_protocol(protocol=protocol, actor=world.secretary, at=world.later(days=10))
    paper = services.issue_paper(
        source=source_of(Kind.PROTOCOL),
        subject=protocol,
        actor=world.secretary,
        at=world.later(),
    )
    file = paper.files.get(language="ru", format="pdf")
    services.keep_signature(
        file=file,
        subject=protocol,
        sent=Authority.create().signer("Координатор").pdf(bytes(file.content)),
        actor=world.secretary,
        at=world.later(),
    )


def _charter(world: World) -> None:
    """A draft is begun, rewritten, voted for and becomes an edition; another is withdrawn."""
    begin = {
        "body": world.body,
        "document_ru": "Регламент, редакция 2",
        "rules": world.charter.rules,
        "procedure": world.charter.procedure,
        "effective_from": world.now.date(),
        "actor": world.secretary,
    }
    draft = services.draft_charter(**begin, at=world.later())
    services.revise_charter(
        draft=draft,
        seen_sha256=draft.sha256,
        reasons_ru="Так яснее.",
        actor=world.secretary,
        at=world.later(),
    )
    meeting = world.opened(topics=[draft.uid])
    question = services.put_charter(
        draft=draft,
        meeting=meeting,
        agenda_item=meeting.agenda.get(),
        code="C-1",
        question_ru="Принять?",
        actor=world.secretary,
        at=world.later(),
    )
    world.open_ballot(question.ballot)
    world.vote_all(question.ballot)
    world.close(question.ballot)
    services.adopt_draft(draft=draft, actor=world.secretary, at=world.later())
    other = services.draft_charter(**begin, at=world.later())
    services.withdraw_charter(draft=other, actor=world.secretary, at=world.later())


# Silence is asked about amendments alone, which this table has none of: they are played in
# `tests/negotiation/test_silence.py`.
PLAYED_ELSEWHERE = {name for name in all_types() if name.startswith("governance.silence_")}


def test_INV_A1_every_act_leaves_its_entry_with_its_authority(world: World) -> None:
    _live(world)
    _charter(world)

    ours = Entry.objects.filter(type__startswith="governance.")
    recorded = set(ours.values_list("type", flat=True))
    declared = {name for name in all_types() if name.startswith("governance.")}
    assert recorded == declared - PLAYED_ELSEWHERE
    for entry in ours:
        assert entry.authority
        for language in ("ru", "en"):
            with translation.override(language):
                said = sentence(entry)
            assert said != entry.type
            assert "%(" not in said


def test_no_entry_holds_a_name_or_a_text(world: World) -> None:
    _live(world)
    for entry in Entry.objects.filter(type__startswith="governance."):
        # The canonical bytes are ASCII: no Russian word is among them.
        bytes(entry.leaf).decode("ascii")
