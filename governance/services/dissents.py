"""Dissenting opinions: they stand beside a decision and never change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from calendars.domain import end_of_day
from governance import acts, refusals
from governance.authority import Action, examine
from governance.models import Ballot, DissentingOpinion, Protocol

from ._rows import checked, digest, lock, record, refusing
from ._terms import words
from .protocols import last_day_to_dissent

if TYPE_CHECKING:
    import datetime

    from accounts.models import Person
    from governance.authority import Evidence


@transaction.atomic
def file_dissent(
    *, ballot: Ballot, text_ru: str, text_en: str = "", actor: Person, at: datetime.datetime
) -> DissentingOpinion:
    """File an opinion on a decision. It cannot be refused to a member, however the member voted.

    Opinions are personal (A8): a proxy files none.

    Raises:
        DissentWindowClosed: the charter's days after the signing of the protocol are over.
        OpinionExists: the actor has filed one.
        BallotNotInState: nothing is decided.
        NotAuthorised: the actor holds no seat, neither now nor when the ballot was decided.
    """
    ballot = lock(ballot, "meeting__body")
    evidence = _authorise(ballot, actor, at)
    if ballot.state not in {Ballot.State.CERTIFIED, Ballot.State.NOT_HELD}:
        raise refusals.BallotNotInState(state=ballot.get_state_display())
    _require_in_time(ballot, at)
    opinion = checked(
        DissentingOpinion(
            ballot=ballot,
            person=actor,
            seat=evidence.acting_seat,
            text_ru=text_ru.strip(),
            text_en=text_en.strip(),
            filed_at=at,
        ),
        "text_ru",
    )
    with refusing({"a_person_files_one_opinion_per_ballot": refusals.OpinionExists()}):
        opinion.save()
    record(
        acts.DISSENT_FILED,
        opinion,
        body=ballot.meeting.body,
        actor=actor,
        at=at,
        facts={
            "ballot": ballot.uid,
            "seat": evidence.acting_seat.uid,
            "text_sha256": digest(opinion.text_ru),
        },
        authority=evidence,
    )
    return opinion


def _authorise(ballot: Ballot, actor: Person, at: datetime.datetime) -> Evidence:
    """Find the seat the actor holds, or held when the decision was taken.

    Raises:
        NotAuthorised: none.
    """
    body = ballot.meeting.body
    found = examine(actor, Action.DISSENT, body=body, at=at)
    if not found and ballot.closed_at is not None:
        found = examine(actor, Action.DISSENT, body=body, at=ballot.closed_at)
    if not found:
        raise found.error
    return found


def _require_in_time(ballot: Ballot, at: datetime.datetime) -> None:
    """Refuse an opinion after the window that the signing of the protocol opened.

    Raises:
        DissentWindowClosed: it is over.
    """
    protocol = (
        Protocol.objects.filter(meeting=ballot.meeting_id)
        .select_related("meeting__charter_version")
        .first()
    )
    last = last_day_to_dissent(protocol) if protocol else None
    if last is not None and at >= end_of_day(last):
        raise refusals.DissentWindowClosed(until=words(last))
