import time

import pytest
from django.utils import translation

from documents.importing import ImportRefused, Kind, clauses_from_text
from documents.importing.grammar import LONGEST_TEXT, MOST_CLAUSES, MOST_PROBLEMS

DRAFT = """Настоящие требования выработаны переговорной комиссией.
Они обязательны для участников сети.

Термины и определения
модуль — часть образовательной программы;

1. Общие условия допуска
1.1. Действующая лицензия
Каждая организация имеет лицензию:
1) на образовательную деятельность;
2) на соответствующий уровень.
1.2 Площадка оборудована по перечню.
«1.2.1» Перечень обновляется
12.05.2027 и далее ежегодно.

Раздел 2. Кадры
2.1.Преподаватель имеет стаж не менее
5 лет, из них 1,5 года – на производстве.

10. Заключительные положения
10.1. Требования вступают в силу с 1 сентября 2026 года.
"""


def problems(text: str) -> list[tuple[int, str]]:
    with pytest.raises(ImportRefused) as refusal:
        clauses_from_text(text)
    return [(problem.line, problem.code) for problem in refusal.value.problems]


def test_a_draft_is_read_clause_by_clause() -> None:
    clauses = clauses_from_text(DRAFT)

    assert [(c.number, c.kind.value, c.section and c.section.number, c.title) for c in clauses] == [
        ("0", "preamble", None, ""),
        ("0.1", "definition", None, "модуль"),
        ("1.1", "clause", "1", "Действующая лицензия"),
        ("1.2", "clause", "1", ""),
        ("1.2.1", "clause", "1", "Перечень обновляется"),
        ("2.1", "clause", "2", "Преподаватель имеет стаж не менее"),
        ("10.1", "provision", "10", ""),
    ]
    by_number = {clause.number: clause for clause in clauses}
    assert by_number["0"].text == (
        "Настоящие требования выработаны переговорной комиссией.\n"
        "Они обязательны для участников сети."
    )
    assert by_number["0.1"].text == "часть образовательной программы;"
    assert by_number["1.1"].text == (
        "Каждая организация имеет лицензию:\n"
        "1) на образовательную деятельность;\n"
        "2) на соответствующий уровень."
    )
    assert by_number["2.1"].section.title == "Кадры"
    assert by_number["2.1"].text == "5 лет, из них 1,5 года – на производстве."


def test_clauses_remember_their_lines() -> None:
    clauses = clauses_from_text("\n\n1.1. Первый.\n\n\n1.2. Второй.\nдалее")

    assert [(clause.line, clause.text) for clause in clauses] == [
        (3, "Первый."),
        (6, "Второй.\nдалее"),
    ]


def test_a_number_that_nothing_continues_is_a_clause() -> None:
    clauses = clauses_from_text("1. Первый.\n2. Второй.")

    assert [(clause.number, clause.text, clause.section) for clause in clauses] == [
        ("1", "Первый.", None),
        ("2", "Второй.", None),
    ]


def test_a_clause_of_another_number_does_not_belong_to_the_section() -> None:
    clauses = clauses_from_text("1. Общие\n1.1. Первый.\n2. Второй.")

    assert [clause.section and clause.section.title for clause in clauses] == ["Общие", None]


def test_numbered_definitions_keep_their_numbers() -> None:
    clauses = clauses_from_text("1. Термины и определения\n1.1. Модуль – часть программы.")

    [clause] = clauses
    assert (clause.kind, clause.number, clause.title, clause.text) == (
        Kind.DEFINITION,
        "1.1",
        "Модуль",
        "часть программы.",
    )


def test_definitions_without_numbers_are_counted_in_their_section() -> None:
    clauses = clauses_from_text(
        "2. Термины и определения:\nмодуль – часть;\nпоток – люди.\n3. Прочее\n3.1. Текст."
    )

    assert [(clause.number, clause.title) for clause in clauses] == [
        ("2.1", "модуль"),
        ("2.2", "поток"),
        ("3.1", ""),
    ]


