"""Who may act, on random tables: the one rule against a second that shares nothing with it.

A table is written down as the entries of its record, so that the rule on mandates is tried together
with what an auditor lays down from a file: `governance.domain.authority`.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from calendars.domain import KRASNOYARSK, day_of
from governance.domain.authority import Papers, reexamine
from governance.domain.mandates import MandateKind, Scope
from tests.governance.domain.naive_authority import Edition, Paper, Tie, World, answer

SEATS = {
    "EMP-1": ("EMP", "coordinator"),
    "EMP-2": ("EMP", "deputy"),
    "EXP-1": ("EXP", "member"),
}
PEOPLE = ("ann", "ben", "cat")
FIRST = date(2027, 2, 25)
"""The days of these tables reach over a leap day, and over the end of a year's term."""

days = st.sampled_from([*range(6), *range(364, 371)]).map(lambda n: FIRST + timedelta(days=n))
soon = st.integers(0, 6).map(lambda n: FIRST + timedelta(days=n))
hours = st.sampled_from([time(0), time(6, 59), time(7), time(12), time(23, 59, 59)])
instants = st.builds(lambda day, hour: datetime.combine(day, hour, KRASNOYARSK), days, hours)
powers = st.sets(st.sampled_from([*Scope]), min_size=1)
sides = st.sets(st.sampled_from(["EMP", "EXP"])).map(frozenset)


@st.composite
def periods(draw: st.DrawFn) -> tuple[date, date | None]:
    """Return a period of at least a day, or one without an end."""
    first, until = draw(days), draw(st.none() | days)
    return (first, until) if until is None or first < until else (until, first + timedelta(days=1))


@st.composite
def papers(draw: st.DrawFn, parent: Paper | None = None) -> Paper:
    """Return a mandate; with a parent, a substitution that often lies inside it."""
    first, until = draw(periods())
    seat, principal = draw(st.sampled_from([*SEATS])), draw(st.sampled_from(["works", "union"]))
    kinds = [kind for kind in MandateKind if (kind == "substitution") == (parent is not None)]
    paper = Paper(
        person=draw(st.sampled_from(PEOPLE)),
        seat=seat,
        kind=draw(st.sampled_from(kinds)),
        issued=draw(soon) if draw(st.integers(0, 5)) else None,
        first=draw(soon) if until is None else first,
        until=until,
        powers=set(draw(powers)),
        principal=principal,
        parent=parent,
    )
    if parent is not None and draw(st.integers(0, 3)):
        paper.seat, paper.powers = parent.seat, paper.powers & parent.powers or {Scope.VOTE}
        if parent.until is not None:
            paper.first, paper.until = parent.first, parent.until
    if draw(st.booleans()):
        paper.revoked = draw(days)
        paper.known = draw(st.none() | instants)
    return paper


def ties(*to: str) -> st.SearchStrategy[list[Tie]]:
    """Return who is what where, on which days."""
    one = st.builds(
        lambda person, where, period: Tie(person, where, *period),
        st.sampled_from(PEOPLE),
        st.sampled_from(to),
        periods(),
    )
    return st.lists(one, max_size=5)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Return a table with papers, holders, positions and charters of all kinds."""
    given_first = draw(st.lists(papers(), min_size=1, max_size=4))
    handed_on = [draw(papers(parent)) for parent in given_first if draw(st.integers(0, 3))]
    again = [draw(papers(parent)) for parent in handed_on if not draw(st.integers(0, 5))]
    proxies = st.sampled_from(["forbidden", "same_organisation", "except_experts", "any"])
    editions = st.lists(st.builds(Edition, soon, proxies, sides), max_size=2, unique_by=_first)
    return World(
        seats=SEATS,
        holdings=draw(ties(*SEATS)),
        positions=draw(ties("works", "union")),
        papers=[*given_first, *handed_on, *again],
        editions=draw(editions),
    )


def _first(edition: Edition) -> date:
    return edition.first


def entries_of(world: World) -> list[dict[str, Any]]:
    """Write a table down as its record would have it; the order within a kind is the world's."""
    names = {id(paper): f"paper {n}" for n, paper in enumerate(world.papers)}
    entries = [
        _entry("seat_added", name, {"side": side, "duty": duty})
        for name, (side, duty) in world.seats.items()
    ]
    entries += [
        _entry("seat_filled", f"held {n}", {"seat": tie.to, **_tie(tie)})
        for n, tie in enumerate(world.holdings)
    ]
    entries += [
        _entry("person_affiliated", f"position {n}", {"organisation": tie.to, **_tie(tie)})
        for n, tie in enumerate(world.positions)
    ]
    entries += [
        _entry(
            "charter_adopted",
            f"edition {n}",
            {
                "effective_from": str(edition.first),
                "proxy": edition.proxy,
                "proxy_sides": sorted(edition.sides) if edition.proxy != "forbidden" else [],
            },
        )
        for n, edition in enumerate(world.editions)
    ]
    entries += [
        _entry(
            "mandate_registered",
            names[id(paper)],
            {
                "person": paper.person,
                "seat": paper.seat,
                "kind": str(paper.kind),
                "principal": paper.principal,
                "issued_on": paper.issued and str(paper.issued),
                "valid_from": str(paper.first),
                "valid_to": paper.until and str(paper.until),
                "scope": sorted(paper.powers),
                "parent": names[id(paper.parent)] if paper.parent else None,
            },
        )
        for paper in world.papers
    ]
    return entries + [
        _entry(
            "mandate_revoked",
            names[id(paper)],
            {"revoked_on": str(paper.revoked), "known_at": paper.known.isoformat()},
        )
        for paper in world.papers
        if paper.revoked and paper.known
    ]


