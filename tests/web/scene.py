"""What pages show: a text under negotiation with a written ballot open, and a public register.

Everything is done through the services by the people of `tests.world`, relative to the instant
at which the page is looked at, so that the ballot closes tomorrow whenever the test runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from calendars.domain import KRASNOYARSK
from governance.models import AgendaItem, Ballot, Meeting
from licensing import services as licensing
from licensing.models import RequirementSet, RequirementVersion
from licensing.services.transcripts import TranscribedClause
from negotiation import services
from negotiation.models import Amendment, Clause, Matter, Position, Question, Wording
from tests.world import World, build_world, chosen_time

HOURS = {
    "name_ru": "Машинное время на одного обучающегося",
    "name_en": "Machine time per learner",
    "kind": "numeric",
    "unit_code": "h",
    "unit_ru": "академический час",
    "unit_en": "academic hour",
    "operator": ">=",
}


def hours(threshold: int) -> dict[str, Any]:
    """Return the terms of a clause that demands so many hours."""
    return {"indicators": [{**HOURS, "threshold": threshold}]}


@dataclass
class Scene:
    """The table with everything that lies on it."""

    world: World
    matter: Matter
    clauses: dict[str, Clause]
    meeting: Meeting
    ballot: Ballot
    comment: Amendment
    old_set: RequirementSet
    new_set: RequirementSet
    old: RequirementVersion
    new: RequirementVersion

    def another_ballot(self, number: str) -> Ballot:
        """Put another clause to the vote at the same meeting."""
        self.clauses[number].refresh_from_db()
        wording = self.clauses[number].on_the_table
        with chosen_time():
            return _asked(self.world, self.matter, self.meeting, wording, code=f"W-{number}")

    def decide(self, ballot: Ballot) -> Ballot:
        """Let everybody vote for, and close the ballot."""
        self.world.now = ballot.opened_at
        self.world.vote_all(ballot)
        return self.world.close(ballot)


DRAFT = (
    services.DraftClause(
        number="1.1",
        section="1",
        severable=True,
        title_ru="Машинное время",
        title_en="Machine time",
        text_ru="На каждого обучающегося – не менее 40 академических часов работы на станке.",
        text_en="Each learner has at least 40 academic hours of work at a machine.",
        terms=hours(40),
    ),
    services.DraftClause(
        number="1.2",
        section="1",
        severable=True,
        title_ru="Наставники",
        title_en="Mentors",
        text_ru="Наставник работает с группой не более шести обучающихся.",
        text_en="A mentor works with a group of at most six learners.",
    ),
    services.DraftClause(
        number="1.3",
        section="1",
        severable=True,
        title_ru="Точность оборудования <script>alert(1)</script>",
        title_en="Accuracy of machines <script>alert(1)</script>",
        text_ru="Протокол проверки точности <b>не старше</b> двенадцати месяцев.",
        text_en="The accuracy report is <b>not older</b> than twelve months.",
    ),
)


def build_scene(now: datetime | None = None) -> Scene:
    """Build the scene for whoever looks at `now`, the present by default."""
    looked_at = (now or datetime.now(KRASNOYARSK)).astimezone(KRASNOYARSK)
    begins = (looked_at - timedelta(days=75)).replace(minute=0, second=0, microsecond=0)
    world = build_world(at=begins)
    with chosen_time():
        matter, clauses, comment = _negotiated(world)
        meeting, ballot = _voted_on(world, matter, clauses, looked_at)
        old_set, new_set, old, new = _registered(world, looked_at.date())
    return Scene(
        world=world,
        matter=matter,
        clauses=clauses,
        meeting=meeting,
        ballot=ballot,
        comment=comment,
        old_set=old_set,
        new_set=new_set,
        old=old,
        new=new,
    )


def _negotiated(world: World) -> tuple[Matter, dict[str, Clause], Amendment]:
    """Register a matter, circulate its draft, comment on it and take positions."""
    keeps = {"actor": world.secretary}
    matter = services.register_matter(
        body=world.body,
        code="ПГ-1",
        title_ru="Требования к модулю «Наладка многоосевых станков»",
        title_en="Requirements for the module “Setting up multi-axis machines”",
        legal_basis=Matter.LegalBasis.NETWORK_AGREEMENT,
        initiator_side=world.sides["EMP"],
        at=world.now,
        **keeps,
    )
    services.enter_draft(
        matter=matter,
        sections=[services.DraftSection("1", "Оборудование", "Equipment")],
        clauses=DRAFT,
        at=world.later(),
        **keeps,
    )
    services.open_matter(matter=matter, at=world.later(), **keeps)
    ends = (world.now + timedelta(days=35)).date()
    services.circulate(
        matter=matter,
        label="0.5",
        comments_until=ends,
        sub_amendments_until=ends + timedelta(days=2),
        at=world.later(days=1),
        **keeps,
    )
    clauses = {
        clause.number: clause for clause in Clause.objects.of_matter(matter).order_by("position")
    }
    comment = _commented(world, matter, clauses["1.2"])
    for side, stance in {"PUB": "support", "EXP": "object", "EMP": "support"}.items():
        _take(world, clauses["1.1"], side, stance)
    world.later(days=41)
    services.close_round(round_=matter.rounds.get(), at=world.now, **keeps)
    services.prepare_summary(matter=matter, without_objection=[comment], at=world.later(), **keeps)
    return matter, clauses, comment


def _commented(world: World, matter: Matter, clause: Clause) -> Amendment:
    comment = services.file_amendment(
        matter=matter,
        kind=Amendment.Kind.COMMENT,
        side=None,
        clause=clause,
        proposal_ru="Уточнить, кто назначает наставника.",
        proposal_en="Say who appoints the mentor.",
        reason_ru="У нас наставников назначает завод.",
        reason_en="With us the plant appoints mentors.",
        actor=world.heads[0],
        at=world.later(),
    )
    services.admit_amendment(amendment=comment, actor=world.secretary, at=world.later())
    services.propose_disposition(
        amendment=comment,
        disposition=Amendment.Proposal.TAKEN_NOTE,
        reason_ru="Назначение определяется договором о сетевой форме.",
        reason_en="The network-form agreement settles the appointment.",
        actor=world.secretary,
        at=world.later(),
    )
    return comment


def _take(world: World, clause: Clause, side: str, stance: str) -> None:
    services.take_position(
        clause=clause,
        side=world.sides[side],
        stance=Position.Stance(stance),
        wording=clause.on_the_table,
        reason_ru="Сорок часов мало для пятиосевого станка." if stance == "object" else "",
        actor=world.people[f"{side}-1"],
        at=world.later(),
    )


def _voted_on(
    world: World, matter: Matter, clauses: dict[str, Clause], looked_at: datetime
) -> tuple[Meeting, Ballot]:
    """Table a new wording of 1.1 and put it to a written ballot that closes in a day."""
    clause = clauses["1.1"]
    clause.refresh_from_db()
    wording = services.table_wording(
        clause=clause,
        text_ru="На каждого обучающегося – не менее 60 академических часов работы на станке.",
        text_en="Each learner has at least 60 academic hours of work at a machine.",
        terms=hours(60),
        amendments=[],
        actor=world.secretary,
        at=world.later(),
    )
    world.now = looked_at - timedelta(days=24)
    meeting = world.opened("written", topics=[each.uid for each in clauses.values()])
    return meeting, _asked(world, matter, meeting, wording, code="W-01")


def _asked(
    world: World, matter: Matter, meeting: Meeting, wording: Wording, *, code: str
) -> Ballot:
    """Put a wording to the written ballot and open it."""
    question = services.put_question(
        matter=matter,
        meeting=meeting,
        agenda_item=AgendaItem.objects.get(meeting=meeting),
        code=code,
        question_ru="Принять пункт 1.1 в редакции с 60 часами?",
        question_en="Adopt clause 1.1 with 60 hours?",
        basis=Question.Basis.CLAUSE_WORDING,
        wordings=[wording],
        amendments=[],
        mode=Ballot.Mode.WRITTEN,
        actor=world.secretary,
        at=world.later(),
    )
    return world.open_ballot(question.ballot)


def _registered(
    world: World, today: date
) -> tuple[RequirementSet, RequirementSet, RequirementVersion, RequirementVersion]:
    """Keep two versions from paper: one that ended, one that is in force."""
    keeps = {"body": world.body, "actor": world.secretary, "at": world.later()}
    changed = date(today.year, 1, 1)
    old_set = licensing.register_set(
        code="ВТ-2024",
        scope="five-axis",
        title_ru="Временные требования к модулям сети",
        title_en="Interim requirements for network modules",
        legal_basis=RequirementSet.LegalBasis.FOUNDER_ORDER,
        matter=None,
        predecessor=None,
        **keeps,
    )
    new_set = licensing.register_set(
        code="ЛТ-МШ-05",
        scope="five-axis",
        title_ru="Лицензионные требования к модулю «Наладка многоосевых станков»",
        title_en="Licensing requirements for the module “Setting up multi-axis machines”",
        legal_basis=RequirementSet.LegalBasis.NETWORK_AGREEMENT,
        matter=None,
        predecessor=old_set,
        **keeps,
    )
    old = _transcribed(world, old_set, "1", date(today.year - 2, 9, 1), changed, 40)
    new = _transcribed(world, new_set, "1.0", changed, date(today.year + 6, 1, 1), 60)
    return old_set, new_set, old, new


def _transcribed(  # noqa: PLR0917 -- one line for each of two versions
    world: World,
    each: RequirementSet,
    label: str,
    starts: date,
    ends: date,
    threshold: int,
) -> RequirementVersion:
    clauses = [
        TranscribedClause(
            number="1.1",
            title_ru="Машинное время",
            title_en="Machine time",
            text_ru=f"Не менее {threshold} академических часов работы на станке.",
            text_en=f"At least {threshold} academic hours of work at a machine.",
            terms=hours(threshold),
        ),
        TranscribedClause(
            number="1.2",
            title_ru="Наставники",
            title_en="Mentors",
            text_ru="Наставник работает с группой <i>не более</i> шести обучающихся.",
            text_en="A mentor works with a group of <i>at most</i> six learners.",
        ),
    ]
    return licensing.transcribe_version(
        requirement_set=each,
        label=label,
        document_ru=f"Приказ от {starts:%d.%m.%Y} № 1",
        document_en=f"Order No. 1 of {starts.isoformat()}",
        in_force_from=starts,
        in_force_to=ends,
        clauses=clauses,
        actor=world.secretary,
        at=world.later(),
    )
