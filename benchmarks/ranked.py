"""Count a million ranked ballots over eight options, of which 9,000 are different."""
# ruff: noqa: INP001, S311 - no package; chance makes ballots here and decides nothing

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import partial
from importlib.util import find_spec
from random import Random
from typing import Any

from benchmarks.clock import best_of, show
from governance.domain.charter import SCHEMA
from governance.domain.choice.charter import ChoiceCharter, parse_choice
from governance.domain.choice.choose import choose
from governance.domain.choice.reading import parse_poll

NAMES = "ABCDEFGH"
BALLOTS = 1_000_000
DIFFERENT = 9_000
SEATS = 3
FASTER = 5
"""How many times as fast as pref_voting every method is to be."""


def ballots(n: int, different: int) -> list[str]:
    """Return ballots as a counting room has them: one after the other, many of them cut short."""
    chance = Random(1)
    orders: dict[str, None] = {}
    while len(orders) < different:
        # The first letters come first more often, so that there is something to count.
        strength = {name: chance.random() * (30 - place) for place, name in enumerate(NAMES)}
        order = sorted(NAMES, key=strength.__getitem__, reverse=True)
        orders[">".join(order[: chance.randint(1, len(NAMES))])] = None
    # The orders drawn first, those that come easily, are on more ballots than the others.
    shares = [1 / place for place in range(10, 10 + different)]
    return [*orders, *chance.choices(list(orders), shares, k=n - different)]


def charter(method: str, **parameters: object) -> ChoiceCharter:
    """Read a charter of this method."""
    return parse_choice(
        {
            "schema": SCHEMA,
            "id": method,
            "title": method,
            "kind": "choice",
            "decide": [{"then": "choose"}],
            "choose": {"method": method, "seats": 1, **parameters},
        }
    )


def ours(rule: ChoiceCharter, orders: dict[str, int]) -> set[str]:
    """Read and count, with all stages."""
    poll = parse_poll({"candidates": list(NAMES), "ballots": orders}, rule)
    return set(choose(rule, poll).winners)


def plain_runoff(orders: dict[str, int]) -> set[str]:
    """Look through all ballots anew in each round."""
    running = set(NAMES)
    while True:
        votes = dict.fromkeys(sorted(running), 0)
        for order, n in orders.items():
            for name in order.split(">"):
                if name in running:
                    votes[name] += n
                    break
        leader = max(votes, key=votes.__getitem__)
        if 2 * votes[leader] > sum(votes.values()):
            return {leader}
        running.remove(min(votes, key=votes.__getitem__))


def plain_schulze(orders: dict[str, int]) -> set[str]:
    """Look up the places of both on every ballot, for every pair; then the strongest paths."""
    pairs: Counter[tuple[str, str]] = Counter()
    for order, n in orders.items():
        places = {name: place for place, name in enumerate(order.split(">"))}
        for one in NAMES:
            for other in NAMES:
                if places.get(one, len(NAMES)) < places.get(other, len(NAMES)):
                    pairs[one, other] += n
    paths = {(a, b): pairs[a, b] if pairs[a, b] > pairs[b, a] else 0 for a in NAMES for b in NAMES}
    for middle in NAMES:
        for a in NAMES:
            for b in NAMES:
                paths[a, b] = max(paths[a, b], min(paths[a, middle], paths[middle, b]))
    return {a for a in NAMES if all(paths[a, b] >= paths[b, a] for b in NAMES)}


def plain_transfer(orders: dict[str, int]) -> set[str]:
    """Keep a fraction for the value of every ranking, and deal all of them anew in each stage."""
    values = {order: Fraction(n) for order, n in orders.items()}
    quota = sum(orders.values()) // (SEATS + 1) + 1
    running, elected = set(NAMES), set[str]()
    while len(elected) < SEATS and len(elected) + len(running) > SEATS:
        piles: dict[str, list[str]] = {name: [] for name in sorted(running)}
        for order in values:
            for name in order.split(">"):
                if name in running:
                    piles[name].append(order)
                    break
        votes = {name: sum(values[order] for order in pile) for name, pile in piles.items()}
        leader = max(votes, key=votes.__getitem__)
        if votes[leader] >= quota:
            for order in piles[leader]:
                values[order] *= Fraction(votes[leader] - quota) / votes[leader]
            elected.add(leader)
            running.remove(leader)
        else:
            running.remove(min(votes, key=votes.__getitem__))
    return elected if len(elected) == SEATS else elected | running


