"""What a negotiated text does when governance records something about its ballots.

Governance knows ballots and digests, not texts. When one of our ballots opens, the text
must still be the one on the table; when it is certified, the decision takes effect. Both
happen in the transaction of the act, or the act does not happen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from accounts.models import Person
from audit import handlers
from governance import acts as governance_acts
from negotiation import refusals
from negotiation.models import Question
from negotiation.services import openings, outcomes, tacit

if TYPE_CHECKING:
    from audit.models import Entry


def connect() -> None:
    """Follow the acts of governance that concern a text."""
    handlers.on(governance_acts.BALLOT_OPENED, when_opened)
    handlers.on(governance_acts.BALLOT_CERTIFIED, when_certified)
    handlers.on(governance_acts.SILENCE_OPENED, when_silence_opened)
    handlers.on(governance_acts.SILENCE_KEPT, when_silence_kept)


def when_opened(entry: Entry) -> None:
    """Let a ballot open only on the text that lies on the table (B2, B9, B10)."""
    question = _question_of(entry)
    if question is not None:
        openings.verify_question(question)


def when_certified(entry: Entry) -> None:
    """Carry out what a ballot decided about a text."""
    question = _question_of(entry)
    if question is not None:
        outcomes.apply_decision(ballot=question.ballot, actor=_actor_of(entry), at=entry.at)


def when_silence_opened(entry: Entry) -> None:
    """Let silence be asked for on editorial amendments that are ready, and on nothing else (B6)."""
    question = _question_of(entry)
    if question is None:
        raise refusals.NotEditorial
    tacit.require_editorial(question)
    openings.verify_question(question)


def when_silence_kept(entry: Entry) -> None:
    """Accept what nobody objected to."""
    question = _question_of(entry)
    if question is not None:
        tacit.accept(question, actor=_actor_of(entry), at=entry.at)


def _question_of(entry: Entry) -> Question | None:
    """Return the question behind the ballot of an entry; other bodies' ballots have none."""
    return Question.objects.select_related("ballot").filter(ballot__uid=entry.subject_uid).first()


def _actor_of(entry: Entry) -> Person | None:
    if entry.actor_uid is None:
        return None
    return Person.objects.get(uid=entry.actor_uid)
