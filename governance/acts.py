"""The acts of governance: their types in the record, and how entries of them read.

INVARIANT: types and their facts are stored data. They are added, never renamed.
Facts name rows by uid: the codes that people give to seats and bodies are free text.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as noop

from audit.registry import register
from audit.sentences import say

ORGANISATION_REGISTERED = "governance.organisation_registered"
ORGANISATION_RENAMED = "governance.organisation_renamed"
PERSON_AFFILIATED = "governance.person_affiliated"
AFFILIATION_ENDED = "governance.affiliation_ended"

BODY_CREATED = "governance.body_created"
SIDE_ADDED = "governance.side_added"
SEAT_ADDED = "governance.seat_added"
SEAT_FILLED = "governance.seat_filled"
SEAT_VACATED = "governance.seat_vacated"
PERSON_APPOINTED = "governance.person_appointed"
APPOINTMENT_ENDED = "governance.appointment_ended"
CHARTER_ADOPTED = "governance.charter_adopted"
CHARTER_DRAFTED = "governance.charter_drafted"
CHARTER_REVISED = "governance.charter_revised"
CHARTER_WITHDRAWN = "governance.charter_withdrawn"
CHARTER_PUT = "governance.charter_put"
CHARTER_VOTED = "governance.charter_voted"

MANDATE_REGISTERED = "governance.mandate_registered"
MANDATE_REVOKED = "governance.mandate_revoked"
VOTE_CHALLENGED = "governance.vote_challenged"
CHALLENGE_SETTLED = "governance.challenge_settled"
VALIDITY_EXAMINED = "governance.validity_examined"

CONFLICT_DECLARED = "governance.conflict_declared"
CONFLICT_DECIDED = "governance.conflict_decided"

MEETING_PLANNED = "governance.meeting_planned"
AGENDA_ITEM_ADDED = "governance.agenda_item_added"
MEETING_CONVENED = "governance.meeting_convened"
NOTICE_DELIVERED = "governance.notice_delivered"
MEETING_OPENED = "governance.meeting_opened"
SEAT_ARRIVED = "governance.seat_arrived"
SEAT_LEFT = "governance.seat_left"
LATE_ITEM_PROPOSED = "governance.late_item_proposed"
LATE_ITEM_ANSWERED = "governance.late_item_answered"
LATE_ITEM_DECIDED = "governance.late_item_decided"
ITEM_TAKEN_UP = "governance.item_taken_up"
FLOOR_ASKED = "governance.floor_asked"
FLOOR_GIVEN = "governance.floor_given"
FLOOR_LEFT = "governance.floor_left"
FLOOR_WITHDRAWN = "governance.floor_withdrawn"
FLOOR_REORDERED = "governance.floor_reordered"
MEETING_CLOSED = "governance.meeting_closed"
MEETING_FAILED = "governance.meeting_failed"
MEETING_CANCELLED = "governance.meeting_cancelled"

BALLOT_PREPARED = "governance.ballot_prepared"
BALLOT_OPENED = "governance.ballot_opened"
BALLOT_NOT_HELD = "governance.ballot_not_held"
BALLOT_ANNULLED = "governance.ballot_annulled"
BALLOT_CERTIFIED = "governance.ballot_certified"
SILENCE_OPENED = "governance.silence_opened"
SILENCE_NOTICE_DELIVERED = "governance.silence_notice_delivered"
SILENCE_REMINDED = "governance.silence_reminded"
SILENCE_BROKEN = "governance.silence_broken"
SILENCE_KEPT = "governance.silence_kept"
SILENCE_FAILED = "governance.silence_failed"
SILENCE_STOPPED = "governance.silence_stopped"
INNER_APPROVAL_GIVEN = "governance.inner_approval_given"
VOTE_CAST = "governance.vote_cast"
VOTE_REJECTED = "governance.vote_rejected"
PAPER_VOTE_CHECKED = "governance.paper_vote_checked"

PROTOCOL_DRAFTED = "governance.protocol_drafted"
PROTOCOL_REMARKED = "governance.protocol_remarked"
REMARK_ANSWERED = "governance.remark_answered"
PROTOCOL_INITIALLED = "governance.protocol_initialled"
PROTOCOL_SIGNED = "governance.protocol_signed"
PROTOCOL_PUBLISHED = "governance.protocol_published"
CORRECTION_DRAWN = "governance.correction_drawn"
CORRECTION_AGREED = "governance.correction_agreed"
DISSENT_FILED = "governance.dissent_filed"

PAPER_ISSUED = "governance.paper_issued"
PAPER_SIGNATURE_KEPT = "governance.paper_signature_kept"
PAPER_PUBLISHED = "governance.paper_published"

ANNOUNCED = (
    *(MEETING_PLANNED, AGENDA_ITEM_ADDED, MEETING_CONVENED, NOTICE_DELIVERED, MEETING_OPENED),
    *(SEAT_ARRIVED, SEAT_LEFT, LATE_ITEM_PROPOSED, LATE_ITEM_ANSWERED, LATE_ITEM_DECIDED),
    *(ITEM_TAKEN_UP, FLOOR_ASKED, FLOOR_GIVEN, FLOOR_LEFT, FLOOR_WITHDRAWN, FLOOR_REORDERED),
    *(MEETING_CLOSED, MEETING_FAILED, MEETING_CANCELLED, CONFLICT_DECIDED),
    *(BALLOT_PREPARED, BALLOT_OPENED, BALLOT_NOT_HELD, BALLOT_ANNULLED, BALLOT_CERTIFIED),
    *(PROTOCOL_DRAFTED, PROTOCOL_INITIALLED, PROTOCOL_SIGNED, PROTOCOL_PUBLISHED),
)
"""What open pages of a meeting hear of at once. Votes are not among them: they come in crowds,
and commits that announce something wait for each other; see `audit.live`."""

_PERIOD = {"valid_from", "valid_to"}
_VOTE = {"ballot", "seat", "person", "choice", "text_sha256", "capacity", "mandate", "channel"}

register(ORGANISATION_REGISTERED, facts={"kind", "fictional", "valid_from"})
register(ORGANISATION_RENAMED, facts={"valid_from"})
register(PERSON_AFFILIATED, facts={"person", "organisation", *_PERIOD})
register(AFFILIATION_ENDED, facts={"person", "organisation", "valid_to"})

register(BODY_CREATED, facts={"kind"})
register(SIDE_ADDED, facts={"position"})
register(SEAT_ADDED, facts={"side", "number", "duty"})
register(SEAT_FILLED, facts={"seat", "person", *_PERIOD})
register(SEAT_VACATED, facts={"seat", "person", "valid_to"})
register(PERSON_APPOINTED, facts={"person", "role", *_PERIOD})
register(APPOINTMENT_ENDED, facts={"person", "role", "valid_to"})
register(
    CHARTER_ADOPTED,
    facts={"number", "sha256", "adopted_on", "effective_from", "proxy", "proxy_sides"},
)
register(CHARTER_DRAFTED, facts={"sha256", "based_on", "template", "effective_from"})
register(CHARTER_REVISED, facts={"sha256", "effective_from"})
register(CHARTER_WITHDRAWN, facts={"sha256"})
register(CHARTER_PUT, facts={"sha256", "ballot"})
register(
    CHARTER_VOTED,
    facts={
        *("number", "sha256", "adopted_on", "effective_from", "proxy", "proxy_sides"),
        *("draft", "ballot"),
    },
)

register(
    MANDATE_REGISTERED,
    facts={
        "seat",
        "person",
        "principal",
        "kind",
        "scope",
        "issued_on",
        "parent",
        "document_sha256",
        *_PERIOD,
    },
)
register(MANDATE_REVOKED, facts={"seat", "person", "revoked_on", "known_at", "challenged"})
register(VOTE_CHALLENGED, facts={"vote", "ballot", "reason", "material", "known_on"})
register(CHALLENGE_SETTLED, facts={"vote", "settlement", "note_sha256", "decided_in"})
register(
    VALIDITY_EXAMINED,
    facts={"ballot", "number", "occasion", "verdict", "must_redecide", "sha256"},
)

register(CONFLICT_DECLARED, facts={"person", "seat", "topics", "raised_by", "grounds_sha256"})
register(CONFLICT_DECIDED, facts={"person", "seat", "topics", "decision", "basis_sha256"})

register(MEETING_PLANNED, facts={"kind", "planned_for", "closes_at", "charter", "repeats"})
register(AGENDA_ITEM_ADDED, facts={"meeting", "number", "topics"})
register(MEETING_CONVENED, facts={"working_days", "required", "people", "items"})
register(NOTICE_DELIVERED, facts={"meeting", "person", "channel", "proof"})
register(MEETING_OPENED, facts={"present"})
register(SEAT_ARRIVED, facts={"meeting", "seat", "person"})
register(SEAT_LEFT, facts={"meeting", "seat", "person"})
register(LATE_ITEM_PROPOSED, facts={"meeting", "number", "topics"})
register(LATE_ITEM_ANSWERED, facts={"meeting", "seat", "agrees"})
register(LATE_ITEM_DECIDED, facts={"meeting", "standing"})
register(ITEM_TAKEN_UP, facts={"meeting", "item", "number"})
for _act in (FLOOR_ASKED, FLOOR_GIVEN, FLOOR_LEFT, FLOOR_WITHDRAWN, FLOOR_REORDERED):
    register(_act, facts={"meeting", "person", "seat", "place"})
register(MEETING_CLOSED, facts={"ballots"})
register(MEETING_FAILED, facts={"sides", "repeats"})
register(MEETING_CANCELLED, facts={"note_sha256"})

register(
    BALLOT_PREPARED,
    facts={
        *("meeting", "item", "topics", "text_sha256", "mode", "decision_type"),
        *("repeats", "repeat_ground", "confirms"),
    },
)
register(
    BALLOT_OPENED,
    facts={"meeting", "charter", "text_sha256", "entitled", "recused", "closes_at"},
)
register(BALLOT_NOT_HELD, facts={"meeting", "text_sha256", "reason", "sides"})
register(BALLOT_ANNULLED, facts={"meeting", "text_sha256", "reason", "note_sha256"})
register(
    BALLOT_CERTIFIED,
    facts={
        "meeting",
        "text_sha256",
        "result",
        "rule",
        "blocked_by",
        "counted",
        "superseded",
        "rejected",
        "validity",
        "outcome_sha256",
    },
)
register(
    SILENCE_OPENED,
    facts={"kind", "charter", "text_sha256", "seats", "working_days", "closes_at"},
)
register(SILENCE_NOTICE_DELIVERED, facts={"seat", "person", "channel", "proof"})
register(SILENCE_REMINDED, facts={"seats"})
register(SILENCE_BROKEN, facts={"seat", "person", "text_sha256", "reason_sha256"})
register(SILENCE_KEPT, facts={"text_sha256", "seats"})
register(SILENCE_FAILED, facts={"text_sha256", "reason", "seats"})
register(SILENCE_STOPPED, facts={"text_sha256"})
register(INNER_APPROVAL_GIVEN, facts={"side", "ballot", "seat", "person", "choice", "text_sha256"})
register(VOTE_CAST, facts={*_VOTE, "supersedes"})
register(VOTE_REJECTED, facts={*_VOTE, "reason"})
register(PAPER_VOTE_CHECKED, facts={"vote", "ballot", "seat", "finding", "note_sha256"})

register(PROTOCOL_DRAFTED, facts={"meeting", "sha256"})
register(PROTOCOL_REMARKED, facts={"protocol", "number", "seat", "text_sha256"})
register(REMARK_ANSWERED, facts={"protocol", "number", "disposition", "text_sha256"})
register(PROTOCOL_INITIALLED, facts={"meeting", "sha256", "capacity"})
register(PROTOCOL_SIGNED, facts={"meeting", "sha256", "capacity"})
register(PROTOCOL_PUBLISHED, facts={"meeting", "sha256"})
register(CORRECTION_DRAWN, facts={"protocol", "number", "ground", "text_sha256"})
register(CORRECTION_AGREED, facts={"protocol", "number"})
register(DISSENT_FILED, facts={"ballot", "seat", "text_sha256"})
register(PAPER_PUBLISHED, facts={"kind", "about", "edition", "files"})
register(PAPER_ISSUED, facts={"kind", "about", "edition", "status", "files"})
register(
    PAPER_SIGNATURE_KEPT,
    facts={
        *("kind", "about", "edition", "file_sha256", "sha256", "certificate_sha256", "standing"),
        "revocation",
    },
)

say(ORGANISATION_REGISTERED, noop("%(subject)s was registered"))
say(ORGANISATION_RENAMED, noop("the organisation %(subject)s bears a new name from %(valid_from)s"))
say(PERSON_AFFILIATED, noop("%(person)s took a position at %(organisation)s"))
say(AFFILIATION_ENDED, noop("%(person)s left a position at %(organisation)s"))
say(BODY_CREATED, noop("%(subject)s was created"))
say(SIDE_ADDED, noop("%(subject)s became a side"))
say(SEAT_ADDED, noop("Seat %(subject)s was added to %(side)s"))
say(SEAT_FILLED, noop("%(person)s holds seat %(seat)s from %(valid_from)s"))
say(SEAT_VACATED, noop("%(person)s no longer holds seat %(seat)s"))
say(PERSON_APPOINTED, noop("%(person)s was appointed: %(role)s"))
say(APPOINTMENT_ENDED, noop("%(person)s no longer serves: %(role)s"))
say(CHARTER_ADOPTED, noop("Edition %(number)s of the charter applies from %(effective_from)s"))
say(CHARTER_DRAFTED, noop("A draft of the charter was begun"))
say(CHARTER_REVISED, noop("A draft of the charter was rewritten"))
say(CHARTER_WITHDRAWN, noop("A draft of the charter was withdrawn"))
say(CHARTER_PUT, noop("A draft of the charter was put to the vote in ballot %(ballot)s"))
say(
    CHARTER_VOTED,
    noop(
        "Edition %(number)s of the charter, voted in ballot %(ballot)s, applies from "
        "%(effective_from)s"
    ),
)
say(MANDATE_REGISTERED, noop("A mandate of %(person)s for seat %(seat)s was registered"))
say(MANDATE_REVOKED, noop("A mandate of %(person)s for seat %(seat)s was revoked"))
say(VOTE_CHALLENGED, noop("A vote was challenged: %(reason)s"))
say(CHALLENGE_SETTLED, noop("A challenge was settled: %(settlement)s"))
say(VALIDITY_EXAMINED, noop("The validity of ballot %(ballot)s was examined again: %(verdict)s"))
say(CONFLICT_DECLARED, noop("A conflict of interest of %(person)s was declared"))
say(CONFLICT_DECIDED, noop("A conflict of interest of %(person)s was decided: %(decision)s"))
say(MEETING_PLANNED, noop("%(subject)s was planned for %(planned_for)s"))
say(AGENDA_ITEM_ADDED, noop("Item %(number)s was put on the agenda of %(meeting)s"))
say(MEETING_CONVENED, noop("%(subject)s was convened with %(working_days)s working days' notice"))
say(NOTICE_DELIVERED, noop("The notice of %(meeting)s reached %(person)s"))
say(MEETING_OPENED, noop("%(subject)s was opened"))
say(SEAT_ARRIVED, noop("%(person)s took seat %(seat)s"))
say(SEAT_LEFT, noop("%(person)s left seat %(seat)s"))
say(LATE_ITEM_PROPOSED, noop("An item outside the agenda was proposed"))
say(LATE_ITEM_ANSWERED, noop("Seat %(seat)s answered about an item outside the agenda"))
say(LATE_ITEM_DECIDED, noop("An item outside the agenda was decided on: %(standing)s"))
say(ITEM_TAKEN_UP, noop("Item %(number)s of %(meeting)s was taken up"))
say(FLOOR_ASKED, noop("%(person)s asked for the floor"))
say(FLOOR_GIVEN, noop("%(person)s was given the floor"))
say(FLOOR_LEFT, noop("%(person)s ended the speech"))
say(FLOOR_WITHDRAWN, noop("The request of %(person)s for the floor was withdrawn"))
say(FLOOR_REORDERED, noop("%(person)s speaks earlier: place %(place)s"))
say(MEETING_CLOSED, noop("%(subject)s was closed"))
say(MEETING_FAILED, noop("%(subject)s did not take place for want of a quorum"))
say(MEETING_CANCELLED, noop("%(subject)s was cancelled"))
say(BALLOT_PREPARED, noop("Ballot %(subject)s was prepared"))
say(BALLOT_OPENED, noop("Ballot %(subject)s was opened"))
say(BALLOT_NOT_HELD, noop("Ballot %(subject)s was not held: no quorum of %(sides)s"))
say(SILENCE_OPENED, noop("A silence procedure was opened on %(subject)s until %(closes_at)s"))
say(SILENCE_NOTICE_DELIVERED, noop("The call to object on %(subject)s reached %(person)s"))
say(SILENCE_REMINDED, noop("All were reminded that they may object on %(subject)s"))
say(SILENCE_BROKEN, noop("%(person)s objected for seat %(seat)s: %(subject)s goes to the vote"))
say(SILENCE_KEPT, noop("Nobody objected on %(subject)s: tacit consent"))
say(SILENCE_FAILED, noop("The silence procedure on %(subject)s failed: it means nothing"))
say(SILENCE_STOPPED, noop("The silence procedure on %(subject)s was stopped with its ballot"))
say(BALLOT_ANNULLED, noop("Ballot %(subject)s was annulled: %(reason)s"))
say(BALLOT_CERTIFIED, noop("Ballot %(subject)s was counted: %(result)s"))
say(INNER_APPROVAL_GIVEN, noop("Seat %(seat)s approved inside its side: %(choice)s"))
say(VOTE_CAST, noop("Seat %(seat)s voted in ballot %(ballot)s"))
say(VOTE_REJECTED, noop("A vote of seat %(seat)s in ballot %(ballot)s was rejected: %(reason)s"))
say(
    PAPER_VOTE_CHECKED,
    noop("A second person compared the paper of seat %(seat)s in ballot %(ballot)s: %(finding)s"),
)
say(PROTOCOL_DRAFTED, noop("The protocol of %(meeting)s was drawn up"))
say(PROTOCOL_REMARKED, noop("Seat %(seat)s remarked on a draft protocol, remark %(number)s"))
say(REMARK_ANSWERED, noop("Remark %(number)s on a draft protocol was answered"))
say(PROTOCOL_INITIALLED, noop("The protocol of %(meeting)s was signed: %(capacity)s"))
say(PROTOCOL_SIGNED, noop("The protocol of %(meeting)s was signed by all who must sign"))
say(PROTOCOL_PUBLISHED, noop("The protocol of %(meeting)s was published"))
say(CORRECTION_DRAWN, noop("A correction of %(protocol)s was drawn up"))
say(CORRECTION_AGREED, noop("A correction of %(protocol)s was agreed"))
say(DISSENT_FILED, noop("Seat %(seat)s filed a dissenting opinion on ballot %(ballot)s"))
say(PAPER_ISSUED, noop("Edition %(edition)s of the paper %(kind)s was issued: %(status)s"))
say(PAPER_SIGNATURE_KEPT, noop("A signature of the paper %(kind)s was kept: %(standing)s"))
say(PAPER_PUBLISHED, noop("Edition %(edition)s of the paper %(kind)s was opened to everybody"))
