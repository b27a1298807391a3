"""Who may act on which paper, a second time: written to be obviously right and not to be fast.

Nothing here is shared with the rules it tries. A period is the set of its days, walked one by one;
a year is walked too. What is asked of a world is asked of everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

ONE_DAY = timedelta(days=1)
HORIZON = date(2028, 6, 1)
"""No period of these worlds is followed any further."""

NEUTRAL = {"coordinator", "secretary", "consultative", "auditor"}


@dataclass(eq=False)
class Paper:
    """A mandate, as it is written, and what became of it."""

    person: str
    seat: str
    kind: str
    issued: date | None
    first: date
    until: date | None
    powers: set[str]
    principal: str | None = None
    parent: Paper | None = None
    revoked: date | None = None
    known: datetime | None = None


@dataclass(frozen=True)
class Tie:
    """Somebody is something somewhere from a day until, but not on, another."""

    person: str
    to: str | None
    first: date
    until: date | None
    role: str = ""

    @property
    def days(self) -> set[date]:
        """Every day of it."""
        return walk(self.first, self.until or HORIZON)


@dataclass(frozen=True)
class Edition:
    """What a charter says of proxies, and since when."""

    first: date
    proxy: str
    sides: frozenset[str]


@dataclass
class World:
    """Everything that is written down about one table. `seats` gives side and duty by name."""

    seats: dict[str, tuple[str, str]]
    holdings: list[Tie] = field(default_factory=list)
    positions: list[Tie] = field(default_factory=list)
    duties: list[Tie] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    editions: list[Edition] = field(default_factory=list)


def day_at(instant: datetime) -> date:
    """Return the date in Krasnoyarsk, seven hours before Greenwich."""
    return (instant.astimezone(UTC) + timedelta(hours=7)).date()


def walk(first: date, until: date) -> set[date]:
    """Return the days from the first one until, but not on, the other."""
    days = set()
    while first < until:
        days.add(first)
        first += ONE_DAY
    return days


def year_after(day: date) -> date:
    """Walk to the same date of the next year; from a leap day to the last of its February."""
    wanted = {(day.month, day.day), (2, 28) if (day.month, day.day) == (2, 29) else (0, 0)}
    day += ONE_DAY
    while (day.month, day.day) not in wanted:
        day += ONE_DAY
    return day


def term(paper: Paper) -> set[date]:
    """Return the days for which a dated paper was made out, whatever happened to it later."""
    if paper.until is not None:
        return walk(paper.first, paper.until)
    assert paper.issued is not None
    days = walk(paper.first, year_after(paper.issued) + ONE_DAY)
    return {day for day in days if day <= max(term(paper.parent))} if paper.parent else days


def flaw(paper: Paper) -> str | None:
    """Say why somebody could not have handed on what a substitution hands on."""
    giver = paper.parent
    if giver is None:
        return None
    if giver.kind in {"substitution", "appointment"}:
        return "not_delegable"
    if (
        giver.issued is None
        or giver.seat != paper.seat
        or "substitute" not in giver.powers
        or paper.powers - giver.powers
        or term(paper) - term(giver)
    ):
        return "substitution_outside_parent"
    return None


def worth(paper: Paper, powers: set[str], instant: datetime) -> str:
    """Say what a paper is worth at an instant for an act that needs one of these powers."""
    day = day_at(instant)
    if paper.issued is None:
        return "undated"
    if found := flaw(paper):
        return found
    if day < paper.first or day < paper.issued:
        return "not_yet_valid"
    if day not in term(paper):
        return "expired"
    is_revoked = paper.revoked is not None and day >= paper.revoked
    if is_revoked and paper.known is not None and instant >= paper.known:
        return "revoked_known"
    if not paper.powers & powers:
        return "out_of_scope"
    own = "revoked_unknown_at_time" if is_revoked else "valid"
    if paper.parent is None:
        return own
    givers = worth(paper.parent, {"substitute"}, instant)
    return own if givers == "valid" else givers


def edition_on(world: World, day: date) -> Edition | None:
    """Return the charter in force on a day."""
    for edition in sorted(world.editions, key=lambda one: one.first, reverse=True):
        if edition.first <= day:
            return edition
    return None


def answer(
    world: World,
    paper: Paper,
    act: str,
    instant: datetime,
    *,
    edition: Edition | None = None,
) -> str:
    """Say whether the bearer of a paper may do an act for its seat at an instant.

    `edition` is that of the ballot; without it the one in force rules.
    """
    day = day_at(instant)
    side, duty = world.seats[paper.seat]
    powers = {act}
    if act == "vote" and duty == "deputy":
        powers.add("vote_in_absence_of_coordinator")
    found = worth(paper, powers, instant)
    if found not in {"valid", "revoked_unknown_at_time"}:
        return found
    holders = {t.person for t in world.holdings if t.to == paper.seat and day in t.days}
    if paper.kind != "substitution":
        return found if paper.person in holders else "not_holder"
    rules = edition or edition_on(world, day)
    if rules is None or rules.proxy == "forbidden" or side not in rules.sides:
        return "proxy_forbidden"
    if paper.parent and paper.parent.person not in holders:
        return "giver_not_holder"
    colleagues = {t.person for t in world.positions if t.to == paper.principal and day in t.days}
    if rules.proxy == "same_organisation" and paper.person not in colleagues:
        return "other_organisation"
    return found


def too_many(world: World, paper: Paper, limit: int) -> bool:
    """Say whether a substitution would let somebody vote for more others than one may."""
    voting = {"vote", "vote_in_absence_of_coordinator"}
    others = [
        (other.seat, {day for day in term(other) if other.revoked is None or day < other.revoked})
        for other in world.papers
        if other.person == paper.person
        and other.parent
        and other.issued
        and other.seat != paper.seat
        and other.powers & voting
    ]
    if not (paper.parent and paper.issued and paper.powers & voting):
        return False
    return any(len({seat for seat, days in others if day in days}) >= limit for day in term(paper))


def two_sides(world: World, person: str) -> str | None:
    """Say whether somebody acts for two sides, or serves the table and sits at it."""
    sides = [
        (world.seats[tie.to][0], tie.days)
        for tie in world.holdings
        if tie.person == person and tie.to
    ]
    for paper in world.papers:
        if paper.person == person:
            ends = [end for end in (paper.until, paper.revoked) if end]
            days = walk(paper.first, min(ends, default=HORIZON))
            sides.append((world.seats[paper.seat][0], days))
    serving = [tie.days for tie in world.duties if tie.person == person and tie.role in NEUTRAL]
    for side, days in sides:
        for other, others_days in sides:
            if side != other and days & others_days:
                return "two_sides"
    if _meet((days for _, days in sides), serving):
        return "neutral_duty"
    return None


def _meet(ones: Iterable[set[date]], others: Iterable[set[date]]) -> bool:
    seconds = list(others)
    return any(one & other for one in ones for other in seconds)


def best_answer(
    world: World,
    person: str,
    act: str,
    seat: str,
    instant: datetime,
    *,
    edition: Edition | None = None,
) -> str:
    """Say whether somebody may do an act for a seat, on whatever paper they have for it."""
    day = day_at(instant)
    papers = [paper for paper in world.papers if (paper.person, paper.seat) == (person, seat)]
    if not papers:
        held = {tie.person for tie in world.holdings if tie.to == seat and day in tie.days}
        return "not_found" if person in held else "wrong_seat"
    answers = [(paper, answer(world, paper, act, instant, edition=edition)) for paper in papers]
    good = [pair for pair in answers if pair[1] in {"valid", "revoked_unknown_at_time"}]
    # One's own paper goes before that of somebody for whom one stands in.
    for is_own in (True, False):
        for paper, found in good:
            if (paper.parent is None) == is_own:
                return found
    begun = [pair for pair in answers if pair[0].first <= day] or answers
    begun.sort(key=lambda pair: pair[0].first)
    return begun[-1][1]
