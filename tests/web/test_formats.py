from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.utils import translation

from calendars.domain import KRASNOYARSK
from web import deadlines, formats, indicators
from web.tallies import tally_of

NBSP = "\u00a0"

NUMBERS = [
    (9500, 2, f"9{NBSP}500,00", "9,500.00"),
    (Decimal(9500), None, f"9{NBSP}500", "9,500"),
    (Decimal("2.60"), None, "2,60", "2.60"),
    ("33.33", None, "33,33", "33.33"),
    (-5, None, "−5", "−5"),
    (Fraction(1, 3), None, "1/3", "1/3"),
    (Fraction(4, 2), None, "2", "2"),
]


@pytest.mark.parametrize(("value", "places", "russian", "english"), NUMBERS)
def test_numbers_are_written_in_the_readers_way(
    value: Any, places: int | None, russian: str, english: str
) -> None:
    with translation.override("ru"):
        assert formats.number(value, places) == russian
    with translation.override("en"):
        assert formats.number(value, places) == english


def test_a_moment_is_told_by_krasnoyarsk_time_and_says_so(language: str) -> None:
    at = datetime(2026, 3, 25, 9, 35, tzinfo=UTC)
    expected = {
        "ru": f"25.03.2026, 16:35{NBSP}(Красноярск)",
        "en": f"25{NBSP}March 2026, 16:35{NBSP}(Krasnoyarsk)",
    }
    assert formats.moment(at) == expected[language]


def test_a_moment_after_midnight_in_krasnoyarsk_is_dated_there() -> None:
    with translation.override("ru"):
        assert formats.day(datetime(2026, 3, 25, 18, 0, tzinfo=UTC)) == "26.03.2026"


PERIODS = [
    (date(2026, 9, 1), date(2032, 9, 1), "с 01.09.2026 по 31.08.2032"),
    (date(2026, 9, 1), None, "с 01.09.2026"),
    (None, date(2032, 9, 1), "по 31.08.2032"),
    (None, None, "без срока"),
]


@pytest.mark.parametrize(("start", "end", "words"), PERIODS)
def test_a_period_is_told_by_its_last_day(start: date | None, end: date | None, words: str) -> None:
    with translation.override("ru"):
        assert formats.period(start, end) == words


# --- Terms -------------------------------------------------------------------------------

FRIDAY = datetime(2026, 3, 27, 10, 0, tzinfo=KRASNOYARSK)

TERMS = {
    "a date lasts until its midnight": (FRIDAY.date(), ("warn", 0, False, True)),
    "the weekend is not counted": (date(2026, 3, 30), ("warn", 1, False, False)),
    "three working days are not near": (date(2026, 4, 1), ("idle", 3, False, False)),
    "an hour ago is over": (FRIDAY - timedelta(hours=1), ("bad", None, True, False)),
    "yesterday is over": (date(2026, 3, 26), ("bad", None, True, False)),
    "this very instant is over": (FRIDAY, ("bad", None, True, False)),
    "an unknown calendar counts nothing": (date(2090, 1, 1), ("idle", None, False, False)),
}


@pytest.mark.parametrize(("at", "expected"), TERMS.values(), ids=TERMS.keys())
def test_how_a_term_stands(at: date, expected: tuple[str, int | None, bool, bool]) -> None:
    term = deadlines.term(at, FRIDAY)

    assert (term.tone, term.left, term.is_over, term.is_today) == expected


def test_a_midnight_is_told_as_the_day_that_it_ends() -> None:
    # ГК 194: a term of days ends with its last day, so nobody reads "until 00:00 of the next".
    midnight = datetime(2026, 4, 1, tzinfo=KRASNOYARSK)
    term = deadlines.term(midnight.astimezone(UTC), FRIDAY)

    assert (term.at, term.is_moment, term.left) == (date(2026, 3, 31), False, 2)
    assert not deadlines.term(midnight, midnight - timedelta(seconds=1)).is_over
    assert deadlines.term(midnight, midnight).is_over


# --- Indicators --------------------------------------------------------------------------

PEOPLE = {"unit_code": "ppl", "unit_ru": "человек", "unit_en": "person"}

