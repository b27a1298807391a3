"""The acts of the negotiation as the record knows them, and how they read.

INVARIANT: types and their facts are stored data. They are added, never renamed. Facts are
uids, closed codes, numbers and digests: whatever people type (a code, a label, a clause
number) is found through the uid.
"""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from audit.registry import register
from audit.sentences import say


def _declare(type_: str, facts: tuple[str, ...], sentence: str) -> str:
    register(type_, facts=facts)
    say(type_, sentence)
    return type_


MATTER_REGISTERED: Final = _declare(
    "negotiation.matter_registered",
    ("body", "initiator_side", "legal_basis"),
    _("The matter is registered."),
)
MATTER_OPENED: Final = _declare(
    "negotiation.matter_opened",
    ("charter_version", "initiator_side"),
    _("Negotiations are open under charter version %(charter_version)s."),
)
MATTER_WITHDRAWN: Final = _declare(
    "negotiation.matter_withdrawn", ("was",), _("The matter is withdrawn.")
)
DRAFT_ENTERED: Final = _declare(
    "negotiation.draft_entered",
    ("sections", "clauses", "sha256"),
    _("A draft of %(clauses)s clauses is entered."),
)
DRAFT_CLAUSE_ADDED: Final = _declare(
    "negotiation.draft_clause_added",
    ("clause", "kind", "origin", "wording", "sha256"),
    _("Clause %(clause)s is added to the draft."),
)
DRAFT_CLAUSE_REWRITTEN: Final = _declare(
    "negotiation.draft_clause_rewritten",
    ("clause", "wording", "sha256", "replaces"),
    _("Clause %(clause)s of the draft is rewritten."),
)
DRAFT_SECTION_ADDED: Final = _declare(
    "negotiation.draft_section_added", ("position",), _("A section is added to the draft.")
)
DRAFT_CLAUSE_REMOVED: Final = _declare(
    "negotiation.draft_clause_removed",
    ("sha256",),
    _("Clause %(subject)s is taken out of the draft."),
)
CIRCULATED: Final = _declare(
    "negotiation.circulated",
    ("revision", "round", "sha256", "comments_until", "sub_amendments_until"),
    _("Revision %(revision)s is circulated; comments are taken until %(comments_until)s."),
)
ROUND_CLOSED: Final = _declare(
    "negotiation.round_closed",
    ("round", "amendments"),
    _("The comment round is closed with %(amendments)s proposals."),
)
REVISION_ISSUED: Final = _declare(
    "negotiation.revision_issued",
    ("revision", "clauses", "sha256"),
    _("Revision %(revision)s is issued."),
)
AMENDMENT_FILED: Final = _declare(
    "negotiation.amendment_filed",
    ("kind", "clause", "side", "parent", "base_sha256", "sha256"),
    _("Amendment %(subject)s to clause %(clause)s is filed."),
)
AMENDMENT_ADMITTED: Final = _declare(
    "negotiation.amendment_admitted",
    ("clause", "sha256"),
    _("Amendment %(subject)s is admitted."),
)
AMENDMENT_NOT_ADMITTED: Final = _declare(
    "negotiation.amendment_not_admitted",
    ("clause", "ground", "reason_sha256"),
    _("Amendment %(subject)s is not admitted."),
)
AMENDMENT_SPONSORED: Final = _declare(
    "negotiation.amendment_sponsored",
    ("side",),
    _("Side %(side)s sponsors amendment %(subject)s."),
)
DISPOSITION_PROPOSED: Final = _declare(
    "negotiation.disposition_proposed",
    ("disposition", "reason_sha256"),
    _("A conclusion on amendment %(subject)s is proposed."),
)
DISPOSITION_OBJECTED: Final = _declare(
    "negotiation.disposition_objected",
    ("side",),
    _("Side %(side)s wants a vote on amendment %(subject)s."),
)
AMENDMENT_WITHDRAWN: Final = _declare(
    "negotiation.amendment_withdrawn",
    ("meeting", "reason_sha256"),
    _("Amendment %(subject)s is withdrawn."),
)
AMENDMENT_REBASED: Final = _declare(
    "negotiation.amendment_rebased",
    ("base_sha256", "sha256", "replaces"),
    _("Amendment %(subject)s is put on the new text."),
)
AMENDMENT_DECIDED: Final = _declare(
    "negotiation.amendment_decided",
    ("disposition", "decided_by", "ballot", "meeting", "reason_sha256"),
    _("Amendment %(subject)s has its disposition."),
)
AMENDMENT_SENT_TO_CONCILIATION: Final = _declare(
    "negotiation.amendment_sent_to_conciliation",
    ("ballot",),
    _("Amendment %(subject)s goes to conciliation."),
)
AMENDMENT_STALE: Final = _declare(
    "negotiation.amendment_stale",
    ("because_of",),
    _("The base text of amendment %(subject)s has changed."),
)
CLAUSE_INTRODUCED: Final = _declare(
    "negotiation.clause_introduced",
    ("amendment", "wording", "sha256"),
    _("New clause %(subject)s stands on the table."),
)
WORDING_TABLED: Final = _declare(
    "negotiation.wording_tabled",
    ("wording", "sha256", "origin", "replaces", "amendments"),
    _("A wording of clause %(subject)s is tabled."),
)
POSITION_TAKEN: Final = _declare(
    "negotiation.position_taken",
    ("side", "clause", "wording", "sha256", "stance", "reason_sha256"),
    _("Side %(side)s takes a position on clause %(clause)s."),
)
ROOM_MESSAGE_WRITTEN: Final = _declare(
    "negotiation.room_message_written",
    ("matter", "clause", "text_sha256"),
    _("A message is written in the side's room."),
)
REMARK_WRITTEN: Final = _declare(
    "negotiation.remark_written",
    ("clause", "text_sha256"),
    _("A remark is made on clause %(clause)s."),
)
SUMMARY_PREPARED: Final = _declare(
    "negotiation.summary_prepared",
    ("revision", "rows", "decided", "sha256"),
    _("The comment summary is prepared: %(rows)s rows, %(decided)s decided."),
)
SEPARATE_VOTE_DEMANDED: Final = _declare(
    "negotiation.separate_vote_demanded",
    ("side",),
    _("Side %(side)s demands a separate vote on clause %(subject)s."),
)
QUESTION_PUT: Final = _declare(
    "negotiation.question_put",
    ("ballot", "basis", "sha256", "clauses", "amendments"),
    _("A question is put for ballot %(ballot)s."),
)
CLAUSE_AGREED: Final = _declare(
    "negotiation.clause_agreed",
    ("ballot", "wording", "sha256"),
    _("Clause %(subject)s is agreed."),
)
CLAUSE_NOT_AGREED: Final = _declare(
    "negotiation.clause_not_agreed",
    ("ballot", "blocked_by"),
    _("Clause %(subject)s is not agreed."),
)
CLAUSE_DELETED: Final = _declare(
    "negotiation.clause_deleted",
    ("ballot", "amendment"),
    _("Clause %(subject)s is deleted."),
)
CLAUSE_REOPENED: Final = _declare(
    "negotiation.clause_reopened",
    ("was_agreed_in", "sha256"),
    _("Clause %(subject)s comes back to the table."),
)
MATTER_REOPENED: Final = _declare(
    "negotiation.matter_reopened",
    ("clauses", "set_aside"),
    _("The matter comes back to the table."),
)
DISAGREEMENT_RAISED: Final = _declare(
    "negotiation.disagreement_raised",
    ("clause", "ballot", "blocked_by", "proposed_by"),
    _("A disagreement on clause %(clause)s is raised."),
)
DISAGREEMENT_CONFIRMED: Final = _declare(
    "negotiation.disagreement_confirmed",
    ("clause", "ballot", "blocked_by"),
    _("The second vote on clause %(clause)s found no agreement either."),
)
DISAGREEMENT_SETTLED: Final = _declare(
    "negotiation.disagreement_settled",
    ("clause", "ballot"),
    _("The disagreement on clause %(clause)s is settled."),
)
DISAGREEMENT_STATED: Final = _declare(
    "negotiation.disagreement_stated",
    ("side", "wording_sha256", "reason_sha256"),
    _("Side %(side)s gives its reasons for the protocol of disagreements."),
)
DISAGREEMENT_RECORDED: Final = _declare(
    "negotiation.disagreement_recorded",
    ("clause", "follow_up_sha256"),
    _("The disagreement on clause %(clause)s is recorded."),
)
WORDING_RECOMMENDED: Final = _declare(
    "negotiation.wording_recommended",
    ("meeting", "clause", "wording", "sha256"),
    _("The conciliation meeting recommends a wording of clause %(clause)s."),
)
NO_AGREEMENT_NOTED: Final = _declare(
    "negotiation.no_agreement_noted",
    ("meeting", "clause"),
    _("The conciliation meeting found no agreement on clause %(clause)s."),
)
DISAGREEMENTS_DRAWN_UP: Final = _declare(
    "negotiation.disagreements_drawn_up",
    ("meeting", "disagreements", "sha256"),
    _("The protocol of disagreements is drawn up."),
)
DISAGREEMENTS_SIGNED: Final = _declare(
    "negotiation.disagreements_signed",
    ("side", "sha256"),
    _("Side %(side)s signs the protocol of disagreements."),
)
MATTER_AGREED: Final = _declare(
    "negotiation.matter_agreed",
    ("ballot", "sha256", "outcome", "clauses", "excluded"),
    _("The text is agreed as a whole."),
)
MATTER_NOT_AGREED: Final = _declare(
    "negotiation.matter_not_agreed",
    ("ballot", "blocked_by"),
    _("The text as a whole is not agreed."),
)
DECISION_APPLIED: Final = _declare(
    "negotiation.decision_applied",
    ("ballot", "basis", "result"),
    _("What ballot %(ballot)s decided takes effect."),
)
EFFECT_FOLLOWED: Final = _declare(
    "negotiation.effect_followed",
    ("state",),
    _("The matter moves on after the table: %(state)s."),
)
