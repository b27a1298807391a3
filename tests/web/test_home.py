"""The first screens answer the first question of each kind of person (domain, section 8)."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Person
from governance.models import Ballot
from tests.web.scene import Scene
from tests.world import chosen_time

SignIn = Callable[[Person], Client]


def text(html: str) -> str:
    """Return the words of the main part of a page."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_visitor_sees_what_is_in_force_and_what_is_negotiated(
    scene: Scene, client: Client
) -> None:
    words = text(client.get("/").text)

    assert "Требования, о которых договорились стороны" in words
    assert "ЛТ-МШ-05, версия 1.0" in words
    assert "ПГ-1" in words
    assert "решено пунктов: 0 из 3" in words
    assert "Не заменяет федеральную лицензию" in words


def test_a_visitor_is_not_led_into_a_negotiation(scene: Scene, client: Client) -> None:
    assert str(scene.matter.uid) not in client.get("/").text


def test_an_empty_installation_leads_to_its_first_administrator(db: None, client: Client) -> None:
    assert client.get("/").headers["Location"] == "/desk/first-administrator/"


def test_an_employer_sees_the_question_the_two_numbers_and_the_button(
    scene: Scene, as_person: SignIn
) -> None:
    # Domain 8.2: what you want of me, by when, how long it takes; the two numbers in dispute.
    html = as_person(scene.world.people["EMP-3"]).get("/").text
    words = text(html)

    assert "Мои вопросы до конца недели" in words
    assert "Принять пункт 1.1 в редакции с 60 часами?" in words
    assert "рабочий день" in words
    assert "около 2 минут" in words
    assert "не менее 40 академических часов" in words
    assert "не менее 60 академических часов" in words
    assert f'href="/negotiation/{scene.matter.uid}/ballots/{scene.ballot.uid}/"' in html


def test_a_position_to_an_earlier_wording_is_not_shown_as_one_to_this(
    scene: Scene, as_person: SignIn
) -> None:
    words = text(as_person(scene.world.people["EMP-3"]).get("/").text)

    assert "Наша сторона: Поддерживает Дана к прежней редакции" in words


def test_a_coordinator_is_asked_for_the_position_of_the_side(
    scene: Scene, as_person: SignIn
) -> None:
    words = text(as_person(scene.world.people["PUB-1"]).get("/").text)
    assert "Ваша сторона молчит по 3 пунктам" in words


def test_a_member_is_not(scene: Scene, as_person: SignIn) -> None:
    words = text(as_person(scene.world.people["PUB-3"]).get("/").text)
    assert "Ваша сторона молчит" not in words


def test_a_vote_that_was_cast_leaves_the_list_and_has_a_receipt(
    scene: Scene, as_person: SignIn
) -> None:
    scene.world.now = scene.ballot.opened_at
    vote = scene.world.vote(scene.ballot, "EMP-3")
    html = as_person(scene.world.people["EMP-3"]).get("/").text

    assert "Прочитать и проголосовать" not in html
    assert f"/receipt/{vote.uid}/" in html
    assert "Учтён" in html


def test_a_closed_ballot_asks_nothing(scene: Scene, as_person: SignIn) -> None:
    with chosen_time():
        scene.world.close(scene.ballot)
    assert Ballot.objects.get().state != Ballot.State.OPEN
    assert "Прочитать и проголосовать" not in as_person(scene.world.people["EMP-3"]).get("/").text


def test_an_official_sees_who_objects_and_with_what_words(scene: Scene, as_person: SignIn) -> None:
    # Domain 8.1: who objects and with what words.
    words = text(as_person(scene.world.official).get("/").text)

    assert "Что ждёт моего решения" in words
    assert "EXP возражает против п. 1.1 : Сорок часов мало для пятиосевого станка." in words


def test_the_ministrys_own_member_has_the_officials_screen(scene: Scene, as_person: SignIn) -> None:
    words = text(as_person(scene.world.people["MIN-1"]).get("/").text)

    assert "Что ждёт моего решения" in words
    assert "Принять пункт 1.1 в редакции с 60 часами?" in words


def test_the_head_of_an_institution_sees_the_answer_to_a_comment(
    scene: Scene, as_person: SignIn
) -> None:
    # Domain 8.3, task 6: comment on drafts that will bind me and see the answer.
    words = text(as_person(scene.world.heads[0]).get("/").text)

    assert "Мои модули и обещания" in words
    assert "Уточнить, кто назначает наставника." in words
    assert "Назначение определяется договором о сетевой форме." in words
    assert "Принято к сведению" in words


def test_another_head_does_not_see_that_comment_as_own(scene: Scene, as_person: SignIn) -> None:
    words = text(as_person(scene.world.heads[1]).get("/").text)
    assert "Уточнить, кто назначает наставника." not in words


def test_an_auditor_sees_each_decision_with_its_chain(scene: Scene, as_person: SignIn) -> None:
    # Domain 8.4: each link with the reason; at the top valid, voidable or void.
    scene.decide(scene.ballot)
    client = as_person(scene.world.auditor)
    answer = client.get("/", follow=True)
    words = text(answer.text)

    assert answer.redirect_chain == [("/decisions/", 302)]
    assert "Цепочка решения" in words
    assert f"{scene.matter.code} · {scene.ballot.code}" in words
    assert "Принять пункт 1.1 в редакции с 60 часами?" in words
    assert f'/ballots/{scene.ballot.uid}/decision/"' in answer.text
    assert answer.text.count('class="v-links__mark"') == 11


