"""On what ground a ballot may be held again: every way in which one ends."""

from itertools import product

import pytest

from governance.domain.procedure import Tie
from governance.domain.repeats import Ended, Ground, ground_of, is_tied
from governance.domain.table import SideResult


def side(votes_for: int, votes_against: int, *, agreed: bool = False) -> SideResult:
    cast = votes_for + votes_against
    return SideResult(
        side="A",
        entitled=4,
        recused=0,
        cast=cast,
        votes_for=votes_for,
        votes_against=votes_against,
        abstained=0,
        side_quorum=True,
        agreed=agreed,
    )


def ended(*sides: SideResult, held: bool = True, annulled: bool = False, **more: bool) -> Ended:
    return Ended(
        was_held=held,
        was_annulled=annulled,
        was_agreed=more.get("agreed", False),
        sides=sides,
        is_second_after_tie=more.get("second", False),
    )


@pytest.mark.parametrize("tie", Tie)
def test_what_came_to_nothing_is_repeated_whatever_the_charter_says_of_ties(tie: Tie) -> None:
    assert ground_of(ended(held=False), tie) is Ground.NO_QUORUM
    assert ground_of(ended(held=False, annulled=True), tie) is Ground.ANNULLED
    assert ground_of(ended(side(4, 0, agreed=True), agreed=True), tie) is None


def test_a_tie_is_repeated_once_and_only_where_the_charter_says_so() -> None:
    tied = side(2, 2)
    assert ground_of(ended(tied, side(4, 0, agreed=True)), Tie.NOT_ADOPTED) is None
    assert ground_of(ended(tied, side(4, 0, agreed=True)), Tie.REPEAT) is Ground.TIE
    assert ground_of(ended(tied, second=True), Tie.REPEAT) is None


def test_a_side_that_answered_no_is_no_tie() -> None:
    assert ground_of(ended(side(2, 2), side(1, 3)), Tie.REPEAT) is None
    for votes_for, votes_against in product(range(4), repeat=2):
        is_level = votes_for == votes_against > 0
        assert is_tied(side(votes_for, votes_against)) == is_level
