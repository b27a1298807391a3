"""What holds for every poll, tried on generated ones, and the rules against a second version."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from governance.domain.choice.choose import choose
from governance.domain.choice.outcome import ChoiceOutcome
from governance.domain.choice.reading import parse_poll
from tests.governance.domain import naive
from tests.governance.domain.polls import charter, chosen

NAMES = "ABCD"
RANKED_METHODS: dict[str, dict[str, Any]] = {
    "borda": {},
    "irv": {"ties": ["backward"]},
    "stv": {"seats": 2, "ties": ["backward"], "last_vacancy": True},
    "schulze": {},
    "condorcet": {},
    "copeland": {},
    "condorcet_irv": {"seats": 2},
    "debian": {"default": "D"},
}


@st.composite
def rankings(draw: st.DrawFn, *, equals: bool = True) -> str:
    """Draw one ballot: a ranking of some candidates, with equal ranks or without."""
    order = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=len(NAMES)))
    signs = [draw(st.sampled_from("=>>")) if equals else ">" for _ in order[1:]]
    return "".join(
        sign + name for sign, name in zip(["", *signs][: len(order)], order, strict=True)
    )


def polls(*, equals: bool = True) -> st.SearchStrategy[dict[str, int]]:
    return st.dictionaries(rankings(equals=equals), st.integers(1, 5), max_size=7)


METHODS = st.sampled_from(sorted(RANKED_METHODS))


def counted(method: str, ballots: dict[str, int], names: str = NAMES) -> ChoiceOutcome:
    return chosen(method, ballots, names, **RANKED_METHODS[method])


def groups(ballot: str) -> list[list[str]]:
    return [group.split("=") for group in ballot.split(">")] if ballot else []


def plain(ballots: dict[str, int]) -> naive.Ballots:
    return [(groups(ballot), n) for ballot, n in ballots.items()]


@given(METHODS, polls(), st.data())
def test_the_order_of_ballots_changes_nothing(
    method: str, ballots: dict[str, int], data: st.DataObject
) -> None:
    shuffled = dict(data.draw(st.permutations(list(ballots.items()))))

    assert counted(method, shuffled) == counted(method, ballots)


@given(METHODS, polls(), st.permutations(NAMES))
def test_names_do_not_matter(method: str, ballots: dict[str, int], other: list[str]) -> None:
    assume(method != "debian")
    renamed = str.maketrans(NAMES, "".join(other))
    there = {ballot.translate(renamed): n for ballot, n in ballots.items()}

    ours, theirs = counted(method, ballots), counted(method, there)

    assert theirs.result == ours.result
    assert set(theirs.winners) == {name.translate(renamed) for name in ours.winners}
    assert set(theirs.between) == {name.translate(renamed) for name in ours.between}


@given(METHODS, polls(), st.permutations(NAMES))
def test_the_order_of_candidates_does_not_matter(
    method: str, ballots: dict[str, int], order: list[str]
) -> None:
    ours, theirs = counted(method, ballots), counted(method, ballots, "".join(order))

    assert theirs.result == ours.result
    assert set(theirs.winners) == set(ours.winners)
    assert [set(group) for group in theirs.order] == [set(group) for group in ours.order]


@given(st.sampled_from(["borda", "irv", "schulze", "copeland", "condorcet_irv"]), polls())
def test_ten_times_as_many_ballots_come_to_the_same(method: str, ballots: dict[str, int]) -> None:
    tenfold = {ballot: 10 * n for ballot, n in ballots.items()}
    ours, theirs = counted(method, ballots), counted(method, tenfold)

    assert (theirs.result, theirs.winners, theirs.order) == (ours.result, ours.winners, ours.order)


@given(METHODS, polls())
def test_an_outcome_is_read_back_as_it_was(method: str, ballots: dict[str, int]) -> None:
    outcome = counted(method, ballots)

    assert ChoiceOutcome.from_document(outcome.as_document()) == outcome


@given(METHODS, polls())
def test_nobody_is_elected_and_open_at_once(method: str, ballots: dict[str, int]) -> None:
    outcome = counted(method, ballots)
    seats = RANKED_METHODS[method].get("seats", 1)

    assert len(outcome.winners) <= seats
    assert (outcome.result == "tie") == bool(outcome.between)
    if outcome.result == "elected":
        assert len(outcome.winners) == seats


@given(st.sampled_from(["borda", "schulze", "copeland", "condorcet"]), polls(), st.data())
def test_being_put_first_never_costs_the_seat(
    method: str, ballots: dict[str, int], data: st.DataObject
) -> None:
    """Monotone: these methods never punish a winner for a better place on a ballot."""
    outcome = counted(method, ballots)
    assume(outcome.result == "elected")
    [winner] = outcome.winners
    raised = data.draw(st.sampled_from(sorted(ballots)))
    rest = [[name for name in group if name != winner] for group in groups(raised)]
    better = ">".join([winner, *("=".join(group) for group in rest if group)])
    n = ballots[raised]
    after = {ballot: m for ballot, m in ballots.items() if ballot != raised}
    after[better] = after.get(better, 0) + n

    assert counted(method, after).winners == (winner,)


@given(
    st.dictionaries(st.sampled_from(["A", "A+B", "B", "C", "B+C", ""]), st.integers(1, 9)),
    st.sampled_from("ABC"),
)
def test_one_more_approval_never_costs_the_seat(ballots: dict[str, int], name: str) -> None:
    before = chosen("approval", ballots)
    after = chosen("approval", {**ballots, name: ballots.get(name, 0) + 1})

    assert before.winners != (name,) or after.winners == (name,)


@given(polls())
def test_schulze_elects_whom_no_path_beats(ballots: dict[str, int]) -> None:
    assume(any(ballots))
    best = naive.beatpath_winners(plain(ballots), NAMES)
    outcome = counted("schulze", ballots)

    assert set(outcome.winners or outcome.between) == best
    assert set(outcome.order[0]) == best


@given(polls())
def test_condorcet_elects_who_beats_everybody(ballots: dict[str, int]) -> None:
    winner = naive.condorcet_winner(plain(ballots), NAMES)
    outcome = counted("condorcet", ballots)

    assert outcome.winners == (() if winner is None else (winner,))
    if winner is not None:
        assert counted("condorcet_irv", ballots).winners[0] == winner
        assert counted("schulze", ballots).winners == (winner,)


@given(polls())
def test_copeland_elects_who_wins_most_duels(ballots: dict[str, int]) -> None:
    assume(any(ballots))
    wins = naive.pairwise_wins(plain(ballots), NAMES)
    best = {name for name in NAMES if wins[name] == max(wins.values())}
    outcome = counted("copeland", ballots)

    assert set(outcome.winners or outcome.between) == best


@given(polls())
def test_borda_elects_who_has_most_points(ballots: dict[str, int]) -> None:
    points = naive.borda(plain(ballots), NAMES)
    outcome = counted("borda", ballots)
    best = {name for name in NAMES if points[name] == max(points.values())}

    assert set(outcome.winners or outcome.between) == (best if any(points.values()) else set())
    if outcome.stages:
        assert {name: number for (name,), number in outcome.stages[0].figures} == points


@given(polls())
def test_a_run_off_elects_the_only_one_who_can_win_it(ballots: dict[str, int]) -> None:
    """Where the kernel finds no tie, every way to exclude the last has the same winner."""
    possible = naive.runoff_winners(plain(ballots), NAMES)
    outcome = chosen("irv", ballots, NAMES)

    assert (outcome.result == "no_votes") == (not possible)
    if outcome.winners:
        assert possible == set(outcome.winners)
    if len(possible) > 1:
        assert outcome.result == "tie"


@given(polls(equals=False), st.integers(1, 3), st.integers(0, 3))
def test_a_transferred_vote_elects_as_paper_by_paper(
    ballots: dict[str, int], seats: int, places: int
) -> None:
    """Where the kernel finds no tie, every way in which ties may fall elects the same."""
    possible = naive.transferred(plain(ballots), NAMES, seats, places)
    outcome = chosen("stv", ballots, NAMES, seats=seats, places=places)

    if outcome.result == "elected":
        assert possible == {frozenset(outcome.winners)}
    else:
        assert all(frozenset(outcome.winners) <= elected for elected in possible)


@given(polls(), st.permutations(NAMES))
def test_a_lot_leaves_no_tie(ballots: dict[str, int], lot: list[str]) -> None:
    for method in ("irv", "stv", "schulze", "copeland", "borda"):
        seats = 2 if method == "stv" else 1
        outcome = chosen(
            method, ballots, NAMES, seats=seats, ties=["lot"], given={"lot": list(lot)}
        )

        assert outcome.result in ("elected", "no_votes")


CARDS = st.lists(
    st.fixed_dictionaries(
        {
            "n": st.integers(1, 4),
            "scores": st.dictionaries(st.sampled_from(NAMES), st.integers(0, 5)),
        }
    ),
    max_size=6,
)


@given(CARDS)
def test_star_elects_the_preferred_of_the_two_highest(cards: list[dict[str, Any]]) -> None:
    def score(name: str) -> int:
        return sum(card["n"] * card["scores"].get(name, 0) for card in cards)

    def preferring(one: str, other: str) -> int:
        return sum(
            card["n"] for card in cards if card["scores"].get(one, 0) > card["scores"].get(other, 0)
        )

    by_score = sorted(NAMES, key=score, reverse=True)
    first, second, third, _ = by_score
    outcome = chosen("star", cards, NAMES)

    if not score(first):
        assert outcome.result == "no_votes"
    elif score(second) == score(third):
        assert outcome.result == "tie"
    elif preferring(first, second) != preferring(second, first):
        winner = first if preferring(first, second) > preferring(second, first) else second
        assert outcome.winners == (winner,)
    elif score(first) != score(second):
        assert outcome.winners == (first,)
    else:
        assert set(outcome.between) == {first, second}


@given(CARDS, st.data())
def test_cards_may_come_one_by_one_and_in_any_order(
    cards: list[dict[str, Any]], data: st.DataObject
) -> None:
    single = [{**card, "n": 1} for card in cards for _ in range(card["n"])]
    shuffled = data.draw(st.permutations(single))

    for method in ("star", "score"):
        assert chosen(method, shuffled, NAMES) == chosen(method, cards, NAMES)


@given(polls())
def test_pairs_say_as_much_as_ballots(ballots: dict[str, int]) -> None:
    assume(any(ballots))
    rule = charter("schulze")
    pairs = {
        f"{one}>{other}": naive.prefer(plain(ballots), one, other)
        for one in NAMES
        for other in NAMES
        if one != other
    }
    assume(any(pairs.values()))
    by_pairs = choose(rule, parse_poll({"candidates": list(NAMES), "pairwise": pairs}, rule))

    assert by_pairs == counted("schulze", ballots)
