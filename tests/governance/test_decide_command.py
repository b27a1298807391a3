"""`manage.py decide`: cases in, answers out, in order; nothing in a file can break it.

No test here asks for a database, and pytest-django refuses every query of one that does not.
"""

from __future__ import annotations

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

VETO = {
    "id": "veto",
    "charter": "unsc",
    "rows": [
        {"id": "US", "vote": "no", "role": "permanent"},
        {"id": "others", "vote": "yes", "n": 9, "role": "elected"},
    ],
}
WARD = {
    "id": "ward",
    "charter": "stv_scotland",
    "candidates": ["1", "2", "3"],
    "candidate_names": {"1": "Ada", "2": "Bo", "3": "Cy"},
    "ballots": {"1>2": 8, "2": 1, "3": 3},
    "choose": {"seats": 2},
}
TIED = {"id": "tied", "charter": "plurality", "candidates": ["A", "B"], "tally": {"A": 2, "B": 2}}
OPINION = {
    "id": "none",
    "charter": "eu_comitology_examination",
    "rows": [{"vote": vote, "population": 5} for vote in ("yes", "no")],
}


def answers(path: Path, *cases: Any, **options: Any) -> tuple[list[dict[str, Any]], int]:
    """Run the command on these lines; return what it answered and its exit status."""
    lines = [one if isinstance(one, str) else json.dumps(one) for one in cases]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = StringIO()
    status = 0
    try:
        call_command("decide", str(path), stdout=said, stderr=StringIO(), **options)
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else 1
    return [json.loads(line) for line in said.getvalue().splitlines()], status


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.jsonl"


def test_answers_come_in_the_order_of_the_cases(file: Path) -> None:
    found, status = answers(file, VETO, WARD, TIED)

    assert status == 0
    assert [answer["id"] for answer in found] == ["veto", "ward", "tied"]


def test_a_motion_is_answered_with_what_blocked_it(file: Path) -> None:
    [answer], _ = answers(file, VETO)

    assert list(answer) == ["id", "result", "blocked_by", "trace"]
    assert (answer["result"], answer["blocked_by"]) == ("blocked", ["US"])
    assert [item["holds"] for item in answer["trace"]] == [True, True]


def test_numbers_are_ids_too_and_come_back_as_they_were_given(file: Path) -> None:
    permanent, others = VETO["rows"]
    numbered = {**VETO, "id": 12, "rows": [{**permanent, "id": 7}, {**others, "id": "8"}]}
    twice = {**numbered, "id": -1, "rows": [{**permanent, "id": 7}, {**others, "id": "7"}]}
    proxies = {
        "id": 0,
        "charter": "eu_unanimity",
        "rows": [{"id": 1, "vote": "yes", "n": 1}, {"id": 2, "vote": "yes", "proxy": 1}],
    }
    wrong = [{**VETO, "id": name} for name in (True, 1.5, None, [], "", 10**101)]
    found, status = answers(file, numbered, twice, proxies, *wrong)

    assert [found[0]["id"], found[0]["blocked_by"]] == [12, [7]]
    assert (found[1]["id"], found[1]["error"]["path"]) == (-1, "$.rows[1].id")
    assert (found[2]["id"], found[2]["result"]) == (0, "adopted")
    assert {answer["error"]["path"] for answer in found[3:]} == {"$.id"}
    assert status == 1


def test_a_choice_is_answered_with_its_winners(file: Path) -> None:
    [answer], _ = answers(file, WARD)

    assert list(answer) == ["id", "result", "winners", "quota", "trace"]
    assert (answer["result"], answer["winners"], answer["quota"]) == ("elected", ["1", "2"], 5)
    assert answer["trace"][0]["step"] == "counted"


def test_a_tie_is_answered_with_those_it_is_between(file: Path) -> None:
    [answer], _ = answers(file, TIED)

    assert list(answer) == ["id", "result", "winners", "between", "order", "trace"]
    assert (answer["winners"], answer["between"], answer["order"]) == ([], ["A", "B"], [["A", "B"]])


