"""What ties somebody to another side: by examples, and against a second, naive rule."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.independence import Bond, Position, bonds, months_before

DAY = date(2026, 3, 31)
TABLE = {"EMP": {"plant", "mill"}, "PUB": {"union"}, "EXP": {"university"}}


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 3, 31), 24, date(2024, 3, 31)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 0, date(2026, 12, 31)),
    ],
)
def test_a_term_in_months_goes_back_to_the_same_day(day: date, months: int, earlier: date) -> None:
    assert months_before(day, months) == earlier


HELD = {
    "now": (Position("plant", date(2020, 1, 1)), ("EMP",)),
    "since today": (Position("plant", DAY), ("EMP",)),
    "from tomorrow": (Position("plant", DAY + timedelta(1)), ()),
    "until a day inside the term": (
        Position("plant", date(2020, 1, 1), date(2025, 4, 1)),
        ("EMP",),
    ),
    "until the day it begins": (Position("plant", date(2020, 1, 1), date(2025, 3, 31)), ()),
    "with a stranger to the table": (Position("shop", date(2020, 1, 1)), ()),
    "where one's own side comes from": (Position("university", date(2020, 1, 1)), ()),
}


@pytest.mark.parametrize(("position", "sides"), HELD.values(), ids=HELD)
def test_a_position_is_a_bond_while_it_lasts_and_for_the_term_after(
    position: Position, sides: tuple[str, ...]
) -> None:
    found = bonds([position], TABLE, side="EXP", months=12, day=DAY)
    assert found == ((Bond(position, sides),) if sides else ())


def test_an_organisation_may_speak_through_several_sides() -> None:
    table = {"EMP": {"plant"}, "PUB": {"plant"}, "EXP": {"plant"}}
    (bond,) = bonds([Position("plant", DAY)], table, side="EXP", months=1, day=DAY)
    assert bond.sides == ("EMP", "PUB")


def test_nothing_is_asked_of_a_side_that_need_not_be_independent() -> None:
    assert bonds([Position("plant", DAY)], TABLE, side="EXP", months=0, day=DAY) == ()


days = st.dates(date(2023, 1, 1), date(2026, 12, 31))
positions = st.builds(
    lambda organisation, since, length: Position(
        organisation, since, since + timedelta(length) if length else None
    ),
    st.sampled_from(["plant", "mill", "union", "university", "shop"]),
    days,
    st.integers(0, 900),
)


@given(st.lists(positions, max_size=6), st.sampled_from([*TABLE]), st.integers(1, 36), days)
def test_it_agrees_with_looking_at_every_day(
    held: list[Position], side: str, months: int, day: date
) -> None:
    """The naive rule: was there a day of the term, today included, on which the position held?"""
    since = months_before(day, months)
    term = [since + timedelta(passed) for passed in range((day - since).days + 1)]
    tied = [
        position
        for position in held
        if any(position.organisation in table for code, table in TABLE.items() if code != side)
        and any(
            position.since <= each and (position.until is None or each < position.until)
            for each in term
        )
    ]
    found = bonds(held, TABLE, side=side, months=months, day=day)
    assert [bond.position for bond in found] == tied