def test_an_auditor_of_nothing_sees_nothing(scene: Scene, as_person: SignIn) -> None:
    scene.decide(scene.ballot)
    words = text(as_person(scene.world.people["EMP-3"]).get("/decisions/").text)

    assert scene.ballot.code not in words


def test_decisions_are_narrowed_by_their_verdict(scene: Scene, as_person: SignIn) -> None:
    scene.decide(scene.ballot)
    client = as_person(scene.world.auditor)
    verdict = scene.ballot.decision.validity["verdict"]
    others = {"valid", "voidable", "void"} - {verdict}

    assert scene.ballot.code in text(client.get("/decisions/", {"verdict": verdict}).text)
    for other in others:
        assert scene.ballot.code not in text(client.get("/decisions/", {"verdict": other}).text)
    # Nonsense narrows nothing.
    assert scene.ballot.code in text(client.get("/decisions/", {"verdict": "x"}).text)


def test_decisions_are_not_open_to_visitors(scene: Scene, client: Client) -> None:
    assert client.get("/decisions/").headers["Location"].startswith("/accounts/login/")


def test_a_secretary_sees_the_meetings_ahead(scene: Scene, as_person: SignIn) -> None:
    html = as_person(scene.world.secretary).get("/").text
    assert f'href="/desk/meetings/{scene.meeting.uid}/"' in html


SCREENS = ["official", "side", "head", "auditor", "desk", "nonsense"]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_of_somebody_else_is_not_shown(
    scene: Scene, as_person: SignIn, screen: str
) -> None:
    answer = as_person(scene.world.people["EMP-3"]).get("/", {"screen": screen})

    assert answer.status_code == 200
    assert "Мои вопросы до конца недели" in text(answer.text)


# --- Signing in to a demonstration -----------------------------------------------------------


def test_people_to_pick_stand_with_their_sides_the_coordinator_first(
    scene: Scene, client: Client
) -> None:
    html = client.get("/sign-in/demo/").text
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", html)
    employers = html[html.index("Работодатели") : html.index("Общественные организации")]

    assert headings == [
        "Министерство",
        "Работодатели",
        "Общественные организации",
        "Эксперты",
        "Должностные лица и наблюдатели",
    ]
    assert re.findall(r"EMP-\d BODY", employers) == [f"EMP-{n} BODY" for n in (1, 2, 3, 4)]
    assert "Координатор стороны, EMP-1" in employers


# --- The inbox ---------------------------------------------------------------------------


def test_the_inbox_holds_what_awaits_the_reader(scene: Scene, as_person: SignIn) -> None:
    html = as_person(scene.world.people["EMP-3"]).get("/inbox/").text

    assert f"/ballots/{scene.ballot.uid}/" in html
    assert "рабочий день" in html


def test_the_number_beside_the_inbox_is_that_of_the_inbox(scene: Scene, as_person: SignIn) -> None:
    client = as_person(scene.world.people["EMP-3"])
    shown = client.get("/inbox/").text.count('class="v-list__title"')

    assert f'class="v-count">{shown}<' in client.get("/inbox/count/").text


def test_nothing_to_do_has_no_number(scene: Scene, as_person: SignIn) -> None:
    client = as_person(scene.world.person("Гость"))

    assert client.get("/inbox/count/").text == ""
    assert "Вас ничего не ждёт" in text(client.get("/inbox/").text)


def test_a_visitor_has_no_inbox(scene: Scene, client: Client) -> None:
    assert client.get("/inbox/").headers["Location"].startswith("/accounts/login/")
    assert client.get("/inbox/count/").text == ""


# --- How much is asked of the database -----------------------------------------------------

QUERIES = {
    "/": {"visitor": 7, "EMP-3": 35, "MIN-1": 40, "official": 23, "head": 18, "secretary": 25},
    "/inbox/": {"secretary": 19, "EMP-3": 21},
}


def person_of(scene: Scene, who: str) -> Person:
    world = scene.world
    return world.heads[0] if who == "head" else world.people.get(who) or getattr(world, who)


@pytest.mark.parametrize(
    ("page", "most"),
    [((address, who), most) for address, people in QUERIES.items() for who, most in people.items()],
)
def test_a_page_asks_a_known_number_of_questions(
    scene: Scene,
    as_person: SignIn,
    django_assert_max_num_queries: Any,
    page: tuple[str, str],
    most: int,
) -> None:
    address, who = page
    client = Client() if who == "visitor" else as_person(person_of(scene, who))
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


def test_more_decisions_ask_no_more_questions(
    scene: Scene, as_person: SignIn, django_assert_max_num_queries: Any
) -> None:
    another = scene.another_ballot("1.2")
    scene.decide(scene.ballot)
    client = as_person(scene.world.auditor)
    client.get("/decisions/")
    with django_assert_max_num_queries(15):
        client.get("/decisions/")

    scene.decide(another)
    with django_assert_max_num_queries(15):
        assert another.code in client.get("/decisions/").text
