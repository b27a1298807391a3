import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.redline import Operation, redline

KEPT, DELETED, INSERTED = Operation.KEPT, Operation.DELETED, Operation.INSERTED


def before_of(changes: list[tuple[int, str]]) -> str:
    return "".join(text for operation, text in changes if operation != INSERTED)


def after_of(changes: list[tuple[int, str]]) -> str:
    return "".join(text for operation, text in changes if operation != DELETED)


CASES = {
    "nothing changed": ("Срок – 5 дней.", "Срок – 5 дней.", [(KEPT, "Срок – 5 дней.")]),
    "both empty": ("", "", []),
    "written": ("", "Срок.", [(INSERTED, "Срок.")]),
    "deleted": ("Срок.", "", [(DELETED, "Срок.")]),
    "a word changes as a whole": (
        "перед началом",
        "перёд началом",
        [(DELETED, "перед"), (INSERTED, "перёд"), (KEPT, " началом")],
    ),
    "a number changes as a whole": (
        "не менее 1,5 ставки",
        "не менее 1,7 ставки",
        [(KEPT, "не менее "), (DELETED, "1,5"), (INSERTED, "1,7"), (KEPT, " ставки")],
    ),
    "a date changes as a whole": (
        "до 01.03.2027.",
        "до 01.09.2027.",
        [(KEPT, "до "), (DELETED, "01.03.2027"), (INSERTED, "01.09.2027"), (KEPT, ".")],
    ),
    "markup is text": ("a <b>c</b>", "a <i>c</i>", None),
    "characters beyond the first plane": ("a 𝔸 \U000f0000", "a 𝔹 \U000f0000", None),
}


@pytest.mark.parametrize(("before", "after", "changes"), CASES.values(), ids=CASES)
def test_redline(before: str, after: str, changes: list[tuple[int, str]] | None) -> None:
    found = redline(before, after)

    assert (before_of(found), after_of(found)) == (before, after)
    assert changes is None or found == changes


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_are_in_the_redline(before: str, after: str) -> None:
    found = redline(before, after)

    assert (before_of(found), after_of(found)) == (before, after)


def test_operations_are_the_numbers_that_templates_compare() -> None:
    assert [int(operation) for operation in (DELETED, KEPT, INSERTED)] == [-1, 0, 1]


REPETITIVE = {
    "one word of each sentence changes": (
        "в соответствии с настоящим положением и " * 1000,
        "в соответствии с настоящим порядком и " * 1000,
    ),
    "the same word thousands of times": ("слово " * 6700, "слово " * 6600 + "иное " * 100),
    "two words take turns": ("один два " * 4500, "два один " * 4500),
    "nothing in common": ("один два " * 4500, "три четыре " * 3600),
}


@pytest.mark.parametrize(("before", "after"), REPETITIVE.values(), ids=REPETITIVE)
def test_a_long_text_that_repeats_itself_is_compared_quickly(before: str, after: str) -> None:
    assert len(before) >= 40_000
    started = time.process_time()

    found = redline(before, after)

    assert time.process_time() - started < 10
    assert (before_of(found), after_of(found)) == (before, after)


def test_a_small_change_in_a_long_text_stays_small() -> None:
    before = "в соответствии с настоящим положением и " * 1000
    after = before[:20_000] + "ВСТАВКА " + before[20_000:]

    changed = [text for operation, text in redline(before, after) if operation is not KEPT]

    assert sum(map(len, changed)) < 40
