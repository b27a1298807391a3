"""Judge a mandate at the instant of an act.

Authority is needed when the will is expressed, not when a ballot opens or a person signs in. The
same mandate may be good at ten o'clock and gone at eleven; what it was worth at the instant is
judged here and stored with the act.

Dates are Krasnoyarsk dates and periods are half-open: `valid_to` is the first day on which the
mandate no longer holds.

Sources: Civil Code, articles 185–189 (representation and powers of attorney), 190–192 (terms).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Literal

from calendars.domain import day_of


class Scope(StrEnum):
    """What a mandate lets its holder do."""

    VOTE = "vote"
    VOTE_IN_ABSENCE_OF_COORDINATOR = "vote_in_absence_of_coordinator"
    NEGOTIATE = "negotiate"
    SIGN = "sign"
    SUBSTITUTE = "substitute"


class MandateKind(StrEnum):
    """The document a mandate rests on."""

    ORDER = "order"
    POWER_OF_ATTORNEY = "power_of_attorney"
    MCHD = "mchd"
    DELEGATION_DECISION = "delegation_decision"
    SUBSTITUTION = "substitution"
    APPOINTMENT = "appointment"


class Standing(StrEnum):
    """What a mandate is worth for one act at one instant.

    INVARIANT: these words are stored with every act. They are added, never renamed.
    """

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED_KNOWN = "revoked_known"
    REVOKED_UNKNOWN_AT_TIME = "revoked_unknown_at_time"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_YET_VALID = "not_yet_valid"
    NOT_FOUND = "not_found"
    UNDATED = "undated"
    SUBSTITUTION_OUTSIDE_PARENT = "substitution_outside_parent"
    NOT_DELEGABLE = "not_delegable"

    @property
    def carries_the_act(self) -> bool:
        """Say whether an act done on such a mandate counts.

        An act done before anyone could know of a revocation stands (article 189), marked, until
        the principal confirms it or the body decides again.
        """
        return self in (Standing.VALID, Standing.REVOKED_UNKNOWN_AT_TIME)


@dataclass(frozen=True, slots=True)
class Mandate:
    """What a rule needs to know of a mandate. `valid_to` of `None` means no term was written.

    `revoked_on` is the first day of the revocation; `revocation_known_at` is when the body learnt
    of it.
    """

    code: str
    seat: str
    person: str
    kind: MandateKind
    issued_on: date | None
    valid_from: date
    valid_to: date | None
    scope: frozenset[Scope]
    revoked_on: date | None = None
    revocation_known_at: datetime | None = None
    parent: Mandate | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The standing of a mandate, and the mandate it is owed to.

    `mandate` is the code of the one that was found wanting: for a substitution it may be the
    parent. It is empty when there was none.
    """

    standing: Standing
    mandate: str


def last_day_without_term(issued_on: date) -> date:
    """Return the last day of a mandate that names no term: the same date a year later.

    Article 186 gives such a power of attorney one year; by articles 191 and 192 it ends on the
    corresponding date. A mandate of 29 February ends on 28 February.
    """
    try:
        return issued_on.replace(year=issued_on.year + 1)
    except ValueError:
        return issued_on.replace(year=issued_on.year + 1, day=28)


def ends_before(mandate: Mandate) -> date | None:
    """Return the first day on which the mandate no longer holds, or `None` if it never held.

    A substitution without a term lasts no longer than its parent (article 187).
    """
    if mandate.issued_on is None:
        return None
    if mandate.valid_to is not None:
        return mandate.valid_to
    own = last_day_without_term(mandate.issued_on) + timedelta(days=1)
    parents = ends_before(mandate.parent) if mandate.parent else None
    return min(own, parents) if parents else own


def changes_on(mandate: Mandate) -> set[date]:
    """Return the days on which an answer about the mandate may begin to differ from the day before.

    Between two of them `judge` gives one answer, but for the instant at which a revocation
    becomes known.
    """
    days = {
        mandate.valid_from,
        mandate.issued_on,
        mandate.valid_to,
        mandate.revoked_on,
        ends_before(mandate),
    }
    rest = changes_on(mandate.parent) if mandate.parent else set()
    return {day for day in days if day is not None} | rest


