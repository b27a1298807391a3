"""Every way in which seven voters can give four ballots, under every charter of a choice.

The second count (`naive`, and what is added here) shares no code with the kernel. It says who could
be elected in every way in which ties may fall: where the kernel elects, there is one such way, and
where it finds a tie there are several.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, combinations_with_replacement
from typing import Any, TypeAlias

import pytest

from governance.domain.choice.charter import parse_choice
from governance.domain.choice.choose import choose
from governance.domain.choice.reading import parse_poll
from tests.governance.domain import naive
from tests.governance.domain.samples import ROOT

DOCUMENTS = {
    document["id"]: document
    for document in json.loads((ROOT / "governance/data/charters.json").read_text("utf-8"))
    if document["kind"] == "choice"
}
NAMES = "ABC"
VOTERS = 7
MEMBERS = 4

Elected: TypeAlias = frozenset[str]
Given: TypeAlias = Mapping[str, int]
"""Ballots as they are written, with how many of each."""


def ranked(given: Given) -> naive.Ballots:
    return [([group.split("=") for group in b.split(">")], n) for b, n in given.items() if b]


def ones(names: set[str] | str | None) -> set[Elected]:
    return {frozenset({name}) for name in names or ()}


def top(totals: Mapping[str, Fraction | int], seats: int) -> set[Elected]:
    """Return whoever can fill the seats by the highest totals; nobody where all are nought."""
    real = dict(totals) if any(totals.values()) else {}
    full = min(seats, len(real))
    return {
        frozenset(chosen)
        for chosen in combinations(real, full)
        if all(real[one] >= real[other] for one in chosen for other in real if other not in chosen)
    } - {frozenset()}


def single(given: Given) -> dict[str, int]:
    return {name: given.get(name, 0) for name in NAMES}


def approvals(given: Given) -> dict[str, int]:
    return {name: sum(n for b, n in given.items() if name in b.split("+")) for name in NAMES}


def enough(given: Given, share: Fraction, *, strict: bool) -> set[Elected]:
    votes = single(given)
    least = share * sum(votes.values())
    reached = {n: v for n, v in votes.items() if v and (v > least if strict else v >= least)}
    return top(reached, 1)


def cards(given: Given) -> list[tuple[dict[str, int], int]]:
    return [(json.loads(card), n) for card, n in given.items()]


def sums(given: Given) -> dict[str, int]:
    return {name: sum(n * c.get(name, 0) for c, n in cards(given)) for name in NAMES}


def star(given: Given, seats: int, names: str = NAMES) -> set[Elected]:
    """Fill one seat after the other by a run-off of the two highest."""
    if not seats:
        return {frozenset()}
    totals = {name: total for name, total in sums(given).items() if name in names}
    possible: set[Elected] = set()
    for pair in top(totals, 2):
        for winner in _preferred(given, sorted(pair), totals):
            rest = names.replace(winner, "")
            after = star(given, seats - 1, rest) or {frozenset()}
            possible |= {frozenset({winner}) | others for others in after}
    return possible


def _preferred(given: Given, pair: Sequence[str], totals: Mapping[str, int]) -> Sequence[str]:
    if len(pair) == 1:
        return pair
    one, other = pair
    better = {
        a: sum(n for card, n in cards(given) if card.get(a, 0) > card.get(b, 0))
        for a, b in ((one, other), (other, one))
    }
    for figures in (better, totals):
        if figures[one] != figures[other]:
            return [max(pair, key=figures.__getitem__)]
    return pair


def debian(given: Given) -> set[Elected]:
    """Let those stand who beat the default option, by a quorum of 3/2 · √members.

    With a ratio of one both editions of the constitution ask the same.
    """
    ballots = ranked(given)
    standing = ["C"]
    for name in "AB":
        above, below = naive.prefer(ballots, name, "C"), naive.prefer(ballots, "C", name)
        if 4 * above**2 >= 9 * MEMBERS and above > below:
            standing.append(name)
    return ones(naive.beatpath_winners(ballots, standing))


def one_after_the_other(given: Given, seats: int, names: str = NAMES) -> set[Elected]:
    """Elect the Condorcet winner, or else that of a run-off, and begin again without."""
    ballots = [
        ([[one for one in group if one in names] for group in ranking], n)
        for ranking, n in ranked(given)
    ]
    ballots = [([group for group in ranking if group], n) for ranking, n in ballots]
    winner = naive.condorcet_winner(ballots, names)
    possible = {winner} if winner else naive.runoff_winners(ballots, names)
    if seats == 1:
        return ones(possible)
    return {
        frozenset({first}) | others
        for first in possible
        for others in one_after_the_other(given, seats - 1, names.replace(first, ""))
    }


def most_duels(given: Given) -> set[Elected]:
    wins = naive.pairwise_wins(ranked(given), NAMES)
    return ones({name for name in NAMES if wins[name] == max(wins.values())})


CYCLE = ("A>B>C", "B>C>A", "C>A>B", "C>B>A")
SHORT = ("A>B>C", "B", "C>A", "B>A")
SINGLE = ("A", "B", "C", "")
APPROVED = ("A", "A+B", "B+C", "C")
CARDS = tuple(
    map(
        json.dumps, ({"A": 5, "B": 2}, {"B": 5, "C": 1}, {"A": 3, "C": 4}, {"A": 1, "B": 1, "C": 5})
    )
)

RULES: dict[str, tuple[Callable[[Given], set[Elected]], dict[str, Any], tuple[Any, ...]]] = {
    "debian": (debian, {"default": "C"}, (CYCLE, SHORT)),
    "debian_strict": (debian, {"default": "C"}, (CYCLE, SHORT)),
    "k8s_schulze": (
        lambda g: ones(naive.beatpath_winners(ranked(g), NAMES)),
        {"seats": 1},
        (CYCLE,),
    ),
    "k8s_condorcet_irv": (lambda g: one_after_the_other(g, 2), {"seats": 2}, (CYCLE,)),
    "nodejs_condorcet": (most_duels, {}, (CYCLE, SHORT)),
    "irv": (lambda g: ones(naive.runoff_winners(ranked(g), NAMES)), {}, (CYCLE, SHORT)),
    "stv_scotland": (
        lambda g: naive.transferred(ranked(g), NAMES, 2, 5),
        {"seats": 2},
        (CYCLE, SHORT),
    ),
    "stv_minneapolis": (
        lambda g: naive.transferred(ranked(g), NAMES, 2, 4),
        {},
        (CYCLE,),
    ),
    "python_sc_approval": (lambda g: top(approvals(g), 2), {"seats": 2}, (APPROVED,)),
    "python_sc_bloc_star": (lambda g: star(g, 2), {"seats": 2}, (CARDS,)),
    "plurality": (lambda g: top(single(g), 1), {}, (SINGLE,)),
    "majority_election": (lambda g: enough(g, Fraction(1, 2), strict=True), {}, (SINGLE,)),
    "papal_conclave": (lambda g: enough(g, Fraction(2, 3), strict=False), {}, (SINGLE,)),
    "borda": (lambda g: top(naive.borda(ranked(g), NAMES), 1), {}, (CYCLE, SHORT)),
    "score": (lambda g: top(sums(g), 1), {}, (CARDS,)),
    "condorcet_only": (
        lambda g: ones(naive.condorcet_winner(ranked(g), NAMES)),
        {},
        (CYCLE, SHORT),
    ),
}


def every_poll(ballots: Sequence[str]) -> Iterator[Given]:
    for size in range(1, VOTERS + 1):
        for given in combinations_with_replacement(ballots, size):
            yield Counter(given)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_choice(name: str) -> None:
    possible_under, overrides, papers = RULES[name]
    charter = parse_choice(DOCUMENTS[name], overrides)
    is_scored = charter.score_range is not None or name == "score"
    looks_back = "backward" in DOCUMENTS[name]["choose"].get("ties", [])
    in_rounds = name in {"irv", "k8s_condorcet_irv", "python_sc_bloc_star"} or "stv" in name
    differing = []
    for given in (given for ballots in papers for given in every_poll(ballots)):
        if not any(given):
            continue
        written: Any = dict(given)
        if is_scored:
            written = [{"n": n, "scores": card} for card, n in cards(given)]
        poll = {"candidates": list(NAMES), "ballots": written, "members": MEMBERS + VOTERS}
        if name.startswith("debian"):
            poll["members"] = max(MEMBERS, sum(given.values()))
        outcome = choose(charter, parse_poll(poll, charter), seats=MEMBERS)
        possible = possible_under(given)
        winners = frozenset(outcome.winners)
        if outcome.result in {"elected", "default"}:
            # An earlier stage may decide between equals; otherwise there is one way only.
            agrees = winners in possible and (looks_back or len(possible) == 1)
        elif outcome.result == "tie":
            # In rounds a tie is left open even where the rounds after it come to the same.
            agrees = all(winners <= elected for elected in possible)
            agrees = agrees and (in_rounds or len(possible) > 1)
        else:
            agrees = not possible
        if not agrees:
            differing.append((dict(given), outcome.result, outcome.winners, possible))

    assert differing == []


def test_no_charter_of_a_choice_is_left_out() -> None:
    assert sorted(RULES) == sorted(DOCUMENTS)