def test_what_follows_is_answered(file: Path) -> None:
    [answer], _ = answers(file, OPINION)

    assert list(answer) == ["id", "result", "next", "trace"]
    assert (answer["result"], answer["next"]) == ("no_opinion", "appeal_committee")


@pytest.mark.parametrize(
    ("language", "sentence"), [("ru", "Избраны: Ada, Bo."), ("en", "Elected: Ada, Bo.")]
)
def test_an_election_is_explained_by_name(file: Path, language: str, sentence: str) -> None:
    [answer], _ = answers(file, WARD, explain=language)

    assert answer["explanation"][0] == sentence
    assert len(answer["explanation"]) == 2 + len(answer["trace"])


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "ru",
            [
                "Заблокировано",
                "Применено правило 2 регламента: veto.",
                "Заблокировали голоса: US.",
            ],
        ),
        ("en", ["Blocked", "Rule 2 of the charter applied: veto.", "Blocked by the votes of: US."]),
    ],
)
def test_a_motion_is_explained_with_its_arithmetic(
    file: Path, language: str, sentences: list[str]
) -> None:
    [answer], _ = answers(file, VETO, explain=language)

    assert answer["explanation"][:3] == sentences
    assert len(answer["explanation"]) == 3 + len(answer["trace"])
    assert "9" in answer["explanation"][3]


UNSC = {"charter": "unsc", "rows": []}
DEEP = '{"id": "deep", "charter": "unsc", "rows": ' + "[" * 100_000 + "]" * 100_000 + "}"
LONG = '{"id": "long", "charter": "unsc", "rows": [{"vote": "yes", "n": ' + "9" * 5000 + "}]}"
HOSTILE: dict[str, tuple[Any, str | None, str]] = {
    "not JSON": ("votes: 3", None, "$"),
    "half of a character": ('{"id": "\\ud800"}', None, "$"),
    "a list": ([], None, "$"),
    "no id": (UNSC, None, "$.id"),
    "a fraction for an id": ({"id": 3.5, **UNSC}, None, "$.id"),
    "a key twice": ('{"id": "a", "id": "b"}', None, "$"),
    "not a number": ('{"id": "a", "rows": NaN}', None, "$"),
    "nested without end": (DEEP, None, "$"),
    "an integer of thousands of digits": (LONG, None, "$"),
    "no charter": ({"id": "a"}, "a", "$.charter"),
    "a charter nobody knows": ({"id": "a", "charter": "x"}, "a", "$.charter"),
    "a charter that is an object": ({"id": "a", "charter": {}}, "a", "$.charter"),
    "no rows": ({"id": "a", "charter": "unsc"}, "a", "$"),
    "rows that are none": ({"id": "a", "charter": "unsc", "rows": {}}, "a", "$.rows"),
    "a misspelt key": ({"id": "a", **UNSC, "seat": 9}, "a", "$.seat"),
    "votes for candidates in a motion": ({"id": "a", **UNSC, "ballots": {}}, "a", "$.ballots"),
    "rows in a choice": ({**WARD, "rows": []}, "ward", "$.rows"),
    "a decimal": ({"id": "a", **UNSC, "rows": [{"vote": "yes", "n": 1.5}]}, "a", "$.rows[0].n"),
    "a very large decimal": (
        '{"id": "a", "charter": "unsc", "rows": [{"vote": "yes", "n": 1e999}]}',
        "a",
        "$.rows[0].n",
    ),
    "a number of a hundred digits and more": (
        {"id": "a", **UNSC, "rows": [{"vote": "yes", "n": 10**120}]},
        "a",
        "$.rows[0].n",
    ),
    "a vote that is a list": (
        {"id": "a", **UNSC, "rows": [{"vote": ["yes"]}]},
        "a",
        "$.rows[0].vote",
    ),
    "seats in words": ({"id": "a", **UNSC, "seats": "nine"}, "a", "$.seats"),
    "parameters in a list": ({"id": "a", **UNSC, "params": []}, "a", "$.params"),
    "a parameter nobody named": ({"id": "a", **UNSC, "params": {"x": 1}}, "a", "$.params.x"),
    "a parameter in decimals": ({"id": "a", **UNSC, "params": {"x": 0.5}}, "a", "$.params.x"),
    "groups that are none": (
        {"id": "a", "charter": "swiss_double", "rows": [], "units": {"cantons": 3}},
        "a",
        "$.units.cantons",
    ),
    "a group with half a vote": (
        {
            "id": "a",
            "charter": "swiss_double",
            "rows": [],
            "units": {"cantons": {"zh": {"w": 0.5}}},
        },
        "a",
        "$.units.cantons.zh.w",
    ),
    "a place too many": ({**WARD, "choose": {"places": 10**9}}, "ward", "$.choose.places"),
}


