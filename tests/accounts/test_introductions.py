from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from accounts import introductions
from accounts.introductions import group_with, in_groups, introduce, introduce_with
from accounts.models import Person


@pytest.fixture(autouse=True)
def nobody_else_says_anything() -> Iterator[None]:
    """Put aside what the apps above registered, and bring it back."""
    introduced, grouped = introductions._introductions[:], introductions._groupings[:]
    introductions._introductions.clear()
    introductions._groupings.clear()
    yield
    introductions._introductions[:] = introduced
    introductions._groupings[:] = grouped


PEOPLE = [Person(pk=pk, name_ru=f"Человек {pk}") for pk in (1, 2, 3)]
AT = datetime.fromisoformat("2026-03-27T12:00:00+07:00")


def says(answer: dict[int, Any]) -> Callable[..., dict[int, Any]]:
    """Return what an app registers that always gives this answer."""
    return lambda *_: answer


def test_what_apps_say_is_joined() -> None:
    introduce_with(says({1: "координатор", 2: ""}))
    introduce_with(says({1: "завод"}))

    assert introduce(PEOPLE, AT) == {1: "координатор · завод"}


def test_people_stand_in_their_groups_and_the_rest_comes_last() -> None:
    introduce_with(says({3: "секретарь"}))
    group_with(says({3: (1, "Комиссия", 1), 2: (2, "Министерство", 1)}))

    assert [(group.title, group.people) for group in in_groups(PEOPLE, AT)] == [
        ("Комиссия", [(PEOPLE[2], "секретарь")]),
        ("Министерство", [(PEOPLE[1], "")]),
        ("", [(PEOPLE[0], "")]),
    ]


def test_the_first_grouping_decides() -> None:
    group_with(says({1: (1, "первая", 1)}))
    group_with(says({1: (5, "вторая", 1)}))

    assert in_groups(PEOPLE, AT)[0].title == "первая"


def test_each_app_is_asked_once_for_a_whole_list() -> None:
    asked = []

    def introduction(people: object, at: datetime) -> dict[int, str]:
        asked.append(people)
        return {}

    introduce_with(introduction)
    introduce_with(introduction)
    introduce(PEOPLE, AT)

    assert asked == [PEOPLE]


def test_inside_a_group_people_stand_by_rank() -> None:
    group_with(says({1: (1, "Комиссия", 2), 2: (1, "Комиссия", 1)}))

    assert [person.pk for person, _ in in_groups(PEOPLE, AT)[0].people] == [2, 1]
