"""From an empty database to requirements in force: everything through the pages, by its people.

The clock is the machine's: a real PostgreSQL and a real server of their own, under libfaketime
(see `tests.browser.machine`). Nothing is played or loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.browser.eyes import Eyes
from tests.browser.hands import Hands
from tests.browser.machine import Machine, machine

PASSWORD = "battery staple 9"
SPRING, AUTUMN = "2026-02-02", "2026-09-01"

PEOPLE = {
    "secretary": ("Лаптева Ольга Викторовна", "Lapteva O. V."),
    "coordinator": ("Седых Павел Ильич", "Sedykh P. I."),
    "official": ("Громова Нина Петровна", "Gromova N. P."),
    "lawyer": ("Вершинин Олег Юрьевич", "Vershinin O. Yu."),
    "MIN-1": ("Ершова Елена Борисовна", "Yershova E. B."),
    "MIN-2": ("Калинина Дарья Олеговна", "Kalinina D. O."),
    "EMP-1": ("Сафонов Игорь Львович", "Safonov I. L."),
    "EMP-2": ("Юдин Роман Сергеевич", "Yudin R. S."),
}
READS_ENGLISH = {"coordinator", "lawyer", "EMP-1", "EMP-2"}
SIDES = {"MIN": ("Министерство", "Ministry"), "EMP": ("Работодатели", "Employers")}
SCOPES = {
    "MIN-1": ["vote", "negotiate", "sign"],
    "MIN-2": ["negotiate"],
    "EMP-1": ["vote", "negotiate", "sign"],
    "EMP-2": ["vote", "negotiate"],
}
DRAFT = """1. Оборудование
1.1. Машинное время
На каждого обучающегося приходится не менее 40 часов работы на станке.
1.2. Наставники
Наставник работает с группой не более восьми обучающихся.
"""


@pytest.fixture(scope="module")
def empty_machine(django_db_setup: None, django_db_blocker: Any) -> Iterator[Machine]:
    """Start a machine with nothing in its database, on a working Monday."""
    with django_db_blocker.unblock(), machine(f"{SPRING} 09:00") as started:
        yield started


@dataclass
class Cast:
    """The people of the story, each at a browser of their own."""

    machine: Machine
    visitor: Callable[..., Hands]
    eyes: Eyes
    present: dict[str, Hands] = field(default_factory=dict)

    def come_in(self) -> None:
        """Let everybody use their invitation; later they sign in with their password."""
        for role in PEOPLE:
            email = f"{role.lower()}@veche.example"
            language = "en" if role in READS_ENGLISH else "ru"
            hands = self.visitor(
                self.machine.address, language=language, email=email, password=PASSWORD
            )
            hands.page.goto(self.machine.link_for(email, "/invitation/"))
            self.eyes.look(hands.page)
            self.present[role] = hands.send(password1=PASSWORD, password2=PASSWORD)

    def __call__(self, role: str) -> Hands:
        """Return somebody."""
        return self.present[role]


def name(role: str) -> str:
    return PEOPLE[role][0]


def test_from_an_empty_database_to_requirements_in_force(
    empty_machine: Machine, visitor: Callable[..., Hands], eyes: Eyes
) -> None:
    administrator = visitor(
        empty_machine.address, email="administrator@veche.example", password=PASSWORD
    )
    administrator.go("/")
    eyes.look(administrator.page)
    body = set_up(administrator)
    cast = Cast(empty_machine, visitor, eyes)
    cast.come_in()
    seat_everybody(cast("secretary"), body)
    matter = circulate_a_draft(cast("secretary"))
    negotiate(cast, matter)

    empty_machine.set_clock("2026-02-11 09:00")
    meeting = convene(cast("secretary"), matter, body)
    empty_machine.set_clock("2026-02-18 10:00")
    vote(cast, matter, meeting)

    version = approve(cast, matter)
    empty_machine.set_clock(f"{AUTUMN} 08:00")
    cast("secretary").go(version).follow("Bring into force").send()

    reader = visitor(empty_machine.address)
    reader.go("/register/").open("Требования к модулю «Наладка станков»").follow("Read the text")
    assert reader.reads("не менее 60 часов работы на станке")
    assert reader.reads("Дежурный инженер назначается приказом")


def set_up(administrator: Hands) -> str:
    """Open the installation, register organisations and people, create the table."""
    administrator.send(
        name_ru="Рогожин Андрей Михайлович",
        name_en="Rogozhin A. M.",
        email=administrator.email,
        password1=PASSWORD,
        password2=PASSWORD,
    )
    for code, kind in {"MIN": "executive_authority", "EMP": "employer"}.items():
        ru, en = SIDES[code]
        administrator.go("/desk/").follow("Register an organisation")
        administrator.send(code=code, kind=kind, name_ru=f"{ru} края", name_en=f"{en} of the krai")
    for role, (ru, en) in PEOPLE.items():
        administrator.go("/desk/people/").follow("Register a person")
        administrator.send(name_ru=ru, name_en=en, email=f"{role.lower()}@veche.example")
        administrator.follow("Invite").send()
    administrator.go("/desk/").follow("Create a body")
    administrator.send(
        code="NC",
        kind="negotiation_table",
        name_ru="Переговорная комиссия",
        name_en="Negotiation commission",
    )
    body: str = administrator.page.url
    administrator.follow("Appoint")
    administrator.send(
        role="secretary", person=name("secretary"), basis_ru="приказ № 1", valid_from=SPRING
    )
    return body


def seat_everybody(secretary: Hands, body: str) -> None:
    """Add sides and seats, adopt the charter, appoint, fill the seats, register the mandates."""
    for side, (ru, en) in SIDES.items():
        secretary.go(body).follow("Add a side").send(code=side, name_ru=ru, name_en=en)
    for side in SIDES:
        for duty in ("coordinator", "deputy"):
            secretary.go(body).follow("Add a seat", SIDES[side][0]).send(duty=duty)
    secretary.follow("Register an edition").send(
        document_ru="Регламент комиссии",
        document_en="Charter of the commission",
        adopted_on=SPRING,
        effective_from=SPRING,
        notice_working_days=3,
        comment_working_days=5,
        rule_MIN="single_voice",
        rule_EMP="majority_of_entitled",
    )
    for role in ("coordinator", "official"):
        duty = "approving_official" if role == "official" else role
        secretary.follow("Appoint").send(
            role=duty, person=name(role), basis_ru="решение сторон", valid_from=SPRING
        )
    for seat, scope in SCOPES.items():
        side = seat[:3]
        secretary.follow("Seat a person", seat).send(
            person=name(seat), basis_ru="решение стороны", valid_from=SPRING
        )
        secretary.follow("Mandate", seat).send(
            code=f"M-{seat}",
            person=name(seat),
            kind="order" if side == "MIN" else "power_of_attorney",
            principal=f"{SIDES[side][0]} края",
            document_ru="доверенность № 7/26",
            issued_on=SPRING,
            valid_from=SPRING,
            last_day="2026-12-31",
            scope=scope,
        )
    secretary.follow("Register a unit that gives visas").send(
        name_ru="Правовой отдел", officer=name("lawyer"), valid_from=SPRING
    )


def circulate_a_draft(secretary: Hands) -> str:
    """Register the matter, import two clauses and write the third, open and circulate."""
    secretary.go("/desk/").follow("Register a matter").send(
        body="Переговорная комиссия",
        code="ЛТ-01",
        title_ru="Требования к модулю «Наладка станков»",
        title_en="Requirements for the module “Setting up machines”",
        initiator_side="Работодатели",
        legal_basis="network_agreement",
    )
    secretary.send(text=DRAFT)
    matter: str = secretary.page.url
    for number, title, text in (
        ("1.1", "Machine time", "Each learner has at least 40 hours of work at a machine."),
        ("1.2", "Mentors", "A mentor works with a group of at most eight learners."),
    ):
        secretary.go(matter).open(number).follow("Correct the clause of the draft")
        secretary.send(title_en=title, text_en=text)
    secretary.go(matter).follow("Add a clause").send(
        number="1.3",
        title_ru="Дежурный инженер",
        title_en="Engineer on duty",
        text_ru="Дежурный инженер назначается приказом.",
        text_en="An engineer on duty is appointed by order.",
    )
    secretary.follow("Open negotiations").send()
    secretary.follow("Circulate the draft").send(
        label="0.5", comments_until="2026-02-09", sub_amendments_until="2026-02-10"
    )
    return matter


def negotiate(cast: Cast, matter: str) -> None:
    """An amendment, admitted and concluded; a position of each side on the same clause."""
    employer = cast("EMP-1").go(matter).open("1.1")
    clause = employer.page.url
    employer.send(
        stance="object",
        reason_ru="Сорока часов мало для самостоятельной наладки.",
        reason_en="Forty hours are too few to set up a machine alone.",
    )
    employer.follow("Propose an amendment").send(
        kind="replace_threshold",
        proposal_ru="Слова «не менее 40 часов» заменить словами «не менее 60 часов».",
        proposal_en="Replace “at least 40 hours” with “at least 60 hours”.",
        reason_ru="Столько занимает полная наладка.",
        reason_en="That is what a full set-up takes.",
    )
    amendment = employer.page.url
    secretary = cast("secretary").go(amendment).follow("Check admissibility")
    secretary.send(admit="yes").follow("Propose a conclusion")
    secretary.send(disposition="accepted", reason_ru="Довод принят.", reason_en="Well reasoned.")
    cast("MIN-2").go(matter).follow("Our room").open("1.1").send(stance="support")
    cast("MIN-1").go(clause).send(stance="support")
    assert cast("EMP-2").go(clause).reads("Forty hours are too few")


def convene(secretary: Hands, matter: str, body: str) -> str:
    """Close the round, freeze the summary, lay the new wording on the table, call a meeting."""
    secretary.go(matter).follow("Close the round").send()
    secretary.follow("Prepare the summary").send()
    secretary.go(matter).open("1.1").follow("Lay a wording on the table")
    secretary.page.locator("[name=amendments]").check()
    secretary.send(
        text_ru="На каждого обучающегося приходится не менее 60 часов работы на станке.",
        text_en="Each learner has at least 60 hours of work at a machine.",
    )
    secretary.go(body).follow("Plan a meeting").send(
        code="З-1",
        kind="in_person",
        planned_for="2026-02-18T10:00",
        place_ru="Красноярск, проспект Мира, 1",
    )
    meeting: str = secretary.page.url
    secretary.go(matter).follow("Ballots").follow("Put on an agenda")
    for box in secretary.page.locator("[name=clauses]").all():
        box.check()
    secretary.send(meeting="З-1", whole=True)
    secretary.go(meeting).follow("Convene").send()
    secretary.follow("Record the delivery", name("EMP-1")).send(proof="receipt")
    return meeting


def vote(cast: Cast, matter: str, meeting: str) -> None:
    """Everybody comes; the clauses are voted, then the text as a whole; the minutes are signed."""
    secretary, coordinator = cast("secretary"), cast("coordinator")
    secretary.go(meeting).follow("Everybody is here").send()
    coordinator.go(meeting).follow("Open").send()
    secretary.go(matter).follow("Put a question")
    for box in secretary.page.locator("[name=clauses]").all():
        box.check()
    secretary.send(
        code="Г-1", agenda_item="1", question_ru="Принять пункты 1.1–1.3?", amendments=True
    )
    hold(cast, secretary.page.url)
    secretary.go(matter).follow("Put a question").send(
        code="Г-2", agenda_item="1", question_ru="Принять требования в целом?", basis="whole"
    )
    hold(cast, secretary.page.url)
    coordinator.go(meeting).follow("Close").send()
    secretary.go(meeting).follow("Draft the minutes").send(number="1")
    for signer in (coordinator, secretary):
        signer.go(meeting).follow("Sign the minutes").send()


def hold(cast: Cast, ballot: str) -> None:
    """Open one ballot, let both sides vote for it, close it."""
    coordinator = cast("coordinator").go(ballot).follow("Open the ballot").send()
    cast("MIN-2").go(ballot).follow("Approve the vote inside your side").send(choice="for")
    for seat in ("MIN-1", "EMP-1", "EMP-2"):
        cast(seat).go(ballot).send(choice="for")
        assert cast(seat).sees("Your vote is counted")
    coordinator.go(ballot).follow("Close the ballot").send()
    assert coordinator.sees("agreed")


def approve(cast: Cast, matter: str) -> str:
    """Submit the agreed text, endorse it, approve it by order, publish it."""
    secretary = cast("secretary").go(matter).follow("Submit for approval")
    cast.eyes.look(secretary.page)
    secretary.send(scope="setting-up").send(label="1.0")
    version: str = secretary.page.url
    cast("lawyer").go(version).open("Правовой отдел").send(result="approved")
    cast("official").go("/inbox/").go("/").follow("Approve or return").follow("Approve")
    cast("official").send(order_number="117-п")
    secretary.go(version).follow("Publish").send(in_force_from=AUTUMN, last_day="2032-08-31")
    return version
