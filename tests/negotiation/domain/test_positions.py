"""Where sides stand on a clause, and which of them keep it open."""

from __future__ import annotations

import pytest

from negotiation.domain.positions import (
    Blocker,
    Cell,
    Position,
    PositionProblem,
    Stance,
    blockers,
    cell,
    is_stale,
    is_undisputed,
    problems,
)

NOW, BEFORE = "b" * 64, "a" * 64
SIDES = ("MIN", "EMP", "PUB", "EXP")

CELLS = {
    "support": (Position(Stance.SUPPORT, NOW), Cell.SUPPORTS, False),
    "a reservation": (
        Position(Stance.SUPPORT_WITH_RESERVATION, NOW),
        Cell.SUPPORTS_WITH_RESERVATION,
        False,
    ),
    "an objection": (Position(Stance.OBJECT, NOW), Cell.OBJECTS, True),
    "no position": (Position(Stance.NO_POSITION, NOW), Cell.HAS_NO_POSITION, True),
    "support of another wording": (Position(Stance.SUPPORT, BEFORE), Cell.STALE, True),
    "an objection to another wording": (Position(Stance.OBJECT, BEFORE), Cell.STALE, True),
    "silence": (None, Cell.SILENT, True),
}


@pytest.mark.parametrize(("position", "shown", "blocks"), CELLS.values(), ids=CELLS)
def test_cell(position: Position | None, shown: Cell, blocks: bool) -> None:  # noqa: FBT001
    assert cell(position, NOW) is shown
    assert shown.blocks is blocks


def test_a_position_goes_stale_with_the_wording() -> None:
    position = Position(Stance.SUPPORT, BEFORE)

    assert is_stale(position, NOW)
    assert not is_stale(position, BEFORE)


def test_whoever_keeps_a_clause_open_is_named_in_the_order_of_sides() -> None:
    standing = {
        "EXP": Position(Stance.OBJECT, NOW),
        "MIN": Position(Stance.SUPPORT, NOW),
        "EMP": Position(Stance.SUPPORT, BEFORE),
    }

    assert blockers(SIDES, standing, NOW) == (
        Blocker("EMP", Cell.STALE),
        Blocker("PUB", Cell.SILENT),
        Blocker("EXP", Cell.OBJECTS),
    )
    assert not is_undisputed(SIDES, standing, NOW)


def test_a_clause_is_undisputed_when_every_side_supports_it() -> None:
    standing = {side: Position(Stance.SUPPORT, NOW) for side in SIDES}

    assert is_undisputed(SIDES, standing, NOW)
    assert not is_undisputed(SIDES, standing, BEFORE)
    assert not is_undisputed((), {}, NOW)


def test_an_objection_needs_a_reason_and_the_text_that_was_read() -> None:
    def found(stance: Stance, reason: str, seen: str = NOW) -> tuple[PositionProblem, ...]:
        return problems(stance, reason=reason, seen_sha256=seen, tabled_sha256=NOW)

    assert found(Stance.OBJECT, "дорого") == ()
    assert found(Stance.OBJECT, " \n") == (PositionProblem.REASON_MISSING,)
    assert found(Stance.SUPPORT, "") == ()
    assert found(Stance.OBJECT, "", BEFORE) == (
        PositionProblem.REASON_MISSING,
        PositionProblem.ANOTHER_WORDING,
    )
