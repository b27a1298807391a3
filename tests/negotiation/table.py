"""A negotiation to test on: a small text at the table of `tests.world`, through the acts alone.

Six clauses – a mirror, four negotiated ones (2.3 cannot be done without), a preamble and a
final provision – registered by the employers, circulated for comments, and taken as far as
a test needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import negotiation.services as acts
from accounts.models import Person
from calendars.domain import day_of
from governance.models import AgendaItem, Ballot, Meeting
from governance.services import approve_inside_side
from negotiation.models import (
    Amendment,
    Clause,
    Disagreement,
    Matter,
    Position,
    Question,
    Recommendation,
    Round,
    Wording,
)
from tests.world import World, build_world, chosen_time

RU = "Доля практики по пункту {} — не менее {} процентов."
EN = "The share of practice under clause {} is at least {} per cent."

MIRROR = acts.DraftClause(
    number="1.1",
    title_ru="Лицензия",
    title_en="Licence",
    section="1",
    text_ru="Организация имеет действующую лицензию.",
    text_en="The organisation holds a valid licence.",
    origin=Clause.Origin.FEDERAL_MANDATORY,
    severable=False,
)


def terms(threshold: int) -> dict[str, Any]:
    """Return the terms of a clause that asks for a share of practice."""
    return {
        "indicators": [
            {
                "name_ru": "Доля практики",
                "name_en": "Share of practice",
                "kind": "numeric",
                "unit_code": "pct",
                "operator": ">=",
                "threshold": threshold,
            }
        ]
    }


def negotiated(number: str, threshold: int = 50, *, severable: bool = True) -> acts.DraftClause:
    """Return a negotiated clause of the draft."""
    return acts.DraftClause(
        number=number,
        title_ru=f"Практика {number}",
        title_en=f"Practice {number}",
        section="2",
        text_ru=RU.format(number, threshold),
        text_en=EN.format(number, threshold),
        severable=severable,
        terms=terms(threshold),
    )


def frame(kind: Clause.Kind, number: str = "") -> acts.DraftClause:
    """Return a preamble or a final provision."""
    return acts.DraftClause(
        number=number,
        kind=kind,
        text_ru="Настоящие требования выработаны сторонами.",
        text_en="These requirements were worked out by the sides.",
        severable=False,
    )


DRAFT = (
    frame(Clause.Kind.PREAMBLE),
    MIRROR,
    negotiated("2.1"),
    negotiated("2.2"),
    negotiated("2.3", severable=False),
    negotiated("2.4"),
    frame(Clause.Kind.PROVISION, "10.1"),
)
SECTIONS = (
    acts.DraftSection("1", "Общие условия", "General conditions"),
    acts.DraftSection("2", "Практика", "Practice"),
)


@dataclass
class Table:
    """One matter at a table, and everything that can be done with it."""

    world: World
    matter: Matter
    _ballots: int = 0
    codes: dict[str, Amendment] = field(default_factory=dict)

    # -- who and what --------------------------------------------------------------------

    @property
    def secretary(self) -> Person:
        return self.world.secretary

    def speaker(self, side: str) -> Person:
        """The coordinator of a side."""
        return self.world.people[f"{side}-1"]

    def clause(self, number: str) -> Clause:
        """A clause as it is now."""
        return Clause.objects.select_related(
            "document__matter", "current_wording", "tabled_wording", "agreed_in"
        ).get(document__matter=self.matter, number=number)

    def amendment(self, code: str) -> Amendment:
        """An amendment as it is now."""
        return Amendment.objects.select_related("clause", "matter", "decided_in").get(
            matter=self.matter, code=code
        )

    def disagreement(self, number: str) -> Disagreement:
        """The disagreement on a clause as it is now."""
        return Disagreement.objects.select_related("matter", "clause").get(
            matter=self.matter, clause__number=number
        )

    def now(self, **duration: int) -> datetime:
        """Let time pass, a minute unless told otherwise."""
        return self.world.later(**duration)

    @property
    def topics(self) -> list[Any]:
        """Everything that a meeting on this matter may decide about."""
        clauses = Clause.objects.filter(document__matter=self.matter).order_by("position")
        return [*clauses.values_list("uid", flat=True), self.matter.uid]

    # -- the text ------------------------------------------------------------------------

    def enter(self, clauses: Sequence[acts.DraftClause] = DRAFT) -> None:
        """Enter the draft."""
        with chosen_time():
            acts.enter_draft(
                matter=self.matter,
                sections=SECTIONS,
                clauses=clauses,
                actor=self.secretary,
                at=self.now(),
            )

    def open(self) -> None:
        """Open the negotiations."""
        with chosen_time():
            self.matter = acts.open_matter(
                matter=self.matter, actor=self.world.coordinator, at=self.now()
            )

    def circulate(self, label: str = "0.5", **says: Any) -> Round:
        """Send the text out, for twenty working days and a week more for sub-amendments."""
        usual = {
            "comments_until": day_of(self.world.now) + timedelta(days=35),
            "sub_amendments_until": day_of(self.world.now) + timedelta(days=42),
            "actor": self.secretary,
        }
        with chosen_time():
            round_ = acts.circulate(
                matter=self.matter, label=label, at=self.now(), **{**usual, **says}
            )
        self.matter.refresh_from_db()
        return round_

    def lay(self, number: str, threshold: int, **says: Any) -> Wording:
        """Table a wording of a clause with another threshold."""
        wording = {
            "clause": self.clause(number),
            "text_ru": RU.format(number, threshold),
            "text_en": EN.format(number, threshold),
            "terms": terms(threshold),
            "amendments": [],
            "actor": self.secretary,
            "at": self.now(),
        }
        with chosen_time():
            return acts.table_wording(**{**wording, **says})

    # -- proposals -----------------------------------------------------------------------

    def file(self, code: str, number: str | None = None, **says: Any) -> Amendment:
        """File a proposal of the public side, unless told otherwise."""
        proposal = {
            "matter": self.matter,
            "code": code,
            "kind": Amendment.Kind.REPLACE_THRESHOLD,
            "side": self.world.sides["PUB"],
            "clause": self.clause(number) if number else None,
            "proposal_ru": f"Поправка {code}: слова «50 процентов» заменить.",
            "proposal_en": f"Amendment {code}: replace the words.",
            "reason_ru": "Так лучше.",
            "reason_en": "It is better so.",
            "actor": self.world.people["PUB-2"],
            "at": self.now(),
        }
        with chosen_time():
            return acts.file_amendment(**{**proposal, **says})

    def admit(self, *codes: str) -> None:
        """Admit proposals."""
        with chosen_time():
            for code in codes:
                acts.admit_amendment(
                    amendment=self.amendment(code), actor=self.secretary, at=self.now()
                )

    def filed(self, code: str, number: str | None = None, **says: Any) -> Amendment:
        """File and admit a proposal."""
        self.file(code, number, **says)
        self.admit(code)
        return self.amendment(code)

    def conclude(self, code: str, disposition: str = "accepted") -> Amendment:
        """Propose a conclusion."""
        with chosen_time():
            return acts.propose_disposition(
                amendment=self.amendment(code),
                disposition=Amendment.Proposal(disposition),
                reason_ru="Мотив.",
                reason_en="Ground.",
                actor=self.secretary,
                at=self.now(),
            )

    def summarise(self, *without_objection: str) -> Any:
        """Let the round end, conclude on what has no conclusion, and prepare the summary."""
        round_ = Round.objects.filter(matter=self.matter).order_by("-number").first()
        self.world.now = max(self.world.now, round_.sub_amendments_until)
        open_ = Amendment.objects.undecided().filter(matter=self.matter, proposed_disposition="")
        for amendment in open_.order_by("code"):
            self.conclude(amendment.code)
        with chosen_time():
            summary = acts.prepare_summary(
                matter=self.matter,
                without_objection=[self.amendment(code) for code in without_objection],
                actor=self.secretary,
                at=self.now(),
            )
        self.matter.refresh_from_db()
        return summary

    # -- meetings and ballots ------------------------------------------------------------

    def meeting(self, kind: str = "in_person") -> Meeting:
        """Hold a meeting that may decide about the whole text and each clause of it."""
        return self.world.opened(kind, self.topics)

    def ask(
        self,
        meeting: Meeting,
        *numbers: str,
        amendments: Sequence[str] = (),
        basis: str = "clause_wording",
        **says: Any,
    ) -> Question:
        """Put a question about the wordings on the table, or about amendments."""
        self._ballots += 1
        clauses = [self.clause(number) for number in numbers]
        question = {
            "matter": self.matter,
            "meeting": meeting,
            "agenda_item": AgendaItem.objects.get(meeting=meeting, number=1),
            "code": f"B-{self._ballots:02}",
            "question_ru": "Принять?",
            "question_en": "Adopt?",
            "basis": Question.Basis(basis),
            "wordings": [clause.on_the_table for clause in clauses],
            "amendments": [self.amendment(code) for code in amendments],
            "mode": "written" if meeting.is_written else "in_person",
            "actor": self.secretary,
            "at": self.now(),
        }
        with chosen_time():
            return acts.put_question(**{**question, **says})

    def ask_whole(self, meeting: Meeting, **says: Any) -> Question:
        """Put the question about the text as a whole."""
        self._ballots += 1
        question = {
            "matter": self.matter,
            "meeting": meeting,
            "agenda_item": AgendaItem.objects.get(meeting=meeting, number=1),
            "code": f"B-{self._ballots:02}",
            "question_ru": "Принять в целом?",
            "question_en": "Adopt as a whole?",
            "mode": "in_person",
            "actor": self.secretary,
            "at": self.now(),
        }
        with chosen_time():
            return acts.put_whole(**{**question, **says})

    def hold(self, question: Question, **choices: str) -> Ballot:
        """Open the ballot of a question, let everybody vote, and close it."""
        ballot = self.world.open_ballot(question.ballot)
        if ballot.state == Ballot.State.OPEN:
            self.world.vote_all(ballot, **choices)
            ballot = self.world.close(ballot)
        self.matter.refresh_from_db()
        return ballot

    def agree(self, meeting: Meeting, *numbers: str, amendments: Sequence[str] = ()) -> Ballot:
        """Let every side agree on clauses."""
        return self.hold(self.ask(meeting, *numbers, amendments=amendments))

    def fail(self, meeting: Meeting, *numbers: str, amendments: Sequence[str] = ()) -> Ballot:
        """Let the ministry's side keep clauses from being agreed."""
        return self.hold(self.ask(meeting, *numbers, amendments=amendments), MIN_1="against")

    # -- positions and conciliation ------------------------------------------------------

    def approve_inside(self, number: str, stance: str, *seats: str) -> None:
        """Let members of the ministry's side approve a stance; the necessary two by default."""
        wording = self.clause(number).on_the_table
        with chosen_time():
            for seat in seats or ("MIN-3", "MIN-4"):
                approve_inside_side(
                    side=self.world.sides["MIN"],
                    text_sha256=wording.sha256,
                    choice=stance,
                    actor=self.world.people[seat],
                    at=self.now(),
                )

    def say(self, number: str, side: str, stance: str = "support", **says: Any) -> Position:
        """Let a side's coordinator take a position on what lies on the table."""
        clause = self.clause(number)
        position = {
            "clause": clause,
            "side": self.world.sides[side],
            "stance": Position.Stance(stance),
            "wording": clause.on_the_table,
            "reason_ru": "Мы так считаем.",
            "actor": self.speaker(side),
            "at": self.now(),
        }
        with chosen_time():
            return acts.take_position(**{**position, **says})

    def recommend(self, meeting: Meeting, number: str, threshold: int) -> Recommendation:
        """Let a conciliation meeting recommend a wording."""
        with chosen_time():
            return acts.recommend(
                meeting=meeting,
                clause=self.clause(number),
                text_ru=RU.format(number, threshold),
                text_en=EN.format(number, threshold),
                terms=terms(threshold),
                actor=self.secretary,
                at=self.now(),
            )


def build_table(world: World | None = None, *, code: str = "LT-1") -> Table:
    """Register a matter on the initiative of the employers."""
    world = world or build_world()
    with chosen_time():
        matter = acts.register_matter(
            body=world.body,
            code=code,
            title_ru="Требования к модулю",
            title_en="Requirements for the module",
            legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
            initiator_side=world.sides["EMP"],
            actor=world.people["EMP-1"],
            at=world.later(),
        )
    return Table(world, matter)


def circulated(table: Table | None = None) -> Table:
    """Return a table whose draft is out for comments."""
    table = table or build_table()
    table.open()
    table.enter()
    table.circulate()
    return table


def negotiating(table: Table | None = None) -> Table:
    """Return a table whose comments are summed up; nothing was filed."""
    table = circulated(table)
    table.summarise()
    return table