def judge(
    mandate: Mandate | None,
    *,
    accepted: Collection[Scope],
    at: datetime,
    may_be_delegated: bool,
) -> Judgement:
    """Say what the mandate is worth for an act at the instant.

    `accepted` are the powers of which one suffices: for a deputy in the coordinator's absence the
    caller accepts the power that is limited to it. `may_be_delegated` says whether another person
    may exercise the seat's power at all; an expert's may not.

    Raises:
        ValueError: the instant has no time zone.

    """
    if mandate is None:
        return Judgement(Standing.NOT_FOUND, "")
    standing = _standing(mandate, accepted, at, may_be_delegated=may_be_delegated)
    if standing.carries_the_act and mandate.parent is not None:
        # With the parent the substitution falls too (article 188), also one that was revoked when
        # nobody knew. What the parent must still be is in force and free to be handed on; what was
        # handed on is judged above.
        parent = _standing(
            mandate.parent, (Scope.SUBSTITUTE,), at, may_be_delegated=may_be_delegated
        )
        if parent is not Standing.VALID:
            return Judgement(parent, mandate.parent.code)
    return Judgement(standing, mandate.code)


def _standing(
    mandate: Mandate, accepted: Collection[Scope], at: datetime, *, may_be_delegated: bool
) -> Standing:
    today = day_of(at)
    end = ends_before(mandate)
    if mandate.issued_on is None or end is None:
        return Standing.UNDATED
    if fault := substitution_fault(mandate, may_be_delegated=may_be_delegated):
        return fault
    if today < max(mandate.valid_from, mandate.issued_on):
        return Standing.NOT_YET_VALID
    if today >= end:
        return Standing.EXPIRED
    is_revoked = mandate.revoked_on is not None and today >= mandate.revoked_on
    known_at = mandate.revocation_known_at
    if is_revoked and known_at is not None and at >= known_at:
        return Standing.REVOKED_KNOWN
    # Not knowing of a revocation saves what the paper gave, and nothing that it never did.
    if mandate.scope.isdisjoint(accepted):
        return Standing.OUT_OF_SCOPE
    return Standing.REVOKED_UNKNOWN_AT_TIME if is_revoked else Standing.VALID


def substitution_fault(mandate: Mandate, *, may_be_delegated: bool) -> Standing | None:
    """Say what is wrong with a substitution as such, or `None`.

    A substitution must lie inside its parent in seat, powers and time, and the parent must give the
    right to substitute. A power of a personal nature, and one that was itself received by
    substitution, is not handed on (article 187).
    """
    parent = mandate.parent
    if mandate.kind is not MandateKind.SUBSTITUTION and parent is None:
        return None
    if not may_be_delegated:
        return Standing.NOT_DELEGABLE
    if parent is None:
        return Standing.SUBSTITUTION_OUTSIDE_PARENT
    if parent.kind in (MandateKind.SUBSTITUTION, MandateKind.APPOINTMENT):
        return Standing.NOT_DELEGABLE
    end, parents_end = ends_before(mandate), ends_before(parent)
    is_inside = (
        mandate.seat == parent.seat
        and Scope.SUBSTITUTE in parent.scope
        and mandate.scope <= parent.scope
        and mandate.valid_from >= parent.valid_from
        and end is not None
        and parents_end is not None
        and end <= parents_end
    )
    return None if is_inside else Standing.SUBSTITUTION_OUTSIDE_PARENT


VOTING = frozenset((Scope.VOTE, Scope.VOTE_IN_ABSENCE_OF_COORDINATOR))
"""The powers that let somebody vote."""