@pytest.mark.parametrize(("case", "name", "path"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_case_is_answered_and_the_next_one_counted(
    file: Path, case: Any, name: str | None, path: str
) -> None:
    found, status = answers(file, case, VETO)

    assert status == 1
    assert [answer["id"] for answer in found] == [name, "veto"]
    assert list(found[0]) == ["id", "error"]
    assert found[0]["error"]["path"] == path
    assert found[0]["error"]["message"].endswith(")")
    assert found[1]["result"] == "blocked"


def test_a_case_may_be_counted_again(file: Path) -> None:
    """Files are put together from others; a line that is there twice is answered twice."""
    [one, other], status = answers(file, VETO, VETO)

    assert status == 0
    assert one == other


def test_lines_may_end_as_on_windows_and_be_blank(file: Path) -> None:
    line = json.dumps({**VETO, "id": "вето"}, ensure_ascii=False).encode()
    file.write_bytes(b"\xef\xbb\xbf\r\n \t\r\n\xef\xbb\xbf" + line + b"\r\n\r\n" + line)
    said = StringIO()
    call_command("decide", str(file), stdout=said, stderr=StringIO())

    assert [json.loads(one)["id"] for one in said.getvalue().splitlines()] == ["вето"] * 2


def test_groups_whose_votes_are_given_need_no_members(file: Path) -> None:
    """And what is null is not there: a voter of no state counts in the nation alone."""
    states = {name: {"vote": "yes"} for name in ("vic", "tas")}
    nation = [{"vote": "yes", "n": 2, "state": None}, {"vote": "no", "state": None}]
    land = {"stimmen": 3, "vote": "yes"}
    cases = [
        {"id": "laender", "charter": "bundesrat", "units": {"laender": {"HB": land}}},
        {"id": "s", "charter": "australia_referendum", "units": {"states": states}, "rows": nation},
    ]
    found, status = answers(file, *cases)

    assert status == 0
    assert [answer["result"] for answer in found] == ["adopted"] * 2


def test_a_poll_may_name_the_method_of_its_charter(file: Path) -> None:
    [answer], _ = answers(file, {**WARD, "choose": {"method": "stv", "seats": 1}})

    assert answer["winners"] == ["1"]


def test_bytes_that_are_no_text_are_answered(file: Path) -> None:
    file.write_bytes(b"\xff\xfe{}\n" + json.dumps(VETO).encode() + b"\n")
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("decide", str(file), stdout=said, stderr=StringIO())
    first, second = map(json.loads, said.getvalue().splitlines())

    assert (first["id"], first["error"]["path"], second["id"]) == (None, "$", "veto")


def test_charters_may_be_ones_own(file: Path, tmp_path: Path) -> None:
    rule = {
        "schema": "decision-charter/1",
        "id": "ours",
        "title": "Ours",
        "kind": "motion",
        "decide": [{"then": "adopted", "if": {">=": 1}}, {"then": "rejected"}],
    }
    broken = {
        **rule,
        "id": "broken",
        "decide": [{"then": "adopted", "if": {">=": 0.5}}, {"then": "rejected"}],
    }
    deep = {
        **rule,
        "id": "deep",
        "decide": [{"then": "adopted", "if": nested(200)}, {"then": "rejected"}],
    }
    charters = tmp_path / "charters.json"
    charters.write_text(json.dumps([rule, broken, deep]), encoding="utf-8-sig")
    cases = [
        {"id": name, "charter": name, "rows": [{"vote": "yes"}]}
        for name in ("ours", "broken", "deep")
    ]
    found, status = answers(file, *cases, VETO, charters=charters)

    assert status == 1
    assert found[0]["result"] == "adopted"
    assert [answer["error"]["path"] for answer in found[1:]] == ["$.charter"] * 3
    assert "$.decide[0].if.>=" in found[1]["error"]["message"]
    assert "too deep" in found[2]["error"]["message"]


def nested(depth: int) -> dict[str, Any]:
    expression: dict[str, Any] = {">=": 1}
    for _ in range(depth):
        expression = {"not": expression}
    return expression


CHARTERS: dict[str, str] = {
    "not JSON": "charters",
    "no list": "{}",
    "a charter without an id": "[{}]",
    "a charter twice": '[{"id": "a"}, {"id": "a"}]',
}


@pytest.mark.parametrize("text", CHARTERS.values(), ids=CHARTERS)
def test_a_file_that_holds_no_charters_is_refused(file: Path, tmp_path: Path, text: str) -> None:
    charters = tmp_path / "charters.json"
    charters.write_text(text, encoding="utf-8")

    with pytest.raises(CommandError, match=r"charters\.json"):
        answers(file, VETO, charters=charters)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("decide", str(tmp_path / "nothing.jsonl"))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("decide", "-", charters=tmp_path / "nothing.json")


def test_cases_may_come_from_standard_input() -> None:
    """As a program of its own, with a database that nobody could reach."""
    ran = subprocess.run(
        [sys.executable, "manage.py", "decide", "-"],
        cwd=settings.BASE_DIR,
        input=f"{json.dumps(VETO)}\n\n[]\n",
        env={"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nowhere", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 1, ran.stderr
    assert [json.loads(line)["id"] for line in ran.stdout.splitlines()] == ["veto", None]
    assert "Traceback" not in ran.stderr


def program(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "decide", *arguments],
        cwd=settings.BASE_DIR,
        env={"DATABASE_URL": "postgres://nobody@127.0.0.1:9/nowhere", "PATH": "", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_answers_are_utf_8_in_any_surroundings(file: Path) -> None:
    file.write_text(json.dumps(VETO), encoding="utf-8")
    said, faults = program(
        "--explain", "ru", str(file), LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0"
    ).communicate()

    assert json.loads(said.decode("utf-8"))["explanation"][0] == "Заблокировано"
    assert not faults


def test_a_reader_may_leave_early(file: Path) -> None:
    file.write_text("\n".join([json.dumps(VETO)] * 400), encoding="utf-8")
    running = program(str(file))
    assert running.stdout is not None
    assert running.stderr is not None
    with running.stdout, running.stderr:
        assert b"blocked" in running.stdout.readline()
        running.stdout.close()
        faults = running.stderr.read()

    assert (running.wait(), faults) == (1, b"")


def test_a_key_that_nobody_knows_is_named_and_not_counted(file: Path) -> None:
    [plain, noted], status = answers(file, VETO, {**VETO, "id": "noted", "session": 12})

    assert status == 0
    assert noted == {**plain, "id": "noted", "ignored": ["session"]}


@pytest.mark.parametrize(
    ("case", "path"),
    [({**VETO, "members": 12}, "$.members"), ({**TIED, "rows": []}, "$.rows")],
    ids=["a motion", "a choice"],
)
def test_what_counts_under_the_other_kind_of_charter_is_refused(
    file: Path, case: dict[str, Any], path: str
) -> None:
    [answer], status = answers(file, case)

    assert status == 1
    assert answer["error"]["path"] == path
