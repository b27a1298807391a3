"""Everything that can happen to a body, its people, meetings, ballots and protocols.

No other package writes these tables. The order never varies: lock, authorise, decide, write,
record.
"""

from ._standing import refresh_visibility
from .approvals import InnerStanding, approve_inside_side, inner_standing, speaking_seat
from .ballots import annul_ballot, open_ballot, prepare_ballot
from .bodies import (
    add_seat,
    add_side,
    appoint,
    create_body,
    end_appointment,
    fill_seat,
    vacate_seat,
)
from .challenges import examine_validity, published_on, raise_challenge, settle_challenge
from .charter_drafts import (
    adopt_draft,
    draft_charter,
    put_charter,
    revise_charter,
    withdraw_charter,
)
from .charters import adopt_charter, charter_in_force
from .checks import keep_check
from .confirmations import put_confirmation
from .conflicts import decide_conflict, declare_conflict
from .counts import close_ballot
from .dissents import file_dissent
from .floor import (
    ask_for_the_floor,
    end_speech,
    give_the_floor,
    let_speak_earlier,
    take_up_item,
    withdraw_request,
)
from .late_items import answer_late_item, decide_to_add_item, propose_late_item
from .mandates import register_mandate, revoke_mandate
from .meetings import add_agenda_item, convene_meeting, plan_meeting, record_delivery
from .organisations import (
    affiliate,
    end_affiliation,
    register_organisation,
    rename_organisation,
)
from .paper_checks import check_paper_vote
from .papers import issue_paper, keep_signature, publish_paper
from .protocols import (
    agree_correction,
    correct_protocol,
    draft_protocol,
    last_day_to_dissent,
    publish_protocol,
    remarks_until,
    sign_protocol,
)
from .remarks import answer_remark, remark_on_protocol
from .silence import (
    end_silence,
    object_to_silence,
    open_silence,
    prove_silence_notice,
    remind_of_silence,
)
from .sittings import (
    adjourn_without_quorum,
    arrive,
    cancel_meeting,
    close_meeting,
    leave,
    open_meeting,
    sides_lacking_quorum,
)
from .votes import bar_to_voting, cast_vote, record_paper_vote

__all__ = [
    "InnerStanding",
    "add_agenda_item",
    "add_seat",
    "add_side",
    "adjourn_without_quorum",
    "adopt_charter",
    "adopt_draft",
    "affiliate",
    "agree_correction",
    "annul_ballot",
    "answer_late_item",
    "answer_remark",
    "appoint",
    "approve_inside_side",
    "arrive",
    "ask_for_the_floor",
    "bar_to_voting",
    "cancel_meeting",
    "cast_vote",
    "charter_in_force",
    "check_paper_vote",
    "close_ballot",
    "close_meeting",
    "convene_meeting",
    "correct_protocol",
    "create_body",
    "decide_conflict",
    "decide_to_add_item",
    "declare_conflict",
    "draft_charter",
    "draft_protocol",
    "end_affiliation",
    "end_appointment",
    "end_silence",
    "end_speech",
    "examine_validity",
    "file_dissent",
    "fill_seat",
    "give_the_floor",
    "inner_standing",
    "issue_paper",
    "keep_check",
    "keep_signature",
    "last_day_to_dissent",
    "leave",
    "let_speak_earlier",
    "object_to_silence",
    "open_ballot",
    "open_meeting",
    "open_silence",
    "plan_meeting",
    "prepare_ballot",
    "propose_late_item",
    "prove_silence_notice",
    "publish_paper",
    "publish_protocol",
    "published_on",
    "put_charter",
    "put_confirmation",
    "raise_challenge",
    "record_delivery",
    "record_paper_vote",
    "refresh_visibility",
    "register_mandate",
    "register_organisation",
    "remark_on_protocol",
    "remarks_until",
    "remind_of_silence",
    "rename_organisation",
    "revise_charter",
    "revoke_mandate",
    "settle_challenge",
    "sides_lacking_quorum",
    "sign_protocol",
    "speaking_seat",
    "take_up_item",
    "vacate_seat",
    "withdraw_charter",
    "withdraw_request",
]
