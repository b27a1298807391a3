"""Votes given by one member for another, and how many one member may give.

A row says under `proxy` who cast its vote: the id of another row. The vote counts for the row that
gave the proxy; whoever holds it has a vote of their own besides. A proxy is not handed on, and a
charter that says nothing about proxies (`roll.proxies.max_held`) allows none: TFEU art. 239 and the
JTC 1 directives allow one, the rules of most bodies nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .documents import Reader
from .rows import RollError, Row

PROXY = "proxy"

_READ = Reader(RollError)


def check_proxies(rows: Sequence[Row], max_held: int | None) -> None:
    """Refuse proxies that the charter does not allow. A vote is never left out silently.

    Raises:
        RollError: a proxy is not allowed, names nobody on the roll, is handed on, or is one too
            many in one hand.

    """
    given = [(place, row) for place, row in enumerate(rows) if PROXY in row.attributes]
    if not given:
        return
    holders = {row.id: row for row in rows if row.id}
    held: Counter[str] = Counter()
    for place, row in given:
        path = f"$.rows[{place}].{PROXY}"
        if max_held is None:
            raise _READ.problem(
                path,
                "this charter does not allow a vote by proxy",
                code="proxies_not_allowed",
                remedy="let the member vote, or write $.roll.proxies.max_held into the charter",
            )
        name = _READ.name(row.attributes[PROXY], path)
        holder = holders.get(name)
        if holder is None or name == row.id:
            raise _READ.problem(
                path,
                f"{name!r} is not another member of the roll",
                code="unknown_member",
                remedy="name the row of the member who holds the proxy by its id",
            )
        if PROXY in holder.attributes:
            raise _READ.problem(
                path,
                f"{name!r} does not vote in person, and a proxy is not handed on",
                code="proxy_handed_on",
                remedy="name a member who votes in person",
            )
        held[name] += row.n
        if held[name] > max_held:
            raise _READ.problem(
                path,
                f"{name!r} holds more than {max_held}",
                code="too_many_proxies",
                remedy="let another member hold it, or count the giver as absent",
            )
