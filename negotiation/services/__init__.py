"""Everything that can happen to a negotiated text. No other module writes these tables.

One module per aggregate; the acts are gathered here for whoever calls them by name.
"""

from negotiation.services.admission import admit_amendment, refuse_admission
from negotiation.services.amendments import (
    file_amendment,
    rebase_amendment,
    sponsor_amendment,
    withdraw_amendment,
)
from negotiation.services.circulation import circulate
from negotiation.services.clauses import introduce_clause
from negotiation.services.conciliation import close_unresolved, note_no_agreement, recommend
from negotiation.services.conclusions import object_to_disposition, propose_disposition
from negotiation.services.disagreements import (
    draw_up_protocol_of_disagreements,
    record_disagreement,
    sign_protocol_of_disagreements,
    state_reasons,
)
from negotiation.services.drafts import (
    DraftClause,
    DraftSection,
    add_draft_clause,
    add_draft_section,
    enter_draft,
    remove_draft_clause,
    rewrite_draft_clause,
)
from negotiation.services.matters import (
    follow_effect,
    open_matter,
    register_matter,
    reopen_clauses,
    withdraw_matter,
)
from negotiation.services.outcomes import apply_decision
from negotiation.services.positions import (
    add_remark,
    demand_separate_vote,
    take_position,
    write_in_room,
)
from negotiation.services.questions import put_question
from negotiation.services.rounds import close_round, prepare_summary
from negotiation.services.texts import issue_revision, table_wording
from negotiation.services.whole import Whole, put_whole

__all__ = [
    "DraftClause",
    "DraftSection",
    "Whole",
    "add_draft_clause",
    "add_draft_section",
    "add_remark",
    "admit_amendment",
    "apply_decision",
    "circulate",
    "close_round",
    "close_unresolved",
    "demand_separate_vote",
    "draw_up_protocol_of_disagreements",
    "enter_draft",
    "file_amendment",
    "follow_effect",
    "introduce_clause",
    "issue_revision",
    "note_no_agreement",
    "object_to_disposition",
    "open_matter",
    "prepare_summary",
    "propose_disposition",
    "put_question",
    "put_whole",
    "rebase_amendment",
    "recommend",
    "record_disagreement",
    "refuse_admission",
    "register_matter",
    "remove_draft_clause",
    "reopen_clauses",
    "rewrite_draft_clause",
    "sign_protocol_of_disagreements",
    "sponsor_amendment",
    "state_reasons",
    "table_wording",
    "take_position",
    "withdraw_amendment",
    "withdraw_matter",
    "write_in_room",
]
