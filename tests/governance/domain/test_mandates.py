"""A mandate is judged at the instant of the act (A2), by its dates, its scope and its parent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from calendars.domain import KRASNOYARSK
from governance.domain.mandates import (
    Bar,
    Judgement,
    Mandate,
    MandateKind,
    Scope,
    Standing,
    Surroundings,
    ends_before,
    judge,
    judge_best,
    last_day_without_term,
    seats_at_once,
    verdict,
)


def instant(day: int, hour: int = 12, minute: int = 0, *, month: int = 4) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=KRASNOYARSK)


PAPER = Mandate(
    code="MD-EMP-2",
    seat="EMP-2",
    person="P-EMP-2",
    kind=MandateKind.POWER_OF_ATTORNEY,
    issued_on=date(2026, 1, 23),
    valid_from=date(2026, 1, 23),
    valid_to=date(2027, 1, 1),
    scope=frozenset({Scope.VOTE, Scope.NEGOTIATE, Scope.SUBSTITUTE}),
)
SUBSTITUTION = Mandate(
    code="MD-EMP-2S",
    seat="EMP-2",
    person="P-EMP-2S",
    kind=MandateKind.SUBSTITUTION,
    issued_on=date(2026, 4, 3),
    valid_from=date(2026, 4, 6),
    valid_to=date(2026, 4, 11),
    scope=frozenset({Scope.VOTE}),
    parent=PAPER,
)


AT = datetime(2026, 4, 7, 12, tzinfo=KRASNOYARSK)
BARRED: dict[str, tuple[Mandate, dict[str, bool], Standing | Bar]] = {
    "a representative who holds the seat": (PAPER, {}, Standing.VALID),
    "a representative who left it": (PAPER, {"holds_seat": False}, Bar.NOT_HOLDER),
    "a proxy where none is admitted": (
        SUBSTITUTION,
        {"proxies_allowed": False},
        Bar.PROXY_FORBIDDEN,
    ),
    "a proxy of another organisation": (
        SUBSTITUTION,
        {"is_outsider": True},
        Bar.OTHER_ORGANISATION,
    ),
    "a proxy, who needs to hold no seat": (SUBSTITUTION, {"holds_seat": False}, Standing.VALID),
    "an appointment of who holds the seat": (
        replace(PAPER, kind=MandateKind.APPOINTMENT),
        {},
        Standing.VALID,
    ),
    "an appointment handed on": (
        replace(SUBSTITUTION, kind=MandateKind.APPOINTMENT),
        {},
        Standing.NOT_DELEGABLE,
    ),
    "a paper that is worth nothing, whatever surrounds it": (
        replace(PAPER, scope=frozenset({Scope.SIGN})),
        {"holds_seat": False},
        Standing.OUT_OF_SCOPE,
    ),
}


@pytest.mark.parametrize(("mandate", "given", "found"), BARRED.values(), ids=BARRED)
def test_the_paper_is_judged_first_and_then_what_surrounds_it(
    mandate: Mandate, given: dict[str, bool], found: Standing | Bar
) -> None:
    usual = {
        "holds_seat": True,
        "seat_is_deputy": False,
        "proxies_allowed": True,
        "is_outsider": False,
    }

    assert verdict(mandate, Scope.VOTE, Surroundings(**{**usual, **given}), at=AT) == found


def standing(
    mandate: Mandate | None,
    at: datetime,
    *,
    accepted: frozenset[Scope] = frozenset({Scope.VOTE}),
    may_be_delegated: bool = True,
) -> Standing:
    return judge(mandate, accepted=accepted, at=at, may_be_delegated=may_be_delegated).standing


def test_there_may_be_none() -> None:
    assert standing(None, instant(8)) is Standing.NOT_FOUND


TERM = {
    "the first instant of the first day": (instant(23, 0, month=1), Standing.VALID),
    "the last instant before it": (instant(22, 23, 59, month=1), Standing.NOT_YET_VALID),
    "the last minute of the last day": (
        datetime(2026, 12, 31, 23, 59, tzinfo=KRASNOYARSK),
        Standing.VALID,
    ),
    "midnight after the last day": (
        datetime(2027, 1, 1, tzinfo=KRASNOYARSK),
        Standing.EXPIRED,
    ),
    # 17:30 in Greenwich is half past midnight in Krasnoyarsk.
    "the last day elsewhere, the next day here": (
        datetime(2026, 12, 31, 17, 30, tzinfo=UTC),
        Standing.EXPIRED,
    ),
}


@pytest.mark.parametrize(("at", "wanted"), TERM.values(), ids=TERM)
def test_inv_a2_the_date_is_that_of_krasnoyarsk_at_the_act(at: datetime, wanted: Standing) -> None:
    assert standing(PAPER, at) is wanted


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        standing(PAPER, instant(8).replace(tzinfo=None))


def test_situation_01_a_mandate_that_expires_inside_the_ballot() -> None:
    """Valid on the 8th, expired on the 9th, and a new one from the 10th: EMP-3 in the demo."""
    old = replace(PAPER, code="MD-EMP-3A", valid_to=date(2026, 4, 9))
    new = replace(
        PAPER, code="MD-EMP-3B", issued_on=date(2026, 4, 10), valid_from=date(2026, 4, 10)
    )

    def best(at: datetime) -> Judgement:
        accepted = {Scope.VOTE}
        return judge_best([new, old], accepted=accepted, at=at, may_be_delegated=True)

    assert best(instant(8, 23, 59)) == Judgement(Standing.VALID, "MD-EMP-3A")
    assert best(instant(9, 11, 29)) == Judgement(Standing.EXPIRED, "MD-EMP-3A")
    assert best(instant(10, 10, 14)) == Judgement(Standing.VALID, "MD-EMP-3B")


REVOKED = {
    "before the revocation": (instant(7), None, Standing.VALID),
    "revoked, and nobody has told us": (instant(8), None, Standing.REVOKED_UNKNOWN_AT_TIME),
    "revoked, and we are told tomorrow": (
        instant(8),
        instant(9),
        Standing.REVOKED_UNKNOWN_AT_TIME,
    ),
    "revoked, and we know": (instant(9, 13), instant(9), Standing.REVOKED_KNOWN),
    "at the very instant we learn": (instant(9), instant(9), Standing.REVOKED_KNOWN),
    "told beforehand, but not yet revoked": (instant(7), instant(6), Standing.VALID),
}


@pytest.mark.parametrize(("at", "known_at", "wanted"), REVOKED.values(), ids=REVOKED)
def test_situation_02_what_was_known_of_a_revocation(
    at: datetime, known_at: datetime | None, wanted: Standing
) -> None:
    revoked = replace(PAPER, revoked_on=date(2026, 4, 8), revocation_known_at=known_at)

    assert standing(revoked, at) is wanted


def test_an_act_stands_while_the_revocation_is_unknown() -> None:
    carrying = {one for one in Standing if one.carries_the_act}

    assert carrying == {Standing.VALID, Standing.REVOKED_UNKNOWN_AT_TIME}


def test_inv_a3_a_substitution_holds_inside_its_own_term() -> None:
    assert standing(SUBSTITUTION, instant(5)) is Standing.NOT_YET_VALID
    assert standing(SUBSTITUTION, instant(6)) is Standing.VALID
    assert standing(SUBSTITUTION, instant(11)) is Standing.EXPIRED


OUTSIDE = Standing.SUBSTITUTION_OUTSIDE_PARENT
BEYOND: dict[str, tuple[dict[str, Any], dict[str, Any], Standing]] = {
    "longer than the parent": ({"valid_to": date(2027, 1, 2)}, {}, OUTSIDE),
    "as long as the parent": ({"valid_to": date(2027, 1, 1)}, {}, Standing.VALID),
    "earlier than the parent": ({"valid_from": date(2026, 1, 22)}, {}, OUTSIDE),
    "a power the parent lacks": ({"scope": frozenset({Scope.VOTE, Scope.SIGN})}, {}, OUTSIDE),
    "another seat": ({"seat": "EMP-1"}, {}, OUTSIDE),
    "no parent at all": ({"parent": None}, {}, OUTSIDE),
    "no right to substitute": ({}, {"scope": frozenset({Scope.VOTE})}, OUTSIDE),
    "a parent that is a substitution itself": (
        {},
        {"kind": MandateKind.SUBSTITUTION},
        Standing.NOT_DELEGABLE,
    ),
    "a personal appointment": ({}, {"kind": MandateKind.APPOINTMENT}, Standing.NOT_DELEGABLE),
    "without a term, it lasts as long as the parent": (
        {"valid_to": None},
        {"valid_to": date(2026, 4, 9)},
        Standing.VALID,
    ),
}


@pytest.mark.parametrize(("own", "parents", "wanted"), BEYOND.values(), ids=BEYOND)
def test_inv_a3_a_substitution_lies_inside_its_parent(
    own: dict[str, Any], parents: dict[str, Any], wanted: Standing
) -> None:
    substitution = replace(SUBSTITUTION, **{"parent": replace(PAPER, **parents), **own})

    assert standing(substitution, instant(8)) is wanted


FALLS = {
    "the parent is revoked": (
        {"revoked_on": date(2026, 4, 7), "revocation_known_at": instant(7)},
        Standing.REVOKED_KNOWN,
    ),
    "the parent has no date": ({"issued_on": None}, Standing.SUBSTITUTION_OUTSIDE_PARENT),
}


@pytest.mark.parametrize(("parents", "wanted"), FALLS.values(), ids=FALLS)
def test_inv_a3_with_its_parent_a_substitution_falls(
    parents: dict[str, Any], wanted: Standing
) -> None:
    assert standing(replace(SUBSTITUTION, parent=replace(PAPER, **parents)), instant(8)) is wanted


def test_the_judgement_names_the_mandate_at_fault() -> None:
    revoked = replace(PAPER, revoked_on=date(2026, 4, 7), revocation_known_at=instant(7))
    judged = judge(
        replace(SUBSTITUTION, parent=revoked),
        accepted={Scope.VOTE},
        at=instant(8),
        may_be_delegated=True,
    )

    assert judged == Judgement(Standing.REVOKED_KNOWN, "MD-EMP-2")


def test_inv_a4_a_mandate_without_a_date_of_issue_is_unusable() -> None:
    assert standing(replace(PAPER, issued_on=None), instant(8)) is Standing.UNDATED


YEAR = {
    "the last day of the year": (datetime(2027, 1, 23, 23, 59, tzinfo=KRASNOYARSK), Standing.VALID),
    "the day after": (datetime(2027, 1, 24, tzinfo=KRASNOYARSK), Standing.EXPIRED),
}


@pytest.mark.parametrize(("at", "wanted"), YEAR.values(), ids=YEAR)
def test_inv_a4_without_a_term_it_ends_after_one_year(at: datetime, wanted: Standing) -> None:
    assert standing(replace(PAPER, valid_to=None), at) is wanted


def test_inv_a4_the_year_of_a_leap_day() -> None:
    assert last_day_without_term(date(2024, 2, 29)) == date(2025, 2, 28)
    assert ends_before(replace(PAPER, issued_on=None)) is None


def test_a_mandate_does_not_begin_before_it_is_issued() -> None:
    early = replace(PAPER, valid_from=date(2026, 1, 1))

    assert standing(early, instant(22, month=1)) is Standing.NOT_YET_VALID
    assert standing(early, instant(23, month=1)) is Standing.VALID


def test_inv_a8_a_personal_power_is_not_exercised_by_another() -> None:
    assert standing(SUBSTITUTION, instant(8), may_be_delegated=False) is Standing.NOT_DELEGABLE
    # The expert's own appointment is no delegation.
    own = replace(PAPER, kind=MandateKind.APPOINTMENT)
    assert standing(own, instant(8), may_be_delegated=False) is Standing.VALID


def test_a_power_that_was_not_given_is_out_of_scope() -> None:
    deputy = replace(
        PAPER, scope=frozenset({Scope.VOTE_IN_ABSENCE_OF_COORDINATOR, Scope.NEGOTIATE})
    )
    in_absence = frozenset({Scope.VOTE, Scope.VOTE_IN_ABSENCE_OF_COORDINATOR})

    assert standing(deputy, instant(8)) is Standing.OUT_OF_SCOPE
    assert standing(deputy, instant(8), accepted=in_absence) is Standing.VALID
    assert standing(deputy, instant(8), accepted=frozenset()) is Standing.OUT_OF_SCOPE


def test_the_best_of_several_does_not_depend_on_their_order() -> None:
    papers = [
        replace(PAPER, code="later", valid_from=date(2026, 2, 1)),
        PAPER,
        replace(PAPER, code="undated", issued_on=None),
        replace(PAPER, code="narrow", scope=frozenset({Scope.SIGN})),
    ]
    for ordered in (papers, papers[::-1]):
        best = judge_best(ordered, accepted={Scope.VOTE}, at=instant(8), may_be_delegated=True)
        assert best == Judgement(Standing.VALID, "later")
    none = judge_best([], accepted={Scope.VOTE}, at=instant(8), may_be_delegated=True)
    assert none == Judgement(Standing.NOT_FOUND, "")


def _for(seat: str, begins: int, ends: int, **says: Any) -> Mandate:
    """Return a substitution for a seat on some days of April."""
    days = {"valid_from": date(2026, 4, begins), "valid_to": date(2026, 4, ends)}
    return replace(SUBSTITUTION, seat=seat, **{**days, **says})


HELD: dict[str, tuple[list[Mandate], int]] = {
    "nothing": ([], 0),
    "one after the other": ([_for("EMP-3", 6, 8), _for("EMP-4", 8, 11)], 1),
    "two at once, on one day": ([_for("EMP-3", 6, 9), _for("EMP-4", 8, 11)], 2),
    "two papers for one seat": ([_for("EMP-3", 6, 9), _for("EMP-3", 8, 11)], 1),
    "another paper for the same seat": ([_for("EMP-2", 6, 9)], 0),
    "over before it, or not begun": ([_for("EMP-3", 1, 6), _for("EMP-4", 11, 12)], 0),
    "taken back in time": ([_for("EMP-3", 6, 9, revoked_on=date(2026, 4, 6))], 0),
    "without a date": ([_for("EMP-3", 6, 9, issued_on=None)], 0),
    "for something else than to vote": (
        [_for("EMP-3", 6, 9, scope=frozenset({Scope.NEGOTIATE}))],
        0,
    ),
    "a paper of one's own": ([replace(PAPER, seat="EMP-3")], 0),
}


@pytest.mark.parametrize(("others", "wanted"), HELD.values(), ids=HELD)
def test_how_many_others_somebody_votes_for_at_once(others: list[Mandate], wanted: int) -> None:
    assert seats_at_once(SUBSTITUTION, others) == wanted
    assert seats_at_once(SUBSTITUTION, others[::-1]) == wanted