def _entry(type_: str, subject: str, says: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": f"{type_} {subject}",
        "type": f"governance.{type_}",
        "stream": "body:table",
        "object": [{"id": subject}],
        "data": says,
    }


def _tie(tie: Tie) -> dict[str, Any]:
    until = None if tie.until is None else str(tie.until)
    return {"person": tie.person, "valid_from": str(tie.first), "valid_to": until}


def _laid_down(world: World) -> Papers:
    laid = Papers()
    for entry in entries_of(world):
        laid.learn(entry)
    return laid


def _known(world: World) -> World:
    """Leave out revocations of which nobody ever learnt: no record has them."""
    for paper in world.papers:
        if paper.known is None:
            paper.revoked = None
    return world


@given(worlds(), instants, st.sampled_from([Scope.VOTE, Scope.NEGOTIATE, Scope.SIGN]), st.data())
@settings(max_examples=120)
def test_INV_A2_A3_A4_both_rules_give_one_answer_on_every_table(
    world: World, at: datetime, act: Scope, data: st.DataObject
) -> None:
    """INV A2, A3, A4, A8: every paper of a table is worth the same to both, at any instant."""
    laid, day = _laid_down(_known(world)), day_of(at)
    ruling = data.draw(st.sampled_from([None, *world.editions]))
    charter = f"edition {world.editions.index(ruling)}" if ruling else laid.charter_on("table", day)
    for n, paper in enumerate(world.papers):
        found = laid.verdict_on(f"paper {n}", act, at=at, charter=charter)
        assert found == answer(world, paper, act, at, edition=ruling), (n, paper)


@given(worlds(), instants, st.sampled_from([Scope.VOTE, Scope.NEGOTIATE]), st.data())
@settings(max_examples=40)
def test_INV_A1_the_record_bears_out_a_true_answer_and_no_other(
    world: World, at: datetime, act: Scope, data: st.DataObject
) -> None:
    """INV A1, A2: of evidence stated with an act, exactly the true one stands."""
    laid, day = _laid_down(_known(world)), day_of(at)
    n = data.draw(st.integers(0, len(world.papers) - 1))
    paper = world.papers[n]
    truth = answer(world, paper, act, at)
    stated = data.draw(st.sampled_from([truth, "valid", "expired", "not_holder"]))
    kinds = {"substitution": "proxy", "appointment": "personal"}
    capacity = kinds.get(str(paper.kind), "representative")
    evidence = {
        "action": str(act),
        "body": "table",
        "capacity": capacity,
        "charter": laid.charter_on("table", day) if capacity == "proxy" else None,
        "checked_at": at.isoformat(),
        "mandate": f"paper {n}",
        "person": paper.person,
        "result": stated,
        "seat": paper.seat,
    }
    done = {
        **_entry("vote_cast", "vote", {}),
        "at": at.isoformat(),
        "actor": {"subject": paper.person},
        "authz": evidence,
    }
    *_, finding = reexamine([*entries_of(world), done])
    assert (finding.found, finding.stands) == (truth, stated == truth)