def test_english_headings_are_known() -> None:
    clauses = clauses_from_text(
        "Preamble\nWe agreed.\nDefinitions\nmodule – a part.\n"
        "Section 1. General\n1.1 A licence.\nChapter 2: Staff\n2.1 Teachers."
    )

    assert [(clause.number, clause.kind.value) for clause in clauses] == [
        ("0", "preamble"),
        ("0.1", "definition"),
        ("1.1", "clause"),
        ("2.1", "clause"),
    ]


def test_hostile_markup_stays_text() -> None:
    hostile = "<script>alert(1)</script> & <img src=x onerror=alert(1)> {{ 7*7 }}"
    [clause] = clauses_from_text(f"1.1. {hostile}")

    assert clause.text == hostile


def test_texts_are_written_in_one_way() -> None:
    [clause] = clauses_from_text("1.1.\u00a0Трои\u0306ка\t\u00ad и   ещё.")

    assert clause.text == "Тройка и ещё."


REFUSED = {
    "nothing": ("", [(1, "no_clauses")]),
    "only spaces": (" \n\t\n", [(1, "no_clauses")]),
    "no numbers": ("Просто текст.\nЕщё текст.", [(1, "no_clauses")]),
    "text under a heading": ("1. Общие\nВводный текст.\n1.1. А.", [(2, "text_under_heading")]),
    "a number twice": ("1.1. А.\n1.2. Б.\n1.1. В.", [(3, "number_twice")]),
    "a section twice": ("1. А\n1.1. А.\n1. Б\n1.2. Б.", [(3, "number_twice")]),
    "a number after a greater one": ("1.2. А.\n1.1. Б.", [(2, "number_out_of_order")]),
    "no text": ("1.1.\n1.2. Б.", [(1, "no_text")]),
    "a heading without a title": ("Раздел 1.\n1.1. А.", [(1, "no_title")]),
    "a long heading": (f"Раздел 1. {'а' * 301}\n1.1. А.", [(1, "title_too_long")]),
    "a long clause": (f"1.1. А.\n1.2. {'а' * (LONGEST_TEXT + 1)}", [(2, "text_too_long")]),
    "a definition without a dash": (
        "Определения\nмодуль часть\n1.1. А.",
        [(2, "not_a_definition")],
    ),
    "invisible characters": ("1.1. А\u202eБ.", [(1, "invisible")]),
    "U+0000": ("1.1. А\x00Б.", [(1, "invisible")]),
    "several": (
        "1. А\nтекст\n1.1.\n1.1. Б.",
        [(2, "text_under_heading"), (3, "no_text"), (4, "number_twice")],
    ),
}


@pytest.mark.parametrize(("text", "expected"), REFUSED.values(), ids=REFUSED)
def test_what_would_be_lost_is_refused_by_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert problems(text) == expected


def test_too_many_clauses_are_refused() -> None:
    text = "\n".join(
        f"{1 + number // 900}.{1 + number % 900}. А." for number in range(MOST_CLAUSES + 1)
    )

    assert problems(text) == [(MOST_CLAUSES + 1, "too_many")]


def test_problems_are_not_reported_without_end() -> None:
    assert len(problems("1.1. А.\n" * 1000)) == MOST_PROBLEMS


def test_problems_are_said_in_the_language_of_the_reader() -> None:
    with pytest.raises(ImportRefused) as refusal:
        clauses_from_text("1.1. А.\n1.1. Б.")

    with translation.override("en"):
        assert str(refusal.value).endswith("Line 2: this number is given twice.")
    with translation.override("ru"):
        assert str(refusal.value).endswith("Строка 2: этот номер встречается дважды.")
    assert refusal.value.code == "draft_unreadable"
    assert refusal.value.params == {"lines": [2]}


@pytest.mark.parametrize("piece", ["1.", "1.1. а\n", "– ", "1.1.1.1.1.1.1 "])
def test_ten_megabytes_of_anything_end_soon(piece: str) -> None:
    text = piece * (10 * 1024 * 1024 // len(piece.encode()))
    started = time.process_time()

    with pytest.raises(ImportRefused):
        clauses_from_text(text)

    assert time.process_time() - started < 30