class Bar(StrEnum):
    """Why a paper that is good in itself does not let its bearer act here.

    INVARIANT: these words are stored with every act. They are added, never renamed.
    """

    NOT_HOLDER = "not_holder"
    PROXY_FORBIDDEN = "proxy_forbidden"
    OTHER_ORGANISATION = "other_organisation"
    GIVER_NOT_HOLDER = "giver_not_holder"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What besides the paper decides whether its bearer may act for the seat at the instant.

    `holds_seat`: the bearer holds the seat on the day. `seat_is_deputy`: it is that of a
    coordinator's deputy. `proxies_allowed`: the charter that rules the act lets seats of this side
    be represented. `is_outsider`: the charter asks a proxy to belong to the organisation
    represented, and the bearer does not on the day. `giver_holds_seat`: whoever handed the power
    on holds the seat on the day.
    """

    holds_seat: bool
    seat_is_deputy: bool = False
    proxies_allowed: bool = False
    is_outsider: bool = False
    giver_holds_seat: bool = True


def capacity_of(kind: MandateKind) -> Literal["representative", "personal", "proxy"]:
    """Say in what quality the bearer of such a paper acts."""
    if kind is MandateKind.SUBSTITUTION:
        return "proxy"
    return "personal" if kind is MandateKind.APPOINTMENT else "representative"


def accepted_for(act: Scope, *, seat_is_deputy: bool) -> frozenset[Scope]:
    """Return the powers of which one suffices for an act.

    A deputy's power to vote in the coordinator's absence is accepted for a deputy's seat alone:
    the roll admits that seat only in the coordinator's absence.
    """
    if act is Scope.VOTE and seat_is_deputy:
        return frozenset((act, Scope.VOTE_IN_ABSENCE_OF_COORDINATOR))
    return frozenset((act,))


def verdict(
    mandate: Mandate, act: Scope, surroundings: Surroundings, *, at: datetime
) -> Standing | Bar:
    """Say whether the bearer of a paper may do an act for its seat at the instant, and if not why.

    This is the whole rule on mandates, and the only one: `governance.authority` asks it at every
    act, `governance.domain.authority` asks it again from the record. The paper is judged first,
    then what surrounds it: a representative must still hold the seat, and so must whoever a proxy
    stands in for – nobody acts through another where he may not act himself; a proxy must be
    admitted by the charter.
    """
    standing = judge(
        mandate,
        accepted=accepted_for(act, seat_is_deputy=surroundings.seat_is_deputy),
        at=at,
        may_be_delegated=mandate.kind is not MandateKind.APPOINTMENT,
    ).standing
    if not standing.carries_the_act:
        return standing
    return _bar(mandate.kind, surroundings) or standing


def _bar(kind: MandateKind, surroundings: Surroundings) -> Bar | None:
    if capacity_of(kind) != "proxy":
        return None if surroundings.holds_seat else Bar.NOT_HOLDER
    if not surroundings.proxies_allowed:
        return Bar.PROXY_FORBIDDEN
    if not surroundings.giver_holds_seat:
        return Bar.GIVER_NOT_HOLDER
    return Bar.OTHER_ORGANISATION if surroundings.is_outsider else None


def seats_at_once(substitution: Mandate, others: Iterable[Mandate]) -> int:
    """Count for how many further seats its bearer may vote by proxy on the busiest of its days.

    `others` are the bearer's papers, of whatever kind and seat. A seat counts once, whatever the
    number of papers for it; what lets nobody vote, or never held, does not count.
    """
    first, last = substitution.valid_from, _ceases(substitution)
    if last <= first:
        return 0
    further = [
        (paper.seat, paper.valid_from, _ceases(paper))
        for paper in others
        if paper.kind is MandateKind.SUBSTITUTION
        and paper.seat != substitution.seat
        and not paper.scope.isdisjoint(VOTING)
    ]
    # The number grows only on days on which a paper begins.
    days = {first, *(begins for _, begins, _ in further if first < begins < last)}
    return max(
        len({seat for seat, begins, ends in further if begins <= day < ends}) for day in days
    )


def _ceases(mandate: Mandate) -> date:
    """Return the first day on which a paper holds no more; its first, if it never held."""
    end = ends_before(mandate)
    if end is None:
        return mandate.valid_from
    return end if mandate.revoked_on is None else min(end, mandate.revoked_on)


_BY_USE = (
    Standing.VALID,
    Standing.REVOKED_UNKNOWN_AT_TIME,
    Standing.REVOKED_KNOWN,
    Standing.EXPIRED,
    Standing.NOT_YET_VALID,
    Standing.OUT_OF_SCOPE,
    Standing.SUBSTITUTION_OUTSIDE_PARENT,
    Standing.NOT_DELEGABLE,
    Standing.UNDATED,
    Standing.NOT_FOUND,
)


def judge_best(
    mandates: Iterable[Mandate],
    *,
    accepted: Collection[Scope],
    at: datetime,
    may_be_delegated: bool,
) -> Judgement:
    """Judge all mandates that a person has for a seat and return the most useful answer.

    That is a valid one if there is any, else the nearest reason why there is none: of an expired
    mandate and one that begins tomorrow the expired one is named. Among equals the later one
    counts, then the code, so the answer never depends on the order of rows.
    """
    judged = [
        (mandate, judge(mandate, accepted=accepted, at=at, may_be_delegated=may_be_delegated))
        for mandate in mandates
    ]
    if not judged:
        return Judgement(Standing.NOT_FOUND, "")
    return min(
        judged,
        key=lambda pair: (
            _BY_USE.index(pair[1].standing),
            -pair[0].valid_from.toordinal(),
            pair[0].code,
        ),
    )[1]
