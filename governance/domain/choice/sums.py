"""Read what is published instead of ballots: totals, comparisons of pairs, sums of scores."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from governance.domain.documents import Reader, shown
from governance.domain.expressions import Number, whole
from governance.domain.rows import RollError

from .charter import ChoiceCharter
from .methods import BallotType, Method
from .names import Names, unknown_candidate
from .poll import Form, Poll

_READ = Reader(RollError)


def read_tally(value: object, names: Names, charter: ChoiceCharter) -> Poll:
    """Read a total for each candidate: votes, approvals or points.

    Raises:
        RollError: it is malformed, or the method needs to know more.

    """
    methods = (Method.PLURALITY, Method.APPROVAL, Method.BORDA, Method.SCORE)
    _check_method(Form.TALLY, charter, methods)
    are_votes = charter.ballot in (BallotType.SINGLE, BallotType.APPROVAL)
    totals = names.numbers(value, "$.tally", _READ.count if are_votes else _total)
    is_single = charter.ballot is BallotType.SINGLE
    return Poll(names.names, Form.TALLY, int(sum(totals)) if is_single else None, totals=totals)


def read_pairwise(value: object, names: Names, charter: ChoiceCharter) -> Poll:
    """Read how many prefer one candidate to another, for each ordered pair.

    It is written `{"A>B": n}`, `{"A": {"B": n}}`, or as rows in the order of the candidates.

    Raises:
        RollError: it is malformed, a pair is missing, or the method needs to know more.

    """
    methods = (Method.SCHULZE, Method.CONDORCET, Method.COPELAND, Method.DEBIAN)
    _check_method(Form.PAIRWISE, charter, methods)
    pairs = _pairs(value, names, "$.pairwise")
    everyone = range(len(names.names))
    for one in everyone:
        for other in everyone:
            if one != other and (one, other) not in pairs:
                raise _READ.problem(
                    "$.pairwise",
                    f"'{names.names[one]}>{names.names[other]}' is missing",
                    code="missing_key",
                    remedy="give a number for each ordered pair, 0 for none",
                )
    return Poll(names.names, Form.PAIRWISE, pairs=pairs)


def read_aggregate(value: object, names: Names, charter: ChoiceCharter) -> Poll:
    """Read sums of scores, with the run-offs that are known.

    Raises:
        RollError: it is malformed, or the method counts no scores.

    """
    _check_method(Form.AGGREGATE, charter, (Method.STAR, Method.SCORE))
    path = "$.aggregate"
    given = _READ.record(value, path, required=("scores",), optional=("prefers",))
    return Poll(
        names.names,
        Form.AGGREGATE,
        totals=names.numbers(given["scores"], f"{path}.scores", _total),
        pairs=_pairs(given.get("prefers", {}), names, f"{path}.prefers"),
    )


def _check_method(form: Form, charter: ChoiceCharter, methods: Collection[Method]) -> None:
    if charter.method not in methods:
        raise _READ.problem(
            f"$.{form}",
            f"the method {charter.method!s} cannot be counted from this",
            code="not_enough_known",
            remedy="give the ballots",
        )


def _total(value: object, path: str) -> Number:
    total = whole(_READ.fraction(value, path))
    if total < 0:
        raise _READ.problem(
            path, f"{total} is less than nothing", code="out_of_range", remedy="write 0 or more"
        )
    return total


def _pairs(value: object, names: Names, path: str) -> dict[tuple[int, int], int]:
    if isinstance(value, list | tuple):
        return _square(value, names, path)
    by_key = {
        f"{one}>{other}": (place, against)
        for place, one in enumerate(names.names)
        for against, other in enumerate(names.names)
        if place != against
    }
    pairs: dict[tuple[int, int], int] = {}
    for key, number in _READ.mapping(value, path).items():
        if key in by_key:
            pairs[by_key[key]] = _READ.count(number, f"{path}[{shown(key)}]")
            continue
        one = names.place(key, path)
        for other, n in _READ.mapping(number, f"{path}.{key}").items():
            if other == key:
                raise unknown_candidate(other, f"{path}.{key}")
            pair = one, names.place(other, f"{path}.{key}")
            pairs[pair] = _READ.count(n, f"{path}.{key}.{other}")
    return pairs


def _square(value: Sequence[object], names: Names, path: str) -> dict[tuple[int, int], int]:
    """Read a square of numbers; its diagonal says nothing."""
    rows = [_READ.items(row, f"{path}[{place}]") for place, row in enumerate(value)]
    if {len(names.names)} != {len(rows), *map(len, rows)}:
        raise _READ.problem(
            path,
            "not a square with a row for each candidate",
            code="out_of_range",
            remedy=f"write {len(names.names)} rows of {len(names.names)} numbers",
        )
    return {
        (one, other): _READ.count(number, f"{path}[{one}][{other}]")
        for one, row in enumerate(rows)
        for other, number in enumerate(row)
        if one != other
    }