def plain_borda(orders: dict[str, int]) -> set[str]:
    """Give 7, 6, … points on every ballot."""
    points: Counter[str] = Counter()
    for order, n in orders.items():
        for place, name in enumerate(order.split(">"), 1):
            points[name] += n * (len(NAMES) - place)
    return {name for name in NAMES if points[name] == max(points.values())}


METHODS: dict[str, tuple[ChoiceCharter, Callable[[dict[str, int]], set[str]]]] = {
    "irv": (charter("irv"), plain_runoff),
    "borda": (charter("borda"), plain_borda),
    "schulze": (charter("schulze"), plain_schulze),
    "stv, 3 seats": (
        charter("stv", seats=SEATS, places=5, last_vacancy=False),
        plain_transfer,
    ),
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure grouping, then each method in both ways, and beside the library if it is there."""
    options = ArgumentParser(prog="python -m benchmarks.ranked", description=__doc__)
    options.add_argument("--n", type=int, default=BALLOTS, help="how many ballots")
    given = options.parse_args(arguments)
    cast = ballots(given.n, min(DIFFERENT, given.n))
    grouping, orders = best_of(1, lambda: dict(Counter(cast)))
    show(f"{len(cast):,} ballots", f"{len(orders):,} different", f"grouped in {grouping:.2f} s")
    theirs = library(orders) if find_spec("pref_voting") else {}
    show("method", "ours", "plain", "ratio", *["pref_voting", "times as fast"][: 2 * bool(theirs)])
    for name, (rule, plain) in METHODS.items():
        seconds, winners = best_of(3, partial(ours, rule, orders))
        baseline, wanted = best_of(1, partial(plain, orders), warm=False)
        columns = [f"{seconds:.3f} s", f"{baseline:.3f} s", f"{seconds / baseline:.2f}"]
        agreeing = {"plain": wanted}
        if name in theirs:
            longer, agreeing["pref_voting"] = best_of(1, theirs[name], warm=False)
            columns += [f"{longer:.3f} s", f"{longer / seconds:.0f} (≥ {FASTER})"]
        show(name, *columns)
        for whose, found in agreeing.items():
            if found != winners:
                raise SystemExit(f"{name}: {whose} elects {sorted(found)}, not {sorted(winners)}")


def library(orders: dict[str, int]) -> dict[str, Callable[[], set[str]]]:
    """Return what elects by the methods of pref_voting, reading the same grouped ballots first."""
    from pref_voting.profiles_with_ties import ProfileWithTies  # noqa: PLC0415 - optional
    from pref_voting.proportional_methods import stv_scottish  # noqa: PLC0415
    from pref_voting.scoring_methods import borda_for_profile_with_ties  # noqa: PLC0415
    from pref_voting.voting_methods import (  # noqa: PLC0415
        beat_path,
        instant_runoff_for_truncated_linear_orders,
    )

    def elected(method: Callable[[Any], Any], *, last: bool = True) -> set[str]:
        rankings = [
            {NAMES.index(name): place for place, name in enumerate(order.split(">"), 1)}
            for order in orders
        ]
        profile = ProfileWithTies(rankings, list(orders.values()), candidates=range(len(NAMES)))
        if last:
            profile.use_extended_strict_preference()
        return {NAMES[winner] for winner in method(profile)}

    return {
        "irv": partial(elected, instant_runoff_for_truncated_linear_orders),
        "borda": partial(elected, borda_for_profile_with_ties),
        "schulze": partial(elected, beat_path),
        "stv, 3 seats": partial(elected, partial(stv_scottish, num_seats=SEATS), last=False),
    }


if __name__ == "__main__":
    main()
