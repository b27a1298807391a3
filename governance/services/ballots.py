"""Ballots: prepared with one text, opened with a quorum on a frozen roll, annulled for a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, require
from governance.domain.procedure import parse_procedure
from governance.models import AgendaItem, Ballot, Meeting, RollEntry, SilenceProcedure

from ._decision import decide_unheld, keep_quorum
from ._editions import charter_of
from ._independence import require_examined
from ._passes import grant_passes
from ._repeats import ground_of_repeat
from ._roll import compose, in_the_hall, rows_at_opening
from ._rows import checked, digest, lock, lock_ballot, record, refusing, tidy, update
from ._terms import clock_words
from ._validity import COMPETENT
from .charters import charter_in_force
from .meetings import require_meeting_state

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable
    from uuid import UUID

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import CharterVersion, Decision

    from ._roll import Place


@transaction.atomic
def prepare_ballot(
    *,
    meeting: Meeting,
    agenda_item: AgendaItem,
    code: str,
    question_ru: str,
    question_en: str = "",
    topics: Iterable[UUID],
    text_sha256: str,
    mode: str,
    decision_type: str,
    charter_version: CharterVersion | None = None,
    repeats: Ballot | None = None,
    repeat_note: str = "",
    confirms: Decision | None = None,
    confirm_reason: str = "",
    actor: Person,
    at: datetime.datetime,
) -> Ballot:
    """Prepare a question with the digest of exactly one text.

    Args:
        topics: what the question is about. A recusal reaches the ballots that share a topic
            with it; a vote on the whole names the matter, not its clauses.
        charter_version: the edition under which the procedure was opened that the question
            belongs to; without it, the one in force when the ballot opens.
        repeats: the earlier ballot that came to nothing and is held again; its edition of the
            charter holds for this one too, whatever was adopted meanwhile.
        repeat_note: why it is held again with another text.
        confirms: the decision that is confirmed, and `confirm_reason` why; see `put_confirmation`.

    Raises:
        OutsideAgenda: the item belongs to another meeting, was not added by all, or does not
            cover these topics (B3).
        OutsideCompetence: this kind of body does not take such decisions.
        WrongBody: the charter is another body's.
        NoBallotsHere: a conciliation meeting does not vote.
        WrongMode: papers in a hall, or hands in a written ballot.
        NotRepeatable: the earlier ballot was decided, or is repeated already.
        RepeatedTextDiffers: another text needs a reason.
        CodeTaken: the meeting has a ballot with this code.
        MeetingNotInState: the meeting is over.
        NotAuthorised: the actor is not the secretary.
        ValidationError: the question or the digest is wrong.
    """
    meeting = lock(meeting, "body")
    evidence = require(actor, Action.KEEP, body=meeting.body, at=at)
    item = AgendaItem.objects.get(pk=agenda_item.pk)
    if meeting.kind == Meeting.Kind.CONCILIATION:
        raise refusals.NoBallotsHere
    require_meeting_state(
        meeting, Meeting.State.PLANNED, Meeting.State.CONVENED, Meeting.State.OPENED
    )
    if meeting.body.kind not in COMPETENT[Ballot.DecisionType(decision_type)]:
        raise refusals.OutsideCompetence
    if charter_version is not None and charter_version.body_id != meeting.body_id:
        raise refusals.WrongBody
    if meeting.is_written != (mode == Ballot.Mode.WRITTEN):
        raise refusals.WrongMode
    ground = None
    if repeats is not None:
        repeats = lock(repeats, "meeting__body", "charter_version")
        ground = ground_of_repeat(repeats, meeting)
        charter_version = repeats.charter_version or charter_version
        if (repeats.text_sha256 == text_sha256) == bool(tidy(repeat_note)):
            raise refusals.RepeatedTextDiffers
    ballot = checked(
        Ballot(
            code=tidy(code),
            meeting=meeting,
            agenda_item=item,
            question_ru=tidy(question_ru),
            question_en=tidy(question_en),
            topics=list(dict.fromkeys(topics)),
            text_sha256=text_sha256,
            mode=mode,
            decision_type=decision_type,
            charter_version=charter_version,
            prepared_at=at,
            repeats=repeats,
            repeat_ground=ground or "",
            repeat_note=tidy(repeat_note) if repeats else "",
            confirms=confirms,
            confirm_reason=tidy(confirm_reason),
        ),
        *(
            "code",
            "confirm_reason",
            "repeat_note",
            "question_ru",
            "question_en",
            "topics",
            "text_sha256",
            "mode",
            "decision_type",
        ),
    )
    require_on_agenda(ballot)
    taken = refusals.CodeTaken(code=ballot.code)
    with refusing({"a_ballot_code_occurs_once_in_a_meeting": taken}):
        ballot.save()
    record(
        acts.BALLOT_PREPARED,
        ballot,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={
            "meeting": meeting.uid,
            "item": item.uid,
            "topics": ballot.topics,
            "text_sha256": text_sha256,
            "mode": mode,
            "decision_type": decision_type,
            "repeats": repeats.uid if repeats else None,
            "repeat_ground": ground,
            "confirms": confirms.ballot.uid if confirms else None,
        },
        authority=evidence,
    )
    return ballot


@transaction.atomic
def open_ballot(*, ballot: Ballot, actor: Person, at: datetime.datetime) -> Ballot:
    """Open a ballot: freeze its roll, pin the charter, check every side's quorum.

    Without a quorum the ballot is not opened but `not_held_no_quorum`, with the arithmetic
    as its decision (B4). That is an outcome and no refusal: the ballot returned says so.

    Raises:
        OutsideAgenda: the item was not added by all who take part.
        ConflictUndecided: it is open who is recused.
        IndependenceNotExamined: a side is to be independent, and somebody there is tied to another.
        SilenceUnderWay: no answer means consent until the term of a silence procedure is over.
        MeetingNotInState: the meeting is not open.
        BallotNotInState: the ballot was opened or annulled before.
        TooLate: the time for papers is over before it begins.
        NotAuthorised: in a hall the coordinator opens, on paper the secretary.
    """
    meeting = lock(ballot.meeting, "body")
    ballot = lock(ballot, "agenda_item", "meeting__body", "charter_version")
    evidence = who_runs(ballot, actor, at)
    require_ballot_state(ballot, Ballot.State.PREPARED)
    require_meeting_state(meeting, Meeting.State.OPENED)
    require_on_agenda(ballot)
    require_decided_conflicts(ballot)
    if SilenceProcedure.objects.filter(ballot=ballot, state=SilenceProcedure.State.OPEN).exists():
        raise refusals.SilenceUnderWay
    if meeting.closes_at is not None and at >= meeting.closes_at:
        raise refusals.TooLate(until=clock_words(meeting.closes_at))
    version = ballot.charter_version or charter_in_force(meeting.body, at)
    procedure = parse_procedure(version.procedure)
    require_examined(ballot, procedure, at)
    present = None if ballot.is_written else in_the_hall(meeting, at)
    roll = compose(
        body=meeting.body, procedure=procedure, topics=ballot.topics, present=present, at=at
    )
    rows = rows_at_opening(roll, present)

    ballot.charter_version = version
    charter = charter_of(ballot)
    _freeze(ballot, roll)
    lacking = keep_quorum(ballot, charter, rows, "opening", at)
    if lacking:
        update(
            ballot,
            charter_version=version,
            state=Ballot.State.NOT_HELD,
            not_held_reason=Ballot.NotHeldReason.AT_OPENING,
        )
        decide_unheld(ballot, charter, rows, at)
        record_not_held(ballot, lacking, evidence, actor, at)
        return ballot
    update(
        ballot,
        charter_version=version,
        state=Ballot.State.OPEN,
        opened_at=at,
        closes_at=meeting.closes_at,
    )
    grant_passes(ballot, at=at)
    record(
        acts.BALLOT_OPENED,
        ballot,
        body=meeting.body,
        actor=actor,
        at=at,
        facts={
            "meeting": meeting.uid,
            "charter": version.uid,
            "text_sha256": ballot.text_sha256,
            "entitled": [place.seat.uid for place in roll if place.conflict is None],
            "recused": [place.seat.uid for place in roll if place.conflict is not None],
            "closes_at": ballot.closes_at,
        },
        authority=evidence,
    )
    return ballot


@transaction.atomic
def annul_ballot(
    *, ballot: Ballot, reason: str, note: str, actor: Person, at: datetime.datetime
) -> Ballot:
    """Stop a ballot that cannot go on. Its votes stay as history and decide nothing.

    Raises:
        BallotNotInState: it is already decided or annulled.
        ReasonMissing: a reason has no explanation.
        NotAuthorised: in a hall the coordinator annuls, on paper also the secretary.
    """
    ballot = lock_ballot(ballot, "meeting__body")
    evidence = who_runs(ballot, actor, at)
    require_ballot_state(ballot, Ballot.State.PREPARED, Ballot.State.OPEN)
    explanation = tidy(note)
    if not explanation:
        raise refusals.ReasonMissing
    _annul(
        ballot,
        reason=Ballot.AnnulReason(reason),
        note=explanation,
        evidence=evidence,
        actor=actor,
        at=at,
    )
    return ballot


def annul_prepared(
    meeting: Meeting, evidence: Evidence, actor: Person, at: datetime.datetime
) -> None:
    """Annul what was prepared for a meeting that does not take place."""
    for prepared in meeting.ballots.filter(state=Ballot.State.PREPARED).order_by("id"):
        ballot = lock(prepared, "meeting__body")
        _annul(
            ballot,
            reason=Ballot.AnnulReason.NO_MEETING,
            note="",
            evidence=evidence,
            actor=actor,
            at=at,
        )


def require_ballot_state(ballot: Ballot, *states: Ballot.State) -> None:
    """Refuse a ballot that is elsewhere in its life.

    Raises:
        BallotNotInState: it is.
    """
    if ballot.state not in states:
        raise refusals.BallotNotInState(state=ballot.get_state_display())


def who_runs(ballot: Ballot, actor: Person, at: datetime.datetime) -> Evidence:
    """Authorise whoever opens, closes and annuls this ballot.

    Raises:
        NotAuthorised: in a hall the coordinator does, on paper the secretary.
    """
    action = Action.KEEP if ballot.is_written else Action.PRESIDE
    return require(actor, action, body=ballot.meeting.body, at=at)


def require_on_agenda(ballot: Ballot) -> None:
    """Hold B3: nothing is decided that was not on the agenda.

    Raises:
        OutsideAgenda: the question goes beyond its item.
    """
    item = ballot.agenda_item
    if (
        item.meeting_id != ballot.meeting_id
        or not item.may_be_decided
        or not set(ballot.topics) <= set(item.topics)
    ):
        raise refusals.OutsideAgenda


def require_decided_conflicts(ballot: Ballot) -> None:
    """Refuse to freeze a roll on which it is open who is recused.

    Raises:
        ConflictUndecided: the parameters name the seats.
    """
    undecided = (
        ballot.meeting.body.conflicts.undecided()
        .touching(ballot.topics)
        .order_by("seat__code")
        .values_list("seat__code", flat=True)
    )
    if seats := list(undecided):
        raise refusals.ConflictUndecided(seats=", ".join(seats))


def _freeze(ballot: Ballot, roll: list[Place]) -> None:
    """Write the roll. The database keeps it as it is from the opening on."""
    RollEntry.objects.bulk_create(
        RollEntry(
            ballot=ballot,
            seat=place.seat,
            holder=place.holder,
            side_code=place.side_code,
            standing=place.standing,
            ground=place.ground,
            conflict=place.conflict,
        )
        for place in roll
    )


def _annul(
    ballot: Ballot,
    *,
    reason: Ballot.AnnulReason,
    note: str,
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
) -> None:
    """Write and record an annulment; a silence procedure that runs ends with its ballot."""
    _stop_silence(ballot, evidence, actor, at)
    update(ballot, state=Ballot.State.ANNULLED, annulled_reason=reason.value, annulled_note=note)
    record(
        acts.BALLOT_ANNULLED,
        ballot,
        body=ballot.meeting.body,
        actor=actor,
        at=at,
        facts={
            "meeting": ballot.meeting.uid,
            "text_sha256": ballot.text_sha256,
            "reason": reason.value,
            "note_sha256": digest(note),
        },
        authority=evidence,
    )


def _stop_silence(ballot: Ballot, evidence: Evidence, actor: Person, at: datetime.datetime) -> None:
    """End a silence procedure without a result, because its question is not put any more."""
    for silence in SilenceProcedure.objects.filter(
        ballot=ballot, state=SilenceProcedure.State.OPEN
    ).select_for_update():
        update(silence, state=SilenceProcedure.State.WITHDRAWN, ended_at=at)
        record(
            acts.SILENCE_STOPPED,
            ballot,
            body=ballot.meeting.body,
            actor=actor,
            at=at,
            facts={"text_sha256": ballot.text_sha256},
            authority=evidence,
        )


def record_not_held(
    ballot: Ballot,
    lacking: list[str],
    evidence: Evidence,
    actor: Person,
    at: datetime.datetime,
) -> None:
    """Record that a ballot was not held, and for want of whom."""
    body = ballot.meeting.body
    sides = body.sides.filter(code__in=lacking).order_by("position")
    record(
        acts.BALLOT_NOT_HELD,
        ballot,
        body=body,
        actor=actor,
        at=at,
        facts={
            "meeting": ballot.meeting.uid,
            "text_sha256": ballot.text_sha256,
            "reason": ballot.not_held_reason,
            "sides": [side.uid for side in sides],
        },
        authority=evidence,
    )
