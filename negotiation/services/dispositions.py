"""The one disposition of each proposal, and what falls with it.

These are steps of other acts, which hold the lock of the matter and have authorised it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from audit.domain.facts import digest
from audit.services import record
from negotiation import acts, refusals
from negotiation.models import Amendment, Clause

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from accounts.models import Person
    from governance.authority import Evidence
    from governance.models import Ballot, Meeting


class Ground(NamedTuple):
    """A ground that the rules give by themselves, as it is stored with the disposition."""

    ru: str
    en: str


FELL_WITH_PARENT = Ground(
    "Отпала вместе с поправкой, которую она изменяет.",
    "Fell with the amendment that it changes.",
)
FELL_WITH_CLAUSE = Ground(
    "Отпала: пункт исключён из текста.",
    "Fell: the clause was deleted from the text.",
)
FELL_TO_RIVAL = Ground(
    "Отпала: принята поправка, изменяющая те же слова.",
    "Fell: an amendment changing the same words was adopted.",
)
NOT_AGREED_BY_SIDES = Ground(
    "Согласие сторон не достигнуто.",
    "The sides did not reach agreement.",
)
TACIT_CONSENT = Ground(
    "Принята по умолчанию: в установленный срок никто не возразил.",
    "Accepted tacitly: nobody objected within the term.",
)
ADOPTED_BY_BALLOT = Ground(
    "Принята голосованием сторон.",
    "Adopted by a ballot of the sides.",
)


def write(
    amendment: Amendment,
    *,
    state: Amendment.State,
    disposition: Amendment.Disposition,
    decided_by: Amendment.DecidedBy,
    reason_ru: str,
    reason_en: str,
    at: datetime,
    ballot: Ballot | None = None,
    meeting: Meeting | None = None,
) -> None:
    """Write the disposition of an undecided proposal with its ground.

    Raises:
        AmendmentIsClosed: it has one already; a disposition is never overwritten (B9).
        DispositionIsMissing: no ground is given (G5).
    """
    if not amendment.is_undecided:
        raise refusals.AmendmentIsClosed(amendment=amendment, state=amendment.get_state_display())
    if not reason_ru.strip() and not reason_en.strip():
        raise refusals.DispositionIsMissing(amendments=amendment.code)
    amendment.state = state
    amendment.disposition = disposition
    amendment.decided_by = decided_by
    amendment.disposition_reason_ru = reason_ru.strip()
    amendment.disposition_reason_en = reason_en.strip()
    amendment.decided_in = ballot
    amendment.decided_at_meeting = meeting
    amendment.decided_at = at
    amendment.save()


def decide(
    amendment: Amendment,
    *,
    disposition: Amendment.Disposition,
    decided_by: Amendment.DecidedBy,
    ground: Ground,
    actor: Person | None,
    at: datetime,
    ballot: Ballot | None = None,
    meeting: Meeting | None = None,
    authority: Evidence | None = None,
) -> None:
    """Decide a proposal, record it, and let fall what hangs on it if it failed."""
    write(
        amendment,
        state=Amendment.State.DECIDED,
        disposition=disposition,
        decided_by=decided_by,
        reason_ru=ground.ru,
        reason_en=ground.en,
        at=at,
        ballot=ballot,
        meeting=meeting,
    )
    record(
        type=acts.AMENDMENT_DECIDED,
        actor=actor,
        at=at,
        stream=amendment.matter.stream,
        subject=amendment,
        authority=authority,
        facts={
            "disposition": amendment.disposition,
            "decided_by": amendment.decided_by,
            "ballot": ballot and ballot.uid,
            "meeting": meeting and meeting.uid,
            "reason_sha256": digest(
                amendment.disposition_reason_ru + amendment.disposition_reason_en
            ),
        },
    )
    if disposition in {Amendment.Disposition.REJECTED, Amendment.Disposition.ABSORBED}:
        drop_what_hangs_on(amendment, actor=actor, at=at, ballot=ballot)
    elif disposition == Amendment.Disposition.NOT_AGREED:
        drop_sub_amendments(amendment, actor=actor, at=at, ballot=ballot)


def proposed_ground(amendment: Amendment) -> Ground:
    """Return the ground that the rapporteur gave for the proposed conclusion."""
    return Ground(amendment.disposition_reason_ru, amendment.disposition_reason_en)


def drop_what_hangs_on(
    amendment: Amendment, *, actor: Person | None, at: datetime, ballot: Ballot | None = None
) -> None:
    """Let fall the sub-amendments of a failed proposal and the clause it would add."""
    drop_sub_amendments(amendment, actor=actor, at=at, ballot=ballot)
    clause = Clause.objects.filter(introduced_by=amendment).first()
    if clause is not None and not clause.is_locked:
        delete_clause(clause, amendment=amendment, actor=actor, at=at, ballot=ballot)


def drop_sub_amendments(
    amendment: Amendment, *, actor: Person | None, at: datetime, ballot: Ballot | None = None
) -> None:
    """Let fall the undecided sub-amendments of a proposal that failed."""
    absorb(
        amendment.sub_amendments.undecided().order_by("pk"),
        ground=FELL_WITH_PARENT,
        actor=actor,
        at=at,
        ballot=ballot,
    )


def delete_clause(
    clause: Clause,
    *,
    amendment: Amendment,
    actor: Person | None,
    at: datetime,
    ballot: Ballot | None,
) -> None:
    """Take a clause out of the text; amendments to it fall."""
    matter = amendment.matter
    clause.state = Clause.State.DELETED
    clause.tabled_wording = None
    clause.save(update_fields=["state", "tabled_wording"])
    record(
        type=acts.CLAUSE_DELETED,
        actor=actor,
        at=at,
        stream=matter.stream,
        subject=clause,
        facts={"ballot": ballot and ballot.uid, "amendment": amendment.uid},
    )
    others = clause.amendments.undecided().exclude(pk=amendment.pk).order_by("pk")
    absorb(others, ground=FELL_WITH_CLAUSE, actor=actor, at=at, ballot=ballot)


def absorb(
    amendments: Iterable[Amendment],
    *,
    ground: Ground,
    actor: Person | None,
    at: datetime,
    ballot: Ballot | None,
) -> None:
    """Close proposals that fell because something else was decided."""
    for amendment in amendments:
        # One may have fallen with its parent a moment ago.
        amendment.refresh_from_db(fields=["state"])
        if amendment.is_undecided:
            decide(
                amendment,
                disposition=Amendment.Disposition.ABSORBED,
                decided_by=Amendment.DecidedBy.CONSEQUENCE,
                ground=ground,
                actor=actor,
                at=at,
                ballot=ballot,
            )


def deepest_first(amendments: Iterable[Amendment]) -> list[Amendment]:
    """Return sub-amendments before what they amend (B10): it takes them along."""
    return sorted(amendments, key=lambda amendment: amendment.parent_id is None)


def mark_stale(
    amendments: Iterable[Amendment], *, because_of: Amendment, actor: Person | None, at: datetime
) -> None:
    """Ask authors to rebase: the text under their proposals has changed."""
    for amendment in amendments:
        amendment.state = Amendment.State.STALE
        amendment.save(update_fields=["state"])
        record(
            type=acts.AMENDMENT_STALE,
            actor=actor,
            at=at,
            stream=amendment.matter.stream,
            subject=amendment,
            facts={"because_of": because_of.uid},
        )


def send_to_conciliation(
    amendment: Amendment, *, ballot: Ballot, actor: Person | None, at: datetime
) -> None:
    """Keep a proposal on which no agreement was found for a conciliation meeting."""
    amendment.state = Amendment.State.TO_CONCILIATION
    amendment.save(update_fields=["state"])
    record(
        type=acts.AMENDMENT_SENT_TO_CONCILIATION,
        actor=actor,
        at=at,
        stream=amendment.matter.stream,
        subject=amendment,
        facts={"ballot": ballot.uid},
    )
