"""The rules a second time, written to be obviously right and not to be fast.

Nothing here is shared with the kernel: raw JSON in, one voter after the other, fractions, no
explanation. Where both agree on everything small, a mistake would have to be made twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import permutations
from typing import Any

Voter = dict[str, Any]
Ballots = Sequence[tuple[Sequence[Sequence[str]], int]]

CAST = {"yes", "no"}
BALLOTS = CAST | {"abstain", "void"}


def meaning(name: str, own: set[str], *, recused_count: bool) -> set[str]:
    """Say which votes a word of a charter stands for."""
    valid = CAST | {"abstain"} | own
    present = valid | {"void", "silent"}
    members = present | {"absent"} | ({"recused"} if recused_count else set())
    words = {
        "cast": CAST,
        "valid": valid,
        "ballots": valid | {"void"},
        "present": present,
        "members": members,
        "not_yes": members - {"yes"},
        "not_no": members - {"no"},
    }
    return words.get(name, {name})


class Motion:
    """One motion under the raw document of its charter."""

    def __init__(self, charter: Mapping[str, Any], voters: Iterable[Voter]) -> None:
        self.charter = charter
        self.ballot = charter.get("ballot", {})
        self.roll = charter.get("roll", {})
        self.voters = [self.recoded(voter) for voter in voters]

    def recoded(self, voter: Voter) -> Voter:
        for recode in self.ballot.get("recode", []):
            froms = [recode["from"]] if isinstance(recode["from"], str) else recode["from"]
            fits = voter["vote"] in {vote for name in froms for vote in self.votes(name)}
            fits = fits and all(voter.get(k) == v for k, v in recode.get("where", {}).items())
            if fits and voter.get(recode.get("unless", "")) is not True:
                return {**voter, "vote": recode["to"]}
        return voter

    def votes(self, names: Any) -> set[str]:
        named = [names] if isinstance(names, str) else names
        own = set(self.ballot.get("values", []))
        counted = self.roll.get("recused") == "counted"
        return {v for name in named for v in meaning(name, own, recused_count=counted)}

    def result(self, units: Mapping[str, Any] | None = None) -> str:
        groups = {name: self.groups(name, (units or {}).get(name, {})) for name in self.units()}
        return self.first(self.charter["decide"], self.voters, groups)

    def units(self) -> Mapping[str, Any]:
        return self.charter.get("units", {})

    def groups(self, name: str, given: Mapping[str, Any]) -> list[Voter]:
        unit = self.units()[name]
        keys = {**given, **{v[unit["by"]]: None for v in self.voters if unit["by"] in v}}
        voters = []
        for key in keys:
            inside = [v for v in self.voters if v.get(unit["by"]) == key]
            vote = self.first(unit["vote"], inside, {})
            voters.append({unit["by"]: key, **given.get(key, {}), "vote": vote})
        return voters

    def first(self, rules: Any, voters: list[Voter], groups: Mapping[str, list[Voter]]) -> str:
        for rule in rules:
            holds = "if" not in rule or self.holds(rule["if"], voters, groups, None)
            fails = "unless" in rule and self.holds(rule["unless"], voters, groups, None)
            if holds and not fails:
                return str(rule["then"])
        raise AssertionError(rules)

    def holds(self, expression: Any, voters: Any, groups: Any, side: str | None) -> bool:
        if "all" in expression:
            return all(self.holds(one, voters, groups, side) for one in expression["all"])
        if "any" in expression:
            return any(self.holds(one, voters, groups, side) for one in expression["any"])
        if "not" in expression:
            return not self.holds(expression["not"], voters, groups, side)
        if "each" in expression:
            agreeing = [
                one
                for one in expression["each"]
                if self.holds(expression["is"], voters, groups, one)
            ]
            return len(agreeing) >= expression.get("at_least", len(expression["each"]))
        return self.passes(expression, voters, groups, side)

    def passes(self, test: Any, voters: Any, groups: Any, side: str | None) -> bool:
        side = test.get("side", side)
        [sign] = [key for key in test if key in (">", ">=", "<", "<=", "==")]
        left = self.weight(test, voters, groups, side, "yes")
        share = self.number(test[sign])
        plus = self.number(test.get("plus", 0))
        if "of" not in test:
            right, base = share, None
        elif test["of"] == "seats":
            base = Fraction(self.roll["seats"])
            right = share * base + plus
        else:
            of = test["of"] if isinstance(test["of"], dict) else {"votes": test["of"]}
            whole = {**{k: test[k] for k in ("weight", "units") if k in test}, **of}
            base = self.weight(whole, voters, groups, whole.get("side", side), "members")
            right = share * base + plus
        if left == 0 and right == 0 and not base and sign in (">=", "=="):
            return False
        return {
            ">": left > right,
            ">=": left >= right,
            "<": left < right,
            "<=": left <= right,
            "==": left == right,
        }[sign]

    def weight(
        self, counted: Any, voters: Any, groups: Any, side: str | None, default: str
    ) -> Fraction:
        votes = self.votes(counted.get("votes", default))
        where = self.roll["sides"][side] if side else {}
        total = Fraction(0)
        for voter in groups[counted["units"]] if "units" in counted else voters:
            if voter["vote"] in votes and all(voter.get(k) == v for k, v in where.items()):
                total += Fraction(voter[counted["weight"]]) if "weight" in counted else 1
        return total

    def number(self, value: Any) -> Fraction:
        if isinstance(value, str) and value.startswith("$"):
            return Fraction(self.charter["params"][value[1:]])
        return Fraction(value)


def above(ranking: Sequence[Sequence[str]], one: str, other: str) -> bool:
    """Say whether a ballot puts one before the other, where the unranked are last."""
    places = {name: place for place, group in enumerate(ranking) for name in group}
    last = len(ranking)
    return places.get(one, last) < places.get(other, last)


def prefer(ballots: Ballots, one: str, other: str) -> int:
    """Count who puts one before the other."""
    return sum(n for ranking, n in ballots if above(ranking, one, other))


def beatpath_winners(ballots: Ballots, names: Sequence[str]) -> set[str]:
    """Try every path without a repetition, and keep those whom nobody reaches more strongly."""

    def strongest(one: str, other: str) -> tuple[int, int]:
        others = [name for name in names if name not in (one, other)]
        best = (0, 0)
        for length in range(len(others) + 1):
            for between in permutations(others, length):
                steps = list(zip((one, *between), (*between, other), strict=True))
                links = [(prefer(ballots, a, b), -prefer(ballots, b, a)) for a, b in steps]
                if all(won > -lost for won, lost in links):
                    best = max(best, min(links))
        return best

    return {
        one
        for one in names
        if all(strongest(one, other) >= strongest(other, one) for other in names if other != one)
    }


def condorcet_winner(ballots: Ballots, names: Sequence[str]) -> str | None:
    """Return who beats everybody else."""
    for one in names:
        if all(
            prefer(ballots, one, other) > prefer(ballots, other, one)
            for other in names
            if other != one
        ):
            return one
    return None


def pairwise_wins(ballots: Ballots, names: Sequence[str]) -> dict[str, int]:
    """Count the duels each one wins."""
    return {
        one: sum(prefer(ballots, one, other) > prefer(ballots, other, one) for other in names)
        for one in names
    }


def borda(ballots: Ballots, names: Sequence[str]) -> dict[str, Fraction]:
    """Add up the points of every ballot, equals sharing those of their places."""
    points = dict.fromkeys(names, Fraction(0))
    for ranking, n in ballots:
        to_give = list(range(len(names) - 1, -1, -1))
        for group in ranking:
            taken, to_give = to_give[: len(group)], to_give[len(group) :]
            for name in group:
                points[name] += Fraction(sum(taken) * n, len(group))
    return points


def runoff_winners(ballots: Ballots, names: Sequence[str]) -> set[str]:
    """Exclude the last in every possible way and return all who can win so."""
    firsts = dict.fromkeys(names, 0)
    for ranking, n in ballots:
        for group in ranking:
            if len(group) > 1:
                break
            if group[0] in firsts:
                firsts[group[0]] += n
                break
    total = sum(firsts.values())
    if not total:
        return set()
    for name, votes in firsts.items():
        if 2 * votes > total:
            return {name}
    last = min(firsts.values())
    winners: set[str] = set()
    for name in [name for name in names if firsts[name] == last]:
        winners |= runoff_winners(ballots, [other for other in names if other != name])
    return winners


def transferred(
    ballots: Ballots, names: Sequence[str], seats: int, places: int
) -> set[frozenset[str]]:
    """Count the Scottish vote paper by paper, in every way in which ties may fall."""
    unit = 10**places
    papers = []
    for ranking, n in ballots:
        order = []
        for group in ranking:
            if len(group) > 1:
                break
            order.append(group[0])
        if order:
            papers.extend([(tuple(order), unit)] * n)
    quota = (len(papers) // (seats + 1) + 1) * unit
    held: dict[str, list[tuple[tuple[str, ...], int]]] = {name: [] for name in names}
    for order, value in papers:
        held[order[0]].append((order, value))
    return _counted(held, {}, frozenset(names), frozenset(), quota, seats)


def _counted(  # noqa: PLR0917 - the whole state of a count
    held: Mapping[str, list[tuple[tuple[str, ...], int]]],
    waiting: Mapping[str, int],
    running: frozenset[str],
    elected: frozenset[str],
    quota: int,
    seats: int,
) -> set[frozenset[str]]:
    votes = {name: sum(value for _, value in held[name]) for name in held}
    reached = {name for name in running if votes[name] >= quota}
    waiting = {**waiting, **{n: votes[n] - quota for n in reached if votes[n] > quota}}
    elected, running = elected | reached, running - reached
    if len(elected) == seats:
        return {elected}
    if len(elected) + len(running) <= seats:
        return {elected | running}
    outcomes: set[frozenset[str]] = set()
    if waiting:
        largest = max(waiting.values())
        for name in [name for name, surplus in waiting.items() if surplus == largest]:
            moved = [(order, value * largest // votes[name]) for order, value in held[name]]
            after = {**held, name: []}
            left = {other: surplus for other, surplus in waiting.items() if other != name}
            outcomes |= _counted(
                _given(after, moved, name, running), left, running, elected, quota, seats
            )
        return outcomes
    fewest = min(votes[name] for name in running)
    for name in [name for name in running if votes[name] == fewest]:
        left_running = running - {name}
        after = _given({**held, name: []}, held[name], name, left_running)
        outcomes |= _counted(after, {}, left_running, elected, quota, seats)
    return outcomes


def _given(
    held: Mapping[str, list[tuple[tuple[str, ...], int]]],
    papers: Iterable[tuple[tuple[str, ...], int]],
    giver: str,
    running: frozenset[str],
) -> dict[str, list[tuple[tuple[str, ...], int]]]:
    after = {name: list(pile) for name, pile in held.items()}
    for order, value in papers:
        rest = order[order.index(giver) + 1 :]
        for name in rest:
            if name in running:
                after[name].append((order, value))
                break
    return after
