"""A second person compares a signed paper with the vote that was entered from it.

Whoever enters a paper could enter another vote than it bears. So nobody counts it alone (G4): the
coordinator or another secretary confirms it, or disputes it, and a disputed entry counts no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from governance import acts, refusals
from governance.authority import Action, Evidence, NotAuthorised, examine, require
from governance.models import Ballot, PaperCheck, Vote

from ._rows import checked, digest, lock, lock_ballot, record, refusing, tidy, update

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person


@transaction.atomic
def check_paper_vote(
    *, vote: Vote, finding: str, note: str = "", actor: Person, at: datetime.datetime
) -> PaperCheck:
    """Confirm that a vote was entered as its paper bears it, or dispute that.

    A disputed entry stays as history and counts no more: the paper is entered again, or the seat
    votes itself.

    Raises:
        NotOnPaper: the vote did not come on paper, or does not count.
        BallotNotInState: the ballot is not open.
        OwnPaper: the actor entered the paper, or signed it.
        PaperChecked: somebody compared it before.
        ReasonMissing: a dispute does not say what the paper bears.
        NotAuthorised: the actor is neither the coordinator nor a secretary of the body.
    """
    ballot = lock_ballot(vote.ballot, "meeting__body")
    vote = lock(vote, "seat", "person")
    if vote.channel != Vote.Channel.PAPER or not vote.is_counted:
        raise refusals.NotOnPaper
    evidence = _who_checks(vote, ballot, actor, at)
    if ballot.state != Ballot.State.OPEN:
        raise refusals.BallotNotInState(state=ballot.get_state_display())
    check = checked(
        PaperCheck(
            vote=vote,
            finding=PaperCheck.Finding(finding),
            note=tidy(note),
            checked_by=actor,
            checked_at=at,
        ),
        "note",
    )
    if check.is_dispute and not check.note:
        raise refusals.ReasonMissing
    with refusing({"governance_papercheck_vote_id_key": refusals.PaperChecked()}):
        check.save()
    if check.is_dispute:
        update(vote, status=Vote.Status.REJECTED, reason_code=Vote.Reason.PAPER_DISPUTED)
    record(
        acts.PAPER_VOTE_CHECKED,
        check,
        body=ballot.meeting.body,
        actor=actor,
        at=at,
        facts={
            "vote": vote.uid,
            "ballot": ballot.uid,
            "seat": vote.seat.uid,
            "finding": check.finding,
            "note_sha256": digest(check.note) if check.note else None,
        },
        authority=evidence,
    )
    return check


def may_check(vote: Vote, person: Person, at: datetime.datetime) -> bool:
    """Say whether the person would be let to compare, for a page that shows the way there."""
    try:
        return bool(_who_checks(vote, vote.ballot, person, at))
    except (refusals.OwnPaper, NotAuthorised):
        return False


def require_checked_papers(ballot: Ballot) -> None:
    """Refuse to count while a second person has not seen a paper that would count.

    Raises:
        PapersUnchecked: the parameters name the seats.
    """
    waiting = PaperCheck.waiting().filter(ballot=ballot).order_by("seat__code")
    if seats := list(waiting.values_list("seat__code", flat=True)):
        raise refusals.PapersUnchecked(seats=", ".join(seats))


def _who_checks(vote: Vote, ballot: Ballot, actor: Person, at: datetime.datetime) -> Evidence:
    """Authorise the coordinator or a secretary who neither entered nor signed the paper.

    Raises:
        OwnPaper: the actor did one of both.
        NotAuthorised: the actor has neither duty.
    """
    if actor.pk in {vote.entered_by_id, vote.person_id}:
        raise refusals.OwnPaper
    body = ballot.meeting.body
    found = examine(actor, Action.PRESIDE, body=body, at=at)
    return found if isinstance(found, Evidence) else require(actor, Action.KEEP, body=body, at=at)