INDICATORS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"operator": ">=", "threshold": 60, "unit_code": "pct"},
        f"не менее 60{NBSP}%",
        "at least 60%",
    ),
    ({"operator": "<=", "threshold": 3, **PEOPLE}, "не более 3 человек", "at most 3 people"),
    ({"operator": ">=", "threshold": 1, **PEOPLE}, "не менее 1 человека", "at least 1 person"),
    (
        {"operator": "=", "threshold": 144, "unit_code": "h"},
        "144 академических часа",
        "144 academic hours",
    ),
    (
        {"operator": ">=", "threshold": 4.0, "unit_code": "pt"},
        "не менее 4 баллов",
        "at least 4 points",
    ),
    (
        {"operator": ">=", "threshold": "9500", "unit_code": "rub"},
        f"не менее 9{NBSP}500{NBSP}₽",
        f"at least 9,500{NBSP}₽",
    ),
    (
        {"operator": ">=", "threshold": 33.33, "threshold_rational": "1/3", "unit_code": "pct"},
        "не менее 1/3",
        "at least 1/3",
    ),
    (
        {"operator": "between", "threshold": [6, 10], "unit_code": "ent"},
        "от 6 до 10",
        "from 6 to 10",
    ),
    ({"operator": "=", "threshold": True, "unit_code": "bool"}, "да", "yes"),
    (
        {"operator": "observe", "threshold": None},
        "наблюдается, без порога",
        "observed, without a threshold",
    ),
    (
        {
            **PEOPLE,
            "threshold_schedule": [
                {"from": "2026-09-01", "operator": "<=", "threshold": 3},
                {"from": "2028-09-01", "operator": "<=", "threshold": 2},
            ],
        },
        "с 01.09.2026 не более 3 человек; с 01.09.2028 не более 2 человек",
        f"from 1{NBSP}September 2026 at most 3 people; from 1{NBSP}September 2028 at most 2 people",
    ),
    (
        {
            "operator": "<=",
            "threshold": 12,
            "unit_code": "yr",
            "alternative": {"ru": "либо протокол", "en": "or a report"},
        },
        "не более 12 лет, либо протокол",
        "at most 12 years, or a report",
    ),
    (
        {
            "operator": ">=",
            "threshold": 5,
            "unit_code": "new",
            "unit_ru": "парта",
            "unit_en": "desk",
        },
        "не менее 5 (парта)",
        "at least 5 (desk)",
    ),
]


@pytest.mark.parametrize(("indicator", "russian", "english"), INDICATORS)
def test_an_indicator_is_said_in_words(
    indicator: dict[str, Any], russian: str, english: str
) -> None:
    with translation.override("ru"):
        assert indicators.in_words(indicator) == russian
    with translation.override("en"):
        assert indicators.in_words(indicator) == english


def test_how_an_indicator_is_measured_is_said_beside_it() -> None:
    measured = {
        "period_ru": "учебный год",
        "min_sample": 20,
        "observation_until": "2028-08-31",
        "indexation": "CPI",
        "price_year": 2026,
    }
    with translation.override("ru"):
        assert indicators.conditions(measured) == [
            "период: учебный год",
            "выборка не менее 20",
            "только наблюдение по 31.08.2028",
            "в ценах 2026 года, с индексацией",
        ]


# --- Tallies -----------------------------------------------------------------------------


def result(**counts: Any) -> dict[str, Any]:
    usual = {"entitled": 4, "recused": 0, "cast": 4, "votes_for": 4, "votes_against": 0}
    return {**usual, "abstained": 0, "side_quorum": True, "agreed": True, **counts}


def test_each_seat_is_drawn_once() -> None:
    tally = tally_of(result(entitled=3, recused=1, cast=2, votes_for=1, votes_against=1))

    assert tally.seats == ["for", "against", "silent", "recused"]


def test_many_seats_are_drawn_as_one_bar_without_gaps() -> None:
    tally = tally_of(result(entitled=61, cast=54, votes_for=37, votes_against=11, abstained=6))
    ends = [start + width for _, start, width in tally.bar]

    assert tally.seats == []
    assert [start for _, start, _ in tally.bar] == [0, *ends[:-1]]
    assert ends[-1] == 1000


def test_a_side_without_seats_has_nothing_to_draw() -> None:
    tally = tally_of(result(entitled=0, cast=0, votes_for=0, side_quorum=False, agreed=None))

    assert (tally.seats, tally.bar, tally.outcome) == ([], [], "not_held")


OUTCOMES = [
    ({"side_quorum": True, "agreed": True}, "agreed"),
    ({"side_quorum": True, "agreed": False}, "not_agreed"),
    ({"side_quorum": False, "agreed": False}, "not_held"),
]


@pytest.mark.parametrize(("found", "outcome"), OUTCOMES)
def test_the_result_of_a_side(found: dict[str, bool], outcome: str) -> None:
    assert tally_of(result(**found)).outcome == outcome
