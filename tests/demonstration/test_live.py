"""The live matters stand on any day, and leave nobody's inbox empty."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

import calendars
from accounts.models import Person
from audit import clock
from calendars.domain import KRASNOYARSK, day_of, start_of_day
from demonstration import live, source
from demonstration.live.scene import Calendar, scene_on
from demonstration.models import Play
from demonstration.services import labels
from governance.models import Ballot, Challenge, ConflictDeclaration
from licensing.models import RequirementVersion, Visa
from negotiation.models import Amendment, Matter, Position
from tests.demonstration import plays
from workflows.inbox import awaiting

TABLE = "BODY-NC-FOR"
# A Monday, a Friday, a weekend, the holidays of New Year and May, ends of a year and a month.
DAYS = [
    date(2026, 11, 23),
    date(2026, 11, 27),
    date(2026, 11, 28),
    date(2026, 11, 29),
    date(2027, 1, 3),
    date(2026, 5, 10),
    date(2026, 12, 31),
    date(2027, 2, 28),
]


@pytest.mark.parametrize("today", DAYS, ids=str)
def test_on_any_day_everything_lies_on_working_days_before_it(today: date) -> None:
    acts = [act for _stage, act in live.acts_of(scene_on(source.read(), today))]

    assert max(act.at for act in acts) < start_of_day(today)
    assert all(calendars.russia().is_working(day_of(act.at)) for act in acts)
    # The same acts on every day: only their dates move.
    assert Counter(act.code for act in acts) == Counter(
        act.code for _stage, act in live.acts_of(scene_on(source.read(), date(2026, 11, 24)))
    )


def test_days_are_counted_around_a_weekend() -> None:
    around = Calendar(date(2026, 11, 28))

    assert [around.day(n) for n in (-1, 0, 1, 2)] == [
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 11, 30),
        date(2026, 12, 1),
    ]


def test_the_acts_are_the_same_when_the_play_is_continued() -> None:
    first, again = (
        labels([act for _stage, act in live.acts_of(scene_on(source.read(), date(2026, 11, 24)))])
        for _ in range(2)
    )

    assert first == again


@pytest.mark.usefixtures("played")
def test_nobody_at_the_table_has_an_empty_inbox() -> None:
    people = Play.objects.get().people
    ours = {"P-ADMIN", "P-AUDIT"}
    empty = [
        code
        for code, uid in people.items()
        if code not in ours and not awaiting(Person.objects.get(uid=uid), clock.now())
    ]

    assert empty == []


@pytest.mark.usefixtures("played")
def test_comments_run_and_one_side_is_silent() -> None:
    matter = Matter.objects.get(code="ЛТ-ЛС-06")
    (round_,) = matter.rounds.all()
    filed = set(Amendment.objects.filter(matter=matter).values_list("side__code", flat=True))
    stated = set(
        Position.objects.filter(clause__document__matter=matter).values_list(
            "side__code", flat=True
        )
    )

    assert matter.state == Matter.State.IN_CIRCULATION
    assert round_.closes_at > clock.now()
    assert filed == {"MIN", "EMP", "EXP", None}
    assert "PUB" not in stated
    assert ConflictDeclaration.objects.undecided().filter(body__code=TABLE).exists()


@pytest.mark.usefixtures("played")
def test_a_written_ballot_closes_on_the_next_working_day() -> None:
    ballots = Ballot.objects.filter(meeting__body__code=TABLE, state=Ballot.State.OPEN)
    today = Play.objects.get().live_on
    assert today is not None
    tomorrow = calendars.russia().last_day(today + timedelta(days=1))

    assert sorted(ballots.values_list("code", flat=True)) == ["LW-01", "LW-02", "LW-03"]
    for ballot in ballots:
        assert ballot.closes_at is not None
        assert ballot.closes_at.astimezone(KRASNOYARSK).date() == tomorrow


@pytest.mark.usefixtures("played")
def test_one_text_awaits_its_order_and_another_its_visas() -> None:
    order = RequirementVersion.objects.get(requirement_set__code="ЛТ-ЛС-01")
    visas = RequirementVersion.objects.get(requirement_set__code="ЛТ-ЛС-04")

    assert order.state == visas.state == RequirementVersion.State.LEGAL_REVIEW
    assert Visa.objects.filter(version=order).count() == 4
    assert Visa.objects.filter(version=visas).count() == 0


@pytest.mark.usefixtures("played")
def test_a_revocation_known_too_late_puts_votes_in_doubt() -> None:
    doubts = Challenge.objects.filter(vote__ballot__meeting__body__code=TABLE)

    assert set(doubts.values_list("reason", flat=True)) == {Challenge.Reason.REVOKED_UNKNOWN.value}
    assert not doubts.filter(is_material=True).exists()


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("today", [date(2026, 5, 11), date(2026, 11, 28)], ids=str)
def test_the_live_matters_are_played_on_a_holiday_and_a_weekend(
    today: date, django_db_blocker: pytest.FixtureRequest
) -> None:
    with django_db_blocker.unblock(), plays.copy_of(plays.BEFORE_RECUSALS):
        play = Play.objects.get()
        play.live_on = today
        play.save()

        live.play(source.read(), play)

        assert play.live_done == len(live.acts_of(scene_on(source.read(), today)))
        assert Ballot.objects.filter(meeting__body__code=TABLE).open().count() == 3
