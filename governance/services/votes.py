"""Votes. One transaction; the seat votes, by whoever may act for it now.

Voters share the ballot, whoever closes it has it alone. What is said for one seat queues at that
seat: two people voting for it, and a principal correcting a proxy, follow each other, and each
finds what the one before left.

A vote against which nothing spoke when the ballot opened has a pass, and is cast by one
statement (`_passes`). All others are judged here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from audit import clock, requests, times
from governance import acts, refusals
from governance.authority import Action, Evidence, Refusal, examine, require
from governance.domain.procedure import parse_procedure
from governance.models import Ballot, RollEntry, Vote

from ._passes import cast_with_pass
from ._roll import is_barred
from ._rows import checked, lock_stream, record, refusing, share_ballot, update
from ._terms import clock_words
from .approvals import inner_standing
from .checks import keep_check

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping
    from typing import Any

    from accounts.models import Person
    from governance.models import Mandate, Seat

STRANGERS = frozenset({"no_seat", "wrong_seat", "person_blocked"})
"""Refusals of people who have nothing to do with the seat: nothing of theirs is stored."""

_PAPER = re.compile(r"[A-Za-z0-9_.:;,/+=()*#-]{1,200}")


@dataclass(frozen=True, slots=True)
class _Will:
    """What somebody wants to say for a seat."""

    ballot: Ballot
    seat: Seat
    person: Person
    choice: str
    text_sha256: str
    channel: str
    cast_at: datetime.datetime
    entered_by: Person | None = None


def cast_vote(
    *,
    ballot: Ballot,
    seat: Seat,
    choice: str,
    text_sha256: str,
    channel: str = Vote.Channel.PLATFORM,
    mandate: Mandate | None = None,
    actor: Person,
    at: datetime.datetime | None,
) -> Vote:
    """Vote for a seat about the text that was seen.

    Returns a vote that is `counted`, or `rejected` with its reason: a person who belongs to
    the seat but may not vote now – the mandate has expired, the seat is recused, the time is
    over – leaves a trace, and the seat may still vote. The principal's vote supersedes the
    proxy's; a proxy's after the principal's is rejected.

    Args:
        text_sha256: the digest of the text the voter saw.
        mandate: on which paper; without it the best of the person's papers is taken.
        at: None for the moment at which the database takes the vote.

    Raises:
        NotAuthorised: the person has nothing to do with the seat.
        BallotNotOpen: votes are not taken now.
        TextDiffers: the voter saw another text.
        AlreadyVoted: the person, or an earlier holder of the seat, has voted.
        AlreadyDone: the request was carried out before.
    """
    if mandate is None:
        vote = cast_with_pass(
            ballot=ballot,
            seat=seat,
            choice=choice,
            text_sha256=text_sha256,
            channel=channel,
            actor=actor,
            at=at,
        )
        if vote is not None:
            return vote
    return judge_vote(
        ballot=ballot,
        seat=seat,
        choice=choice,
        text_sha256=text_sha256,
        channel=channel,
        mandate=mandate,
        actor=actor,
        at=at,
    )


def judge_vote(
    *,
    ballot: Ballot,
    seat: Seat,
    choice: str,
    text_sha256: str,
    channel: str,
    mandate: Mandate | None,
    actor: Person,
    at: datetime.datetime | None,
) -> Vote:
    """Judge a vote by all the rules, whether it has a pass or not; see `cast_vote`."""
    with requests.guarded():
        ballot = _share(ballot, seat)
        will = _Will(ballot, seat, actor, choice, text_sha256, channel, at or clock.now())
        return _take(will, mandate, messenger=None)


@transaction.atomic
def record_paper_vote(
    *,
    ballot: Ballot,
    seat: Seat,
    signer: Person,
    choice: str,
    text_sha256: str,
    paper: str,
    received_at: datetime.datetime,
    mandate: Mandate | None = None,
    actor: Person,
) -> Vote:
    """Enter the vote of a signed paper, as a messenger (ГК 182 п. 2): it is the signer's.

    The vote is dated when the paper came; the signer's authority is judged at that instant.

    Args:
        paper: the digest or number by which the paper is found; part of the entry.

    Raises:
        PaperIncomplete: the paper is not named by a code.
        TooEarly: the paper is said to come later than now.
        NotAuthorised: the actor is not the secretary, or the signer a stranger to the seat.
        BallotNotOpen, TextDiffers, AlreadyVoted: as in `cast_vote`.
    """
    ballot = _share(ballot, seat)
    if not _PAPER.fullmatch(paper):
        raise refusals.PaperIncomplete
    if received_at > clock.now():
        raise refusals.TooEarly(since=clock_words(received_at))
    keeper = require(actor, Action.KEEP, body=ballot.meeting.body, at=received_at)
    will = _Will(
        ballot,
        seat,
        signer,
        choice,
        text_sha256,
        Vote.Channel.PAPER,
        received_at,
        entered_by=actor,
    )
    messenger = {**keeper.as_facts(), "capacity": "messenger"}
    with times.transcribed(basis="paper", reference=paper):
        return _take(will, mandate, messenger=messenger)


def _share(ballot: Ballot, seat: Seat) -> Ballot:
    """Return the ballot, locked against its closing, and the seat against whoever speaks for it."""
    ballot = share_ballot(ballot, "meeting__body", "charter_version")
    lock_stream(seat.stream)
    return ballot


def _take(will: _Will, mandate: Mandate | None, *, messenger: Mapping[str, Any] | None) -> Vote:
    """Judge a will, store the vote and record it: under a messenger's name, with the signer's."""
    ballot = will.ballot
    found = _ask(will, mandate)
    if isinstance(found, Refusal) and found.code in STRANGERS:
        raise found.error
    opened_at = ballot.opened_at
    if ballot.state != Ballot.State.OPEN or opened_at is None or will.cast_at < opened_at:
        raise refusals.BallotNotOpen(state=ballot.get_state_display())
    if will.text_sha256 != ballot.text_sha256:
        raise refusals.TextDiffers
    standing = Vote.objects.counted().filter(ballot=ballot, seat=will.seat).order_by("id").first()
    reason = _reason_against(will, found) or _reason_of_order(will, found, standing)
    superseded = standing if standing is not None and not reason else None
    if superseded is not None:
        update(superseded, status=Vote.Status.SUPERSEDED, reason_code=Vote.Reason.BY_PRINCIPAL)
    vote = _store(will, found, reason, superseded)
    authority = found.as_facts()
    if messenger is not None:
        authority = {**messenger, "signer": authority}
    _record(vote, will, superseded, authority)
    return vote


def _reason_of_order(
    will: _Will, found: Evidence | Refusal, standing: Vote | None
) -> Vote.Reason | None:
    """Say why a vote that is good in itself does not count beside the one that stands.

    Raises:
        AlreadyVoted: the seat has spoken by the person, or by its holder.
    """
    if standing is None:
        return None
    is_proxy = found.capacity == "proxy"
    if standing.capacity == Vote.Capacity.PROXY and standing.person_id != will.person.pk:
        return Vote.Reason.PROXY_VOTED if is_proxy else None
    if is_proxy and standing.person_id != will.person.pk:
        return Vote.Reason.PRINCIPAL_VOTED
    raise refusals.AlreadyVoted(seat=will.seat.code)


def bar_to_voting(
    *, ballot: Ballot, seat: Seat, person: Person, at: datetime.datetime
) -> tuple[Evidence | Refusal, Vote.Reason | None]:
    """Say what stands in the way of a vote before anything is chosen, for a page that explains.

    Writes nothing. The act asks the same again, and what depends on the choice besides.
    """
    will = _Will(ballot, seat, person, "", ballot.text_sha256, Vote.Channel.PLATFORM, at)
    found = _ask(will, None)
    return found, _bar_to(will, found)


def _ask(will: _Will, mandate: Mandate | None) -> Evidence | Refusal:
    """Ask whether the person may vote for the seat, under the edition the ballot is bound to."""
    return examine(
        will.person,
        Action.VOTE,
        body=will.ballot.meeting.body,
        at=will.cast_at,
        seat=will.seat,
        mandate=mandate,
        charter=will.ballot.charter_version,
    )


def _reason_against(will: _Will, found: Evidence | Refusal) -> Vote.Reason | None:
    """Say why a vote cannot count, or None. The first reason that holds is the one stored."""
    if bar := _bar_to(will, found):
        return bar
    if isinstance(found, Refusal):
        return Vote.Reason(found.code)
    ballot = will.ballot
    procedure = parse_procedure(ballot.pinned_charter.procedure)
    inner = inner_standing(
        found.acting_seat.side,
        procedure=procedure,
        text_sha256=will.text_sha256,
        choice=will.choice,
        ballot=ballot,
        at=will.cast_at,
    )
    return None if inner.is_complete else Vote.Reason.NO_INNER_APPROVAL


def _bar_to(will: _Will, found: Evidence | Refusal) -> Vote.Reason | None:
    """Say what bars a vote whatever it says: time, roll, conflict, paper, presence – in order."""
    ballot = will.ballot
    if ballot.closes_at is not None and will.cast_at >= ballot.closes_at:
        return Vote.Reason.LATE
    entry = ballot.roll.filter(seat=will.seat).order_by("id").first()
    if entry is None:
        return Vote.Reason.NOT_ON_ROLL
    barred = is_barred(will.person, ballot.meeting.body, ballot.topics)
    if entry.standing == RollEntry.Standing.RECUSED or barred:
        return Vote.Reason.RECUSED
    if isinstance(found, Refusal):
        return None if found.code in STRANGERS else Vote.Reason(found.code)
    if found.capacity == "proxy" and _is_fully_charged(will):
        return Vote.Reason.TOO_MANY_PROXIES
    if not ballot.is_written and not _is_present(will):
        return Vote.Reason.NOT_PRESENT
    return None


def _is_fully_charged(will: _Will) -> bool:
    """Say whether the person voted here for as many other seats as the charter lets one."""
    spoken = Vote.objects.counted().filter(
        ballot=will.ballot, person=will.person, capacity=Vote.Capacity.PROXY
    )
    procedure = parse_procedure(will.ballot.pinned_charter.procedure)
    return spoken.exclude(seat=will.seat).count() >= procedure.max_proxies_held


def _is_present(will: _Will) -> bool:
    """Say whether this very person occupies the seat at the meeting."""
    return (
        will.ballot.meeting.attendance.at(will.cast_at)
        .filter(seat=will.seat, person=will.person)
        .exists()
    )


def _store(
    will: _Will,
    found: Evidence | Refusal,
    reason: Vote.Reason | None,
    superseded: Vote | None,
) -> Vote:
    """Write the vote with the check of authority it rests on."""
    vote = checked(
        Vote(
            ballot=will.ballot,
            seat=will.seat,
            person=will.person,
            capacity=found.capacity,
            mandate=found.mandate,
            choice=will.choice,
            cast_at=will.cast_at,
            channel=will.channel,
            status=Vote.Status.REJECTED if reason else Vote.Status.COUNTED,
            reason_code=reason or "",
            supersedes=superseded,
            text_sha256=will.text_sha256,
            entered_by=will.entered_by,
        ),
        *("choice", "channel"),
    )
    vote.authority_check = keep_check(found, person=will.person)
    taken = refusals.AlreadyVoted(seat=will.seat.code)
    with refusing({"a_seat_has_one_counted_vote_per_ballot": taken}):
        vote.save()
    return vote


def _record(
    vote: Vote,
    will: _Will,
    superseded: Vote | None,
    authority: Mapping[str, Any],
) -> None:
    """Record the vote as counted or as rejected."""
    facts = {
        "ballot": will.ballot.uid,
        "seat": will.seat.uid,
        "person": will.person.uid,
        "choice": vote.choice,
        "text_sha256": vote.text_sha256,
        "capacity": vote.capacity,
        "mandate": vote.mandate.uid if vote.mandate else None,
        "channel": vote.channel,
    }
    if vote.is_counted:
        act, facts = (
            acts.VOTE_CAST,
            {
                **facts,
                "supersedes": superseded.uid if superseded else None,
            },
        )
    else:
        act, facts = acts.VOTE_REJECTED, {**facts, "reason": vote.reason_code}
    record(
        act,
        vote,
        body=will.ballot.meeting.body,
        actor=will.entered_by or will.person,
        at=will.cast_at,
        facts=facts,
        authority=authority,
        stream=will.seat.stream,
    )
