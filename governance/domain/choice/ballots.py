"""Read ballots from JSON, in the form that the charter gives them.

Rankings are written `{"A>B=C": n}`, approvals `{"A+B": n}`, single votes `{"A": n}`, score cards
`[{"n": n, "scores": {"A": 5}}]`. Whether a damaged ballot is void is decided by people before the
count: here it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from governance.domain.documents import DocumentError, Reader, shown
from governance.domain.expressions import Number, whole
from governance.domain.rows import RollError

from .charter import ChoiceCharter
from .methods import BallotType
from .names import Names, unknown_candidate
from .poll import Form, Poll, Ranking

_READ = Reader(RollError)
_USUAL = 10**9
_SIGNS = {BallotType.RANKED: ">=", BallotType.APPROVAL: "+"}


def read_ballots(value: object, names: Names, charter: ChoiceCharter) -> Poll:
    """Read ballots, equal ones together.

    Raises:
        RollError: a ballot cannot be understood, or names somebody who does not stand.

    """
    if charter.ballot is BallotType.SCORE:
        return _score_cards(value, names, charter)
    _check_signs(names, charter.ballot)
    counts: dict[str, int] = {}
    for ballot, n in _READ.mapping(value, "$.ballots").items():
        # There may be a million of them, so a path is only written where it is needed.
        if type(n) is int and 0 <= n <= _USUAL:
            counts[ballot] = n
        else:
            counts[ballot] = _READ.count(n, _path(ballot))
    blank = counts.pop("", 0)
    valid = sum(counts.values())
    match charter.ballot:
        case BallotType.RANKED:
            rankings = tuple((_ranking(ballot, names), n) for ballot, n in counts.items())
            return Poll(names.names, Form.BALLOTS, valid, blank, rankings=rankings)
        case BallotType.APPROVAL:
            # To approve of nobody is an opinion, and a ballot like any other.
            totals = _added_up(counts, names, "+")
            return Poll(names.names, Form.BALLOTS, valid + blank, totals=totals)
        case _:
            return Poll(names.names, Form.BALLOTS, valid, blank, totals=_added_up(counts, names))


def _check_signs(names: Names, ballot: BallotType) -> None:
    """Refuse names that could not be told from the signs between them."""
    for place, name in enumerate(names.names):
        if any(sign in name for sign in _SIGNS.get(ballot, "")):
            raise _READ.problem(
                f"$.candidates[{place}]",
                f"{shown(name)} contains a sign of the ballot",
                code="unknown_value",
                remedy="give the candidates short names, such as A, B, C",
            )


def _path(ballot: str) -> str:
    return f"$.ballots[{shown(ballot)}]"


def _ranking(ballot: str, names: Names) -> Ranking:
    groups = ballot.split(">")
    try:
        if "=" in ballot:
            places = names.places
            ranking = tuple([tuple([places[name] for name in one.split("=")]) for one in groups])
        else:
            ranking = tuple([names.alone[name] for name in groups])
    except KeyError as unknown:
        raise unknown_candidate(unknown.args[0], _path(ballot)) from unknown
    ranked = [one for group in ranking for one in group] if "=" in ballot else ranking
    if len(ranked) > len(set(ranked)):
        raise _named_twice(_path(ballot))
    return ranking


def _added_up(counts: Mapping[str, int], names: Names, sign: str = "") -> tuple[Number, ...]:
    totals = [0] * len(names.names)
    for ballot, n in counts.items():
        written = ballot.split(sign) if sign else [ballot]
        chosen = [names.place(name, _path(ballot)) for name in written]
        if len(chosen) > len(set(chosen)):
            raise _named_twice(_path(ballot))
        for candidate in chosen:
            totals[candidate] += n
    return tuple(totals)


def _named_twice(path: str) -> DocumentError:
    return _READ.problem(
        path,
        "a candidate is named twice",
        code="duplicate",
        remedy="name everybody once, or leave the ballot out as void",
    )


def _score_cards(value: object, names: Names, charter: ChoiceCharter) -> Poll:
    def score(number: object, path: str) -> Number:
        read = _READ.fraction(number, path)
        if charter.score_range is not None:
            least, most = charter.score_range
            if not least <= read <= most:
                raise _READ.problem(
                    path,
                    f"{read} is outside the range",
                    code="out_of_range",
                    remedy=f"write a number from {least} to {most}",
                )
        return whole(read)

    cards: list[tuple[Sequence[Number], int]] = []
    for place, item in enumerate(_READ.items(value, "$.ballots")):
        path = f"$.ballots[{place}]"
        card = _READ.record(item, path, required=("scores",), optional=("n",))
        scores = names.numbers(card["scores"], f"{path}.scores", score)
        cards.append((scores, _READ.count(card.get("n", 1), f"{path}.n")))
    return Poll(names.names, Form.BALLOTS, sum(n for _, n in cards), scores=tuple(cards))
