"""How each state is shown: a tone, a symbol and a word.

The words are those of the glossary. A state that is not listed here is a mistake of the page,
and says so: a status without a word would be colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class State:
    """A tone (a class of components.css), a symbol of icons.svg and a word."""

    tone: str
    symbol: str
    word: str | _StrPromise


GOOD, BAD, WARN, LIVE, IDLE = "good", "bad", "warn", "live", "idle"

STATES: dict[str, State] = {
    # Positions and votes.
    "support": State(GOOD, "check", pgettext_lazy("state", "Supports")),
    "support_with_reservation": State(
        WARN, "plusminus", pgettext_lazy("state", "With a reservation")
    ),
    "object": State(BAD, "cross", pgettext_lazy("state", "Objects")),
    "no_position": State(IDLE, "wait", pgettext_lazy("state", "No position")),
    "for": State(GOOD, "check", pgettext_lazy("state", "For")),
    "against": State(BAD, "cross", pgettext_lazy("state", "Against")),
    "abstain": State(WARN, "minus", pgettext_lazy("state", "Abstained")),
    "silent": State(IDLE, "wait", pgettext_lazy("state", "Did not vote")),
    "absent": State(IDLE, "wait", pgettext_lazy("state", "Absent")),
    "recused": State(IDLE, "ban", pgettext_lazy("state", "Recused")),
    "counted": State(GOOD, "check", pgettext_lazy("state", "Counted")),
    "superseded": State(IDLE, "stale", pgettext_lazy("state", "Superseded")),
    "vote_rejected": State(BAD, "cross", pgettext_lazy("state", "Rejected")),
    # Clauses, texts and disagreements.
    "draft": State(IDLE, "pen", pgettext_lazy("state", "Draft")),
    "disputed": State(WARN, "unequal", pgettext_lazy("state", "Disputed")),
    "agreed": State(GOOD, "check", pgettext_lazy("state", "Agreed")),
    "not_agreed": State(BAD, "cross", pgettext_lazy("state", "Not agreed")),
    "mirrored": State(IDLE, "law", pgettext_lazy("state", "Federal norm")),
    "deleted": State(IDLE, "minus", pgettext_lazy("state", "Deleted")),
    "locked": State(GOOD, "lock", pgettext_lazy("state", "Agreed and locked")),
    "stale": State(WARN, "stale", pgettext_lazy("state", "Made for an earlier wording")),
    "translation_stale": State(WARN, "stale", pgettext_lazy("state", "Translation is out of date")),
    "raised": State(WARN, "unequal", pgettext_lazy("state", "Raised")),
    "conciliation": State(WARN, "people", pgettext_lazy("state", "In conciliation")),
    "settled": State(GOOD, "check", pgettext_lazy("state", "Settled")),
    "recorded": State(
        IDLE, "text", pgettext_lazy("state", "Recorded in a protocol of disagreements")
    ),
    # Minutes: remarks and corrections.
    "unanswered": State(WARN, "wait", pgettext_lazy("state", "Waits for an answer")),
    "correction_drawn": State(
        WARN, "wait", pgettext_lazy("state", "Waits for the coordinator's consent")
    ),
    "correction_agreed": State(GOOD, "check", pgettext_lazy("state", "In force")),
    # Questions outside the agenda.
    "late_waits": State(WARN, "wait", pgettext_lazy("state", "Waits for every seat")),
    "late_objected": State(BAD, "cross", pgettext_lazy("state", "A seat objects")),
    "late_added": State(GOOD, "check", pgettext_lazy("state", "Added to the agenda")),
    "late_not_added": State(IDLE, "minus", pgettext_lazy("state", "Not added")),
    # Amendments and their conclusions.
    "filed": State(LIVE, "text", pgettext_lazy("state", "Filed")),
    "admitted": State(LIVE, "check", pgettext_lazy("state", "Admitted")),
    "not_admitted": State(BAD, "cross", pgettext_lazy("state", "Not admitted")),
    "in_summary": State(LIVE, "text", pgettext_lazy("state", "In the summary")),
    "to_conciliation": State(
        WARN, "people", pgettext_lazy("state", "To be discussed in conciliation")
    ),
    "decided": State(IDLE, "check", pgettext_lazy("state", "Decided")),
    "withdrawn": State(IDLE, "return", pgettext_lazy("state", "Withdrawn")),
    "accepted": State(GOOD, "check", pgettext_lazy("state", "Accepted")),
    "accepted_partly": State(GOOD, "half", pgettext_lazy("state", "Accepted in part")),
    "rejected": State(BAD, "cross", pgettext_lazy("state", "Rejected")),
    "taken_note": State(IDLE, "text", pgettext_lazy("state", "Taken note of")),
    "inadmissible": State(BAD, "ban", pgettext_lazy("state", "Not accepted for consideration")),
    "absorbed": State(IDLE, "arrow", pgettext_lazy("state", "Absorbed")),
    # Matters and versions of requirements.
    "registered": State(IDLE, "text", pgettext_lazy("state", "Registered")),
    "in_circulation": State(LIVE, "people", pgettext_lazy("state", "In circulation")),
    "negotiating": State(LIVE, "people", pgettext_lazy("state", "Being negotiated")),
    "agreed_whole": State(GOOD, "check", pgettext_lazy("state", "Agreed as a whole")),
    "agreed_partly": State(GOOD, "half", pgettext_lazy("state", "Agreed in part")),
    "legal_review": State(LIVE, "law", pgettext_lazy("state", "Legal review")),
    "approved": State(GOOD, "seal", pgettext_lazy("state", "Approved")),
    "approved_with_remark": State(
        WARN, "plusminus", pgettext_lazy("state", "Approved with a remark")
    ),
    "not_approved": State(BAD, "cross", pgettext_lazy("state", "Not approved")),
    "returned": State(WARN, "return", pgettext_lazy("state", "Returned")),
    "published": State(LIVE, "text", pgettext_lazy("state", "Published")),
    "in_force": State(GOOD, "dot", pgettext_lazy("state", "In force")),
    "transition": State(WARN, "half", pgettext_lazy("state", "In transition")),
    "version_superseded": State(IDLE, "stale", pgettext_lazy("state", "No longer in force")),
    "expired": State(IDLE, "clock", pgettext_lazy("state", "Term over")),
    "not_yet": State(LIVE, "clock", pgettext_lazy("state", "Not yet in force")),
    # Conflicts of interest.
    "undecided": State(LIVE, "clock", pgettext_lazy("state", "Not decided yet")),
    # Meetings, ballots and protocols.
    "planned": State(IDLE, "calendar", pgettext_lazy("state", "Planned")),
    "convened": State(LIVE, "calendar", pgettext_lazy("state", "Convened")),
    "opened": State(LIVE, "dot", pgettext_lazy("state", "In session")),
    "adjourned": State(WARN, "clock", pgettext_lazy("state", "Adjourned")),
    "failed_no_quorum": State(BAD, "ban", pgettext_lazy("state", "Failed: no quorum")),
    "cancelled": State(IDLE, "cross", pgettext_lazy("state", "Cancelled")),
    "prepared": State(IDLE, "circle", pgettext_lazy("state", "Prepared")),
    "open": State(LIVE, "dot", pgettext_lazy("state", "Open")),
    "time_is_over": State(WARN, "clock", pgettext_lazy("state", "Time is over, not counted yet")),
    "closed": State(IDLE, "check", pgettext_lazy("state", "Closed")),
    "tacit": State(GOOD, "check", pgettext_lazy("state", "Tacit consent, no vote")),
    "silence_runs": State(LIVE, "clock", pgettext_lazy("state", "Waiting for objections")),
    "silence_broken": State(WARN, "cross", pgettext_lazy("state", "Objected to: goes to a vote")),
    "silence_failed": State(BAD, "ban", pgettext_lazy("state", "Failed: silence means nothing")),
    "silence_stopped": State(IDLE, "ban", pgettext_lazy("state", "Stopped with its ballot")),
    "certified": State(GOOD, "seal", pgettext_lazy("state", "Certified")),
    "not_held": State(IDLE, "ban", pgettext_lazy("state", "Not held")),
    "not_held_no_quorum": State(BAD, "ban", pgettext_lazy("state", "Not held: no quorum")),
    "annulled": State(BAD, "ban", pgettext_lazy("state", "Annulled")),
    "signed": State(GOOD, "seal", pgettext_lazy("state", "Signed")),
    # Whether a decision holds, and whether a mandate does.
    "valid": State(GOOD, "check", pgettext_lazy("state", "Valid")),
    "voidable": State(WARN, "warning", pgettext_lazy("state", "Voidable")),
    "void": State(BAD, "cross", pgettext_lazy("state", "Void")),
    "held": State(GOOD, "check", pgettext_lazy("state", "In order")),
    "breached": State(BAD, "cross", pgettext_lazy("state", "Breached")),
    "excused": State(GOOD, "check", pgettext_lazy("state", "Excused")),
    "cured": State(GOOD, "check", pgettext_lazy("state", "Cured by confirmation")),
    "flagged": State(WARN, "warning", pgettext_lazy("state", "To be confirmed")),
    "pending": State(IDLE, "wait", pgettext_lazy("state", "Not yet due")),
    "material": State(BAD, "cross", pgettext_lazy("state", "Could change the result")),
    "immaterial": State(WARN, "warning", pgettext_lazy("state", "Breached without effect")),
    "active": State(GOOD, "check", pgettext_lazy("state", "Active")),
    "invited": State(LIVE, "clock", pgettext_lazy("state", "Invited")),
    "blocked": State(BAD, "ban", pgettext_lazy("state", "Blocked")),
    "revoked": State(BAD, "cross", pgettext_lazy("state", "Revoked")),
    "vacant": State(WARN, "circle", pgettext_lazy("state", "Vacant")),
    # Applications.
    "returned_incomplete": State(WARN, "return", pgettext_lazy("state", "Returned as incomplete")),
    "met": State(GOOD, "check", pgettext_lazy("state", "Met")),
    "not_met": State(BAD, "cross", pgettext_lazy("state", "Not met")),
    "not_applicable": State(IDLE, "minus", pgettext_lazy("state", "Not applicable")),
    "not_assessed": State(WARN, "wait", pgettext_lazy("state", "Not assessed: not enough data")),
}


class UnknownState(KeyError):
    """A page asked for a state that has no word."""


def state(code: str) -> State:
    """Return how the state of this code is shown.

    Raises:
        UnknownState: the code has no entry here.
    """
    try:
        return STATES[code]
    except KeyError:
        raise UnknownState(code) from None
