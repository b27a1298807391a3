"""A question outside the agenda, from the coordinator's page to the ballot."""

from __future__ import annotations

from django.urls import reverse

from governance import services
from governance.models import AgendaItem, Meeting
from tests.accounts.pages import signed_in
from tests.negotiation.table import Table
from tests.world import chosen_time


def test_pages_lead_a_late_item_to_the_agenda_and_say_what_is_wanting(table: Table) -> None:
    world = table.world
    with chosen_time():
        meeting = world.opened()
        propose = reverse("negotiation:propose_late_item", args=[table.matter.uid])
        coordinator = signed_in(world.coordinator)
        assert signed_in(world.people["EMP-1"]).get(propose).status_code == 404
        live = reverse("negotiation:live_meeting", args=[meeting.uid])
        assert propose in coordinator.get(live).text

        words = {
            "meeting": meeting.uid,
            "title_ru": "Вопрос с голоса",
            "title_en": "From the floor",
        }
        nothing = coordinator.post(propose, words)
        assert (nothing.status_code, "Вопрос с голоса" in nothing.text) == (422, True)
        page = coordinator.post(propose, {**words, "whole": "on"}).headers["Location"]
        item = AgendaItem.objects.get(title_ru="Вопрос с голоса")
        assert item.topics == [table.matter.uid]
        assert all(page in coordinator.get(door).text for door in (live, _page_of(meeting)))

        last = "EXP-4"
        for code in world.seats:
            if code != last:
                assert _answer(world.people[code], page, world.seats[code].uid) == 302
        early = coordinator.post(page + "add/")
        assert (early.status_code, f"Участвуют не все места: {last}" in early.text) == (422, True)
        world.go(meeting, last)
        absent = signed_in(world.people[last])
        assert page + "answer/" in absent.get(page).text
        refused = absent.post(page + "answer/", {"seat": world.seats[last].uid, "agrees": "yes"})
        assert (refused.status_code, last in refused.text) == (422, True)
        world.later(hours=1)
        world.come(meeting, last)
        assert _answer(world.people[last], page, world.seats[last].uid) == 302
        assert _answer(world.people[last], page, world.seats[last].uid) == 422
        assert coordinator.post(page + "add/").headers["Location"] == page

    item.refresh_from_db()
    assert item.standing == AgendaItem.Standing.ADDED
    done = signed_in(world.people["PUB-1"]).get(page).text
    assert "Включён в повестку дня" in done
    assert page + "add/" not in done


def test_an_objection_stands_and_is_said_to_everybody(table: Table) -> None:
    world = table.world
    with chosen_time():
        meeting = world.opened()
        item = services.propose_late_item(
            meeting=meeting,
            title_ru="Вопрос",
            topics=[table.matter.uid],
            actor=world.coordinator,
            at=world.later(),
        )
        page = reverse("governance:late_item", args=[meeting.uid, item.uid])
        for code, seat in world.seats.items():
            said = "no" if code == "PUB-3" else "yes"
            assert _answer(world.people[code], page, seat.uid, said) == 302
        refused = signed_in(world.coordinator).post(page + "add/")
        assert (refused.status_code, "Согласны не все места: PUB-3" in refused.text) == (422, True)
        assert "Есть возражение, и оно остаётся в силе" in signed_in(world.heads[0]).get(page).text
        listed = reverse("governance:late_item", args=[meeting.uid, meeting.agenda.first().uid])
        assert signed_in(world.coordinator).get(listed).status_code == 404


def _page_of(meeting: Meeting) -> str:
    return reverse("governance:meeting", args=[meeting.uid])


def _answer(person: object, page: str, seat: object, agrees: str = "yes") -> int:
    sent = signed_in(person).post(page + "answer/", {"seat": seat, "agrees": agrees})
    return sent.status_code
