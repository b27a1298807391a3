"""What pages and processes ask about a negotiation, in few queries each.

Nothing here writes, and nothing decides: rules are those of `domain`, decisions those on record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import JSONObject

from audit.acts import ActRefused
from audit.models import Entry
from governance.models import Ballot, Side
from negotiation.domain import order
from negotiation.domain import positions as rules
from negotiation.models import (
    Amendment,
    Clause,
    Disagreement,
    Matter,
    Position,
    Question,
    Revision,
    SeparateVoteDemand,
    Wording,
    WordingSource,
)
from negotiation.services import questions, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from negotiation.models import Section


@dataclass(frozen=True, slots=True)
class Cell:
    """What the table shows for one side at one clause."""

    side: Side
    shown: rules.Cell
    position: Position | None

    @property
    def is_stale(self) -> bool:
        return self.shown is rules.Cell.STALE

    @property
    def blocks(self) -> bool:
        return self.shown.blocks


@dataclass(frozen=True, slots=True)
class Row:
    """One clause on the table: how every side stands, and what keeps it open."""

    clause: Clause
    wording: Wording | None
    cells: tuple[Cell, ...]
    amendments: int
    undecided: tuple[str, ...]
    disagreement: Disagreement | None
    open_ballot: Ballot | None
    separate_for: tuple[str, ...]

    @property
    def is_locked(self) -> bool:
        return self.clause.is_locked

    @property
    def is_agreed(self) -> bool:
        return self.clause.state == Clause.State.AGREED

    @property
    def blocking(self) -> tuple[Cell, ...]:
        """The sides that keep the clause open, none once it is locked."""
        if self.is_locked:
            return ()
        return tuple(cell for cell in self.cells if cell.blocks)

    @property
    def is_undisputed(self) -> bool:
        """Whether every side supports what lies on the table, and nothing waits."""
        return not self.is_locked and not self.blocking and not self.undecided


@dataclass(frozen=True, slots=True)
class Group:
    """The rows under one heading; the frame of the text has none."""

    section: Section | None
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Clauses × sides."""

    matter: Matter
    sides: tuple[Side, ...]
    groups: tuple[Group, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def agreed(self) -> int:
        return sum(row.is_agreed for row in self.rows)

    @property
    def open(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.is_locked)


def table(matter: Matter) -> Table:
    """Return the negotiation table of a matter. Five queries, however many clauses."""
    sides = tuple(Side.objects.filter(body=matter.body_id).order_by("position", "pk"))
    clauses = list(
        Clause.objects.of_matter(matter)
        .in_force_of_the_text()
        .annotate(separate_for=_separate_for(), filed=_filed())
        .select_related(
            "document", "section", "current_wording", "tabled_wording", "agreed_in", "introduced_by"
        )
        .in_order()
    )
    positions = latest_positions(clauses)
    disagreements = {
        row.clause_id: row
        for row in Disagreement.objects.unresolved().filter(matter=matter).order_by("pk")
    }
    ballots = open_ballots(matter)

    groups: dict[int | None, tuple[Section | None, list[Row]]] = {}
    for clause in clauses:
        row = Row(
            clause=clause,
            wording=clause.on_the_table,
            cells=_cells(clause, sides, positions),
            amendments=len(clause.filed),
            undecided=_undecided(clause.filed),
            disagreement=disagreements.get(clause.pk),
            open_ballot=ballots.get(clause.pk),
            separate_for=tuple(clause.separate_for),
        )
        groups.setdefault(clause.section_id, (clause.section, []))[1].append(row)
    return Table(
        matter,
        sides,
        tuple(Group(section, tuple(rows)) for section, rows in groups.values()),
    )


def row_of(clause: Clause) -> Row:
    """Return the table's row of one clause, for the page of the clause."""
    matter = clause.document.matter
    sides = tuple(Side.objects.filter(body=matter.body_id).order_by("position", "pk"))
    [(separate_for, filed)] = Clause.objects.filter(pk=clause.pk).values_list(
        _separate_for(), _filed()
    )
    return Row(
        clause=clause,
        wording=clause.on_the_table,
        cells=_cells(clause, sides, latest_positions([clause])),
        amendments=len(filed),
        undecided=_undecided(filed),
        disagreement=Disagreement.objects.unresolved().filter(clause=clause).first(),
        open_ballot=open_ballots(matter).get(clause.pk),
        separate_for=tuple(separate_for),
    )


def _separate_for() -> ArraySubquery:
    """Gather the codes of the sides that want a clause voted by itself."""
    demands = SeparateVoteDemand.objects.filter(clause=OuterRef("pk"))
    return ArraySubquery(demands.order_by("side__position").values("side__code"))


def _filed() -> ArraySubquery:
    """Gather the codes and states of the admitted amendments to a clause."""
    filed = Amendment.objects.admitted().filter(clause=OuterRef("pk")).order_by("code")
    return ArraySubquery(filed.values(said=JSONObject(code="code", state="state")))


def _undecided(filed: Iterable[Mapping[str, str]]) -> tuple[str, ...]:
    return tuple(one["code"] for one in filed if one["state"] in Amendment.UNDECIDED)


def latest_positions(clauses: Sequence[Clause]) -> dict[tuple[int, int], Position]:
    """Return the last word of every side on the clauses, by clause and side."""
    rows = (
        Position.objects.filter(clause__in=clauses)
        .select_related("wording", "taken_by")
        .order_by("clause_id", "side_id", "-pk")
        .distinct("clause_id", "side_id")
    )
    return {(row.clause_id, row.side_id): row for row in rows}


def open_ballots(matter: Matter) -> dict[int, Ballot]:
    """Return the ballots that take votes now, by the clauses they are about.

    The vote on the whole is about the matter, and stands at no single clause.
    """
    running = Ballot.objects.filter(state=Ballot.State.OPEN, question__matter=matter)
    asked = running.exclude(question__basis=Question.Basis.WHOLE).annotate(
        clause=F("question__wordings__clause"), rank=Value(0)
    )
    named = running.annotate(clause=F("question__amendments__amendment__clause"), rank=Value(1))
    found: dict[int, Ballot] = {}
    # A clause asked about by its wording comes before one whose amendment is asked about.
    for ballot in asked.union(named).order_by("rank", "pk"):
        if ballot.clause is not None:
            found.setdefault(ballot.clause, ballot)
    return found


def clauses_awaiting(side: Side) -> QuerySet[Clause]:
    """Return the clauses on which a side has yet to say something about the present wording.

    Silent and stale are the same here: nothing said about another text is said about this one.
    """
    return (
        Clause.objects.awaiting(side)
        .select_related("document__matter", "current_wording", "tabled_wording")
        .order_by("document__matter__code", "position", "pk")
    )


def voting_order(matter: Matter) -> list[Amendment]:
    """Return the undecided amendments in the order in which they would be voted (B10)."""
    rows = {row.code: row for row in _admitted_and_open(matter)}
    # A sub-amendment whose parent is decided already stands for itself.
    ordered = [_standing_alone(questions.as_ordered(row), rows) for row in rows.values()]
    numbers = Clause.objects.of_matter(matter).in_order().values_list("number", flat=True)
    return [rows[row.code] for row in order.voting_order(ordered, clauses=list(numbers))]


def rivals(matter: Matter) -> tuple[tuple[str, str], ...]:
    """Return the pairs of undecided amendments that cannot both be adopted."""
    return order.collisions(questions.as_ordered(row) for row in _admitted_and_open(matter))


def en_bloc(matter: Matter) -> list[Clause]:
    """Return the clauses that may be put to the vote in one package (situation 16).

    Each has its amendments concluded on, and no side wants it by itself.
    """
    unconcluded = Amendment.objects.undecided().filter(
        Q(proposed_disposition="") | Q(proposed_disposition=Amendment.Proposal.TO_CONCILIATION),
        matter=matter,
        clause__isnull=False,
    )
    return list(
        Clause.objects.of_matter(matter)
        .numbered()
        .filter(state__in=[Clause.State.DRAFT, Clause.State.DISPUTED])
        .exclude(pk__in=unconcluded.values("clause"))
        .exclude(separate_vote_demands__isnull=False)
        .exclude(disagreements__in=Disagreement.objects.unresolved())
        .select_related("current_wording", "tabled_wording")
        .in_order()
    )


def readiness(matter: Matter) -> whole.Whole | ActRefused:
    """Return the text as a whole if it may be put to the final vote, or what stands in the way."""
    try:
        return whole.compose_whole(matter)
    except ActRefused as refusal:
        return refusal


def wordings_of(clause: Clause) -> list[Wording]:
    """Return the wordings of a clause in time, each with the amendments it takes up."""
    sources = WordingSource.objects.select_related("amendment__side").order_by("pk")
    return list(
        clause.wordings.select_related("author")
        .prefetch_related(Prefetch("sources", sources))
        .order_by("number")
    )


def history(clause: Clause) -> QuerySet[Entry]:
    """Return everything recorded about a clause and what belongs to it, oldest first."""
    about: list[UUID] = [
        clause.uid,
        *clause.amendments.values_list("uid", flat=True),
        *clause.disagreements.values_list("uid", flat=True),
    ]
    stream = clause.document.matter.stream
    return (
        Entry.objects.of_stream(stream)
        .filter(Q(subject_uid__in=about) | Q(facts__clause=str(clause.uid)))
        .order_by("stream_seq")
    )


def differences(
    before: Revision, after: Revision
) -> list[tuple[Clause, Wording | None, Wording | None]]:
    """Return the clauses whose wording differs between two revisions, in order."""
    old, new = _held_by(before), _held_by(after)
    clauses = Clause.objects.filter(pk__in={*old, *new}).select_related("section").in_order()
    return [
        (clause, old.get(clause.pk), new.get(clause.pk))
        for clause in clauses
        if _sha256(old.get(clause.pk)) != _sha256(new.get(clause.pk))
    ]


def _cells(
    clause: Clause,
    sides: Iterable[Side],
    positions: Mapping[tuple[int, int], Position],
) -> tuple[Cell, ...]:
    """Return how the sides stand on a clause; nobody takes positions on a mirror."""
    wording = clause.on_the_table
    if wording is None or clause.is_mirror:
        return ()
    cells: list[Cell] = []
    for side in sides:
        position = positions.get((clause.pk, side.pk))
        shown = rules.cell(_as_said(position), wording.sha256)
        cells.append(Cell(side, shown, position))
    return tuple(cells)


def _as_said(position: Position | None) -> rules.Position | None:
    """Hand a position to the pure rules."""
    if position is None:
        return None
    return rules.Position(rules.Stance(position.stance), position.wording.sha256)


def _admitted_and_open(matter: Matter) -> list[Amendment]:
    return list(
        matter.amendments.undecided()
        .admitted()
        .select_related("clause", "parent", "side", "sponsor_side")
        .order_by("filed_at", "pk")
    )


def _standing_alone(amendment: order.Amendment, known: Mapping[str, Amendment]) -> order.Amendment:
    if amendment.parent in known or not amendment.parent:
        return amendment
    return order.Amendment(
        code=amendment.code,
        clause=amendment.clause,
        kind=amendment.kind,
        parent="",
        filed_at=amendment.filed_at,
        proposal_ru=amendment.proposal_ru,
    )


def _held_by(revision: Revision) -> dict[int, Wording]:
    rows = revision.entries.select_related("wording").order_by("pk")
    return {row.clause_id: row.wording for row in rows}


def _sha256(wording: Wording | None) -> str | None:
    return wording.sha256 if wording else None
