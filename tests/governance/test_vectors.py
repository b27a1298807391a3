"""The vectors of the domain model (2.7) played through meetings, votes and counts."""

import pytest

from governance import services
from tests.world import World

pytestmark = pytest.mark.django_db


def votes(**sides: str) -> dict[str, str]:
    """Read `EMP="++-0"` as for, for, against, abstain; a dot is a seat that stays silent."""
    words = {"+": "for", "-": "against", "0": "abstain", ".": ""}
    return {
        f"{side}_{number}": words[sign]
        for side, signs in sides.items()
        for number, sign in enumerate(signs, 1)
    }


VECTORS = {
    "B-02 an abstention does not block a majority of entitled": (
        votes(EMP="+++0"),
        "agreed",
        [],
    ),
    "B-03 a minority inside a side does not block it": (votes(EMP="+++-"), "agreed", []),
    "B-07 two sides block": (
        votes(EMP="----", PUB="+++0", EXP="++--"),
        "not_agreed",
        ["EMP", "EXP"],
    ),
    "B-09 two agree and two do not": (
        votes(EMP="----", EXP="+---"),
        "not_agreed",
        ["EMP", "EXP"],
    ),
    "B-10 one side is enough": (
        votes(MIN="-", EMP="+++-", EXP="+++0"),
        "not_agreed",
        ["MIN"],
    ),
    "W-08 a tie is not agreement": (
        votes(MIN="-", PUB="++--", EXP="+---"),
        "not_agreed",
        ["MIN", "PUB", "EXP"],
    ),
    "B-27 more than two thirds suffices, the ministry blocks": (
        votes(MIN="-", EMP="+++0", EXP="+++-"),
        "not_agreed",
        ["MIN"],
    ),
    "EXP 2-1-1 is short of two thirds": (votes(EXP="++-0"), "not_agreed", ["EXP"]),
    "EMP 2-0-2 is not more than half": (votes(EMP="++00"), "not_agreed", ["EMP"]),
}


@pytest.mark.parametrize(("choices", "result", "blocked_by"), VECTORS.values(), ids=VECTORS)
def test_vector_in_a_hall(
    world: World, choices: dict[str, str], result: str, blocked_by: list[str]
) -> None:
    ballot = world.ballot()
    world.vote_all(ballot, **choices)
    world.close(ballot)
    assert (ballot.decision.result, ballot.decision.blocked_by) == (result, blocked_by)
    assert ballot.decision.validity["verdict"] == "valid"


def test_vector_W_06_no_paper_is_neither_for_nor_an_abstention(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    world.vote_all(ballot, PUB_4="")
    world.close(ballot)
    public = ballot.decision.side_results[2]
    assert (public["cast"], public["votes_for"], public["abstained"]) == (3, 3, 0)
    assert ballot.decision.result == "agreed"


def test_vector_W_09_a_recused_seat_is_outside_the_base(world: World) -> None:
    meeting = world.opened("written")
    world.conflict("EMP-2", meeting.agenda.get().topics)
    ballot = world.ballot(meeting)
    world.vote_all(ballot)
    world.close(ballot)
    employers = ballot.decision.side_results[1]
    assert (employers["entitled"], employers["votes_for"], employers["agreed"]) == (3, 3, True)


def test_vector_EMP_two_of_three_present_are_a_majority_of_entitled(world: World) -> None:
    meeting = world.opened()
    world.conflict("EMP-4", meeting.agenda.get().topics)
    world.go(meeting, "EMP-3")
    ballot = world.ballot(meeting)
    world.vote_all(ballot, EMP_3="")
    world.close(ballot)
    employers = ballot.decision.side_results[1]
    assert (employers["entitled"], employers["cast"], employers["agreed"]) == (3, 2, True)


def test_vector_PUB_two_of_four_are_no_quorum(world: World) -> None:
    meeting = world.opened("written")
    ballot = world.ballot(meeting)
    world.vote_all(ballot, PUB_2="abstain", PUB_3="", PUB_4="")
    world.close(ballot)
    assert ballot.decision.result == "not_held"


def test_vector_EXP_two_of_three_are_exactly_two_thirds(world: World) -> None:
    ballot = world.ballot(world.opened("written"))
    world.vote_all(ballot, EXP_3="against", EXP_4="")
    world.close(ballot)
    assert ballot.decision.side_results[3]["agreed"] is True


def test_vector_B_28_a_dissenting_opinion_does_not_change_the_result(world: World) -> None:
    ballot = world.ballot(decision_type="DT-04")
    world.vote_all(ballot, EMP_3="against")
    world.close(ballot)
    services.file_dissent(
        ballot=ballot,
        text_ru="Через год прошу представить данные.",
        actor=world.people["EMP-3"],
        at=world.later(),
    )
    ballot.refresh_from_db()
    assert ballot.decision.result == "agreed"
