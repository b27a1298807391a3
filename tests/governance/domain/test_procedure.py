"""The procedure of a body is read with its contradictions refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from governance.domain.charter import parse_charter
from governance.domain.decide import decide
from governance.domain.procedure import (
    PartialAdoption,
    ProcedureError,
    Proxies,
    Silence,
    Voice,
    parse_procedure,
)
from governance.domain.silence import NEVER
from governance.domain.table import InnerRule
from tests.governance.domain.samples import roll, votes

SIDES: dict[str, Any] = {
    "MIN": {"inner_rule": "single_voice", "voice": "single", "inner_approvals": 2},
    "EMP": {"inner_rule": "majority_of_entitled", "proxies_allowed": True},
    "EXP": {"inner_rule": "two_thirds_present", "voice": "seats"},
}


def test_what_is_not_said_is_strict() -> None:
    procedure = parse_procedure({"sides": {"A": {"inner_rule": "consensus"}}})

    assert procedure.proxy is Proxies.FORBIDDEN
    assert procedure.partial_adoption is PartialAdoption.FORBIDDEN
    assert procedure.silence is Silence.OFF
    assert procedure.sides["A"].voice is Voice.SEATS
    assert procedure.sides["A"].inner_approvals == 0
    assert not procedure.may_use_proxy("A")
    assert procedure.max_proxies_held == 1


def test_a_whole_procedure() -> None:
    procedure = parse_procedure(
        {
            "sides": SIDES,
            "notice_working_days": 7,
            "proxy": "except_experts",
            "max_proxies_held": 3,
            "partial_adoption": "severable_clauses",
            "entry_dates": [[9, 1], [3, 1]],
            "side_quorum": "2/3",
        }
    )

    assert procedure.notice_working_days == 7
    assert procedure.max_proxies_held == 3
    assert procedure.entry_dates == ((3, 1), (9, 1))
    assert procedure.side_quorum == Fraction(2, 3)
    assert procedure.sides["MIN"].inner_rule is InnerRule.SINGLE_VOICE
    assert [procedure.may_use_proxy(side) for side in SIDES] == [False, True, False]
    assert parse_procedure(procedure.as_document()) == procedure


def test_the_rules_of_counting_are_composed_from_it() -> None:
    procedure = parse_procedure({"sides": SIDES, "proxy": "any", "side_quorum": "2/3"})
    charter = parse_charter(procedure.rules_document(charter_id="c", title="C"))
    whole = {"MIN": votes(1, 0, 0), "EMP": votes(4, 0, 0)}

    # Two thirds of three must be exceeded: two present are not enough.
    lost = decide(charter, roll({**whole, "EXP": votes(2, 0, 0, absent=1)}))
    held = decide(charter, roll({**whole, "EXP": votes(2, 1, 0)}))

    assert (lost.result, held.result) == ("no_quorum", "adopted")


MALFORMED: dict[str, tuple[Any, str, str]] = {
    "no sides": ({}, "$", "missing_key"),
    "empty sides": ({"sides": {}}, "$.sides", "empty"),
    "a key nobody knows": ({"sides": SIDES, "quorum": 1}, "$.quorum", "unknown_key"),
    "a side without a rule": ({"sides": {"A": {}}}, "$.sides.A", "missing_key"),
    "a rule nobody knows": (
        {"sides": {"A": {"inner_rule": "lot"}}},
        "$.sides.A.inner_rule",
        "unknown_value",
    ),
    "a single voice of seats": (
        {"sides": {"A": {"inner_rule": "single_voice", "voice": "seats"}}},
        "$.sides.A.voice",
        "contradiction",
    ),
    "approvals for seats that vote": (
        {"sides": {"A": {"inner_rule": "consensus", "inner_approvals": 1}}},
        "$.sides.A.inner_approvals",
        "contradiction",
    ),
    "proxies that nobody may hold": (
        {"sides": SIDES, "proxy": "any", "max_proxies_held": 0},
        "$.max_proxies_held",
        "out_of_range",
    ),
    "proxies for a side of a body without proxies": (
        {"sides": SIDES},
        "$.sides.EMP.proxies_allowed",
        "contradiction",
    ),
    "no experts to except": (
        {
            "sides": {"A": {"inner_rule": "consensus", "proxies_allowed": True}},
            "proxy": "except_experts",
        },
        "$.proxy",
        "contradiction",
    ),
    "half a day": (
        {"sides": SIDES, "proxy": "any", "notice_working_days": 0.5},
        "$.notice_working_days",
        "wrong_type",
    ),
    "a quorum of all that nobody can exceed": (
        {"sides": SIDES, "proxy": "any", "side_quorum": 1},
        "$.side_quorum",
        "out_of_range",
    ),
    "a silence procedure about everything": (
        {"sides": SIDES, "proxy": "any", "silence": "all"},
        "$.silence",
        "unknown_value",
    ),
    **{
        f"a silence procedure about {kind}": (
            {"sides": SIDES, "proxy": "any", "silence": kind},
            "$.silence",
            "never_by_silence",
        )
        for kind in sorted(NEVER)
    },
    "a silence of four days": (
        {"sides": SIDES, "proxy": "any", "silence": "editorial", "silence_working_days": 4},
        "$.silence_working_days",
        "out_of_range",
    ),
    "the thirtieth of February": (
        {"sides": SIDES, "proxy": "any", "entry_dates": [[2, 30]]},
        "$.entry_dates[0]",
        "out_of_range",
    ),
    "the twenty-ninth of February, which not every year has": (
        {"sides": SIDES, "proxy": "any", "entry_dates": [[2, 29]]},
        "$.entry_dates[0]",
        "out_of_range",
    ),
    "a date of three parts": (
        {"sides": SIDES, "proxy": "any", "entry_dates": [[2026, 9, 1]]},
        "$.entry_dates[0]",
        "out_of_range",
    ),
    "no date of entry": (
        {"sides": SIDES, "proxy": "any", "entry_dates": []},
        "$.entry_dates",
        "empty",
    ),
    "a flag in words": (
        {"sides": {"A": {"inner_rule": "consensus", "proxies_allowed": "no"}}},
        "$.sides.A.proxies_allowed",
        "wrong_type",
    ),
}


@pytest.mark.parametrize(("document", "path", "code"), MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_procedure_is_refused(document: Any, path: str, code: str) -> None:
    with pytest.raises(ProcedureError) as refused:
        parse_procedure(document)

    assert (refused.value.path, refused.value.code) == (path, code)
    assert refused.value.remedy
