"""What a person's mandates are worth for an act at an instant."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from django.db.models import Exists, OuterRef

from calendars.domain import day_of, start_of_day
from governance.domain import mandates as law
from governance.domain.procedure import Proxies, parse_procedure
from governance.models import Mandate, Seat, SeatHolding

from .evidence import Action, Evidence, Refusal

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from accounts.models import Person
    from governance.models import Body, CharterVersion


def by_mandate(
    person: Person,
    action: Action,
    *,
    body: Body,
    seat: Seat | None,
    mandate: Mandate | None,
    charter: CharterVersion | None,
    at: datetime.datetime,
    known: Known | None = None,
) -> Evidence | Refusal:
    """Judge every mandate the person has for the seat – or for the body – and take the best."""
    known = known or Known(body, [person], at)
    held = known.held[person.pk]
    papers = [
        paper
        for paper in known.papers[person.pk]
        if (seat is None or paper.seat_id == seat.pk)
        and (mandate is None or paper.pk == mandate.pk)
    ]
    found = best_paper(person, action, papers, held, at, charter)
    return found if found is not None else _without_papers(person, action, seat, held, at)


def best_paper(  # noqa: PLR0917 -- who, for what, on which papers, holding what, when, by which rules
    person: Person,
    action: Action,
    papers: list[Mandate],
    held: set[int],
    at: datetime.datetime,
    charter: CharterVersion | None = None,
) -> Evidence | Refusal | None:
    """Judge papers at an instant and return what the best of them is worth; None for no paper.

    A valid one is taken before an invalid one, and the person's own seat before another's.
    If none is valid, the refusal is that of the mandate that began last: it is the one the
    person is likely to have in mind.
    """
    judged = [(paper, judge(person, action, paper, held, at, charter)) for paper in papers]
    valid = [found for _, found in judged if found]
    if valid:
        return min(valid, key=lambda found: found.capacity == "proxy")
    begun = [pair for pair in judged if pair[0].valid_from <= day_of(at)]
    latest = max(begun or judged, key=lambda pair: (pair[0].valid_from, pair[0].pk), default=None)
    return latest and latest[1]


PAPERS = ("seat__side", "seat__body", "person", "parent__parent")
"""What is read with a paper. Nesting of substitutions ends at the second level (ГК 187)."""


def with_giver(papers: QuerySet[Mandate], at: datetime.datetime) -> QuerySet[Mandate]:
    """Read with papers whether whoever handed a power on holds the seat on the day."""
    giver = SeatHolding.objects.filter(seat=OuterRef("seat"), person=OuterRef("parent__person"))
    return papers.annotate(giver_holds=Exists(giver.on(day_of(at))))


class Known:
    """What people hold at a body and what papers they have there, read together.

    `held` are the seats of a person on the day, `papers` the mandates in a stable order.
    """

    def __init__(self, body: Body, people: Iterable[Person], at: datetime.datetime) -> None:
        self.at = at
        self.held: defaultdict[int, set[int]] = defaultdict(set)
        self.papers: defaultdict[int, list[Mandate]] = defaultdict(list)
        self._ends: dict[tuple[int, int], datetime.date | None] = {}
        keys = [person.pk for person in people]
        for holding in SeatHolding.objects.of_body(body).filter(person__in=keys).on(day_of(at)):
            self.held[holding.person_id].add(holding.seat_id)
            self._ends[holding.person_id, holding.seat_id] = holding.valid_to
        papers = with_giver(Mandate.objects.filter(person__in=keys, seat__body=body), at)
        for paper in papers.select_related(*PAPERS).order_by("seat_id", "id"):
            self.papers[paper.person_id].append(paper)

    def stands_until(self, person: Person, seat: Seat) -> datetime.datetime | None:
        """Return until when an answer about a person and a seat stands by its dates; None: always.

        A change of the rows themselves is another matter.
        """
        days = {self._ends.get((person.pk, seat.pk))}
        instants = set()
        for paper in self.papers[person.pk]:
            if paper.seat_id == seat.pk:
                days |= law.changes_on(as_law(paper))
                instants |= {one.revocation_known_at for one in (paper, paper.parent) if one}
        instants |= {start_of_day(day) for day in days if day is not None}
        return min((i for i in instants if i is not None and i > self.at), default=None)


def _without_papers(
    person: Person, action: Action, seat: Seat | None, held: set[int], at: datetime.datetime
) -> Refusal:
    """Tell a member without a paper from a stranger."""
    if seat is None:
        return Refusal(action, person.uid, "not_found" if held else "no_seat", at)
    if seat.pk in held:
        return Refusal(action, person.uid, "not_found", at, seat=seat)
    return Refusal(action, person.uid, "wrong_seat", at, seat=seat)


def judge(  # noqa: PLR0917 -- who, for what, on which paper, holding what, when, by which rules
    person: Person,
    action: Action,
    paper: Mandate,
    held: set[int],
    at: datetime.datetime,
    charter: CharterVersion | None = None,
) -> Evidence | Refusal:
    """Judge one mandate at one instant: the paper itself, and what the charter says of proxies.

    Args:
        charter: the edition that rules the act; without it, the one in force at the instant.
    """
    capacity = capacity_of(paper)
    ruling = _ruling(paper, at, charter) if capacity == "proxy" else None
    code = law.verdict(
        as_law(paper),
        law.Scope(action.value),
        _surroundings(paper, held, at, ruling),
        at=at,
    )
    edition = ruling.uid if ruling else None
    if isinstance(code, law.Bar) or not code.carries_the_act:
        return Refusal(
            action,
            person.uid,
            code.value,
            at,
            capacity=capacity,
            seat=paper.seat,
            mandate=paper,
            charter=edition,
        )
    return Evidence(
        action,
        person.uid,
        capacity,
        paper.kind,
        at,
        role=paper.seat.duty,
        seat=paper.seat,
        mandate=paper,
        result=code.value,
        charter=edition,
    )


def _ruling(
    paper: Mandate, at: datetime.datetime, charter: CharterVersion | None
) -> CharterVersion | None:
    """Return the edition of the charter by which a proxy is admitted or not."""
    return charter or paper.seat.body.charters.effective_on(day_of(at)).first()


def _surroundings(
    paper: Mandate, held: set[int], at: datetime.datetime, ruling: CharterVersion | None
) -> law.Surroundings:
    """Collect what besides the paper decides; a body without a charter admits no proxy."""
    seat = paper.seat
    procedure = parse_procedure(ruling.procedure) if ruling else None
    same = procedure is not None and procedure.proxy is Proxies.SAME_ORGANISATION
    return law.Surroundings(
        holds_seat=paper.seat_id in held,
        seat_is_deputy=seat.duty == Seat.Duty.DEPUTY,
        proxies_allowed=procedure is not None and procedure.may_use_proxy(seat.side.code),
        is_outsider=same and not _belongs(paper, at),
        giver_holds_seat=paper.parent is None or _giver_holds(paper, paper.parent, at),
    )


def _giver_holds(paper: Mandate, parent: Mandate, at: datetime.datetime) -> bool:
    """Say whether whoever handed the power on holds the seat on the day."""
    # Read with the papers, where `with_giver` was asked for them.
    known: bool | None = getattr(paper, "giver_holds", None)
    if known is not None:
        return known
    held = SeatHolding.objects.filter(seat=paper.seat_id, person=parent.person_id)
    return bool(held.on(day_of(at)).exists())


def _belongs(paper: Mandate, at: datetime.datetime) -> bool:
    """Say whether the bearer belongs to the organisation represented, on the day."""
    belongs = paper.person.affiliations.filter(organisation=paper.principal_id).on(day_of(at))
    return bool(belongs.exists())


def standing_of(paper: Mandate, action: Action, at: datetime.datetime) -> law.Standing:
    """Judge the paper itself by law, at the instant of an act: not yet what surrounds it."""
    act = law.Scope(action.value)
    judgement = law.judge(
        as_law(paper),
        accepted=law.accepted_for(act, seat_is_deputy=paper.seat.duty == Seat.Duty.DEPUTY),
        at=at,
        may_be_delegated=not paper.is_personal,
    )
    return judgement.standing


def as_law(paper: Mandate) -> law.Mandate:
    """Hand a row to the rules on mandates."""
    return law.Mandate(
        code=paper.code,
        seat=str(paper.seat_id),
        person=str(paper.person_id),
        kind=law.MandateKind(paper.kind),
        issued_on=paper.issued_on,
        valid_from=paper.valid_from,
        valid_to=paper.valid_to,
        scope=frozenset(law.Scope(power) for power in paper.scope),
        revoked_on=paper.revoked_on,
        revocation_known_at=paper.revocation_known_at,
        parent=as_law(paper.parent) if paper.parent else None,
    )


def capacity_of(paper: Mandate) -> Literal["representative", "personal", "proxy"]:
    """Say in what quality its bearer acts."""
    return law.capacity_of(law.MandateKind(paper.kind))
