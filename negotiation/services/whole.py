"""The text as a whole: composed from the state of its clauses, and put to the final vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from governance.domain.procedure import PartialAdoption
from governance.models import Ballot
from governance.services import ballots as governance_ballots
from negotiation import refusals
from negotiation.domain import canonical, consistency
from negotiation.models import Amendment, Clause, Disagreement, Matter, Question, Wording
from negotiation.services import dispositions, questions, standing, texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from accounts.models import Person
    from governance.models import AgendaItem, Meeting


@dataclass(frozen=True, slots=True)
class Whole:
    """The text as a whole, as the state of its clauses composes it."""

    included: tuple[Clause, ...]
    left_out: tuple[Clause, ...]

    @property
    def wordings(self) -> list[Wording]:
        """Return the wordings voted, in the order of the text."""
        return [clause.current_wording for clause in self.included if clause.current_wording]

    @property
    def sha256(self) -> str:
        """Return the digest of the text voted."""
        return canonical.combined_sha256([wording.sha256 for wording in self.wordings])


@transaction.atomic
def put_whole(
    *,
    matter: Matter,
    meeting: Meeting,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    mode: Ballot.Mode,
    actor: Person,
    at: datetime,
    question_en: str = "",
    repeats: Ballot | None = None,
    repeat_note: str = "",
) -> Question:
    """Prepare the ballot on the text as a whole: its topic is the matter itself.

    The text is composed from the state of its clauses: what was agreed clause by clause,
    the federal mirrors, and the frame (preamble, definitions, final provisions). A clause
    that was not agreed is left out if the text can do without it and its disagreement is
    raised; the amendments to it close as not agreed.

    Raises:
        WrongState: the text is not under negotiation, or a ballot on it is open.
        ClausesAreNotAgreed: a clause is neither agreed nor in a disagreement (B11).
        NotSeverable, PartialAdoptionForbidden: the text cannot be adopted in part (B11).
        UndisposedAmendments: a proposal has no disposition yet (B9).
        TextIsInconsistent: references, thresholds or translations do not hold together.
        NotAuthorised: the actor may not prepare ballots at this body.
    """
    standing.lock_meeting(meeting, matter)
    row = standing.lock_matter(matter)
    evidence = standing.keeper(actor, row, at)
    standing.require_state(row, *questions.TAKES_QUESTIONS)
    standing.require_no_open_ballot(row)
    whole = compose_whole(row)
    ballot = governance_ballots.prepare_ballot(
        meeting=meeting,
        agenda_item=agenda_item,
        code=code,
        question_ru=question_ru,
        question_en=question_en,
        topics=[row.uid],
        text_sha256=whole.sha256,
        mode=mode,
        decision_type=Ballot.DecisionType.WHOLE,
        repeats=repeats,
        repeat_note=repeat_note,
        actor=actor,
        at=at,
    )
    _close_amendments_of(whole.left_out, actor=actor, at=at)
    return questions.store(
        row,
        ballot,
        basis=Question.Basis.WHOLE,
        wordings=whole.wordings,
        amendments=[],
        evidence=evidence,
        actor=actor,
        at=at,
    )


def compose_whole(matter: Matter) -> Whole:
    """Compose the text as a whole, or say why it is not ready (B9, B11)."""
    clauses = texts.clauses_on_the_table(matter)
    open_ = set(
        matter.amendments.undecided().filter(clause__isnull=False).values_list("clause", flat=True)
    )
    included = tuple(clause for clause in clauses if _belongs(clause, undecided=open_))
    left_out = tuple(clause for clause in clauses if clause not in included)
    _require_severable(matter, left_out)
    _require_all_disposed(matter, left_out)
    if problems := consistency.inconsistencies([texts.as_text(clause) for clause in included]):
        raise refusals.TextIsInconsistent(problems=texts.say_problems(problems))
    return Whole(included, left_out)


def _belongs(clause: Clause, *, undecided: set[int]) -> bool:
    """Say whether a clause is part of the text as it can be adopted now."""
    if clause.state in {Clause.State.AGREED, Clause.State.MIRRORED}:
        return True
    is_frame = clause.kind != Clause.Kind.CLAUSE
    return is_frame and clause.state == Clause.State.DRAFT and clause.pk not in undecided


def _require_severable(matter: Matter, left_out: Sequence[Clause]) -> None:
    """B11: only severable clauses with a raised disagreement are left out."""
    in_disagreement = set(
        Disagreement.objects.unresolved()
        .filter(clause__in=[clause.pk for clause in left_out])
        .values_list("clause", flat=True)
    )
    unknown = [str(clause) for clause in left_out if clause.pk not in in_disagreement]
    if unknown:
        raise refusals.ClausesAreNotAgreed(clauses=", ".join(unknown))
    indispensable = [str(clause) for clause in left_out if not clause.severable]
    if indispensable:
        raise refusals.NotSeverable(clauses=", ".join(indispensable))
    partial = standing.procedure_of(matter).partial_adoption
    if left_out and partial is PartialAdoption.FORBIDDEN:
        raise refusals.PartialAdoptionForbidden


def _require_all_disposed(matter: Matter, left_out: Sequence[Clause]) -> None:
    """B9: every proposal has its disposition, but for those on clauses left out."""
    pending = (
        matter.amendments.undecided()
        .exclude(clause__in=[clause.pk for clause in left_out])
        .order_by("code")
        .values_list("code", flat=True)
    )
    if pending:
        raise refusals.UndisposedAmendments(amendments=", ".join(pending))


def _close_amendments_of(left_out: Sequence[Clause], *, actor: Person, at: datetime) -> None:
    """Close what no ballot will decide any more: amendments to clauses that are left out."""
    for clause in left_out:
        disagreement = Disagreement.objects.unresolved().get(clause=clause)
        pending = clause.amendments.undecided().select_related("matter").order_by("pk")
        for amendment in dispositions.deepest_first(pending):
            dispositions.decide(
                amendment,
                disposition=Amendment.Disposition.NOT_AGREED,
                decided_by=Amendment.DecidedBy.BALLOT,
                ground=dispositions.NOT_AGREED_BY_SIDES,
                actor=actor,
                at=at,
                ballot=disagreement.confirmed_in or disagreement.raised_in,
            )
