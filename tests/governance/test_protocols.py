"""Protocols: what they contain, who signs, when they are opened to everybody."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.services import rename_person
from documents.papers import Kind
from governance import refusals, services
from governance.authority import NotAuthorised
from governance.models import Meeting, Protocol
from governance.services._rows import digest_of
from tests.governance.refusals import refused
from tests.governance.test_charters_in_words import signed_in
from tests.world import PROCEDURE, World, build_world, chosen_time

pytestmark = pytest.mark.django_db


def _held(world: World) -> Meeting:
    meeting = world.opened()
    world.conflict("EMP-2", meeting.agenda.get().topics)
    ballot = world.ballot(meeting)
    world.vote_all(ballot, EXP_4="against")
    world.vote(ballot, "EMP-2")
    world.close(ballot)
    return world.close_meeting(meeting)


def test_a_protocol_is_read_from_the_record(world: World) -> None:
    meeting = _held(world)
    draft = {"meeting": meeting, "number": "1", "actor": world.secretary}
    protocol = services.draft_protocol(**draft, at=world.later())
    with refused(refusals.ProtocolExists):
        services.draft_protocol(**draft, at=world.later())

    content = protocol.content
    assert protocol.sha256 == digest_of(content)
    assert len(content["attendance"]) == 16
    assert [officer["role"] for officer in content["officers"]] == ["coordinator", "secretary"]
    (ballot,) = content["ballots"]
    assert (ballot["result"], ballot["validity"]) == ("agreed", "valid")
    recused = [entry["seat"] for entry in ballot["roll"] if entry["standing"] == "recused"]
    assert recused == ["EMP-2"]
    against = [vote["name_en"] for vote in ballot["votes"] if vote["choice"] == "against"]
    assert against == ["EXP-4 BODY-1"]
    rejected = [vote["reason"] for vote in ballot["votes"] if vote["status"] == "rejected"]
    assert rejected == ["recused"]
    assert len(content["notices"]) == 20


def test_a_protocol_names_people_as_they_were_called_then(world: World) -> None:
    meeting = _held(world)
    rename_person(
        person=world.coordinator,
        name_ru="Новая Фамилия",
        name_en="New Name",
        valid_from=world.later(days=1).date(),
        actor=world.secretary,
        at=world.now,
    )
    protocol = services.draft_protocol(
        meeting=meeting, number="1", actor=world.secretary, at=world.now
    )
    assert protocol.content["officers"][0]["name_en"] == "coordinator BODY-1"


def test_a_protocol_stands_with_two_signatures(world: World) -> None:
    protocol = services.draft_protocol(
        meeting=_held(world), number="1", actor=world.secretary, at=world.later()
    )
    with refused(NotAuthorised):
        services.sign_protocol(protocol=protocol, actor=world.people["EMP-2"], at=world.later())
    for signer in (world.people["EMP-1"], world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
        protocol.refresh_from_db()
        assert protocol.state == Protocol.State.DRAFT
    with refused(refusals.AlreadySigned):
        services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())
    services.sign_protocol(protocol=protocol, actor=world.coordinator, at=world.later())
    protocol.refresh_from_db()
    assert (protocol.state, protocol.signed_at) == (Protocol.State.SIGNED, world.now)


def test_a_protocol_is_published_when_no_opinion_can_be_added(world: World) -> None:
    protocol = services.draft_protocol(
        meeting=_held(world), number="1", actor=world.secretary, at=world.later()
    )
    publish = {"protocol": protocol, "actor": world.secretary}
    with refused(refusals.ProtocolNotInState):
        services.publish_protocol(**publish, at=world.later())
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    with refused(refusals.DissentWindowOpen):
        services.publish_protocol(**publish, at=world.later(days=1))
    public = reverse("web:published", args=[Kind.PUBLISHED_EXTRACT, protocol.uid])
    assert Client().get(public).status_code == 404
    services.publish_protocol(**publish, at=world.later(days=7))
    assert list(Protocol.objects.published()) == [protocol]
    shown = Client().get(public).text
    assert protocol.sha256 in shown
    assert world.people["EMP-1"].name_ru not in shown
    with refused(refusals.ProtocolNotInState):
        services.sign_protocol(protocol=protocol, actor=world.people["EMP-1"], at=world.later())


def test_a_protocol_waits_for_the_end_of_its_meeting(world: World) -> None:
    meeting = world.opened()
    with refused(refusals.MeetingNotInState):
        services.draft_protocol(
            meeting=meeting, number="1", actor=world.secretary, at=world.later()
        )


def test_numbers_of_protocols_do_not_repeat(world: World) -> None:
    for number in (1, 2):
        meeting = world.close_meeting(world.opened())
        draft = {"meeting": meeting, "actor": world.secretary}
        if number == 2:
            with refused(refusals.CodeTaken):
                services.draft_protocol(**draft, number="1", at=world.later())
        services.draft_protocol(**draft, number=str(number), at=world.later())


def test_members_remark_for_days_and_every_remark_is_answered_before_anybody_signs() -> None:
    with chosen_time():
        world = build_world(procedure={**PROCEDURE, "remarks_working_days": 2})
        protocol = services.draft_protocol(
            meeting=world.close_meeting(world.opened()),
            number="1",
            actor=world.secretary,
            at=world.later(),
        )
        page = reverse("governance:protocol", args=[protocol.meeting.uid])
        member, secretary = signed_in(world.people["EMP-2"]), signed_in(world.secretary)
        said = {"text": "Я пришёл в 11:00"}
        remarks = {"protocol": protocol, **said}
        with refused(NotAuthorised):
            services.remark_on_protocol(**remarks, actor=world.heads[0], at=world.later())
        with refused(refusals.TooEarly):
            services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())
        remark = services.remark_on_protocol(
            **remarks, actor=world.people["EMP-2"], at=world.later()
        )
        answer = f"{page}remarks/{remark.uid}/"
        assert answer in secretary.get(page).text
        assert [one.get(answer).status_code for one in (member, secretary)] == [404, 200]

        # The pages ask the clock, and by it the days are long over.
        late = member.post(page + "remark/", said)
        assert (late.status_code, "принимались до" in late.text) == (422, True)
        assert said["text"] in late.text
        with refused(refusals.RemarksOver):
            services.remark_on_protocol(
                **remarks, actor=world.people["EMP-1"], at=world.later(days=5)
            )
        with refused(refusals.RemarksUnanswered):
            services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())
        answered = {"disposition": "rejected", "answer": "По записи – в 10:00"}
        assert secretary.post(answer, {**answered, "answer": ""}).status_code == 422
        assert secretary.post(answer, answered).headers["Location"] == page
        shown = member.get(page).text
        assert all(words in shown for words in ("Я пришёл в 11:00", "Отклонено", "По записи"))
        with refused(refusals.RemarkAnswered):
            services.answer_remark(
                remark=remark, **answered, actor=world.secretary, at=world.later()
            )
        services.sign_protocol(protocol=protocol, actor=world.secretary, at=world.later())


def test_a_correction_stands_beside_the_minutes_once_a_second_person_agrees(world: World) -> None:
    protocol = services.draft_protocol(
        meeting=_held(world), number="1", actor=world.secretary, at=world.later()
    )
    for signer in (world.coordinator, world.secretary):
        services.sign_protocol(protocol=protocol, actor=signer, at=world.later())
    page = reverse("governance:protocol", args=[protocol.meeting.uid])
    secretary, coordinator = signed_in(world.secretary), signed_in(world.coordinator)
    slip = {"ground": "wrong_date", "place": "с. 1", "was": "2025", "becomes": "2026"}

    correct = reverse("governance:correct_protocol", args=[protocol.meeting.uid])
    assert secretary.post(correct, {**slip, "reason": "описка"}).headers["Location"] == page
    agree = f"{page}corrections/{protocol.corrections.get().uid}/"
    assert agree not in secretary.get(page).text
    assert agree in coordinator.get(page).text
    assert [one.get(agree).status_code for one in (secretary, coordinator)] == [404, 200]
    assert coordinator.post(agree).headers["Location"] == page
    shown = signed_in(world.people["EMP-1"]).get(page).text
    assert "<del>2025</del>" in shown
    assert "<ins>2026</ins>" in shown
    protocol.refresh_from_db()
    assert digest_of(protocol.content) == protocol.sha256


def test_an_opinion_is_filed_once_on_something_decided(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    opinion = {"ballot": ballot, "text_ru": "Особое мнение", "actor": world.people["MIN-3"]}
    with refused(refusals.BallotNotInState):
        services.file_dissent(**opinion, at=world.later())
    world.vote_all(ballot)
    world.close(ballot)
    # A member who had no vote of his own may have an opinion.
    services.file_dissent(**opinion, at=world.later())
    with refused(refusals.OpinionExists):
        services.file_dissent(**opinion, at=world.later())
    with refused(NotAuthorised):
        services.file_dissent(**{**opinion, "actor": world.heads[0]}, at=world.later())


def test_who_was_replaced_since_may_still_dissent(world: World) -> None:
    meeting = world.opened()
    ballot = world.ballot(meeting)
    world.vote_all(ballot, PUB_4="against")
    world.close(ballot)
    services.vacate_seat(
        seat=world.seats["PUB-4"],
        valid_to=world.later(days=1).date(),
        actor=world.secretary,
        at=world.now,
    )
    opinion = services.file_dissent(
        ballot=ballot,
        text_ru="Особое мнение",
        actor=world.people["PUB-4"],
        at=world.later(),
    )
    assert opinion.seat == world.seats["PUB-4"]
